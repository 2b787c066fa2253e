/*
 * The loop: forward, loss, backward, step; once a mini-batch, and all batches once an epoch.
 *
 * `training` is a generator, one turn an epoch, so that whoever drives it may draw a picture between two epochs,
 * stop, or go on later. `fit` simply runs it to the end.
 */
import type { Layer } from "../core/core";
import { guarded } from "../core/interrupts";
import type { Metric } from "../inspect/metrics";
import { describe, requireWhole, ShapeError, StateError, ValueError } from "../numbers/errors";
import { type Matrix, requireFinite, requireMatrix } from "../numbers/matrix";
import { aFunction, anObject, anything, type OptionTable, oneOf, requireOptions } from "../numbers/options";
import { Random } from "../numbers/random";
import type { Schedule } from "../optimizers/schedules";
import { EarlyStopping, type EarlyStoppingOptions } from "./early-stopping";
import { Run } from "./run";
import { checkStep, checkWeights, STEP_OPTIONS, type StepOptions } from "./step";

/** Inputs and targets that are only looked at, never learned from. */
export interface ValidationData {
  readonly inputs: Matrix;
  readonly targets: Matrix;
}

export interface FitOptions extends StepOptions {
  /** X, (features × m) */
  readonly inputs: Matrix;
  /** Y, (outputs × m) */
  readonly targets: Matrix;
  /** How much each example counts (1 × m), 0 or more; the loss stays a mean over m. */
  readonly sampleWeights?: Matrix;
  /** How often to go through all examples. */
  readonly epochs: number;
  /** Examples a step; all of them when left out ("full batch"). The last batch of an epoch may be smaller. */
  readonly batchSize?: number;
  /** Shuffles the examples before each epoch. Without it they keep their order. */
  readonly random?: Random;
  readonly validation?: ValidationData;
  /** Numbers for people, by name: `{ accuracy: binaryAccuracy }`. */
  readonly metrics?: Readonly<Record<string, Metric>>;
  /** Sets the optimizer's learning rate as training goes; the optimizer has its own rate back at the end. */
  readonly schedule?: Schedule;
  /** What the schedule counts: epochs when left out, or optimizer steps. Both from 0. */
  readonly scheduleEvery?: "epoch" | "step";
  /** Stops when nothing improves any more, and keeps the best weights. */
  readonly earlyStopping?: EarlyStoppingOptions;
  /** Called after each epoch, before its report is yielded; return false to stop. */
  readonly onEpoch?: (epoch: EpochReport) => unknown;
  /** Stops between two batches when aborted; what was learned so far stays. An AbortSignal fits. */
  readonly signal?: { readonly aborted: boolean };
}

/**
 * What one epoch was like. Loss and metrics are those of the forward passes, before each batch's update; the
 * validation's are those of the weights after the epoch.
 */
export interface EpochReport {
  /** 1 for the first. */
  readonly epoch: number;
  /** Mean loss over the examples of this epoch, without the regularizer's penalty. */
  readonly loss: number;
  /** Each is computed once, on all predictions of the epoch together. */
  readonly metrics: Readonly<Record<string, number>>;
  /** The optimizer's rate in the last step. */
  readonly learningRate: number;
  /** Mean penalty of the regularizer, where there is one. */
  readonly penalty?: number;
  /** The longest gradient of the epoch, before it was clipped; only when clipping by norm. */
  readonly gradientNorm?: number;
  readonly validationLoss?: number;
  readonly validationMetrics?: Readonly<Record<string, number>>;
}

/** Why training ended: all epochs done, nothing improved any more, `onEpoch` said so, or the signal did. */
export type StopReason = "finished" | "early" | "callback" | "aborted";

/** The whole story of a training run, an entry an epoch. */
export interface History {
  readonly epochs: readonly EpochReport[];
  readonly loss: readonly number[];
  readonly validationLoss: readonly number[];
  readonly stopped: StopReason;
  /** The epoch whose weights were best, 1 for the first; only with early stopping. */
  readonly bestEpoch?: number;
}

/** How a run of `training` ended. */
export interface Ending {
  readonly stopped: StopReason;
  readonly bestEpoch?: number;
}

/**
 * Trains a network to the end and returns the history. When the kernel of a notebook interrupts it, the optimizer has its
 * own rate and (with early stopping) the network its best weights back, as when it is left in any other way.
 * @throws ShapeError and ValueError before the first step, for data that does not fit or is not finite
 * @throws DivergenceError when the loss stops being a number; network and optimizer are then as they were before
 *   the step that failed
 */
export function fit(network: Layer, options: FitOptions): History {
  const run = new Run("fit", network, options, checked("fit", network, options));
  const epochs: EpochReport[] = [];
  const finish = (): Ending => {
    const turns = run.turns();
    let turn = turns.next();
    for (; !turn.done; turn = turns.next()) epochs.push(turn.value);
    return turn.value;
  };
  const ending = guarded(finish, run.cut);
  return {
    epochs,
    loss: epochs.map(({ loss }) => loss),
    validationLoss: epochs.flatMap(({ validationLoss }) =>
      validationLoss === undefined ? [] : [validationLoss],
    ),
    ...ending,
  };
}

/**
 * The training loop as a generator: runs one epoch at each `next()`, and yields its report. Leave it with `break`
 * or `return()`, and the optimizer has its own rate and (with early stopping) the network its best weights back.
 *
 * So it is, too, when the kernel of a notebook interrupts the cell; the run is then over, and what an awaiting cell has
 * left of it ends with InterruptedError at its next turn. (A plain tslab kernel tells nobody of the interrupt: there a
 * cell that awaits trains on in the background unless it asks `signal`, and a cell that is stopped between two turns
 * leaves the latest weights instead of the best.)
 * @throws as `fit` does: for bad options at once, not at the first `next()`
 */
export function training(network: Layer, options: FitOptions): Generator<EpochReport, Ending, void> {
  const stopping = checked("training", network, options);
  return begin(() => new Run("training", network, options, stopping));
}

/** Begins at the first `next()`. */
function* begin(make: () => Run): Generator<EpochReport, Ending, void> {
  return yield* make().turns();
}

const OPTIONS: OptionTable<FitOptions & { features: unknown; classes: unknown }> = {
  ...STEP_OPTIONS,
  inputs: anything,
  targets: anything,
  sampleWeights: anything,
  epochs: anything,
  batchSize: anything,
  random: anything,
  validation: anObject("an object with inputs and targets"),
  metrics: anObject("an object such as { accuracy: binaryAccuracy }"),
  schedule: aFunction("a schedule such as cosineDecay(0.1, …)"),
  scheduleEvery: oneOf("epoch", "step"),
  earlyStopping: anything,
  onEpoch: aFunction("a function"),
  signal: anObject("an AbortSignal, or an object with aborted"),
  // what else a data set says about itself, so that it can be spread into the options
  features: anything,
  classes: anything,
};

/** Checks all that training needs, before anything is touched. */
function checked(owner: string, network: Layer, options: FitOptions): EarlyStopping | undefined {
  checkStep(owner, network, options);
  requireOptions(owner, options, OPTIONS);
  const { inputs, targets, sampleWeights, random, validation, epochs, batchSize } = options;
  checkData(owner, inputs, targets);
  checkWeights(owner, sampleWeights, inputs.columns);
  if (validation !== undefined) {
    checkData(`${owner}, validation`, validation.inputs, validation.targets);
    checkRows(owner, "inputs", inputs, validation.inputs);
    checkRows(owner, "targets", targets, validation.targets);
  }
  requireWhole(owner, "epochs", epochs);
  if (batchSize !== undefined) requireWhole(owner, "batchSize", batchSize);
  if (random !== undefined && !(random instanceof Random)) {
    throw new ValueError(`${owner}: expected random to be a Random, got ${describe(random)}.`);
  }
  for (const [name, metric] of Object.entries(options.metrics ?? {})) {
    aFunction("a function such as binaryAccuracy")(owner, `metric "${name}"`, metric);
  }
  if (network.parameters.length === 0) {
    throw new StateError(
      `${owner}: the network "${network.name}" has nothing to learn; it has no parameters.`,
    );
  }
  for (const { name, value } of network.parameters) requireFinite(owner, name, value);
  return options.earlyStopping === undefined ? undefined : new EarlyStopping(network, options.earlyStopping);
}

function checkRows(owner: string, what: string, expected: Matrix, actual: Matrix): void {
  if (expected.rows === actual.rows) return;
  throw new ShapeError(
    `${owner}, validation: expected ${what} with ${expected.rows} rows, as for training, got ${actual.shape}.`,
  );
}

/** Throws unless there is at least one example, a target for each, and no NaN or ∞. */
export function checkData(owner: string, inputs: unknown, targets: unknown): void {
  requireMatrix(owner, inputs, "the inputs as a Matrix");
  requireMatrix(owner, targets, "the targets as a Matrix");
  if (inputs.columns === 0)
    throw new ShapeError(`${owner}: expected at least one example, got ${inputs.shape}.`);
  if (inputs.columns !== targets.columns) {
    throw new ShapeError(
      `${owner}: expected one target a column of the inputs; the inputs are ${inputs.shape}, the targets ${targets.shape}.`,
    );
  }
  requireFinite(owner, "the inputs", inputs);
  requireFinite(owner, "the targets", targets);
}
