import type { LossOptions } from "../core/core";
import type { Matrix } from "../numbers/matrix";
import { averaged, enter, type LossRules } from "./door";

/**
 * Mean squared error, the mean of (p − y)² over all entries: twice as wrong counts four times. For regression; it is
 * maximum likelihood when the noise is normal.
 * @param prediction p, (outputs × m), any finite numbers
 * @param target y, same shape
 * @returns the loss in squared units of the target, and its slope 2·(p − y)/n with n = outputs·m
 * @throws ShapeError when shapes differ or the batch is empty; ValueError for NaN and ∞
 */
export function meanSquaredError(
  prediction: Matrix,
  target: Matrix,
  options: LossOptions = {},
): readonly [number, Matrix] {
  const { weights, n, gradient } = enter(RULES, prediction, target, options);
  let total = 0;
  for (let i = 0; i < gradient.size; i++) {
    const error = prediction.data[i] - target.data[i];
    const weight = weights === undefined ? 1 : weights[Math.floor(i / prediction.rows)];
    total += weight * error * error;
    gradient.data[i] = (weight * 2 * error) / n;
  }
  return averaged(RULES, total, n, gradient);
}

const RULES: LossRules = { owner: "meanSquaredError" };
