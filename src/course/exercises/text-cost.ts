/** How many multiplications a whole text costs in a pile of transformer blocks, read with a cache. */

import { exercise } from "../exercise";

/** Multiplications of so many tokens in a block, and of so many looks, each at one key and its value. */
const cost = (width: number, blocks: number, tokens: number, looks: number): number =>
  blocks * (12 * width ** 2 * tokens + 2 * width * looks);
/** 1 + 2 + … + tokens: the token at place t looks at t + 1. */
const triangle = (tokens: number): number => (tokens * (tokens + 1)) / 2;

/** (width, blocks, tokens) → blocks · (12 · width² · tokens + width · tokens · (tokens + 1)). */
export const checkTextCost = exercise<[width: number, blocks: number, tokens: number]>({
  name: "textCost",
  given: ["width", "blocks", "tokens"],
  sizes: [3, 5, 16, 64],
  drawn: (random, width) => [width, random.randint(3, 9), random.randint(10, 40)],
  edges: {
    "one of each": [1, 1, 1],
    "a width of 32, 2 blocks and 7 tokens": [32, 2, 7],
  },
  reference: (width, blocks, tokens) => cost(width, blocks, tokens, triangle(tokens)),
  slips: [
    {
      name: "the last token",
      gives: (width, blocks, tokens) => cost(width, blocks, 1, tokens),
      words: "That is the last token alone. All those before it were read, too.",
    },
    {
      name: "everybody looks at all",
      gives: (width, blocks, tokens) => cost(width, blocks, tokens, tokens ** 2),
      words:
        "Every token looks at the whole text with you, also at what comes after it. The token at place t sees t + 1 of them: 1 + 2 + … + tokens.",
    },
    {
      name: "not at itself",
      gives: (width, blocks, tokens) => cost(width, blocks, tokens, triangle(tokens - 1)),
      words: "A token looks at itself as well: the first one at one token, not at none.",
    },
    {
      name: "read again each time",
      gives: (width, blocks, tokens) =>
        Array.from({ length: tokens }, (_, t) => cost(width, blocks, t + 1, triangle(t + 1))).reduce(
          (sum, each) => sum + each,
        ),
      words:
        "For each new token you read all those before it again. That is what a cache saves: each token goes through the matrices once.",
    },
    {
      name: "matrices alone",
      gives: (width, blocks, tokens) => cost(width, blocks, tokens, 0),
      words:
        "The matrices are right. Each token also looks back: a score for each key, and a share of each value.",
    },
    {
      name: "looking alone",
      gives: (width, blocks, tokens) => cost(width, blocks, 0, triangle(tokens)),
      words:
        "The looking is right. The matrices are missing: 12 · width² multiplications a block, for each token.",
    },
    {
      name: "matrices once",
      gives: (width, blocks, tokens) => cost(width, blocks, 1, triangle(tokens)),
      words: "The looking is right. The matrices are in it once, and every token goes through them.",
    },
    {
      name: "scores alone",
      gives: (width, blocks, tokens) => cost(width, blocks, tokens, triangle(tokens) / 2),
      words: "You count the scores. The weighted mean of the values costs as much again.",
    },
    {
      name: "one block",
      gives: (width, _blocks, tokens) => cost(width, 1, tokens, triangle(tokens)),
      words: "That is one block. Each token goes through all of them.",
    },
  ],
  hints: [
    "One token first: what do the matrices cost, and what the looking, if it looks at k tokens?",
    "12 · width² for the matrices of a block, and 2 · width for each token that it looks at. Then add that up: k is 1 for the first token, 2 for the next.",
    "`blocks * (12 * width ** 2 * tokens + width * tokens * (tokens + 1))`, since 1 + 2 + … + n is n · (n + 1)/2.",
  ],
  praise: "There is the famous square; and half of it, since nobody looks ahead.",
});
