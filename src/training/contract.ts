/*
 * What a training run is told, and what it tells: types only, so that the parts of a run may speak of them without
 * importing one another.
 */
import type { Metric } from "../core/core";
import type { Matrix } from "../numbers/matrix";
import type { Columns, Ragged } from "../numbers/ragged";
import type { Random } from "../numbers/random";
import type { Schedule } from "../optimizers/schedules";
import type { StepOptions } from "./step";

/** Inputs and targets that are only looked at, never learned from. */
export interface ValidationData<In extends Columns = Matrix> {
  readonly inputs: In;
  readonly targets: Columns;
}

export interface FitOptions<In extends Columns = Matrix> extends StepOptions {
  /** X, (features × m); or ids, or sequences of either, as the network takes them. An example of sequences is one of them. */
  readonly inputs: In;
  /** Y, (outputs × m), or class numbers; for sequences either one an example, or, as sequences themselves, one a token. */
  readonly targets: Columns;
  /**
   * How much each target counts (1 × m), 0 or more: the loss is the weighted mean. Where the targets are sequences, these
   * are sequences, too; a weight of 0 masks a token.
   */
  readonly sampleWeights?: Matrix | Ragged;
  /** How often to go through all examples. */
  readonly epochs: number;
  /**
   * Examples a step; all of them when left out ("full batch"). The last batch of an epoch may be smaller. A batch in which
   * all weights are 0 is passed over.
   */
  readonly batchSize?: number;
  /** Shuffles the examples before each epoch. Without it they keep their order. */
  readonly random?: Random;
  readonly validation?: ValidationData<In>;
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
  /** Mean loss over the targets of this epoch, weighted as they are, without the regularizer's penalty. */
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

export interface EarlyStoppingOptions {
  /** How many epochs in a row may pass without an improvement. */
  readonly patience: number;
  /** By how much the watched number must fall below its best to count as an improvement; 0 when left out. */
  readonly minimumImprovement?: number;
  /** What to watch, smaller is better; the validation loss, or the loss where there are no validation data. */
  readonly watch?: (report: EpochReport) => number;
  /** Puts the weights of the best epoch back at the end; true when left out. */
  readonly restoreBest?: boolean;
}
