/** The exercises of notebook 3: counting parameters, a network of any depth, and a fence built by hand. */

import { Matrix, Random } from "../index";
import { type Checker, checker, checkMatrixFunction, NotWrittenError } from "./check";
import type { Finding } from "./diagnose";

/** How many numbers does a network of these sizes learn? */
export const checkParameterCount = checkMatrixFunction<[readonly number[]], number>({
  name: "parameterCount",
  arguments: ["sizes"],
  result: "count",
  examples: [1, 1, 1, 1, 1, 1],
  cases: (random) => [Array.from({ length: 2 + random.randint(0, 3) }, () => 1 + random.randint(0, 9))],
  reference: (sizes) => sizes.slice(1).reduce((sum, units, k) => sum + units * (sizes[k] + 1), 0),
  extremes: [{ name: "a network of one layer, [784, 10]", inputs: [[784, 10]] }],
  mistakes: [
    {
      variant: (sizes) => sizes.slice(1).reduce((sum, units, k) => sum + units * sizes[k], 0),
      message:
        "You have counted every weight and no bias. Each unit has one more number, whatever its inputs say.",
    },
    {
      variant: (sizes) => sizes.slice(1).reduce((sum, units, k) => sum + units * sizes[k] + 1, 0),
      message:
        "You have given each layer one bias. It is one for each unit: they lean in different directions.",
    },
    {
      variant: (sizes) => sizes.slice(1).reduce((sum, units, k) => sum + (units + 1) * sizes[k], 0),
      message:
        "The bias has landed on the wrong side: (units + 1)·inputs. A bias belongs to a unit, not to an input.",
    },
    {
      variant: (sizes) =>
        sizes.slice(1).reduce((sum, units, k) => sum + units * (sizes[k] + 1), 0) + sizes[0],
      message: "The inputs are counted as if they had biases. They are data: nothing about them is learned.",
    },
  ],
  praise: "Most of a network's numbers sit between its two widest neighbours.",
});

function affine(W: Matrix, b: Matrix, X: Matrix): Matrix {
  return W.times(X).plus(b);
}

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
export const checkStackForward = checkMatrixFunction<[Layers, Layers, Matrix], Matrix>({
  name: "stackForward",
  arguments: ["weights", "biases", "X"],
  result: "A",
  cases: (random, examples) => {
    const depth = 2 + (examples % 3); // two, three and four layers all occur
    const sizes = Array.from({ length: depth + 1 }, (_, k) => 2 + ((k * k + examples) % 4));
    return [
      sizes.slice(1).map((units, k) => random.randnMatrix(units, sizes[k])),
      sizes.slice(1).map((units) => random.randnMatrix(units, 1)),
      random.randnMatrix(sizes[0], examples),
    ];
  },
  reference: (weights, biases, X) => through(weights, biases, X, proper),
  mistakes: [
    {
      variant: (weights, biases, X) => through(weights, biases, X, (Z, last) => (last ? Z : rectify(Z))),
      message: "This is the Z of the last layer, and right. The sigmoid is still missing.",
    },
    {
      variant: (weights, biases, X) => through(weights, biases, X, rectify),
      message:
        "The last layer has a ReLU too. It should end in a sigmoid, so that it can be read as a probability.",
    },
    {
      variant: (weights, biases, X) =>
        through(weights, biases, X, (Z, last) => (last ? squash(rectify(Z)) : rectify(Z))),
      message:
        "The last layer passes through ReLU and then through the sigmoid: nothing below one half can come out.",
    },
    {
      variant: (weights, biases, X) => through(weights, biases, X, squash),
      message: "Every layer ends in a sigmoid. Only the last one should; the hidden ones use ReLU.",
    },
    {
      variant: (weights, biases, X) => through(weights, biases, X, (Z, last) => (last ? squash(Z) : Z)),
      message:
        "There is no activation between the layers. Without a bend, all of them together are one matrix: put a ReLU after each but the last.",
    },
    {
      variant: (weights, biases, X) => through(weights, biases, X, proper, (W, _b, A) => W.times(A)),
      message: "The biases are missing: each layer is W·A + b, with its own b.",
    },
    {
      variant: (weights, biases, X) =>
        weights.reduce((A, W, k) => proper(W.times(A), k === weights.length - 1).plus(biases[k]), X),
      message:
        "The bias comes after the activation. It belongs inside: it moves the point at which a unit wakes up.",
    },
    {
      variant: (weights, biases, X) => through(weights.slice(0, 2), biases, X, proper),
      message: "You stop after two layers. There may be more: let `weights.length` decide.",
    },
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

const FENCE_SHAPES = { W1: [4, 2], b1: [4, 1], W2: [1, 4], b2: [1, 1] } as const;
const HALF = 0.5;
const MARGIN = 0.1;

/** Weights that make Z2 positive inside the square |x| ≤ ½ and negative outside. */
export const checkFence: Checker<() => FenceWeights> = checker("fenceWeights", examineFence);

function examineFence(build: () => FenceWeights): Finding {
  let weights: FenceWeights;
  try {
    weights = build();
  } catch (error) {
    if (error instanceof NotWrittenError) {
      return {
        kind: "not written",
        message: "Your turn: no weights are chosen yet. Which four lines enclose the square?",
      };
    }
    const what = error instanceof Error ? error.message : String(error);
    return { kind: "throws", message: `fenceWeights stopped with an error:\n${what}` };
  }
  for (const [name, [rows, columns]] of Object.entries(FENCE_SHAPES)) {
    const matrix = weights?.[name as keyof FenceWeights];
    if (!(matrix instanceof Matrix)) {
      return { kind: "shape", message: `${name} is missing; expected a matrix of ${rows} × ${columns}.` };
    }
    if (matrix.rows !== rows || matrix.columns !== columns) {
      return { kind: "shape", message: `${name} is ${matrix.shape} and should be ${rows} × ${columns}.` };
    }
  }
  const points = testPoints();
  const Z1 = affine(weights.W1, weights.b1, points);
  const Z2 = affine(weights.W2, weights.b2, rectify(Z1));
  const inside = (j: number): boolean =>
    Math.max(Math.abs(points.at(0, j)), Math.abs(points.at(1, j))) < HALF;
  const wrong = [...Z2.data.keys()].filter((j) => Z2.at(0, j) > 0 !== inside(j));
  if (wrong.length === 0) {
    return {
      kind: "right",
      message: `Right: all ${points.columns} test points are on the side where they belong. Four lines, one fence, no training.`,
    };
  }
  if (wrong.length === points.columns) {
    return {
      kind: "sign",
      message: "Every point is on the wrong side: the fence is right and the sign of the output is not.",
    };
  }
  const escaped = wrong.filter((j) => !inside(j));
  const shutOut = wrong.filter(inside);
  if (escaped.length === 0) {
    return {
      kind: "wrong",
      message: `Nothing outside gets in, but ${shutOut.length} points inside are shut out, such as ${place(points, shutOut[0])}. What does the output say when all four units are silent? It is the bias b2 that decides.`,
    };
  }
  const sides = (["right", "left", "top", "bottom"] as const).filter((side) =>
    escaped.some((j) => sideOf(points, j) === side),
  );
  const more =
    shutOut.length > 0
      ? ` And ${shutOut.length} points inside are shut out, such as ${place(points, shutOut[0])}.`
      : "";
  return {
    kind: "wrong",
    message: `The fence is open on ${sides.length === 4 ? "all sides" : `the ${sides.join(" and the ")}`}: ${place(points, escaped[0])} lies outside, and Z2 is ${Z2.at(0, escaped[0]).toFixed(2).replace("-", "−")} there, not negative. Which unit should have shouted, and does its weight in W2 vote against?${more}`,
  };
}

/** A fixed cloud around the square, without those that are too close to call. */
function testPoints(): Matrix {
  const random = new Random(11);
  const columns: [number, number][] = [];
  while (columns.length < 400) {
    const point: [number, number] = [random.uniform(-1.5, 1.5), random.uniform(-1.5, 1.5)];
    if (Math.abs(Math.max(Math.abs(point[0]), Math.abs(point[1])) - HALF) > MARGIN) columns.push(point);
  }
  return Matrix.from(columns).transpose();
}

function sideOf(points: Matrix, j: number): "right" | "left" | "top" | "bottom" {
  const [x, y] = [points.at(0, j), points.at(1, j)];
  if (Math.abs(x) >= Math.abs(y)) return x > 0 ? "right" : "left";
  return y > 0 ? "top" : "bottom";
}

function place(points: Matrix, j: number): string {
  return `(${[0, 1].map((i) => points.at(i, j).toFixed(2).replace("-", "−")).join(", ")})`;
}
