/** Inverted dropout, with the uniforms given. */

import { Matrix } from "../../index";
import { exercise } from "../exercise";

/** A with those units kept of which `stays` is true. */
const kept = (A: Matrix, U: Matrix, stays: (u: number) => boolean, scale: number): Matrix =>
  A.map((a, i, j) => (stays(U.at(i, j)) ? a * scale : 0));

/** Inverted dropout: (A, U, p) → A with a share p silenced, the rest scaled up; U are uniforms, kept where U > p. */
export const checkInvertedDropout = exercise<[A: Matrix, U: Matrix, p: number]>({
  name: "invertedDropout",
  given: ["A", "U", "p"],
  drawn: (random, m) => [random.randnMatrix(6, m), random.randMatrix(6, m), 0.2 + 0.2 * random.rand()],
  edges: {
    "one unit that stays": [Matrix.row([4]), Matrix.row([0.9]), 0.5],
    "one unit that goes": [Matrix.row([4]), Matrix.row([0.1]), 0.5],
    "p = 0, where all stay as they are": [Matrix.row([1, -2, 0]), Matrix.row([0.1, 0.5, 0.9]), 0],
    "p = 0.75, where few stay": [Matrix.row([1, -2, 3, -4]), Matrix.row([0.1, 0.8, 0.3, 0.76]), 0.75],
  },
  reference: (A, U, p) => kept(A, U, (u) => u > p, 1 / (1 - p)),
  slips: [
    {
      name: "not scaled",
      gives: (A, U, p) => kept(A, U, (u) => u > p, 1),
      words:
        "The right units are silent, but the others are not scaled up. On average the layer would be 1 − p times as loud while learning as it is later; divide by 1 − p.",
    },
    {
      name: "mask inverted",
      gives: (A, U, p) => kept(A, U, (u) => u <= p, 1 / (1 - p)),
      words: "The mask is inverted: you keep what should go, a share p. A unit stays where U > p.",
    },
    {
      name: "mask inverted, ÷ p",
      gives: (A, U, p) => kept(A, U, (u) => u <= p, p === 0 ? 1 : 1 / p),
      words:
        "The mask is inverted: you keep a share p, and scale as if p were the share that stays. Here p is the share to drop: a unit stays where U > p, divided by 1 − p.",
    },
    {
      name: "mask inverted, not scaled",
      gives: (A, U, p) => kept(A, U, (u) => u <= p, 1),
      words:
        "The mask is inverted: a unit stays where U > p. And those that stay are not scaled up: they are divided by 1 − p.",
    },
    {
      name: "÷ p",
      gives: (A, U, p) => kept(A, U, (u) => u > p, 1 / p),
      words:
        "You divide by p, the share that goes. The survivors are a share 1 − p, so they stand in for 1/(1 − p).",
    },
    {
      name: "scaled down",
      gives: (A, U, p) => kept(A, U, (u) => u > p, 1 - p),
      words:
        "You multiply by 1 − p where the survivors should be divided by it: they have to speak for the silent ones.",
    },
    {
      name: "mask alone",
      gives: (A, U, p) =>
        kept(
          A.map(() => 1),
          U,
          (u) => u > p,
          1 / (1 - p),
        ),
      words: "This is the mask, scaled. It has to be multiplied with the activations.",
    },
    {
      name: "threshold 1 − p",
      gives: (A, U, p) => kept(A, U, (u) => u > 1 - p, 1 / (1 - p)),
      words: "Your units stay where U > 1 − p, and that is a share p. They should stay where U > p.",
    },
    {
      name: "activations at inference",
      gives: (A, _U, p) => A.scale(1 - p),
      words:
        "Nobody is silent: every activation is multiplied by 1 − p, as the older form does at inference. Here those with U ≤ p become 0.",
    },
  ],
  hints: [
    "Who stays? And who has to speak for those that go?",
    "A unit stays where U > p. A share 1 − p stays, so each of them is divided by 1 − p.",
    "`A.map((a, i, j) => …)` with `U.at(i, j) > p` deciding between `a / (1 - p)` and 0.",
  ],
  praise: "The expected value of every unit is what it was without dropout.",
});
