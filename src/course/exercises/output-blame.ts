/** The blame of the last pre-activations, for sigmoid and cross-entropy together. */

import { Matrix, type Random } from "../../index";
import { exercise } from "../exercise";

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
