/** The exercises of notebook 8: what the best can be, the mended spiral, and a metric. */

import { accuracy, Matrix } from "../index";
import { checkMatrixFunction, checkNumber } from "./check";

/** Best possible accuracy if class 1 went on by a whole turn instead of half a turn. */
export const checkBestPossible = checkNumber({
  name: "the best possible accuracy, in percent",
  answer: 75,
  tolerance: 0.1,
  mistakes: [
    {
      value: 50,
      message:
        "Half of each class coincides with the other: that half gives 50 %. The other half can be told for certain.",
    },
    {
      value: 62.5,
      message: "That is the answer for half a turn. With a whole turn, less of the curve is shared.",
    },
  ],
  praise: "Half of the points are certain, the other half a coin: ½ · 100 % + ½ · 50 %.",
});

/** Class 1 of the mended spirals, without noise: θ (1 × m), before the half-turn → points (2 × m). */
export const checkTurnedSpiral = checkMatrixFunction({
  name: "turnedSpiral",
  arguments: ["theta"],
  result: "the points",
  cases: (random, m): [Matrix] => [random.randMatrix(1, m).scale(4 * Math.PI)],
  reference: (theta: Matrix) => spiral(theta, (t) => t),
  mistakes: [
    {
      variant: (theta: Matrix) => spiral(theta, (t) => t + Math.PI),
      message:
        "That is the slip itself: your radius is computed from the turned angle, so these points lie on the first " +
        "spiral. Take the radius from θ as it was, and turn afterwards.",
    },
    {
      variant: (theta: Matrix) => spiral(theta, (t) => t, 0),
      message: "That is class 0. Class 1 is the same spiral, turned by half a turn (π).",
    },
  ],
  praise: "One line's order decides between 66 % and 99 %.",
});

/** Share of columns whose largest entry stands in the same row: (scores, one-hot targets), both (K × m) → number. */
export const checkAccuracy = checkMatrixFunction({
  name: "shareRight",
  arguments: ["scores", "targets"],
  result: "the share",
  examples: [1, 8, 25, 40],
  cases: (random, m): [Matrix, Matrix] => {
    const targets = new Matrix(4, m);
    const scores = random.randnMatrix(4, m);
    for (let j = 0; j < m; j++) {
      const label = random.randint(0, 4);
      targets.set(label, j, 1);
      scores.set(label, j, scores.at(label, j) + 1);
    }
    return [scores, targets];
  },
  reference: (scores: Matrix, targets: Matrix) => accuracy(scores, targets),
  mistakes: [
    {
      variant: (scores: Matrix, targets: Matrix) => accuracy(scores, targets) * scores.columns,
      message:
        "You counted the right ones. A share is that count divided by the number of examples, the columns.",
    },
    {
      variant: (scores: Matrix, targets: Matrix) => 1 - accuracy(scores, targets),
      message: "That is the share of wrong ones.",
    },
  ],
});

function spiral(theta: Matrix, angleForRadius: (t: number) => number, turn = Math.PI): Matrix {
  const point = (t: number): [number, number] => {
    const r = angleForRadius(t) / (4 * Math.PI);
    return [r * Math.cos(t + turn), r * Math.sin(t + turn)];
  };
  const points = Array.from(theta.data, point);
  return Matrix.from([points.map(([x]) => x), points.map(([, y]) => y)]);
}
