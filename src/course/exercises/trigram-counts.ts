/** How often each token comes after each pair. */

import { Matrix } from "../../index";
import { exercise } from "../exercise";

type Triple = readonly [first: number, second: number, next: number];

const table = (size: number, triples: readonly Triple[]): Matrix => {
  const counts = new Matrix(size, size * size);
  for (const [first, second, next] of triples) {
    const column = size * first + second;
    counts.set(next, column, counts.at(next, column) + 1);
  }
  return counts;
};
const triplesOf = (ids: readonly number[]): Triple[] =>
  ids.slice(2).map((next, t) => [ids[t], ids[t + 1], next] as const);

/** (ids, V) → counts (next × pair before), V × V²; the column of a pair is V·first + second. */
export const checkTrigramCounts = exercise<[ids: number[], size: number]>({
  name: "trigramCounts",
  given: ["ids", "V"],
  sizes: [6, 9, 14, 30, 7],
  drawn: (random, length) => [Array.from({ length }, () => random.randint(0, 3)), 3],
  edges: {
    "the text 0 1 1": [[0, 1, 1], 2],
    "the text 0 1 0 1 0": [[0, 1, 0, 1, 0], 2],
    "a token that never occurs": [[0, 2, 0, 2, 2], 3],
  },
  reference: (ids, size) => table(size, triplesOf(ids)),
  slips: [
    {
      name: "the pair turned",
      gives: (ids, size) =>
        table(
          size,
          triplesOf(ids).map(([first, second, next]) => [second, first, next] as const),
        ),
      words:
        "The counts are right, and stand in the columns of the turned pairs: “ab” in that of “ba”. The column is V times the first of the two, plus the second.",
    },
    {
      name: "turned",
      gives: (ids, size) => table(size, triplesOf(ids)).transpose(),
      words:
        "The counts are right, and the table is turned. A column is what was there before, as everywhere here, so that it can become one distribution.",
    },
    {
      name: "closed to a ring",
      gives: (ids, size) => table(size, triplesOf([...ids, ids[0], ids[1]])),
      words: "Two too many: the last token is followed by nothing, not by the first.",
    },
    {
      name: "one missing",
      gives: (ids, size) => table(size, triplesOf(ids.slice(0, -1))),
      words: "The last one is missing. A text of n tokens has n − 2 places with two tokens before them.",
    },
    {
      name: "seen or not",
      gives: (ids, size) => table(size, triplesOf(ids)).map((count) => Math.min(1, count)),
      words: "This says whether three tokens occur in a row. Asked is how often: add 1 each time.",
    },
    {
      name: "shares",
      gives: (ids, size) => {
        const counts = table(size, triplesOf(ids));
        const sums = Matrix.filled(1, size, 1).times(counts);
        return counts.map((count, _i, j) => (sums.at(0, j) === 0 ? 0 : count / sums.at(0, j)));
      },
      words: "These are shares, each column divided by its sum. That is the next step; asked are the counts.",
    },
    {
      name: "triples that do not overlap",
      gives: (ids, size) =>
        table(
          size,
          triplesOf(ids).filter((_, t) => t % 3 === 0),
        ),
      words:
        "You walk on by three tokens. Every place with two tokens before it counts: a token is the last of one three, and the first of another.",
    },
    {
      name: "one between",
      gives: (ids, size) =>
        table(
          size,
          ids.slice(3).map((next, t) => [ids[t], ids[t + 1], next] as const),
        ),
      words:
        "There is a place between the pair and the token that you count. Asked is the one that comes at once.",
    },
  ],
  hints: [
    "Walk through the text with a finger on three neighbours, and move it by one.",
    "For t from 2: the two before are ids[t − 2] and ids[t − 1], the next is ids[t].",
    "`const column = V * ids[t - 2] + ids[t - 1]`, and add 1 to row ids[t] of it, for each t from 2 on.",
  ],
  praise: "Its floor is lower than that of the pairs. But it has V² columns: most were never seen once.",
});
