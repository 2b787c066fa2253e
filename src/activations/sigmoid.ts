import type { ActivationFunction } from "./activation-function";
import { ofKind } from "./kinds";

/** 1/(1 + e⁻ᶻ), written so that the exponential never overflows: its argument is never positive. */
function stableSigmoid(z: number): number {
  if (z >= 0) return 1 / (1 + Math.exp(-z));
  const e = Math.exp(z);
  return e / (1 + e);
}

/**
 * σ′ = σ(1 − σ). Close to 1, a has no digits left of what it lacks to 1 (at z = 37 it is 1); there, and on the other side,
 * the slope comes from z.
 */
function slope(z: number, a: number): number {
  const lack = 1 - a;
  if ((lack > 1e-6 && a > 1e-6) || Number.isNaN(a)) return a * lack;
  const e = Math.exp(-Math.abs(z));
  return e / ((1 + e) * (1 + e));
}

/**
 * Logistic sigmoid, σ(z) = 1/(1 + e⁻ᶻ): squashes any number into (0, 1), to be read as a probability.
 * Its slope is σ(1 − σ), at most ¼, and close to 0 once |z| exceeds about 5: it saturates.
 */
export const sigmoid: ActivationFunction = ofKind("sigmoid", {
  name: "sigmoid",
  apply: stableSigmoid,
  derivative: (z) => slope(z, stableSigmoid(z)),
  forward(z, a) {
    const from = z.data;
    const to = a.data;
    for (let i = 0; i < from.length; i++) {
      const value = from[i];
      if (value >= 0) {
        to[i] = 1 / (1 + Math.exp(-value));
      } else {
        const e = Math.exp(value);
        to[i] = e / (1 + e);
      }
    }
  },
  backward(z, a, dA, dZ) {
    const input = z.data;
    const output = a.data;
    const upstream = dA.data;
    const to = dZ.data;
    for (let i = 0; i < output.length; i++) {
      to[i] = upstream[i] * slope(input[i], output[i]);
    }
  },
});
