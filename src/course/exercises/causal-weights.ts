/** The weights of causal attention: a softmax of each column over what it may see. */

import { Matrix } from "../../index";
import { exercise } from "../exercise";

interface Form {
  /** Whether query t sees key u. */
  readonly sees?: (u: number, t: number) => boolean;
  /** The score of what is not seen. */
  readonly hidden?: number;
  readonly stable?: boolean;
  /** Softmax over everything, and the future set to 0 afterwards. */
  readonly after?: boolean;
}

const weightsOf =
  ({ sees = (u, t) => u <= t, hidden = -Infinity, stable = true, after = false }: Form = {}) =>
  (S: Matrix): Matrix => {
    const columns = Array.from({ length: S.columns }, (_, t) => {
      const scores = Array.from({ length: S.rows }, (_, u) => (after || sees(u, t) ? S.at(u, t) : hidden));
      const top = stable ? scores.reduce((a, b) => Math.max(a, b)) : 0;
      const powers = scores.map((score) => Math.exp(score - top));
      const sum = powers.reduce((total, power) => total + power, 0);
      return powers.map((power, u) => (after && !sees(u, t) ? 0 : power / sum));
    });
    return S.map((_, u, t) => columns[t][u]);
  };

const turned =
  (form: Form) =>
  (S: Matrix): Matrix =>
    weightsOf(form)(S.transpose()).transpose();

/** Scores (keys × queries, as many of both) → weights, each column a causal softmax. */
export const checkCausalWeights = exercise<[S: Matrix]>({
  name: "causalWeights",
  given: ["S"],
  sizes: [2, 4, 3, 5, 7],
  drawn: (random, tokens) => [random.randnMatrix(tokens, tokens).scale(2)],
  edges: {
    "two tokens with equal scores": [Matrix.zeros(2, 2)],
    "one token": [Matrix.from([[3]])],
  },
  extremes: {
    "scores of 1000": [
      Matrix.from([
        [1000, 1001],
        [0, 999],
      ]),
    ],
  },
  reference: weightsOf(),
  slips: [
    {
      name: "no mask",
      gives: weightsOf({ sees: () => true }),
      words: "Every column sums to 1, and every token sees all others. Nothing is hidden yet.",
    },
    {
      name: "the past hidden",
      gives: weightsOf({ sees: (u, t) => u >= t }),
      words:
        "You hide the past and show the future. A row is a key, a column a query: hide where the row is *larger* than the column.",
    },
    {
      name: "rows",
      gives: turned({ sees: (u, t) => u >= t }),
      words:
        "The right entries are hidden, and every row sums to 1. A query is a column: each column has its own sum.",
    },
    {
      name: "rows are queries",
      gives: turned({}),
      words:
        "This is right for scores with a query in each row. Here a query is a column, as every token is.",
    },
    {
      name: "zero for a score",
      gives: weightsOf({ hidden: 0 }),
      words:
        "You give the future a score of 0. Its exponential is 1, so it still gets a share. The score that gets none is −∞.",
    },
    {
      name: "after the softmax",
      gives: weightsOf({ after: true }),
      words:
        "The future gets no weight, but its share is lost: the columns no longer sum to 1. Hide the scores, before softmax shares out.",
    },
    {
      name: "not stable",
      gives: weightsOf({ stable: false }),
      words:
        "Right for ordinary scores. At 1000 it is NaN: `exp(1000)` is ∞ on a computer. Take the largest visible score of each column off first.",
    },
  ],
  hints: [
    "Decide first which entries of a column may be seen, then share out 1 among them.",
    "A key u is hidden from a query t where u > t: give it the score −∞, then take softmax by columns.",
    "`S.map((score, u, t) => (u > t ? -Infinity : score))`, then for each column: exponentials of score − largest, divided by their sum.",
  ],
  praise: "Nobody reads the answer off the page.",
});
