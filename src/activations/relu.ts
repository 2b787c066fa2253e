import { plain } from "../numbers/kernels/plain-engine";
import type { ActivationFunction } from "./activation-function";
import { ofKind } from "./kinds";

/**
 * Rectified linear unit, max(0, z): passes what is positive, blocks the rest.
 * The derivative at exactly 0 is taken as 0, as TensorFlow.js does.
 * @see Nair & Hinton 2010, "Rectified Linear Units Improve Restricted Boltzmann Machines"
 */
export const relu: ActivationFunction = ofKind("relu", {
  name: "ReLU",
  kinks: [0],
  apply: (z) => Math.max(z, 0), // unlike z > 0 ? z : 0, it hands on NaN
  derivative: (z) => (z > 0 ? 1 : 0),
  forward: (z, a, engine = plain) => engine.relu(z, a),
  backward: (_z, a, dA, dZ, engine = plain) => engine.reluBackward(a, dA, dZ),
});
