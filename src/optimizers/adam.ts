/*
 * Adam: a running mean of the gradients (which way, lately) over the root of a running mean of their squares (how
 * large, lately). Every weight moves about one learning rate a step, however steep or flat its own direction is.
 *
 *   m ← β₁·m + (1 − β₁)·g          m̂ = m/(1 − β₁ᵗ)
 *   v ← β₂·v + (1 − β₂)·g²         v̂ = v/(1 − β₂ᵗ)         w ← w − η·m̂/(√v̂ + ε)
 *
 * Both means start at zero, hence too small at first; dividing by 1 − βᵗ puts that right (the bias correction).
 */
import type { Optimizer, Parameter } from "../core";
import { requireNumber } from "../errors";
import { checkedParameters } from "./parameters";

export interface AdamOptions {
  /** Memory of the mean gradient, in [0, 1). */
  readonly beta1?: number;
  /** Memory of the mean squared gradient, in [0, 1). */
  readonly beta2?: number;
  /** Keeps the division finite; outside the root, as in the paper. Greater than 0. */
  readonly epsilon?: number;
}

interface Moments {
  readonly m: Float64Array;
  readonly v: Float64Array;
}

/** @see Kingma & Ba 2015, "Adam: A Method for Stochastic Optimization", Algorithm 1 */
export class Adam implements Optimizer {
  learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  private readonly moments = new Map<Parameter, Moments>();
  private steps = 0;

  /** @param learningRate η, about how far a weight moves in a step; greater than 0 */
  constructor(learningRate = 0.001, options: AdamOptions = {}) {
    this.learningRate = requireNumber("Adam", "the learning rate", learningRate, { from: 0, openFrom: true });
    this.beta1 = requireNumber("Adam", "beta1", options.beta1 ?? 0.9, { from: 0, to: 1, openTo: true });
    this.beta2 = requireNumber("Adam", "beta2", options.beta2 ?? 0.999, { from: 0, to: 1, openTo: true });
    this.epsilon = requireNumber("Adam", "epsilon", options.epsilon ?? 1e-8, { from: 0, openFrom: true });
  }

  step(parameters: readonly Parameter[]): void {
    const distinct = checkedParameters("Adam", parameters);
    this.steps += 1;
    const { beta1, beta2, epsilon, learningRate } = this;
    const correction1 = 1 - beta1 ** this.steps;
    const correction2 = 1 - beta2 ** this.steps;
    for (const parameter of distinct) {
      const { m, v } = this.momentsOf(parameter);
      const w = parameter.value.data;
      const g = parameter.gradient.data;
      for (let i = 0; i < w.length; i++) {
        const slope = g[i];
        const mean = beta1 * m[i] + (1 - beta1) * slope;
        const square = beta2 * v[i] + (1 - beta2) * (slope * slope);
        m[i] = mean;
        v[i] = square;
        w[i] = w[i] - (learningRate * (mean / correction1)) / (Math.sqrt(square / correction2) + epsilon);
      }
    }
  }

  private momentsOf(parameter: Parameter): Moments {
    const known = this.moments.get(parameter);
    if (known !== undefined) return known;
    const fresh = { m: new Float64Array(parameter.value.size), v: new Float64Array(parameter.value.size) };
    this.moments.set(parameter, fresh);
    return fresh;
  }
}
