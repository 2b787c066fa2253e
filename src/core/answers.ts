/*
 * What functions of the reader's own must return. A loss, a layer or a metric may be written in a notebook cell, and the
 * commonest slip there is a missing half of the answer: the loss without its slope, the output without the way back. It is
 * told at once and by name, not three calls later as "undefined is not iterable".
 */

import { describe, ShapeError, StateError, ValueError } from "../numbers/errors";
import type { Ids } from "../numbers/ids";
import { Matrix } from "../numbers/matrix";
import { Ragged } from "../numbers/ragged";
import type { AnyLayer, Backward, Layer, Loss, LossOptions, Optimizer, Pass } from "./core";

/** Calls a loss, and throws ValueError or ShapeError unless it returns a number and a slope of the prediction's shape. */
export function askLoss(
  owner: string,
  loss: Loss,
  prediction: Matrix,
  target: Matrix | Ids,
  options?: LossOptions,
): readonly [loss: number, dPrediction: Matrix] {
  const answer: unknown = loss(prediction, target as Matrix, options); // it says itself when it takes no class numbers
  if (!Array.isArray(answer) || typeof answer[0] !== "number" || !(answer[1] instanceof Matrix)) {
    throw new ValueError(
      `${owner}: expected the loss "${loss.name}" to return [loss, dPrediction], a number and a Matrix, ` +
        `got ${describeAnswer(answer)}.`,
    );
  }
  const [value, slope] = answer as [number, Matrix];
  if (slope.rows !== prediction.rows || slope.columns !== prediction.columns) {
    throw new ShapeError(
      `${owner}: expected the loss "${loss.name}" to return a slope of ${prediction.shape}, as its prediction, ` +
        `got ${slope.shape}.`,
    );
  }
  return [value, slope];
}

/**
 * Runs a layer, and throws ValueError unless it returns its output and the way back. Sequences go into a layer that takes
 * them as they are; into any other go their columns alone, and what comes out has the boundaries of what went in.
 */
export function askLayer<In, Out>(
  layer: Layer<In, Out>,
  input: In,
  pass?: Pass,
): readonly [output: Out, backward: Backward<In, Out>] {
  const apart = input instanceof Ragged && layer.takesSequences !== true;
  const answer: unknown = layer.forward(apart ? (input.columns as In) : input, pass);
  if (!Array.isArray(answer) || !isOutput(answer[0]) || typeof answer[1] !== "function") {
    throw new ValueError(
      `Layer "${String(layer.name)}": expected its forward pass to return [output, backward], a Matrix and a function, ` +
        `got ${describeAnswer(answer)}.`,
    );
  }
  if (apart && answer[0] instanceof Matrix) return [input.with(answer[0]) as Out, answer[1]];
  return answer as [Out, Backward<In, Out>];
}

function isOutput(value: unknown): boolean {
  return value instanceof Matrix || (value instanceof Ragged && value.columns instanceof Matrix);
}

/** What a layer knows before the first token; nothing for layers that look at each token by itself. */
export function startLayer(layer: AnyLayer): unknown {
  if (layer.takesSequences === true && (layer.start === undefined || layer.next === undefined)) {
    throw new StateError(
      `Layer "${String(layer.name)}": expected a layer that can go on from a state, with start and next, to generate with.`,
    );
  }
  return layer.start?.();
}

/** What a layer makes of the next tokens of a sequence. Layers that look at each token by itself need no state. */
export function nextOf(layer: AnyLayer, input: Matrix | Ids, state: unknown, pass: Pass): Matrix {
  if (layer.next === undefined || layer.start === undefined) return askLayer(layer, input, pass)[0];
  const answer: unknown = layer.next(input, state, pass);
  if (answer instanceof Matrix) return answer;
  throw new ValueError(
    `Layer "${String(layer.name)}": expected next to return a Matrix, got ${describe(answer)}.`,
  );
}

/** Asks a metric, and throws ValueError when the answer is not a number. */
export function askMetric(
  owner: string,
  name: string,
  metric: (prediction: Matrix, target: Matrix) => number,
  prediction: Matrix,
  target: Matrix | Ids,
): number {
  const answer: unknown = metric(prediction, target as Matrix);
  if (typeof answer === "number" && !Number.isNaN(answer)) return answer;
  throw new ValueError(
    `${owner}: expected the metric "${name}" to return a number, got ${describe(answer)}.`,
  );
}

function describeAnswer(answer: unknown): string {
  return Array.isArray(answer) ? `[${answer.slice(0, 3).map(describe).join(", ")}]` : describe(answer);
}

/** Throws unless `value` can be called as a loss. */
export function requireLoss(owner: string, value: unknown): asserts value is Loss {
  if (typeof value === "function") return;
  throw new ValueError(`${owner}: expected a loss function, got ${describe(value)}.`);
}

/** Throws unless `value` has the member that makes an optimizer. */
export function requireOptimizer(owner: string, value: unknown): asserts value is Optimizer {
  if (typeof (value as Partial<Optimizer> | null | undefined)?.step === "function") return;
  throw new ValueError(`${owner}: expected an optimizer, got ${describe(value)}.`);
}

/** Throws unless `value` has the two members that make a layer. */
export function requireLayer(owner: string, what: string, value: unknown): asserts value is AnyLayer {
  const layer = value as Partial<AnyLayer> | null | undefined;
  if (typeof layer?.forward === "function" && Array.isArray(layer.parameters)) return;
  throw new ValueError(
    `${owner}: expected ${what}, got ${describe(value)}. ` +
      "An activation function becomes a layer as new Activation(relu).",
  );
}
