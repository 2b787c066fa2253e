// The exercises of notebook 14, answered as readers answer.
import { Matrix, softmax } from "glassbox";
import { checkBlockParameters, checkMultiHead, checkResidualPaths } from "glassbox/notebook";
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

type Count = (width: number, hidden: number) => unknown;

describeAnswers<Count>(
  checkBlockParameters,
  {
    "part by part": (w, h) => 4 * w * w + (w * h + h) + (h * w + w) + 2 * 2 * w,
    "in one": (w, h) => 4 * w ** 2 + 2 * w * h + h + 5 * w,
    "as shapes": (w, h) => {
      const shapes = [...Array.from({ length: 4 }, () => [w, w]), [h, w], [h, 1], [w, h], [w, 1]];
      const norms = Array.from({ length: 4 }, () => [w, 1]);
      return [...shapes, ...norms].reduce((sum, [r, c]) => sum + r * c, 0);
    },
  },
  [
    [
      "matrices and norms",
      (w, h) => 4 * w * w + 2 * w * h + 4 * w,
      /biases of the feed-forward layer are missing/,
    ],
    ["one bias", (w, h) => 4 * w * w + 2 * w * h + h + 4 * w, /second bias/],
    ["no norms", (w, h) => 4 * w * w + 2 * w * h + h + w, /norms are missing/],
    ["one norm", (w, h) => 4 * w * w + 2 * w * h + h + 3 * w, /one norm, or gains without shifts/],
    ["three squares", (w, h) => 3 * w * w + 2 * w * h + h + 5 * w, /that mixes the heads, is missing/],
    ["twelve squares", (w) => 12 * w * w, /differs from the right one/],
    ["hidden ignored", (w) => 12 * w * w + 9 * w, /You take 4 · width/],
    ["biases everywhere", (w, h) => 4 * w * w + 2 * w * h + h + 9 * w, /Here they have none/],
    ["a text", (w) => `${w}`, /expected a number/],
  ],
);

type Heads = (Q: Matrix, K: Matrix, V: Matrix, heads: number) => unknown;
const attend = (Q: Matrix, K: Matrix, V: Matrix, root: number): Matrix =>
  V.times(
    softmax(
      K.transpose()
        .times(Q)
        .scale(1 / root),
    ),
  );
const split =
  (root: (width: number, heads: number) => number): Heads =>
  (Q, K, V, heads) => {
    const size = Q.rows / heads;
    const rows: number[][] = [];
    for (let h = 0; h < heads; h++) {
      const [q, k, v] = [Q, K, V].map((M) => Matrix.from(M.toRows().slice(h * size, h * size + size)));
      rows.push(...attend(q, k, v, root(Q.rows, heads)).toRows());
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
        const powers = Array.from({ length: Q.columns }, (_u, u) => {
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
    ["the values alone", (_Q, _K, V) => V.clone(), /came in, unchanged/],
    ["a list", (Q, K, V) => attend(Q, K, V, 1).toRows(), /expected a Matrix/],
  ],
);
