/** The way back through an embedding whose places read several columns. */

import { Matrix } from "../../index";
import { exercise } from "../exercise";

type Given = [groups: number[][], dY: Matrix, size: number];
/** What the slope of a place adds to a column that it read. */
type Share = (slope: number, group: readonly number[]) => number;

const evenly: Share = (slope, group) => slope / group.length;
const collected =
  (share: Share, write = (old: number, more: number): number => old + more) =>
  (...[groups, dY, size]: Given): Matrix => {
    const dE = new Matrix(dY.rows, size);
    groups.forEach((group, t) => {
      for (const id of group) {
        for (let i = 0; i < dY.rows; i++) dE.set(i, id, write(dE.at(i, id), share(dY.at(i, t), group)));
      }
    });
    return dE;
  };
const right = collected(evenly);

/** (groups, dY, V) → dE (width × V); place t read the mean of the columns groups[t]. */
export const checkEmbeddingBackward = exercise<Given>({
  name: "embeddingBackward",
  given: ["groups", "dY", "V"],
  sizes: [4, 6, 3, 5, 7],
  drawn: (random, places) => [
    // Longer and shorter ones; the first has a token twice, the second shares it.
    Array.from({ length: places }, (_, t) =>
      t === 0
        ? [1, 1, 3]
        : t === 1
          ? [1, 2]
          : Array.from({ length: 1 + random.randint(0, 3) }, () => random.randint(0, 4)),
    ),
    random.randnMatrix(3, places),
    5,
  ],
  edges: {
    "one place that reads two columns": [[[0, 1]], Matrix.row([6]), 3],
    "a column that two places read": [[[0, 1], [1]], Matrix.row([2, 5]), 2],
    "a token twice at one place": [[[1, 1, 0]], Matrix.row([3]), 2],
  },
  reference: right,
  slips: [
    {
      name: "not divided",
      gives: collected((slope) => slope),
      words:
        "Each column gets the whole blame of its place. The place read a *mean*: of three columns each counted a third, and is blamed for a third.",
    },
    {
      name: "the last one wins",
      gives: collected(evenly, (_old, more) => more),
      words:
        "Where a column was read twice, the second slope overwrote the first. It was used twice, so both add up: `+=`, not `=`.",
    },
    {
      name: "each token once a place",
      gives: (groups, dY, size) => {
        const dE = new Matrix(dY.rows, size);
        groups.forEach((group, t) => {
          for (const id of new Set(group))
            for (let i = 0; i < dY.rows; i++) dE.set(i, id, dE.at(i, id) + dY.at(i, t) / group.length);
        });
        return dE;
      },
      words:
        "A token that stands twice in one group counts once with you. It made up two shares of the mean, so it gets two shares of the blame.",
    },
    {
      name: "divided by the places",
      gives: (groups, dY, size) => collected((slope) => slope / groups.length)(groups, dY, size),
      words:
        "You divide by the number of places. The mean was taken inside each group: divide by how many columns *it* has.",
    },
    {
      name: "the mean over uses",
      gives: (groups, dY, size) => {
        const uses = (id: number) => groups.flat().filter((other) => other === id).length;
        return right(groups, dY, size).map((slope, _i, id) => slope / Math.max(1, uses(id)));
      },
      words:
        "A column that was read several times gets the mean of its slopes with you. Several uses are several reasons to move: they add up.",
    },
    {
      name: "turned",
      gives: (...given) => right(...given).transpose(),
      words: "The right numbers, turned. E is (width × V), a column a token, and its gradient has its shape.",
    },
    {
      name: "shares without slopes",
      gives: collected((_slope, group) => 1 / group.length),
      words: "This adds up how much each column was read. Added up are those shares of the slopes `dY`.",
    },
  ],
  hints: [
    "Which columns of E did place t of the text read, and how much of its result is each of them?",
    "Begin with zeros. For each place t and each id of groups[t]: add column t of dY, divided by how many ids the group has, to column id.",
    "`dE.set(i, id, dE.at(i, id) + dY.at(i, t) / groups[t].length)` for each row i, each place t, each id of groups[t].",
  ],
  praise: "With one id a group it is the embedding that you know.",
});
