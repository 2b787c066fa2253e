/** Clipping a gradient by its norm. */

import { Matrix } from "../../index";
import { exercise } from "../exercise";

/** `G` shortened by a factor that may come from another length. */
const shortened = (G: Matrix, length: number, limit: number): Matrix =>
  length > limit ? G.scale(limit / length) : G.clone();

/** Clipping by norm: (G, limit) → a gradient of at most that length. */
export const checkClipByNorm = exercise<[G: Matrix, limit: number]>({
  name: "clipByNorm",
  given: ["G", "limit"],
  drawn: (random, n) => [random.randnMatrix(3, n), n % 2 === 0 ? 100 : 0.5],
  edges: {
    "one number, too long": [Matrix.row([-5]), 2],
    "one number, short enough": [Matrix.row([-1]), 2],
    "a length of exactly the limit": [Matrix.row([3, 4]), 5],
    "a length of 5, and a limit of 10": [Matrix.row([3, -4]), 10],
  },
  extremes: { "a gradient of zeros": [Matrix.row([0, 0]), 1] },
  reference: (G, limit) => shortened(G, G.norm(), limit),
  slips: [
    {
      name: "guard forgotten",
      gives: (G, limit) => G.scale(limit / G.norm()),
      words:
        "A gradient that is already short enough grows in your version: it always ends with length limit. Clipping only ever shortens.",
    },
    {
      name: "by value",
      gives: (G, limit) => G.map((g) => Math.min(Math.max(g, -limit), limit)),
      words:
        "You cut each entry on its own: that is clipping by value, and it bends the direction. By norm, one factor scales all entries.",
    },
    {
      name: "squared length",
      gives: (G, limit) => shortened(G, G.norm() ** 2, limit),
      words: "A root is missing: the length is √Σg², not Σg².",
    },
    {
      name: "unit length",
      gives: (G, limit) => shortened(G, G.norm(), limit).scale(G.norm() > limit ? 1 / limit : 1),
      words: "Where it is too long, you shorten it to length 1. It should keep the length limit.",
    },
    {
      name: "sum of sizes",
      gives: (G, limit) => shortened(G, G.map(Math.abs).sum(), limit),
      words: "You measure the length as the sum of the sizes, Σ|g|. It is √Σg².",
    },
    {
      name: "largest entry",
      gives: (G, limit) =>
        shortened(
          G,
          G.toRows()
            .flat()
            .reduce((most, g) => Math.max(most, Math.abs(g)), 0),
          limit,
        ),
      words: "You measure the length by the largest entry. It is √Σg², over all entries.",
    },
    {
      name: "factor upside down",
      gives: (G, limit) => (G.norm() > limit ? G.scale(G.norm() / limit) : G.clone()),
      words: "Where it is too long, it gets longer: the factor is upside down. It is limit/length.",
    },
    {
      name: "zeros",
      gives: (G, limit) => (G.norm() > limit ? G.scale(0) : G.clone()),
      words: "Where it is too long, you throw it away. It should keep its direction, with the length limit.",
    },
  ],
  hints: [
    "How long is it, and is that too long?",
    "If the length √Σg² exceeds the limit, one factor, limit/length, shortens all entries alike; if not, nothing changes.",
    "`G.norm()` is the length; `G.norm() > limit ? G.scale(limit / G.norm()) : G.clone()`.",
  ],
  praise: "Same direction, bounded length.",
});
