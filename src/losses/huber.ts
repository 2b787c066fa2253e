import type { Loss, LossOptions } from "../core/core";
import { requireNumber } from "../numbers/errors";
import type { Matrix } from "../numbers/matrix";
import { averaged, enter, type LossRules } from "./door";

/**
 * A bowl near the target, ½·e², and straight walls beyond delta, delta·(|e| − ½·delta), with the error
 * e = p − y. It has the smooth bottom of the squared error and, for outliers, the patience of the absolute one.
 * `huber()` makes the loss, with a mean over all entries: `fit(network, { loss: huber(1), … })`.
 * @param delta the error, in units of the target, where the bowl goes over into the walls; greater than 0
 * @returns a loss whose slope is e/n, cut off at ±delta/n, with n = outputs·m; it carries `delta` as a property
 * @see Huber 1964, "Robust Estimation of a Location Parameter"
 */
export function huber(delta = 1): Loss & { readonly delta: number } {
  requireNumber("huber", "delta", delta, { from: 0, openFrom: true });
  const huberLoss: Loss = (prediction: Matrix, target: Matrix, options: LossOptions = {}) => {
    const { weights, n, gradient } = enter(RULES, prediction, target, options);
    let total = 0;
    for (let i = 0; i < gradient.size; i++) {
      const error = prediction.data[i] - target.data[i];
      const size = Math.abs(error);
      const weight = weights === undefined ? 1 : weights[Math.floor(i / prediction.rows)];
      if (size <= delta) {
        total += weight * 0.5 * error * error;
        gradient.data[i] = (weight * error) / n;
      } else {
        total += weight * delta * (size - 0.5 * delta);
        gradient.data[i] = (weight * delta * Math.sign(error)) / n;
      }
    }
    return averaged(RULES, total, n, gradient);
  };
  return Object.assign(huberLoss, { delta });
}

const RULES: LossRules = { owner: "huber" };
