/*
 * RMSProp: AdaGrad that forgets. Each slope is divided by its own typical size lately, the root of a running mean of
 * its square; so steep and flat directions move at the same pace, and the pace does not die out.
 *
 *   s ← ρ·s + (1 − ρ)·g²          w ← w − η·g/(√s + ε)
 */
import type { Optimizer, Parameter } from "../core/core";
import type { Matrix } from "../numbers/matrix";
import { anything, flag, type OptionTable, requireOptions } from "../numbers/options";
import { checkedParameters, Memory, requireEpsilon, requireMemory, requireRate } from "./parameters";

export interface RmsPropOptions {
  /** ρ, the memory of the mean squared gradient, in [0, 1); 0.9 as in the lecture when left out (PyTorch: 0.99). */
  readonly decay?: number;
  /** Keeps the division finite; greater than 0. */
  readonly epsilon?: number;
  /** True puts ε inside the root, √(s + ε), as TensorFlow.js does. False, the default, is PyTorch's form, √s + ε. */
  readonly epsilonInsideRoot?: boolean;
}

const OPTIONS: OptionTable<RmsPropOptions> = { decay: anything, epsilon: anything, epsilonInsideRoot: flag };

/**
 * A pace for each weight, by the recent size of its gradients.
 * @see Tieleman & Hinton 2012, "Neural Networks for Machine Learning", lecture 6.5
 */
export class RmsProp implements Optimizer {
  learningRate: number;
  readonly decay: number;
  readonly epsilon: number;
  readonly epsilonInsideRoot: boolean;
  private readonly memory = new Memory(["meanSquare"]);

  /** @param learningRate η, about how far a weight moves in a step; greater than 0 */
  constructor(learningRate = 0.001, options: RmsPropOptions = {}) {
    requireOptions("RmsProp", options, OPTIONS);
    this.learningRate = requireRate("RmsProp", learningRate);
    this.decay = requireMemory("RmsProp", "the decay", options.decay ?? 0.9);
    this.epsilon = requireEpsilon("RmsProp", options.epsilon ?? 1e-8);
    this.epsilonInsideRoot = options.epsilonInsideRoot ?? false;
  }

  step(parameters: readonly Parameter[]): void {
    const { learningRate, decay } = this;
    const inside = this.epsilonInsideRoot ? this.epsilon : 0;
    const outside = this.epsilonInsideRoot ? 0 : this.epsilon;
    for (const parameter of checkedParameters("RmsProp", learningRate, parameters)) {
      const kept = this.memory.of(parameter);
      kept.steps += 1;
      const s = kept.meanSquare.data;
      const w = parameter.value.data;
      const g = parameter.gradient.data;
      for (let i = 0; i < w.length; i++) {
        const square = decay * s[i] + (1 - decay) * (g[i] * g[i]);
        s[i] = square;
        w[i] = w[i] - (learningRate * g[i]) / (Math.sqrt(square + inside) + outside);
      }
    }
  }

  /** A copy of the parameter's running mean of squared gradients, s. */
  stateOf(parameter: Parameter): Readonly<Record<"meanSquare", Matrix>> {
    return this.memory.show(parameter);
  }

  reset(): void {
    this.memory.clear();
  }
}
