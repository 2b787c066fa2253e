import type { ActivationFunction } from "./activation-function";
import { ofKind } from "./kinds";

/** The identity, z: no activation at all. For the output of a regression, and to show why the others exist. */
export const linear: ActivationFunction = ofKind("linear", {
  name: "linear",
  apply: (z) => z,
  derivative: () => 1,
  forward(z, a) {
    a.data.set(z.data);
  },
  backward(_z, _a, dA, dZ) {
    dZ.data.set(dA.data);
  },
});
