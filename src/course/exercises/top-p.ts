/** The fewest most likely tokens that have a given share together. */

import { exercise } from "../exercise";

const scaled = (p: readonly number[]): number[] => {
  const sum = p.reduce((a, b) => a + b);
  return p.map((each) => each / sum);
};
const order = (p: readonly number[]): number[] => p.map((_, i) => i).sort((a, b) => p[b] - p[a]);
/** How many of the sorted are kept. */
const count = (p: readonly number[], share: number, among = order(p)): number => {
  let sum = 0;
  let kept = 0;
  while (kept < p.length && sum < share) sum += p[among[kept++]];
  return kept;
};
const keep = (p: readonly number[], chosen: readonly number[]): number[] =>
  p.map((each, i) => (chosen.includes(i) ? each : 0));

/** (p, share) → p with only the fewest largest that reach the share together, summing to 1 again; all of p differ. */
export const checkTopP = exercise<[p: number[], share: number]>({
  name: "nucleus",
  given: ["p", "share"],
  sizes: [3, 4, 6, 9, 5],
  drawn: (random, length) => [
    scaled(Array.from({ length }, (_, i) => 0.1 + random.rand() + i / 50)),
    0.3 + 0.6 * random.rand(),
  ],
  edges: {
    "0.7 of four": [[0.1, 0.4, 0.31, 0.19], 0.7],
    "a little more than the best has": [[0.2, 0.5, 0.3], 0.55],
  },
  reference: (p, share) => scaled(keep(p, order(p).slice(0, count(p, share)))),
  slips: [
    {
      name: "one too few",
      gives: (p, share) => scaled(keep(p, order(p).slice(0, Math.max(1, count(p, share) - 1)))),
      words:
        "Together the tokens that you keep have less than the share. The one that reaches it belongs to them.",
    },
    {
      name: "one too many",
      gives: (p, share) => scaled(keep(p, order(p).slice(0, count(p, share) + 1))),
      words: "You keep one token more than the share needs: stop as soon as it is reached.",
    },
    {
      name: "not scaled",
      gives: (p, share) => keep(p, order(p).slice(0, count(p, share))),
      words: "The right tokens are left. But together they no longer have 1: divide by what is left.",
    },
    {
      name: "larger than the share",
      gives: (p, share) => p.map((each) => (each >= share ? each : 0)),
      words: "You keep tokens that have the share by themselves. It is meant of all that are kept, together.",
    },
    {
      name: "in the order of the vocabulary",
      gives: (p, share) => {
        const places = p.map((_, i) => i);
        return scaled(keep(p, places.slice(0, count(p, share, places))));
      },
      words: "You add up in the order of the vocabulary. Begin with the most likely token.",
    },
    {
      name: "the least likely first",
      gives: (p, share) => {
        const places = order(p).reverse();
        return scaled(keep(p, places.slice(0, count(p, share, places))));
      },
      words: "You begin with the least likely tokens: the order of the sorting is turned.",
    },
  ],
  hints: [
    "Which token is taken first, and when is it enough?",
    "Sort the places by their probability, the largest first; add up until the share is reached; set all others to 0 and divide.",
    "`while (sum < share) sum += p[places[kept++]]`, then keep the first `kept` places.",
  ],
  praise: "Where the network is sure, one token is left; where it is not, many are.",
});
