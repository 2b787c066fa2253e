/** The exercises of notebook 2: |x| from two ReLUs, a stable sigmoid, softmax, the way back through tanh. */

import { Matrix } from "../index";
import { construction } from "./construction";
import { exercise } from "./exercise";

/** A hidden layer of two ReLUs and a linear output, for one input. */
export interface TwoReluNetwork {
  /** 2 × 1 */
  readonly W1: Matrix;
  /** 2 × 1 */
  readonly b1: Matrix;
  /** 1 × 2 */
  readonly W2: Matrix;
  /** 1 × 1 */
  readonly b2: Matrix | number;
}

const relu = (z: number): number => Math.max(0, z);

/** Weights with which W2·ReLU(W1·x + b1) + b2 = |x|; any such weights are right. */
export const checkAbsolute = construction<TwoReluNetwork, readonly [number]>({
  name: "absoluteNetwork",
  like: {
    W1: Matrix.column([1, 1]),
    b1: Matrix.column([0, 0]),
    W2: Matrix.row([1, 1]),
    b2: Matrix.column([0]),
  },
  coordinates: ["x"],
  // Two ReLUs have two corners at most. Whoever is right at all these points is right between and beyond them.
  points: [[0], [1], [-1], [2], [-3], [0.25], [-0.5], [100], [-100]],
  does: ({ W1, b1, W2, b2 }, x) => {
    const hidden = W1.scale(x).plus(b1).map(relu);
    return W2.times(hidden).sum() + (typeof b2 === "number" ? b2 : b2.sum());
  },
  reference: Math.abs,
  slips: [
    {
      name: "right half",
      gives: relu,
      words:
        "This is ReLU(x): right for positive x, and 0 for negative. The other unit must answer there. Which sign must its weight in W1 have, so that its z is positive when x is negative?",
    },
    {
      name: "left half",
      gives: (x) => relu(-x),
      words:
        "This is ReLU(−x): right for negative x, and 0 for positive. The other unit must answer there, with a positive weight in W1.",
    },
    {
      name: "straight line",
      gives: (x) => x,
      words:
        "Your output is the straight line x: right where x is positive, with the wrong sign where it is negative. Look at the signs in W2.",
    },
    {
      name: "falling line",
      gives: (x) => -x,
      words:
        "Your output is the straight line −x: right where x is negative, with the wrong sign where it is positive. Look at the signs in W2.",
    },
    {
      name: "upside down",
      gives: (x) => -Math.abs(x),
      words: "This is −|x|: the corner is in the right place and points the wrong way. Turn the signs in W2.",
    },
    {
      name: "slopes",
      fit: (network) => {
        const [left, right] = [network(-1), network(1)].map(Number);
        return {
          gives: (x) => left * relu(-x) + right * relu(x),
          words: `The corner is at 0, as it should be, but the slopes are ${slope(-left)} on the left and ${slope(right)} on the right; they should be −1 and 1. On either side the slope is a weight of W1 times a weight of W2.`,
        };
      },
    },
    {
      name: "height",
      fit: (network) => {
        const corner = Number(network(0));
        return {
          gives: (x) => Math.abs(x) + corner,
          words: `This is |x| ${corner < 0 ? "−" : "+"} ${slope(Math.abs(corner))}: the right shape, at the wrong height. Which of the biases moves it up and down?`,
        };
      },
    },
    {
      name: "sideways",
      fit: (network) => {
        // On the far right the height is x − a, on the far left a − x: half of their difference is the place of the corner.
        const corner = (Number(network(-100)) - Number(network(100))) / 2;
        return {
          gives: (x) => Math.abs(x - corner),
          words: `This is |x| with its corner at ${slope(corner)} instead of 0. A unit bends where its z is 0: the biases in b1 decide where.`,
        };
      },
    },
  ],
  hints: [
    "Each ReLU is silent on one side of its corner. Let each of them serve one side of 0.",
    "One unit with a positive weight in W1 answers on the right, one with a negative weight on the left, and both corners are at 0.",
    "ReLU(x) + ReLU(−x) = |x|: W1 is a column of 1 and −1, W2 a row of two ones, both biases 0.",
  ],
  praise: "One unit answers on each side of 0, and the corner stands where both begin.",
});

function slope(value: number): string {
  return String(Number(value.toPrecision(4))).replace("-", "−");
}

const sigmoidOf = (z: number): number => (z >= 0 ? 1 / (1 + Math.exp(-z)) : Math.exp(z) / (1 + Math.exp(z)));
const slopeOf = (z: number): number => sigmoidOf(z) * sigmoidOf(-z); // σ(−z) = 1 − σ(z), without the cancellation
const powerBelow = (z: number): number => 1 / (1 + Math.exp(-z));
const powerAbove = (z: number): number => Math.exp(z) / (1 + Math.exp(z));
const fromValue = (sigmoid: (z: number) => number) => (Z: Matrix) => {
  const value = Z.map(sigmoid);
  return { value, slope: value.map((a) => a * (1 - a)) };
};

/** The sigmoid and its slope at any z, without overflow, and with its small values: Z → { value, slope }. */
export const checkStableSigmoid = exercise<[Z: Matrix]>({
  name: "stableSigmoid",
  given: ["Z"],
  drawn: (random, m) => [random.randnMatrix(3, m).scale(3)],
  // Far on the left the sigmoid is tiny and not 0. Beside other numbers that would not show, so it is asked alone.
  edges: {
    "z = 0": [Matrix.row([0])],
  },
  extremes: {
    "z = 1000": [Matrix.row([1000])],
    "z = −1000": [Matrix.row([-1000])],
    "z = −40": [Matrix.row([-40])],
    "z = −720": [Matrix.row([-720])],
  },
  // Near z = −720 the numbers have few digits left: they are the smallest that 64 bits can hold.
  tolerance: 1e-6,
  floor: 0,
  reference: (Z) => ({ value: Z.map(sigmoidOf), slope: Z.map(slopeOf) }),
  slips: [
    {
      name: "small number lost",
      about: "value",
      gives: fromValue(powerBelow),
      words:
        "Your `value` is right, except far on the left: at z = −720 it is exactly 0, and it should be tiny and not 0. There `exp(720)` overflows to ∞, and 1/∞ is 0. For negative z, take the form with e to the power z.",
    },
    {
      name: "overflow on the right",
      about: "value",
      gives: fromValue(powerAbove),
      words:
        "Your `value` is right, except far on the right: at z = 1000 it is NaN. `exp(1000)` overflows to ∞, and ∞/∞ is NaN. For positive z, take the form with e to the power −z.",
    },
    {
      name: "forms exchanged",
      about: "value",
      gives: fromValue((z) => (z >= 0 ? powerAbove(z) : powerBelow(z))),
      words:
        "Your `value` has both forms, on the wrong sides: at ±1000 each meets the exponential that overflows. For positive z e to the power −z is safe, for negative z e to the power z.",
    },
    {
      name: "clipped",
      about: "value",
      gives: fromValue((z) => powerBelow(Math.max(-500, Math.min(500, z)))),
      words:
        "Your `value` never overflows, because z is clipped to ±500: so at −720 it stands still at that of −500. It should go on getting smaller.",
    },
    {
      name: "1 − σ(−z) on the left",
      about: "value",
      gives: fromValue((z) => (z >= 0 ? powerBelow(z) : 1 - powerBelow(-z))),
      words:
        "For negative z your `value` is 1 − σ(−z). At −40 that is exactly 0: σ(40) is rounded to 1, and the small number is lost in the difference.",
    },
    {
      name: "falls",
      gives: (Z) => ({ value: Z.map((z) => sigmoidOf(-z)) }),
      words: "Your value is σ(−z): it falls where it should rise. Check the sign in the exponent.",
    },
    {
      name: "slope from z",
      gives: (Z) => ({ slope: Z.map((z) => z * (1 - z)) }),
      words: "In the slope, a(1 − a), the a is the sigmoid's output; you took z.",
    },
    {
      name: "slope of tanh",
      gives: (Z) => ({ slope: Z.map((z) => 1 - sigmoidOf(z) ** 2) }),
      words: "1 − a² is the slope of tanh; that of the sigmoid is a(1 − a).",
    },
    {
      name: "slope is the value",
      gives: (Z) => ({ slope: Z.map(sigmoidOf) }),
      words: "Your slope is the value once more. It is a(1 − a).",
    },
  ],
  hints: [
    "The sigmoid can be written with e to the power −z, or with e to the power z. Where does each overflow?",
    "e to the power of something that is not positive lies between 0 and 1 and never overflows.",
    "With e = `Math.exp(-Math.abs(z))`: 1/(1 + e) for z ≥ 0, and e/(1 + e) for z < 0. The slope is a(1 − a).",
  ],
  praise: "It stands at ±1000, and at −720 it keeps the small number.",
});

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

/** Back through tanh, from its output alone: (A, dA) → dZ, (units × m). */
export const checkTanhBackward = exercise<[A: Matrix, dA: Matrix]>({
  name: "tanhBackward",
  given: ["A", "dA"],
  drawn: (random, m) => [random.randnMatrix(4, m).map(Math.tanh), random.randnMatrix(4, m)],
  edges: {
    "one unit": [Matrix.row([0.5]), Matrix.row([2])],
    "an output of 0, where the slope is 1": [Matrix.row([0]), Matrix.row([-3])],
    "outputs of both signs": [Matrix.row([-0.6, 0.6]), Matrix.row([1, 1])],
    "a saturated unit, whose output is 1": [Matrix.row([1, -1]), Matrix.row([5, 5])],
  },
  reference: (A, dA) => A.map((a, i, j) => (1 - a * a) * dA.at(i, j)),
  slips: [
    {
      name: "slope alone",
      gives: (A) => A.map((a) => 1 - a * a),
      words:
        "This is the slope of tanh, and it is right. The chain rule multiplies it with what arrives, dA.",
    },
    {
      name: "slope of the sigmoid",
      gives: (A, dA) => A.map((a, i, j) => a * (1 - a) * dA.at(i, j)),
      words: "a(1 − a) is the slope of the sigmoid. That of tanh is 1 − a².",
    },
    {
      name: "tanh twice",
      gives: (A, dA) => A.map((a, i, j) => (1 - Math.tanh(a) ** 2) * dA.at(i, j)),
      words:
        "You took tanh once more. A is its output already, so the slope is 1 − A², without another tanh.",
    },
    {
      name: "no square",
      gives: (A, dA) => A.map((a, i, j) => (1 - a) * dA.at(i, j)),
      words: "You multiplied by 1 − a. The slope is 1 − a², with a square: (1 − a)(1 + a).",
    },
    {
      name: "value for slope",
      gives: (A, dA) => A.hadamard(dA),
      words:
        "You multiplied the blame with the output A. The chain rule wants the slope of tanh there, 1 − A².",
    },
    {
      name: "square alone",
      gives: (A, dA) => A.map((a, i, j) => a * a * dA.at(i, j)),
      words: "You multiplied by a². The slope is what is left of 1: 1 − a².",
    },
    {
      name: "blame squared",
      gives: (A, dA) => A.map((a, i, j) => (1 - dA.at(i, j) ** 2) * a),
      words:
        "The two arguments have changed places: the slope comes from the output A, and dA is what it multiplies.",
    },
  ],
  hints: [
    "The chain rule: what arrives, times the slope.",
    "The slope of tanh, written with its own output a, is 1 − a².",
    "`A.map((a) => 1 - a * a)` is the slope; `hadamard` multiplies two matrices entry by entry.",
  ],
  praise: "The way back needs nothing that the way forward has not computed already.",
});
