/** The exercises of notebook 6: one number to predict, two optimizer steps and a schedule to write. */

import { Matrix, type Random } from "../index";
import { exercise } from "./exercise";
import { numberExercise } from "./number";

/** The curvature of f(x) = 3x². */
const CURVATURE = 6;

/** The rate below which descent on f(x) = 3x² converges. */
export const checkLargestRate = numberExercise({
  name: "the limit for f(x) = 3x²",
  answer: 2 / CURVATURE,
  tolerance: 1e-3,
  slips: [
    {
      name: "x²",
      value: 1,
      words: "That is the limit for x². This bowl is three times as steep: its slope is 6x.",
    },
    {
      name: "best rate",
      value: 1 / CURVATURE,
      words:
        "At 1/6 the factor 1 − 6·rate is exactly 0: the best rate, one step to the bottom. How far beyond it may you go?",
    },
    {
      name: "curvature 3",
      value: 2 / 3,
      words: "That would be right for a curvature of 3. The curvature is the slope of the slope: 6.",
    },
    {
      name: "the curvature",
      value: CURVATURE,
      words: "That is the curvature. The limit is a rate: 2 divided by the curvature.",
    },
  ],
  hints: [
    "By which factor does one step multiply x?",
    "x − rate·6x = (1 − 6·rate)·x. It settles while that factor is between −1 and 1.",
    "1 − 6·rate reaches −1 at rate = 2/6.",
  ],
  praise: "That is 1/3, or 2 divided by the curvature. Half of it is the rate that arrives in one step.",
});

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

type ScheduleInputs = [step: number, climb: number, steps: number, peak: number];

const wave = (progress: number, peak: number): number => (peak * (1 + Math.cos(Math.PI * progress))) / 2;
const descent = (step: number, climb: number, steps: number): number => (step - climb) / (steps - climb);

function warmCosine(step: number, climb: number, steps: number, peak: number): number {
  if (step < climb) return (peak * (step + 1)) / climb;
  return wave(Math.min(1, descent(step, climb, steps)), peak);
}

/** The right climb, and another way down. */
const down =
  (way: (...inputs: ScheduleInputs) => number) =>
  (...inputs: ScheduleInputs) =>
    inputs[0] < inputs[1] ? warmCosine(...inputs) : way(...inputs);

/** Linear warm-up, then half a cosine wave down to 0: (step, climb, steps, peak) → the rate. */
export const checkWarmCosine = exercise<ScheduleInputs>({
  name: "warmCosine",
  given: ["step", "climb", "steps", "peak"],
  sizes: [1, 2, 3, 4, 5, 6],
  // On the climb, and on the way down.
  drawn: (random, n) => [n <= 3 ? n - 1 : 10 * n - 35, 4, 30, 0.1 + random.rand()],
  edges: {
    "the first step": [0, 4, 30, 0.5],
    "the last step of the climb": [3, 4, 30, 0.5],
    "the first step after the climb": [4, 4, 30, 0.5],
    "a step half of the way down": [17, 4, 30, 0.5],
    "the end": [30, 4, 30, 0.5],
    "a step beyond the end": [37, 4, 30, 0.5],
    "no climb at all": [5, 0, 10, 1],
  },
  reference: warmCosine,
  slips: [
    {
      name: "climb from 0",
      gives: (step, climb, steps, peak) =>
        step < climb ? (peak * step) / climb : warmCosine(step, climb, steps, peak),
      words:
        "Your climb begins at a rate of exactly 0, so the first step teaches nothing. Count from 1 on the climb: (step + 1)/climb.",
    },
    {
      name: "rises again",
      gives: down((step, climb, steps, peak) => wave(descent(step, climb, steps), peak)),
      words:
        "Right up to the end. Beyond it the cosine rises again, and so does your rate: it should stay at 0.",
    },
    {
      name: "wave under way",
      gives: down((step, _climb, steps, peak) => wave(Math.min(1, step / steps), peak)),
      words:
        "Your cosine is already under way while the rate still climbs, so it begins below the peak. Its own steps count from the end of the climb.",
    },
    {
      name: "wave under way, rises again",
      gives: down((step, _climb, steps, peak) => wave(step / steps, peak)),
      words:
        "Your cosine is already under way while the rate still climbs: its own steps count from the end of the climb. And beyond the end it rises again, where the rate should stay at 0.",
    },
    {
      name: "divisor one too small",
      gives: down((step, climb, steps, peak) =>
        wave(Math.min(1, (step - climb) / (steps - climb - 1)), peak),
      ),
      words:
        "Your wave is one step short: it reaches 0 at step `steps` − 1. From the end of the climb to `steps` there are steps − climb.",
    },
    {
      name: "divisor without the climb",
      gives: down((step, climb, steps, peak) => wave(Math.min(1, (step - climb) / steps), peak)),
      words:
        "Your wave is stretched over all `steps`, though it begins after the climb: at step `steps` it has not reached 0. It has steps − climb to go.",
    },
    {
      name: "a whole wave",
      gives: down((step, climb, steps, peak) => wave(2 * Math.min(1, descent(step, climb, steps)), peak)),
      words: "You go through a whole wave, down and up again. Half of one, up to cos(π), ends at 0.",
    },
    {
      name: "straight down",
      gives: down((step, climb, steps, peak) => peak * (1 - Math.min(1, descent(step, climb, steps)))),
      words:
        "The climb is right. The way down is a straight line; half a cosine wave is asked for, (1 + cos(π·progress))/2.",
    },
    {
      name: "no climb",
      gives: (step, climb, steps, peak) => wave(Math.min(1, Math.max(0, descent(step, climb, steps))), peak),
      words:
        "The way down is right. On the climb your rate is at its peak already: it should rise in a straight line, (step + 1)/climb of the peak.",
    },
    {
      name: "quarter wave",
      gives: down(
        (step, climb, steps, peak) =>
          peak * Math.cos((Math.PI / 2) * Math.min(1, descent(step, climb, steps))),
      ),
      words:
        "You go down a quarter of a wave, cos from 0 to π/2. Half a wave, (1 + cos(π·progress))/2, is level at both ends.",
    },
  ],
  tolerance: 1e-9,
  hints: [
    "Two pieces: while step < climb, and after. What is each at its first and at its last step?",
    "On the climb (step + 1)/climb of the peak. After it, with progress (step − climb)/(steps − climb): half of 1 + cos(π·progress). Beyond the end progress stays at 1.",
    "`Math.min(1, (step - climb) / (steps - climb))` is the progress; `(peak * (1 + Math.cos(Math.PI * progress))) / 2` the rate.",
  ],
  praise: "This shape, with other numbers, trains most large language models.",
});
