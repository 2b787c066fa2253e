/** How many multiplications a token costs in a pile of transformer blocks. */

import { exercise } from "../exercise";

/** (width, blocks, tokens) → blocks · (12 · width² + 2 · width · tokens). */
export const checkTokenCost = exercise<[width: number, blocks: number, tokens: number]>({
  name: "tokenCost",
  given: ["width", "blocks", "tokens"],
  sizes: [3, 5, 16, 64],
  drawn: (random, width) => [width, random.randint(3, 9), random.randint(10, 40)],
  edges: {
    "one of each": [1, 1, 1],
    "a width of 32, 2 blocks and 7 tokens": [32, 2, 7],
  },
  reference: (width, blocks, tokens) => blocks * (12 * width ** 2 + 2 * width * tokens),
  slips: [
    {
      name: "matrices alone",
      gives: (width, blocks) => blocks * 12 * width ** 2,
      words:
        "The matrices are right. The token also looks back: a score for each key, and a share of each value.",
    },
    {
      name: "looking alone",
      gives: (width, blocks, tokens) => blocks * 2 * width * tokens,
      words: "The looking is right. The matrices of the block are missing: 12 · width² multiplications.",
    },
    {
      name: "scores alone",
      gives: (width, blocks, tokens) => blocks * (12 * width ** 2 + width * tokens),
      words: "You count the scores. The weighted mean of the values costs as much again.",
    },
    {
      name: "one block",
      gives: (width, _blocks, tokens) => 12 * width ** 2 + 2 * width * tokens,
      words: "That is one block. The token goes through all of them.",
    },
    {
      name: "squared",
      gives: (width, blocks, tokens) => blocks * (12 * width ** 2 + 2 * width * tokens ** 2),
      words: "The square belongs to a whole context. One token has one query, and looks at each token once.",
    },
  ],
  hints: [
    "Two parts: the matrices, which do not care how long the context is, and the looking.",
    "12 · width² for the matrices of a block; width multiplications for each score, and as many for each value.",
    "`blocks * (12 * width ** 2 + 2 * width * tokens)`.",
  ],
  praise: "The two parts are equal at a context of 6 · width.",
});
