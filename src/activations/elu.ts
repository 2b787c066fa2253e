import { requireNumber } from "../numbers/errors";
import type { ActivationFunction } from "./activation-function";
import { ofKind } from "./kinds";

/**
 * Exponential linear unit, z for z > 0 and alpha·(eᶻ − 1) otherwise: a ReLU whose left side bends down to −alpha
 * instead of breaking off at 0. With alpha = 1 the slope has no jump.
 * @param alpha how far down the left side goes, greater than 0
 * @see Clevert, Unterthiner & Hochreiter 2016, "Fast and Accurate Deep Network Learning by ELUs"
 */
export function elu(alpha = 1): ActivationFunction {
  requireNumber("elu", "alpha", alpha, { from: 0, openFrom: true });
  return ofKind("elu", {
    name: "ELU",
    settings: { alpha },
    kinks: [0], // with alpha = 1 only the curvature jumps
    // expm1 keeps the digits that eᶻ − 1 loses near 0; on the left its argument is never positive
    apply: (z) => (z > 0 ? z : alpha * Math.expm1(z)),
    derivative: (z) => (z > 0 ? 1 : alpha * Math.exp(z)),
    forward(z, a) {
      const from = z.data;
      const to = a.data;
      for (let i = 0; i < from.length; i++) {
        const value = from[i];
        to[i] = value > 0 ? value : alpha * Math.expm1(value);
      }
    },
    backward(z, _a, dA, dZ) {
      const input = z.data;
      const upstream = dA.data;
      const to = dZ.data;
      for (let i = 0; i < input.length; i++) {
        // alpha·eᶻ is also a + alpha, which is 0 from z = −37 on, where a has rounded to −alpha
        to[i] = input[i] > 0 ? upstream[i] : upstream[i] * (alpha * Math.exp(input[i]));
      }
    },
  });
}
