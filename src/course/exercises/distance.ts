/** Signed distances of points from the line of a neuron. */

import { Matrix } from "../../index";
import { exercise } from "../exercise";

const preActivations = (w: Matrix, b: number, X: Matrix): Matrix => w.times(X).map((z) => z + b);

/** Signed distances of points from the line w·x + b = 0: (w 1 × 2, b, X 2 × m) → (1 × m). */
export const checkDistance = exercise<[w: Matrix, b: number, X: Matrix]>({
  name: "distances",
  given: ["w", "b", "X"],
  drawn: (random, m) => [random.randnMatrix(1, 2).scale(2), random.randn(), random.randnMatrix(2, m)],
  edges: {
    "a point on the side of the yes": [Matrix.row([3, 4]), -5, Matrix.column([3, 4])],
    "the origin, on the side of the no": [Matrix.row([3, 4]), -5, Matrix.column([0, 0])],
    "a point on the line": [Matrix.row([3, 4]), -5, Matrix.column([3, -1])],
    "one weight of 0": [
      Matrix.row([0, -2]),
      0,
      Matrix.from([
        [1, 1],
        [2, -2],
      ]),
    ],
  },
  reference: (w, b, X) => preActivations(w, b, X).scale(1 / w.norm()),
  slips: [
    {
      name: "scores",
      gives: preActivations,
      words:
        "These are the scores z. Double w and b, and they double, though the line stays where it is: the length of w has to go.",
    },
    {
      name: "squared length",
      gives: (w, b, X) => preActivations(w, b, X).scale(1 / w.norm() ** 2),
      words: "You divided by the square of the length. Its root is missing.",
    },
    {
      name: "sign lost",
      gives: (w, b, X) => preActivations(w, b, X).map((z) => Math.abs(z) / w.norm()),
      words: "The lengths are right, and the sign is lost: it tells the two sides of the line apart.",
    },
    {
      name: "bias in the length",
      gives: (w, b, X) => preActivations(w, b, X).scale(1 / Math.hypot(w.norm(), b)),
      words: "The bias has slipped into the length. Only the weights are the arrow; the bias moves the line.",
    },
    {
      name: "sum of sizes",
      gives: (w, b, X) => preActivations(w, b, X).scale(1 / w.map(Math.abs).sum()),
      words: "You divided by the sum of the sizes, |w₁| + |w₂|. The length of an arrow is √(w₁² + w₂²).",
    },
    {
      name: "no bias",
      gives: (w, _b, X) => w.times(X).scale(1 / w.norm()),
      words: "These are the distances from the line through the origin, w·x = 0. The bias is missing.",
    },
    {
      name: "bias not divided",
      gives: (w, b, X) =>
        w
          .times(X)
          .scale(1 / w.norm())
          .map((z) => z + b),
      words: "The length divides w·x alone. The bias is part of the score: it is divided too.",
    },
  ],
  hints: [
    "The score z grows with the distance from the line. How fast?",
    "Along the arrow w, one unit of length changes z by the length of w.",
    "Divide each score, bias included, by `Math.hypot(w.at(0, 0), w.at(0, 1))`.",
  ],
  praise: "Beyond the line by that much, and on which side.",
});
