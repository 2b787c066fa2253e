// Far out and close together: where rounding would eat the answer, it is still there.
import {
  activations,
  BatchNorm,
  binaryCrossEntropy,
  binaryCrossEntropyFromLogits,
  CLIP,
  categoricalCrossEntropyFromLogits,
  elu,
  LayerNorm,
  LogSoftmax,
  leakyRelu,
  Matrix,
  Pass,
  Softmax,
  Standardizer,
  sigmoid,
  summarize,
  tanh,
} from "glassbox";
import { describe, expect, test } from "vitest";

/** The slope by the backward pass, with a slope of 1 from above. */
function backward(f: typeof sigmoid, z: number): number {
  const Z = Matrix.from([[z]]);
  const [A, dZ] = [new Matrix(1, 1), new Matrix(1, 1)];
  f.forward(Z, A);
  f.backward(Z, A, Matrix.from([[1]]), dZ);
  return dZ.data[0];
}

describe("a slope that is tiny", () => {
  const exact: [name: string, f: typeof sigmoid, slope: (z: number) => number][] = [
    ["sigmoid", sigmoid, (z) => Math.exp(-Math.abs(z)) / (1 + Math.exp(-Math.abs(z))) ** 2],
    ["tanh", tanh, (z) => 1 / Math.cosh(z) ** 2],
    ["ELU", elu(), (z) => (z > 0 ? 1 : Math.exp(z))],
  ];
  test.each(exact)("is the same by formula and on the way back, on both sides: %s", (_, f, slope) => {
    for (const size of [5, 7, 8, 13.5, 14, 16, 19, 20, 36, 37, 38, 100, 300]) {
      for (const z of [size, -size]) {
        expect(f.derivative(z) / slope(z)).toBeCloseTo(1, 8);
        expect(backward(f, z) / slope(z)).toBeCloseTo(1, 8);
      }
    }
  });

  test("is kept by the loss of a logit that is right, on both sides", () => {
    for (const z of [10, 14, 20, 37, 50, 700]) {
      const expected = Math.exp(-z) / (1 + Math.exp(-z));
      const slope = (logit: number, label: number) =>
        binaryCrossEntropyFromLogits(Matrix.from([[logit]]), Matrix.from([[label]]))[1].data[0];
      expect(slope(z, 1) / -expected).toBeCloseTo(1, 8);
      expect(slope(-z, 0) / expected).toBeCloseTo(1, 8);
    }
  });
});

describe("far out, on both sides", () => {
  const sizes = [
    0, 1e-300, 1e-8, 0.5, 1, 5, 7, 8.3, 13.8, 14, 16, 18.7, 19.06, 20, 22, 30, 36, 36.7, 37, 38, 38.5, 40,
    100, 354, 373, 700, 708, 709.8, 710, 744, 745, 745.2, 746, 1e4, 1e100, 1e300,
  ];
  const both = sizes.flatMap((size) => [size, -size]);
  const all = [...activations, leakyRelu(0.3), elu(0.3), elu(2.5)];

  test.each(all.map((f): [string, typeof sigmoid] => [`${f.name} ${JSON.stringify(f.settings ?? {})}`, f]))(
    "the formula and the matrices of %s give the same bits, and finite ones",
    (_, f) => {
      const Z = Matrix.row(both);
      const [A, dZ] = [new Matrix(1, both.length), new Matrix(1, both.length)];
      f.forward(Z, A);
      f.backward(Z, A, Matrix.filled(1, both.length, 1), dZ);
      expect([...A.data]).toEqual(both.map((z) => f.apply(z)));
      expect([...dZ.data].map((slope) => slope + 0)).toEqual(both.map((z) => f.derivative(z) + 0));
      expect(dZ.data.every(Number.isFinite)).toBe(true);
    },
  );

  test.each([
    ["sigmoid", sigmoid, 14],
    ["tanh", tanh, 8],
  ] as const)("the slope of %s is the same left and right", (_, f, from) => {
    for (const size of sizes) {
      if (size >= from) expect(f.derivative(-size)).toBe(f.derivative(size));
      // nearer to 0 it is a·(1 − a) or 1 − a², whose rounding error grows to 2⁻⁵³/10⁻⁶
      expect(Math.abs(f.derivative(-size) - f.derivative(size))).toBeLessThanOrEqual(
        2e-10 * f.derivative(size),
      );
    }
  });

  /** Within a few roundings of each other, however small both are. */
  const near = (actual: number, expected: number, what: string): void =>
    expect(Math.abs(actual - expected), `${what}: ${actual}, ${expected}`).toBeLessThanOrEqual(
      1e-13 * Math.abs(expected),
    );
  const binary = (z: number, y: number) => {
    const [loss, slope] = binaryCrossEntropyFromLogits(Matrix.row([z]), Matrix.row([y]));
    return [loss, slope.data[0]];
  };
  const categorical = (z: number, y: number) => {
    const [loss, slope] = categoricalCrossEntropyFromLogits(Matrix.column([z, 0]), Matrix.column([y, 1 - y]));
    return [loss, ...slope.data];
  };

  test("losses of logits know what a sure answer lacks, with two classes and with one output", () => {
    for (const z of sizes.filter((size) => size === 0 || size >= 14)) {
      // softplus: log(1 + e^−z), and its slope
      const rest = Math.exp(-z) / (1 + Math.exp(-z));
      const cost = Math.log1p(Math.exp(-z));
      near(binary(z, 1)[0], cost, `binary loss at ${z}`);
      near(binary(z, 1)[1], -rest, `binary slope at ${z}`);
      near(binary(-z, 0)[0], cost, `binary loss at ${-z}`);
      near(binary(-z, 0)[1], rest, `binary slope at ${-z}`);
      for (const [loss, first, second] of [categorical(z, 1), categorical(-z, 0)]) {
        near(loss, cost, `categorical loss at ${z}`);
        near(Math.abs(first), rest, `categorical slope at ${z}`);
        expect(Math.sign(second)).toBe(-Math.sign(first) + 0);
        near(Math.abs(second), rest, `categorical slope of the other at ${z}`);
      }
    }
  });

  test("softmax and log-softmax send back what a sure answer lacks, to both scores alike", () => {
    for (const z of sizes.filter((size) => size === 0 || size >= 14)) {
      const e = Math.exp(-z);
      for (const [layer, expected] of [
        [new Softmax(), e / (1 + e) ** 2],
        [new LogSoftmax(), e / (1 + e)],
      ] as const) {
        for (const [scores, upstream] of [
          [Matrix.column([z, 0]), Matrix.column([1, 0])],
          [Matrix.column([0, z]), Matrix.column([0, 1])],
        ]) {
          const [, back] = layer.forward(scores);
          const winner = upstream.data[0] === 1 ? 0 : 1;
          const slopes = back(upstream).data;
          near(slopes[winner], expected, `${layer.name}, winner at ${z}`);
          near(-slopes[1 - winner], expected, `${layer.name}, other at ${z}`);
        }
      }
    }
  });

  test("a probability of exactly 0 costs what one of exactly 1 costs on the other side", () => {
    const [left, dLeft] = binaryCrossEntropy(Matrix.row([0]), Matrix.row([1]));
    const [right, dRight] = binaryCrossEntropy(Matrix.row([1]), Matrix.row([0]));
    expect(right).toBe(left);
    expect(dRight.data[0]).toBe(-dLeft.data[0]);
    expect(left).toBe(-Math.log(CLIP));
  });
});

describe("large numbers that are nearly equal", () => {
  const numbers = Array.from({ length: 1000 }, (_, i) => 1.7e15 + (i % 10));
  const row = Matrix.from([numbers]);
  const meanOf = (m: Matrix) => m.sum() / m.size;
  const deviationOf = (m: Matrix) => Math.sqrt(m.map((x) => x * x).sum() / m.size);

  test("are standardised to mean 0 and deviation 1", () => {
    const standard = new Standardizer(row).apply(row);
    expect(meanOf(standard)).toBeCloseTo(0, 12);
    expect(deviationOf(standard)).toBeCloseTo(1, 12);
  });

  test("are so by batch norm and layer norm", () => {
    const [batch] = new BatchNorm(1, { epsilon: 1e-12 }).forward(row, new Pass({ training: true }));
    const [layer] = new LayerNorm(1000, { epsilon: 1e-12 }).forward(row.transpose());
    for (const normal of [batch, layer]) {
      expect(meanOf(normal)).toBeCloseTo(0, 12);
      expect(deviationOf(normal)).toBeCloseTo(1, 10);
    }
  });

  test("have the deviation that a summary gives", () => {
    expect(summarize(row).standardDeviation).toBeCloseTo(Math.sqrt(8.25), 10);
  });
});

test("the length of a matrix neither overflows nor vanishes on the way", () => {
  expect(Matrix.from([[3e200, 4e200]]).norm() / 5e200).toBeCloseTo(1, 14);
  expect(Matrix.from([[3e-200, 4e-200]]).norm() / 5e-200).toBeCloseTo(1, 14);
  expect(Matrix.from([[3e-320, 4e-320]]).norm() / 5e-320).toBeCloseTo(1, 2); // subnormal: three digits
  expect(Matrix.from([[0, 0]]).norm()).toBe(0);
  expect(Matrix.from([[3, 4]]).norm()).toBe(5);
});
