/*
 * An observer that takes notes: for every layer and every pass, a handful of numbers that say whether its signal is
 * alive. They are what vanishing and exploding gradients, saturated and dead units look like from outside.
 */
import { ShapeError } from "../numbers/errors";
import { type Matrix, requireFinite, requireMatrix } from "../numbers/matrix";
import type { BackwardObservation, Observation, Observer } from "./observe";

/** A matrix in six numbers. */
export interface Summary {
  readonly mean: number;
  /** Root mean square distance from the mean. */
  readonly standardDeviation: number;
  /** Euclidean length of all entries together. */
  readonly norm: number;
  readonly smallest: number;
  readonly largest: number;
  /** Share of entries that are exactly 0, as a ReLU's blocked ones are. */
  readonly zeros: number;
}

/** What happened at one layer, a summary a pass. */
export interface LayerRecord {
  /** Of its output, at each forward pass. */
  readonly activations: Summary[];
  /** Of dL/dOutput, at each backward pass. */
  readonly gradients: Summary[];
}

/**
 * Keeps summaries of what `Observe` layers show it, by layer name:
 * `const recorder = new Recorder(); fit(observed(network, recorder), …); recorder.layers.get("hidden")`.
 */
export class Recorder implements Observer {
  /** In the order in which the layers were first seen. */
  readonly layers: Map<string, LayerRecord> = new Map();

  onForward({ layer, output }: Observation): void {
    this.recordOf(layer).activations.push(summarize(output));
  }

  onBackward({ layer, dOutput }: BackwardObservation): void {
    this.recordOf(layer).gradients.push(summarize(dOutput));
  }

  /** Forgets everything. */
  clear(): void {
    this.layers.clear();
  }

  private recordOf(layer: string): LayerRecord {
    const known = this.layers.get(layer);
    if (known !== undefined) return known;
    const fresh: LayerRecord = { activations: [], gradients: [] };
    this.layers.set(layer, fresh);
    return fresh;
  }
}

/** The six numbers of a matrix. @throws ShapeError for an empty one */
export function summarize(matrix: Matrix): Summary {
  requireMatrix("summarize", matrix);
  const { data } = matrix;
  if (data.length === 0) throw new ShapeError(`summarize: expected at least one entry, got ${matrix.shape}.`);
  requireFinite("summarize", "the matrix", matrix);
  const guess = matrix.sum() / data.length;
  // what the mean of large, nearly equal numbers has lost to rounding
  const mean = guess + data.reduce((sum, entry) => sum + (entry - guess), 0) / data.length;
  let squares = 0;
  let smallest = Infinity;
  let largest = -Infinity;
  let zeros = 0;
  for (let k = 0; k < data.length; k++) {
    squares += (data[k] - mean) ** 2;
    smallest = Math.min(smallest, data[k]);
    largest = Math.max(largest, data[k]);
    if (data[k] === 0) zeros += 1;
  }
  return {
    mean,
    standardDeviation: Math.sqrt(squares / data.length), // ∞ where finite numbers are too large to be squared
    norm: matrix.norm(),
    smallest,
    largest,
    zeros: zeros / data.length,
  };
}
