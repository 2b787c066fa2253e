/** Softmax for a batch, column by column. */

import { Matrix } from "../../index";
import { exercise } from "../exercise";

function columnwise(scores: Matrix, share: (scores: readonly number[]) => readonly number[]): Matrix {
  const columns = Array.from({ length: scores.columns }, (_, j) =>
    share(Array.from({ length: scores.rows }, (_, i) => scores.at(i, j))),
  );
  return scores.map((_, i, j) => columns[j][i]);
}

function normalised(values: readonly number[]): number[] {
  const sum = values.reduce((total, value) => total + value, 0);
  return values.map((value) => value / sum);
}

const largest = (values: readonly number[]): number => values.reduce((a, b) => Math.max(a, b));
const stable = (z: readonly number[]): number[] => normalised(z.map((score) => Math.exp(score - largest(z))));

/** Softmax of each column: scores (classes × m) → probabilities (classes × m). */
export const checkSoftmax = exercise<[scores: Matrix]>({
  name: "softmaxColumns",
  given: ["scores"],
  drawn: (random, m) => [random.randnMatrix(5, m).scale(2)],
  edges: {
    "two equal scores": [Matrix.column([0, 0])],
    "two classes": [Matrix.column([1, -1])],
  },
  extremes: {
    "scores of 1000 and more": [Matrix.column([1000, 1001, 999])],
    "scores of −1000 and less": [Matrix.column([-1000, -1001, -999])],
    "columns that lie far apart": [
      Matrix.from([
        [1000, -1000],
        [1001, -1001],
      ]),
    ],
  },
  reference: (scores) => columnwise(scores, stable),
  slips: [
    {
      name: "not stable",
      gives: (scores) => columnwise(scores, (z) => normalised(z.map(Math.exp))),
      words:
        "Right for ordinary scores. At 1000 it is NaN: `exp(1000)` is ∞ on a computer, and ∞/∞ is NaN. Softmax does not change when the same number is taken off all scores of a column.",
    },
    {
      name: "largest of all",
      gives: (scores) =>
        columnwise(scores, (z) =>
          normalised(z.map((score) => Math.exp(score - largest(scores.toRows().flat())))),
        ),
      words:
        "Right, except where columns lie far apart: you take off the largest score of the whole batch, so that in a column far below it every exponential becomes 0, and 0/0 is NaN. Each column has a largest of its own.",
    },
    {
      name: "exponentials",
      gives: (scores) => scores.map(Math.exp),
      words: "All positive now, but nothing sums to 1: each column has to be divided by its sum.",
    },
    {
      name: "exponentials, stable",
      gives: (scores) => columnwise(scores, (z) => z.map((score) => Math.exp(score - largest(z)))),
      words:
        "All positive now, and nothing overflows, but nothing sums to 1: each column has to be divided by its sum.",
    },
    {
      name: "one sum for all",
      gives: (scores) => {
        const powers = scores.map((score) => Math.exp(score - largest(scores.toRows().flat())));
        return powers.scale(1 / powers.sum());
      },
      words:
        "Together, all entries sum to 1. It should be every column: one example's classes compete with each other, and not with other examples.",
    },
    {
      name: "rows",
      gives: (scores) => columnwise(scores.transpose(), stable).transpose(),
      words: "Every row sums to 1. The classes of one example stand in a column.",
    },
    {
      name: "no exponentials",
      gives: (scores) => columnwise(scores, normalised),
      words: "You divided the scores themselves by their sum. Softmax takes their exponentials first.",
    },
    {
      name: "logarithm",
      gives: (scores) => columnwise(scores, stable).map(Math.log),
      words: "These are the logarithms of the probabilities. The probabilities themselves are asked for.",
    },
  ],
  hints: [
    "Make every score positive, then let each column share out 1.",
    "Exponentials, divided by the sum of their own column. So that none overflows, take the largest score of the column off first.",
    "`scores.pickColumns([j])` is one column: its largest is `Math.max(...column.data)`. The largest exponent is then 0.",
  ],
  praise: "Every column sums to 1, whatever the scores.",
});
