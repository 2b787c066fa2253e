/** Rotary positions: pairs of rows, turned by an angle that grows with the place. */

import { Matrix } from "../../index";
import { exercise } from "../exercise";

interface Turn {
  readonly direction?: 1 | -1;
  /** The place of column t. */
  readonly place?: (t: number) => number;
  /** How far pair i of a vector with d entries turns from one place to the next. */
  readonly speed?: (pair: number, d: number) => number;
  /** Pairs (i, i + d/2) in the place of (2i, 2i + 1). */
  readonly halves?: boolean;
}

const turn =
  ({
    direction = 1,
    place = (t) => t,
    speed = (pair, d) => 10_000 ** ((-2 * pair) / d),
    halves = false,
  }: Turn = {}) =>
  (Q: Matrix): Matrix =>
    Q.map((_, i, t) => {
      const half = Q.rows / 2;
      const pair = halves ? i % half : Math.floor(i / 2);
      const [first, second] = halves ? [pair, pair + half] : [2 * pair, 2 * pair + 1];
      const angle = direction * place(t) * speed(pair, Q.rows);
      const [x, y] = [Q.at(first, t), Q.at(second, t)];
      return i === first
        ? x * Math.cos(angle) - y * Math.sin(angle)
        : x * Math.sin(angle) + y * Math.cos(angle);
    });

/** Q (d × tokens), d even → Q with every pair of rows turned by its place. */
export const checkRotary = exercise<[Q: Matrix]>({
  name: "rotary",
  given: ["Q"],
  drawn: (random, tokens) => [random.randnMatrix(6, tokens)],
  sizes: [1, 2, 4, 3, 7],
  edges: {
    "one token, at place 0, which does not turn": [Matrix.column([1, 2])],
    "two rows, three places": [
      Matrix.from([
        [1, 1, 1],
        [0, 0, 0],
      ]),
    ],
  },
  reference: turn(),
  slips: [
    {
      name: "the other way",
      gives: turn({ direction: -1 }),
      words:
        "You turn the other way: the minus stands in the second row of each pair. For scores that would do as well, but it is not what is asked.",
    },
    {
      name: "from place 1",
      gives: turn({ place: (t) => t + 1 }),
      words: "You count places from 1. The first column is place 0, and is not turned at all.",
    },
    {
      name: "one speed",
      gives: turn({ speed: () => 1 }),
      words:
        "All pairs turn at the same speed. Pair i turns by 10000^(−2i/d) radians from one place to the next.",
    },
    {
      name: "half the exponent",
      gives: turn({ speed: (pair, d) => 10_000 ** (-pair / d) }),
      words: "The exponent is −2i/d, with i the number of the pair. You have −i/d, half of that.",
    },
    {
      name: "the row for the pair",
      gives: (Q) =>
        Q.map((_, i, t) => {
          const even = i - (i % 2);
          const angle = t * 10_000 ** ((-2 * i) / Q.rows);
          const [x, y] = [Q.at(even, t), Q.at(even + 1, t)];
          return i === even
            ? x * Math.cos(angle) - y * Math.sin(angle)
            : x * Math.sin(angle) + y * Math.cos(angle);
        }),
      words:
        "You put the number of the *row* into the exponent −2i/d. There i counts pairs: both rows of a pair turn by the same angle.",
    },
    {
      name: "halves",
      gives: turn({ halves: true }),
      words:
        "You pair row i with row i + d/2, as some models do. Here neighbours are a pair: rows 2i and 2i + 1.",
    },
    {
      name: "the angles the wrong way up",
      gives: turn({ speed: (pair, d) => 10_000 ** ((2 * pair) / d) }),
      words:
        "Your later pairs turn faster and faster. The exponent carries a minus: they turn ever more slowly.",
    },
  ],
  hints: [
    "Two rows are a point in a plane. Where does it go when the plane is turned?",
    "Column t, pair i: the angle is t · 10000^(−2i/d). The even row becomes x·cos − y·sin, the odd one x·sin + y·cos.",
    "`Q.map((entry, row, t) => …)` with `even = row - (row % 2)`: x is `Q.at(even, t)`, y is `Q.at(even + 1, t)`, the angle `t * 10_000 ** (-even / Q.rows)`.",
  ],
  praise:
    "The dot product of two columns turned like this depends on how far apart they stand, and on nothing else of their places.",
});
