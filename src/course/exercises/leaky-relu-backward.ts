/** The way back through leaky ReLU. */

import { Matrix } from "../../index";
import { exercise } from "../exercise";

/** The blame, times one factor where Z > 0 and another elsewhere. */
function gated(Z: Matrix, dA: Matrix, open: number, shut: number): Matrix {
  return dA.hadamard(Z.map((z) => (z > 0 ? open : shut)));
}

/** Blame through leaky ReLU: (Z, dA, alpha) → dZ, the matrices (units × m). */
export const checkLeakyReluBackward = exercise<[Z: Matrix, dA: Matrix, alpha: number]>({
  name: "leakyReluBackward",
  given: ["Z", "dA", "alpha"],
  // Another alpha in every case, so that no number can stand in for it.
  drawn: (random, m) => [random.randnMatrix(4, m), random.randnMatrix(4, m), 0.1 * m],
  edges: {
    "an open unit": [Matrix.row([2]), Matrix.row([3]), 0.1],
    "a closed unit": [Matrix.row([-2]), Matrix.row([3]), 0.1],
    "z = 0, which counts as closed": [Matrix.row([0]), Matrix.row([-5]), 0.2],
    "negative blame, open and closed": [Matrix.row([1, -1]), Matrix.row([-4, -4]), 0.25],
  },
  reference: (Z, dA, alpha) => gated(Z, dA, 1, alpha),
  slips: [
    {
      name: "plain ReLU",
      gives: (Z, dA) => gated(Z, dA, 1, 0),
      words:
        "That is plain ReLU: where Z is negative you let nothing back. The leaky one lets alpha of the blame through.",
    },
    {
      name: "sides exchanged",
      gives: (Z, dA, alpha) => gated(Z, dA, alpha, 1),
      words:
        "The two sides are exchanged: where Z > 0 the blame passes whole, elsewhere only alpha of it does.",
    },
    {
      name: "gate set by the blame",
      gives: (_Z, dA, alpha) => dA.map((d) => (d > 0 ? d : alpha * d)),
      words:
        "You put the blame itself through leaky ReLU: negative blame shrinks. The gate is set by Z, on the way forward; what passes it is dA, whatever its sign.",
    },
    {
      name: "slope alone",
      gives: (Z, _dA, alpha) => Z.map((z) => (z > 0 ? 1 : alpha)),
      words:
        "That is the slope of leaky ReLU, 1 or alpha. The chain rule multiplies it with the blame that arrives, dA.",
    },
    {
      name: "alpha alone",
      gives: (Z, dA, alpha) => Z.map((z, i, j) => (z > 0 ? dA.at(i, j) : alpha)),
      words:
        "Right where Z > 0. Elsewhere alpha stands alone: it is a slope, and dA has to be multiplied by it.",
    },
    {
      name: "value for slope",
      gives: (Z, dA, alpha) => dA.hadamard(Z.map((z) => (z > 0 ? z : alpha * z))),
      words:
        "You multiplied dA with leaky ReLU of Z, its value. The chain rule wants its slope: 1 where Z > 0, else alpha.",
    },
    {
      name: "value below 0",
      gives: (Z, dA, alpha) => dA.hadamard(Z.map((z) => (z > 0 ? 1 : alpha * z))),
      words:
        "Right where Z > 0. Elsewhere alpha·z is the value of leaky ReLU; its slope there is alpha, the same for every z.",
    },
    {
      name: "open at 0",
      gives: (Z, dA, alpha) => dA.hadamard(Z.map((z) => (z >= 0 ? 1 : alpha))),
      words:
        "Right everywhere but at z = 0 itself, where the text says: z for z > 0, otherwise αz. So 0 is on the side of alpha.",
    },
    {
      name: "an alpha of one's own",
      fit: (answer) => {
        const own = answer(Matrix.row([-1]), Matrix.row([1]), 0.7) as Matrix | undefined;
        const alpha = own instanceof Matrix ? own.at(0, 0) : Number.NaN;
        return {
          gives: (Z, dA) => gated(Z, dA, 1, alpha),
          words: `You let ${String(Number(alpha.toPrecision(6)))} of the blame through, whatever alpha is. It comes in as an argument.`,
        };
      },
    },
  ],
  hints: [
    "The gate was set on the way forward. What did it let through then?",
    "The slope is 1 where Z > 0 and alpha elsewhere; the chain rule multiplies it with dA, entry by entry.",
    "`dA.hadamard(Z.map((z) => …))`, with the slope at z in the place of the dots.",
  ],
  praise: "A closed ReLU would have passed nothing; here even a unit that is off can still learn.",
});
