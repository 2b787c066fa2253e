// The exercises of notebook 4, answered as readers answer.
import { huber, type Matrix, softmax } from "glassbox";
import { checkCrossEntropySlope, checkHuber, checkSurpriseOfClass } from "glassbox/notebook";
import { describeAnswers } from "../support/answers";

type Piece = (e: number, delta: number) => number;
const bowl: Piece = (e, d) => (Math.abs(e) <= d ? 0.5 * e * e : d * (Math.abs(e) - 0.5 * d));
const pull: Piece = (e, d) => (Math.abs(e) <= d ? e : d * Math.sign(e));
const written =
  (cost: Piece, slope: Piece, share = (m: number) => 1 / m) =>
  (p: Matrix, y: Matrix, delta: number) => {
    const e = p.minus(y);
    return {
      loss: e.map((value) => cost(value, delta)).sum() * share(e.size),
      slope: e.map((value) => slope(value, delta) * share(e.size)),
    };
  };

describeAnswers(
  checkHuber,
  {
    "piece by piece": written(bowl, pull),
    "the library's": (p, y, delta) => {
      const [loss, slope] = huber(delta)(p, y);
      return { loss, slope };
    },
    clamped: written(bowl, (e, d) => Math.max(-d, Math.min(d, e))),
  },
  [
    ["a sum for the mean", written(bowl, pull, () => 1), /you have summed/],
    [
      "slope summed",
      (p, y, d) => ({ ...written(bowl, pull)(p, y, d), slope: written(bowl, pull, () => 1)(p, y, d).slope }),
      /Your slope is m times too large.*\n`loss` is right already/,
    ],
    ["no wall in the slope", written(bowl, (e) => e), /bowl everywhere/],
    ["both walls to one side", written(bowl, (e, d) => (Math.abs(e) <= d ? e : d)), /left wall/],
    [
      "abs forgotten",
      written(
        (e, d) => (e <= d ? 0.5 * e * e : d * (e - 0.5 * d)),
        (e, d) => (e <= d ? e : d),
      ),
      /`abs` is forgotten/,
    ],
    [
      "abs forgotten in the question only",
      written(
        (e, d) => (e <= d ? 0.5 * e * e : d * (Math.abs(e) - 0.5 * d)),
        (e, d) => (e <= d ? e : d * Math.sign(e)),
      ),
      /`abs` is forgotten/,
    ],
    [
      "abs forgotten in the wall",
      written((e, d) => (Math.abs(e) <= d ? 0.5 * e * e : d * (e - 0.5 * d)), pull),
      /lacks an `abs` in its wall/,
    ],
    [
      "a jump at delta",
      written((e, d) => (Math.abs(e) <= d ? 0.5 * e * e : d * Math.abs(e)), pull),
      /loss jumps at δ/,
    ],
    [
      "no half in the bowl",
      written((e, d) => (Math.abs(e) <= d ? e * e : d * (Math.abs(e) - 0.5 * d)), pull),
      /lacks its ½/,
    ],
    ["the error turned round", written(bowl, (e, d) => -pull(e, d)), /every sign turned/],
    [
      "the loss alone",
      (p, y, d) => written(bowl, pull)(p, y, d).loss,
      /returns the number .*; expected an object `{ loss, slope }`/,
    ],
    [
      "losses, not their mean",
      (p, y, d) => ({ ...written(bowl, pull)(p, y, d), loss: p.minus(y).map((e) => bowl(e, d)) }),
      /`loss` is a Matrix, 1 × \d; expected a number/,
    ],
    [
      "delta ignored",
      written(
        (e) => bowl(e, 1),
        (e) => pull(e, 1),
      ),
      /Your `loss` differs|`loss`/,
    ],
  ],
);

const naive = (z: Matrix, k: number) => {
  const sum = z.data.reduce((total, score) => total + Math.exp(score), 0);
  return -Math.log(Math.exp(z.at(k, 0)) / sum);
};
const largest = (z: Matrix) => Math.max(...z.data);
const rest = (z: Matrix) => Math.log(z.data.reduce((sum, s) => sum + Math.exp(s - largest(z)), 0));

describeAnswers(
  checkSurpriseOfClass,
  {
    "log-sum-exp": (z, k) => largest(z) + rest(z) - z.at(k, 0),
    "scores lowered first": (z, k) => {
      const low = z.map((score) => score - largest(z));
      return Math.log(low.map(Math.exp).sum()) - low.at(k, 0);
    },
  },
  [
    ["naive", naive, /^The right formula on paper\. At 1000 `exp` gives ∞/],
    [
      "naive difference",
      (z, k) => Math.log(z.map(Math.exp).sum()) - z.at(k, 0),
      /^The right formula, and right for ordinary scores\. At 1000/,
    ],
    [
      "log of the stable softmax",
      (z, k) => -Math.log(softmax(z).at(k, 0)),
      /^Right for ordinary scores, and ∞ for the class with hardly any chance/,
    ],
    [
      "no minus",
      (z, k) => -naive(z, k),
      /never positive\. The surprise is minus that\.\nSo much from the ordinary cases/,
    ],
    ["a probability", (z, k) => softmax(z).at(k, 0), /This is the probability of class k/],
    ["bits", (z, k) => naive(z, k) / Math.LN2, /^Right, in bits/],
    ["the largest not put back", (z, k) => rest(z) - z.at(k, 0), /not put back/],
    ["class 0", (z) => naive(z, 0), /surprise of class 0/],
    [
      "all classes",
      (z) => softmax(z).map((p) => -Math.log(p)),
      /returns a Matrix, \d × 1; expected a number/,
    ],
    [
      "clipped",
      (z, k) => -Math.log(Math.max(1e-15, softmax(z).at(k, 0))),
      /differs from the right one in 1 of \d+ cases\. The smallest, a class with hardly any chance/,
    ],
    ["an error", (z, k) => naive(z, k + 1), /stopped with an error|surprise/],
  ],
);

const along = (Z: Matrix, group: (k: number, j: number) => string) => {
  const sums: Record<string, number> = {};
  Z.map((z, k, j) => {
    sums[group(k, j)] = (sums[group(k, j)] ?? 0) + Math.exp(z);
    return 0;
  });
  return Z.map((z, k, j) => Math.exp(z) / sums[group(k, j)]);
};

describeAnswers(
  checkCrossEntropySlope,
  {
    softmax: (Z, Y) =>
      softmax(Z)
        .minus(Y)
        .scale(1 / Z.columns),
    "entry by entry": (Z, Y) => {
      const P = softmax(Z);
      return Z.map((_, k, j) => (P.at(k, j) - Y.at(k, j)) / Y.columns);
    },
  },
  [
    ["no 1/m", (Z, Y) => softmax(Z).minus(Y), /carries a 1\/m/],
    [
      "the wrong way round",
      (Z, Y) => Y.minus(softmax(Z)).scale(1 / Z.columns),
      /^Every sign is turned: this is y − p/,
    ],
    ["the wrong way round, no 1/m", (Z, Y) => Y.minus(softmax(Z)), /m times too large.*opposite sign/],
    [
      "over all entries",
      (Z, Y) =>
        softmax(Z)
          .minus(Y)
          .scale(1 / Z.size),
      /divide by the columns/,
    ],
    [
      "over the classes",
      (Z, Y) =>
        softmax(Z)
          .minus(Y)
          .scale(1 / Z.rows),
      /number of classes/,
    ],
    [
      "along the rows",
      (Z, Y) =>
        along(Z, (k) => `${k}`)
          .minus(Y)
          .scale(1 / Z.columns),
      /normalise down the columns\.\nSo much from the ordinary cases/,
    ],
    [
      "all together",
      (Z, Y) =>
        along(Z, () => "")
          .minus(Y)
          .scale(1 / Z.columns),
      /one sum over the whole batch/,
    ],
    [
      "a naive softmax",
      (Z, Y) =>
        along(Z, (_k, j) => `${j}`)
          .minus(Y)
          .scale(1 / Z.columns),
      /^Your answer contains NaN for scores of 1000\. On the way, `Math\.exp\(1000\)` was ∞\.$/,
    ],
    ["scores for probabilities", (Z, Y) => Z.minus(Y).scale(1 / Z.columns), /through softmax first/],
    [
      "the slope along p",
      (Z, Y) => softmax(Z).map((q, k, j) => -Y.at(k, j) / q / Z.columns),
      /slope along the probabilities/,
    ],
    [
      "slope kept",
      (Z, Y) => softmax(Z).map((q, k, j) => ((q - Y.at(k, j)) * q * (1 - q)) / Z.columns),
      /p\(1 − p\) once more/,
    ],
    [
      "transposed",
      (Z, Y) =>
        softmax(Z)
          .minus(Y)
          .scale(1 / Z.columns)
          .transpose(),
      /rows and columns exchanged/,
    ],
    [
      "summed",
      (Z, Y) =>
        softmax(Z)
          .minus(Y)
          .sumColumns()
          .scale(1 / Z.columns),
      /Your answer is 6 × 1 and should be 6 × 2, in the case below/,
    ],
  ],
);
