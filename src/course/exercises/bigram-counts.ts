/** How often each token comes after each. */

import { Matrix } from "../../index";
import { exercise } from "../exercise";

const table = (size: number, pairs: readonly (readonly [before: number, next: number])[]): Matrix => {
  const counts = new Matrix(size, size);
  for (const [before, next] of pairs) counts.set(next, before, counts.at(next, before) + 1);
  return counts;
};
const neighbours = (ids: readonly number[]) => ids.slice(1).map((next, t) => [ids[t], next] as const);
const turned = (ids: readonly number[], size: number): Matrix => table(size, neighbours(ids)).transpose();

/** (ids, V) → counts (next × before), V × V. */
export const checkBigramCounts = exercise<[ids: number[], size: number]>({
  name: "bigramCounts",
  given: ["ids", "V"],
  sizes: [5, 8, 12, 20, 6],
  drawn: (random, length) => [Array.from({ length }, () => random.randint(0, 4)), 4],
  edges: {
    "the text 0 1 1": [[0, 1, 1], 2],
    "a text that ends where it began": [[2, 0, 1, 2], 3],
    "a token that never occurs": [[0, 2, 0, 2], 3],
  },
  reference: (ids, size) => table(size, neighbours(ids)),
  slips: [
    {
      name: "turned",
      gives: turned,
      words:
        "The counts are right, and the table is turned. A column is one token here, as everywhere: column j holds what came after token j, so that it can become one distribution.",
    },
    {
      name: "both ways",
      gives: (ids, size) => table(size, neighbours(ids)).plus(turned(ids, size)),
      words: "Each pair is counted in both directions. “a then b” says nothing about “b then a”.",
    },
    {
      name: "closed to a ring",
      gives: (ids, size) => table(size, [...neighbours(ids), [ids[ids.length - 1], ids[0]]]),
      words: "One pair too many: the last token is followed by nothing, not by the first.",
    },
    {
      name: "one pair missing",
      gives: (ids, size) => table(size, neighbours(ids.slice(0, -1))),
      words: "The last pair is missing. A text of n tokens has n − 1 pairs.",
    },
    {
      name: "seen or not",
      gives: (ids, size) => table(size, neighbours(ids)).map((count) => Math.min(1, count)),
      words: "This says whether a pair occurs. Asked is how often: add 1 each time.",
    },
    {
      name: "shares",
      gives: (ids, size) => {
        const counts = table(size, neighbours(ids));
        const sums = Matrix.filled(1, size, 1).times(counts);
        return counts.map((count, _i, j) => (sums.at(0, j) === 0 ? 0 : count / sums.at(0, j)));
      },
      words: "These are shares, each column divided by its sum. That is the next step; asked are the counts.",
    },
    {
      name: "pairs that do not overlap",
      gives: (ids, size) =>
        table(
          size,
          neighbours(ids).filter((_, t) => t % 2 === 0),
        ),
      words: "Every other pair is missing. A token is the second of one pair and the first of the next.",
    },
  ],
  hints: [
    "Walk through the text with a finger on two neighbours, and move it by one.",
    "For t from 1: the token before is ids[t − 1], the next is ids[t].",
    "`counts.set(ids[t], ids[t - 1], counts.at(ids[t], ids[t - 1]) + 1)` for each t from 1 on.",
  ],
  praise: "With each column divided by its sum this is a language model, and not the worst.",
});
