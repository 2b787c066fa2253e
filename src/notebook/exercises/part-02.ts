/** The exercises of notebook 2: collapse a stack, a stable sigmoid, softmax, the way back through tanh. */

import { Matrix } from "../../index";
import { checkMatrixFunction } from "./check";

interface Affine {
  readonly [name: string]: Matrix;
  readonly W: Matrix;
  readonly b: Matrix;
}

/** Two linear layers as one: (W1, b1, W2, b2) → { W, b }. */
export const checkCollapse = checkMatrixFunction<[Matrix, Matrix, Matrix, Matrix], Affine>({
  name: "collapseTwo",
  arguments: ["W1", "b1", "W2", "b2"],
  cases: (random) => [
    random.randnMatrix(3, 3), // square, so that the wrong order shows as wrong numbers and not as an error
    random.randnMatrix(3, 1),
    random.randnMatrix(3, 3),
    random.randnMatrix(3, 1),
  ],
  examples: [1, 1, 1, 1, 1],
  reference: (W1, b1, W2, b2) => ({ W: W2.times(W1), b: W2.times(b1).plus(b2) }),
  mistakes: [
    {
      variant: (W1, b1, W2, b2) => ({ W: W1.times(W2), b: W2.times(b1).plus(b2) }),
      message:
        "The weights are multiplied in the wrong order. The first layer touches x first, so it stands nearest to it: " +
        "W2·(W1·x).",
    },
    {
      variant: (W1, b1, W2, b2) => ({ W: W2.times(W1), b: b1.plus(b2) }),
      message: "W is right. The first bias goes through the second layer like everything else: W2·b1 + b2.",
    },
    {
      variant: (W1, _b1, W2, b2) => ({ W: W2.times(W1), b: b2 }),
      message: "W is right. The first bias has vanished: it is a part of z1, and W2 multiplies all of z1.",
    },
    {
      variant: (W1, b1, W2, b2) => ({ W: W2.times(W1), b: W1.times(b1).plus(b2) }),
      message: "W is right. The first bias is carried on by the second layer's weights, not by its own.",
    },
    {
      variant: (W1, b1, W2, b2) => ({ W: W2.plus(W1), b: W2.times(b1).plus(b2) }),
      message:
        "b is right. Layers one after another multiply their weights; adding them is for layers side by side.",
    },
  ],
  praise: "Repeat it, and any stack of linear layers becomes one.",
});

const sigmoidOf = (z: number): number => (z >= 0 ? 1 / (1 + Math.exp(-z)) : Math.exp(z) / (1 + Math.exp(z)));

/** The sigmoid and its slope at any z, without overflow: z → { value, slope }. */
export const checkStableSigmoid = checkMatrixFunction<[Matrix], { value: Matrix; slope: Matrix }>({
  name: "stableSigmoid",
  arguments: ["Z"],
  cases: (random, examples) => [random.randnMatrix(3, examples).scale(3)],
  reference: (Z) => ({
    value: Z.map(sigmoidOf),
    slope: Z.map((z) => sigmoidOf(z) * sigmoidOf(-z)), // σ(−z) = 1 − σ(z), without the cancellation
  }),
  extremes: [
    { name: "z = −1000", inputs: [Matrix.from([[-1000, 0.5]])] },
    { name: "z = 1000", inputs: [Matrix.from([[1000, -0.5]])] },
  ],
  mistakes: [
    {
      variant: (Z) => ({
        value: Z.map((z) => sigmoidOf(-z)),
        slope: Z.map((z) => sigmoidOf(z) * sigmoidOf(-z)),
      }),
      message: "Your value is σ(−z): it falls where it should rise. Check the sign in the exponent.",
    },
    {
      variant: (Z) => ({ value: Z.map(sigmoidOf), slope: Z.map((z) => z * (1 - z)) }),
      message: "The value is right. In the slope, a(1 − a), the a is the sigmoid's output, not z.",
    },
    {
      variant: (Z) => ({
        value: Z.map(sigmoidOf),
        slope: Z.map((z) => 1 - sigmoidOf(z) ** 2),
      }),
      message: "The value is right. 1 − a² is the slope of tanh; that of the sigmoid is a(1 − a).",
    },
  ],
  praise: "No exponential of a positive number is left in it.",
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

/** Softmax of each column: scores (classes × m) → probabilities (classes × m). */
export const checkSoftmax = checkMatrixFunction<[Matrix], Matrix>({
  name: "softmaxColumns",
  arguments: ["scores"],
  result: "probabilities",
  cases: (random, examples) => [random.randnMatrix(5, examples).scale(2)],
  reference: (scores) =>
    columnwise(scores, (z) => {
      const largest = Math.max(...z);
      return normalised(z.map((score) => Math.exp(score - largest)));
    }),
  extremes: [
    { name: "scores of 1000 and more", inputs: [Matrix.column([1000, 1001, 999])] },
    { name: "scores of −1000 and less", inputs: [Matrix.column([-1000, -1001, -999])] },
    {
      name: "a batch whose columns lie far apart (the largest score of each column, not of all)",
      inputs: [
        Matrix.from([
          [1000, -1000],
          [1001, -1001],
        ]),
      ],
    },
  ],
  mistakes: [
    {
      variant: (scores) => scores.map(Math.exp),
      message: "All positive now, but nothing sums to 1: divide each column by its sum.",
    },
    {
      variant: (scores) => {
        const powers = scores.map(Math.exp);
        return powers.scale(1 / powers.sum());
      },
      message:
        "Together, all entries sum to 1. It should be every column: one example's classes compete with each other, and " +
        "not with other examples.",
    },
    {
      variant: (scores) => columnwise(scores.transpose(), (z) => normalised(z.map(Math.exp))).transpose(),
      message: "Every row sums to 1. The classes of one example stand in a column.",
    },
    {
      variant: (scores) => columnwise(scores, normalised),
      message: "You divided the scores themselves by their sum. Softmax takes their exponentials first.",
    },
  ],
  praise: "Every column sums to 1, whatever the scores.",
});

/** Back through tanh, from its output alone: (A, dA) → dZ, (units × m). */
export const checkTanhBackward = checkMatrixFunction<[Matrix, Matrix], Matrix>({
  name: "tanhBackward",
  arguments: ["A", "dA"],
  result: "dZ",
  cases: (random, examples) => [
    random.randnMatrix(4, examples).map(Math.tanh),
    random.randnMatrix(4, examples),
  ],
  reference: (A, dA) => A.map((a, i, j) => (1 - a * a) * dA.at(i, j)),
  mistakes: [
    {
      variant: (A) => A.map((a) => 1 - a * a),
      message:
        "This is the slope of tanh, and it is right. The chain rule multiplies it with what arrives, dA.",
    },
    {
      variant: (A, dA) => A.map((a, i, j) => a * (1 - a) * dA.at(i, j)),
      message: "a(1 − a) is the slope of the sigmoid. That of tanh is 1 − a².",
    },
    {
      variant: (A, dA) => A.map((a, i, j) => (1 - Math.tanh(a) ** 2) * dA.at(i, j)),
      message:
        "You took tanh once more. A is its output already, so the slope is 1 − A², without another tanh.",
    },
    {
      variant: (A, dA) => A.map((a, i, j) => (1 - a) * dA.at(i, j)),
      message: "The slope is 1 − a², with a square: (1 − a)(1 + a).",
    },
  ],
  praise: "The way back needs nothing that the way forward has not computed already.",
});
