/** How many numbers a key/value cache holds. */

import { exercise } from "../exercise";

/** (blocks, width, tokens) → numbers that are kept. */
export const checkCacheSize = exercise<[blocks: number, width: number, tokens: number]>({
  name: "cacheSize",
  given: ["blocks", "width", "tokens"],
  drawn: (random, m) => [1 + random.randint(0, 5), 8 * (2 + random.randint(0, 6)), 3 * m + 2],
  edges: { "one block of width 16, 10 tokens": [1, 16, 10] },
  reference: (blocks, width, tokens) => 2 * blocks * width * tokens,
  slips: [
    {
      name: "keys alone",
      gives: (blocks, width, tokens) => blocks * width * tokens,
      words: "Half of it. For each token a key and a value are kept.",
    },
    {
      name: "queries too",
      gives: (blocks, width, tokens) => 3 * blocks * width * tokens,
      words: "A query is asked once and never again: only keys and values are kept.",
    },
    {
      name: "one block",
      gives: (_blocks, width, tokens) => 2 * width * tokens,
      words: "That is one block. Each block has keys and values of its own.",
    },
    {
      name: "squared",
      gives: (blocks, _width, tokens) => 2 * blocks * tokens * tokens,
      words:
        "The map of weights grows with the square of the tokens, but it is not kept. A token keeps `width` numbers for its key, and as many for its value.",
    },
    {
      name: "the weights' size",
      gives: (blocks, width) => 2 * blocks * width * width,
      words:
        "That is the size of the matrices that make keys and values. The cache holds what they made of each token.",
    },
  ],
  hints: [
    "What does a later token ask of an earlier one?",
    "For each token and each block: a key and a value, of `width` numbers each, all heads together.",
    "`2 * blocks * width * tokens`",
  ],
  praise: "It grows with the text, and not with its square.",
});
