/** The way back through an embedding. */

import { Matrix } from "../../index";
import { exercise } from "../exercise";

const collected = (
  ids: readonly number[],
  dY: Matrix,
  size: number,
  write: (old: number, slope: number, occurs: number) => number,
): Matrix => {
  const dE = new Matrix(dY.rows, size);
  ids.forEach((id, t) => {
    const occurs = ids.filter((other) => other === id).length;
    for (let i = 0; i < dY.rows; i++) dE.set(i, id, write(dE.at(i, id), dY.at(i, t), occurs));
  });
  return dE;
};

/** (ids, dY, V) → dE (width × V). */
export const checkEmbeddingBackward = exercise<[ids: number[], dY: Matrix, size: number]>({
  name: "embeddingBackward",
  given: ["ids", "dY", "V"],
  sizes: [4, 6, 9, 5, 7],
  drawn: (random, length) => [
    Array.from({ length }, (_, t) => (t < 2 ? 1 : random.randint(0, 4))),
    random.randnMatrix(3, length),
    5,
  ],
  edges: {
    "one token that occurs twice": [[1, 1], Matrix.row([2, 5]), 2],
    "tokens that all differ": [[2, 0, 1], Matrix.row([1, 2, 4]), 3],
  },
  reference: (ids, dY, size) => collected(ids, dY, size, (old, slope) => old + slope),
  slips: [
    {
      name: "the last one wins",
      gives: (ids, dY, size) => collected(ids, dY, size, (_old, slope) => slope),
      words:
        "Where a token occurs twice, the second slope overwrote the first. The column was used twice, so both add up: `+=`, not `=`.",
    },
    {
      name: "the mean",
      gives: (ids, dY, size) => collected(ids, dY, size, (old, slope, occurs) => old + slope / occurs),
      words:
        "Where a token occurs twice you took the mean of its slopes. Two uses are two reasons to move: they add up, undivided.",
    },
    {
      name: "the first one wins",
      gives: (ids, dY, size) => collected(ids, dY, size, (old, slope) => (old === 0 ? slope : old)),
      words: "Where a token occurs twice, only its first slope was kept. Both add up.",
    },
    {
      name: "turned",
      gives: (ids, dY, size) => collected(ids, dY, size, (old, slope) => old + slope).transpose(),
      words: "The right numbers, turned. E is (width × V), a column a token, and its gradient has its shape.",
    },
    {
      name: "counts",
      gives: (ids, dY, size) => collected(ids, dY, size, (old) => old + 1),
      words: "This counts how often each token occurs. Added up are the slopes `dY`, column by column.",
    },
  ],
  hints: [
    "Which column of E did place t of the text read? That one alone is to blame.",
    "Begin with zeros. For each place t: add column t of dY to column ids[t].",
    "`dE.set(i, ids[t], dE.at(i, ids[t]) + dY.at(i, t))` for each row i and each place t.",
  ],
  praise: "The same as dY times the one-hot columns turned, without a single product.",
});
