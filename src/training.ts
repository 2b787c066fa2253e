/*
 * The loop: forward, loss, backward, step; once a mini-batch, and all batches once an epoch.
 *
 * `training` is a generator, one turn an epoch, so that whoever drives it may draw a picture between two epochs,
 * stop, or go on later. `fit` simply runs it to the end.
 */
import { type Layer, type Loss, type Optimizer, Pass, zeroGradients } from "./core";
import { DivergenceError, describe, requireWhole, ShapeError, StateError, ValueError } from "./errors";
import { type Matrix, pickColumnsInto, requireFinite, requireMatrix } from "./matrix";
import type { Metric } from "./metrics";
import { Random } from "./random";

/** Inputs and targets that are only looked at, never learned from. */
export interface ValidationData {
  readonly inputs: Matrix;
  readonly targets: Matrix;
}

export interface FitOptions {
  /** X, (features × m) */
  readonly inputs: Matrix;
  /** Y, (outputs × m) */
  readonly targets: Matrix;
  readonly loss: Loss;
  readonly optimizer: Optimizer;
  /** How often to go through all examples. */
  readonly epochs: number;
  /** Examples a step; all of them when left out ("full batch"). The last batch of an epoch may be smaller. */
  readonly batchSize?: number;
  /** Shuffles the examples before each epoch. Without it they keep their order. */
  readonly random?: Random;
  readonly validation?: ValidationData;
  /** Numbers for people, by name: `{ accuracy: binaryAccuracy }`. */
  readonly metrics?: Readonly<Record<string, Metric>>;
  /** Called after each epoch; return false to stop. */
  readonly onEpoch?: (epoch: EpochReport) => unknown;
  /** Stops between two batches when aborted; what was learned so far stays. */
  readonly signal?: { readonly aborted: boolean };
}

/** What one epoch was like. Loss and metrics are those of the forward passes, before each batch's update. */
export interface EpochReport {
  /** 1 for the first. */
  readonly epoch: number;
  /** Mean loss over the examples of this epoch. */
  readonly loss: number;
  readonly metrics: Readonly<Record<string, number>>;
  /** Loss on the validation data, after the epoch. */
  readonly validationLoss?: number;
  readonly validationMetrics?: Readonly<Record<string, number>>;
}

/** The whole story of a training run, an entry an epoch. */
export interface History {
  readonly epochs: readonly EpochReport[];
  readonly loss: readonly number[];
  readonly validationLoss: readonly number[];
  /** Why it ended. */
  readonly stopped: "finished" | "callback" | "aborted";
}

/**
 * Trains a network to the end and returns the history.
 * @throws ShapeError and ValueError before the first step, for data that does not fit or is not finite
 * @throws DivergenceError when the loss stops being a number
 */
export function fit(network: Layer, options: FitOptions): History {
  const reports: EpochReport[] = [];
  let stopped: History["stopped"] = "finished";
  for (const report of training(network, options)) {
    reports.push(report);
    if (options.onEpoch?.(report) === false) {
      stopped = "callback";
      break;
    }
  }
  if (options.signal?.aborted) stopped = "aborted";
  return {
    epochs: reports,
    loss: reports.map(({ loss }) => loss),
    validationLoss: reports.flatMap(({ validationLoss }) =>
      validationLoss === undefined ? [] : [validationLoss],
    ),
    stopped,
  };
}

/** The training loop as a generator: runs one epoch at each `next()`, and yields its report. */
export function* training(network: Layer, options: FitOptions): Generator<EpochReport, void, void> {
  checkData("fit", options.inputs, options.targets);
  if (options.validation !== undefined)
    checkData("fit, validation", options.validation.inputs, options.validation.targets);
  requireWhole("fit", "epochs", options.epochs);
  const { inputs, targets, loss, optimizer, metrics = {}, random } = options;
  if (typeof loss !== "function")
    throw new ValueError(`fit: expected a loss function, got ${describe(loss)}.`);
  if (typeof optimizer?.step !== "function")
    throw new ValueError(`fit: expected an optimizer, got ${describe(optimizer)}.`);
  if (random !== undefined && !(random instanceof Random)) {
    throw new ValueError(`fit: expected random to be a Random, got ${describe(random)}.`);
  }
  if (network.parameters.length === 0) {
    throw new StateError(`fit: the network "${network.name}" has nothing to learn; it has no parameters.`);
  }

  const m = inputs.columns;
  const batchSize = Math.min(requireWhole("fit", "batchSize", options.batchSize ?? m), m);
  const whole = batchSize === m && random === undefined;
  const order = Int32Array.from({ length: m }, (_, i) => i);
  const pass = new Pass({ training: true, inputGradient: false });

  for (let epoch = 1; epoch <= options.epochs; epoch++) {
    if (random !== undefined) random.shuffle(order);
    let lossSum = 0;
    const metricSums: Record<string, number> = {};
    for (let from = 0; from < m; from += batchSize) {
      if (options.signal?.aborted) return;
      const to = Math.min(from + batchSize, m);
      pass.restart();
      const X = whole ? inputs : batch(inputs, order, from, to, pass);
      const Y = whole ? targets : batch(targets, order, from, to, pass);

      zeroGradients(network.parameters);
      const [prediction, backward] = network.forward(X, pass);
      const [value, dPrediction] = loss(prediction, Y, { pass });
      if (!Number.isFinite(value)) throw diverged(epoch, value, optimizer);
      for (const name in metrics) {
        metricSums[name] = (metricSums[name] ?? 0) + metrics[name](prediction, Y) * (to - from);
      }
      backward(dPrediction);
      optimizer.step(network.parameters);

      lossSum += value * (to - from);
    }
    yield report(epoch, lossSum / m, average(metricSums, m), network, options);
  }
}

function batch(all: Matrix, order: Int32Array, from: number, to: number, pass: Pass): Matrix {
  const part = pass.take(all.rows, to - from);
  pickColumnsInto(all, order, from, to, part);
  return part;
}

function report(
  epoch: number,
  loss: number,
  metrics: Record<string, number>,
  network: Layer,
  options: FitOptions,
): EpochReport {
  if (options.validation === undefined) return { epoch, loss, metrics };
  const { inputs, targets } = options.validation;
  const [prediction] = network.forward(inputs);
  return {
    epoch,
    loss,
    metrics,
    validationLoss: options.loss(prediction, targets)[0],
    validationMetrics: Object.fromEntries(
      Object.entries(options.metrics ?? {}).map(([name, metric]) => [name, metric(prediction, targets)]),
    ),
  };
}

function average(sums: Record<string, number>, m: number): Record<string, number> {
  return Object.fromEntries(Object.entries(sums).map(([name, sum]) => [name, sum / m]));
}

function checkData(owner: string, inputs: unknown, targets: unknown): void {
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

function diverged(epoch: number, value: number, optimizer: Optimizer): DivergenceError {
  return new DivergenceError(
    `fit: the loss became ${value} in epoch ${epoch}. The weights of the step before are kept. ` +
      `The usual cause is a learning rate that is too high; it is ${optimizer.learningRate}. Try a tenth of it.`,
  );
}
