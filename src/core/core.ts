/*
 * The contract that everything rests on. A layer's forward pass returns its output and a function: the backward
 * pass. That closure remembers what it needs from the way forward, so it is the cache; a layer can be used twice
 * in one network, and nothing can read a stale value: a way back whose buffers have been handed out again throws (see
 * `Pass.wayBack`). (The idea is thinc's.)
 *
 * A training step then reads as the chain rule:
 *
 *   const [prediction, backward] = network.forward(X, pass);
 *   const [value, dPrediction] = loss(prediction, Y);
 *   backward(dPrediction);
 *   optimizer.step(network.parameters);
 */

import type { Engine } from "../numbers/engine";
import { describe, requireText, ValueError } from "../numbers/errors";
import type { Ids } from "../numbers/ids";
import { plain } from "../numbers/kernels/plain-engine";
import { Matrix, requireMatrix } from "../numbers/matrix";
import { flag, requireOptions } from "../numbers/options";
import type { Ragged } from "../numbers/ragged";
import type { Random } from "../numbers/random";
import type { Pass } from "./pass";

export { Pass, type PassOptions } from "./pass";

/** Numbers that are learned, and the slope of the loss along each of them. Both have one shape. */
export interface Parameter {
  readonly name: string;
  readonly value: Matrix;
  /** dL/dvalue. Backward passes ADD into it; `zeroGradients` empties it. */
  readonly gradient: Matrix;
  /** False for biases, scales and shifts, which regularisation and weight decay leave alone. Left out: true. */
  readonly decays?: boolean;
}

/** Numbers that a layer remembers without learning them by gradient, such as a running mean. */
export interface Statistic {
  readonly name: string;
  readonly value: Matrix;
}

/**
 * The slope of the loss along a value: a matrix of its shape, for sequences one of all their columns; and nothing for
 * `Ids`, which have no slope.
 */
export type SlopeOf<Value> =
  Value extends Ragged<infer Tokens> ? SlopeOf<Tokens> : Value extends Ids ? undefined : Value;

/**
 * The way back through a layer: takes dL/dOutput, adds dL/dParameter into each parameter's gradient, returns
 * dL/dInput. It never writes into its argument.
 */
export type Backward<In = Matrix, Out = Matrix> = (dOutput: SlopeOf<Out>) => SlopeOf<In>;

/** Anything with a way forward and a way back: from a matrix to a matrix, unless it says otherwise. */
export interface Layer<In = Matrix, Out = Matrix> {
  /** Used in error messages and in parameter names: `hidden`, `hidden.weights`. */
  readonly name: string;
  readonly parameters: readonly Parameter[];
  /** What else belongs to the trained layer: to be copied, saved and restored together with the parameters. */
  readonly statistics?: readonly Statistic[];
  /** The generators that its forward pass draws from while learning, so that a failed step can put them back. */
  readonly generators?: readonly Random[];
  /**
   * True for a layer that looks from one token to another: it is given sequences with their boundaries, as `Ragged`. Any
   * other layer looks at each column by itself, so it is given the columns alone, and its output has their boundaries.
   */
  readonly takesSequences?: boolean;
  /**
   * Asks before anything happens: how many rows come out when `rows` go in? `Sequential` asks all its layers at
   * the door, so that no generator has drawn and no average has moved when a later layer refuses.
   * @param rows of the input; undefined when not known yet
   * @param examples how many columns the input has, for the message
   * @returns undefined when it cannot be said yet
   * @throws ShapeError when that many rows do not fit
   */
  outputRows?(rows: number | undefined, examples?: number): number | undefined;
  /**
   * @param input (features × examples), or token ids; not modified
   * @param pass the buffers and the mode of this step; a fresh inference pass when left out
   * @returns the output, and the way back
   * @throws ShapeError when the input does not have the expected number of rows
   */
  forward(input: In, pass?: Pass): readonly [output: Out, backward: (dOutput: SlopeOf<Out>) => SlopeOf<In>];
  /**
   * The layer and a ReLU behind it in one, as `Sequential` asks for while learning: the ReLU is applied as the output is
   * stored, which saves a walk over all its numbers. The same numbers as apart.
   */
  forwardWithRelu?(input: Matrix, pass: Pass): readonly [output: Matrix, backward: Backward];
  /**
   * What a layer that looks back knows of one sequence before its first token: an empty cache, a state of zeros. It is
   * the caller's, who may copy it or begin anew; the layer itself remembers nothing. Left out by layers that do not look
   * from one token to another.
   */
  start?(): unknown;
  /**
   * The next tokens of one sequence, in inference: what `forward` gives for them at the end of the whole sequence.
   * @param input the next token, or several in their order: columns or ids
   * @param state what `start` gave; it is moved on in place
   * @returns (outputs × new tokens), valid until the pass is restarted
   */
  next?(input: SequenceOf<In>, state: unknown, pass?: Pass): Matrix;
}

/** One sequence of what a layer takes: its columns or ids. */
export type SequenceOf<In> = In extends Ragged<infer Tokens> ? Tokens : In;

/** A layer of whatever kind, where only its name, its parameters and the like are asked for. */
// biome-ignore lint/suspicious/noExplicitAny: no other type takes every kind of layer
export type AnyLayer = Layer<any, any>;

/** What a loss may be told beyond prediction and target. */
export interface LossOptions {
  /**
   * One weight a column (1 × m), 0 or more, not all 0: how much each counts. The loss is the weighted mean, Σ wⱼ·lⱼ/Σ wⱼ;
   * so a weight of 0 takes a column out, and the mean of the others is not diluted.
   */
  readonly weights?: Matrix;
  /** Where dPrediction's buffer comes from. */
  readonly pass?: Pass;
}

/**
 * How wrong a prediction is, and the slope of that number along each entry of the prediction. Every loss is a
 * mean, so its slope carries the 1/m. The target is a matrix of the prediction's shape; losses that choose among classes
 * take class numbers as well, as `Ids`.
 */
export type Loss<Target = Matrix> = (
  prediction: Matrix,
  target: Target,
  options?: LossOptions,
) => readonly [loss: number, dPrediction: Matrix];

/** A number to read beside the loss. Nothing is learned from it, so it needs no slope. */
export type Metric = (prediction: Matrix, target: Matrix) => number;

/** Turns gradients into better weights, one step at a time. It keeps its own state for each parameter. */
export interface Optimizer {
  /** The step size; a schedule may change it between steps. */
  learningRate: number;
  /**
   * Changes each parameter's value once, by its gradient. A parameter listed twice is stepped once.
   * @param engine what computes, where the optimizer leaves it to an engine; plain loops when left out
   * @throws ValueError for NaN or ∞ in a gradient or in the rate; nothing has been changed then
   */
  step(parameters: readonly Parameter[], engine?: Engine): void;
  /** The very matrices that it keeps beside a parameter in the engine's memory, so that they can be brought home. */
  memoryOf?(parameter: Parameter): readonly Matrix[];
  /** Copies of what it keeps beside a parameter, by name, such as Adam's `m` and `v`: to be looked at. */
  stateOf?(parameter: Parameter): Readonly<Record<string, Matrix>>;
  /** Forgets everything, as if it had just been made. */
  reset?(): void;
}

/** A parameter of the given value, with an empty gradient beside it. */
export function parameter(name: string, value: Matrix, options: { decays?: boolean } = {}): Parameter {
  const owner = `parameter ${requireText("parameter", "the name", name)}`;
  requireMatrix(owner, value, "its value as a Matrix");
  requireOptions<{ decays?: boolean }>(owner, options, { decays: flag });
  const { decays = true } = options;
  return { name, value, gradient: new Matrix(value.rows, value.columns), decays };
}

/** What a backward pass returns when nobody asked for the input's gradient (see `Pass.inputGradient`). */
export const NOTHING: Matrix = new Matrix(0, 0);

/** Empties every gradient, as each training step begins. @param engine where they live; plain loops when left out */
export function zeroGradients(parameters: readonly Parameter[], engine: Engine = plain): void {
  if (!Array.isArray(parameters)) throw noParameters("zeroGradients", parameters);
  for (const parameter of parameters) {
    const gradient: unknown = parameter?.gradient;
    requireMatrix("zeroGradients", gradient, "each parameter's gradient as a Matrix");
    engine.zero(gradient);
  }
}

/** How many numbers a network learns. A shared parameter counts once. */
export function countParameters(network: { readonly parameters: readonly Parameter[] }): number {
  if (!Array.isArray(network?.parameters)) throw noParameters("countParameters", network?.parameters);
  return [...new Set(network.parameters)].reduce((total, { value }) => total + value.size, 0);
}

function noParameters(owner: string, value: unknown): ValueError {
  return new ValueError(
    `${owner}: expected an array of parameters, such as network.parameters, got ${describe(value)}.`,
  );
}
