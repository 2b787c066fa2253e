/** The exercises of notebook 5: three backward passes to write, and one number to predict. */

import { Matrix, type Random } from "../index";
import { exercise } from "./exercise";
import { numberExercise } from "./number";

/** The blame, times one factor where Z > 0 and another elsewhere. */
function gated(Z: Matrix, dA: Matrix, open: number, shut: number): Matrix {
  return dA.hadamard(Z.map((z) => (z > 0 ? open : shut)));
}

/** Blame through leaky ReLU: (Z, dA, alpha) → dZ, the matrices (units × m). */
export const checkLeakyReluBackward = exercise<[Z: Matrix, dA: Matrix, alpha: number]>({
  name: "leakyReluBackward",
  given: ["Z", "dA", "alpha"],
  // Another alpha in every case, so that no number can stand in for it.
  drawn: (random, m) => [random.randnMatrix(4, m), random.randnMatrix(4, m), 0.1 * m],
  edges: {
    "an open unit": [Matrix.row([2]), Matrix.row([3]), 0.1],
    "a closed unit": [Matrix.row([-2]), Matrix.row([3]), 0.1],
    "z = 0, which counts as closed": [Matrix.row([0]), Matrix.row([-5]), 0.2],
    "negative blame, open and closed": [Matrix.row([1, -1]), Matrix.row([-4, -4]), 0.25],
  },
  reference: (Z, dA, alpha) => gated(Z, dA, 1, alpha),
  slips: [
    {
      name: "plain ReLU",
      gives: (Z, dA) => gated(Z, dA, 1, 0),
      words:
        "That is plain ReLU: where Z is negative you let nothing back. The leaky one lets alpha of the blame through.",
    },
    {
      name: "sides exchanged",
      gives: (Z, dA, alpha) => gated(Z, dA, alpha, 1),
      words:
        "The two sides are exchanged: where Z > 0 the blame passes whole, elsewhere only alpha of it does.",
    },
    {
      name: "gate set by the blame",
      gives: (_Z, dA, alpha) => dA.map((d) => (d > 0 ? d : alpha * d)),
      words:
        "You put the blame itself through leaky ReLU: negative blame shrinks. The gate is set by Z, on the way forward; what passes it is dA, whatever its sign.",
    },
    {
      name: "slope alone",
      gives: (Z, _dA, alpha) => Z.map((z) => (z > 0 ? 1 : alpha)),
      words:
        "That is the slope of leaky ReLU, 1 or alpha. The chain rule multiplies it with the blame that arrives, dA.",
    },
    {
      name: "alpha alone",
      gives: (Z, dA, alpha) => Z.map((z, i, j) => (z > 0 ? dA.at(i, j) : alpha)),
      words:
        "Right where Z > 0. Elsewhere alpha stands alone: it is a slope, and dA has to be multiplied by it.",
    },
    {
      name: "value for slope",
      gives: (Z, dA, alpha) => dA.hadamard(Z.map((z) => (z > 0 ? z : alpha * z))),
      words:
        "You multiplied dA with leaky ReLU of Z, its value. The chain rule wants its slope: 1 where Z > 0, else alpha.",
    },
    {
      name: "value below 0",
      gives: (Z, dA, alpha) => dA.hadamard(Z.map((z) => (z > 0 ? 1 : alpha * z))),
      words:
        "Right where Z > 0. Elsewhere alpha·z is the value of leaky ReLU; its slope there is alpha, the same for every z.",
    },
    {
      name: "open at 0",
      gives: (Z, dA, alpha) => dA.hadamard(Z.map((z) => (z >= 0 ? 1 : alpha))),
      words:
        "Right everywhere but at z = 0 itself, where the text says: z for z > 0, otherwise αz. So 0 is on the side of alpha.",
    },
    {
      name: "an alpha of one's own",
      fit: (answer) => {
        const own = answer(Matrix.row([-1]), Matrix.row([1]), 0.7) as Matrix | undefined;
        const alpha = own instanceof Matrix ? own.at(0, 0) : Number.NaN;
        return {
          gives: (Z, dA) => gated(Z, dA, 1, alpha),
          words: `You let ${String(Number(alpha.toPrecision(6)))} of the blame through, whatever alpha is. It comes in as an argument.`,
        };
      },
    },
  ],
  hints: [
    "The gate was set on the way forward. What did it let through then?",
    "The slope is 1 where Z > 0 and alpha elsewhere; the chain rule multiplies it with dA, entry by entry.",
    "`dA.hadamard(Z.map((z) => …))`, with the slope at z in the place of the dots.",
  ],
  praise: "A closed ReLU would have passed nothing; here even a unit that is off can still learn.",
});

function labels(random: Random, m: number): Matrix {
  return random.randMatrix(1, m).map((u) => (u < 0.5 ? 0 : 1));
}

const slopeOfSigmoid = (A: Matrix): Matrix => A.map((a) => a * (1 - a));

/** Blame of the last pre-activations, for sigmoid and mean binary cross-entropy together: (A, Y) → dZ, (1 × m). */
export const checkOutputBlame = exercise<[A: Matrix, Y: Matrix]>({
  name: "outputBlame",
  given: ["A", "Y"],
  drawn: (random, m) => [random.randMatrix(1, m), labels(random, m)],
  edges: {
    "one example with the label 1": [Matrix.row([0.75]), Matrix.row([1])],
    "one example with the label 0": [Matrix.row([0.75]), Matrix.row([0])],
  },
  extremes: {
    "an answer that is certain, and right": [Matrix.row([1, 0]), Matrix.row([1, 0])],
    "an answer that is certain, and wrong": [Matrix.row([1, 0]), Matrix.row([0, 1])],
  },
  reference: (A, Y) => A.minus(Y).scale(1 / A.columns),
  examples: (A) => A.columns,
  slips: [
    {
      name: "no 1/m",
      gives: (A, Y) => A.minus(Y),
      words:
        "The direction is right, and every entry is m times too large for a batch of m. The loss is a mean, so the blame carries a 1/m.",
    },
    {
      name: "sign",
      gives: (A, Y) => Y.minus(A).scale(1 / A.columns),
      words:
        "Every sign is turned: this is Y − A. Where the answer is too high, raising z raises the loss, so the blame is positive: A − Y.",
    },
    {
      name: "sign, no 1/m",
      gives: (A, Y) => Y.minus(A),
      words: "Every sign is turned, A − Y is wanted, and the 1/m of the mean loss is missing.",
    },
    {
      name: "slope kept",
      gives: (A, Y) =>
        A.minus(Y)
          .hadamard(slopeOfSigmoid(A))
          .scale(1 / A.columns),
      words:
        "You multiplied with the sigmoid's slope A(1 − A) once more. In A − Y it has already cancelled against the slope of the logarithm.",
    },
    {
      name: "slope kept, no 1/m",
      gives: (A, Y) => A.minus(Y).hadamard(slopeOfSigmoid(A)),
      words:
        "You multiplied with the sigmoid's slope A(1 − A) once more: in A − Y it has already cancelled. And the 1/m of the mean loss is missing.",
    },
    {
      name: "dL/dA",
      gives: (A, Y) => A.map((a, _, j) => (a - Y.at(0, j)) / (a * (1 - a)) / A.columns),
      words:
        "This is the blame of the outputs A, before the sigmoid. Times its slope A(1 − A), everything cancels but A − Y; and where an answer is certain, you divide by 0.",
    },
    {
      name: "not cancelled",
      gives: (A, Y) => A.map((a, _, j) => (((a - Y.at(0, j)) / (a * (1 - a))) * (a * (1 - a))) / A.columns),
      words:
        "Right, but not cancelled on paper: where an answer is certain, you divide 0 by 0 or multiply ∞ by 0, and NaN comes out. A − Y has neither.",
    },
    {
      name: "squared error",
      gives: (A, Y) => A.minus(Y).scale(2 / A.columns),
      words:
        "Every entry is twice too large: the 2 belongs to the slope of a squared error. For cross-entropy with a sigmoid it is A − Y.",
    },
  ],
  hints: [
    "Two slopes meet here, that of the loss and that of the sigmoid. What is left when they are multiplied on paper?",
    "(A − Y)/(A(1 − A)) times A(1 − A) is A − Y; the mean over m examples divides by m.",
    "`A.minus(Y)`, scaled by `1 / A.columns`.",
  ],
  praise: "Three operations stand for loss and sigmoid together.",
});

/** The whole way back through Z = W·X + b: (W, X, dZ) → { dW, db, dX }. */
export const checkDenseBackward = exercise<[W: Matrix, X: Matrix, dZ: Matrix]>({
  name: "denseBackward",
  given: ["W", "X", "dZ"],
  // W is square, so that a missing transpose does not stop with an error: it gives numbers, and wrong ones.
  drawn: (random, m) => [random.randnMatrix(3, 3), random.randnMatrix(3, m), random.randnMatrix(3, m)],
  sizes: [1, 3, 4, 2, 7],
  edges: {
    "one weight, one example": [Matrix.row([2]), Matrix.row([5]), Matrix.row([-3])],
    "one weight, two examples": [Matrix.row([2]), Matrix.row([5, 1]), Matrix.row([-3, 4])],
    "no blame": [
      Matrix.from([
        [1, 2],
        [0, 1],
      ]),
      Matrix.column([3, 4]),
      Matrix.column([0, 0]),
    ],
  },
  reference: (W, X, dZ) => ({
    dW: dZ.times(X.transpose()),
    db: dZ.sumColumns(),
    dX: W.transpose().times(dZ),
  }),
  examples: (_W, X) => X.columns,
  slips: [
    {
      name: "1/m twice",
      gives: (_W, X, dZ) => ({
        dW: dZ.times(X.transpose()).scale(1 / X.columns),
        db: dZ.sumColumns().scale(1 / X.columns),
      }),
      words:
        "`dW` and `db` are divided by m once more. The blame dZ comes from a mean loss and carries its 1/m already: here it is a sum.",
    },
    {
      name: "1/m twice in dW",
      gives: (_W, X, dZ) => ({ dW: dZ.times(X.transpose()).scale(1 / X.columns) }),
      words:
        "`dW` is divided by m once more. The blame dZ comes from a mean loss and carries its 1/m already.",
    },
    {
      name: "1/m twice in db",
      gives: (_W, X, dZ) => ({ db: dZ.sumColumns().scale(1 / X.columns) }),
      words:
        "`db` is divided by m once more. The blame dZ comes from a mean loss and carries its 1/m already: here it is a sum.",
    },
    {
      name: "dW transposed",
      gives: (_W, X, dZ) => ({ dW: X.times(dZ.transpose()) }),
      words: "`dW` is the transpose of the right one: X·dZᵀ. A row of W is one unit, so it is dZ·Xᵀ.",
    },
    {
      name: "db not summed",
      gives: (_W, _X, dZ) => ({ db: dZ }),
      words:
        "`db` is dZ as it came in, one column an example. The same bias served all of them, so it collects from each: sum over the columns.",
    },
    {
      name: "dX without transpose",
      gives: (W, _X, dZ) => ({ dX: W.times(dZ) }),
      words:
        "`dX` misses a transpose: W carried values from inputs to outputs, and blame goes the other way, through Wᵀ. Here W is square, so the shapes could not warn you.",
    },
    {
      name: "dX by way of X",
      gives: (W, X, dZ) => ({ dX: W.transpose().times(dZ).hadamard(X) }),
      words: "`dX` is multiplied by X once more. Z is linear in X: its slope is W alone, and Wᵀ·dZ is all.",
    },
    {
      name: "dW of one example",
      gives: (_W, X, dZ) => ({ dW: dZ.pickColumns([0]).times(X.pickColumns([0]).transpose()) }),
      words: "`dW` comes from the first example alone. The product dZ·Xᵀ sums over all columns.",
    },
  ],
  hints: [
    "Write the shapes beside each matrix: only one arrangement of the factors fits.",
    "dW = dZ·Xᵀ, db sums dZ over the examples, and dX goes back through Wᵀ.",
    "`dZ.times(X.transpose())`, `dZ.sumColumns()`, `W.transpose().times(dZ)`.",
  ],
  praise: "That is the whole backward pass of the layer that most networks are made of.",
});

/** z of the output unit in the worked example, and what the unit answers. */
const Z2 = 0.857;
const A2 = 1 / (1 + Math.exp(-Z2));

/** dZ2 of the worked example, had the label been 0 instead of 1. */
export const checkOtherLabel = numberExercise({
  name: "dZ2 for the label 0",
  answer: A2,
  tolerance: 1e-3,
  slips: [
    {
      name: "label 1",
      value: A2 - 1,
      words: "That is the blame for the label 1, A2 − 1. With the label 0, how far off is A2?",
    },
    { name: "z", value: Z2, words: "That is Z2, before the sigmoid. The blame is made of the answer, A2." },
    {
      name: "slope kept",
      value: A2 * A2 * (1 - A2),
      words: "You multiplied A2 with the sigmoid's slope A2(1 − A2). In A2 − y it has already cancelled.",
    },
    {
      name: "dL/dA",
      value: 1 / (1 - A2),
      words: "That is the blame of A2, 1/(1 − A2). Times the sigmoid's slope it becomes the blame of Z2.",
    },
    {
      name: "the loss",
      value: -Math.log(1 - A2),
      words: "That is the loss for the label 0, −log(1 − A2). Its slope along Z2 is asked for.",
    },
  ],
  hints: [
    "What is the blame of the last z, in terms of the answer and the label?",
    "dZ2 = A2 − y.",
    "y is 0 now, so dZ2 is A2 itself; its value is printed in the forward pass.",
  ],
  praise: "The network would have been off by all of its 70 %, and in the other direction.",
});
