// The exercises of notebook 6, answered as readers answer; the right ones are the library's own steps.
import { Adam, Matrix, Momentum, parameter } from "glassbox";
import { checkAdamStep, checkLargestRate, checkMomentumStep } from "glassbox/notebook";
import { expect, test } from "vitest";
import { describeAnswers } from "../support/answers";

describeAnswers(checkLargestRate, { "a fraction": 2 / 6, "three digits": 0.333 }, [
  ["x²", 1, /limit for x²/],
  ["the best rate", 1 / 6, /the best rate, one step to the bottom/],
  ["curvature 3", 2 / 3, /curvature of 3/],
  ["the curvature", 6, /That is the curvature/],
  ["upside down", 3, /It is upside down/],
  ["rounded", 0.3, /right number, rounded to one decimal/],
  ["per cent", 33.3333, /100 times too large/],
  ["a function", (() => 1 / 3) as unknown as number, /Expected a number for the limit.*got a function/],
  ["minus", -1 / 3, /the sign is not/],
]);

type MomentumStep = (w: Matrix, v: Matrix, g: Matrix, rate: number, beta: number) => { w: Matrix; v: Matrix };
const velocity = (v: Matrix, g: Matrix, beta: number) => v.scale(beta).plus(g);
const momentum: MomentumStep = (w, v, g, rate, beta) => {
  const next = velocity(v, g, beta);
  return { w: w.minus(next.scale(rate)), v: next };
};

describeAnswers<(...inputs: Parameters<MomentumStep>) => unknown>(
  checkMomentumStep,
  {
    "two lines": momentum,
    "entry by entry": (w, v, g, rate, beta) => {
      const next = v.map((x, i, j) => beta * x + g.at(i, j));
      return { v: next, w: w.map((x, i, j) => x - rate * next.at(i, j)) };
    },
  },
  [
    [
      "with +",
      (w, v, g, rate, beta) => ({ w: w.plus(velocity(v, g, beta).scale(rate)), v: velocity(v, g, beta) }),
      /weights move uphill.*\n`v` is right already/,
    ],
    [
      "minus g",
      (w, v, g, rate, beta) => ({ w: w.plus(v.scale(beta).minus(g).scale(rate)), v: v.scale(beta).minus(g) }),
      /velocity is beta·v − g, and the weights follow it with a plus/,
    ],
    [
      "old velocity",
      (w, v, g, rate, beta) => ({ w: w.minus(v.scale(rate)), v: velocity(v, g, beta) }),
      /old velocity/,
    ],
    [
      "Nesterov",
      (w, v, g, rate, beta) => {
        const next = velocity(v, g, beta);
        return { w: w.minus(g.plus(next.scale(beta)).scale(rate)), v: next };
      },
      /That is Nesterov's step/,
    ],
    [
      "running mean",
      (w, v, g, rate, beta) => {
        const next = v.scale(beta).plus(g.scale(1 - beta));
        return { w: w.minus(next.scale(rate)), v: next };
      },
      /running mean/,
    ],
    [
      "rate inside",
      (w, v, g, rate, beta) => {
        const next = v.scale(beta).plus(g.scale(rate));
        return { w: w.minus(next), v: next };
      },
      /rate inside/,
    ],
    [
      "plain descent",
      (w, v, g, rate, beta) => ({ w: w.minus(g.scale(rate)), v: velocity(v, g, beta) }),
      /as in plain descent/,
    ],
    [
      "velocity not kept",
      (w, v, g, rate, beta) => ({ w: momentum(w, v, g, rate, beta).w, v }),
      /Your `v` is the old one/,
    ],
    [
      "w and v exchanged",
      (...inputs) => {
        const { w, v } = momentum(...inputs);
        return { w: v, v: w };
      },
      /`w` and `v` have changed places/,
    ],
    ["w alone", (...inputs) => momentum(...inputs).w, /expected an object `{ w, v }`/],
    [
      "a pair",
      (...inputs) => [momentum(...inputs).w, momentum(...inputs).v],
      /returns a list with a Matrix, 3 × 7 in it/,
    ],
    ["into v", (_w, v, g) => ({ w: v, v: v.copyFrom(g) }), /writes into its argument `v`/],
  ],
);

test("the step of momentum is the library's", () => {
  const w = parameter("w", Matrix.column([1, -2]));
  const optimizer = new Momentum(0.1, { momentum: 0.8 });
  let mine = { w: w.value.clone(), v: Matrix.zeros(2, 1) };
  for (let t = 0; t < 5; t++) {
    w.gradient.copyFrom(w.value.scale(3));
    mine = momentum(mine.w, mine.v, w.gradient.clone(), 0.1, 0.8);
    optimizer.step([w]);
  }
  expect(w.value.equals(mine.w, 1e-12)).toBe(true);
});

type AdamStep = (
  w: Matrix,
  m: Matrix,
  v: Matrix,
  g: Matrix,
  t: number,
  rate: number,
) => { w: Matrix; m: Matrix; v: Matrix };
interface Form {
  betas?: [number, number];
  hat?: (x: Matrix, beta: number, t: number) => Matrix;
  size?: (v: number) => number;
  second?: (g: Matrix) => Matrix;
  keep?: boolean;
}
const adam =
  ({
    betas: [b1, b2] = [0.9, 0.999],
    hat = (x, beta, t) => x.map((y) => y / (1 - beta ** t)),
    size = (v) => Math.sqrt(v) + 1e-8,
    second = (g) => g.hadamard(g),
    keep = false,
  }: Form = {}): AdamStep =>
  (w, m, v, g, t, rate) => {
    const m1 = m.scale(b1).plus(g.scale(1 - b1));
    const v1 = v.scale(b2).plus(second(g).scale(1 - b2));
    const [mHat, vHat] = [hat(m1, b1, t), hat(v1, b2, t)];
    const step = mHat.map((x, i, j) => (rate * x) / size(vHat.at(i, j)));
    return { w: w.minus(step), m: keep ? mHat : m1, v: keep ? vHat : v1 };
  };

describeAnswers<(...inputs: Parameters<AdamStep>) => unknown>(
  checkAdamStep,
  {
    matrices: adam(),
    "entry by entry": (w, m, v, g, t, rate) => {
      const [m1, v1, w1] = [m.clone(), v.clone(), w.clone()];
      for (let i = 0; i < w.rows; i++)
        for (let j = 0; j < w.columns; j++) {
          m1.set(i, j, 0.9 * m.at(i, j) + 0.1 * g.at(i, j));
          v1.set(i, j, 0.999 * v.at(i, j) + 0.001 * g.at(i, j) ** 2);
          const up = m1.at(i, j) / (1 - 0.9 ** t);
          const below = Math.sqrt(v1.at(i, j) / (1 - 0.999 ** t)) + 1e-8;
          w1.set(i, j, w.at(i, j) - (rate * up) / below);
        }
      return { w: w1, m: m1, v: v1 };
    },
  },
  [
    ["no correction", adam({ hat: (x) => x }), /bias correction is missing.*\n?/],
    ["keeps the corrected means", adam({ keep: true }), /applied twice/],
    ["β₁ and β₂ swapped", adam({ betas: [0.999, 0.9] }), /β₁ and β₂ have changed places/],
    ["no root", adam({ size: (v) => v + 1e-8 }), /A root is missing/],
    ["no square", adam({ second: (g) => g }), /running mean of the squared slopes/],
    ["ε inside the root", adam({ size: (v) => Math.sqrt(v + 1e-8) }), /ε stands inside the root/],
    ["no ε", adam({ size: Math.sqrt }), /^ε is missing: for a slope that has always been 0/],
    ["one step late", adam({ hat: (x, beta, t) => x.map((y) => y / (1 - beta ** (t - 1))) }), /βᵗ, not βᵗ⁻¹/],
    [
      "one step early",
      adam({ hat: (x, beta, t) => x.map((y) => y / (1 - beta ** (t + 1))) }),
      /βᵗ, not βᵗ⁺¹/,
    ],
    [
      "uphill",
      (w, ...rest) => {
        const { w: down, m, v } = adam()(w, ...rest);
        return { w: w.scale(2).minus(down), m, v };
      },
      /weights move uphill.*\n`m` and `v` are right already/,
    ],
    ["ε of 1e-7", adam({ size: (v) => Math.sqrt(v) + 1e-7 }), /Your `w` differs from the right one/],
    ["v missing", (...inputs) => ({ w: adam()(...inputs).w, m: adam()(...inputs).m }), /`v` is missing/],
    [
      "scaled by ∞",
      adam({ hat: (x, beta, t) => x.scale(1 / (1 - beta ** (t - 1))) }),
      /βᵗ, not βᵗ⁻¹.*\n`m` and `v` are right already\.\nSo much from the ordinary cases/,
    ],
  ],
);

test("the step of Adam is the library's", () => {
  const w = parameter("w", Matrix.column([1, -2]));
  const optimizer = new Adam(0.1);
  let mine = { w: w.value.clone(), m: Matrix.zeros(2, 1), v: Matrix.zeros(2, 1) };
  for (let t = 1; t <= 5; t++) {
    w.gradient.copyFrom(w.value.scale(3));
    mine = adam()(mine.w, mine.m, mine.v, w.gradient.clone(), t, 0.1);
    optimizer.step([w]);
  }
  expect(w.value.equals(mine.w, 1e-12)).toBe(true);
});
