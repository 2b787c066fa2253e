/*
 * The loop: forward, loss, backward, step; once a mini-batch, and all batches once an epoch.
 *
 * `training` is a generator, one turn an epoch, so that whoever drives it may draw a picture between two epochs,
 * stop, or go on later. `fit` simply runs it to the end.
 */
import { askLayer, askLoss, askMetric } from "../core/answers";
import { type Layer, Pass } from "../core/core";
import type { Metric } from "../inspect/metrics";
import { describe, requireWhole, ShapeError, StateError, ValueError } from "../numbers/errors";
import { plain } from "../numbers/kernels/plain-engine";
import { type Matrix, requireFinite, requireMatrix } from "../numbers/matrix";
import { Random } from "../numbers/random";
import type { Schedule } from "../optimizers/schedules";
import { Batches } from "./batches";
import { EarlyStopping, type EarlyStoppingOptions } from "./early-stopping";
import { moveHome } from "./residence";
import { checkStep, checkWeights, diverged, type StepOptions, Stepper, type StepReport } from "./step";

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
 * What one epoch was like. Loss and metrics are those of the forward passes, before each batch's update, averaged
 * over the examples; the validation's are those of the weights after the epoch.
 */
export interface EpochReport {
  /** 1 for the first. */
  readonly epoch: number;
  /** Mean loss over the examples of this epoch, without the regularizer's penalty. */
  readonly loss: number;
  /** With mini-batches each is a mean over batches: exact for accuracies, a rough guide for F1 or AUC. */
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
 * Trains a network to the end and returns the history.
 * @throws ShapeError and ValueError before the first step, for data that does not fit or is not finite
 * @throws DivergenceError when the loss stops being a number; network and optimizer are then as they were before
 *   the step that failed
 */
export function fit(network: Layer, options: FitOptions): History {
  const epochs: EpochReport[] = [];
  const run = training(network, options);
  let turn = run.next();
  for (; !turn.done; turn = run.next()) epochs.push(turn.value);
  return {
    epochs,
    loss: epochs.map(({ loss }) => loss),
    validationLoss: epochs.flatMap(({ validationLoss }) =>
      validationLoss === undefined ? [] : [validationLoss],
    ),
    ...turn.value,
  };
}

/**
 * The training loop as a generator: runs one epoch at each `next()`, and yields its report. Leave it with `break`
 * or `return()`, and the optimizer has its own rate and (with early stopping) the network its best weights back.
 * @throws as `fit` does: for bad options at once, not at the first `next()`
 */
export function training(network: Layer, options: FitOptions): Generator<EpochReport, Ending, void> {
  checkStep("fit", network, options);
  const { inputs, targets, sampleWeights, random, validation, schedule, epochs, batchSize } = options;
  checkData("fit", inputs, targets);
  checkWeights("fit", sampleWeights, inputs.columns);
  if (validation !== undefined) {
    checkData("fit, validation", validation?.inputs, validation?.targets);
    checkRows("inputs", inputs, validation.inputs);
    checkRows("targets", targets, validation.targets);
  }
  requireWhole("fit", "epochs", epochs);
  if (batchSize !== undefined) requireWhole("fit", "batchSize", batchSize);
  if (random !== undefined && !(random instanceof Random)) {
    throw new ValueError(`fit: expected random to be a Random, got ${describe(random)}.`);
  }
  if (schedule !== undefined && typeof schedule !== "function") {
    throw new ValueError(`fit: expected a schedule such as cosineDecay(0.1, …), got ${describe(schedule)}.`);
  }
  if (options.onEpoch !== undefined && typeof options.onEpoch !== "function") {
    throw new ValueError(`fit: expected onEpoch to be a function, got ${describe(options.onEpoch)}.`);
  }
  for (const [name, metric] of Object.entries(options.metrics ?? {})) {
    if (typeof metric !== "function")
      throw new ValueError(`fit: expected metric "${name}" to be a function, got ${describe(metric)}.`);
  }
  if (network.parameters.length === 0) {
    throw new StateError(`fit: the network "${network.name}" has nothing to learn; it has no parameters.`);
  }
  for (const { name, value } of network.parameters) requireFinite("fit", name, value);
  const stopping =
    options.earlyStopping === undefined ? undefined : new EarlyStopping(network, options.earlyStopping);
  return run(network, options, stopping);
}

function* run(
  network: Layer,
  options: FitOptions,
  stopping: EarlyStopping | undefined,
): Generator<EpochReport, Ending, void> {
  const { optimizer, schedule, scheduleEvery = "epoch", signal, onEpoch } = options;
  const ownRate = optimizer.learningRate;
  const { engine = plain } = options;
  const batches = new Batches(options, engine);
  const stepper = new Stepper(network, options);
  const validationPass = new Pass({ engine });
  let steps = 0;
  let failed = false;
  try {
    for (let epoch = 1; epoch <= options.epochs; epoch++) {
      const sums = new Sums(options);
      batches.shuffle();
      for (let from = 0; from < batches.examples; from += batches.size) {
        if (signal?.aborted) return ended("aborted", stopping);
        if (schedule !== undefined) {
          optimizer.learningRate = schedule(scheduleEvery === "step" ? steps : epoch - 1);
        }
        const { X, Y, weights } = batches.take(from, stepper.pass);
        sums.add(stepper.step(X, Y, weights, sums.measure), X.columns);
        steps += 1;
      }
      const report = sums.report(epoch, network, validationPass);
      const over = stopping?.isOver(report);
      const goOn = onEpoch?.(report);
      yield report;
      if (goOn === false) return ended("callback", stopping);
      if (over) return ended("early", stopping);
    }
    return ended("finished", stopping);
  } catch (error) {
    failed = true;
    throw error;
  } finally {
    if (schedule !== undefined) optimizer.learningRate = ownRate;
    if (!failed) stopping?.finish();
    moveHome(engine, network, optimizer);
    for (const part of [stepper.pass, validationPass, batches]) part.free();
  }
}

function ended(stopped: StopReason, stopping: EarlyStopping | undefined): Ending {
  return stopping === undefined ? { stopped } : { stopped, bestEpoch: stopping.bestEpoch };
}

/** Adds up the steps of one epoch. */
class Sums {
  private examples = 0;
  private loss = 0;
  private penalty = 0;
  private gradientNorm = 0;
  private readonly metrics: Record<string, number> = {};

  constructor(private readonly options: FitOptions) {}

  readonly measure = (prediction: Matrix, targets: Matrix): void => {
    const { metrics } = this.options;
    for (const name in metrics) {
      const sum = this.metrics[name] ?? 0;
      this.metrics[name] = sum + askMetric(name, metrics[name], prediction, targets) * targets.columns;
    }
  };

  add(step: StepReport, examples: number): void {
    this.examples += examples;
    this.loss += step.loss * examples;
    this.penalty += step.penalty * examples;
    this.gradientNorm = Math.max(this.gradientNorm, step.gradientNorm ?? 0);
  }

  report(epoch: number, network: Layer, pass: Pass): EpochReport {
    const { optimizer, regularizer, clip, validation } = this.options;
    const m = this.examples;
    return {
      epoch,
      loss: this.loss / m,
      metrics: mapValues(this.metrics, (sum) => sum / m),
      learningRate: optimizer.learningRate,
      ...(regularizer !== undefined && { penalty: this.penalty / m }),
      ...(clip?.norm !== undefined && { gradientNorm: this.gradientNorm }),
      ...(validation !== undefined && this.validate(validation, network, pass)),
    };
  }

  private validate(data: ValidationData, network: Layer, pass: Pass): Partial<EpochReport> {
    const { loss, metrics, optimizer } = this.options;
    pass.restart();
    const [prediction] = askLayer(network, data.inputs, pass);
    const bad = prediction.data.find((entry) => !Number.isFinite(entry));
    if (bad !== undefined) throw diverged(`the prediction on the validation data became ${bad}`, optimizer);
    return {
      validationLoss: askLoss("fit, validation", loss, prediction, data.targets, { pass })[0],
      validationMetrics: mapValues(metrics ?? {}, (metric) => metric(prediction, data.targets)),
    };
  }
}

function mapValues<From>(
  record: Readonly<Record<string, From>>,
  change: (value: From) => number,
): Record<string, number> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));
}

function checkRows(what: string, expected: Matrix, actual: Matrix): void {
  if (expected.rows === actual.rows) return;
  throw new ShapeError(
    `fit, validation: expected ${what} with ${expected.rows} rows, as for training, got ${actual.shape}.`,
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
