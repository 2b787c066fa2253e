/*
 * Gradient descent: one step straight downhill, w ← w − η·dL/dw. On a bowl with curvature c it converges exactly
 * when |1 − η·c| < 1.
 */
import type { Optimizer, Parameter } from "../core";
import { requireNumber } from "../errors";
import { checkedParameters } from "./parameters";

/** Plain gradient descent; "stochastic" (SGD) when the gradient comes from a mini-batch. */
export class GradientDescent implements Optimizer {
  learningRate: number;

  /** @param learningRate η, the step size, greater than 0 */
  constructor(learningRate = 0.01) {
    this.learningRate = requireNumber("GradientDescent", "the learning rate", learningRate, {
      from: 0,
      openFrom: true,
    });
  }

  step(parameters: readonly Parameter[]): void {
    for (const { value, gradient } of checkedParameters("GradientDescent", parameters)) {
      const w = value.data;
      const g = gradient.data;
      for (let i = 0; i < w.length; i++) w[i] = w[i] - this.learningRate * g[i];
    }
  }
}
