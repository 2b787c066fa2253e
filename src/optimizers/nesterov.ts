/*
 * Nesterov's momentum: look where the ball is about to roll, and steer by the slope there. Written in terms of the
 * point that is looked at, it needs no second gradient: the velocity is counted once more, one step ahead.
 *
 *   v ← β·v + g          w ← w − η·(g + β·v)
 */
import type { Optimizer, Parameter } from "../core/core";
import type { Matrix } from "../numbers/matrix";
import { anything, type OptionTable, requireOptions } from "../numbers/options";
import type { MomentumOptions } from "./momentum";
import { checkedParameters, Memory, requireMemory, requireRate } from "./parameters";

const OPTIONS: OptionTable<MomentumOptions> = { momentum: anything };

/** Gradient descent with Nesterov's momentum, in the form of PyTorch and TensorFlow.js. */
export class Nesterov implements Optimizer {
  learningRate: number;
  readonly momentum: number;
  private readonly memory = new Memory(["velocity"]);

  /**
   * @param learningRate η, greater than 0
   * @see Sutskever et al. 2013, "On the importance of initialization and momentum in deep learning"
   */
  constructor(learningRate = 0.01, options: MomentumOptions = {}) {
    requireOptions("Nesterov", options, OPTIONS);
    this.learningRate = requireRate("Nesterov", learningRate);
    this.momentum = requireMemory("Nesterov", "the momentum", options.momentum ?? 0.9);
  }

  step(parameters: readonly Parameter[]): void {
    const { learningRate, momentum } = this;
    for (const parameter of checkedParameters("Nesterov", learningRate, parameters)) {
      const kept = this.memory.of(parameter);
      kept.steps += 1;
      const v = kept.velocity.data;
      const w = parameter.value.data;
      const g = parameter.gradient.data;
      for (let i = 0; i < w.length; i++) {
        const velocity = momentum * v[i] + g[i];
        v[i] = velocity;
        w[i] = w[i] - learningRate * (g[i] + momentum * velocity);
      }
    }
  }

  /** A copy of the parameter's velocity v, before the rate. */
  stateOf(parameter: Parameter): Readonly<Record<"velocity", Matrix>> {
    return this.memory.show(parameter);
  }

  reset(): void {
    this.memory.clear();
  }
}
