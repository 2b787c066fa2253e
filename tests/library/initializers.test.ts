// Initializers: their moments, their bounds, the stream they draw from.
import {
  constant,
  heNormal,
  heUniform,
  type Initializer,
  lecunNormal,
  lecunUniform,
  Matrix,
  normal,
  Random,
  relu,
  summarize,
  tanh,
  uniform,
  ValueError,
  xavierNormal,
  xavierUniform,
  zeros,
} from "glassbox";
import { describe, expect, test } from "vitest";
import { golden } from "./golden";

const [OUTPUTS, INPUTS] = [300, 500];
/** Name, recipe, the variance that its paper asks for, and whether it is the uniform form. */
const schemes: [string, Initializer, number, boolean][] = [
  ["normal(0.3)", normal(0.3), 0.09, false],
  ["uniform(-1, 2)", uniform(-1, 2), 9 / 12, true],
  ["lecunNormal", lecunNormal, 1 / INPUTS, false],
  ["lecunUniform", lecunUniform, 1 / INPUTS, true],
  ["xavierNormal", xavierNormal, 2 / (INPUTS + OUTPUTS), false],
  ["xavierUniform", xavierUniform, 2 / (INPUTS + OUTPUTS), true],
  ["heNormal", heNormal, 2 / INPUTS, false],
  ["heUniform", heUniform, 2 / INPUTS, true],
];

describe.each(schemes)("%s", (name, initializer, variance, flat) => {
  const W = initializer(OUTPUTS, INPUTS, new Random(42));
  const { mean, standardDeviation, smallest, largest } = summarize(W);

  test("has the shape of the layer, and the variance of its paper", () => {
    expect(W.shape).toBe("300 × 500");
    const center = name.startsWith("uniform") ? 0.5 : 0;
    expect(Math.abs(mean - center)).toBeLessThan(0.01 * Math.sqrt(variance)); // 150,000 draws: 4 standard errors
    expect(Math.abs(standardDeviation ** 2 / variance - 1)).toBeLessThan(0.015);
  });

  test(
    flat ? "fills its interval evenly and never leaves it" : "has the tails of a normal distribution",
    () => {
      const width = Math.sqrt(3 * variance);
      const within = W.data.filter((w) => Math.abs(w - mean) < width / 2).length / W.size;
      if (flat) {
        const center = name.startsWith("uniform") ? 0.5 : 0;
        expect(Math.abs(within - 0.5)).toBeLessThan(0.01);
        expect(smallest).toBeGreaterThanOrEqual(center - width);
        expect(largest).toBeLessThan(center + width);
        expect(largest - smallest).toBeGreaterThan(1.999 * width);
      } else {
        expect(Math.abs(within - 0.6135)).toBeLessThan(0.01); // P(|z| < √3/2)
        expect(largest).toBeGreaterThan(3.5 * Math.sqrt(variance));
      }
    },
  );

  test("draws row after row from the generator it is given, and from no other", () => {
    const small = initializer(2, 3, new Random(7));
    const draws = flat ? new Random(7).randMatrix(2, 3) : new Random(7).randnMatrix(2, 3);
    const order = (m: Matrix): number[] => [...m.data.keys()].sort((a, b) => m.data[a] - m.data[b]);
    expect(order(small)).toEqual(order(draws));
    expect(initializer(2, 3, new Random(7)).equals(small)).toBe(true);
    const random = new Random(7);
    initializer(2, 3, random);
    const after = new Random(7);
    for (let k = 0; k < 6; k++) flat ? after.rand() : after.randn();
    expect(random.rand()).toBe(after.rand());
  });

  test("refuses what is no generator and sizes that make no matrix, and draws nothing then", () => {
    for (const random of [undefined, null, 42, Math.random]) {
      expect(() => initializer(2, 3, random as never)).toThrow(ValueError);
    }
    const random = new Random(1);
    for (const size of [-1, 1.5, Number.NaN, "3"]) {
      expect(() => initializer(size as never, 3, random)).toThrow(ValueError);
      expect(() => initializer(3, size as never, random)).toThrow(ValueError);
    }
    expect(random.rand()).toBe(new Random(1).rand());
  });
});

test("zeros and constants are what they say", () => {
  expect(zeros(2, 3, new Random(1)).equals(Matrix.zeros(2, 3))).toBe(true);
  expect(constant(-0.5)(1, 2, new Random(1)).toRows()).toEqual([[-0.5, -0.5]]);
});

test("settings that are no numbers, or make no distribution, are refused", () => {
  expect(() => constant(Number.NaN)).toThrow(ValueError);
  expect(() => normal(-1)).toThrow(ValueError);
  expect(() => normal(Infinity)).toThrow(ValueError);
  expect(() => uniform(1, 0)).toThrow(ValueError);
  expect(() => uniform(Number.NaN, 1)).toThrow(ValueError);
});

test("ten layers of 256 keep their signal, lose it or drown in it, as the published deviations say", () => {
  const { seed, cases } = golden.initialisation;
  const random = new Random(seed);
  for (const { scale, initial_std, std_after_each_layer } of cases) {
    let A = random.randnMatrix(256, 1);
    expect(Math.abs(summarize(A).standardDeviation / initial_std - 1)).toBeLessThan(1e-12);
    for (const expected of std_after_each_layer) {
      A = normal(scale)(256, 256, random)
        .times(A)
        .map((z) => relu.apply(z));
      expect(Math.abs(summarize(A).standardDeviation / expected - 1)).toBeLessThan(1e-12);
    }
  }
});

test("He keeps the size of a ReLU network's signal, Xavier that of a tanh network's, over 20 layers", () => {
  const depth = 20;
  const through = (initializer: Initializer, f: (z: number) => number, start: number): number => {
    const random = new Random(3);
    let A = random.randnMatrix(200, 50).scale(start);
    const before = A.norm();
    for (let k = 0; k < depth; k++) A = initializer(200, 200, random).times(A).map(f);
    return A.norm() / before;
  };
  for (const he of [heNormal, heUniform]) {
    const kept = through(he, (z) => relu.apply(z), 1);
    expect(kept).toBeGreaterThan(0.4);
    expect(kept).toBeLessThan(1.5);
  }
  expect(through(xavierNormal, (z) => relu.apply(z), 1)).toBeLessThan(0.01); // half the variance lost at each layer
  for (const initializer of [xavierNormal, xavierUniform, lecunNormal, lecunUniform]) {
    const kept = through(initializer, (z) => tanh.apply(z), 0.01); // near 0, tanh is the identity
    expect(kept).toBeGreaterThan(0.6);
    expect(kept).toBeLessThan(1.5);
  }
});
