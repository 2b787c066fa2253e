/** One step of a gated recurrent unit. */

import type { Matrix, Random } from "../../index";
import { exercise } from "../exercise";

type Given = [x: Matrix, h: Matrix, W: Matrix[], U: Matrix[]];

const sigma = (a: number): number => 1 / (1 + Math.exp(-a));
const gate = ([x, h, W, U]: Given, k: number, bend = sigma): Matrix =>
  W[k].times(x).plus(U[k].times(h)).map(bend);
const rest = (z: Matrix): Matrix => z.map((a) => 1 - a);
const mixed = (z: Matrix, h: Matrix, n: Matrix): Matrix => z.hadamard(h).plus(rest(z).hadamard(n));
const candidate = ([x, h, W, U]: Given, r: Matrix): Matrix =>
  W[2]
    .times(x)
    .plus(U[2].times(r.hadamard(h)))
    .map(Math.tanh);

const three = (random: Random, units: number, columns: number): Matrix[] =>
  [0, 1, 2].map(() => random.randnMatrix(units, columns));

/** (x, h, W, U) → the new state. */
export const checkGruStep = exercise<Given>({
  name: "gruStep",
  given: ["x", "h", "W", "U"],
  sizes: [1, 2, 3, 4],
  drawn: (random, units) => [
    random.randnMatrix(2, 1),
    random.randnMatrix(units, 1),
    three(random, units, 2),
    three(random, units, units),
  ],
  reference: (...given) => mixed(gate(given, 0), given[1], candidate(given, gate(given, 1))),
  slips: [
    {
      name: "z turned round",
      gives: (...given) => mixed(rest(gate(given, 0)), given[1], candidate(given, gate(given, 1))),
      words:
        "The update gate is turned round: here z keeps the old state, and 1 − z lets the candidate in. (Books differ; the formula above decides.)",
    },
    {
      name: "no reset",
      gives: (...given) => mixed(gate(given, 0), given[1], gate(given, 2, Math.tanh)),
      words: "The reset gate is missing: the candidate sees r ⊙ h, not h.",
    },
    {
      name: "reset behind the product",
      gives: (...given) => {
        const [x, h, W, U] = given;
        const seen = gate(given, 1).hadamard(U[2].times(h));
        return mixed(gate(given, 0), h, W[2].times(x).plus(seen).map(Math.tanh));
      },
      words:
        "r is multiplied with U·h, behind the product. That is another GRU, the one that some libraries call `resetAfter`. Here the gate comes first: U·(r ⊙ h).",
    },
    {
      name: "gates exchanged",
      gives: (...given) => mixed(gate(given, 1), given[1], candidate(given, gate(given, 0))),
      words: "z and r are exchanged. The order is z, r, n: z mixes, r shuts the past.",
    },
    {
      name: "candidate bent as a gate",
      gives: (...given) => {
        const [x, h, W, U] = given;
        const n = W[2]
          .times(x)
          .plus(U[2].times(gate(given, 1).hadamard(h)))
          .map(sigma);
        return mixed(gate(given, 0), h, n);
      },
      words: "The candidate went through a sigmoid. It is no gate: tanh, so that it can be negative.",
    },
    {
      name: "candidate alone",
      gives: (...given) => candidate(given, gate(given, 1)),
      words: "This is the candidate n. The new state is a mean of it and the old one, with z as weight.",
    },
    {
      name: "added",
      gives: (...given) =>
        gate(given, 0)
          .hadamard(given[1])
          .plus(candidate(given, gate(given, 1))),
      words: "The candidate is added in full. Its weight is 1 − z, so that both weights sum to 1.",
    },
  ],
  hints: [
    "First both gates, then what the candidate may see, then the mean.",
    "z and r are sigmoids; n is a tanh of W_n·x + U_n·(r ⊙ h); the new state is z ⊙ h + (1 − z) ⊙ n.",
    "`U[2].times(r.hadamard(h))`, and `z.hadamard(h).plus(z.map((a) => 1 - a).hadamard(n))`.",
  ],
  praise:
    "Where z is near 1 the state passes unchanged, and so does its blame: the same idea as an LSTM's cell.",
});
