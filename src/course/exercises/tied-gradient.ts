/** The gradient of a table that is used twice: for the tokens that come in, and for the scores that go out. */

import { Matrix } from "../../index";
import { exercise } from "../exercise";

const picked = (ids: readonly number[], dX: Matrix, V: number): Matrix => {
  const dE = new Matrix(dX.rows, V);
  ids.forEach((id, t) => {
    for (let i = 0; i < dX.rows; i++) dE.set(i, id, dE.at(i, id) + dX.at(i, t));
  });
  return dE;
};
const scored = (H: Matrix, dZ: Matrix): Matrix => H.times(dZ.transpose());

/** (ids, dX, H, dZ) → dE (width × V). */
export const checkTiedGradient = exercise<[ids: number[], dX: Matrix, H: Matrix, dZ: Matrix]>({
  name: "tiedGradient",
  given: ["ids", "dX", "H", "dZ"],
  sizes: [2, 4, 6, 3, 5],
  drawn: (random, length) => [
    Array.from({ length }, (_, t) => (t < 2 ? 1 : random.randint(0, 4))),
    random.randnMatrix(3, length),
    random.randnMatrix(3, length),
    random.randnMatrix(4, length),
  ],
  edges: {
    "one token of two": [[1], Matrix.column([5, 7]), Matrix.column([1, 2]), Matrix.column([10, 100])],
  },
  reference: (ids, dX, H, dZ) => picked(ids, dX, dZ.rows).plus(scored(H, dZ)),
  slips: [
    {
      name: "the head alone",
      gives: (_ids, _dX, H, dZ) => scored(H, dZ),
      words: "That is the blame of the head alone. E was used a second time, where the tokens came in.",
    },
    {
      name: "the embedding alone",
      gives: (ids, dX, _H, dZ) => picked(ids, dX, dZ.rows),
      words: "That is the blame of the embedding alone. E was used a second time, in the head: z = Eᵀ·h.",
    },
    {
      name: "the mean of both",
      gives: (ids, dX, H, dZ) => picked(ids, dX, dZ.rows).plus(scored(H, dZ)).scale(0.5),
      words: "You took the mean of the two. Two uses are two reasons to move: they add up, undivided.",
    },
    {
      name: "the difference",
      gives: (ids, dX, H, dZ) => picked(ids, dX, dZ.rows).minus(scored(H, dZ)),
      words: "The two are subtracted. Both are slopes of the same loss: they add up.",
    },
    {
      name: "turned",
      gives: (ids, dX, H, dZ) => picked(ids, dX, dZ.rows).plus(scored(H, dZ)).transpose(),
      words: "The right numbers, turned. E is (width × V), a column a token, and its gradient has its shape.",
    },
  ],
  hints: [
    "Write down the two places where E stands, and the gradient at each as if the other did not exist.",
    "In the head z = Eᵀ·h: its part is H·dZᵀ. In the embedding, token t picked column ids[t]: its part is dX, column by column.",
    "`H.times(dZ.transpose())`, then for each t add column t of dX to column ids[t].",
  ],
  praise: "Every token of the vocabulary is blamed by the head; by the embedding only those that occurred.",
});
