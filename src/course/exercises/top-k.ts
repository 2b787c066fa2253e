/** Only the k most likely tokens. */

import { exercise } from "../exercise";

const scaled = (p: readonly number[]): number[] => {
  const sum = p.reduce((a, b) => a + b);
  return p.map((each) => each / sum);
};
/** The place of each entry in the order of size, 0 for the largest. */
const rank = (p: readonly number[], i: number): number => p.filter((each) => each > p[i]).length;

/** (p, k) → the same probabilities with only the k largest, summing to 1 again; all of p differ. */
export const checkTopK = exercise<[p: number[], k: number]>({
  name: "onlyBest",
  given: ["p", "k"],
  sizes: [3, 4, 6, 9, 5],
  drawn: (random, length) => [
    scaled(Array.from({ length }, (_, i) => 0.1 + random.rand() + i / 50)),
    1 + random.randint(0, length - 1),
  ],
  edges: {
    "the two best of four": [[0.1, 0.4, 0.3, 0.2], 2],
    "the best alone": [[0.2, 0.5, 0.3], 1],
  },
  reference: (p, k) => scaled(p.map((each, i) => (rank(p, i) < k ? each : 0))),
  slips: [
    {
      name: "not scaled",
      gives: (p, k) => p.map((each, i) => (rank(p, i) < k ? each : 0)),
      words: "The right tokens are left. But together they no longer have 1: divide by what is left.",
    },
    {
      name: "the first k",
      gives: (p, k) => scaled(p.map((each, i) => (i < k ? each : 0))),
      words: "You keep the first k tokens of the vocabulary. Keep the k with the largest probabilities.",
    },
    {
      name: "the worst k",
      gives: (p, k) => scaled(p.map((each, i) => (rank(p, i) >= p.length - k ? each : 0))),
      words: "You keep the k least likely tokens: the order of the sorting is turned.",
    },
    {
      name: "one too many",
      gives: (p, k) => scaled(p.map((each, i) => (rank(p, i) <= k ? each : 0))),
      words: "One token too many is left: the ranks 0 to k − 1 are k tokens.",
    },
    {
      name: "all alike",
      gives: (p, k) => p.map((_, i) => (rank(p, i) < k ? 1 / k : 0)),
      words: "The tokens that are left keep their proportions: twice as likely stays twice as likely.",
    },
    {
      name: "sorted",
      gives: (p, k) => scaled([...p].sort((a, b) => b - a).map((each, i) => (i < k ? each : 0))),
      words: "The numbers are right, but they have moved: entry i must still belong to token i.",
    },
  ],
  hints: [
    "Which is the smallest probability that may stay?",
    "Sort a copy, read its k-th entry, set all that is smaller to 0, and divide by the sum.",
    "`const least = [...p].sort((a, b) => b - a)[k - 1]`, then `p.map((x) => (x >= least ? x : 0))`, then divide.",
  ],
  praise: "What is cut off can never be drawn, however long the text.",
});
