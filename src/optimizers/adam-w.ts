/*
 * AdamW: Adam with weight decay beside it, not inside it. An L2 penalty added to the loss goes through Adam's
 * division, so that the weights with the largest gradients decay least; here every weight first shrinks by the same
 * share, and Adam then steps as if nothing had happened. Biases, scales and shifts (`decays: false`) do not shrink.
 *
 *   w ← w − η·λ·w,   then Adam's step
 */
import type { Optimizer, Parameter } from "../core/core";
import type { Engine } from "../numbers/engine";
import { requireFlag, requireNumber } from "../numbers/errors";
import { plain } from "../numbers/kernels/plain-engine";
import type { Matrix } from "../numbers/matrix";
import { aFunction, numberIn, type OptionTable, requireOptions } from "../numbers/options";
import { ADAM_OPTIONS, Adam, type AdamOptions, adamSettings } from "./adam";
import { checkedParameters } from "./parameters";

export interface AdamWOptions extends AdamOptions {
  /** λ, 0 or more: each step a weight loses the share η·λ of its size. */
  readonly weightDecay?: number;
  /**
   * Which parameters shrink. Left out: those that `decay`, which all matrices do, and no bias, scale or shift. To spare the
   * tables of tokens and positions, too: `decays: ({ name, decays }) => decays !== false && !/^(tokens|positions)\./.test(name)`.
   */
  readonly decays?: (parameter: Parameter) => boolean;
}

const OPTIONS: OptionTable<AdamWOptions> = {
  ...ADAM_OPTIONS,
  weightDecay: numberIn({ from: 0 }),
  decays: aFunction("a function that says whether a parameter decays"),
};

/** Whether a parameter shrinks, where nobody says otherwise. */
const unlessSpared = ({ decays }: Parameter): boolean => decays !== false;

/**
 * Adam with weight decay beside it, not inside the gradient.
 * In PyTorch's form: a weight loses the share η·λ, with the learning rate η. In the paper's Algorithm 2 it loses the share
 * η·λ with a schedule multiplier η that the step size α does not enter: their λ is our learning rate times ours.
 * @see Loshchilov & Hutter 2019, "Decoupled Weight Decay Regularization"
 */
export class AdamW implements Optimizer {
  learningRate: number;
  readonly weightDecay: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly biasCorrection: boolean;
  readonly decays: (parameter: Parameter) => boolean;
  private readonly adam: Adam;

  /** @param learningRate η, greater than 0 */
  constructor(learningRate = 0.001, options: AdamWOptions = {}) {
    requireOptions("AdamW", options, OPTIONS);
    const { decays = unlessSpared, weightDecay = 0.01, ...adam } = options;
    const { learningRate: rate, ...settings } = adamSettings("AdamW", learningRate, adam);
    this.adam = new Adam(rate, settings);
    this.learningRate = rate;
    this.beta1 = this.adam.beta1;
    this.beta2 = this.adam.beta2;
    this.epsilon = this.adam.epsilon;
    this.biasCorrection = this.adam.biasCorrection;
    this.weightDecay = weightDecay;
    this.decays = decays;
  }

  step(parameters: readonly Parameter[], engine: Engine = plain): void {
    const checked = checkedParameters("AdamW", this.learningRate, parameters, engine);
    const share = this.learningRate * this.weightDecay;
    requireNumber("AdamW", "learning rate × weight decay", share, { to: 1 });
    for (const parameter of checked) this.asks(parameter); // all are asked before the first one shrinks
    for (const parameter of checked) {
      if (!this.asks(parameter)) continue;
      const w = parameter.value.data;
      for (let i = 0; i < w.length; i++) w[i] = w[i] - share * w[i];
    }
    this.adam.learningRate = this.learningRate;
    this.adam.step(checked, engine);
  }

  private asks(parameter: Parameter): boolean {
    return requireFlag("AdamW", `the answer of decays for ${parameter.name}`, this.decays(parameter));
  }

  memoryOf(parameter: Parameter): readonly Matrix[] {
    return this.adam.memoryOf(parameter);
  }

  /** Copies of Adam's running means, m and v. */
  stateOf(parameter: Parameter): Readonly<Record<"m" | "v", Matrix>> {
    return this.adam.stateOf(parameter);
  }

  reset(): void {
    this.adam.reset();
  }
}
