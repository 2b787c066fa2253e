/** The exercises of notebook 7: one scale to work out, clipping, dropout and the way back through a layer norm. */

import type { Matrix } from "../index";
import { checkMatrixFunction, checkNumber } from "./check";

/** The standard deviation of He's weights for a layer of 512 inputs and 128 units. */
export const checkHeScale = checkNumber({
  name: "the scale for 512 inputs",
  answer: 0.0625,
  tolerance: 1e-5,
  mistakes: [
    {
      value: Math.sqrt(1 / 512),
      message:
        "That is √(1/n), right for tanh. ReLU sets half of the sum to 0; the weights have to make up for it.",
    },
    { value: 2 / 512, message: "That is the variance, 2/n. The scale that multiplies randn() is its root." },
    {
      value: Math.sqrt(2 / 640),
      message: "You counted inputs and outputs. He's rule counts the inputs alone.",
    },
  ],
  praise: "512 inputs and half of them silent: each weight about a sixteenth.",
});

/** Clipping by norm: (G, limit) → a gradient of at most that length. */
export const checkClipByNorm = checkMatrixFunction({
  name: "clipByNorm",
  arguments: ["G", "limit"],
  cases: (random, n): [Matrix, number] => [random.randnMatrix(3, n), n % 2 === 0 ? 100 : 0.5],
  reference: clip,
  mistakes: [
    {
      variant: (G: Matrix, limit: number) => G.scale(limit / G.norm()),
      message:
        "A gradient that is already short enough grows in your version: it always ends with length limit. Clipping only ever shortens.",
    },
    {
      variant: (G: Matrix, limit: number) => G.map((g) => Math.min(Math.max(g, -limit), limit)),
      message:
        "You cut each entry on its own: that is clipping by value, and it bends the direction. By norm, one factor scales all entries.",
    },
    {
      variant: (G: Matrix, limit: number) => {
        const square = G.norm() ** 2;
        return square > limit ? G.scale(limit / square) : G;
      },
      message: "A root is missing: the length is √Σg², not Σg².",
    },
  ],
  praise: "Same direction, bounded length.",
});

/** Inverted dropout: (A, U, p) → A with a share p silenced, the rest scaled up; U are uniforms, kept where U > p. */
export const checkInvertedDropout = checkMatrixFunction({
  name: "invertedDropout",
  arguments: ["A", "U", "p"],
  cases: (random, m): [Matrix, Matrix, number] => [
    random.randnMatrix(6, m),
    random.randMatrix(6, m),
    0.2 + 0.2 * random.rand(),
  ],
  reference: (A: Matrix, U: Matrix, p: number) => drop(A, U, p, 1 / (1 - p)),
  mistakes: [
    {
      variant: (A: Matrix, U: Matrix, p: number) => drop(A, U, p, 1),
      message:
        "The right units are silent, but the others are not scaled up. On average the layer would be 1 − p times as loud while learning as it is later; divide by 1 − p.",
    },
    {
      variant: (A: Matrix, U: Matrix, p: number) => A.map((a, i, j) => (U.at(i, j) < p ? a / (1 - p) : 0)),
      message: "You keep what should go: with U < p you keep a share p. A unit stays where U > p.",
    },
    {
      variant: (A: Matrix, U: Matrix, p: number) => drop(A, U, p, 1 / p),
      message:
        "You divide by p, the share that goes. The survivors are a share 1 − p, so they stand in for 1/(1 − p).",
    },
    {
      variant: (A: Matrix, U: Matrix, p: number) => drop(A, U, p, 1 - p),
      message:
        "You multiply by 1 − p where the survivors should be divided by it: they have to speak for the silent ones.",
    },
  ],
  praise: "The expected value of every unit is what it was without dropout.",
});

/** The way back through x̂ = (x − mean)/√(var + 1e-5), column by column: (X, dY) → dX. */
export const checkLayerNormBackward = checkMatrixFunction({
  name: "layerNormBackward",
  arguments: ["X", "dY"],
  result: "dX",
  cases: (random, m): [Matrix, Matrix] => [random.randnMatrix(5, m), random.randnMatrix(5, m)],
  reference: (X: Matrix, dY: Matrix) => normBackward(X, dY),
  mistakes: [
    {
      variant: (X: Matrix, dY: Matrix) => normBackward(X, dY, { mean: false, variance: false }),
      message:
        "You treat mean and variance as constants. They are made of the inputs: raising one x moves the mean of its whole column, and its variance. Two terms are missing.",
    },
    {
      variant: (X: Matrix, dY: Matrix) => normBackward(X, dY, { variance: false }),
      message:
        "The mean is accounted for, the variance not yet: raising an x also changes the width by which its column is divided. That is the term x̂ · mean(dY ⊙ x̂).",
    },
    {
      variant: (X: Matrix, dY: Matrix) => normBackward(X, dY, { mean: false }),
      message:
        "The variance is accounted for, the mean not yet: raising an x lowers all x̂ of its column a little. That is the term mean(dY).",
    },
    {
      variant: (X: Matrix, dY: Matrix) => normBackward(X.transpose(), dY.transpose()).transpose(),
      message:
        "You normalise along the rows. A column is one example, and layer norm looks at one example at a time.",
    },
  ],
  tolerance: 1e-8,
  praise: "This is one of the longest backward passes of a transformer, and you have written it.",
});

function clip(G: Matrix, limit: number): Matrix {
  const norm = G.norm();
  return norm > limit ? G.scale(limit / norm) : G.clone();
}

function drop(A: Matrix, U: Matrix, p: number, scale: number): Matrix {
  return A.map((a, i, j) => (U.at(i, j) > p ? a * scale : 0));
}

function normBackward(X: Matrix, dY: Matrix, terms: { mean?: boolean; variance?: boolean } = {}): Matrix {
  const { mean = true, variance = true } = terms;
  const over = (at: (i: number) => number) => {
    let total = 0;
    for (let i = 0; i < X.rows; i++) total += at(i);
    return total / X.rows;
  };
  const centre = Array.from({ length: X.columns }, (_, j) => over((i) => X.at(i, j)));
  const width = centre.map((c, j) => Math.sqrt(over((i) => (X.at(i, j) - c) ** 2) + 1e-5));
  const normal = X.map((x, _i, j) => (x - centre[j]) / width[j]);
  const first = centre.map((_, j) => over((i) => dY.at(i, j)));
  const second = centre.map((_, j) => over((i) => dY.at(i, j) * normal.at(i, j)));
  return dY.map(
    (d, i, j) => (d - (mean ? first[j] : 0) - (variance ? normal.at(i, j) * second[j] : 0)) / width[j],
  );
}
