/** One step of learning for one sigmoid neuron. */

import { Matrix } from "../../index";
import { exercise } from "../exercise";

const sigmoidOf = (z: number): number => 1 / (1 + Math.exp(-z));

interface Lesson {
  readonly answers?: (Z: Matrix) => Matrix;
  /** How the misses p − y are weighted; a slope of the sigmoid may have slipped in. */
  readonly misses?: (P: Matrix, Y: Matrix) => Matrix;
  readonly share?: (m: number) => number;
}

function learned(w: Matrix, b: number, X: Matrix, Y: Matrix, rate: number, lesson: Lesson = {}) {
  const {
    answers = (Z) => Z.map(sigmoidOf),
    misses = (P, labels) => P.minus(labels),
    share = (m) => 1 / m,
  } = lesson;
  const off = misses(answers(w.times(X).map((z) => z + b)), Y);
  const step = rate * share(X.columns);
  return { w: w.minus(off.times(X.transpose()).scale(step)), b: b - step * off.sum() };
}

/** One step of learning for one neuron: (w, b, X, Y, rate) → { w, b }. */
export const checkLearnStep = exercise<[w: Matrix, b: number, X: Matrix, Y: Matrix, rate: number]>({
  name: "learnStep",
  given: ["w", "b", "examples", "labels", "rate"],
  drawn: (random, m) => [
    random.randnMatrix(1, 3),
    random.randn(),
    random.randnMatrix(3, m),
    random.randMatrix(1, m).map((u) => (u < 0.5 ? 0 : 1)),
    0.3 + random.rand(),
  ],
  edges: {
    "one applicant who should be approved": [Matrix.row([0.5]), 0, Matrix.column([2]), Matrix.row([1]), 0.1],
    "one applicant who should be rejected": [Matrix.row([0.5]), 0, Matrix.column([2]), Matrix.row([0]), 0.1],
    "weights of 0": [
      Matrix.row([0, 0]),
      0,
      Matrix.from([
        [1, -1],
        [0, 2],
      ]),
      Matrix.row([1, 0]),
      0.5,
    ],
    "a neuron that is sure, and wrong": [Matrix.row([3]), -1, Matrix.row([4, 5]), Matrix.row([0, 0]), 0.5],
  },
  reference: (w, b, X, Y, rate) => learned(w, b, X, Y, rate),
  examples: (_w, _b, X) => X.columns,
  slips: [
    {
      name: "uphill",
      gives: (w, b, X, Y, rate) => learned(w, b, X, Y, -rate),
      words:
        "It learns the wrong way round. When the answer was too high, p − y is positive, and the weights of the facts that spoke for it must come down: subtract.",
    },
    {
      name: "no 1/m",
      gives: (w, b, X, Y, rate) => learned(w, b, X, Y, rate, { share: () => 1 }),
      words:
        "You have added up the examples and not averaged them: with m of them the step is m times too long. Where does 1/m belong?",
    },
    {
      name: "bias stands still",
      gives: (_w, b) => ({ b }),
      words: "Your bias stays as it was. It learns too: its slope is the mean of p − y.",
    },
    {
      name: "bias without 1/m",
      gives: (w, b, X, Y, rate) => ({ b: learned(w, b, X, Y, rate, { share: () => 1 }).b }),
      words: "Your bias follows the sum of p − y. It should be the mean, as for the weights.",
    },
    {
      name: "no sigmoid",
      gives: (w, b, X, Y, rate) => learned(w, b, X, Y, rate, { answers: (Z) => Z }),
      words: "You compared z with the labels. The neuron's answer is the sigmoid of z.",
    },
    {
      name: "slope of the sigmoid kept",
      gives: (w, b, X, Y, rate) =>
        learned(w, b, X, Y, rate, {
          misses: (P, labels) => P.minus(labels).hadamard(P.map((p) => p * (1 - p))),
        }),
      words:
        "You multiplied the misses by p(1 − p), the slope of the sigmoid. With this loss it has cancelled: p − y is all there is.",
    },
    {
      name: "bias left out of the sum",
      gives: (w, b, X, Y, rate) => {
        const { w: moved, b: step } = learned(w, 0, X, Y, rate);
        return { w: moved, b: b + step };
      },
      words: "Your answers come from w·x alone. The bias belongs to the sum before the sigmoid.",
    },
    {
      name: "no rate",
      gives: (w, b, X, Y) => learned(w, b, X, Y, 1),
      words: "The slopes are right. The learning rate says how far to follow them: it is missing.",
    },
  ],
  hints: [
    "What does the neuron say about each example, and how far off is that?",
    "With p the sigmoid of w·x + b: each weight goes down by rate times the mean of (p − y)·x, the bias by rate times the mean of p − y.",
    "`misses.times(examples.transpose())` is (1 × n) and sums over the examples; scale it by rate/m. `misses.sum()` serves the bias, with the same rate/m.",
  ],
  praise: "Repeat it three hundred times, and you have trained a neuron.",
});
