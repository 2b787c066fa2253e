/** The exercises of notebook 5: three backward passes to write, and one number to predict. */

import type { Matrix, Random } from "../../index";
import { checkMatrixFunction, checkNumber } from "./check";

/** Blame through ReLU: (Z, dA) → dZ, all (units × m). */
export const checkReluBackward = checkMatrixFunction({
  name: "reluBackward",
  arguments: ["Z", "dA"],
  result: "dZ",
  cases: (random, m): [Matrix, Matrix] => [random.randnMatrix(4, m), random.randnMatrix(4, m)],
  reference: (Z: Matrix, dA: Matrix) => Z.map((z, i, j) => (z > 0 ? dA.at(i, j) : 0)),
  mistakes: [
    {
      variant: (_Z: Matrix, dA: Matrix) => dA.map((d) => Math.max(0, d)),
      message:
        "You put the blame itself through ReLU: negative blame is lost. The gate is set by Z, on the way forward; " +
        "what passes it is dA, whatever its sign.",
    },
    {
      variant: (Z: Matrix) => Z.map((z) => (z > 0 ? 1 : 0)),
      message:
        "That is the slope of ReLU, 1 or 0. The chain rule multiplies it with the blame that arrives, dA.",
    },
    {
      variant: (Z: Matrix, dA: Matrix) => dA.hadamard(Z.map((z) => Math.max(0, z))),
      message:
        "You multiplied dA with ReLU(Z), its value. The chain rule wants its slope: 1 where Z > 0, else 0.",
    },
  ],
  praise: "Two comparisons and no multiplication: one reason why ReLU is cheap.",
});

/** Blame of the last pre-activations, for sigmoid and mean binary cross-entropy together: (A, Y) → dZ, (1 × m). */
export const checkOutputBlame = checkMatrixFunction({
  name: "outputBlame",
  arguments: ["A", "Y"],
  result: "dZ",
  cases: (random, m): [Matrix, Matrix] => [random.randMatrix(1, m), labels(random, m)],
  reference: (A: Matrix, Y: Matrix) => A.minus(Y).scale(1 / A.columns),
  mistakes: [
    {
      variant: (A: Matrix, Y: Matrix) =>
        A.minus(Y)
          .hadamard(A.map((a) => a * (1 - a)))
          .scale(1 / A.columns),
      message:
        "You multiplied with the sigmoid's slope A(1 − A) once more. In A − Y it has already cancelled against the " +
        "slope of the logarithm.",
    },
  ],
  praise: "Three operations stand for loss and sigmoid together.",
});

/** The whole way back through Z = W·X + b: (W, X, dZ) → { dW, db, dX }. */
export const checkDenseBackward = checkMatrixFunction({
  name: "denseBackward",
  arguments: ["W", "X", "dZ"],
  cases: (random, m): [Matrix, Matrix, Matrix] => [
    random.randnMatrix(3, 3),
    random.randnMatrix(3, m),
    random.randnMatrix(3, m),
  ],
  reference: (W: Matrix, X: Matrix, dZ: Matrix) => ({
    dW: dZ.times(X.transpose()),
    db: dZ.sumColumns(),
    dX: W.transpose().times(dZ),
  }),
  mistakes: [
    {
      variant: (W: Matrix, X: Matrix, dZ: Matrix) => ({
        dW: dZ.times(X.transpose()),
        db: dZ.sumColumns(),
        dX: W.times(dZ),
      }),
      message:
        "dX misses a transpose: W carried values from inputs to outputs, and blame goes the other way, through Wᵀ. " +
        "Here W is square, so the shapes could not warn you. dW and db are right.",
    },
  ],
  praise: "That is the whole backward pass of the layer that most networks are made of.",
});

/** dZ2 of the worked example, had the label been 0 instead of 1. */
export const checkOtherLabel = checkNumber({
  name: "dZ2 for the label 0",
  answer: 1 / (1 + Math.exp(-0.857)),
  tolerance: 1e-3,
  mistakes: [
    {
      value: 1 / (1 + Math.exp(-0.857)) - 1,
      message: "That is the blame for the label 1, A2 − 1. With the label 0, how far off is A2?",
    },
  ],
  praise: "The network would have been off by all of its 70 %, and in the other direction.",
});

function labels(random: Random, m: number): Matrix {
  return random.randMatrix(1, m).map((u) => (u < 0.5 ? 0 : 1));
}
