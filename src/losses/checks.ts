/*
 * What every loss checks before it computes anything, and how it counts.
 *
 * Element-wise losses (squared, absolute, Huber, hinge, binary cross-entropy) are means over all entries;
 * categorical cross-entropy is a mean over the examples. A sample weight multiplies what its example contributes; the
 * divisor stays the plain number of entries or examples, so weights of 1 change nothing.
 */

import { type LossOptions, Pass } from "../core/core";
import { DivergenceError, describe, ShapeError, ValueError } from "../numbers/errors";
import type { Floats } from "../numbers/floats";
import { type Matrix, requireFinite, requireMatrix } from "../numbers/matrix";

/** A prediction, its target, and what they are weighted by, all checked; and where the slope goes. */
export interface Checked {
  /** One number an example, or undefined when all count alike. */
  readonly weights: Floats | undefined;
  /** A buffer of the prediction's shape for dL/dprediction. */
  readonly gradient: Matrix;
}

/**
 * @throws ShapeError for an empty batch, shapes that differ, or weights that are not 1 × m
 * @throws ValueError for NaN, ∞ and negative weights
 */
export function check(owner: string, prediction: Matrix, target: Matrix, options: LossOptions): Checked {
  requireMatrix(owner, prediction, "the prediction as a Matrix");
  requireMatrix(owner, target, "the target as a Matrix");
  if (prediction.size === 0) {
    throw new ShapeError(
      `${owner}: expected at least one output and one example, got a prediction of ${prediction.shape}.`,
    );
  }
  if (prediction.rows !== target.rows || prediction.columns !== target.columns) {
    const turned =
      target.rows === prediction.columns && target.columns === prediction.rows
        ? " Try Matrix.transpose."
        : "";
    throw new ShapeError(
      `${owner}: expected a target of ${prediction.shape}, as the prediction, got ${target.shape}.${turned}`,
    );
  }
  requireFinite(owner, "the prediction", prediction);
  requireFinite(owner, "the target", target);
  if (typeof options !== "object" || options === null) {
    throw new ValueError(`${owner}: expected options such as { weights }, got ${describe(options)}.`);
  }
  const weights = sampleWeights(owner, prediction.columns, options.weights);
  const pass = options.pass ?? new Pass();
  if (!(pass instanceof Pass)) {
    throw new ValueError(`${owner}: expected the option pass to be a Pass, got ${describe(pass)}.`);
  }
  return { weights, gradient: pass.take(prediction.rows, prediction.columns) };
}

/** The last line of every loss: total/count, and the slope. @throws DivergenceError when either has overflowed */
export function averaged(
  owner: string,
  total: number,
  count: number,
  gradient: Matrix,
): readonly [number, Matrix] {
  let zero = total - total; // x − x is 0 for a finite x, and NaN otherwise
  for (let i = 0; i < gradient.size; i++) zero += gradient.data[i] - gradient.data[i];
  if (zero === 0) return [total / count, gradient];
  throw new DivergenceError(
    `${owner}: the loss overflowed, though prediction and target are finite. ` +
      "The prediction is far too large; try a smaller learning rate, or clip the gradients.",
  );
}

function sampleWeights(owner: string, examples: number, weights: unknown): Floats | undefined {
  if (weights === undefined) return undefined;
  requireMatrix(owner, weights, "sample weights as a Matrix");
  if (weights.rows !== 1 || weights.columns !== examples) {
    throw new ShapeError(
      `${owner}: expected sample weights of 1 × ${examples}, one an example, got ${weights.shape}.`,
    );
  }
  requireFinite(owner, "the sample weights", weights);
  const negative = weights.data.findIndex((weight) => weight < 0);
  if (negative >= 0) {
    throw new ValueError(
      `${owner}: expected sample weights of 0 or more, got ${weights.data[negative]} for example ${negative}.`,
    );
  }
  return weights.data;
}

/** Throws ValueError unless every entry is between 0 and 1; `hint` ends the message. */
export function requireUnit(owner: string, what: string, matrix: Matrix, hint = ""): void {
  const { data, rows } = matrix;
  for (let i = 0; i < data.length; i++) {
    const value = data[i];
    if (value >= 0 && value <= 1) continue;
    throw new ValueError(
      `${owner}: expected ${what} between 0 and 1, got ${value} at row ${i % rows}, ` +
        `column ${Math.floor(i / rows)}.${hint}`,
    );
  }
}

/** Throws ValueError unless every column sums to 1, give or take `tolerance`; `hint` ends the message. */
export function requireDistribution(
  owner: string,
  what: string,
  matrix: Matrix,
  tolerance: number,
  hint: string,
): void {
  const { rows, columns, data } = matrix;
  for (let j = 0; j < columns; j++) {
    let sum = 0;
    for (let i = 0; i < rows; i++) sum += data[j * rows + i];
    if (Math.abs(sum - 1) <= tolerance) continue;
    throw new ValueError(`${owner}: expected ${what} to sum to 1, got ${sum} in column ${j}.${hint}`);
  }
}
