// Data one can rely on: seeded, of the promised shape, and, where they are real, the very bytes of their source.
import { createHash } from "node:crypto";
import { build } from "esbuild";
import fc from "fast-check";
import {
  circles,
  type Dataset,
  fraud,
  handwrittenDigits,
  iris,
  loanScore,
  loans,
  Matrix,
  moons,
  noisySine,
  oneHot,
  overlappingSpirals,
  pickExamples,
  Random,
  rings,
  ShapeError,
  Standardizer,
  spirals,
  ValueError,
  validationSplit,
  xor,
  xorTable,
} from "glassbox";
import { describe, expect, test } from "vitest";
import { expectClose, golden } from "./golden";

type Options = { points?: number; noise?: number; random: Random };
const generators: [
  string,
  (options: Options) => Dataset,
  { features: number; outputs: number; parts: number },
][] = [
  [
    "loans",
    ({ points, ...rest }) => loans({ applicants: points, ...rest }),
    { features: 3, outputs: 1, parts: 1 },
  ],
  ["fraud", fraud, { features: 2, outputs: 1, parts: 2 }],
  ["xor", xor, { features: 2, outputs: 1, parts: 4 }],
  ["circles", circles, { features: 2, outputs: 1, parts: 2 }],
  ["moons", moons, { features: 2, outputs: 1, parts: 2 }],
  ["rings", rings, { features: 2, outputs: 3, parts: 3 }],
  ["noisySine", noisySine, { features: 1, outputs: 1, parts: 1 }],
  ["spirals", spirals, { features: 2, outputs: 1, parts: 2 }],
  ["overlappingSpirals", overlappingSpirals, { features: 2, outputs: 1, parts: 2 }],
];

describe.each(generators)("%s", (name, generate, { features, outputs, parts }) => {
  test("has the promised shape and finite numbers, for any number of points and any noise", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        fc.double({ min: 0, max: 2, noNaN: true }),
        fc.nat(),
        (n, noise, seed) => {
          const { inputs, targets } = generate({ points: n * parts, noise, random: new Random(seed) });
          expect(inputs.shape).toBe(`${features} × ${n * parts}`);
          expect(targets.shape).toBe(`${outputs} × ${n * parts}`);
          for (const matrix of [inputs, targets]) expect(matrix.data.every(Number.isFinite)).toBe(true);
        },
      ),
    );
  });

  test("is the same for the same seed, and another for another", () => {
    const draw = (seed: number) => generate({ points: 24, random: new Random(seed) });
    expect(draw(5)).toEqual(draw(5));
    expect(draw(5).inputs).not.toEqual(draw(6).inputs);
  });

  test("refuses what it cannot do, before it draws a number", () => {
    const random = new Random(1);
    expect(() => generate({ points: 0, random })).toThrow(ValueError);
    expect(() => generate({ points: 2.5, random })).toThrow(ValueError);
    expect(() => generate({ noise: -1, random })).toThrow(/noise/);
    expect(() => generate({ noise: Number.NaN, random })).toThrow(/noise/);
    expect(() => generate({ random: 42 as never })).toThrow(`${name}: expected a seeded generator, got 42.`);
    expect(() => generate(undefined as never)).toThrow(/undefined|seeded generator/);
    if (parts > 1) expect(() => generate({ points: parts + 1, random })).toThrow(`multiple of ${parts}`);
    expect(random.rand()).toBe(new Random(1).rand());
  });

  test.runIf(parts > 1)("has as many points of each part as of the others", () => {
    const { targets } = generate({ points: 12 * parts, random: new Random(0) });
    const labels = targets.rows === 1 ? targets : new Matrix(1, 1);
    if (targets.rows > 1) expect(targets.sumColumns().toRows()).toEqual([[12], [12], [12]]);
    else expect(labels.sum()).toBe((12 * parts) / 2);
  });
});

describe("what is special about each", () => {
  test("the source's spirals are those of NumPy, to the digit", () => {
    const { inputs } = overlappingSpirals({ points: 500, noise: 0.1, random: new Random(42) });
    const { first_points, last_points, x_checksum_sum, x_checksum_sumsq } = golden.spiral;
    for (const i of [0, 1]) {
      expectClose(
        [0, 1, 2].map((j) => inputs.at(i, j)),
        first_points[i],
        1e-13,
      );
      expectClose(
        [497, 498, 499].map((j) => inputs.at(i, j)),
        last_points[i],
        1e-13,
      );
    }
    expect(inputs.sum()).toBeCloseTo(x_checksum_sum, 11);
    expect(inputs.hadamard(inputs).sum()).toBeCloseTo(x_checksum_sumsq, 11);
  });

  test("the source's two spirals lie on one curve, r = θ/4π; the corrected ones half a turn apart", () => {
    // without noise a point of class 1 has, where class 0 reaches as far out, a twin in class 0 at the same place
    const gap = (generate: typeof spirals): number => {
      const { inputs } = generate({ points: 4002, noise: 0, random: new Random(0) });
      let largest = 0;
      for (let b = 2001; b < 4002; b += 50) {
        const [x, y] = [inputs.at(0, b), inputs.at(1, b)];
        if (Math.hypot(x, y) > 1 || Math.hypot(x, y) < 0.3) continue;
        let nearest = Infinity;
        for (let a = 0; a < 2001; a++) {
          nearest = Math.min(nearest, Math.hypot(inputs.at(0, a) - x, inputs.at(1, a) - y));
        }
        largest = Math.max(largest, nearest);
      }
      return largest;
    };
    expect(gap(overlappingSpirals)).toBeLessThan(0.01);
    expect(gap(spirals)).toBeGreaterThan(0.2);
  });

  test("loans follow the hidden rule, exactly without noise and mostly with it", () => {
    for (const debt of [false, true]) {
      const clean = loans({ applicants: 400, noise: 0, debt, random: new Random(3) });
      const noisy = loans({ applicants: 400, noise: 0.5, debt, random: new Random(3) });
      const score = (data: Dataset, j: number) => loanScore(data.inputs.toRows().map((row) => row[j]));
      let kept = 0;
      for (let j = 0; j < 400; j++) {
        expect(clean.targets.at(0, j)).toBe(score(clean, j) > 0 ? 1 : 0);
        if (noisy.targets.at(0, j) === (score(noisy, j) > 0 ? 1 : 0)) kept += 1;
      }
      expect(kept).toBeGreaterThan(340);
      expect(kept).toBeLessThan(400);
      const share = clean.targets.sum() / 400;
      expect(share).toBeGreaterThan(0.3);
      expect(share).toBeLessThan(0.7);
      expect(clean.features).toHaveLength(debt ? 4 : 3);
    }
  });

  test("loan applicants are plausible", () => {
    const rows = loans({ applicants: 2000, debt: true, random: new Random(1) }).inputs.toRows();
    const within = (row: number[], low: number, high: number) =>
      row.every((v) => v >= low && v <= high && Number.isInteger(v));
    expect(within(rows[0], 15_000, 200_000)).toBe(true);
    expect(within(rows[1], 300, 850)).toBe(true);
    expect(within(rows[2], 0, 20)).toBe(true);
    expect(rows[3].every((debt, j) => debt >= 0 && debt <= rows[0][j])).toBe(true);
  });

  test("the hidden rule decides the course's examples as the course does", () => {
    expect(loanScore([75_000, 720, 5])).toBeGreaterThan(0);
    expect(loanScore([25_000, 580, 1])).toBeLessThan(0);
    expect(loanScore([120_000, 690, 3])).toBeGreaterThan(0);
    expect(loanScore([45_000, 650, 8])).toBeGreaterThan(0);
    expect(() => loanScore([1, 2])).toThrow(ShapeError);
  });

  test("frauds are an island that honest payments surround on every side", () => {
    const { inputs, targets } = fraud({ points: 400, noise: 0.05, random: new Random(2) });
    const sides = new Set<string>();
    for (let j = 0; j < 400; j++) {
      const [x, y] = [inputs.at(0, j) - 0.5, inputs.at(1, j) - 0.5];
      if (targets.at(0, j) === 1) expect(Math.hypot(x, y)).toBeLessThan(0.28);
      else sides.add(`${Math.sign(x)},${Math.sign(y)}`);
    }
    expect(sides.size).toBe(4);
  });

  test("XOR is its truth table when there is no noise", () => {
    const { inputs, targets } = xor({ points: 8, noise: 0, random: new Random(0) });
    expect(inputs.pickColumns([0, 1, 2, 3])).toEqual(xorTable().inputs);
    expect(inputs.pickColumns([4, 5, 6, 7])).toEqual(xorTable().inputs);
    for (let j = 0; j < 8; j++) expect(targets.at(0, j)).toBe(inputs.at(0, j) === inputs.at(1, j) ? 0 : 1);
  });

  test("circles and rings have the radii they say", () => {
    const flat = circles({ points: 40, noise: 0, inner: 0.3, random: new Random(0) });
    const round = rings({ classes: 4, points: 40, noise: 0, random: new Random(0) });
    for (let j = 0; j < 40; j++) {
      expect(Math.hypot(flat.inputs.at(0, j), flat.inputs.at(1, j))).toBeCloseTo(j < 20 ? 1 : 0.3, 14);
      const ring = Math.floor(j / 10);
      expect(Math.hypot(round.inputs.at(0, j), round.inputs.at(1, j))).toBeCloseTo((ring + 1) / 4, 14);
      expect(round.targets.at(ring, j)).toBe(1);
    }
    expect(() => circles({ inner: 1, random: new Random(0) })).toThrow(/inner radius/);
    expect(() => rings({ classes: 1, random: new Random(0) })).toThrow(/classes/);
    const starts = new Set(
      Array.from({ length: 20 }, (_, j) => flat.inputs.at(0, j).toFixed(9) + flat.inputs.at(1, j).toFixed(9)),
    );
    expect(starts.size).toBe(20); // the last point does not fall on the first
  });

  test("moons are scikit-learn's when there is no noise", () => {
    const { inputs } = moons({ points: 6, noise: 0, random: new Random(0) });
    // make_moons(6, shuffle=False): (1,0) (0,1) (−1,0) and (0,½) (1,−½) (2,½)
    const expected = [
      [1, 0, -1, 0, 1, 2],
      [0, 1, 0, 0.5, -0.5, 0.5],
    ];
    expect(inputs.equals(Matrix.from(expected), 1e-15)).toBe(true);
  });

  test("a sine without noise is the sine", () => {
    const { inputs, targets } = noisySine({ points: 50, noise: 0, to: 2, random: new Random(0) });
    inputs.data.forEach((x, j) => {
      expect(Math.abs(x)).toBeLessThanOrEqual(2);
      expect(targets.data[j]).toBe(Math.sin(x));
      if (j > 0) expect(x).toBeGreaterThanOrEqual(inputs.data[j - 1]);
    });
  });
});

describe("real data, byte for byte", () => {
  const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

  test("iris is scikit-learn's iris.csv", () => {
    const { inputs, targets } = iris();
    const lines = ["150,4,setosa,versicolor,virginica"];
    for (let j = 0; j < 150; j++) {
      const lengths = [0, 1, 2, 3].map((i) => inputs.at(i, j).toFixed(1));
      lines.push([...lengths, [0, 1, 2].findIndex((k) => targets.at(k, j) === 1)].join(","));
    }
    expect(sha256(`${lines.join("\n")}\n`)).toBe(
      "f13ffa8fdd56fd8e6c8d16d4081a3fbd3114bcd0aae4256c43205169cd9d1449",
    );
    expect(inputs.at(0, 0)).toBe(5.1);
    expect(iris().classes).toEqual(["setosa", "versicolor", "virginica"]);
  });

  test("the digits are scikit-learn's digits.csv", () => {
    const { inputs, targets } = handwrittenDigits();
    const lines: string[] = [];
    for (let j = 0; j < inputs.columns; j++) {
      const pixels = Array.from({ length: 64 }, (_, i) => inputs.at(i, j) * 16);
      lines.push([...pixels, Array.from({ length: 10 }, (_, k) => targets.at(k, j)).indexOf(1)].join(","));
    }
    expect(sha256(`${lines.join("\n")}\n`)).toBe(
      "6ebb3d2fee246a4e99363262ddf8a00a3c41bee6014c373ed9d9216ba7f651b8",
    );
    expect(targets.sumColumns().data).toEqual(
      Float64Array.of(178, 182, 177, 183, 181, 182, 181, 179, 174, 180),
    );
  });

  test("a bundle that does not ask for the digits does not carry them", async () => {
    const bundle = async (contents: string) => {
      const { outputFiles } = await build({
        stdin: { contents, resolveDir: `${__dirname}/../../src` },
        bundle: true,
        format: "esm",
        write: false,
      });
      return outputFiles[0].text.length;
    };
    const without = await bundle('import { Dense } from "./index"; console.log(Dense);');
    const withDigits = await bundle(
      'import { handwrittenDigits } from "./index"; console.log(handwrittenDigits);',
    );
    expect(withDigits - without).toBeGreaterThan(50_000);
    // One layer brings the matrices and the doors with it, and little else: another layer, or a loss, would show.
    expect(without).toBeLessThan(85_000);
  });
});

describe("preparation", () => {
  const numbers = fc.double({ min: -1e6, max: 1e6, noNaN: true });

  test("standardised training data have mean 0 and deviation 1, and undo brings them back", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(numbers, numbers), { minLength: 2, maxLength: 50 }), (pairs) => {
        const X = Matrix.from(pairs).transpose();
        const scaler = new Standardizer(X);
        const Z = scaler.apply(X);
        Z.toRows().forEach((row, i) => {
          const original = X.toRows()[i];
          const spread = Math.max(...original) - Math.min(...original);
          const size = Math.max(...original.map(Math.abs));
          if (spread === 0) expect(row.every((z) => z === 0)).toBe(true);
          if (spread < 1e-6 * size || spread < 1e-100) return; // nothing but rounding is left of such a feature
          const mean = row.reduce((a, b) => a + b) / row.length;
          const variance = row.reduce((a, b) => a + (b - mean) ** 2, 0) / row.length;
          expect(Math.abs(mean)).toBeLessThan(1e-6);
          expect(Math.abs(variance - 1)).toBeLessThan(1e-6);
        });
        expect(scaler.undo(Z).equals(X, 1e-8)).toBe(true);
      }),
    );
  });

  test("the mean of large, nearly equal numbers is theirs to the last digit", () => {
    const base = 1e9;
    const offsets = Array.from({ length: 10_007 }, (_, j) => (j % 7) / 10);
    const values = offsets.map((offset) => base + offset);
    // A sum of small differences has no rounding to speak of.
    const exact = base + values.reduce((sum, x) => sum + (x - base), 0) / values.length;
    const plainMean = values.reduce((sum, x) => sum + x, 0) / values.length;
    const lastDigit = 2 ** -23; // of numbers between 2²⁹ and 2³⁰
    expect(Math.abs(plainMean - exact)).toBeGreaterThan(lastDigit); // or this example would show nothing
    expect(Math.abs(new Standardizer(Matrix.from([values])).mean.data[0] - exact)).toBeLessThanOrEqual(
      lastDigit,
    );
  });

  test("other data are measured with the training data's mean and deviation", () => {
    const scaler = new Standardizer(
      Matrix.from([
        [1, 3],
        [10, 10],
      ]),
    );
    expect(scaler.mean.toRows()).toEqual([[2], [10]]);
    expect(scaler.deviation.toRows()).toEqual([[1], [1]]);
    expect(scaler.apply(Matrix.from([[5], [12]])).toRows()).toEqual([[3], [2]]);
    expect(() => scaler.apply(new Matrix(3, 1))).toThrow("expected 2 × m, as it was made for, got 3 × 1");
    expect(() => scaler.undo(new Matrix(1, 1))).toThrow(ShapeError);
    expect(() => new Standardizer(new Matrix(2, 0))).toThrow(ShapeError);
    expect(() => new Standardizer(Matrix.from([[Number.NaN]]))).toThrow(ValueError);
    expect(() => new Standardizer(Matrix.from([[1e308, -1e308]]))).toThrow(ValueError);
    expect(() => new Standardizer([[1]] as never)).toThrow(ValueError);
    expect(new Standardizer(Matrix.from([[0.1, 0.1, 0.1]])).apply(Matrix.from([[0.1]])).at(0, 0)).toBe(0);
  });

  test("one-hot has a single 1 a column, in the row of the label", () => {
    expect(oneHot([2, 0, 1], 4).toRows()).toEqual([
      [0, 1, 0],
      [0, 0, 1],
      [1, 0, 0],
      [0, 0, 0],
    ]);
    expect(() => oneHot([0, 7], 5)).toThrow("oneHot: expected labels from 0 to 4, got 7 at example 1.");
    expect(() => oneHot([0.5], 5)).toThrow(ValueError);
    expect(() => oneHot([Number.NaN], 5)).toThrow(ValueError);
    expect(() => oneHot([0], 1)).toThrow(/classes/);
    expect(() => oneHot(3 as never, 3)).toThrow(/array of labels/);
  });

  test("a split loses no example, repeats none, and keeps each with its target", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 60 }),
        fc.double({ min: 0.01, max: 0.99, noNaN: true }),
        fc.nat(),
        (m, share, seed) => {
          const inputs = Matrix.row(Array.from({ length: m }, (_, j) => j));
          const data = { inputs, targets: inputs.scale(10), classes: ["a", "b"] };
          const { training, validation } = validationSplit(data, share, new Random(seed));
          expect(validation.inputs.columns).toBe(Math.min(Math.max(Math.round(m * share), 1), m - 1));
          for (const part of [training, validation]) {
            expect(part.targets).toEqual(part.inputs.scale(10));
            expect(part.classes).toEqual(["a", "b"]);
          }
          const all = [...training.inputs.data, ...validation.inputs.data].sort((a, b) => a - b);
          expect(all).toEqual(Array.from(inputs.data));
        },
      ),
    );
  });

  test("a split refuses shares, data and generators that are none", () => {
    const data = xorTable();
    for (const share of [0, 1, -0.1, Number.NaN]) {
      expect(() => validationSplit(data, share, new Random(0))).toThrow(/the share/);
    }
    expect(() => validationSplit(data, 0.5, 42 as never)).toThrow(/seeded generator/);
    expect(() => validationSplit(pickExamples(data, [0]), 0.5, new Random(0))).toThrow(ShapeError);
    expect(() => validationSplit({ inputs: data.inputs } as never, 0.5, new Random(0))).toThrow(ValueError);
    expect(() => pickExamples(data, [4])).toThrow(ShapeError);
  });
});
