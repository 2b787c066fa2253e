/*
 * AdaGrad: a rate of its own for every weight. What has moved a lot already moves less: the slope is divided by the
 * root of the sum of all squared slopes so far. The sum only grows, so the steps only shrink, in the end to nothing.
 *
 *   s ← s + g²          w ← w − η·g/(√s + ε)
 */
import type { Optimizer, Parameter } from "../core/core";
import type { Matrix } from "../numbers/matrix";
import { anything, flag, numberIn, type OptionTable, requireOptions } from "../numbers/options";
import { checkedParameters, Memory, requireEpsilon, requireRate } from "./parameters";

export interface AdaGradOptions {
  /** What the sum of squares begins with, 0 or more. TensorFlow.js begins with 0.1. */
  readonly initialSum?: number;
  /** Keeps the division finite; greater than 0. */
  readonly epsilon?: number;
  /** True puts ε inside the root, √(s + ε), as TensorFlow.js does. */
  readonly epsilonInsideRoot?: boolean;
}

const OPTIONS: OptionTable<AdaGradOptions> = {
  initialSum: numberIn({ from: 0, to: 1e100 }),
  epsilon: anything,
  epsilonInsideRoot: flag,
};

/**
 * A pace for each weight: the more it has been pushed so far, the smaller its steps.
 * @see Duchi, Hazan & Singer 2011, "Adaptive Subgradient Methods"
 */
export class AdaGrad implements Optimizer {
  learningRate: number;
  readonly epsilon: number;
  readonly epsilonInsideRoot: boolean;
  readonly initialSum: number;
  private readonly memory: Memory<"sumOfSquares">;

  /** @param learningRate η, about the length of each weight's first step; greater than 0 */
  constructor(learningRate = 0.01, options: AdaGradOptions = {}) {
    requireOptions("AdaGrad", options, OPTIONS);
    this.learningRate = requireRate("AdaGrad", learningRate);
    this.epsilon = requireEpsilon("AdaGrad", options.epsilon ?? 1e-8);
    this.epsilonInsideRoot = options.epsilonInsideRoot ?? false;
    this.initialSum = options.initialSum ?? 0;
    this.memory = new Memory(["sumOfSquares"], this.initialSum);
  }

  step(parameters: readonly Parameter[]): void {
    const { learningRate } = this;
    const inside = this.epsilonInsideRoot ? this.epsilon : 0;
    const outside = this.epsilonInsideRoot ? 0 : this.epsilon;
    for (const parameter of checkedParameters("AdaGrad", learningRate, parameters)) {
      const kept = this.memory.of(parameter);
      kept.steps += 1;
      const s = kept.sumOfSquares.data;
      const w = parameter.value.data;
      const g = parameter.gradient.data;
      for (let i = 0; i < w.length; i++) {
        const sum = s[i] + g[i] * g[i];
        s[i] = sum;
        w[i] = w[i] - (learningRate * g[i]) / (Math.sqrt(sum + inside) + outside);
      }
    }
  }

  /** A copy of the parameter's sum of squared gradients. */
  stateOf(parameter: Parameter): Readonly<Record<"sumOfSquares", Matrix>> {
    return this.memory.show(parameter);
  }

  reset(): void {
    this.memory.clear();
  }
}
