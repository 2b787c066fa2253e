// Activations: the formula for one number, the loops over matrices, the slope, the far ends.
import fc from "fast-check";
import {
  type ActivationFunction,
  activations,
  elu,
  erf,
  erfc,
  gelu,
  geluTanh,
  leakyRelu,
  linear,
  logSoftmax,
  Matrix,
  Random,
  relu,
  ShapeError,
  sigmoid,
  softmax,
  softplus,
  step,
  tanh,
  ValueError,
} from "glassbox";
import { describe, expect, test } from "vitest";
import { logSoftmaxBackward } from "../../src/activations/log-softmax";
import { softmaxBackward } from "../../src/activations/softmax";
import { expectClose, golden } from "./golden";
import { entries, expectSlope, slope } from "./witness";

const all: readonly ActivationFunction[] = [...activations, leakyRelu(0.2), elu(1.7), elu(0.4)];
const titled = all.map((f) => ({ title: f.name + (f.settings ? ` ${JSON.stringify(f.settings)}` : ""), f }));
const anyNumber = fc.double({ noNaN: true, noDefaultInfinity: true });
const usual = fc.double({ min: -40, max: 40, noNaN: true });

/** f applied through its loops to one number, and its slope there with an upstream of 1. */
function loops(f: ActivationFunction, z: number, upstream = 1): { value: number; slope: number } {
  const Z = Matrix.from([[z]]);
  const A = Matrix.from([[Number.NaN]]);
  const dZ = Matrix.from([[Number.NaN]]);
  f.forward(Z, A);
  f.backward(Z, A, Matrix.from([[upstream]]), dZ);
  return { value: A.data[0], slope: dZ.data[0] };
}

describe.each(titled)("$title", ({ f }) => {
  test("has one value by formula and by loop, at any number", () => {
    fc.assert(
      fc.property(fc.oneof(usual, anyNumber), (z) => {
        const value = f.apply(z);
        expect(Number.isFinite(value)).toBe(true);
        expect(loops(f, z).value).toBe(value);
      }),
      { numRuns: 500 },
    );
  });

  test("has one slope by formula and by loop, at any number, times the upstream slope", () => {
    fc.assert(
      fc.property(fc.oneof(usual, anyNumber), fc.double({ min: -3, max: 3, noNaN: true }), (z, upstream) => {
        const expected = upstream * f.derivative(z);
        expect(Number.isFinite(expected)).toBe(true);
        const alpha = f.settings?.alpha ?? 1; // a loop may read its slope from an output of size alpha
        expect(Math.abs(loops(f, z, upstream).slope - expected)).toBeLessThanOrEqual(
          1e-15 * Math.max(1, alpha) * Math.abs(upstream) + Number.MIN_VALUE,
        );
      }),
      { numRuns: 500 },
    );
  });

  test("has the slope that a nudge measures, away from its kinks", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e6 }), (seed) => {
        const Z = entries(new Random(seed), 3, 4, f.kinks ?? []);
        const analytic = Z.map((z) => f.derivative(z));
        const numerical = new Matrix(3, 4);
        for (let k = 0; k < Z.size; k++) {
          const z = Matrix.from([[Z.data[k]]]);
          numerical.data[k] = slope(() => f.apply(z.data[0]), z).data[0];
        }
        expectSlope(f.name, analytic, numerical);
      }),
    );
  });

  test("walks whole matrices, and writes only its result", () => {
    const random = new Random(5);
    const Z = entries(random, 4, 7);
    const dA = entries(random, 4, 7);
    const A = new Matrix(4, 7).fill(Number.NaN);
    const dZ = new Matrix(4, 7).fill(Number.NaN);
    const [before, upstream] = [Z.clone(), dA.clone()];
    f.forward(Z, A);
    const output = A.clone();
    f.backward(Z, A, dA, dZ);
    expect([Z.equals(before), dA.equals(upstream), A.equals(output)]).toEqual([true, true, true]);
    expect(A.toRows()).toEqual(Z.map((z) => f.apply(z)).toRows());
    expect(
      dZ.equals(
        dA.map((d, i, j) => d * f.derivative(Z.at(i, j))),
        1e-14,
      ),
    ).toBe(true);
  });

  test("hands NaN on instead of turning it into a number", () => {
    expect(f.apply(Number.NaN)).toBeNaN();
    expect(loops(f, Number.NaN).value).toBeNaN();
  });
});

test("the list holds every element-wise activation once, under its own name", () => {
  expect(activations.map(({ name }) => name)).toEqual([
    "step",
    "linear",
    "sigmoid",
    "tanh",
    "ReLU",
    "leaky ReLU",
    "ELU",
    "GELU",
    "GELU (tanh)",
    "softplus",
  ]);
});

describe("at ±10,000 every value and slope is the limit, exactly", () => {
  const cases: [ActivationFunction, number[], number[]][] = [
    // value at −1e4 and at 1e4, slope at −1e4 and at 1e4
    [step, [0, 1], [0, 0]],
    [linear, [-1e4, 1e4], [1, 1]],
    [sigmoid, [0, 1], [0, 0]],
    [tanh, [-1, 1], [0, 0]],
    [relu, [0, 1e4], [0, 1]],
    [leakyRelu(0.2), [-2e3, 1e4], [0.2, 1]],
    [elu(1.5), [-1.5, 1e4], [0, 1]],
    [gelu, [0, 1e4], [0, 1]],
    [geluTanh, [0, 1e4], [0, 1]],
    [softplus, [0, 1e4], [0, 1]],
  ];
  test.each(cases)("$name", (f, values, slopes) => {
    const ends = [-1e4, 1e4];
    expect(ends.map((z) => f.apply(z) + 0)).toEqual(values); // + 0 makes −0 a 0
    expect(ends.map((z) => f.derivative(z) + 0)).toEqual(slopes);
    expect(ends.map((z) => loops(f, z).value + 0)).toEqual(values);
    expect(ends.map((z) => loops(f, z).slope + 0)).toEqual(slopes);
  });
});

describe("conventions", () => {
  test("the step says yes only to what is greater than 0", () => {
    expect([-1, 0, 1e-300, 2].map((z) => step.apply(z))).toEqual([0, 0, 1, 1]);
  });

  test("at exactly 0, ReLU's slope is 0 and leaky ReLU's is alpha", () => {
    expect(relu.derivative(0)).toBe(0);
    expect(loops(relu, 0).slope).toBe(0);
    expect(leakyRelu(0.3).derivative(0)).toBe(0.3);
    expect(loops(leakyRelu(0.3), 0).slope).toBe(0.3);
  });

  test("sigmoid and ReLU give the published numbers", () => {
    for (const z of [-10, -2, 0, 2, 10]) {
      expect(Math.abs(sigmoid.apply(z) / golden.sigmoid[z] - 1)).toBeLessThan(4e-16);
      expect(relu.apply(z)).toBe(golden.relu[z]);
    }
  });

  test("an alpha outside its range is refused", () => {
    for (const alpha of [-0.1, 1, Number.NaN, Infinity]) expect(() => leakyRelu(alpha)).toThrow(ValueError);
    for (const alpha of [-1, 0, Number.NaN, Infinity]) expect(() => elu(alpha)).toThrow(ValueError);
    expect(() => leakyRelu("a" as never)).toThrow(
      'leakyRelu: expected alpha to be a number at least 0 and less than 1, got "a".',
    );
  });
});

describe("GELU", () => {
  // z, exact value, exact slope, tanh form, its slope: mpmath, 40 digits
  const table = [
    [-12, -2.1317785344932147e-32, -2.5578956616748956e-31, -1.635985449353481e-61, -5.290403352522559e-60],
    [-3, -0.0040496940948902835, -0.011945647204183927, -0.003637392081773019, -0.011584166630969726],
    [-0.75, -0.16997051428265114, 0.0007742782607648957, -0.1700394448343797, 0.0010617438625857023],
    [-0.5, -0.15426876936299344, 0.13250487534383715, -0.15428599017485609, 0.1326300964653577],
    [0.3, 0.1853734266566858, 0.7323277668271099, 0.18537092354275925, 0.7322954516388018],
    [1, 0.8413447460685429, 1.0833154705876864, 0.8411919906082767, 1.0829640838457826],
    [2, 1.9544997361036416, 1.085231801078197, 1.954597694087775, 1.0860992566236183],
    [6, 5.999999994080474, 1.0000000354687095, 5.9999999999156035, 1.0000000007709975],
  ] as const;
  test.each(table)(
    "at %d has the digits of 40-digit arithmetic",
    (z, value, slopeThere, tanhValue, tanhSlope) => {
      // far out, the rounding of z alone moves e^(−z²/2) by z²·10⁻¹⁶, and the cube of the other form by more
      expectClose([gelu.apply(z)], [value], 1e-15 + 2e-16 * z * z);
      expectClose([geluTanh.apply(z)], [tanhValue], 1e-15 + 1e-16 * z * z * Math.abs(z));
      // a slope near 0 is a difference of two larger numbers, so it is held to an absolute bound
      expect(Math.abs(gelu.derivative(z) - slopeThere)).toBeLessThan(5e-16);
      expect(Math.abs(geluTanh.derivative(z) - tanhSlope)).toBeLessThan(5e-16);
    },
  );

  test("its tanh form stays within 0.0005 of it", () => {
    for (let z = -8; z <= 8; z += 0.01) {
      expect(Math.abs(gelu.apply(z) - geluTanh.apply(z))).toBeLessThan(5e-4);
    }
  });
});

describe("the error function", () => {
  // x, erf(x), erfc(x), erfc(−x): mpmath, 40 digits
  const table = [
    [0.1, 0.1124629160182849, 0.887537083981715, 1.1124629160182848],
    [0.46875, 0.49261347321793797, 0.507386526782062, 1.492613473217938],
    [0.5, 0.5204998778130465, 0.4795001221869535, 1.5204998778130465],
    [1, 0.8427007929497149, 0.15729920705028513, 1.8427007929497148],
    [2.5, 0.999593047982555, 0.0004069520174449589, 1.999593047982555],
    [4, 0.9999999845827421, 1.541725790028002e-8, 1.999999984582742],
    [5, 0.9999999999984626, 1.537459794428035e-12, 1.9999999999984626],
    [10, 1.0, 2.088487583762545e-45, 2.0],
    [26, 1.0, 5.663192408856143e-296, 2.0],
  ] as const;
  test.each(table)("at %d has the digits of 40-digit arithmetic", (x, value, complement, mirrored) => {
    expectClose([erf(x), erfc(x), erfc(-x), erf(-x)], [value, complement, mirrored, -value], 8e-16);
  });

  test("agrees with its Taylor series, which owes nothing to a table", () => {
    // erf(x) = 2x/√π · e^−x² · Σ (2x²)ⁿ/(1·3·5 … (2n+1)): all terms positive, so nothing cancels
    const series = (x: number): number => {
      let term = 1;
      let sum = 1;
      for (let n = 1; n < 200; n++) {
        term *= (2 * x * x) / (2 * n + 1);
        sum += term;
      }
      return ((2 * x) / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
    };
    fc.assert(
      fc.property(fc.double({ min: -3, max: 3, noNaN: true }), (x) => {
        expectClose([erf(x)], [series(x)], 8e-15);
      }),
      { numRuns: 1000 },
    );
  });

  test("agrees with its continued fraction in the tail, relative to the tail", () => {
    // erfc(x) = e^−x²/√π · 1/(x + ½/(x + 1/(x + 3⁄2/(x + …)))), evaluated from the inside out
    const fraction = (x: number): number => {
      let inner = x;
      for (let n = 400; n >= 1; n--) inner = x + n / 2 / inner;
      return Math.exp(-x * x) / Math.sqrt(Math.PI) / inner;
    };
    fc.assert(
      fc.property(fc.double({ min: 1, max: 25, noNaN: true }), (x) => {
        expectClose([erfc(x)], [fraction(x)], 2e-15 + 2e-16 * x * x); // Math.exp(−x²) itself is off by that much
      }),
      { numRuns: 1000 },
    );
  });

  test("ends at exactly ±1, and at 0 and 2, and hands NaN on", () => {
    for (const x of [40, 1e4, 1e308, Infinity]) {
      expect([erf(x), erf(-x), erfc(x), erfc(-x)]).toEqual([1, -1, 0, 2]);
    }
    expect([erf(Number.NaN), erfc(Number.NaN)]).toEqual([Number.NaN, Number.NaN]);
    expect(erf(0)).toBe(0);
  });
});

describe("softmax", () => {
  const scores = (seed: number, rows: number, columns: number): Matrix =>
    entries(new Random(seed), rows, columns).scale(4);
  const shapes = fc.tuple(
    fc.integer({ min: 0, max: 1e6 }),
    fc.integer({ min: 1, max: 6 }),
    fc.integer({ min: 1, max: 5 }),
  );

  test("gives the published probabilities", () => {
    const p = softmax(Matrix.column(golden.softmax.scores));
    expectClose(p.data, golden.softmax.probabilities, 1e-15);
    expect(p.data.indexOf(Math.max(...p.data))).toBe(golden.softmax.argmax);
  });

  test("is eᶻ over the sum of eᶻ, column by column", () => {
    fc.assert(
      fc.property(shapes, ([seed, rows, columns]) => {
        const Z = scores(seed, rows, columns);
        const p = softmax(Z);
        for (let j = 0; j < columns; j++) {
          const e = Array.from({ length: rows }, (_, i) => Math.exp(Z.at(i, j)));
          const sum = e.reduce((a, b) => a + b);
          for (let i = 0; i < rows; i++) expect(Math.abs(p.at(i, j) / (e[i] / sum) - 1)).toBeLessThan(1e-14);
        }
      }),
    );
  });

  test("sums to 1 and does not change when one number is added to every score", () => {
    fc.assert(
      fc.property(shapes, fc.double({ min: -1e3, max: 1e3, noNaN: true }), ([seed, rows, columns], shift) => {
        const Z = scores(seed, rows, columns);
        const p = softmax(Z);
        for (const sum of p.transpose().sumColumns().data)
          expect(Math.abs(sum - 1)).toBeLessThan(1e-15 * rows);
        expect(softmax(Z.map((z) => z + shift)).equals(p, 1e-11)).toBe(true);
      }),
    );
  });

  test("neither overflows nor divides by 0 at ±10,000", () => {
    const Z = Matrix.from([
      [1e4, -1e4, 1e4, -1e4],
      [-1e4, -1e4, 1e4, 1e4],
    ]);
    expect(softmax(Z).toRows()).toEqual([
      [1, 0.5, 0.5, 0],
      [0, 0.5, 0.5, 1],
    ]);
    const half = -Math.log(2);
    expect(logSoftmax(Z).toRows()).toEqual([
      [0, half, half, -2e4],
      [-2e4, half, half, 0],
    ]);
  });

  test("its logarithm is log-softmax", () => {
    fc.assert(
      fc.property(shapes, ([seed, rows, columns]) => {
        const Z = scores(seed, rows, columns);
        expect(logSoftmax(Z).equals(softmax(Z).map(Math.log), 1e-13)).toBe(true);
      }),
    );
  });

  test("goes back as a nudge says, with an upstream that is not all ones", () => {
    fc.assert(
      fc.property(shapes, ([seed, rows, columns]) => {
        const random = new Random(seed);
        const Z = entries(random, rows, columns);
        const U = entries(random, rows, columns);
        const dZ = new Matrix(rows, columns);
        softmaxBackward(softmax(Z), U, dZ);
        expectSlope(
          "softmax",
          dZ,
          slope(() => softmax(Z).hadamard(U).sum(), Z),
        );
        logSoftmaxBackward(logSoftmax(Z), U, dZ);
        expectSlope(
          "logSoftmax",
          dZ,
          slope(() => logSoftmax(Z).hadamard(U).sum(), Z),
        );
      }),
    );
  });

  test("writes into the matrix it is given, even the scores themselves", () => {
    const Z = scores(1, 3, 2);
    const expected = softmax(Z);
    const expectedLog = logSoftmax(Z);
    const into = new Matrix(3, 2);
    expect(softmax(Z, into)).toBe(into);
    expect(into.equals(expected)).toBe(true);
    expect(logSoftmax(Z.clone(), into).equals(expectedLog)).toBe(true);
    const same = Z.clone();
    expect(logSoftmax(same, same).equals(expectedLog)).toBe(true);
    expect(softmax(Z, Z).equals(expected)).toBe(true);
  });

  test.each([
    ["softmax", softmax],
    ["logSoftmax", logSoftmax],
  ])("%s refuses what is not finite, not a matrix or does not fit", (name, f) => {
    const bad = Matrix.from([[1], [Number.NaN]]);
    expect(() => f(bad)).toThrow(
      `${name}: expected finite numbers in the scores, got NaN at row 1, column 0`,
    );
    expect(() => f(Matrix.from([[Infinity]]))).toThrow(ValueError);
    expect(() => f([1, 2] as never)).toThrow(ValueError);
    expect(() => f(Matrix.from([[1]]), new Matrix(2, 1))).toThrow(ShapeError);
  });
});
