/** The way back through attention's softmax. */

import { Matrix } from "../../index";
import { exercise } from "../exercise";

/** For every column: what `of` makes of its entries of A and dA. */
function byColumn(A: Matrix, dA: Matrix, of: (a: number, d: number) => number): number[] {
  return Array.from({ length: A.columns }, (_, t) => {
    let sum = 0;
    for (let u = 0; u < A.rows; u++) sum += of(A.at(u, t), dA.at(u, t));
    return sum;
  });
}

const right = (A: Matrix, dA: Matrix): Matrix => {
  const means = byColumn(A, dA, (a, d) => a * d);
  return A.map((a, u, t) => a * (dA.at(u, t) - means[t]));
};

/** Shares: positive columns that sum to 1. */
function shares(scores: Matrix): Matrix {
  const powers = scores.map(Math.exp);
  const sums = byColumn(powers, powers, (p) => p);
  return powers.map((power, _, t) => power / sums[t]);
}

/** (A, dA) → dS, all (keys × queries). */
export const checkScoreSlopes = exercise<[A: Matrix, dA: Matrix]>({
  name: "scoreSlopes",
  given: ["A", "dA"],
  drawn: (random, m) => [shares(random.randnMatrix(4, m)), random.randnMatrix(4, m)],
  edges: {
    "two equal shares": [Matrix.column([0.5, 0.5]), Matrix.column([1, 3])],
    "one key that has it all": [Matrix.column([0, 1, 0]), Matrix.column([2, -1, 5])],
    "equal blame for all, which moves nothing": [Matrix.column([0.2, 0.5, 0.3]), Matrix.column([2, 2, 2])],
    "as many keys as queries": [
      Matrix.from([
        [1, 0.25, 0.5],
        [0, 0.75, 0.25],
        [0, 0, 0.25],
      ]),
      Matrix.from([
        [1, -2, 0],
        [3, 1, 4],
        [-1, 2, -2],
      ]),
    ],
  },
  reference: right,
  slips: [
    {
      name: "no mean",
      gives: (A, dA) => A.hadamard(dA),
      words:
        "You weigh the blame with the shares, and leave it there. Shares sum to 1: what one gains the others lose. Take the mean of its column off first.",
    },
    {
      name: "own slope alone",
      gives: (A, dA) => A.map((a, u, t) => a * (1 - a) * dA.at(u, t)),
      words:
        "`a·(1 − a)` is how a score moves its *own* share. It moves all the others of its column, too, by −a·aₖ each; those terms are missing.",
    },
    {
      name: "plain mean",
      gives: (A, dA) => {
        const sums = byColumn(A, dA, (_, d) => d);
        return A.map((a, u, t) => a * (dA.at(u, t) - sums[t] / A.rows));
      },
      words:
        "You take off the plain mean of dA. It is the mean with the shares as weights, Σ a·da: a key that got nothing counts for nothing.",
    },
    {
      name: "no share in front",
      gives: (A, dA) => {
        const means = byColumn(A, dA, (a, d) => a * d);
        return dA.map((d, _, t) => d - means[t]);
      },
      words:
        "The bracket is right, and its factor is missing: each entry carries its own share a in front. A key without a share has no slope.",
    },
    {
      name: "sum of dA",
      gives: (A, dA) => {
        const sums = byColumn(A, dA, (_, d) => d);
        return A.map((a, u, t) => a * (dA.at(u, t) - sums[t]));
      },
      words: "You take off the sum of dA. It is the mean with the shares as weights, Σ a·da.",
    },
    {
      name: "along the rows",
      gives: (A, dA) => right(A.transpose(), dA.transpose()).transpose(),
      words: "You take the mean along the rows. The shares of one query stand in a column.",
    },
    {
      name: "the sign of the mean",
      gives: (A, dA) =>
        right(A, dA).map((_, u, t) => {
          const means = byColumn(A, dA, (a, d) => a * d);
          return A.at(u, t) * (dA.at(u, t) + means[t]);
        }),
      words: "The mean is right, and it is taken off, not put on: a·(da − mean).",
    },
  ],
  hints: [
    "Raise one score a little: its own share grows, and all others of its column shrink.",
    "ds = a·(da − mean), where the mean is Σ a·da over the column.",
    "The means of all columns at once: `Matrix.filled(1, A.rows, 1).times(A.hadamard(dA))`, one row with a mean for each column.",
  ],
  praise: "Every column of it sums to 0, as it must.",
});
