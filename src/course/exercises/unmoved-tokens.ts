/** What a causal head without positions notices of two words that change places. */

import { numberExercise } from "../number";

export const checkUnmovedTokens = numberExercise({
  name: "the columns that stay as they are",
  answer: 3,
  tolerance: 1e-9,
  slips: [
    {
      name: "only the first",
      value: 1,
      words:
        "The first column stays, as it sees nothing that moved. Look at the fourth and the fifth again: which words do they see, and can they tell in which order?",
    },
    {
      name: "those that change",
      value: 2,
      words: "That many columns change: those of the two words that moved. The others are asked for.",
    },
    {
      name: "all",
      value: 5,
      words:
        "Two columns hold another word now, so their queries are others: the second and the third do change.",
    },
    {
      name: "none",
      value: 0,
      words: "The first token sees only itself, and it has not moved. Its column stays at least.",
    },
  ],
  hints: [
    "Go through the columns one by one: which words does each of them see?",
    "The fourth token sees four words before and after the swap. Are they the same words?",
    "A mean does not ask in which order its terms are added. Only columns 2 and 3 have another query.",
  ],
  praise:
    "The first sees only itself; the fourth and fifth see the same words as before, and order they cannot see.",
});
