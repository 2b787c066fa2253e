/** The slopes of a recurrent layer's state weights: blame that adds up over time. */

import { Matrix } from "../../index";
import { exercise } from "../exercise";

/** Σ over pairs of a column of dZ and a column of H that stands `back` steps before it. */
function summed(H: Matrix, dZ: Matrix, back: number, from = back, to = H.columns): Matrix {
  let sum = new Matrix(H.rows, H.rows);
  for (let t = from; t < to; t++) sum = sum.plus(dZ.column(t).times(H.column(t - back).transpose()));
  return sum;
}

/** (H, dZ) → dW_h (units × units); both are (units × T), and the state before the first is zero. */
export const checkStateWeightSlopes = exercise<[H: Matrix, dZ: Matrix]>({
  name: "stateWeightSlopes",
  given: ["H", "dZ"],
  drawn: (random, steps) => [random.randnMatrix(3, steps), random.randnMatrix(3, steps)],
  sizes: [2, 3, 5, 4, 7],
  edges: {
    "one step, which read a state of zeros": [Matrix.column([0.5, -0.2]), Matrix.column([1, 2])],
    "two steps of one unit": [Matrix.row([0.5, 0.25]), Matrix.row([3, 2])],
    "three steps of one unit": [Matrix.row([0.5, 0.25, 0.1]), Matrix.row([3, 2, 1])],
  },
  reference: (H, dZ) => summed(H, dZ, 1),
  slips: [
    {
      name: "its own state",
      gives: (H, dZ) => summed(H, dZ, 0),
      words:
        "Each blame dz_t is paired with its own state h_t. What W_h was multiplied with at step t is the state before, h_{t−1}.",
    },
    {
      name: "the last step alone",
      gives: (H, dZ) => summed(H, dZ, 1, Math.max(1, H.columns - 1)),
      words: "Only the last step is in it. W_h was used at every step, and the blame of all of them adds up.",
    },
    {
      name: "the next state",
      gives: (H, dZ) => {
        let sum = new Matrix(H.rows, H.rows);
        for (let t = 0; t + 1 < H.columns; t++)
          sum = sum.plus(dZ.column(t).times(H.column(t + 1).transpose()));
        return sum;
      },
      words:
        "Each blame is paired with the state after it. At step t the weights read the state before, h_{t−1}.",
    },
    {
      name: "turned",
      gives: (H, dZ) => summed(H, dZ, 1).transpose(),
      words:
        "The transpose of the right one. W_h has a row for each unit that is written: dz_t·h_{t−1}ᵀ, blame first.",
    },
    {
      name: "the mean",
      gives: (H, dZ) => summed(H, dZ, 1).scale(1 / H.columns),
      words:
        "Divided by the number of steps. Each use of the weights is a reason of its own: a sum, undivided.",
    },
    {
      name: "one step missing",
      gives: (H, dZ) => summed(H, dZ, 1, 1, H.columns - 1),
      words: "The last step is missing: t runs to T − 1, and its blame counts as well.",
    },
  ],
  hints: [
    "At which steps was W_h used, and what was it multiplied with there?",
    "Σ over t of dz_t·h_{t−1}ᵀ. At step 0 the state before is zero, and so is its share.",
    "For t from 1: `dZ.column(t).times(H.column(t - 1).transpose())`, all added.",
  ],
  praise: "The same sum is one product: dZ without its first column, times H without its last one, turned.",
});
