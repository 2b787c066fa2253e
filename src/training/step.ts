/*
 * One step of learning: forward, loss, backward, step. It happens as a whole or not at all: when anything on the way
 * fails, the network, its generators and the optimizer are as they were before.
 */
import { askLayer, askLoss, requireLayer, requireLoss, requireOptimizer } from "../core/answers";
import { type AnyLayer, type Layer, type Loss, type Optimizer, Pass, zeroGradients } from "../core/core";
import { guarded, refuseInterrupted } from "../core/interrupts";
import type { Engine } from "../numbers/engine";
import { DivergenceError, describe, requireNumber, ShapeError, ValueError } from "../numbers/errors";
import type { Ids } from "../numbers/ids";
import { plain } from "../numbers/kernels/plain-engine";
import { Matrix, requireMatrix } from "../numbers/matrix";
import {
  anEngine,
  anything,
  inside,
  madeBy,
  numberIn,
  type OptionTable,
  requireOptions,
} from "../numbers/options";
import { type Columns, columnsOf, type Ragged } from "../numbers/ragged";
import { clipGradientsByNorm, clipGradientsByValue } from "../optimizers/clipping";
import type { Regularizer } from "../optimizers/regularizers";
import { moveIn } from "./residence";
import { Snapshot } from "./snapshot";

/** Bounds for the gradients; by value comes first where both are given. */
export interface Clipping {
  /** Every entry is cut to [−value, value]. */
  readonly value?: number;
  /** All gradients together are scaled to at most this length. */
  readonly norm?: number;
}

export interface StepOptions {
  readonly loss: Loss;
  readonly optimizer: Optimizer;
  /** A price on large weights: its slope is added to the gradients. */
  readonly regularizer?: Regularizer;
  readonly clip?: Clipping;
  /** What computes, such as `await simd()`; plain loops when left out. */
  readonly engine?: Engine;
}

const POSITIVE = numberIn({ from: 0, openFrom: true });
const CLIPPING: OptionTable<Clipping> = { value: POSITIVE, norm: POSITIVE };

/** All but the clipping are looked at by `checkStep`. */
export const STEP_OPTIONS: OptionTable<StepOptions> = {
  loss: anything,
  optimizer: anything,
  regularizer: anything,
  clip: anything,
  engine: anything,
};

const OPTIONS: OptionTable<StepOptions & { weights?: Matrix }> = {
  ...STEP_OPTIONS,
  weights: madeBy("a Matrix", Matrix),
};

/** What one step was like. */
export interface StepReport {
  /** The loss before the step, without the regularizer's penalty. */
  readonly loss: number;
  /** What the regularizer asked for, before the step; 0 without one. */
  readonly penalty: number;
  /** (outputs × m), before the step, m counting columns of whatever sequence; valid until the network's next step. */
  readonly prediction: Matrix;
  /** Length of all gradients together before clipping by norm; undefined without it. */
  readonly gradientNorm: number | undefined;
}

/** The last stepper of each network on each engine, for as long as somebody holds both. */
const steppers = new WeakMap<AnyLayer, WeakMap<Engine, Stepper>>();

/** What takes the step: the one that took the network's last, or one with other options and the same buffers. */
function stepperOf(owner: string, network: AnyLayer, options: StepOptions): Stepper {
  const { engine = plain } = options;
  const byEngine = steppers.get(network) ?? new WeakMap<Engine, Stepper>();
  const last = byEngine.get(engine);
  if (last?.options === options) return last;
  const stepper = new Stepper(owner, network, options, last?.pass);
  steppers.set(network, byEngine.set(engine, stepper));
  return stepper;
}

/**
 * Takes one step on one batch. The next step of this network on the same engine uses the same buffers again. With an
 * engine, what the network learns stays in the engine's memory until `engine.close()`.
 * @param inputs X, (features × m), or ids, or sequences of either, as the network takes them
 * @param targets Y, (outputs × m), or class numbers; of sequences, side by side
 * @throws ShapeError and ValueError for data that does not fit; DivergenceError when the loss or a gradient is no
 *   longer a number. Parameters, statistics, generators and optimizer are then as they were; gradients are empty.
 */
export function trainingStep<In extends Columns = Matrix, Out extends Matrix | Ragged = Matrix>(
  network: Layer<In, Out>,
  inputs: In,
  targets: Columns,
  options: StepOptions & { readonly weights?: Matrix },
): StepReport {
  const owner = "trainingStep";
  requireOptions(owner, options, OPTIONS);
  checkStep(owner, network, options);
  refuseInterrupted(owner);
  const stepper = stepperOf(owner, network, options);
  stepper.pass.restart();
  return guarded(
    () => stepper.step(inputs, columnsOf(targets), options.weights),
    () => stepper.cut(),
    true,
  );
}

/** Takes steps, all with the same buffers. The options have been checked. */
export class Stepper {
  readonly pass: Pass;
  /** What a forward pass changes: running statistics, and where generators stand. */
  private readonly before: Snapshot;

  /** True while a step has begun and no weight has moved yet. */
  private undecided = false;

  /**
   * @param owner whose steps these are, for error messages
   * @param pass buffers of earlier steps; new ones when left out
   */
  constructor(
    private readonly owner: string,
    readonly network: AnyLayer,
    readonly options: StepOptions,
    pass?: Pass,
  ) {
    this.pass = pass ?? new Pass({ training: true, inputGradient: false, engine: options.engine });
    this.before = new Snapshot(network, { parameters: false });
  }

  /**
   * One step. Matrices that `pass` gave since its `restart` stay valid during it.
   * @param weights one a target (1 × m)
   * @param measure looks at the prediction before anything is learned from it
   */
  step(
    inputs: Columns,
    targets: Matrix | Ids,
    weights?: Matrix,
    measure?: (prediction: Matrix, targets: Matrix | Ids) => void,
  ): StepReport {
    const { network, owner, pass } = this;
    const { loss, optimizer, regularizer, clip } = this.options;
    const { parameters } = network;
    this.before.save();
    moveIn(pass.engine, network);
    this.undecided = true;
    let prediction: Matrix | undefined;
    try {
      zeroGradients(parameters, pass.engine);
      const [answer, backward] = askLayer<Columns, Matrix | Ragged>(network, inputs, pass);
      const output = columnsOf(answer);
      prediction = output;
      const [value, dPrediction] = askLoss(owner, loss, output, targets, { pass, weights });
      const penalty = regularizer?.penalty(parameters) ?? 0;
      if (!Number.isFinite(value + penalty)) {
        throw new DivergenceError(`the loss became ${value + penalty}.`);
      }
      measure?.(output, targets);
      backward(dPrediction);
      regularizer?.addGradient(parameters);
      if (clip?.value !== undefined) clipGradientsByValue(parameters, clip.value);
      const gradientNorm = clip?.norm === undefined ? undefined : clipGradientsByNorm(parameters, clip.norm);
      this.undecided = false;
      optimizer.step(parameters, pass.engine);
      return { loss: value, penalty, prediction: output, gradientNorm };
    } catch (error) {
      const reason = this.whyDiverged(error, prediction);
      this.undecided = true; // an optimizer that throws has moved nothing
      this.cut();
      throw reason === undefined ? error : diverged(owner, reason, optimizer);
    }
  }

  /**
   * Undoes what can be undone of a step that ended in the middle. Once the optimizer has begun, that is nothing: if the
   * kernel kills it just then, some weights have moved and some have not.
   */
  cut(): void {
    if (this.undecided) this.before.restore();
    this.undecided = false;
    zeroGradients(this.network.parameters, this.pass.engine);
  }

  /** Errors that come from numbers which grew too large have one cause, whoever notices first. */
  private whyDiverged(error: unknown, prediction: Matrix | undefined): string | undefined {
    if (error instanceof DivergenceError) return error.message.replace(/\.( .*)?$/s, "");
    if (!(error instanceof ValueError)) return undefined;
    const bad = prediction?.data.find((entry) => !Number.isFinite(entry));
    if (bad !== undefined) return `the prediction became ${bad}`;
    for (const { name, gradient } of this.network.parameters) {
      const slope = gradient.data.find((entry) => !Number.isFinite(entry * entry));
      if (slope !== undefined) return `the gradient of ${name} became ${slope}`;
    }
    return undefined;
  }
}

/** What is thrown when training runs away. */
export function diverged(owner: string, what: string, optimizer: Optimizer): DivergenceError {
  return new DivergenceError(
    `${owner}: ${what}. The weights of the step before are kept. ` +
      `The usual cause is a learning rate that is too high; it is ${optimizer.learningRate}. Try a tenth of it.`,
  );
}

/** Checks all that a step needs besides its data. */
export function checkStep(owner: string, network: unknown, options: StepOptions | undefined): void {
  requireLayer(owner, "a network", network);
  if (typeof options !== "object" || options === null) {
    throw new ValueError(
      `${owner}: expected options with a loss and an optimizer, got ${describe(options)}.`,
    );
  }
  const { loss, optimizer, regularizer, clip, engine = plain } = options;
  requireLoss(owner, loss);
  requireOptimizer(owner, optimizer);
  if (regularizer !== undefined && typeof regularizer?.addGradient !== "function") {
    throw new ValueError(`${owner}: expected a regularizer such as l2(0.01), got ${describe(regularizer)}.`);
  }
  anEngine(owner, "engine", engine);
  if (clip !== undefined) inside(CLIPPING)(owner, "clip", clip);
}

/** Throws unless `weights`, where given, is one number an example. */
export function checkWeights(owner: string, weights: unknown, examples: number): void {
  if (weights === undefined) return;
  requireMatrix(owner, weights, "the sample weights as a Matrix");
  if (weights.rows !== 1 || weights.columns !== examples) {
    throw new ShapeError(
      `${owner}: expected sample weights of 1 × ${examples}, one an example, got ${weights.shape}.`,
    );
  }
  for (const weight of weights.data) {
    requireNumber(owner, "each sample weight", weight, { from: 0 });
  }
  if (weights.data.some((weight) => weight > 0)) return;
  throw new ValueError(`${owner}: expected at least one sample weight above 0, got ${examples} that are 0.`);
}
