// A schedule is a plain function: the tests read points off its curve.
import fc from "fast-check";
import {
  constantRate,
  cosineDecay,
  exponentialDecay,
  oneCycle,
  type Schedule,
  stepDecay,
  ValueError,
  warmUp,
} from "glassbox";
import { describe, expect, test } from "vitest";

const at = (schedule: Schedule, ...steps: number[]): number[] => steps.map((step) => schedule(step));

describe("each schedule", () => {
  test("a constant rate is constant", () => {
    expect(at(constantRate(0.1), 0, 1, 1e6)).toEqual([0.1, 0.1, 0.1]);
  });

  test("a staircase falls by its factor at the end of each stair, and nowhere else", () => {
    const halving = stepDecay(0.8, { every: 10 });
    expect(at(halving, 0, 9, 10, 19, 20, 35)).toEqual([0.8, 0.8, 0.4, 0.4, 0.2, 0.1]);
    expect(stepDecay(1, { every: 2, factor: 0.1 })(4)).toBeCloseTo(0.01, 15);
  });

  test("exponential decay meets the staircase at the foot of every stair", () => {
    const smooth = exponentialDecay(0.8, { factor: 0.5, every: 10 });
    const stairs = stepDecay(0.8, { factor: 0.5, every: 10 });
    for (const step of [0, 10, 20, 50]) expect(smooth(step)).toBeCloseTo(stairs(step), 15);
    expect(smooth(5)).toBeCloseTo(0.8 * Math.SQRT1_2, 15);
    expect(exponentialDecay(1, { factor: 0.9 })(3)).toBeCloseTo(0.729, 15);
  });

  test("a cosine starts at the rate, is half-way at half-time, ends at the floor and stays", () => {
    const wave = cosineDecay(0.3, { steps: 100, floor: 0.1 });
    expect(wave(0)).toBeCloseTo(0.3, 15);
    expect(wave(50)).toBeCloseTo(0.2, 15);
    expect(at(wave, 100, 101, 1e9)).toEqual([0.1, 0.1, 0.1]);
    expect(cosineDecay(0.3, { steps: 4 })(1)).toBeCloseTo(0.15 * (1 + Math.SQRT1_2), 15);
    expect(cosineDecay(0.3, { steps: 4 })(4)).toBe(0);
  });

  test("a warm-up climbs in a straight line, and what follows counts from its end", () => {
    const climb = warmUp(stepDecay(1, { every: 2 }), { steps: 4 });
    expect(at(climb, 0, 1, 2, 3, 4, 5, 6)).toEqual([0.25, 0.5, 0.75, 1, 1, 1, 0.5]);
  });

  test("one cycle begins at peak/25, peaks after the climb, and ends near nothing", () => {
    const cycle = oneCycle(1, { steps: 100 });
    expect(cycle(0)).toBeCloseTo(0.04, 15);
    expect(cycle(15)).toBeCloseTo((0.04 + 1) / 2, 15);
    expect(cycle(30)).toBeCloseTo(1, 15);
    expect(cycle(65)).toBeCloseTo((1 + 4e-6) / 2, 15);
    expect(at(cycle, 100, 500)).toEqual([4e-6, 4e-6]);
    expect(oneCycle(2, { steps: 10, climb: 0.5, start: 0, end: 0 })(5)).toBeCloseTo(2, 15);
  });
});

const rate = fc.double({ min: 1e-6, max: 10, noNaN: true });
const length = fc.double({ min: 0.5, max: 1000, noNaN: true });
const step = fc.double({ min: 0, max: 5000, noNaN: true });
const any: fc.Arbitrary<Schedule> = fc
  .tuple(rate, length, fc.double({ min: 0.01, max: 1, noNaN: true }), fc.nat(5))
  .map(([r, n, factor, which]) =>
    [
      constantRate(r),
      stepDecay(r, { every: n, factor }),
      exponentialDecay(r, { every: n, factor }),
      cosineDecay(r, { steps: n, floor: r * factor }),
      oneCycle(r, { steps: n, start: factor / 2 }),
      warmUp(cosineDecay(r, { steps: n }), { steps: n }),
    ].at(which),
  )
  .map((schedule) => schedule as Schedule);

describe("every schedule", () => {
  test("gives a finite rate of 0 or more, at every step", () => {
    fc.assert(
      fc.property(any, step, (schedule, t) => {
        const value = schedule(t);
        expect(Number.isFinite(value) && value >= 0).toBe(true);
      }),
    );
  });

  test("that decays never rises", () => {
    fc.assert(
      fc.property(rate, length, step, step, (r, n, a, b) => {
        const [early, late] = [Math.min(a, b), Math.max(a, b)];
        for (const schedule of [
          stepDecay(r, { every: n }),
          exponentialDecay(r, { every: n, factor: 0.7 }),
          cosineDecay(r, { steps: n }),
        ]) {
          expect(schedule(late)).toBeLessThanOrEqual(schedule(early) * (1 + 1e-12));
        }
      }),
    );
  });

  test("refuses a step that is no step", () => {
    for (const bad of [-1, Number.NaN, Infinity, "3" as never, undefined as never]) {
      fc.assert(
        fc.property(any, (schedule) => {
          expect(() => schedule(bad)).toThrow(ValueError);
        }),
        { numRuns: 20 },
      );
    }
  });
});

test("settings outside their range are refused by name", () => {
  expect(() => constantRate(0)).toThrow(
    "constantRate: expected the rate to be a number greater than 0, got 0.",
  );
  expect(() => stepDecay(0.1, { every: 0 })).toThrow(/every/);
  expect(() => stepDecay(0.1, { every: 5, factor: 1.5 })).toThrow(/expected factor/);
  expect(() => stepDecay(0.1, undefined as never)).toThrow(ValueError);
  expect(() => exponentialDecay(0.1, { factor: 0 })).toThrow(/expected factor/);
  expect(() => cosineDecay(0.1, { steps: -1 })).toThrow(/steps/);
  expect(() => cosineDecay(0.1, { steps: 5, floor: 0.2 })).toThrow(
    /expected floor to be a number at least 0 and at most 0.1/,
  );
  expect(() => cosineDecay(0.1, undefined as never)).toThrow(ValueError);
  expect(() => warmUp(0.1 as never, { steps: 3 })).toThrow(
    "warmUp: expected a schedule such as constantRate(0.1)",
  );
  expect(() => warmUp(constantRate(0.1), { steps: 0 })).toThrow(/steps/);
  expect(() => oneCycle(0.1, { steps: 10, climb: 1 })).toThrow(/expected climb/);
  expect(() => oneCycle(0.1, { steps: 10, start: 2 })).toThrow(/expected start/);
  expect(() => oneCycle(0.1, { steps: 10, end: -1 })).toThrow(/expected end/);
});
