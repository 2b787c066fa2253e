// The exercises of notebook 13, answered as readers answer.
import { Matrix, softmax } from "glassbox";
import { checkCausalWeights, checkRotary, checkScoreSlopes, checkUnmovedTokens } from "glassbox/notebook";
import { describeAnswers } from "../support/answers";

describeAnswers(checkUnmovedTokens, { "3": 3, counted: [1, 4, 5].length }, [
  ["only the first", 1, /^The first column stays/],
  ["those that change", 2, /That many columns change/],
  ["all", 5, /Two columns hold another word/],
  ["none", 0, /Its column stays at least/],
  ["four", 4, /^Not yet/],
  ["a text", "3" as unknown as number, /got a text, "3"/],
  ["NaN", Number("three"), /Your calculation gave NaN/],
]);

type OfScores = (S: Matrix) => unknown;
const hide =
  (hidden: (u: number, t: number) => boolean, score = -Infinity) =>
  (S: Matrix): Matrix =>
    S.map((s, u, t) => (hidden(u, t) ? score : s));
/** Softmax by columns, as readers write it. */
const plainly = (S: Matrix, largest = true): Matrix => {
  const columns = S.transpose().toRows();
  const out = columns.map((scores) => {
    const top = largest ? Math.max(...scores) : 0;
    const powers = scores.map((s) => Math.exp(s - top));
    const sum = powers.reduce((a, b) => a + b);
    return powers.map((p) => p / sum);
  });
  return Matrix.from(out).transpose();
};
const later = (u: number, t: number): boolean => u > t;

describeAnswers<OfScores>(
  checkCausalWeights,
  {
    "−∞, then softmax": (S) => plainly(hide(later)(S)),
    "a loop that stops at t": (S) => {
      const A = Matrix.zeros(S.rows, S.columns);
      for (let t = 0; t < S.columns; t++) {
        const seen = Array.from({ length: t + 1 }, (_, u) => S.at(u, t));
        const p = softmax(Matrix.column(seen));
        for (let u = 0; u <= t; u++) A.set(u, t, p.at(u, 0));
      }
      return A;
    },
    "a very negative number, as it is never alone here": (S) => plainly(hide(later, -1e9)(S)),
  },
  [
    ["no mask", (S) => plainly(S), /Nothing is hidden yet/],
    ["the past", (S) => plainly(hide((u, t) => u < t)(S)), /hide the past and show the future/],
    ["rows", (S) => plainly(hide(later)(S).transpose()).transpose(), /every row sums to 1/],
    ["zeros", (S) => plainly(hide(later, 0)(S)), /Its exponential is 1/],
    ["afterwards", (S) => plainly(S).map((a, u, t) => (u > t ? 0 : a)), /the columns no longer sum to 1/],
    ["not stable", (S) => plainly(hide(later)(S), false), /^Right for ordinary scores/],
    ["without itself", (S) => plainly(hide((u, t) => u >= t)(S)), /NaN|not a number/],
    ["the scores", (S) => hide(later)(S), /differs from the right one/],
    ["a list", (S) => plainly(hide(later)(S)).toRows(), /expected a Matrix/],
    ["into S", (S) => S.fill(0), /writes into its argument `S`/],
  ],
);

type OfShares = (A: Matrix, dA: Matrix) => unknown;
const meanOf = (A: Matrix, dA: Matrix): Matrix => Matrix.filled(1, A.rows, 1).times(A.hadamard(dA));

describeAnswers<OfShares>(
  checkScoreSlopes,
  {
    "share times distance from the mean": (A, dA) => {
      const mean = meanOf(A, dA);
      return A.map((a, u, t) => a * (dA.at(u, t) - mean.at(0, t)));
    },
    "the whole Jacobian, column by column": (A, dA) =>
      A.map((a, u, t) => {
        let sum = 0;
        for (let k = 0; k < A.rows; k++) sum += dA.at(k, t) * A.at(k, t) * ((k === u ? 1 : 0) - a);
        return sum;
      }),
  },
  [
    ["no mean", (A, dA) => A.hadamard(dA), /what one gains the others lose/],
    ["own slope", (A, dA) => A.map((a, u, t) => a * (1 - a) * dA.at(u, t)), /those terms are missing/],
    [
      "plain mean",
      (A, dA) => {
        const mean = Matrix.filled(1, A.rows, 1 / A.rows).times(dA);
        return A.map((a, u, t) => a * (dA.at(u, t) - mean.at(0, t)));
      },
      /plain mean of dA/,
    ],
    [
      "no share in front",
      (A, dA) => {
        const mean = meanOf(A, dA);
        return dA.map((d, _u, t) => d - mean.at(0, t));
      },
      /its factor is missing/,
    ],
    [
      "the sign",
      (A, dA) => {
        const mean = meanOf(A, dA);
        return A.map((a, u, t) => a * (dA.at(u, t) + mean.at(0, t)));
      },
      /taken off, not put on/,
    ],
    ["the sign of all", (A, dA) => A.hadamard(dA.minus(dA)).minus(A.hadamard(dA)), /./],
    ["transposed", (A, dA) => A.hadamard(dA).transpose(), /./],
    ["one number", (A, dA) => A.hadamard(dA).sum(), /expected a Matrix/],
  ],
);

type OfQueries = (Q: Matrix) => unknown;
const turned =
  (angle: (even: number, t: number, d: number) => number, sign = 1) =>
  (Q: Matrix): Matrix =>
    Q.map((_entry, i, t) => {
      const even = i - (i % 2);
      const theta = angle(even, t, Q.rows);
      const [x, y] = [Q.at(even, t), Q.at(even + 1, t)];
      return i === even
        ? x * Math.cos(theta) - sign * y * Math.sin(theta)
        : sign * x * Math.sin(theta) + y * Math.cos(theta);
    });

describeAnswers<OfQueries>(
  checkRotary,
  {
    "entry by entry": turned((even, t, d) => t * 10_000 ** (-even / d)),
    "pair by pair": (Q) => {
      const out = Q.clone();
      for (let t = 0; t < Q.columns; t++) {
        for (let i = 0; i < Q.rows / 2; i++) {
          const theta = t / 10_000 ** ((2 * i) / Q.rows);
          const [x, y] = [Q.at(2 * i, t), Q.at(2 * i + 1, t)];
          out.set(2 * i, t, x * Math.cos(theta) - y * Math.sin(theta));
          out.set(2 * i + 1, t, x * Math.sin(theta) + y * Math.cos(theta));
        }
      }
      return out;
    },
  },
  [
    ["the other way", turned((even, t, d) => t * 10_000 ** (-even / d), -1), /turn the other way/],
    ["from 1", turned((even, t, d) => (t + 1) * 10_000 ** (-even / d)), /count places from 1/],
    ["one speed", turned((_even, t) => t), /same speed/],
    ["half the exponent", turned((even, t, d) => t * 10_000 ** (-even / 2 / d)), /half of that/],
    ["faster and faster", turned((even, t, d) => t * 10_000 ** (even / d)), /carries a minus/],
    ["untouched", (Q) => Q.clone(), /./],
    ["places added", (Q) => Q.map((q, _i, t) => q + t), /./],
    ["a list", (Q) => Q.toRows(), /expected a Matrix/],
  ],
);
