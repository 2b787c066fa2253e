/*
 * Categorical cross-entropy: how surprised a prediction among K classes is by the class that it was. Every column is
 * one example; its target is the number of its class, one-hot, or any distribution (smoothed labels, the opinion of
 * several people).
 *
 * As with two classes it comes in two forms: of probabilities, and of logits, the scores before the softmax.
 */

import { logSoftmax } from "../activations/log-softmax";
import type { LossOptions } from "../core/core";
import { Ids } from "../numbers/ids";
import type { Matrix } from "../numbers/matrix";
import { CLIP } from "./binary-cross-entropy";
import { averaged, distribution, enter, type LossRules, twoClasses, unit } from "./door";

/**
 * Categorical cross-entropy of probabilities, the mean over the examples of −Σ yₖ·log pₖ, in nats.
 * Where you can, use `categoricalCrossEntropyFromLogits`: it needs no clipping and loses no digits.
 * @param prediction probabilities p, (classes × m), every column summing to 1, as a softmax gives them
 * @param target m class numbers, or distributions y, (classes × m), every column summing to 1
 * @returns the loss, and its slope −(y/p)/m, with p kept `CLIP` away from 0
 * @throws ShapeError when shapes differ, the batch is empty or there is only one class
 * @throws ValueError for columns that are no distributions, and for numbers that are no class
 */
export function categoricalCrossEntropy(
  prediction: Matrix,
  target: Matrix | Ids,
  options: LossOptions = {},
): readonly [number, Matrix] {
  const { weights, n, gradient } = enter(PROBABILITIES, prediction, target, options);
  const { rows, columns } = prediction;
  let total = 0;
  for (let j = 0; j < columns; j++) {
    const weight = weights === undefined ? 1 : weights[j];
    for (let i = 0; i < rows; i++) {
      const k = j * rows + i;
      const p = Math.max(prediction.data[k], CLIP);
      const y = shareOf(target, i, k, j);
      total -= weight * y * Math.log(p);
      gradient.data[k] = (-weight * y) / p / n;
    }
  }
  return averaged(PROBABILITIES, total, n, gradient);
}

/**
 * Categorical cross-entropy of logits: softmax and loss in one, the mean over the examples of −Σ yₖ·log softmax(z)ₖ, in
 * nats. Nothing overflows and nothing is clipped; the slope is simply (softmax(z) − y)/m.
 * @param prediction logits z, any finite numbers, (classes × m)
 * @param target m class numbers, or distributions y, (classes × m), every column summing to 1
 * @returns the loss, and its slope (softmax(z) − y)/m
 * @throws ShapeError when shapes differ, the batch is empty or there is only one class
 * @throws ValueError for targets that are no distributions, and for numbers that are no class
 */
export function categoricalCrossEntropyFromLogits(
  prediction: Matrix,
  target: Matrix | Ids,
  options: LossOptions = {},
): readonly [number, Matrix] {
  const { weights, n, gradient } = enter(LOGITS, prediction, target, options);
  const { rows, columns } = prediction;
  if (target instanceof Ids && weights === undefined) {
    const sum = options.pass?.engine.crossEntropy?.(prediction, target.data, n, gradient);
    if (sum !== undefined) return averaged(LOGITS, sum, n, gradient);
  }
  const logP = logSoftmax(prediction, gradient); // where the slope will be: each is read before it is overwritten
  let total = 0;
  for (let j = 0; j < columns; j++) {
    const weight = weights === undefined ? 1 : weights[j];
    let mass = 0; // Σ y: 1, up to rounding
    for (let i = 0; i < rows; i++) mass += shareOf(target, i, j * rows + i, j);
    for (let i = 0; i < rows; i++) {
      const k = j * rows + i;
      const y = shareOf(target, i, k, j);
      total -= weight * y * logP.data[k];
      const log = logP.data[k];
      let slope = mass * Math.exp(log) - y;
      // p − y is (p − 1) + (1 − y), with p − 1 = expm1(log p): it keeps its digits where p has rounded to y = 1
      if (Math.abs(slope) < 1e-6 && y > 0.5) slope = mass * Math.expm1(log) + (mass - y);
      gradient.data[k] = (weight * slope) / n;
    }
  }
  return averaged(LOGITS, total, n, gradient);
}

/** y: how much of example j is of class i. Of a class number, all or nothing. */
function shareOf(target: Matrix | Ids, i: number, k: number, j: number): number {
  if (target instanceof Ids) return target.data[j] === i ? 1 : 0;
  return target.data[k];
}

/** A target must sum to 1 up to rounding; a prediction may come from float32, or be nudged by a gradient check. */
const TARGET_TOLERANCE = 1e-6;
const PREDICTION_TOLERANCE = 1e-3;

const LOGITS_HINT = " If these are logits, use categoricalCrossEntropyFromLogits.";
const TARGET_HINT = " Each column of the target is one-hot, or a distribution over the classes.";
const DISTRIBUTIONS = [
  unit("the target", TARGET_HINT),
  distribution("each column of the target", TARGET_TOLERANCE, TARGET_HINT),
];

const PROBABILITIES: LossRules = {
  owner: "categoricalCrossEntropy",
  classes: true,
  prediction: [
    twoClasses,
    unit("the prediction (probabilities)", LOGITS_HINT),
    distribution("each column of the prediction", PREDICTION_TOLERANCE, LOGITS_HINT),
  ],
  target: DISTRIBUTIONS,
};

const LOGITS: LossRules = {
  owner: "categoricalCrossEntropyFromLogits",
  classes: true,
  prediction: [twoClasses],
  target: DISTRIBUTIONS,
};
