/** The exercises of notebook 3: counting parameters, a network of any depth, and a fence built by hand. */

import { Matrix } from "../index";
import { construction } from "./construction";
import { exercise } from "./exercise";

/** A sum over the layers of a network of these sizes. */
const perLayer = (of: (units: number, inputs: number) => number) => (sizes: readonly number[]) =>
  sizes.slice(1).reduce((sum, units, k) => sum + of(units, sizes[k]), 0);

const parameters = perLayer((units, inputs) => units * (inputs + 1));

/** How many numbers does a network of these sizes learn? */
export const checkParameterCount = exercise<[sizes: readonly number[]]>({
  name: "parameterCount",
  given: ["sizes"],
  sizes: [1, 2, 3, 4, 5],
  drawn: (random, layers) => [Array.from({ length: layers + 1 }, () => 1 + random.randint(0, 9))],
  edges: {
    "one neuron with one input": [[1, 1]],
    "one layer": [[784, 10]],
    "the network of this notebook": [[2, 4, 1]],
  },
  reference: parameters,
  slips: [
    {
      name: "no bias",
      gives: perLayer((units, inputs) => units * inputs),
      words:
        "You have counted every weight and no bias. Each unit has one more number, whatever its inputs say.",
    },
    {
      name: "one bias a layer",
      gives: perLayer((units, inputs) => units * inputs + 1),
      words:
        "You have given each layer one bias. It is one for each unit: they lean in different directions.",
    },
    {
      name: "a bias an input",
      gives: perLayer((units, inputs) => (units + 1) * inputs),
      words:
        "The bias has landed on the wrong side: (units + 1)·inputs. A bias belongs to a unit, not to an input.",
    },
    {
      name: "inputs with biases",
      gives: (sizes) => parameters(sizes) + sizes[0],
      words: "The inputs are counted as if they had biases. They are data: nothing about them is learned.",
    },
    {
      name: "first layer only",
      gives: (sizes) => parameters(sizes.slice(0, 2)),
      words: "You have counted the first layer and stopped. Every pair of neighbours in the list is a layer.",
    },
    {
      name: "last layer missing",
      gives: (sizes) => parameters(sizes.slice(0, -1)),
      words: "The last layer is missing: a network of n sizes has n − 1 layers.",
    },
    {
      name: "sizes added",
      gives: perLayer((units, inputs) => units + inputs),
      words:
        "You have added neighbouring sizes. Every unit has a weight for every input: multiply them, and add a bias for each unit.",
    },
    {
      name: "biases alone",
      gives: perLayer((units) => units),
      words: "These are the biases alone. Each unit also has a weight for every input.",
    },
  ],
  hints: [
    "Begin with one unit: how many numbers does it own?",
    "A unit has one weight for each input, and a bias. A layer has `units` of them.",
    "Sum `sizes[k] * (sizes[k - 1] + 1)` over k from 1 on.",
  ],
  praise: "Most of a network's numbers sit between its two widest neighbours.",
});

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

/** What a hand-built 2 → 4 → 1 network consists of. */
export interface FenceWeights {
  readonly W1: Matrix;
  readonly b1: Matrix;
  readonly W2: Matrix;
  readonly b2: Matrix;
}

const HALF = 0.5;
/** A grid, the middle first; no point lies within 0.1 of a side, where the reader may be as vague as they like. */
function fencePoints(): readonly (readonly [number, number])[] {
  const axis = [0, 0.2, -0.2, 0.35, -0.35, 0.65, -0.65, 0.9, -0.9, 1.2, -1.2, 1.5, -1.5];
  const grid = axis.flatMap((y) => axis.map((x): [number, number] => [x, y]));
  const size = ([x, y]: readonly [number, number]) => Math.max(Math.abs(x), Math.abs(y));
  return grid.sort((p, q) => size(p) - size(q));
}

/** 1 inside of those sides of the square that are closed, else 0. */
const fenced = (open: string) => (x: number, y: number) =>
  Number(
    (open.includes("right") || x < HALF) &&
      (open.includes("left") || x > -HALF) &&
      (open.includes("top") || y < HALF) &&
      (open.includes("bottom") || y > -HALF),
  );

const inside = fenced("");

const openSides = ["right", "left", "top", "bottom", "right and the left", "top and the bottom"].map(
  (side) => ({
    name: `open: ${side}`,
    gives: fenced(side),
    words: `The fence is open on the ${side}: whatever lies straight out there counts as inside. Which unit should have shouted, and does its weight in W2 vote against?`,
  }),
);

/** Weights that make Z2 positive inside the square |x| ≤ ½ and negative outside. */
export const checkFence = construction<FenceWeights, readonly [number, number]>({
  name: "fenceWeights",
  like: { W1: Matrix.zeros(4, 2), b1: Matrix.zeros(4, 1), W2: Matrix.zeros(1, 4), b2: Matrix.zeros(1, 1) },
  coordinates: ["x1", "x2"],
  points: fencePoints(),
  does: ({ W1, b1, W2, b2 }, x, y) =>
    Number(affine(W2, b2, rectify(affine(W1, b1, Matrix.column([x, y])))).sum() > 0),
  answers: "1 for inside (Z2 > 0), 0 for outside",
  reference: inside,
  slips: [
    ...openSides,
    {
      name: "inside out",
      gives: (x, y) => 1 - inside(x, y),
      words: "Every point is on the wrong side: the fence is right and the sign of the output is not.",
    },
    {
      name: "nobody",
      gives: () => 0,
      words:
        "Nobody is inside: Z2 is positive at no point tried, not even in the middle. What does the output say when all four units are silent? It is the bias b2 that decides.",
    },
    {
      name: "everybody",
      gives: () => 1,
      words:
        "Everybody is inside: Z2 is positive at every point tried. The units that shout must pull it below 0.",
    },
  ],
  hints: [
    "Give each of the four units one side of the square to watch.",
    "A unit shouts when a point is beyond its side: right of ½, left of −½, above, below. Whoever shouts votes against; silence means inside.",
    "Rows of W1: (1, 0), (−1, 0), (0, 1), (0, −1); every bias in b1 is −½; W2 is four times −1, and b2 is a small positive number, below 0.1.",
  ],
  praise: "Four lines, one fence, no training.",
});
