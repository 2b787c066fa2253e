/** The exercises of notebook 8: what the best can be, the mended spiral, and a metric. */

import { Matrix, type Random } from "../index";
import { exercise } from "./exercise";
import { numberExercise } from "./number";

/** Per cent right if a share of the points is certain and the others are a coin. */
const best = (certain: number): number => 100 * (certain + (1 - certain) / 2);

/** Best possible accuracy if class 1 went on by a whole turn instead of half a turn. */
export const checkBestPossible = numberExercise({
  name: "the best possible accuracy, in per cent",
  answer: best(1 / 2), // [0, 4π] and [2π, 6π] share half of their length
  tolerance: 0.1,
  unit: "per cent",
  slips: [
    {
      name: "the coin",
      value: 50,
      words:
        "Half of each class coincides with the other: that half gives 50 %. The other half can be told for certain.",
    },
    {
      name: "half a turn",
      value: best(1 / 4),
      words: "That is the answer for half a turn. With a whole turn, less of the curve is shared.",
    },
    {
      name: "all",
      value: 100,
      words: "Half of each class lies where the other class lies too. There nobody can be right for certain.",
    },
    {
      name: "the half that is certain, of half",
      value: 25,
      words:
        "That is the share that a coin gets right in the half that coincides. The half that can be told for certain comes on top.",
    },
  ],
  hints: [
    "Which part of the curve do both classes share?",
    "Angles run from 0 to 4π, and from 2π to 6π: half of each class is shared, and there a coin decides.",
    "½ · 100 % + ½ · 50 %.",
  ],
  praise: "Half of the points are certain, the other half a coin: ½ · 100 % + ½ · 50 %.",
});

interface SpiralForm {
  /** The angle that the radius is computed from. */
  readonly radiusFrom?: (t: number) => number;
  readonly turn?: number;
  readonly scale?: number;
}

const spiral =
  ({ radiusFrom = (t) => t, turn = Math.PI, scale = 4 * Math.PI }: SpiralForm = {}) =>
  (theta: Matrix): Matrix => {
    const along = (f: (angle: number) => number) => theta.map((t) => (radiusFrom(t) / scale) * f(t + turn));
    return stacked(along(Math.cos), along(Math.sin));
  };

function stacked(x: Matrix, y: Matrix): Matrix {
  return Matrix.from([...x.toRows(), ...y.toRows()]);
}

/** Class 1 of the mended spirals, without noise: θ (1 × m), before the half-turn → points (2 × m). */
export const checkTurnedSpiral = exercise<[theta: Matrix]>({
  name: "turnedSpiral",
  given: ["theta"],
  drawn: (random, m) => [random.randMatrix(1, m).scale(4 * Math.PI)],
  edges: {
    "θ = 0, the middle": [Matrix.row([0])],
    "θ = π": [Matrix.row([Math.PI])],
    "θ = 4π, the end": [Matrix.row([4 * Math.PI])],
  },
  reference: spiral(),
  slips: [
    {
      name: "the slip itself",
      gives: spiral({ radiusFrom: (t) => t + Math.PI }),
      words:
        "That is the slip itself: your radius is computed from the turned angle, so these points lie on the first spiral. Take the radius from θ as it was, and turn afterwards.",
    },
    {
      name: "not turned",
      gives: spiral({ turn: 0 }),
      words:
        "These points lie on class 0: not turned at all, or by a whole turn. Class 1 is the same spiral, turned by half a turn (π).",
    },
    {
      name: "a quarter",
      gives: spiral({ turn: Math.PI / 2 }),
      words: "You turned by π/2, a quarter of a turn. Half a turn is π.",
    },
    {
      name: "radius not scaled",
      gives: spiral({ scale: 1 }),
      words: "Your radius is θ itself. It is θ/4π, so that the spiral ends at radius 1.",
    },
    {
      name: "radius by 2π",
      gives: spiral({ scale: 2 * Math.PI }),
      words: "Your radius is θ/2π, twice the right one. It is θ/4π: two turns, and radius 1 at the end.",
    },
    {
      name: "sine first",
      gives: (theta) =>
        stacked(
          ...([Math.sin, Math.cos].map((f) => theta.map((t) => (t / (4 * Math.PI)) * f(t + Math.PI))) as [
            Matrix,
            Matrix,
          ]),
        ),
      words: "x and y have changed places: the first row is r·cos, the second r·sin.",
    },
    {
      name: "only one minus",
      gives: (theta) =>
        stacked(
          theta.map((t) => (-t / (4 * Math.PI)) * Math.cos(t)),
          theta.map((t) => (t / (4 * Math.PI)) * Math.sin(t)),
        ),
      words:
        "Your x is turned to the other side and y is not: that is a mirror image. Half a turn changes the sign of both.",
    },
  ],
  hints: [
    "Two questions for each angle: how far from the middle, and in which direction?",
    "The radius comes from θ as it is, θ/4π; the direction from θ + π.",
    "The first row is r·cos(θ + π), the second r·sin(θ + π).",
  ],
  praise: "One line's order decides between 66 % and 99 %.",
});

/** Scores that are right more often than not, and their one-hot targets. */
function scored(random: Random, m: number): [Matrix, Matrix] {
  const targets = Matrix.zeros(4, m);
  const scores = random.randnMatrix(4, m);
  for (let j = 0; j < m; j++) {
    const label = random.randint(0, 4);
    targets.set(label, j, 1);
    scores.set(label, j, scores.at(label, j) + 1);
  }
  return [scores, targets];
}

/** The row of the largest entry of each column. */
const rowOfLargest = (M: Matrix, of: (entry: number) => number = (x) => x): number[] =>
  Array.from({ length: M.columns }, (_, j) => {
    let best = 0;
    for (let i = 1; i < M.rows; i++) if (of(M.at(i, j)) > of(M.at(best, j))) best = i;
    return best;
  });

const hits = (chosen: readonly number[], truth: readonly number[]): number =>
  chosen.filter((row, j) => row === truth[j]).length;
const share = (scores: Matrix, targets: Matrix, of?: (entry: number) => number): number =>
  hits(rowOfLargest(scores, of), rowOfLargest(targets)) / scores.columns;

/** Share of columns whose largest entry stands in the same row: (scores, one-hot targets), both (K × m) → number. */
export const checkAccuracy = exercise<[scores: Matrix, targets: Matrix]>({
  name: "shareRight",
  given: ["scores", "targets"],
  sizes: [2, 3, 8, 25, 40],
  drawn: scored,
  edges: {
    "one example, right": [Matrix.column([0.2, 0.8]), Matrix.column([0, 1])],
    "one example, wrong": [Matrix.column([0.2, 0.8]), Matrix.column([1, 0])],
    "scores that are all negative": [
      Matrix.from([
        [-1, -5],
        [-2, -3],
      ]),
      Matrix.from([
        [1, 0],
        [0, 1],
      ]),
    ],
    "scores none of which exceeds one half": [
      Matrix.from([
        [0.3, 0.4],
        [0.4, 0.35],
        [0.3, 0.25],
      ]),
      Matrix.from([
        [0, 1],
        [1, 0],
        [0, 0],
      ]),
    ],
  },
  reference: (scores, targets) => share(scores, targets),
  examples: (scores) => scores.columns,
  slips: [
    {
      name: "count",
      gives: (scores, targets) => share(scores, targets) * scores.columns,
      words:
        "You counted the right ones. A share is that count divided by the number of examples, the columns.",
    },
    {
      name: "wrong ones",
      gives: (scores, targets) => 1 - share(scores, targets),
      words: "That is the share of wrong ones.",
    },
    {
      name: "per cent",
      gives: (scores, targets) => 100 * share(scores, targets),
      words: "Right, in per cent. A share is a number from 0 to 1.",
    },
    {
      name: "÷ all entries",
      gives: (scores, targets) => (share(scores, targets) * scores.columns) / scores.size,
      words: "You divided by the number of entries. Every column is one example: divide by the columns.",
    },
    {
      name: "÷ rows",
      gives: (scores, targets) => (share(scores, targets) * scores.columns) / scores.rows,
      words: "You divided by the number of classes, the rows. A column is an example: divide by the columns.",
    },
    {
      name: "exceeds one half",
      gives: (scores, targets) =>
        rowOfLargest(targets).filter((row, j) => scores.at(row, j) > 0.5).length / scores.columns,
      words:
        "You ask whether the true class scores more than 0.5. With several classes the highest score wins, however low it is.",
    },
    {
      name: "largest size",
      gives: (scores, targets) => share(scores, targets, Math.abs),
      words:
        "You compare the sizes of the scores. A score of −5 is low: the highest one counts, sign included.",
    },
    {
      name: "lowest",
      gives: (scores, targets) => share(scores, targets, (x) => -x),
      words: "You look for the lowest score. The highest one is the answer.",
    },
  ],
  hints: [
    "Column by column: which row has the highest score, and which row has the 1?",
    "Count the columns where the two rows are the same, and divide by the number of columns.",
    "`argmax` gives the row of each column's largest entry, for scores and targets alike.",
  ],
  praise: "It works for two classes and for a thousand.",
});
