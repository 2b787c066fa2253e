/** The exercises of notebook 5: three backward passes to write, and one number to predict. */

import type { Matrix, Random } from "../index";
import { checkMatrixFunction, checkNumber } from "./check";

/** Blame through leaky ReLU: (Z, dA, alpha) → dZ, the matrices (units × m). */
export const checkLeakyReluBackward = checkMatrixFunction({
  name: "leakyReluBackward",
  arguments: ["Z", "dA", "alpha"],
  result: "dZ",
  cases: (random, m): [Matrix, Matrix, number] => [
    random.randnMatrix(4, m),
    random.randnMatrix(4, m),
    // Another one in every case, so that no number can stand in for it.
    0.1 * m,
  ],
  reference: (Z: Matrix, dA: Matrix, alpha: number) => gated(Z, dA, 1, alpha),
  mistakes: [
    {
      variant: (Z: Matrix, dA: Matrix) => gated(Z, dA, 1, 0),
      message:
        "That is plain ReLU: where Z is negative you let nothing back. The leaky one lets alpha of the blame through.",
    },
    {
      variant: (Z: Matrix, dA: Matrix, alpha: number) => gated(Z, dA, alpha, 1),
      message:
        "The two sides are exchanged: where Z > 0 the blame passes whole, elsewhere only alpha of it does.",
    },
    {
      variant: (_Z: Matrix, dA: Matrix, alpha: number) => dA.map((d) => (d > 0 ? d : alpha * d)),
      message:
        "You put the blame itself through leaky ReLU: negative blame shrinks. The gate is set by Z, on the way " +
        "forward; what passes it is dA, whatever its sign.",
    },
    {
      variant: (Z: Matrix, _dA: Matrix, alpha: number) => Z.map((z) => (z > 0 ? 1 : alpha)),
      message:
        "That is the slope of leaky ReLU, 1 or alpha. The chain rule multiplies it with the blame that arrives, dA.",
    },
    {
      variant: (Z: Matrix, dA: Matrix, alpha: number) => Z.map((z, i, j) => (z > 0 ? dA.at(i, j) : alpha)),
      message:
        "Right where Z > 0. Elsewhere alpha stands alone: it is a slope, and dA has to be multiplied by it.",
    },
    {
      variant: (Z: Matrix, dA: Matrix, alpha: number) => dA.hadamard(Z.map((z) => (z > 0 ? z : alpha * z))),
      message:
        "You multiplied dA with leaky ReLU of Z, its value. The chain rule wants its slope: 1 where Z > 0, else alpha.",
    },
    {
      variant: (Z: Matrix, dA: Matrix, alpha: number) => dA.hadamard(Z.map((z) => (z > 0 ? 1 : alpha * z))),
      message:
        "Right where Z > 0. Elsewhere alpha·z is the value of leaky ReLU; its slope there is alpha, the same for every z.",
    },
  ],
  praise: "A closed ReLU would have passed nothing; here even a unit that is off can still learn.",
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

/** The blame, times one factor where Z > 0 and another elsewhere. */
function gated(Z: Matrix, dA: Matrix, open: number, shut: number): Matrix {
  return dA.hadamard(Z.map((z) => (z > 0 ? open : shut)));
}

function labels(random: Random, m: number): Matrix {
  return random.randMatrix(1, m).map((u) => (u < 0.5 ? 0 : 1));
}
