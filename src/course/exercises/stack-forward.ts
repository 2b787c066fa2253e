/** A network of any depth: ReLU between the layers, a sigmoid at the end. */

import { Matrix } from "../../index";
import { exercise } from "../exercise";

const affine = (W: Matrix, b: Matrix, X: Matrix): Matrix => W.times(X).plus(b);
const rectify = (Z: Matrix): Matrix => Z.map((z) => Math.max(0, z));
const squash = (Z: Matrix): Matrix => Z.map((z) => 1 / (1 + Math.exp(-z)));

type Layers = readonly Matrix[];
type Step = (Z: Matrix, last: boolean) => Matrix;

/** Through all layers: `sums` makes Z, `activate` makes A of it. */
function through(weights: Layers, biases: Layers, X: Matrix, activate: Step, sums = affine): Matrix {
  return weights.reduce((A, W, k) => activate(sums(W, biases[k], A), k === weights.length - 1), X);
}

const proper: Step = (Z, last) => (last ? squash(Z) : rectify(Z));

/** The output of a network of any depth: ReLU between the layers, a sigmoid at the end. */
export const checkStackForward = exercise<[weights: Layers, biases: Layers, X: Matrix]>({
  name: "stackForward",
  given: ["weights", "biases", "X"],
  drawn: (random, m) => {
    const depth = 2 + (m % 3); // two, three and four layers all occur
    const sizes = Array.from({ length: depth + 1 }, (_, k) => 2 + ((k * k + m) % 4));
    return [
      sizes.slice(1).map((units, k) => random.randnMatrix(units, sizes[k])),
      sizes.slice(1).map((units) => random.randnMatrix(units, 1)),
      random.randnMatrix(sizes[0], m),
    ];
  },
  edges: {
    "two layers of one unit, whose ReLU is silent for one example": [
      [Matrix.row([1]), Matrix.row([2])],
      [Matrix.column([-1]), Matrix.column([-3])],
      Matrix.row([0, 3]),
    ],
  },
  extremes: {
    "one layer, which is the last": [[Matrix.row([2])], [Matrix.column([-1])], Matrix.row([0, 3])],
  },
  reference: (weights, biases, X) => through(weights, biases, X, proper),
  slips: [
    {
      name: "no sigmoid",
      gives: (weights, biases, X) => through(weights, biases, X, (Z, last) => (last ? Z : rectify(Z))),
      words: "This is the Z of the last layer, and right. The sigmoid is still missing.",
    },
    {
      name: "ReLU at the end",
      gives: (weights, biases, X) => through(weights, biases, X, rectify),
      words:
        "The last layer has a ReLU too. It should end in a sigmoid, so that it can be read as a probability.",
    },
    {
      name: "ReLU, then sigmoid",
      gives: (weights, biases, X) =>
        through(weights, biases, X, (Z, last) => (last ? squash(rectify(Z)) : rectify(Z))),
      words:
        "The last layer passes through ReLU and then through the sigmoid: nothing below one half can come out.",
    },
    {
      name: "sigmoid everywhere",
      gives: (weights, biases, X) => through(weights, biases, X, squash),
      words: "Every layer ends in a sigmoid. Only the last one should; the hidden ones use ReLU.",
    },
    {
      name: "nothing between",
      gives: (weights, biases, X) => through(weights, biases, X, (Z, last) => (last ? squash(Z) : Z)),
      words:
        "There is no activation between the layers. Without a bend, all of them together are one matrix: a ReLU belongs after each but the last.",
    },
    {
      name: "no biases",
      gives: (weights, biases, X) => through(weights, biases, X, proper, (W, _b, A) => W.times(A)),
      words: "The biases are missing: each layer is W·A + b, with its own b.",
    },
    {
      name: "bias outside",
      gives: (weights, biases, X) =>
        weights.reduce((A, W, k) => proper(W.times(A), k === weights.length - 1).plus(biases[k]), X),
      words:
        "The bias comes after the activation. It belongs inside: it moves the point at which a unit wakes up.",
    },
    {
      name: "two layers only",
      gives: (weights, biases, X) => through(weights.slice(0, 2), biases, X, proper),
      words: "You stop after two layers. There may be more: let `weights.length` decide.",
    },
    {
      name: "last layer missing",
      gives: (weights, biases, X) =>
        weights.slice(0, -1).reduce((A, W, k) => rectify(affine(W, biases[k], A)), X),
      words: "The last layer is missing: what you return is the last hidden layer's output.",
    },
  ],
  hints: [
    "One layer makes the next layer's input. What changes from turn to turn, and what does not?",
    "Start with A = X; for every k make W·A + b, then ReLU, or the sigmoid if this is the last.",
    "`weights[k].times(A).plus(biases[k])`, with the last layer at `k === weights.length - 1`.",
  ],
  praise: "The same few lines would run a network of a hundred layers.",
});
