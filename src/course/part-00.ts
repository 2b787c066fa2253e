/** The exercises of notebook 0: standardise features, take one learning step, read an exchange rate. */

import { Matrix, type Random } from "../index";
import { checkMatrixFunction, checkNumber } from "./check";

/** Rows of a table of applicants have very different sizes; so have these. */
function features(random: Random, examples: number): Matrix {
  const sizes = [20_000, 80, 4];
  const centres = [52_000, 650, 4];
  return random.randnMatrix(3, examples).map((value, i) => centres[i] + sizes[i] * value);
}

const meanOf = (X: Matrix): Matrix => X.sumColumns().scale(1 / X.columns);

function centred(X: Matrix): Matrix {
  return X.minus(meanOf(X));
}

function divided(X: Matrix, deviation: Matrix): Matrix {
  return X.map((value, i) => value / deviation.at(i, 0));
}

const variance = (X: Matrix, degrees: number): Matrix =>
  centred(X)
    .map((distance) => distance ** 2 / degrees)
    .sumColumns();

const root = (matrix: Matrix): Matrix => matrix.map(Math.sqrt);

/** X (features × m) → each row with mean 0 and standard deviation 1. */
export const checkStandardise = checkMatrixFunction<[Matrix], Matrix>({
  name: "standardise",
  arguments: ["features"],
  result: "standardised features",
  examples: [4, 7, 6, 20, 5],
  cases: (random, examples) => [features(random, examples)],
  reference: (X) =>
    divided(
      centred(X),
      root(variance(X, X.columns)).map((deviation) => deviation || 1),
    ),
  extremes: [
    {
      name: "a feature that never changes",
      inputs: [
        Matrix.from([
          [1, 2, 3],
          [5, 5, 5],
        ]),
      ],
    },
  ],
  mistakes: [
    {
      variant: centred,
      message:
        "The means are 0 now. The spreads are still those of euros, points and years: divide each row by its own.",
    },
    {
      variant: (X) => divided(X, root(variance(X, X.columns))),
      message:
        "The spreads are right, and the averages are still there: take the mean of each row off first.",
    },
    {
      variant: (X) => divided(centred(X), variance(X, X.columns)),
      message: "You divided by the variance, the mean of the squares. Its square root is missing.",
    },
    {
      variant: (X) => divided(centred(X), root(variance(X, X.columns - 1))),
      message:
        "You divided the sum of squares by m − 1. Statisticians do so when they estimate a spread from a sample; here " +
        "these m examples are all there is, so it is m.",
    },
    {
      variant: (X) => {
        const mean = X.sum() / X.size;
        const deviation = Math.sqrt(X.map((value) => (value - mean) ** 2).sum() / X.size);
        return X.map((value) => (value - mean) / deviation);
      },
      message:
        "One mean and one spread for the whole table: euros and years thrown together. Each feature, each row, has its own.",
    },
    {
      variant: (X) => {
        const columns = X.transpose();
        return divided(centred(columns), root(variance(columns, columns.columns))).transpose();
      },
      message:
        "You standardised the columns. A column is one applicant; what should be comparable are the features, the rows.",
    },
  ],
  praise: "From now on one learning rate serves all features.",
});

const answersOf = (w: Matrix, b: number, X: Matrix): Matrix =>
  w.times(X).map((z) => 1 / (1 + Math.exp(-(z + b))));

function learned(w: Matrix, b: number, X: Matrix, Y: Matrix, rate: number): { w: Matrix; b: number } {
  const misses = answersOf(w, b, X).minus(Y);
  return {
    w: w.minus(misses.times(X.transpose()).scale(rate / X.columns)),
    b: b - (rate * misses.sum()) / X.columns,
  };
}

/** One step of learning for one neuron: (w, b, X, Y, rate) → { w, b }. */
export const checkLearnStep = checkMatrixFunction<
  [Matrix, number, Matrix, Matrix, number],
  { w: Matrix; b: number }
>({
  name: "learnStep",
  arguments: ["w", "b", "examples", "labels", "rate"],
  cases: (random, examples) => [
    random.randnMatrix(1, 3),
    random.randn(),
    random.randnMatrix(3, examples),
    random.randMatrix(1, examples).map((u) => (u < 0.5 ? 0 : 1)),
    0.3 + random.rand(),
  ],
  reference: learned,
  mistakes: [
    {
      variant: (w, b, X, Y, rate) => learned(w, b, X, Y, -rate),
      message:
        "It learns the wrong way round. When the answer was too high, p − y is positive, and the weights of the facts " +
        "that spoke for it must come down: subtract.",
    },
    {
      variant: (w, b, X, Y, rate) => learned(w, b, X, Y, rate * X.columns),
      message:
        "You have added up the examples and not averaged them: the step is m times too long. Where does 1/m belong?",
    },
    {
      variant: (w, b, X, Y, rate) => ({ w: learned(w, b, X, Y, rate).w, b }),
      message: "The weights are right. The bias learns too: its slope is the mean of p − y.",
    },
    {
      variant: (w, b, X, Y, rate) => {
        const misses = w
          .times(X)
          .map((z) => z + b)
          .minus(Y);
        return {
          w: w.minus(misses.times(X.transpose()).scale(rate / X.columns)),
          b: b - (rate * misses.sum()) / X.columns,
        };
      },
      message: "You compared z with the labels. The neuron's answer is the sigmoid of z.",
    },
    {
      variant: (w, b, X, Y) => learned(w, b, X, Y, 1),
      message: "The slopes are right. The learning rate says how far to follow them: it is missing.",
    },
  ],
  praise: "Repeat it three hundred times, and you have trained a neuron.",
});

/** How many points of credit score one year of employment outweighs, to the trained neuron of notebook 0. */
export const checkYearInPoints = checkNumber({
  name: "the worth of one year in points",
  answer: 7.96,
  tolerance: 0.01,
  mistakes: [
    {
      value: 0.6186,
      tolerance: 1e-3,
      message:
        "That is the ratio of the two weights in standard units: what a typical difference in years is worth in typical " +
        "differences of the score. Go back to years and points: divide each weight by the deviation of its feature.",
    },
    {
      value: 0.0481,
      tolerance: 1e-4,
      message:
        "That multiplies each weight by its deviation. Going from standard units back to points, the deviation divides: " +
        "x′ = (x − mean)/deviation.",
    },
    {
      value: 0.1257,
      tolerance: 2e-4,
      message: "That is the worth of one point, in years. Turn the fraction over.",
    },
    {
      value: 2952,
      tolerance: 5,
      message: "That is the worth of one year in euros. The question asks for points: put the score below.",
    },
  ],
  praise: "The hidden rule says 8.75. The neuron has never seen that rule.",
});
