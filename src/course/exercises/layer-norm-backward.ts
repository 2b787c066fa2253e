/** The way back through a layer norm. */

import { Matrix } from "../../index";
import { exercise } from "../exercise";

interface NormForm {
  /** The term for the mean, and the one for the deviation. */
  readonly mean?: boolean;
  readonly variance?: boolean;
  /** Divides the sums in the two terms: n, as they are means. */
  readonly over?: (n: number) => number;
  /** Divides the sum of squares: n. */
  readonly degrees?: (n: number) => number;
  readonly epsilon?: "inside" | "outside" | "none";
  /** The 1/s in front. */
  readonly divides?: boolean;
}

/** dX = (dY − mean(dY) − x̂·mean(dY ⊙ x̂))/s, column by column, with whatever may have slipped. */
const normBackward =
  (form: NormForm = {}) =>
  (X: Matrix, dY: Matrix): Matrix => {
    const { mean = true, variance = true, over = (n) => n, degrees = (n) => n } = form;
    const { epsilon = "inside", divides = true } = form;
    const total = (at: (i: number) => number): number => {
      let sum = 0;
      for (let i = 0; i < X.rows; i++) sum += at(i);
      return sum;
    };
    const columns = Array.from({ length: X.columns }, (_, j) => {
      const mu = total((i) => X.at(i, j)) / X.rows;
      const squares = total((i) => (X.at(i, j) - mu) ** 2) / degrees(X.rows);
      const s = Math.sqrt(squares + (epsilon === "inside" ? 1e-5 : 0)) + (epsilon === "outside" ? 1e-5 : 0);
      const hat = (i: number): number => (X.at(i, j) - mu) / s;
      const first = total((i) => dY.at(i, j)) / over(X.rows);
      const second = total((i) => dY.at(i, j) * hat(i)) / over(X.rows);
      return { hat, first, second, s };
    });
    return dY.map((d, i, j) => {
      const { hat, first, second, s } = columns[j];
      return (d - (mean ? first : 0) - (variance ? hat(i) * second : 0)) / (divides ? s : 1);
    });
  };

/** The way back through x̂ = (x − mean)/√(var + 1e-5), column by column: (X, dY) → dX. */
export const checkLayerNormBackward = exercise<[X: Matrix, dY: Matrix]>({
  name: "layerNormBackward",
  given: ["X", "dY"],
  drawn: (random, m) => [random.randnMatrix(5, m), random.randnMatrix(5, m)],
  edges: {
    "one example of two features": [Matrix.column([1, 3]), Matrix.column([1, 0])],
    "one example of three features": [Matrix.column([-1, 0, 4]), Matrix.column([2, -1, 0])],
    "equal blame for all, which moves nothing": [Matrix.column([1, 2, 6]), Matrix.column([3, 3, 3])],
    "features that are all the same, so that only ε is left": [Matrix.column([2, 2]), Matrix.column([1, -1])],
    // So narrow that ε decides.
    "features that hardly differ": [Matrix.column([0, 0.01, 0.03]), Matrix.column([1, 0, -2])],
  },
  reference: normBackward(),
  slips: [
    {
      name: "constants",
      gives: normBackward({ mean: false, variance: false }),
      words:
        "You treat mean and variance as constants. They are made of the inputs: raising one x moves the mean of its whole column, and its variance. Two terms are missing.",
    },
    {
      name: "no variance term",
      gives: normBackward({ variance: false }),
      words:
        "The mean is accounted for, the variance not yet: raising an x also changes the width by which its column is divided. That is the term x̂ · mean(dY ⊙ x̂).",
    },
    {
      name: "no mean term",
      gives: normBackward({ mean: false }),
      words:
        "The variance is accounted for, the mean not yet: raising an x lowers all x̂ of its column a little. That is the term mean(dY).",
    },
    {
      name: "sums",
      gives: normBackward({ over: () => 1 }),
      words:
        "The two terms have sums in the place of means: both are n times too large. They are mean(dY) and mean(dY ⊙ x̂).",
    },
    {
      name: "n − 1",
      gives: normBackward({ degrees: (n) => n - 1 }),
      words:
        "Your variance divides by n − 1, as statisticians do who estimate it from a sample. Layer norm divides by n.",
    },
    {
      name: "no 1/s",
      gives: normBackward({ divides: false }),
      words:
        "The bracket is right, and the 1/s in front of it is missing: x̂ is x divided by s, so the way back divides by s too.",
    },
    {
      name: "no ε",
      gives: normBackward({ epsilon: "none" }),
      words:
        "ε is missing: s is √(variance + 1e-5). Where features hardly differ it decides, and where they are all the same you divide by 0.",
    },
    {
      name: "ε outside",
      gives: normBackward({ epsilon: "outside" }),
      words: "ε stands outside of your root. Here it is inside: s = √(variance + 1e-5).",
    },
    {
      name: "along the rows",
      gives: (X, dY) => normBackward()(X.transpose(), dY.transpose()).transpose(),
      words:
        "You normalise along the rows. A column is one example, and layer norm looks at one example at a time.",
    },
  ],
  tolerance: 1e-8,
  floor: 1e-12,
  hints: [
    "Every x moves three things: its own x̂, the mean of its column, and its deviation.",
    "dX = (dY − a − x̂·b)/s, with a the mean of dY and b the mean of dY ⊙ x̂ over the column.",
    "Take one column at a time, with the n features as a list: mean, s = √(mean of squares + 1e-5), x̂, a, b, and then n numbers of dX.",
  ],
  praise: "This is one of the longest backward passes of a transformer, and you have written it.",
});
