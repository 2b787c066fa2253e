/** Standardised features: every row with mean 0 and deviation 1. */

import { Matrix, type Random } from "../../index";
import { exercise } from "../exercise";

/** Rows of a table of applicants have very different sizes; so have these. */
function features(random: Random, examples: number): Matrix {
  const sizes = [20_000, 80, 4];
  const centres = [52_000, 650, 4];
  return random.randnMatrix(3, examples).map((value, i) => centres[i] + sizes[i] * value);
}

const meanOf = (X: Matrix): Matrix => X.sumColumns().scale(1 / X.columns);
const centred = (X: Matrix): Matrix => X.minus(meanOf(X));
const divided = (X: Matrix, by: Matrix): Matrix => X.map((value, i) => value / by.at(i, 0));
const guarded = (deviation: Matrix): Matrix => deviation.map((s) => s || 1);

/** The deviation of each row, by a divisor of one's own; `root` and `guard` may be forgotten. */
function spread(X: Matrix, { divisor = X.columns, root = true, guard = true } = {}): Matrix {
  const variance = centred(X)
    .map((distance) => distance ** 2 / divisor)
    .sumColumns();
  const deviation = root ? variance.map(Math.sqrt) : variance;
  return guard ? guarded(deviation) : deviation;
}

/** X (features × m) → each row with mean 0 and standard deviation 1. */
export const checkStandardise = exercise<[X: Matrix]>({
  name: "standardise",
  given: ["features"],
  sizes: [4, 7, 6, 20, 5],
  drawn: (random, m) => [features(random, m)],
  edges: {
    "two applicants, one feature": [Matrix.row([2, 4])],
    "numbers of both signs": [Matrix.row([-3, 0, 3, 4])],
  },
  extremes: {
    "a feature that never changes": [
      Matrix.from([
        [1, 2, 6],
        [5, 5, 5],
      ]),
    ],
    "a single applicant": [Matrix.column([3, -2])],
  },
  reference: (X) => divided(centred(X), spread(X)),
  slips: [
    {
      name: "only centred",
      gives: centred,
      words: "The means are 0 now. The spreads are still those of euros, points and years.",
    },
    {
      name: "guard forgotten",
      gives: (X) => divided(centred(X), spread(X, { guard: false })),
      words:
        "Right, except for a feature that never changes: its deviation is 0, and 0/0 is NaN. It should become zeros.",
    },
    {
      name: "not centred",
      gives: (X) => divided(X, spread(X)),
      words: "You divided by the right spreads, and the averages are still there.",
    },
    {
      name: "variance",
      gives: (X) => divided(centred(X), spread(X, { root: false })),
      words: "You divided by the variance, the mean of the squares. Its square root is missing.",
    },
    {
      name: "m − 1",
      gives: (X) => divided(centred(X), spread(X, { divisor: X.columns - 1 })),
      words:
        "You divided the sum of squares by m − 1. Statisticians do so when they estimate a spread from a sample; here these m examples are all there is, so it is m.",
    },
    {
      name: "sum of squares",
      gives: (X) => divided(centred(X), spread(X, { divisor: 1 })),
      words: "You divided by the root of the sum of the squares. The deviation is the root of their mean.",
    },
    {
      name: "one scale for all",
      gives: (X) => {
        const mean = X.sum() / X.size;
        const deviation = Math.sqrt(X.map((value) => (value - mean) ** 2).sum() / X.size);
        return X.map((value) => (value - mean) / (deviation || 1));
      },
      words:
        "One mean and one spread serve the whole table: euros and years are thrown together. Each feature, each row, has its own.",
    },
    {
      name: "by columns",
      gives: (X) => divided(centred(X.transpose()), spread(X.transpose())).transpose(),
      words:
        "You standardised the columns. A column is one applicant; what should be comparable are the features, the rows.",
    },
  ],
  hints: [
    "Two steps for each row: where is its middle, and how wide is it?",
    "Take off the mean of the row, then divide by its deviation, the root of the mean of the squared distances. A deviation of 0 must not be divided by.",
    "`features.sumColumns()` adds up each row; scaled by 1/m it is the mean, and `features.minus(mean)` takes it off. Inside `map((d, i) => …)` divide by the deviation of row i, `|| 1` where it is 0.",
  ],
  praise: "From now on one learning rate serves all features.",
});
