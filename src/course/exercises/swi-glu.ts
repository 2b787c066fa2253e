/** A feed-forward layer in which half of the units are gates. */

import type { Matrix } from "../../index";
import { exercise } from "../exercise";

const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z));
const silu = (z: number): number => z * sigmoid(z);

type Answer = (Wg: Matrix, Wu: Matrix, Wd: Matrix, X: Matrix) => Matrix;
const gated =
  (open: (z: number) => number, lifted: (u: number) => number = (u) => u): Answer =>
  (Wg, Wu, Wd, X) =>
    Wd.times(
      Wg.times(X)
        .map((z) => open(z))
        .hadamard(Wu.times(X).map((u) => lifted(u))),
    );

/** (Wg, Wu, Wd, X) → Wd·(silu(Wg·X) ⊙ (Wu·X)). */
export const checkSwiGlu = exercise<[Wg: Matrix, Wu: Matrix, Wd: Matrix, X: Matrix]>({
  name: "swiGlu",
  given: ["Wg", "Wu", "Wd", "X"],
  drawn: (random, m) => [
    random.randnMatrix(5, 3),
    random.randnMatrix(5, 3),
    random.randnMatrix(3, 5),
    random.randnMatrix(3, m),
  ],
  reference: gated(silu),
  slips: [
    {
      name: "sigmoid",
      gives: gated(sigmoid),
      words: "Your gate is the sigmoid. silu is z times the sigmoid of z.",
    },
    {
      name: "relu",
      gives: gated((z) => Math.max(0, z)),
      words:
        "Your gate is a ReLU. silu looks like one from far away, but it is smooth, and a little below 0 left of 0.",
    },
    {
      name: "no activation",
      gives: gated((z) => z),
      words: "Nothing bends the gate: Wg·X goes through silu first.",
    },
    {
      name: "exchanged",
      gives: gated((z) => z, silu),
      words: "Gate and units are exchanged: silu belongs to Wg·X, not to Wu·X.",
    },
    {
      name: "both bent",
      gives: gated(silu, silu),
      words: "You bend both. Only the gate goes through silu; the units Wu·X stay as they are.",
    },
    {
      name: "no gate",
      gives: (Wg, _Wu, Wd, X) => Wd.times(Wg.times(X).map(silu)),
      words:
        "That is an ordinary feed-forward layer with silu. The units Wu·X are missing: each is multiplied with its gate.",
    },
    {
      name: "added",
      gives: (Wg, Wu, Wd, X) => Wd.times(Wg.times(X).map(silu).plus(Wu.times(X))),
      words: "You add units and gates. A gate multiplies: closed, it lets nothing through.",
    },
  ],
  hints: [
    "Two products with X, one of them bent; then entry by entry; then a third product.",
    "silu(z) = z/(1 + e^(−z)) on Wg·X; `hadamard` with Wu·X; Wd in front of all.",
    "`Wd.times(gate.hadamard(Wu.times(X)))` with `gate = Wg.times(X).map((z) => z / (1 + Math.exp(-z)))`.",
  ],
  praise:
    "Three matrices in the place of two: to compare it fairly, such layers are made two thirds as wide.",
});
