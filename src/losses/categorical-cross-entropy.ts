/*
 * Categorical cross-entropy: how surprised a prediction among K classes is by the class that it was. Every column is
 * one example; its target is one-hot, or any distribution (smoothed labels, the opinion of several people).
 *
 * As with two classes it comes in two forms: of probabilities, and of logits, the scores before the softmax.
 */

import { logSoftmax } from "../activations/log-softmax";
import type { LossOptions } from "../core/core";
import { ShapeError } from "../numbers/errors";
import type { Matrix } from "../numbers/matrix";
import { CLIP } from "./binary-cross-entropy";
import { averaged, check, requireDistribution, requireUnit } from "./checks";

/** A target must sum to 1 up to rounding; a prediction may come from float32, or be nudged by a gradient check. */
const TARGET_TOLERANCE = 1e-6;
const PREDICTION_TOLERANCE = 1e-3;

/**
 * Categorical cross-entropy of probabilities, the mean over the examples of −Σ yₖ·log pₖ, in nats.
 * Where you can, use `categoricalCrossEntropyFromLogits`: it needs no clipping and loses no digits.
 * @param prediction probabilities p, (classes × m), every column summing to 1, as a softmax gives them
 * @param target distributions y, same shape, every column summing to 1
 * @returns the loss, and its slope −(y/p)/m, with p kept `CLIP` away from 0
 * @throws ShapeError when shapes differ, the batch is empty or there is only one class
 * @throws ValueError for columns that are no distributions
 */
export function categoricalCrossEntropy(
  prediction: Matrix,
  target: Matrix,
  options: LossOptions = {},
): readonly [number, Matrix] {
  const owner = "categoricalCrossEntropy";
  const { weights, gradient } = check(owner, prediction, target, options);
  const hint = " If these are logits, use categoricalCrossEntropyFromLogits.";
  requireClasses(owner, prediction);
  requireUnit(owner, "the prediction (probabilities)", prediction, hint);
  requireDistribution(owner, "each column of the prediction", prediction, PREDICTION_TOLERANCE, hint);
  requireTarget(owner, target);
  const m = prediction.columns;
  let total = 0;
  for (let i = 0; i < prediction.size; i++) {
    const p = Math.max(prediction.data[i], CLIP);
    const y = target.data[i];
    const weight = weights === undefined ? 1 : weights[Math.floor(i / prediction.rows)];
    total -= weight * y * Math.log(p);
    gradient.data[i] = (-weight * y) / p / m;
  }
  return averaged(owner, total, m, gradient);
}

/**
 * Categorical cross-entropy of logits: softmax and loss in one, the mean over the examples of −Σ yₖ·log softmax(z)ₖ, in
 * nats. Nothing overflows and nothing is clipped; the slope is simply (softmax(z) − y)/m.
 * @param prediction logits z, any finite numbers, (classes × m)
 * @param target distributions y, same shape, every column summing to 1
 * @returns the loss, and its slope (softmax(z) − y)/m
 * @throws ShapeError when shapes differ, the batch is empty or there is only one class
 * @throws ValueError for targets that are no distributions
 */
export function categoricalCrossEntropyFromLogits(
  prediction: Matrix,
  target: Matrix,
  options: LossOptions = {},
): readonly [number, Matrix] {
  const owner = "categoricalCrossEntropyFromLogits";
  const { weights, gradient } = check(owner, prediction, target, options);
  requireClasses(owner, prediction);
  requireTarget(owner, target);
  const { rows, columns: m } = prediction;
  const logP = logSoftmax(prediction, gradient); // where the slope will be: each is read before it is overwritten
  let total = 0;
  for (let j = 0; j < m; j++) {
    const weight = weights === undefined ? 1 : weights[j];
    let mass = 0; // Σ y: 1, up to rounding
    for (let i = 0; i < rows; i++) mass += target.data[j * rows + i];
    for (let i = 0; i < rows; i++) {
      const k = j * rows + i;
      const y = target.data[k];
      total -= weight * y * logP.data[k];
      gradient.data[k] = (weight * (mass * Math.exp(logP.data[k]) - y)) / m;
    }
  }
  return averaged(owner, total, m, gradient);
}

function requireClasses(owner: string, prediction: Matrix): void {
  if (prediction.rows >= 2) return;
  throw new ShapeError(
    `${owner}: expected at least 2 classes (rows), got ${prediction.shape}. ` +
      "For one yes-or-no output use binaryCrossEntropy.",
  );
}

function requireTarget(owner: string, target: Matrix): void {
  const hint = " Each column of the target is one-hot, or a distribution over the classes.";
  requireUnit(owner, "the target", target, hint);
  requireDistribution(owner, "each column of the target", target, TARGET_TOLERANCE, hint);
}
