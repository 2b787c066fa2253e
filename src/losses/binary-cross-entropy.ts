/*
 * Binary cross-entropy: how surprised the prediction is by the label, −log of the probability it gave to what
 * happened. Certain and right costs nothing, certain and wrong costs without bound. It is maximum likelihood for
 * yes-or-no labels.
 *
 * It comes in two forms: of probabilities, as the formula is taught, and of logits (the scores before the sigmoid), as
 * it should be computed.
 */
import type { LossOptions } from "../core/core";
import type { Matrix } from "../numbers/matrix";
import { averaged, enter, type LossRules, unit } from "./door";

/** Probabilities are kept this far from 0 and 1 before a logarithm is taken. It works in float64 only. */
export const CLIP = 1e-15;

/**
 * Binary cross-entropy of probabilities, the mean of −[y·log p + (1 − y)·log(1 − p)] over all entries, in nats.
 * Where you can, use `binaryCrossEntropyFromLogits`: it needs no clipping and loses no digits.
 * @param prediction probabilities p in [0, 1], (outputs × m), as a sigmoid gives them
 * @param target labels y in [0, 1], same shape
 * @returns the loss, and its slope ((1 − y)/(1 − p) − y/p)/n with n = outputs·m, p kept `CLIP` away from 0 and 1
 * @throws ShapeError when the shapes differ or the batch is empty; ValueError outside [0, 1]
 */
export function binaryCrossEntropy(
  prediction: Matrix,
  target: Matrix,
  options: LossOptions = {},
): readonly [number, Matrix] {
  const { weights, n, gradient } = enter(PROBABILITIES, prediction, target, options);
  let total = 0;
  for (let i = 0; i < gradient.size; i++) {
    const p = Math.min(Math.max(prediction.data[i], CLIP), 1 - CLIP);
    const q = Math.max(1 - p, CLIP); // 1 − (1 − CLIP) is not quite CLIP
    const y = target.data[i];
    const weight = weights === undefined ? 1 : weights[Math.floor(i / prediction.rows)];
    total -= weight * (y * Math.log(p) + (1 - y) * (q === CLIP ? Math.log(CLIP) : Math.log1p(-p)));
    gradient.data[i] = (weight * ((1 - y) / q - y / p)) / n;
  }
  return averaged(PROBABILITIES, total, n, gradient);
}

/**
 * Binary cross-entropy of logits: sigmoid and loss in one, max(z, 0) − z·y + log(1 + e^−|z|), averaged over all
 * entries, in nats. Nothing overflows and nothing is clipped; the slope is simply (σ(z) − y)/n.
 * @param prediction logits z, any finite numbers, (outputs × m)
 * @param target labels y in [0, 1], same shape
 * @returns the loss, and its slope (σ(z) − y)/n with n = outputs·m
 * @throws ShapeError when the shapes differ or the batch is empty; ValueError for labels outside [0, 1]
 */
export function binaryCrossEntropyFromLogits(
  prediction: Matrix,
  target: Matrix,
  options: LossOptions = {},
): readonly [number, Matrix] {
  const { weights, n, gradient } = enter(LOGITS, prediction, target, options);
  let total = 0;
  for (let i = 0; i < gradient.size; i++) {
    const z = prediction.data[i];
    const y = target.data[i];
    const weight = weights === undefined ? 1 : weights[Math.floor(i / prediction.rows)];
    const e = Math.exp(-Math.abs(z)); // never overflows
    const p = z >= 0 ? 1 / (1 + e) : e / (1 + e);
    total += weight * (Math.max(z, 0) - z * y + Math.log1p(e));
    let slope = p - y;
    // p − y = (1 − y)·p − y·(1 − p); so written, it keeps its digits where p has rounded to y = 1
    if (Math.abs(slope) < 1e-6) slope = (1 - y) * p - y * (z >= 0 ? e / (1 + e) : 1 / (1 + e));
    gradient.data[i] = (weight * slope) / n;
  }
  return averaged(LOGITS, total, n, gradient);
}

const PROBABILITIES: LossRules = {
  owner: "binaryCrossEntropy",
  prediction: [
    unit("the prediction (probabilities)", " If these are logits, use binaryCrossEntropyFromLogits."),
  ],
  target: [unit("the target (labels)")],
};

const LOGITS: LossRules = { owner: "binaryCrossEntropyFromLogits", target: [unit("the target (labels)")] };
