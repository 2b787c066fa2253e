/** Scores → probabilities at a temperature. */

import { Matrix, softmax } from "../../index";
import { exercise } from "../exercise";

const naive = (z: Matrix): Matrix => {
  const powers = z.map(Math.exp);
  return powers.scale(1 / powers.sum());
};

/** (scores, T) → softmax(scores/T), a column. */
export const checkTemperature = exercise<[scores: Matrix, T: number]>({
  name: "atTemperature",
  given: ["scores", "T"],
  sizes: [2, 3, 5, 4],
  drawn: (random, classes) => [random.randnMatrix(classes, 1).scale(2), 0.3 + 2 * random.rand()],
  edges: {
    "two scores at T = 2": [Matrix.column([2, 0]), 2],
    "two scores at T = 0.5": [Matrix.column([1, 0]), 0.5],
  },
  extremes: { "scores around 1000": [Matrix.column([1000, 999, 1001]), 0.5] },
  reference: (scores, T) => softmax(scores.scale(1 / T)),
  slips: [
    {
      name: "times T",
      gives: (scores, T) => softmax(scores.scale(T)),
      words:
        "The scores are multiplied by T, so that a high temperature makes sure. Divide: heat makes scores alike.",
    },
    {
      name: "no temperature",
      gives: (scores) => softmax(scores),
      words: "This is the softmax at T = 1, whatever T is. Divide the scores by T first.",
    },
    {
      name: "behind the softmax",
      gives: (scores, T) => softmax(scores).scale(1 / T),
      words:
        "The probabilities were divided, behind the softmax: they no longer sum to 1. T belongs to the scores.",
    },
    {
      name: "not stable",
      gives: (scores, T) => naive(scores.scale(1 / T)),
      words:
        "Right for ordinary scores. At 1000 `exp` gives ∞, and ∞/∞ is not a number. Take the largest score off first: that changes nothing on paper.",
    },
    {
      name: "powers",
      gives: (scores, T) => scores.scale(1 / T).map(Math.exp),
      words: "These are the powers; they do not sum to 1 yet. Divide each by their sum.",
    },
    {
      name: "root of T",
      gives: (scores, T) => softmax(scores.scale(1 / Math.sqrt(T))),
      words: "Divided by √T. A temperature divides the scores as it is.",
    },
  ],
  hints: [
    "What happens to the difference of two scores when both are divided by 2?",
    "softmax(scores/T), with the largest score taken off before the exponential.",
    "`scores.map((s) => Math.exp((s - largest) / T))`, then divided by the sum.",
  ],
  praise: "At T near 0 the best takes all; at T = ∞ all are alike.",
});
