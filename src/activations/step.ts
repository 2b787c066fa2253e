import type { ActivationFunction } from "./activation-function";
import { ofKind } from "./kinds";

/**
 * The step, 1 for z > 0 and 0 otherwise: the first neuron's yes or no. Its slope is 0 wherever it has one, so
 * nothing can be learned through it; that is why the others were found.
 * @see McCulloch & Pitts 1943, "A logical calculus of the ideas immanent in nervous activity"
 */
export const step: ActivationFunction = ofKind("step", {
  name: "step",
  kinks: [0],
  apply: decide,
  derivative: (z) => z * 0, // 0, and NaN for what is not a number
  forward(z, a) {
    const from = z.data;
    const to = a.data;
    for (let i = 0; i < from.length; i++) to[i] = decide(from[i]);
  },
  backward(_z, _a, _dA, dZ) {
    dZ.data.fill(0);
  },
});

function decide(z: number): number {
  if (z > 0) return 1;
  return z <= 0 ? 0 : Number.NaN;
}
