/** One step of momentum. */

import { Matrix } from "../../index";
import { exercise } from "../exercise";

type MomentumInputs = [w: Matrix, v: Matrix, g: Matrix, rate: number, beta: number];

/** A velocity, and weights that move with it. */
const moved = (w: Matrix, v: Matrix, rate: number) => ({ w: w.minus(v.scale(rate)), v });
const velocity = (v: Matrix, g: Matrix, beta: number): Matrix => v.scale(beta).plus(g);

/** One step of momentum: (w, v, g, rate, beta) → { w, v }. */
export const checkMomentumStep = exercise<MomentumInputs>({
  name: "momentumStep",
  given: ["w", "v", "g", "rate", "beta"],
  drawn: (random, n) => [
    random.randnMatrix(3, n),
    random.randnMatrix(3, n),
    random.randnMatrix(3, n),
    0.05 + 0.1 * random.rand(),
    0.5 + 0.4 * random.rand(),
  ],
  edges: {
    "one weight": [Matrix.row([1]), Matrix.row([2]), Matrix.row([4]), 0.1, 0.5],
    "the first step, whose velocity is 0": [Matrix.row([1]), Matrix.row([0]), Matrix.row([-4]), 0.1, 0.9],
    "a slope of 0, where it coasts": [Matrix.row([1]), Matrix.row([-2]), Matrix.row([0]), 0.1, 0.9],
    "β = 0, which is plain descent": [Matrix.row([1]), Matrix.row([2]), Matrix.row([4]), 0.1, 0],
  },
  reference: (w, v, g, rate, beta) => moved(w, velocity(v, g, beta), rate),
  slips: [
    {
      name: "uphill",
      gives: (w, v, g, rate, beta) => moved(w, velocity(v, g, beta), -rate),
      words:
        "Your weights move uphill: with a plus. The velocity adds up slopes, and descent goes against them: w − rate·v.",
    },
    {
      name: "velocity with the sign of descent",
      gives: (w, v, g, rate, beta) => ({
        w: w.plus(v.scale(beta).minus(g).scale(rate)),
        v: v.scale(beta).minus(g),
      }),
      words:
        "Your velocity is beta·v − g, and the weights follow it with a plus. Here v adds up slopes, beta·v + g, and the weights go against it.",
    },
    {
      name: "minus g",
      gives: (w, v, g, rate, beta) => moved(w, v.scale(beta).minus(g), rate),
      words: "Your velocity is beta·v − g: the new slope is taken off where it should be added.",
    },
    {
      name: "old velocity",
      gives: (w, v, _g, rate) => ({ w: w.minus(v.scale(rate)) }),
      words:
        "The weights moved with the old velocity. First the new slope goes into the velocity, then the weights move with it.",
    },
    {
      name: "Nesterov",
      gives: (w, v, g, rate, beta) => ({ w: w.minus(velocity(velocity(v, g, beta), g, beta).scale(rate)) }),
      words:
        "That is Nesterov's step, g + beta·v with the new v: it looks one step ahead. Plain momentum moves with the new v itself.",
    },
    {
      name: "running mean",
      gives: (w, v, g, rate, beta) => moved(w, v.scale(beta).plus(g.scale(1 - beta)), rate),
      words:
        "That is a running mean, with 1 − beta before the slope: Adam's m. Momentum adds the whole slope, so that its velocity can grow up to 1/(1 − beta) slopes.",
    },
    {
      name: "rate inside",
      gives: (w, v, g, rate, beta) => {
        const inside = v.scale(beta).plus(g.scale(rate));
        return { w: w.minus(inside), v: inside };
      },
      words:
        "The velocity you keep has the rate inside, and the weights move with it as it is. With a rate that changes, the two forms part; here v = beta·v + g, and the rate comes last.",
    },
    {
      name: "plain descent",
      gives: (w, _v, g, rate) => ({ w: w.minus(g.scale(rate)) }),
      words: "The weights moved with the slope alone, as in plain descent. They move with the new velocity.",
    },
    {
      name: "no beta",
      gives: (w, v, g, rate) => moved(w, v.plus(g), rate),
      words: "Nothing is ever forgotten: you add the slope to the whole old velocity. It is beta·v + g.",
    },
    {
      name: "no rate",
      gives: (w, v, g, _rate, beta) => moved(w, velocity(v, g, beta), 1),
      words: "The velocity is right. The weights move by rate times it: the rate is missing.",
    },
    {
      name: "velocity not kept",
      gives: (_w, v) => ({ v }),
      words:
        "Your `v` is the old one. The new velocity has to be returned, or the next step begins without this slope.",
    },
  ],
  hints: [
    "Two lines: first the velocity, then the weights.",
    "v becomes beta·v + g; then w goes down by rate times the new v.",
    "`v.scale(beta).plus(g)`, and `w.minus(velocity.scale(rate))` with that new velocity.",
  ],
  praise: "Two lines, and one extra number for each weight.",
});
