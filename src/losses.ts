/*
 * A loss says how wrong a prediction is, in one number, and how that number changes with every entry of the
 * prediction. Learning follows the second; people read the first.
 *
 * Every loss here is a mean, so every slope carries the 1/m: forget it, and the step grows with the batch.
 */
import { type LossOptions, Pass } from "./core";
import { ShapeError, ValueError } from "./errors";
import { type Matrix, requireFinite, requireMatrix, requireSameShape } from "./matrix";

/** Probabilities are kept this far from 0 and 1 before a logarithm is taken. It works in float64 only. */
export const CLIP = 1e-15;

/**
 * Binary cross-entropy of probabilities, the mean of −[y·log p + (1 − y)·log(1 − p)] over all entries, in nats.
 * Where you can, use `binaryCrossEntropyFromLogits`: it needs no clipping and loses no digits.
 * @param prediction probabilities in [0, 1], (outputs × m), as a sigmoid gives them
 * @param target labels in [0, 1], same shape
 * @throws ShapeError when the shapes differ or the batch is empty; ValueError outside [0, 1]
 */
export function binaryCrossEntropy(
  prediction: Matrix,
  target: Matrix,
  options: LossOptions = {},
): readonly [number, Matrix] {
  const owner = "binaryCrossEntropy";
  const weights = checkPair(owner, prediction, target, options);
  requireUnit(owner, "the prediction (probabilities)", prediction);
  requireUnit(owner, "the target (labels)", target);
  const gradient = (options.pass ?? new Pass()).take(prediction.rows, prediction.columns);
  const n = prediction.size;
  let total = 0;
  for (let i = 0; i < n; i++) {
    const p = Math.min(Math.max(prediction.data[i], CLIP), 1 - CLIP);
    const y = target.data[i];
    const weight = weights === undefined ? 1 : weights[i % prediction.columns];
    total -= weight * (y * Math.log(p) + (1 - y) * Math.log1p(-p));
    gradient.data[i] = (weight * ((1 - y) / (1 - p) - y / p)) / n;
  }
  return [total / n, gradient];
}

/**
 * Binary cross-entropy of logits: sigmoid and loss in one, max(z, 0) − z·y + log(1 + e^−|z|), averaged over all
 * entries. Nothing overflows and nothing is clipped; the slope is simply (σ(z) − y)/n.
 * @param prediction logits, any finite number, (outputs × m)
 * @param target labels in [0, 1], same shape
 * @throws ShapeError when the shapes differ or the batch is empty; ValueError for labels outside [0, 1]
 */
export function binaryCrossEntropyFromLogits(
  prediction: Matrix,
  target: Matrix,
  options: LossOptions = {},
): readonly [number, Matrix] {
  const owner = "binaryCrossEntropyFromLogits";
  const weights = checkPair(owner, prediction, target, options);
  requireUnit(owner, "the target (labels)", target);
  const gradient = (options.pass ?? new Pass()).take(prediction.rows, prediction.columns);
  const n = prediction.size;
  let total = 0;
  for (let i = 0; i < n; i++) {
    const z = prediction.data[i];
    const y = target.data[i];
    const weight = weights === undefined ? 1 : weights[i % prediction.columns];
    const e = Math.exp(-Math.abs(z)); // never overflows
    const p = z >= 0 ? 1 / (1 + e) : e / (1 + e);
    total += weight * (Math.max(z, 0) - z * y + Math.log1p(e));
    gradient.data[i] = (weight * (p - y)) / n;
  }
  return [total / n, gradient];
}

/** Checks what every loss needs, and returns the sample weights' numbers, if there are any. */
function checkPair(
  owner: string,
  prediction: Matrix,
  target: Matrix,
  options: LossOptions,
): Float64Array | undefined {
  requireMatrix(owner, prediction, "the prediction as a Matrix");
  requireMatrix(owner, target, "the target as a Matrix");
  if (prediction.size === 0)
    throw new ShapeError(`${owner}: expected at least one example, got ${prediction.shape}.`);
  requireSameShape(`${owner}, target`, prediction, target);
  requireFinite(owner, "the prediction", prediction);
  requireFinite(owner, "the target", target);
  const { weights } = options;
  if (weights === undefined) return undefined;
  requireMatrix(`${owner}, weights`, weights);
  if (weights.rows !== 1 || weights.columns !== prediction.columns) {
    throw new ShapeError(
      `${owner}: expected sample weights of 1 × ${prediction.columns}, one an example, got ${weights.shape}.`,
    );
  }
  requireFinite(owner, "the sample weights", weights);
  if (weights.data.some((weight) => weight < 0)) {
    throw new ValueError(`${owner}: expected sample weights of 0 or more, got a negative one.`);
  }
  return weights.data;
}

function requireUnit(owner: string, what: string, matrix: Matrix): void {
  const { data } = matrix;
  for (let i = 0; i < data.length; i++) {
    const value = data[i];
    if (!(value >= 0 && value <= 1)) {
      throw new ValueError(
        `${owner}: expected ${what} between 0 and 1, got ${value} at row ${Math.floor(i / matrix.columns)}, ` +
          `column ${i % matrix.columns}.`,
      );
    }
  }
}
