// Far out and close together: where rounding would eat the answer, it is still there.
import {
  BatchNorm,
  binaryCrossEntropyFromLogits,
  elu,
  LayerNorm,
  Matrix,
  Pass,
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
