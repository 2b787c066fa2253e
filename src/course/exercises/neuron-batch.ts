/** One neuron with a step, for a whole batch. */

import { Matrix } from "../../index";
import { exercise } from "../exercise";

const preActivations = (w: Matrix, b: number, X: Matrix): Matrix => w.times(X).map((z) => z + b);
const step = (Z: Matrix): Matrix => Z.map((z) => (z > 0 ? 1 : 0));

/** (w 1 × n, b, X n × m) → answers 0 or 1, (1 × m). */
export const checkNeuronBatch = exercise<[w: Matrix, b: number, X: Matrix]>({
  name: "neuronBatch",
  given: ["w", "b", "X"],
  sizes: [1, 9, 12, 7, 15],
  drawn: (random, m) => [random.randnMatrix(1, 4), 1.5 * random.randn(), random.randnMatrix(4, m)],
  edges: {
    "one applicant, approved": [Matrix.row([2]), 1, Matrix.column([3])],
    "one applicant, rejected": [Matrix.row([2]), 1, Matrix.column([-3])],
    "an applicant exactly on the line, where z = 0 and the answer is 0": [
      Matrix.row([1, 2]),
      -3,
      Matrix.from([
        [1, 3],
        [1, 3],
      ]),
    ],
    "a bias that decides alone": [
      Matrix.row([1, 1]),
      5,
      Matrix.from([
        [-1, 1],
        [-1, 0],
      ]),
    ],
  },
  reference: (w, b, X) => step(preActivations(w, b, X)),
  slips: [
    {
      name: "no step",
      gives: preActivations,
      words: "These are the scores z, and they are right. The step is missing: 1 where z > 0, else 0.",
    },
    {
      name: "no bias",
      gives: (w, _b, X) => step(w.times(X)),
      words: "The bias is missing: the sum has to exceed −b, not 0.",
    },
    {
      name: "minus b",
      gives: (w, b, X) => step(preActivations(w, -b, X)),
      words: "The bias has the wrong sign: z = w·x + b, and its sign is part of b.",
    },
    {
      name: "0 counts as yes",
      gives: (w, b, X) => preActivations(w, b, X).map((z) => (z >= 0 ? 1 : 0)),
      words:
        "Right everywhere but on the line itself: where z is exactly 0, the answer is 0. The step asks for z > 0.",
    },
    {
      name: "opposite",
      gives: (w, b, X) => step(preActivations(w, b, X)).map((answer) => 1 - answer),
      words: "Every answer is the opposite of the right one: the step says 1 above 0, not below.",
    },
    {
      name: "bias per input",
      gives: (w, b, X) => step(preActivations(w, w.columns * b, X)),
      words: "The bias is added once for every input. It belongs to the neuron: once for each applicant.",
    },
    {
      name: "first column only",
      gives: (w, b, X) => Matrix.filled(1, X.columns, step(preActivations(w, b, X)).at(0, 0)),
      words: "Every column has the first applicant's answer. Somewhere the index of the column stands still.",
    },
    {
      name: "sigmoid",
      gives: (w, b, X) => preActivations(w, b, X).map((z) => 1 / (1 + Math.exp(-z))),
      words:
        "These are the answers of a sigmoid, between 0 and 1. Here the activation is the step: 1 where z > 0, else 0.",
    },
  ],
  hints: [
    "One score for each applicant, then one decision for each score.",
    "The scores of all applicants at once are w·X, a row; the bias is added to each.",
    "`w.times(X)` is (1 × m), and its `map` gets every score: add b there, and answer 1 or 0.",
  ],
  praise: "One product decides about everybody at once.",
});
