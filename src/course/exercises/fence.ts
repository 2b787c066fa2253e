/** A fence around a square, built by hand of four ReLUs. */

import { Matrix } from "../../index";
import { construction } from "../construction";

/** What a hand-built 2 → 4 → 1 network consists of. */
export interface FenceWeights {
  readonly W1: Matrix;
  readonly b1: Matrix;
  readonly W2: Matrix;
  readonly b2: Matrix;
}

const affine = (W: Matrix, b: Matrix, X: Matrix): Matrix => W.times(X).plus(b);
const rectify = (Z: Matrix): Matrix => Z.map((z) => Math.max(0, z));

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
