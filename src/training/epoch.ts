/*
 * What one epoch was like: sums over its steps, and metrics on all that was predicted in it.
 *
 * Metrics are computed once an epoch, not averaged over batches: an accuracy would come out the same, but the F1 of a
 * whole is no mean of the F1 of its parts, and a batch of one class has no AUC at all.
 */
import { askLayer, askLoss, askMetric } from "../core/answers";
import type { AnyLayer, Pass } from "../core/core";
import { Ids } from "../numbers/ids";
import { Matrix } from "../numbers/matrix";
import { type Columns, columnsOf, countColumns, type Ragged } from "../numbers/ragged";
import type { EpochReport, FitOptions, ValidationData } from "./contract";
import { diverged, type StepReport } from "./step";

/** Adds up the steps of one epoch. */
export class Epoch {
  /** How many targets have been seen. */
  private seen = 0;
  /** What they weigh: as much, or the sum of their weights. */
  private weight = 0;
  private loss = 0;
  private penalty = 0;
  private gradientNorm = 0;
  private metrics: Readonly<Record<string, number>> = {};
  private predictions: Matrix | undefined;
  private targets: Matrix | Ids | undefined;

  /** @param expected how many targets the epoch has */
  constructor(
    private readonly owner: string,
    private readonly options: FitOptions<Columns>,
    private readonly expected: number,
  ) {}

  /** Takes note of a batch's prediction before anything is learned from it. */
  readonly look = (prediction: Matrix, targets: Matrix | Ids): void => {
    const before = this.seen;
    this.seen += countColumns(targets);
    if (Object.keys(this.options.metrics ?? {}).length === 0) return;
    if (this.seen - before === this.expected) {
      this.metrics = this.measure(prediction, targets); // the full batch: nothing has moved if a metric fails
      return;
    }
    this.predictions = this.keep(this.predictions, prediction, before);
    this.targets =
      targets instanceof Ids
        ? this.keepIds(this.targets as Ids | undefined, targets, before)
        : this.keep(this.targets as Matrix | undefined, targets, before);
  };

  /** @param weight how much the step counts in the mean of the epoch */
  add(step: StepReport, weight: number): void {
    this.weight += weight;
    this.loss += step.loss * weight;
    this.penalty += step.penalty * weight;
    this.gradientNorm = Math.max(this.gradientNorm, step.gradientNorm ?? 0);
  }

  report(epoch: number, network: AnyLayer, pass: Pass): EpochReport {
    const { optimizer, regularizer, clip, validation } = this.options;
    const m = this.weight;
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
  private keep(all: Matrix | undefined, batch: Matrix, from: number): Matrix {
    const kept = all ?? new Matrix(batch.rows, this.expected);
    kept.data.set(batch.data, from * batch.rows);
    return kept;
  }

  private keepIds(all: Ids | undefined, batch: Ids, from: number): Ids {
    const kept = all ?? Ids.over(new Int32Array(this.expected));
    kept.data.set(batch.data, from);
    return kept;
  }

  private measure(prediction: Matrix, targets: Matrix | Ids): Record<string, number> {
    const asked = Object.entries(this.options.metrics ?? {});
    return Object.fromEntries(
      asked.map(([name, metric]) => [name, askMetric(this.owner, name, metric, prediction, targets)]),
    );
  }

  private validate(data: ValidationData<Columns>, network: AnyLayer, pass: Pass): Partial<EpochReport> {
    const { loss, optimizer } = this.options;
    const owner = `${this.owner}, validation`;
    pass.restart();
    const prediction = columnsOf(askLayer<Columns, Matrix | Ragged>(network, data.inputs, pass)[0]);
    const bad = prediction.data.find((entry) => !Number.isFinite(entry));
    if (bad !== undefined) {
      throw diverged(this.owner, `the prediction on the validation data became ${bad}`, optimizer);
    }
    const targets = columnsOf(data.targets);
    return {
      validationLoss: askLoss(owner, loss, prediction, targets, { pass })[0],
      validationMetrics: this.measure(prediction, targets),
    };
  }
}
