/** The absolute value from two ReLUs. */

import { Matrix } from "../../index";
import { construction } from "../construction";

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
