import type { ActivationFunction } from "./activation-function";

/**
 * Rectified linear unit, max(0, z): passes what is positive, blocks the rest.
 * The derivative at exactly 0 is taken as 0, as TensorFlow.js does.
 * @see Nair & Hinton 2010, "Rectified Linear Units Improve Restricted Boltzmann Machines"
 */
export const relu: ActivationFunction = {
  name: "ReLU",
  kinks: [0],
  apply: (z) => Math.max(z, 0), // unlike z > 0 ? z : 0, it hands on NaN
  derivative: (z) => (z > 0 ? 1 : 0),
  forward(z, a) {
    const from = z.data;
    const to = a.data;
    for (let i = 0; i < from.length; i++) to[i] = Math.max(from[i], 0);
  },
  backward(z, _a, dA, dZ) {
    const input = z.data;
    const upstream = dA.data;
    const to = dZ.data;
    for (let i = 0; i < input.length; i++) to[i] = input[i] > 0 ? upstream[i] : 0;
  },
};
