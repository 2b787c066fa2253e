// Regularisers: the price, its slope, who pays.
import fc from "fast-check";
import {
  Dense,
  l1,
  l1l2,
  l2,
  Matrix,
  type Parameter,
  parameter,
  Random,
  type Regularizer,
  ValueError,
} from "glassbox";
import { describe, expect, test } from "vitest";
import { entries, expectSlope, slope } from "./witness";

const cases: [string, Regularizer, (w: number) => number][] = [
  ["l1", l1(0.3), (w) => 0.3 * Math.abs(w)],
  ["l2", l2(0.7), (w) => 0.7 * w ** 2],
  ["l1l2", l1l2(0.3, 0.7), (w) => 0.3 * Math.abs(w) + 0.7 * w ** 2],
];

describe.each(cases)("%s", (name, regularizer, price) => {
  test("costs what its formula says, summed over all weights", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e6 }), (seed) => {
        const random = new Random(seed);
        const parameters = [parameter("a", entries(random, 2, 3)), parameter("b", entries(random, 4, 1))];
        const all = parameters.flatMap(({ value }) => [...value.data]);
        const expected = all.reduce((sum, w) => sum + price(w), 0);
        expect(Math.abs(regularizer.penalty(parameters) / expected - 1)).toBeLessThan(1e-13);
      }),
    );
  });

  test("adds the slope that a nudge measures to what is already there", () => {
    const random = new Random(3);
    const one = parameter("one", entries(random, 3, 4));
    const before = entries(random, 3, 4);
    one.gradient.copyFrom(before);
    regularizer.addGradient([one]);
    const numerical = slope(() => regularizer.penalty([one]), one.value);
    expectSlope(name, one.gradient.minus(before), numerical);
  });

  test("spares what does not decay, and charges a shared parameter once", () => {
    const random = new Random(3);
    const layer = new Dense(3, 2, { weights: entries(random, 2, 3), bias: entries(random, 2, 1) });
    const cost = regularizer.penalty(layer.parameters);
    expect(cost).toBe(regularizer.penalty([layer.weights]));
    expect(regularizer.penalty([layer.weights, layer.bias, layer.weights])).toBe(cost);
    regularizer.addGradient([layer.weights, layer.bias, layer.weights]);
    const once: Parameter = parameter("w", layer.weights.value.clone());
    regularizer.addGradient([once]);
    expect(layer.weights.gradient.equals(once.gradient)).toBe(true);
    expect(layer.bias.gradient.norm()).toBe(0);
  });

  test("at a weight of exactly 0 costs and pulls nothing", () => {
    const zero = parameter("zero", new Matrix(1, 1));
    regularizer.addGradient([zero]);
    expect([regularizer.penalty([zero]), zero.gradient.data[0]]).toEqual([0, 0]);
  });

  test("refuses broken weights before any gradient has changed", () => {
    const good = parameter("good", Matrix.from([[1, 2]]));
    const bad = parameter("bad", Matrix.from([[1, Number.NaN]]));
    expect(() => regularizer.addGradient([good, bad])).toThrow(
      `${name}: expected finite numbers in bad, got NaN at row 0, column 1 of 1 × 2.`,
    );
    expect(() => regularizer.penalty([bad])).toThrow(ValueError);
    expect(good.gradient.norm()).toBe(0);
    for (const parameters of [undefined, null, 7, good]) {
      expect(() => regularizer.penalty(parameters as never)).toThrow(ValueError);
      expect(() => regularizer.addGradient(parameters as never)).toThrow(ValueError);
    }
  });
});

test("strengths below 0 or not finite are refused", () => {
  for (const strength of [-0.1, Number.NaN, Infinity, "1"]) {
    for (const make of [l1, l2, (s: number) => l1l2(s, 0), (s: number) => l1l2(0, s)]) {
      expect(() => make(strength as never)).toThrow(ValueError);
    }
  }
});
