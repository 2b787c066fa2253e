/** How many parameters a transformer block has. */

import { exercise } from "../exercise";

interface Counted {
  readonly squares?: number;
  readonly long?: number;
  /** Biases of the feed-forward layer: hidden, and width. */
  readonly hiddenBias?: number;
  readonly widthBias?: number;
  /** Gains and shifts, in widths. */
  readonly norms?: number;
}

const count =
  ({ squares = 4, long = 2, hiddenBias = 1, widthBias = 1, norms = 4 }: Counted = {}) =>
  (width: number, hidden: number): number =>
    squares * width ** 2 + long * width * hidden + hiddenBias * hidden + widthBias * width + norms * width;

/** (width, hidden) → parameters of attention without biases, a feed-forward layer with both, and two norms. */
export const checkBlockParameters = exercise<[width: number, hidden: number]>({
  name: "blockParameters",
  given: ["width", "hidden"],
  sizes: [8, 16, 64, 768],
  drawn: (_random, width) => [width, 4 * width],
  edges: {
    "a width of 1 and 1 hidden unit": [1, 1],
    "a width of 8 and 20 hidden units, which are not 4 times 8": [8, 20],
  },
  reference: count(),
  slips: [
    {
      name: "no biases",
      gives: count({ hiddenBias: 0, widthBias: 0 }),
      words:
        "The biases of the feed-forward layer are missing: one for each hidden unit, and one for each row that it gives back.",
    },
    {
      name: "one bias",
      gives: count({ widthBias: 0 }),
      words: "The second bias of the feed-forward layer is missing: it has as many entries as the width.",
    },
    {
      name: "no norms",
      gives: count({ norms: 0 }),
      words:
        "The norms are missing. Each has a gain and a shift for every feature, and there are two of them.",
    },
    {
      name: "one norm",
      gives: count({ norms: 2 }),
      words:
        "You count one norm, or gains without shifts. There are two norms, and each has a gain and a shift.",
    },
    {
      name: "three squares",
      gives: count({ squares: 3 }),
      words:
        "Queries, keys and values are three square matrices. The fourth, the one that mixes the heads, is missing.",
    },
    {
      name: "one long matrix",
      gives: count({ long: 1 }),
      words: "The feed-forward layer has two long matrices: up to the hidden units, and down again.",
    },
    {
      name: "biases on all",
      gives: (width, hidden) => count()(width, hidden) + 4 * width,
      words: "You give the four matrices of the attention a bias each. Here they have none.",
    },
    {
      name: "four times, whatever hidden is",
      gives: (width) => count()(width, 4 * width),
      words: "You take 4 · width for the hidden units. Here their number is given, and it may be another.",
    },
  ],
  hints: [
    "Three parts: attention, feed-forward layer, norms.",
    "Four matrices of width × width; two of width × hidden, with a bias of `hidden` and one of `width` entries; two norms with a gain and a shift each.",
    "`4 * width ** 2 + 2 * width * hidden + hidden + width + 4 * width`.",
  ],
  praise: "With 4 · width hidden units that is about 12 · width².",
});
