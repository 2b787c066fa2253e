/*
 * Momentum: a ball with weight. The velocity is a fading sum of all gradients so far; where they keep pointing one
 * way it grows, up to 1/(1 − β) of them, and where they swing from side to side they cancel.
 *
 *   v ← β·v + g          w ← w − η·v
 */
import type { Optimizer, Parameter } from "../core/core";
import type { Matrix } from "../numbers/matrix";
import { anything, type OptionTable, requireOptions } from "../numbers/options";
import { checkedParameters, Memory, requireMemory, requireRate } from "./parameters";

export interface MomentumOptions {
  /** β, the share of its velocity that the ball keeps, in [0, 1); 0.9 when left out. */
  readonly momentum?: number;
}

const OPTIONS: OptionTable<MomentumOptions> = { momentum: anything };

/** Gradient descent with momentum, in the form of PyTorch and TensorFlow.js: η scales the velocity, not the gradient. */
export class Momentum implements Optimizer {
  learningRate: number;
  readonly momentum: number;
  private readonly memory = new Memory(["velocity"]);

  /**
   * @param learningRate η, greater than 0; on a steady slope the steps grow to η/(1 − β)
   * @see Polyak 1964, "Some methods of speeding up the convergence of iteration methods"
   */
  constructor(learningRate = 0.01, options: MomentumOptions = {}) {
    requireOptions("Momentum", options, OPTIONS);
    this.learningRate = requireRate("Momentum", learningRate);
    this.momentum = requireMemory("Momentum", "the momentum", options.momentum ?? 0.9);
  }

  step(parameters: readonly Parameter[]): void {
    const { learningRate, momentum } = this;
    for (const parameter of checkedParameters("Momentum", learningRate, parameters)) {
      const kept = this.memory.of(parameter);
      kept.steps += 1;
      const v = kept.velocity.data;
      const w = parameter.value.data;
      const g = parameter.gradient.data;
      for (let i = 0; i < w.length; i++) {
        const velocity = momentum * v[i] + g[i];
        v[i] = velocity;
        w[i] = w[i] - learningRate * velocity;
      }
    }
  }

  /** A copy of the parameter's velocity v, before the rate. */
  stateOf(parameter: Parameter): Readonly<Record<"velocity", Matrix>> {
    return this.memory.show(parameter);
  }

  /** Stops every ball. */
  reset(): void {
    this.memory.clear();
  }
}
