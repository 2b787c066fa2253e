/** One step of Adam. */

import { Matrix, type Random } from "../../index";
import { exercise } from "../exercise";

type AdamInputs = [w: Matrix, m: Matrix, v: Matrix, g: Matrix, t: number, rate: number];

interface AdamForm {
  readonly beta1?: number;
  readonly beta2?: number;
  /** How much of the slope goes into m. */
  readonly share1?: number;
  readonly corrected?: boolean;
  readonly root?: boolean;
  readonly square?: boolean;
  /** Where ε stands: behind the root, inside of it, or nowhere. */
  readonly epsilon?: "outside" | "inside" | "none";
  /** The number of the step that the powers of β are taken to. */
  readonly step?: (t: number) => number;
  /** The corrected means are kept. */
  readonly keeps?: boolean;
  readonly sign?: 1 | -1;
}

const EPSILON = 1e-8;

const adam =
  (form: AdamForm = {}) =>
  (w: Matrix, m: Matrix, v: Matrix, g: Matrix, t: number, rate: number) => {
    const { beta1 = 0.9, beta2 = 0.999, corrected = true, root = true, square = true } = form;
    const {
      share1 = 1 - beta1,
      epsilon = "outside",
      step = (count) => count,
      keeps = false,
      sign = 1,
    } = form;
    const mean = m.scale(beta1).plus(g.scale(share1));
    const meanSquare = v.scale(beta2).plus((square ? g.hadamard(g) : g).scale(1 - beta2));
    const [c1, c2] = corrected ? [1 - beta1 ** step(t), 1 - beta2 ** step(t)] : [1, 1];
    const size = (at: number): number => {
      const below = at / c2 + (epsilon === "inside" ? EPSILON : 0);
      return (root ? Math.sqrt(below) : below) + (epsilon === "outside" ? EPSILON : 0);
    };
    const change = mean.map((first, i, j) => (rate * (first / c1)) / size(meanSquare.at(i, j)));
    return {
      w: w.minus(change.scale(sign)),
      m: keeps ? mean.scale(1 / c1) : mean,
      v: keeps ? meanSquare.scale(1 / c2) : meanSquare,
    };
  };

function adamCase(random: Random, n: number): AdamInputs {
  return [
    random.randnMatrix(2, n),
    random.randnMatrix(2, n),
    random.randMatrix(2, n),
    random.randnMatrix(2, n),
    2 + n,
    0.01 + 0.1 * random.rand(),
  ];
}

const one = (value: number): Matrix => Matrix.row([value]);

/** One step of Adam: (w, m, v, g, t, rate) → { w, m, v }, with β₁ = 0.9, β₂ = 0.999, ε = 1e-8. */
export const checkAdamStep = exercise<AdamInputs>({
  name: "adamStep",
  given: ["w", "m", "v", "g", "t", "rate"],
  drawn: adamCase,
  edges: {
    "one weight": [one(1), one(0.5), one(4), one(2), 3, 0.1],
    "a slope below 0": [one(1), one(-0.5), one(4), one(-2), 3, 0.1],
    "step 1000": [one(1), one(0.5), one(0.25), one(-1), 1000, 0.1],
  },
  extremes: {
    "the first step": [one(1), one(0), one(0), one(2), 1, 0.1],
    "a slope that has always been 0": [one(1), one(0), one(0), one(0), 1, 0.1],
    // Only here does it matter where ε stands.
    "a slope as small as ε": [one(0), one(0), one(0), one(1e-8), 1, 1],
  },
  reference: adam(),
  slips: [
    {
      name: "uphill",
      gives: adam({ sign: -1 }),
      words: "Your weights move uphill: the step has to be taken off.",
    },
    {
      name: "β₁ and β₂ swapped",
      gives: adam({ beta1: 0.999, beta2: 0.9 }),
      words:
        "β₁ and β₂ have changed places: the mean of the slopes forgets fast, with 0.9, the mean of their squares slowly, with 0.999.",
    },
    {
      name: "no correction",
      gives: adam({ corrected: false }),
      words:
        "The bias correction is missing: both means began at 0, so they are divided by 1 − βᵗ before they are used.",
    },
    {
      name: "kept corrected",
      gives: adam({ keeps: true }),
      words:
        "You keep the corrected means. The correction is for this step only; the running means go on uncorrected, or it is applied twice in the next step.",
    },
    {
      name: "ε inside the root",
      gives: adam({ epsilon: "inside" }),
      words:
        "ε stands inside the root, as in RMSProp's usual form. In Adam it is added to the root: √v̂ + ε. For ordinary slopes nobody would notice; for one as small as ε, everybody.",
    },
    {
      name: "no ε",
      gives: adam({ epsilon: "none" }),
      words: "ε is missing: for a slope that has always been 0 you divide 0 by 0, and NaN comes out.",
    },
    {
      name: "no root",
      gives: adam({ root: false }),
      words: "A root is missing: v is a mean of squares, so its root has the size of a slope.",
    },
    {
      name: "no square",
      gives: adam({ square: false }),
      words: "v is the running mean of the squared slopes; yours averages the slopes themselves, as m does.",
    },
    {
      name: "t from 0",
      gives: adam({ step: (t) => t - 1 }),
      words: "t counts the steps from 1, and this step is number t: the powers are βᵗ, not βᵗ⁻¹.",
    },
    {
      name: "t one too many",
      gives: adam({ step: (t) => t + 1 }),
      words: "t is this step's number already: the powers are βᵗ, not βᵗ⁺¹.",
    },
    {
      name: "one correction for both",
      gives: (w, m, v, g, t, rate) => ({ w: bothBy(0.9, w, m, v, g, t, rate) }),
      words: "Both means are divided by 1 − 0.9ᵗ. Each has a β of its own: v is divided by 1 − 0.999ᵗ.",
    },
    {
      name: "whole slope in m",
      gives: adam({ share1: 1 }),
      words: "Your `m` adds the whole slope, as momentum does. A running mean adds 1 − β₁ of it.",
    },
  ],
  hints: [
    "Which four numbers does the step need, and which two of them are kept?",
    "m and v are running means of g and g². Corrected copies m/(1 − β₁ᵗ) and v/(1 − β₂ᵗ) make the step, rate·m̂/(√v̂ + ε); m and v themselves are returned.",
    "`w.minus(…)` of a `map` over m̂ with the entry of v̂ beside it: `rate * x / (Math.sqrt(vHat.at(i, j)) + 1e-8)`.",
  ],
  praise: "Now you know what is kept, m and v, and what is thrown away, their corrected copies.",
});

/** The weights after a step whose two means are corrected with the same β. */
function bothBy(beta: number, ...[w, m, v, g, t, rate]: AdamInputs): Matrix {
  const { m: mean, v: meanSquare } = adam()(w, m, v, g, t, rate);
  const c = 1 - beta ** t;
  return w.minus(mean.map((x, i, j) => (rate * (x / c)) / (Math.sqrt(meanSquare.at(i, j) / c) + EPSILON)));
}
