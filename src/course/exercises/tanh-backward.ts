/** The way back through tanh, from its output alone. */

import { Matrix } from "../../index";
import { exercise } from "../exercise";

/** Back through tanh, from its output alone: (A, dA) → dZ, (units × m). */
export const checkTanhBackward = exercise<[A: Matrix, dA: Matrix]>({
  name: "tanhBackward",
  given: ["A", "dA"],
  drawn: (random, m) => [random.randnMatrix(4, m).map(Math.tanh), random.randnMatrix(4, m)],
  edges: {
    "one unit": [Matrix.row([0.5]), Matrix.row([2])],
    "an output of 0, where the slope is 1": [Matrix.row([0]), Matrix.row([-3])],
    "outputs of both signs": [Matrix.row([-0.6, 0.6]), Matrix.row([1, 1])],
    "a saturated unit, whose output is 1": [Matrix.row([1, -1]), Matrix.row([5, 5])],
  },
  reference: (A, dA) => A.map((a, i, j) => (1 - a * a) * dA.at(i, j)),
  slips: [
    {
      name: "slope alone",
      gives: (A) => A.map((a) => 1 - a * a),
      words:
        "This is the slope of tanh, and it is right. The chain rule multiplies it with what arrives, dA.",
    },
    {
      name: "slope of the sigmoid",
      gives: (A, dA) => A.map((a, i, j) => a * (1 - a) * dA.at(i, j)),
      words: "a(1 − a) is the slope of the sigmoid. That of tanh is 1 − a².",
    },
    {
      name: "tanh twice",
      gives: (A, dA) => A.map((a, i, j) => (1 - Math.tanh(a) ** 2) * dA.at(i, j)),
      words:
        "You took tanh once more. A is its output already, so the slope is 1 − A², without another tanh.",
    },
    {
      name: "no square",
      gives: (A, dA) => A.map((a, i, j) => (1 - a) * dA.at(i, j)),
      words: "You multiplied by 1 − a. The slope is 1 − a², with a square: (1 − a)(1 + a).",
    },
    {
      name: "value for slope",
      gives: (A, dA) => A.hadamard(dA),
      words:
        "You multiplied the blame with the output A. The chain rule wants the slope of tanh there, 1 − A².",
    },
    {
      name: "square alone",
      gives: (A, dA) => A.map((a, i, j) => a * a * dA.at(i, j)),
      words: "You multiplied by a². The slope is what is left of 1: 1 − a².",
    },
    {
      name: "blame squared",
      gives: (A, dA) => A.map((a, i, j) => (1 - dA.at(i, j) ** 2) * a),
      words:
        "The two arguments have changed places: the slope comes from the output A, and dA is what it multiplies.",
    },
  ],
  hints: [
    "The chain rule: what arrives, times the slope.",
    "The slope of tanh, written with its own output a, is 1 − a².",
    "`A.map((a) => 1 - a * a)` is the slope; `hadamard` multiplies two matrices entry by entry.",
  ],
  praise: "The way back needs nothing that the way forward has not computed already.",
});
