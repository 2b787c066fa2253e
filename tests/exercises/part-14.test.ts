// The exercises of notebook 14, answered as readers answer.
import { Matrix } from "glassbox";
import { checkGptParameters, checkMultiHead, checkResidualPaths } from "glassbox/notebook";
import { describeAnswers } from "../support/answers";

describeAnswers(checkResidualPaths, { "64": 64, "worked out": 2 ** 6 }, [
  ["one sum a block", 8, /A block has two/],
  ["added", 12, /they multiply/],
  ["the other way", 36, /two to the power of six/],
  ["the branches", 6, /number of branches/],
  ["all but one", 63, /^One is missing/],
  ["another", 27, /^Not yet/],
  ["a text", "64" as unknown as number, /got a text, "64"/],
]);

type Count = (vocabulary: number, context: number, width: number, blocks: number) => unknown;
const block = (w: number): number => 12 * w * w + 13 * w;

describeAnswers<Count>(
  checkGptParameters,
  {
    "part by part": (V, T, d, n) => {
      const attention = 4 * (d * d + d);
      const feedForward = d * 4 * d + 4 * d + (4 * d * d + d);
      return V * d + T * d + n * (attention + feedForward + 4 * d) + 2 * d;
    },
    "in one": (V, T, d, n) => d * (V + T + n * (12 * d + 13) + 2),
    "as shapes": (V, T, d, n) => {
      const ofBlock = [...Array(4).fill(d * d + d), 4 * d * d + 4 * d, 4 * d * d + d, 2 * d, 2 * d];
      return [V * d, T * d, ...Array(n).fill(ofBlock).flat(), d, d].reduce((sum, size) => sum + size, 0);
    },
  },
  [
    ["no last norm", (V, T, d, n) => (V + T) * d + n * block(d), /after the last block/],
    ["no places", (V, _T, d, n) => V * d + n * block(d) + 2 * d, /table of places is missing/],
    ["a head", (V, T, d, n) => (2 * V + T) * d + n * block(d) + 2 * d, /table of tokens twice/],
    [
      "as the block of the notebook",
      (V, T, d, n) => (V + T) * d + n * (12 * d * d + 9 * d) + 2 * d,
      /4 · width are missing in each block/,
    ],
    [
      "one bias short",
      (V, T, d, n) => (V + T) * d + n * (12 * d * d + 12 * d) + 2 * d,
      /One `?width`? is missing|One .*width.* is missing/,
    ],
    [
      "no norms",
      (V, T, d, n) => (V + T) * d + n * (12 * d * d + 9 * d) + 2 * d,
      /4 · width are missing in each block/,
    ],
    ["one block", (V, T, d) => (V + T) * d + block(d) + 2 * d, /a pile of one block/],
    ["about", (V, T, d, n) => (V + T) * d + n * 12 * d * d, /differs from the right one/],
    ["a text", (V) => `${V}`, /expected a number/],
  ],
);

type Heads = (Q: Matrix, K: Matrix, V: Matrix, heads: number) => unknown;
type Mask = (score: number, u: number, t: number) => number;
const backOnly: Mask = (score, u, t) => (u > t ? -Infinity : score);
const attend = (Q: Matrix, K: Matrix, V: Matrix, root: number, mask = backOnly): Matrix => {
  const powers = K.transpose()
    .times(Q)
    .map((score, u, t) => Math.exp(mask(score / root, u, t)));
  return V.times(powers.map((power, _u, t) => power / powers.column(t).sum()));
};
const split =
  (root: (width: number, heads: number) => number, mask = backOnly): Heads =>
  (Q, K, V, heads) => {
    const size = Q.rows / heads;
    const rows: number[][] = [];
    for (let h = 0; h < heads; h++) {
      const [q, k, v] = [Q, K, V].map((M) => Matrix.from(M.toRows().slice(h * size, h * size + size)));
      rows.push(...attend(q, k, v, root(Q.rows, heads), mask).toRows());
    }
    return Matrix.from(rows);
  };

describeAnswers<Heads>(
  checkMultiHead,
  {
    "slices of rows": split((width, heads) => Math.sqrt(width / heads)),
    "entry by entry": (Q, K, V, heads) => {
      const size = Q.rows / heads;
      return Q.map((_q, row, t) => {
        const first = row - (row % size);
        const powers = Array.from({ length: t + 1 }, (_u, u) => {
          let score = 0;
          for (let k = first; k < first + size; k++) score += Q.at(k, t) * K.at(k, u);
          return Math.exp(score / Math.sqrt(size));
        });
        const sum = powers.reduce((a, b) => a + b);
        return powers.reduce((all, power, u) => all + (power / sum) * V.at(row, u), 0);
      });
    },
  },
  [
    [
      "the first case",
      (Q, K, V, heads) => attend(Q, K, V, Math.sqrt(Q.rows / heads)),
      /first case of the notebook/,
    ],
    ["one head", (Q, K, V) => attend(Q, K, V, Math.sqrt(Q.rows)), /There is one head here/],
    ["the second case", split((width) => Math.sqrt(width)), /second case of the notebook/],
    ["no root", split(() => 1), /not divided yet/],
    ["the size itself", split((width, heads) => width / heads), /square root of the size/],
    ["the number of heads", split((_width, heads) => Math.sqrt(heads)), /root of the \*?number/],
    [
      "no mask",
      split(
        (width, heads) => Math.sqrt(width / heads),
        (score) => score,
      ),
      /there is no mask/,
    ],
    [
      "the mask turned",
      split(
        (width, heads) => Math.sqrt(width / heads),
        (score, u, t) => (u < t ? -Infinity : score),
      ),
      /The mask is turned/,
    ],
    [
      "hidden scores of 0",
      split(
        (width, heads) => Math.sqrt(width / heads),
        (score, u, t) => (u > t ? 0 : score),
      ),
      /e to the 0 is 1/,
    ],
    ["the values alone", (_Q, _K, V) => V.clone(), /came in, unchanged/],
    ["a list", (Q, K, V) => attend(Q, K, V, 1).toRows(), /expected a Matrix/],
  ],
);
