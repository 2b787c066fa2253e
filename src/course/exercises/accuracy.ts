/** The share of examples whose highest score is that of the true class. */

import { Matrix, type Random } from "../../index";
import { exercise } from "../exercise";

/** Scores that are right more often than not, and their one-hot targets. */
function scored(random: Random, m: number): [Matrix, Matrix] {
  const targets = Matrix.zeros(4, m);
  const scores = random.randnMatrix(4, m);
  for (let j = 0; j < m; j++) {
    const label = random.randint(0, 4);
    targets.set(label, j, 1);
    scores.set(label, j, scores.at(label, j) + 1);
  }
  return [scores, targets];
}

/** The row of the largest entry of each column. */
const rowOfLargest = (M: Matrix, of: (entry: number) => number = (x) => x): number[] =>
  Array.from({ length: M.columns }, (_, j) => {
    let best = 0;
    for (let i = 1; i < M.rows; i++) if (of(M.at(i, j)) > of(M.at(best, j))) best = i;
    return best;
  });

const hits = (chosen: readonly number[], truth: readonly number[]): number =>
  chosen.filter((row, j) => row === truth[j]).length;
const share = (scores: Matrix, targets: Matrix, of?: (entry: number) => number): number =>
  hits(rowOfLargest(scores, of), rowOfLargest(targets)) / scores.columns;

/** Share of columns whose largest entry stands in the same row: (scores, one-hot targets), both (K × m) → number. */
export const checkAccuracy = exercise<[scores: Matrix, targets: Matrix]>({
  name: "shareRight",
  given: ["scores", "targets"],
  sizes: [2, 3, 8, 25, 40],
  drawn: scored,
  edges: {
    "one example, right": [Matrix.column([0.2, 0.8]), Matrix.column([0, 1])],
    "one example, wrong": [Matrix.column([0.2, 0.8]), Matrix.column([1, 0])],
    "scores that are all negative": [
      Matrix.from([
        [-1, -5],
        [-2, -3],
      ]),
      Matrix.from([
        [1, 0],
        [0, 1],
      ]),
    ],
    "scores none of which exceeds one half": [
      Matrix.from([
        [0.3, 0.4],
        [0.4, 0.35],
        [0.3, 0.25],
      ]),
      Matrix.from([
        [0, 1],
        [1, 0],
        [0, 0],
      ]),
    ],
  },
  reference: (scores, targets) => share(scores, targets),
  examples: (scores) => scores.columns,
  slips: [
    {
      name: "count",
      gives: (scores, targets) => share(scores, targets) * scores.columns,
      words:
        "You counted the right ones. A share is that count divided by the number of examples, the columns.",
    },
    {
      name: "wrong ones",
      gives: (scores, targets) => 1 - share(scores, targets),
      words: "That is the share of wrong ones.",
    },
    {
      name: "per cent",
      gives: (scores, targets) => 100 * share(scores, targets),
      words: "Right, in per cent. A share is a number from 0 to 1.",
    },
    {
      name: "÷ all entries",
      gives: (scores, targets) => (share(scores, targets) * scores.columns) / scores.size,
      words: "You divided by the number of entries. Every column is one example: divide by the columns.",
    },
    {
      name: "÷ rows",
      gives: (scores, targets) => (share(scores, targets) * scores.columns) / scores.rows,
      words: "You divided by the number of classes, the rows. A column is an example: divide by the columns.",
    },
    {
      name: "exceeds one half",
      gives: (scores, targets) =>
        rowOfLargest(targets).filter((row, j) => scores.at(row, j) > 0.5).length / scores.columns,
      words:
        "You ask whether the true class scores more than 0.5. With several classes the highest score wins, however low it is.",
    },
    {
      name: "largest size",
      gives: (scores, targets) => share(scores, targets, Math.abs),
      words:
        "You compare the sizes of the scores. A score of −5 is low: the highest one counts, sign included.",
    },
    {
      name: "lowest",
      gives: (scores, targets) => share(scores, targets, (x) => -x),
      words: "You look for the lowest score. The highest one is the answer.",
    },
  ],
  hints: [
    "Column by column: which row has the highest score, and which row has the 1?",
    "Count the columns where the two rows are the same, and divide by the number of columns.",
    "`argmax` gives the row of each column's largest entry, for scores and targets alike.",
  ],
  praise: "It works for two classes and for a thousand.",
});
