/*
 * Adam: a running mean of the gradients (which way, lately) over the root of a running mean of their squares (how
 * large, lately). Every weight moves about one learning rate a step, however steep or flat its own direction is.
 *
 *   m ← β₁·m + (1 − β₁)·g          m̂ = m/(1 − β₁ᵗ)
 *   v ← β₂·v + (1 − β₂)·g²         v̂ = v/(1 − β₂ᵗ)         w ← w − η·m̂/(√v̂ + ε)
 *
 * Both means start at zero, hence too small at first; dividing by 1 − βᵗ puts that right (the bias correction).
 */
import type { Optimizer, Parameter } from "../core/core";
import type { Engine } from "../numbers/engine";
import { plain } from "../numbers/kernels/plain-engine";
import type { Matrix } from "../numbers/matrix";
import { anything, flag, type OptionTable, requireOptions } from "../numbers/options";
import { checkedParameters, Memory, requireEpsilon, requireMemory, requireRate } from "./parameters";

export interface AdamOptions {
  /** Memory of the mean gradient, in [0, 1). */
  readonly beta1?: number;
  /** Memory of the mean squared gradient, in [0, 1). */
  readonly beta2?: number;
  /** Keeps the division finite; outside the root, as in the paper. Greater than 0. */
  readonly epsilon?: number;
  /** False leaves the bias correction out, to see what it is good for. */
  readonly biasCorrection?: boolean;
}

export const ADAM_OPTIONS: OptionTable<AdamOptions> = {
  beta1: anything,
  beta2: anything,
  epsilon: anything,
  biasCorrection: flag,
};

/** The settings of Adam, or of an optimizer that builds on it, all checked and none left out. */
export function adamSettings(
  owner: string,
  learningRate: number,
  options: AdamOptions,
): { learningRate: number } & Required<AdamOptions> {
  return {
    learningRate: requireRate(owner, learningRate),
    beta1: requireMemory(owner, "beta1", options.beta1 ?? 0.9),
    beta2: requireMemory(owner, "beta2", options.beta2 ?? 0.999),
    epsilon: requireEpsilon(owner, options.epsilon ?? 1e-8),
    biasCorrection: options.biasCorrection ?? true,
  };
}

/**
 * Momentum's direction and a pace for each weight, both corrected for having started at zero.
 * @see Kingma & Ba 2015, "Adam: A Method for Stochastic Optimization", Algorithm 1
 */
export class Adam implements Optimizer {
  learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly biasCorrection: boolean;
  private readonly memory = new Memory(["m", "v"]);

  /** @param learningRate η, about how far a weight moves in a step; greater than 0 */
  constructor(learningRate = 0.001, options: AdamOptions = {}) {
    requireOptions("Adam", options, ADAM_OPTIONS);
    const settings = adamSettings("Adam", learningRate, options);
    this.learningRate = settings.learningRate;
    this.beta1 = settings.beta1;
    this.beta2 = settings.beta2;
    this.epsilon = settings.epsilon;
    this.biasCorrection = settings.biasCorrection;
  }

  step(parameters: readonly Parameter[], engine: Engine = plain): void {
    const { beta1, beta2, epsilon, learningRate } = this;
    for (const parameter of checkedParameters("Adam", learningRate, parameters, engine)) {
      const { value, gradient } = parameter;
      const kept = this.memory.of(parameter);
      kept.steps += 1;
      // β-powers in float64: float32 rounds 1 − 0.999¹ off in its fourth digit
      const correction1 = this.biasCorrection ? 1 - beta1 ** kept.steps : 1;
      const correction2 = this.biasCorrection ? 1 - beta2 ** kept.steps : 1;
      engine.adopt(kept.m);
      engine.adopt(kept.v);
      engine.adam(value, gradient, kept.m, kept.v, {
        rate: learningRate / correction1, // m̂ is m/(1 − β₁ᵗ): its division is done once, not for each weight
        beta1,
        beta2,
        correction2,
        epsilon,
      });
    }
  }

  memoryOf(parameter: Parameter): readonly Matrix[] {
    return this.memory.matricesOf(parameter);
  }

  /** Copies of the parameter's running means: m of the gradient, v of its square, both before the correction. */
  stateOf(parameter: Parameter): Readonly<Record<"m" | "v", Matrix>> {
    return this.memory.show(parameter);
  }

  /** Forgets both means and begins again at step 1. */
  reset(): void {
    this.memory.clear();
  }
}
