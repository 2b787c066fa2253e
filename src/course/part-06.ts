/** The exercises of notebook 6: one number to predict, two optimizer steps and a schedule to write. */

import type { Matrix, Random } from "../index";
import { checkMatrixFunction, checkNumber } from "./check";

/** The rate below which descent on f(x) = 3x² converges. */
export const checkLargestRate = checkNumber({
  name: "the limit for f(x) = 3x²",
  answer: 1 / 3,
  tolerance: 1e-3,
  mistakes: [
    { value: 1, message: "That is the limit for x². This bowl is three times as steep: its slope is 6x." },
    {
      value: 1 / 6,
      message:
        "At 1/6 the factor 1 − 6·rate is exactly 0: the best rate, one step to the bottom. How far beyond it may you go?",
    },
    {
      value: 2 / 3,
      message: "That would be right for a curvature of 3. The curvature is the slope of the slope: 6.",
    },
  ],
  praise: "That is 1/3, or 2 divided by the curvature. Half of it is the rate that arrives in one step.",
});

/** One step of momentum: (w, v, g, rate, beta) → { w, v }. */
export const checkMomentumStep = checkMatrixFunction({
  name: "momentumStep",
  arguments: ["w", "v", "g", "rate", "beta"],
  cases: (random, n): [Matrix, Matrix, Matrix, number, number] => [
    random.randnMatrix(3, n),
    random.randnMatrix(3, n),
    random.randnMatrix(3, n),
    0.05 + 0.1 * random.rand(),
    0.5 + 0.4 * random.rand(),
  ],
  reference: momentum,
  mistakes: [
    {
      variant: (w: Matrix, v: Matrix, g: Matrix, rate: number, beta: number) => ({
        w: w.minus(v.scale(rate)),
        v: v.scale(beta).plus(g),
      }),
      message:
        "The weights moved with the old velocity. First the new slope goes into the velocity, then the weights move with it; v is right.",
    },
    {
      variant: (w: Matrix, v: Matrix, g: Matrix, rate: number, beta: number) => {
        const velocity = v.scale(beta).plus(g.scale(1 - beta));
        return { w: w.minus(velocity.scale(rate)), v: velocity };
      },
      message:
        "That is a running mean, with 1 − beta before the slope: Adam's m. Momentum adds the whole slope, so that its velocity can grow up to 1/(1 − beta) slopes.",
    },
    {
      variant: (w: Matrix, v: Matrix, g: Matrix, rate: number, beta: number) => {
        const velocity = v.scale(beta).plus(g.scale(rate));
        return { w: w.minus(velocity), v: velocity };
      },
      message:
        "Your weights move correctly, but the velocity you keep has the rate inside. With a rate that changes, the two forms part; here v = beta·v + g, and the rate comes last.",
    },
  ],
  praise: "Two lines, and one extra number for each weight.",
});

/** One step of Adam: (w, m, v, g, t, rate) → { w, m, v }, with β₁ = 0.9, β₂ = 0.999, ε = 1e-8. */
export const checkAdamStep = checkMatrixFunction({
  name: "adamStep",
  arguments: ["w", "m", "v", "g", "t", "rate"],
  cases: adamCase,
  reference: (w: Matrix, m: Matrix, v: Matrix, g: Matrix, t: number, rate: number) =>
    adam(w, m, v, g, t, rate),
  mistakes: [
    {
      variant: (w: Matrix, m: Matrix, v: Matrix, g: Matrix, t: number, rate: number) =>
        adam(w, m, v, g, t, rate, { corrected: false }),
      message:
        "m and v are right, and the bias correction is missing: both means began at 0, so divide them by 1 − βᵗ before you use them.",
    },
    {
      variant: (w: Matrix, m: Matrix, v: Matrix, g: Matrix, t: number, rate: number) => {
        const right = adam(w, m, v, g, t, rate);
        return { w: right.w, m: right.m.scale(1 / (1 - 0.9 ** t)), v: right.v.scale(1 / (1 - 0.999 ** t)) };
      },
      message:
        "The weights are right, but you keep the corrected means. The correction is for this step only; the running means go on uncorrected, or it is applied twice in the next step.",
    },
    {
      variant: (w: Matrix, m: Matrix, v: Matrix, g: Matrix, t: number, rate: number) =>
        adam(w, m, v, g, t, rate, { root: false }),
      message: "A root is missing: v is a mean of squares, so its root has the size of a slope.",
    },
    {
      variant: (w: Matrix, m: Matrix, v: Matrix, g: Matrix, t: number, rate: number) =>
        adam(w, m, v, g, t, rate, { square: false }),
      message:
        "v is the running mean of the squared slopes; yours averages the slopes themselves, as m does.",
    },
    {
      variant: (w: Matrix, m: Matrix, v: Matrix, g: Matrix, t: number, rate: number) =>
        adam(w, m, v, g, t - 1, rate),
      message: "t counts the steps from 1, and this step is number t: the powers are βᵗ, not βᵗ⁻¹.",
    },
  ],
  praise: "Now you know what is kept, m and v, and what is thrown away, their corrected copies.",
});

/** Linear warm-up, then half a cosine wave down to 0: (step, climb, steps, peak) → the rate. */
export const checkWarmCosine = checkMatrixFunction({
  name: "warmCosine",
  arguments: ["step", "climb", "steps", "peak"],
  examples: [1, 2, 3, 4, 5, 6],
  cases: (random, n): [number, number, number, number] => [
    n <= 3 ? n - 1 : 10 * n - 35, // on the climb, and on the way down
    4,
    30,
    0.1 + random.rand(),
  ],
  reference: (step: number, climb: number, steps: number, peak: number) =>
    warmCosine(step, climb, steps, peak),
  extremes: [
    { name: "the last step of the climb", inputs: [3, 4, 30, 0.5] },
    { name: "the first step after the climb", inputs: [4, 4, 30, 0.5] },
    { name: "a step beyond the end", inputs: [31, 4, 30, 0.5] },
  ],
  mistakes: [
    {
      variant: (step: number, climb: number, steps: number, peak: number) =>
        step < climb ? (peak * step) / climb : warmCosine(step, climb, steps, peak),
      message:
        "Your climb begins at a rate of exactly 0, so the first step teaches nothing. Count from 1 on the climb: (step + 1)/climb.",
    },
    {
      variant: (step: number, climb: number, steps: number, peak: number) =>
        step < climb
          ? warmCosine(step, climb, steps, peak)
          : (peak * (1 + Math.cos((Math.PI * step) / steps))) / 2,
      message:
        "Your cosine is already under way while the rate still climbs, so it begins below the peak. Its own steps count from the end of the climb.",
    },
  ],
  praise: "This shape, with other numbers, trains most large language models.",
});

function momentum(w: Matrix, v: Matrix, g: Matrix, rate: number, beta: number) {
  const velocity = v.scale(beta).plus(g);
  return { w: w.minus(velocity.scale(rate)), v: velocity };
}

function adamCase(random: Random, n: number): [Matrix, Matrix, Matrix, Matrix, number, number] {
  return [
    random.randnMatrix(2, n),
    random.randnMatrix(2, n),
    random.randMatrix(2, n),
    random.randnMatrix(2, n),
    2 + n,
    0.01 + 0.1 * random.rand(),
  ];
}

function adam(
  w: Matrix,
  m: Matrix,
  v: Matrix,
  g: Matrix,
  t: number,
  rate: number,
  { corrected = true, root = true, square = true } = {},
) {
  const mean = m.scale(0.9).plus(g.scale(0.1));
  const meanSquare = v.scale(0.999).plus((square ? g.hadamard(g) : g).scale(0.001));
  const [c1, c2] = corrected ? [1 - 0.9 ** t, 1 - 0.999 ** t] : [1, 1];
  const size = (at: number) => (root ? Math.sqrt(at / c2) : at / c2) + 1e-8;
  const step = mean.map((first, i, j) => (rate * (first / c1)) / size(meanSquare.at(i, j)));
  return { w: w.minus(step), m: mean, v: meanSquare };
}

function warmCosine(step: number, climb: number, steps: number, peak: number): number {
  if (step < climb) return (peak * (step + 1)) / climb;
  const progress = Math.min(1, (step - climb) / (steps - climb));
  return (peak * (1 + Math.cos(Math.PI * progress))) / 2;
}
