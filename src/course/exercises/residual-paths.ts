/** Over how many paths blame gets through a pile of residual blocks. */

import { numberExercise } from "../number";

export const checkResidualPaths = numberExercise({
  name: "the paths through three blocks",
  answer: 64, // two ways at each of six sums
  tolerance: 1e-9,
  slips: [
    {
      name: "one sum a block",
      value: 8,
      words:
        "That is right for one sum in each block. A block has two: one after the attention, one after the feed-forward layer.",
    },
    {
      name: "added up",
      value: 12,
      words:
        "Two ways at each of six sums, but they multiply: after each choice, all the later ones are open again.",
    },
    {
      name: "squared the other way",
      value: 36,
      words:
        "You raised six to the power of two. Each of the six sums doubles the number of paths: two to the power of six.",
    },
    {
      name: "the branches",
      value: 6,
      words:
        "That is the number of branches. Each of them may be taken or passed by, whatever is done at the others.",
    },
    {
      name: "all but one",
      value: 63,
      words:
        "One is missing: the path that passes by all branches. It is the one on which nothing happens to the blame.",
    },
  ],
  hints: [
    "Begin with a single sum: how many ways lead from behind it to before it?",
    "Each further sum doubles the number of paths. How many sums do three blocks have?",
    "Two sums a block, three blocks: 2 · 2 · 2 · 2 · 2 · 2.",
  ],
  praise: "One of the 64 goes past everything: the blame arrives as it set out.",
});
