import type { ActivationFunction } from "./activation-function";

/**
 * Hyperbolic tangent, (eᶻ − e⁻ᶻ)/(eᶻ + e⁻ᶻ): a sigmoid stretched to (−1, 1), so that its outputs are centred on
 * 0. Its slope is 1 − tanh², 1 at the centre and close to 0 once |z| exceeds about 3: it saturates as well.
 * @see LeCun et al. 1998, "Efficient BackProp", section 4.4
 */
export const tanh: ActivationFunction = {
  name: "tanh",
  apply: (z) => Math.tanh(z),
  derivative(z) {
    const a = Math.tanh(z);
    return 1 - a * a;
  },
  forward(z, a) {
    const from = z.data;
    const to = a.data;
    for (let i = 0; i < from.length; i++) to[i] = Math.tanh(from[i]);
  },
  backward(_z, a, dA, dZ) {
    const output = a.data;
    const upstream = dA.data;
    const to = dZ.data;
    for (let i = 0; i < output.length; i++) {
      const value = output[i];
      to[i] = upstream[i] * (1 - value * value);
    }
  },
};
