/*
 * What one epoch was like: sums over its steps, and metrics on all that was predicted in it.
 *
 * Metrics are computed once an epoch, not averaged over batches: an accuracy would come out the same, but the F1 of a
 * whole is no mean of the F1 of its parts, and a batch of one class has no AUC at all.
 */
import { askLayer, askLoss, askMetric } from "../core/answers";
import type { Layer, Pass } from "../core/core";
import { Matrix } from "../numbers/matrix";
import type { EpochReport, FitOptions, ValidationData } from "./fit";
import { diverged, type StepReport } from "./step";

/** Adds up the steps of one epoch. */
export class Epoch {
  private examples = 0;
  private loss = 0;
  private penalty = 0;
  private gradientNorm = 0;
  private metrics: Readonly<Record<string, number>> = {};
  private predictions: Matrix | undefined;
  private targets: Matrix | undefined;

  /** @param expected how many examples the epoch has */
  constructor(
    private readonly owner: string,
    private readonly options: FitOptions,
    private readonly expected: number,
  ) {}

  /** Takes note of a batch's prediction before anything is learned from it. */
  readonly look = (prediction: Matrix, targets: Matrix): void => {
    if (Object.keys(this.options.metrics ?? {}).length === 0) return;
    if (targets.columns === this.expected) {
      this.metrics = this.measure(prediction, targets); // the full batch: nothing has moved if a metric fails
      return;
    }
    this.predictions = this.keep(this.predictions, prediction);
    this.targets = this.keep(this.targets, targets);
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
    if (this.predictions !== undefined && this.targets !== undefined) {
      this.metrics = this.measure(this.predictions, this.targets);
    }
    return {
      epoch,
      loss: this.loss / m,
      metrics: this.metrics,
      learningRate: optimizer.learningRate,
      ...(regularizer !== undefined && { penalty: this.penalty / m }),
      ...(clip?.norm !== undefined && { gradientNorm: this.gradientNorm }),
      ...(validation !== undefined && this.validate(validation, network, pass)),
    };
  }

  /** Copies a batch's columns behind those of the batches before. */
  private keep(all: Matrix | undefined, batch: Matrix): Matrix {
    const kept = all ?? new Matrix(batch.rows, this.expected);
    for (let j = 0; j < batch.columns; j++) {
      for (let i = 0; i < batch.rows; i++) kept.set(i, this.examples + j, batch.at(i, j));
    }
    return kept;
  }

  private measure(prediction: Matrix, targets: Matrix): Record<string, number> {
    const asked = Object.entries(this.options.metrics ?? {});
    return Object.fromEntries(
      asked.map(([name, metric]) => [name, askMetric(this.owner, name, metric, prediction, targets)]),
    );
  }

  private validate(data: ValidationData, network: Layer, pass: Pass): Partial<EpochReport> {
    const { loss, optimizer } = this.options;
    const owner = `${this.owner}, validation`;
    pass.restart();
    const [prediction] = askLayer(network, data.inputs, pass);
    const bad = prediction.data.find((entry) => !Number.isFinite(entry));
    if (bad !== undefined) {
      throw diverged(this.owner, `the prediction on the validation data became ${bad}`, optimizer);
    }
    return {
      validationLoss: askLoss(owner, loss, prediction, data.targets, { pass })[0],
      validationMetrics: this.measure(prediction, data.targets),
    };
  }
}
