/*
 * Gradient descent: one step straight downhill, w ← w − η·dL/dw. On a bowl with curvature c it converges exactly
 * when |1 − η·c| < 1.
 */
import type { Optimizer, Parameter } from "../core/core";
import { checkedParameters, requireRate } from "./parameters";

/** Plain gradient descent; "stochastic" (SGD) when the gradient comes from a mini-batch. It remembers nothing. */
export class GradientDescent implements Optimizer {
  learningRate: number;

  /** @param learningRate η, the step size, greater than 0 */
  constructor(learningRate = 0.01) {
    this.learningRate = requireRate("GradientDescent", learningRate);
  }

  step(parameters: readonly Parameter[]): void {
    const { learningRate } = this;
    for (const { value, gradient } of checkedParameters("GradientDescent", learningRate, parameters)) {
      const w = value.data;
      const g = gradient.data;
      for (let i = 0; i < w.length; i++) w[i] = w[i] - learningRate * g[i];
    }
  }

  /** Nothing is kept between steps. */
  stateOf(_parameter: Parameter): Readonly<Record<string, never>> {
    return {};
  }

  reset(): void {}
}
