import type { ActivationFunction } from "./activation-function";
import { erfc } from "./erf";
import { ofKind } from "./kinds";

/**
 * Gaussian error linear unit, z·Φ(z), where Φ(z) = ½·erfc(−z/√2) is the share of a bell curve left of z: a ReLU
 * that weighs its input by how likely it is to be positive, instead of cutting at 0. Dips to −0.17 near z = −0.75.
 * Its slope is Φ(z) + z·φ(z), with the bell curve φ(z) = e^(−z²/2)/√(2π).
 * @see Hendrycks & Gimpel 2016, "Gaussian Error Linear Units (GELUs)"
 */
export const gelu: ActivationFunction = ofKind("gelu", {
  name: "GELU",
  apply: (z) => z * below(z),
  derivative: slope,
  forward(z, a) {
    const from = z.data;
    const to = a.data;
    for (let i = 0; i < from.length; i++) to[i] = from[i] * below(from[i]);
  },
  backward(z, _a, dA, dZ) {
    const input = z.data;
    const upstream = dA.data;
    const to = dZ.data;
    for (let i = 0; i < input.length; i++) to[i] = upstream[i] * slope(input[i]);
  },
});

const ONE_OVER_ROOT_2PI = 1 / Math.sqrt(2 * Math.PI);

/** Φ(z). With erfc rather than 1 + erf, so that the left tail keeps its digits. */
function below(z: number): number {
  return 0.5 * erfc(-z * Math.SQRT1_2);
}

function slope(z: number): number {
  return below(z) + z * Math.exp(-0.5 * z * z) * ONE_OVER_ROOT_2PI;
}
