import type { LossOptions } from "../core/core";
import type { Matrix } from "../numbers/matrix";
import { averaged, enter, type LossRules, signs } from "./door";

/**
 * Hinge loss, the mean of max(0, 1 − y·s) over all entries: a score s is fine once it is on the right side of 0 by a
 * margin of 1, and costs in proportion to what it lacks. The loss of support vector machines.
 * At the hinge itself, y·s = 1, the slope is taken as 0.
 * @param prediction scores s, (outputs × m), any finite numbers: no sigmoid before it
 * @param target labels y, −1 or +1 (not 0 and 1), same shape
 * @returns the loss, and its slope: −y/n inside the margin, 0 outside, with n = outputs·m
 * @throws ShapeError when shapes differ or the batch is empty; ValueError for labels other than ±1
 * @see Cortes & Vapnik 1995, "Support-Vector Networks"
 */
export function hinge(
  prediction: Matrix,
  target: Matrix,
  options: LossOptions = {},
): readonly [number, Matrix] {
  const { weights, n, gradient } = enter(RULES, prediction, target, options);
  let total = 0;
  for (let i = 0; i < gradient.size; i++) {
    const label = target.data[i];
    const lack = 1 - label * prediction.data[i];
    const weight = weights === undefined ? 1 : weights[Math.floor(i / prediction.rows)];
    total += weight * Math.max(lack, 0);
    gradient.data[i] = lack > 0 ? (-weight * label) / n : 0;
  }
  return averaged(RULES, total, n, gradient);
}

const RULES: LossRules = { owner: "hinge", target: [signs] };
