/** The slope of the mean cross-entropy along the scores. */

import { Matrix, type Random, softmax } from "../../index";
import { exercise } from "../exercise";

/** One random class a column. */
function oneHot(random: Random, classes: number, m: number): Matrix {
  const truth = Array.from({ length: m }, () => random.randint(0, classes));
  return Matrix.zeros(classes, m).map((_, k, j) => (truth[j] === k ? 1 : 0));
}

const largestOf = (Z: Matrix): number =>
  Z.toRows()
    .flat()
    .reduce((a, b) => Math.max(a, b));

/** The slip of normalising all scores together, or along a row. The largest score is taken off, so that nothing overflows. */
function normalised(Z: Matrix, group: (k: number, j: number) => number): Matrix {
  const sums = new Map<number, number>();
  const e = Z.map((z) => Math.exp(z - largestOf(Z)));
  e.map((value, k, j) => {
    sums.set(group(k, j), (sums.get(group(k, j)) ?? 0) + value);
    return 0;
  });
  return e.map((value, k, j) => value / (sums.get(group(k, j)) as number));
}

/** (Z, Y) → dZ = (softmax(Z) − Y)/m. */
export const checkCrossEntropySlope = exercise<[Z: Matrix, Y: Matrix]>({
  name: "crossEntropySlope",
  given: ["Z", "Y"],
  drawn: (random, m) => [random.randnMatrix(6, m), oneHot(random, 6, m)],
  edges: {
    "two equal scores": [Matrix.column([0, 0]), Matrix.column([1, 0])],
  },
  extremes: {
    "scores of 1000": [
      Matrix.from([
        [1000, 0],
        [0, 1000],
      ]),
      Matrix.from([
        [1, 1],
        [0, 0],
      ]),
    ],
  },
  reference: (Z, Y) =>
    softmax(Z)
      .minus(Y)
      .scale(1 / Z.columns),
  examples: (Z) => Z.columns,
  slips: [
    {
      name: "no 1/m",
      gives: (Z, Y) => softmax(Z).minus(Y),
      words:
        "The direction is right, and every entry is m times too large for a batch of m. The loss is a mean, so its slope carries a 1/m.",
    },
    {
      name: "sign",
      gives: (Z, Y) => Y.minus(softmax(Z)).scale(1 / Z.columns),
      words:
        "Every sign is turned: this is y − p. Raising the score of a wrong class raises the loss, so the slope there is positive: p − y.",
    },
    {
      name: "one sum for all",
      gives: (Z, Y) =>
        normalised(Z, () => 0)
          .minus(Y)
          .scale(1 / Z.columns),
      words:
        "Your probabilities share one sum over the whole batch. Each example has its own: every column sums to 1 by itself.",
    },
    {
      name: "rows",
      gives: (Z, Y) =>
        softmax(Z.transpose())
          .transpose()
          .minus(Y)
          .scale(1 / Z.columns),
      words:
        "Your probabilities sum to 1 along the rows. A column is an example here: normalise down the columns.",
    },
    {
      name: "scores",
      gives: (Z, Y) => Z.minus(Y).scale(1 / Z.columns),
      words:
        "You subtracted the target from the scores. The slope is p − y: the scores must go through softmax first.",
    },
    {
      name: "along the probabilities",
      gives: (Z, Y) => softmax(Z).map((q, k, j) => (Y.at(k, j) === 0 ? 0 : -Y.at(k, j) / q / Z.columns)),
      words:
        "This is the slope along the probabilities, −y/p. One more step of the chain rule, through softmax, makes it p − y.",
    },
    {
      name: "÷ all entries",
      gives: (Z, Y) =>
        softmax(Z)
          .minus(Y)
          .scale(1 / Z.size),
      words:
        "You divided by every entry of the matrix. The loss is a mean over the m examples: divide by the columns.",
    },
    {
      name: "÷ classes",
      gives: (Z, Y) =>
        softmax(Z)
          .minus(Y)
          .scale(1 / Z.rows),
      words:
        "You divided by the number of classes, the rows. The loss is a mean over the m examples, the columns.",
    },
    {
      name: "slope kept",
      gives: (Z, Y) => softmax(Z).map((q, k, j) => ((q - Y.at(k, j)) * q * (1 - q)) / Z.columns),
      words:
        "You multiplied by p(1 − p) once more. With this loss the slope of the softmax has cancelled: p − y is all there is.",
    },
    {
      name: "probabilities",
      gives: (Z) => softmax(Z).scale(1 / Z.columns),
      words: "The target is missing: this is p/m. What was true has to be taken off.",
    },
  ],
  hints: [
    "What would the slope be for one example? Two letters and a minus say it.",
    "p − y for each column, and a mean over the columns.",
    "`softmax(Z).minus(Y)`, scaled by 1/m, where m is `Z.columns`.",
  ],
  praise: "One line: what the network said, minus what was true, shared among the examples.",
});
