/** The slopes of a recurrent layer's state weights: blame that adds up over time, and not across sequences. */

import { Matrix } from "../../index";
import { exercise } from "../exercise";

type Given = [H: Matrix, dZ: Matrix, starts: number[]];
interface Form {
  /** The state that a step is paired with, counted from its own. */
  readonly shift?: number;
  /** Which of the steps from..to − 1 of a sequence are added. */
  readonly steps?: (t: number, from: number, to: number) => boolean;
  /** Pairs that reach into another sequence count as well. */
  readonly across?: boolean;
}

/** Σ of dz_t·h_{t+shift}ᵀ. */
const summed =
  ({ shift = -1, steps = () => true, across = false }: Form = {}) =>
  (H: Matrix, dZ: Matrix, starts: number[]): Matrix => {
    let sum = new Matrix(H.rows, H.rows);
    for (let s = 0; s + 1 < starts.length; s++) {
      const [from, to] = [starts[s], starts[s + 1]];
      for (let t = from; t < to; t++) {
        const other = t + shift;
        const inside = across ? other >= 0 && other < H.columns : other >= from && other < to;
        if (inside && steps(t, from, to)) sum = sum.plus(dZ.column(t).times(H.column(other).transpose()));
      }
    }
    return sum;
  };
const right = summed();

/** (H, dZ, starts) → dW_h (units × units); H and dZ are (units × tokens), each sequence begins with a state of zeros. */
export const checkStateWeightSlopes = exercise<Given>({
  name: "stateWeightSlopes",
  given: ["H", "dZ", "starts"],
  drawn: (random, steps) => [
    random.randnMatrix(3, steps),
    random.randnMatrix(3, steps),
    [0, random.randint(1, steps - 1), steps],
  ],
  sizes: [4, 3, 5, 7, 6],
  edges: {
    "one step, which read a state of zeros": [Matrix.column([0.5, -0.2]), Matrix.column([1, 2]), [0, 1]],
    "two steps of one unit, one sequence": [Matrix.row([0.5, 0.25]), Matrix.row([3, 2]), [0, 2]],
    "two sequences of one step each": [Matrix.row([0.5, 0.25]), Matrix.row([3, 2]), [0, 1, 2]],
    "two sequences of two steps, one unit": [
      Matrix.row([0.5, 0.25, 0.1, 0.2]),
      Matrix.row([3, 2, 1, 5]),
      [0, 2, 4],
    ],
  },
  reference: right,
  slips: [
    {
      name: "across the border",
      gives: summed({ across: true }),
      words:
        "The first step of a sequence is paired with the last state of the sequence before it. Every sequence began with a state of zeros, so its first step adds nothing.",
    },
    {
      name: "its own state",
      gives: summed({ shift: 0 }),
      words:
        "Each blame dz_t is paired with its own state h_t. What W_h was multiplied with at step t is the state before, h_{t−1}.",
    },
    {
      name: "the last step alone",
      gives: summed({ steps: (t, _from, to) => t === to - 1 }),
      words:
        "Only the last step of each sequence is in it. W_h was used at every step, and the blame of all of them adds up.",
    },
    {
      name: "the first sequence alone",
      gives: (H, dZ, starts) => right(H, dZ, starts.slice(0, 2)),
      words: "Only the first sequence is in it. They share W_h, so the blame of all of them adds up.",
    },
    {
      name: "the next state",
      gives: summed({ shift: 1 }),
      words:
        "Each blame is paired with the state after it. At step t the weights read the state before, h_{t−1}.",
    },
    {
      name: "turned",
      gives: (H, dZ, starts) => right(H, dZ, starts).transpose(),
      words:
        "The transpose of the right one. W_h has a row for each unit that is written: dz_t·h_{t−1}ᵀ, blame first.",
    },
    {
      name: "the mean",
      gives: (H, dZ, starts) => right(H, dZ, starts).scale(1 / H.columns),
      words:
        "Divided by the number of tokens. Each use of the weights is a reason of its own: a sum, undivided.",
    },
    {
      name: "the mean over sequences",
      gives: (H, dZ, starts) => right(H, dZ, starts).scale(1 / (starts.length - 1)),
      words:
        "Divided by the number of sequences. Each use of the weights is a reason of its own: a sum, undivided.",
    },
    {
      name: "one step missing",
      gives: summed({ steps: (t, _from, to) => t < to - 1 }),
      words: "The last step of each sequence is missing: its blame counts as well.",
    },
  ],
  hints: [
    "At which steps was W_h used, and what was it multiplied with there?",
    "Σ over t of dz_t·h_{t−1}ᵀ. Where a sequence begins the state before is zero, and so is its share.",
    "For every t that is not in `starts`: `dZ.column(t).times(H.column(t - 1).transpose())`, all added.",
  ],
  praise: "The library's recurrent layer does the same with its Ragged columns.",
});
