/** The way back through an RMS norm. */

import { Matrix } from "../../index";
import { exercise } from "../exercise";

interface Form {
  readonly term?: boolean;
  readonly over?: (n: number) => number;
  readonly divides?: boolean;
  readonly epsilon?: number;
  readonly centred?: boolean;
  readonly sign?: 1 | -1;
  readonly normalised?: boolean;
}

const back =
  ({
    term = true,
    over = (n) => n,
    divides = true,
    epsilon = 1e-5,
    centred = false,
    sign = -1,
    normalised = true,
  }: Form = {}) =>
  (X: Matrix, dY: Matrix): Matrix => {
    const total = (at: (i: number) => number): number => {
      let sum = 0;
      for (let i = 0; i < X.rows; i++) sum += at(i);
      return sum;
    };
    const columns = Array.from({ length: X.columns }, (_, t) => {
      const r = Math.sqrt(total((i) => X.at(i, t) ** 2) / X.rows + epsilon);
      const y = (i: number): number => (normalised ? X.at(i, t) / r : X.at(i, t));
      return {
        r,
        y,
        along: total((i) => dY.at(i, t) * y(i)) / over(X.rows),
        mean: centred ? total((i) => dY.at(i, t)) / X.rows : 0,
      };
    });
    return dY.map((d, i, t) => {
      const { r, y, along, mean } = columns[t];
      return (d - mean + (term ? sign * y(i) * along : 0)) / (divides ? r : 1);
    });
  };

/** (X, dY) → dX of y = x/√(mean(x²) + 1e-5), column by column. */
export const checkRmsNormBackward = exercise<[X: Matrix, dY: Matrix]>({
  name: "rmsNormBackward",
  given: ["X", "dY"],
  drawn: (random, m) => [random.randnMatrix(5, m).scale(2), random.randnMatrix(5, m)],
  edges: {
    "one token of two features": [Matrix.column([1, 2]), Matrix.column([1, 0])],
    "blame along the token itself, which hardly moves anything": [
      Matrix.column([3, 4]),
      Matrix.column([3, 4]),
    ],
    // So small that ε decides.
    "a tiny token": [Matrix.column([0.003, -0.001]), Matrix.column([1, 1])],
  },
  reference: back(),
  slips: [
    {
      name: "r a constant",
      gives: back({ term: false }),
      words:
        "You treat r as a constant. It is made of the inputs: a larger x makes r larger, and all entries of its column smaller. One term is missing.",
    },
    {
      name: "layer norm",
      gives: back({ centred: true }),
      words:
        "You take the mean of dY off as well. That belongs to layer norm; here no mean is taken off on the way forward.",
    },
    {
      name: "a sum",
      gives: back({ over: () => 1 }),
      words:
        "The term has a sum in the place of a mean: it is n times too large, with n the number of features.",
    },
    {
      name: "no 1/r",
      gives: back({ divides: false }),
      words: "The bracket is right, and the 1/r in front of it is missing.",
    },
    {
      name: "no ε",
      gives: back({ epsilon: 0 }),
      words: "ε is missing: r is √(mean square + 1e-5). Where a token is tiny, it decides.",
    },
    {
      name: "plus",
      gives: back({ sign: 1 }),
      words: "The term is right, and it is taken off, not put on.",
    },
    {
      name: "x for y",
      gives: back({ normalised: false }),
      words: "You use the inputs x where the normalised y belongs, both in the mean and in front of it.",
    },
    {
      name: "along the rows",
      gives: (X, dY) => back()(X.transpose(), dY.transpose()).transpose(),
      words: "You go along the rows. A column is one token, and the norm looks at one token at a time.",
    },
  ],
  tolerance: 1e-8,
  floor: 1e-12,
  hints: [
    "Every x moves two things: its own y, and the r of its column.",
    "dX = (dY − y·b)/r, with b the mean of dY ⊙ y over the column.",
    "Layer norm's way back without its first term: take one column, compute r, y and b, and then n numbers.",
  ],
  praise: "One term less than layer norm, and most models of today do without it.",
});
