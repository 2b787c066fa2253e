// The exercises of notebook 6: solutions pass, and every usual slip gets an answer of its own.
import { Adam, cosineDecay, Matrix, Momentum, parameter, warmUp } from "glassbox";
import { checkAdamStep, checkLargestRate, checkMomentumStep, checkWarmCosine, todo } from "glassbox/notebook";
import { describe, expect, test } from "vitest";

test("the largest rate: a third, to three digits", () => {
  expect(checkLargestRate.examine(undefined).kind).toBe("not written");
  expect(checkLargestRate.examine(0.3333).kind).toBe("right");
  expect(checkLargestRate.examine(1).message).toMatch(/limit for x²/);
  expect(checkLargestRate.examine(1 / 6).message).toMatch(/best rate/);
  expect(checkLargestRate.examine(2 / 3).message).toMatch(/curvature of 3/);
});

describe("a step of momentum", () => {
  type Step = (w: Matrix, v: Matrix, g: Matrix, rate: number, beta: number) => { w: Matrix; v: Matrix };
  const right: Step = (w, v, g, rate, beta) => {
    const velocity = v.scale(beta).plus(g);
    return { w: w.minus(velocity.scale(rate)), v: velocity };
  };

  test("accepts the formula and waits for a stub", () => {
    expect(checkMomentumStep.examine(right).kind).toBe("right");
    expect(checkMomentumStep.examine(() => todo()).kind).toBe("not written");
  });

  test("the formula is the library's", () => {
    const w = parameter("w", Matrix.column([1, -2]));
    const optimizer = new Momentum(0.1, 0.8);
    let mine = { w: w.value.clone(), v: Matrix.zeros(2, 1) };
    for (let t = 0; t < 5; t++) {
      w.gradient.copyFrom(w.value.scale(3));
      mine = right(mine.w, mine.v, w.gradient.clone(), 0.1, 0.8);
      optimizer.step([w]);
    }
    expect(w.value.equals(mine.w, 1e-12)).toBe(true);
  });

  test.each<[string, Step, RegExp]>([
    [
      "old velocity",
      (w, v, g, rate, beta) => ({ w: w.minus(v.scale(rate)), v: v.scale(beta).plus(g) }),
      /old velocity/,
    ],
    [
      "running mean",
      (w, v, g, rate, beta) => {
        const velocity = v.scale(beta).plus(g.scale(1 - beta));
        return { w: w.minus(velocity.scale(rate)), v: velocity };
      },
      /running mean/,
    ],
    [
      "rate inside",
      (w, v, g, rate, beta) => {
        const velocity = v.scale(beta).plus(g.scale(rate));
        return { w: w.minus(velocity), v: velocity };
      },
      /rate inside/,
    ],
    [
      "uphill",
      (w, v, g, rate, beta) => {
        const velocity = v.scale(beta).plus(g);
        return { w: w.plus(velocity.scale(rate)), v: velocity };
      },
      /v is right already/,
    ],
  ])("names the slip: %s", (_name, wrong, message) => {
    expect(checkMomentumStep.examine(wrong).message).toMatch(message);
  });
});

describe("a step of Adam", () => {
  type Step = (
    w: Matrix,
    m: Matrix,
    v: Matrix,
    g: Matrix,
    t: number,
    rate: number,
  ) => { w: Matrix; m: Matrix; v: Matrix };
  const adam =
    (corrected: boolean, root: boolean, square: boolean, shift: number, keep: boolean): Step =>
    (w, m, v, g, t, rate) => {
      const m1 = m.scale(0.9).plus(g.scale(0.1));
      const v1 = v.scale(0.999).plus((square ? g.hadamard(g) : g).scale(0.001));
      const mHat = corrected ? m1.scale(1 / (1 - 0.9 ** (t + shift))) : m1;
      const vHat = corrected ? v1.scale(1 / (1 - 0.999 ** (t + shift))) : v1;
      const step = mHat.map(
        (x, i, j) => (rate * x) / ((root ? Math.sqrt(vHat.at(i, j)) : vHat.at(i, j)) + 1e-8),
      );
      return { w: w.minus(step), m: keep ? mHat : m1, v: keep ? vHat : v1 };
    };

  test("accepts the formula and waits for a stub", () => {
    expect(checkAdamStep.examine(adam(true, true, true, 0, false)).kind).toBe("right");
    expect(checkAdamStep.examine(() => todo()).kind).toBe("not written");
  });

  test("the formula is the library's", () => {
    const w = parameter("w", Matrix.column([1, -2]));
    const optimizer = new Adam(0.1);
    let mine = { w: w.value.clone(), m: Matrix.zeros(2, 1), v: Matrix.zeros(2, 1) };
    for (let t = 1; t <= 5; t++) {
      w.gradient.copyFrom(w.value.scale(3));
      mine = adam(true, true, true, 0, false)(mine.w, mine.m, mine.v, w.gradient.clone(), t, 0.1);
      optimizer.step([w]);
    }
    expect(w.value.equals(mine.w, 1e-12)).toBe(true);
  });

  test.each<[string, Step, RegExp]>([
    ["no correction", adam(false, true, true, 0, false), /correction is missing/],
    ["keeps the corrected means", adam(true, true, true, 0, true), /applied twice/],
    ["no root", adam(true, false, true, 0, false), /root is missing/],
    ["no square", adam(true, true, false, 0, false), /squared slopes/],
    ["one step late", adam(true, true, true, -1, false), /from 1/],
  ])("names the slip: %s", (_name, wrong, message) => {
    expect(checkAdamStep.examine(wrong).message).toMatch(message);
  });
});

describe("warm-up and cosine", () => {
  type Rate = (step: number, climb: number, steps: number, peak: number) => number;
  const wave = (progress: number) => (1 + Math.cos(Math.PI * Math.min(1, progress))) / 2;
  const right: Rate = (step, climb, steps, peak) =>
    step < climb ? (peak * (step + 1)) / climb : peak * wave((step - climb) / (steps - climb));

  test("accepts the formula, which is the library's", () => {
    expect(checkWarmCosine.examine(right).kind).toBe("right");
    const schedule = warmUp(cosineDecay(0.5, { steps: 26 }), { steps: 4 });
    for (let t = 0; t < 35; t++) expect(right(t, 4, 30, 0.5)).toBeCloseTo(schedule(t), 12);
  });

  test.each<[string, Rate, RegExp]>([
    [
      "from zero",
      (step, climb, steps, peak) => (step < climb ? (peak * step) / climb : right(step, climb, steps, peak)),
      /exactly 0/,
    ],
    [
      "cosine under way",
      (step, climb, steps, peak) =>
        step < climb
          ? right(step, climb, steps, peak)
          : (peak * (1 + Math.cos((Math.PI * step) / steps))) / 2,
      /already under way/,
    ],
    [
      "rises again",
      (step, climb, steps, peak) =>
        step < climb
          ? (peak * (step + 1)) / climb
          : (peak * (1 + Math.cos((Math.PI * (step - climb)) / (steps - climb)))) / 2,
      /beyond the end/,
    ],
  ])("names the slip: %s", (_name, wrong, message) => {
    expect(checkWarmCosine.examine(wrong).message).toMatch(message);
  });
});
