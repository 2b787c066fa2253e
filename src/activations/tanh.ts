import type { ActivationFunction } from "./activation-function";
import { ofKind } from "./kinds";

/**
 * tanh′ = 1 − tanh². Close to ±1, a has no digits left of what it lacks to 1; there the slope comes from z.
 */
function slope(z: number, a: number): number {
  const lack = 1 - a * a;
  if (lack > 1e-6 || Number.isNaN(lack)) return lack;
  const e = Math.exp(-2 * Math.abs(z));
  return (4 * e) / ((1 + e) * (1 + e));
}

/**
 * Hyperbolic tangent, (eᶻ − e⁻ᶻ)/(eᶻ + e⁻ᶻ): a sigmoid stretched to (−1, 1), so that its outputs are centred on
 * 0. Its slope is 1 − tanh², 1 at the centre and close to 0 once |z| exceeds about 3: it saturates as well.
 * @see LeCun et al. 1998, "Efficient BackProp", section 4.4
 */
export const tanh: ActivationFunction = ofKind("tanh", {
  name: "tanh",
  apply: (z) => Math.tanh(z),
  derivative: (z) => slope(z, Math.tanh(z)),
  forward(z, a) {
    const from = z.data;
    const to = a.data;
    for (let i = 0; i < from.length; i++) to[i] = Math.tanh(from[i]);
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
