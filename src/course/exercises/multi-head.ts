/** Causal attention with several heads: rows in groups, each with a softmax of its own. */

import { Matrix } from "../../index";
import { exercise } from "../exercise";

interface Form {
  /** What the scores are divided by. */
  readonly root?: (width: number, heads: number) => number;
  /** How many heads are really made. */
  readonly made?: (heads: number) => number;
  /** The rows of head h. */
  readonly rows?: (h: number, k: number, size: number) => number;
  /** Softmax along the rows. */
  readonly along?: boolean;
  /** What becomes of the score of key u for query t. */
  readonly masked?: (score: number, u: number, t: number) => number;
  /** What becomes of a weight, behind the softmax. */
  readonly after?: (weight: number, u: number, t: number) => number;
}

/** Column by column; a score of −∞ gets the weight 0. */
function shares(S: Matrix): Matrix {
  const powers = S.map((score, _u, t) => Math.exp(score - Math.max(...S.column(t).data)));
  return powers.map((power, _u, t) => power / powers.column(t).sum());
}
const backOnly = (score: number, u: number, t: number): number => (u > t ? -Infinity : score);

const headsOf =
  ({
    root = (width, heads) => Math.sqrt(width / heads),
    made = (heads) => heads,
    rows = (h, k, size) => h * size + k,
    along = false,
    masked = backOnly,
    after = (weight) => weight,
  }: Form = {}) =>
  (Q: Matrix, K: Matrix, V: Matrix, heads: number): Matrix => {
    const split = made(heads);
    const size = Q.rows / split;
    const parts = Array.from({ length: split }, (_, h) => {
      const pick = (M: Matrix): Matrix =>
        Matrix.zeros(size, M.columns).map((_zero, k, t) => M.at(rows(h, k, size), t));
      const S = pick(K)
        .transpose()
        .times(pick(Q))
        .scale(1 / root(Q.rows, heads))
        .map(masked);
      const A = along ? shares(S.transpose()).transpose() : shares(S);
      return pick(V).times(A.map(after));
    });
    return Matrix.from(parts.flatMap((part) => part.toRows()));
  };

/** (Q, K, V, heads) → the heads' outputs below each other; all (width × tokens), and place t sees 0 … t. */
export const checkMultiHead = exercise<[Q: Matrix, K: Matrix, V: Matrix, heads: number]>({
  name: "causalHeads",
  given: ["Q", "K", "V", "heads"],
  sizes: [2, 4, 3, 5],
  drawn: (random, tokens) => [
    random.randnMatrix(12, tokens).scale(1.5),
    random.randnMatrix(12, tokens).scale(1.5),
    random.randnMatrix(12, tokens),
    [2, 3, 4, 6][tokens % 4],
  ],
  edges: {
    "two heads of one row": [
      Matrix.from([
        [1, 2],
        [0, 1],
      ]),
      Matrix.from([
        [1, 0],
        [2, -1],
      ]),
      Matrix.from([
        [1, 3],
        [5, 7],
      ]),
      2,
    ],
    "a single head": [
      Matrix.from([
        [1, 2],
        [0, 1],
      ]),
      Matrix.from([
        [1, 0],
        [2, -1],
      ]),
      Matrix.from([
        [1, 3],
        [5, 7],
      ]),
      1,
    ],
  },
  reference: headsOf(),
  slips: [
    {
      name: "no mask",
      gives: headsOf({ masked: (score) => score }),
      words:
        "The heads are right, and there is no mask: tokens see what comes after them. Query t, a column, sees the keys 0 to t.",
    },
    {
      name: "the mask turned",
      gives: headsOf({ masked: (score, u, t) => (u < t ? -Infinity : score) }),
      words:
        "The mask is turned: each token sees itself and what comes *after* it. Keys are rows here, queries columns.",
    },
    {
      name: "scores of 0",
      gives: headsOf({ masked: (score, u, t) => (u > t ? 0 : score) }),
      words:
        "You set the hidden scores to 0, and e to the 0 is 1: they still get a share. The score of what is not seen is −∞.",
    },
    {
      name: "masked behind the softmax",
      gives: headsOf({ masked: (score) => score, after: (weight, u, t) => (u > t ? 0 : weight) }),
      words:
        "The mask comes behind the softmax: the hidden weights are gone, and the others no longer add up to 1. Mask the scores before.",
    },
    {
      name: "one head, small root",
      gives: headsOf({ made: () => 1 }),
      words:
        "This is the first case of the notebook: you divide by the root of a head's size, and never split the rows. There is one head, whatever `heads` says.",
    },
    {
      name: "one head",
      gives: headsOf({ made: () => 1, root: (width) => Math.sqrt(width) }),
      words: "There is one head here, whatever `heads` says: the rows are not split into groups.",
    },
    {
      name: "the root of the width",
      gives: headsOf({ root: (width) => Math.sqrt(width) }),
      words:
        "This is the second case of the notebook: the heads are split, and the scores divided by the root of the *width*. A head adds up width / heads products.",
    },
    {
      name: "no root",
      gives: headsOf({ root: () => 1 }),
      words: "The heads are split, and the scores not divided yet: by the root of a head's size.",
    },
    {
      name: "divided by the size",
      gives: headsOf({ root: (width, heads) => width / heads }),
      words: "You divide by the size of a head. It is the square root of the size.",
    },
    {
      name: "the number of heads",
      gives: headsOf({ root: (_width, heads) => Math.sqrt(heads) }),
      words:
        "You divide by the root of the *number* of heads. It is the root of the size of one: width / heads.",
    },
    {
      name: "along the rows",
      gives: headsOf({ along: true }),
      words: "Your softmax runs along the rows. A query is a column, and each column shares out 1.",
    },
  ],
  hints: [
    "Do it for one head first: which rows of Q, K and V belong to it, and which scores must not count?",
    "Head h has the rows h·size to (h + 1)·size − 1, with size = width / heads. Scores, the mask (key u of query t is hidden if u > t), softmax and values on those rows alone; then put the outputs below each other.",
    "`Matrix.from(M.toRows().slice(h * size, (h + 1) * size))` is a head of M; `S.map((score, u, t) => (u > t ? -Infinity : score))` masks; `Matrix.from(outputs.flatMap((O) => O.toRows()))` puts the outputs together.",
  ],
  praise: "Both cases are closed, and nobody reads ahead.",
});
