import { requireNumber } from "../numbers/errors";
import type { ActivationFunction } from "./activation-function";
import { ofKind } from "./kinds";

/**
 * Leaky ReLU, z for z > 0 and alpha·z otherwise: what is negative still trickles through, so that a unit that
 * answers 0 to every example (a dead one) can find its way back.
 * The derivative at exactly 0 is taken as alpha.
 * @param alpha the slope on the left, at least 0 and less than 1
 * @see Maas, Hannun & Ng 2013, "Rectifier Nonlinearities Improve Neural Network Acoustic Models"
 */
export function leakyRelu(alpha = 0.01): ActivationFunction {
  requireNumber("leakyRelu", "alpha", alpha, { from: 0, to: 1, openTo: true });
  return ofKind("leakyRelu", {
    name: "leaky ReLU",
    settings: { alpha },
    kinks: [0],
    apply: (z) => (z > 0 ? z : alpha * z),
    derivative: (z) => (z > 0 ? 1 : alpha),
    forward(z, a) {
      const from = z.data;
      const to = a.data;
      for (let i = 0; i < from.length; i++) {
        const value = from[i];
        to[i] = value > 0 ? value : alpha * value;
      }
    },
    backward(z, _a, dA, dZ) {
      const input = z.data;
      const upstream = dA.data;
      const to = dZ.data;
      for (let i = 0; i < input.length; i++) to[i] = input[i] > 0 ? upstream[i] : alpha * upstream[i];
    },
  });
}
