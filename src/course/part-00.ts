/** The exercises of notebook 0: standardise features, take one learning step, read an exchange rate. */

import { Matrix, type Random } from "../index";
import { exercise } from "./exercise";
import { numberExercise } from "./number";

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

/** The trained neuron as notebook 0 prints it: weights for standard units, and the deviations of the features. */
export const PRINTED = {
  weights: { income: 4.2075, score: 4.549, years: 2.8138 },
  deviations: { income: 26659.47, score: 77.7, years: 6.04 },
} as const;

const { weights, deviations } = PRINTED;
const perYear = weights.years / deviations.years;
const perPoint = weights.score / deviations.score;
const perEuro = weights.income / deviations.income;

/** How many points of credit score one year of employment outweighs, to the trained neuron of notebook 0. */
export const checkYearInPoints = numberExercise({
  name: "the worth of one year in points",
  answer: perYear / perPoint,
  tolerance: 0.01,
  slips: [
    {
      name: "standard units",
      value: weights.years / weights.score,
      tolerance: 1e-3,
      words:
        "That is the ratio of the two weights in standard units: what a typical difference in years is worth in typical differences of the score. The question asks for years and points.",
    },
    {
      name: "multiplied",
      value: (weights.years * deviations.years) / (weights.score * deviations.score),
      tolerance: 1e-4,
      words:
        "That multiplies each weight by its deviation. Going from standard units back to points, the deviation divides: x′ = (x − mean)/deviation.",
    },
    {
      name: "years for points",
      value: perPoint / perYear,
      tolerance: 2e-4,
      words: "That is the worth of one point, in years. Turn the fraction over.",
    },
    {
      name: "euros",
      value: perYear / perEuro,
      tolerance: 5,
      words: "That is the worth of one year in euros. The question asks for points: put the score below.",
    },
  ],
  hints: [
    "How much does z gain from one more year, and how much from one more point?",
    "The weights printed belong to standard units. One year is 1/deviation of them.",
    "Divide the weight of the years by the deviation of the years, the same for the score, and one result by the other.",
  ],
  praise: "The hidden rule says 8.75. The neuron has never seen that rule.",
});
