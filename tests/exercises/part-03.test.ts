// The exercises of notebook 3, answered as readers answer.
import { Matrix } from "glassbox";
import { checkFence, checkParameterCount, checkStackForward, type FenceWeights } from "glassbox/notebook";
import { describeAnswers } from "../support/answers";

const count = (of: (units: number, inputs: number) => number) => (sizes: readonly number[]) =>
  sizes.slice(1).reduce((sum, units, k) => sum + of(units, sizes[k]), 0);

describeAnswers(
  checkParameterCount,
  {
    reduce: count((units, inputs) => units * (inputs + 1)),
    "weights and biases apart": (sizes) => {
      let [weights, biases] = [0, 0];
      for (let k = 1; k < sizes.length; k++) {
        weights += sizes[k] * sizes[k - 1];
        biases += sizes[k];
      }
      return weights + biases;
    },
  },
  [
    ["no bias", count((units, inputs) => units * inputs), /no bias/],
    ["one bias a layer", count((units, inputs) => units * inputs + 1), /one for each unit/],
    ["a bias an input", count((units, inputs) => (units + 1) * inputs), /wrong side/],
    ["biases for inputs", (sizes) => count((u, i) => u * (i + 1))(sizes) + sizes[0], /They are data/],
    ["first layer", (sizes) => sizes[1] * (sizes[0] + 1), /counted the first layer and stopped/],
    [
      "one layer too few",
      (sizes) => count((u, i) => u * (i + 1))(sizes.slice(0, -1)),
      /The last layer is missing/,
    ],
    [
      "one layer too many",
      (sizes) => {
        let n = 0;
        for (let k = 0; k < sizes.length; k++) n += sizes[k] * (sizes[k - 1] + 1);
        return n;
      },
      /is NaN.*arithmetic with `undefined`/,
    ],
    [
      "a list",
      (sizes) => sizes.slice(1).map((u, k) => u * (sizes[k] + 1)),
      /returns a plain list of \d numbers?; expected a number/,
    ],
    [
      "return forgotten",
      (sizes) => {
        count((u, i) => u * (i + 1))(sizes);
      },
      /returns nothing \(`undefined`\)\. Is a `return` missing/,
    ],
    ["17", () => 17, /^Your answer is 17 in every case/],
    ["writes", (sizes) => (sizes as number[]).pop(), /writes into its argument `sizes`/],
  ],
);

type Layers = readonly Matrix[];
const affine = (W: Matrix, b: Matrix, X: Matrix) => W.times(X).plus(b);
const rectify = (Z: Matrix) => Z.map((z) => Math.max(0, z));
const squash = (Z: Matrix) => Z.map((z) => 1 / (1 + Math.exp(-z)));
const proper = (Z: Matrix, last: boolean) => (last ? squash(Z) : rectify(Z));
const network =
  (activate: (Z: Matrix, last: boolean) => Matrix, layer = affine) =>
  (weights: Layers, biases: Layers, X: Matrix) =>
    weights.reduce((A, W, k) => activate(layer(W, biases[k], A), k === weights.length - 1), X);

describeAnswers(
  checkStackForward,
  {
    reduce: network(proper),
    "a loop": (weights, biases, X) => {
      let A = X;
      for (let k = 0; k < weights.length - 1; k++) A = rectify(affine(weights[k], biases[k], A));
      return squash(affine(weights[weights.length - 1], biases[weights.length - 1], A));
    },
  },
  [
    ["no sigmoid", network((Z, last) => (last ? Z : rectify(Z))), /sigmoid is still missing/],
    ["ReLU at the end", network(rectify), /has a ReLU too/],
    ["ReLU, then sigmoid", network((Z, last) => (last ? squash(rectify(Z)) : rectify(Z))), /below one half/],
    ["sigmoid everywhere", network(squash), /Every layer ends in a sigmoid/],
    ["nothing in between", network((Z, last) => (last ? squash(Z) : Z)), /one matrix/],
    ["no bias", network(proper, (W, _b, X) => W.times(X)), /biases are missing/],
    [
      "bias after the activation",
      (weights, biases, X) =>
        weights.reduce((A, W, k) => proper(W.times(A), k === weights.length - 1).plus(biases[k]), X),
      /comes after the activation/,
    ],
    [
      "two layers only",
      ([W1, W2], [b1, b2], X) => squash(affine(W2, b2, rectify(affine(W1, b1, X)))),
      /^You stop after two layers.*\nSo much from the ordinary cases.*one layer, which is the last/,
    ],
    [
      "transposed",
      (weights, biases, X) => network(proper)(weights, biases, X).transpose(),
      /rows and columns exchanged/,
    ],
    ["negative", (weights, biases, X) => network(proper)(weights, biases, X).scale(-1), /every sign wrong/],
    [
      "1 minus",
      (weights, biases, X) => network(proper)(weights, biases, X).map((a) => 1 - a),
      /1 minus the right one/,
    ],
    ["the wrong order", (weights, biases, X) => X.times(weights[0]).plus(biases[0]), /stopped with an error/],
    [
      "leaky",
      network((Z, last) => (last ? squash(Z) : Z.map((z) => (z > 0 ? z : 0.01 * z)))),
      /^Your answer differs from the right one in \d of \d cases\. The smallest, two layers of one unit/,
    ],
  ],
);

const W1 = Matrix.from([
  [1, 0],
  [-1, 0],
  [0, 1],
  [0, -1],
]);
const b1 = Matrix.column([-0.5, -0.5, -0.5, -0.5]);
const W2 = Matrix.from([[-1, -1, -1, -1]]);
const b2 = Matrix.column([0.05]);
const fence = (change: Partial<FenceWeights>) => (): FenceWeights => ({ W1, b1, W2, b2, ...change });
const without = (unit: number) => ({ W2: W2.map((w, _, k) => (k === unit ? 0 : w)) });

describeAnswers(
  checkFence,
  {
    "unit slopes": fence({}),
    steep: fence({ W1: W1.scale(10), b1: b1.scale(10), W2: W2.scale(3) }),
    "other order": fence({
      W1: Matrix.from([
        [0, -2],
        [0, 2],
        [1, 0],
        [-1, 0],
      ]),
      b1: Matrix.column([-1, -1, -0.5, -0.5]),
    }),
  },
  [
    [
      "open at the right",
      fence(without(0)),
      /open on the right: whatever lies straight out there counts as inside/,
    ],
    ["open at the left", fence(without(1)), /open on the left:/],
    ["open at the top", fence(without(2)), /open on the top:/],
    ["open at the bottom", fence(without(3)), /open on the bottom:/],
    ["silence means outside", fence({ b2: Matrix.column([-0.05]) }), /^Nobody is inside.*bias b2/],
    ["b2 of 0", fence({ b2: Matrix.column([0]) }), /^Nobody is inside/],
    ["everybody", fence({ W2: W2.scale(-1) }), /^Everybody is inside/],
    ["inside out", fence({ W2: W2.scale(-1), b2: b2.scale(-1) }), /Every point is on the wrong side/],
    [
      "too wide",
      fence({ b1: b1.scale(2) }),
      /^Your answer differs from the right one in \d+ of 169 cases\. The smallest:\n\(1 for inside/,
    ],
    ["lying down", fence({ W1: W1.transpose() }), /^`W1` is 2 × 4 and should be 4 × 2\.$/],
    [
      "a list for W2",
      fence({ W2: [-1, -1, -1, -1] as unknown as Matrix }),
      /`W2` is a plain list of 4 numbers; expected a Matrix, 1 × 4/,
    ],
    ["W1 alone", () => ({ W1 }) as FenceWeights, /`b1` and `W2` and `b2` are missing/],
  ],
);
