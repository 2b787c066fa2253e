import type { ActivationFunction } from "./activation-function";
import { ofKind } from "./kinds";
import { sigmoid } from "./sigmoid";

/**
 * Softplus, log(1 + eᶻ): a ReLU with its corner rounded off. Its slope is the sigmoid.
 *
 * Written as max(z, 0) + log(1 + e^−|z|), the exponential never overflows, and log1p keeps the digits of a small one.
 * @see Dugas et al. 2001, "Incorporating Second-Order Functional Knowledge for Better Option Pricing"
 */
export const softplus: ActivationFunction = ofKind("softplus", {
  name: "softplus",
  apply: (z) => Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))),
  derivative: (z) => sigmoid.apply(z),
  forward(z, a) {
    const from = z.data;
    const to = a.data;
    for (let i = 0; i < from.length; i++) {
      const value = from[i];
      to[i] = Math.max(value, 0) + Math.log1p(Math.exp(-Math.abs(value)));
    }
  },
  backward(z, _a, dA, dZ) {
    const input = z.data;
    const upstream = dA.data;
    const to = dZ.data;
    for (let i = 0; i < input.length; i++) {
      const value = input[i];
      const e = Math.exp(-Math.abs(value));
      to[i] = (upstream[i] * (value >= 0 ? 1 : e)) / (1 + e);
    }
  },
});
