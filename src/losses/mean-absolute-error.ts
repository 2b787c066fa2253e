import type { LossOptions } from "../core/core";
import type { Matrix } from "../numbers/matrix";
import { averaged, enter, type LossRules } from "./door";

/**
 * Mean absolute error, the mean of |p − y| over all entries: twice as wrong counts twice, so that one outlier does not
 * rule the fit. Its slope keeps its size down to the target, where it jumps; at exactly 0 it is taken as 0.
 * @param prediction p, (outputs × m), any finite numbers
 * @param target y, same shape
 * @returns the loss in units of the target, and its slope sign(p − y)/n with n = outputs·m
 * @throws ShapeError when shapes differ or the batch is empty; ValueError for NaN and ∞
 */
export function meanAbsoluteError(
  prediction: Matrix,
  target: Matrix,
  options: LossOptions = {},
): readonly [number, Matrix] {
  const { weights, n, gradient } = enter(RULES, prediction, target, options);
  let total = 0;
  for (let i = 0; i < gradient.size; i++) {
    const error = prediction.data[i] - target.data[i];
    const weight = weights === undefined ? 1 : weights[Math.floor(i / prediction.rows)];
    total += weight * Math.abs(error);
    gradient.data[i] = (weight * Math.sign(error)) / n;
  }
  return averaged(RULES, total, n, gradient);
}

const RULES: LossRules = { owner: "meanAbsoluteError" };
