// Losses: their numbers, their slopes, their averages and weights, the far ends, and what they refuse.
import fc from "fast-check";
import {
  binaryCrossEntropy,
  binaryCrossEntropyFromLogits,
  CLIP,
  categoricalCrossEntropy,
  categoricalCrossEntropyFromLogits,
  GlassboxError,
  hinge,
  huber,
  Ids,
  type Loss,
  Matrix,
  meanAbsoluteError,
  meanSquaredError,
  oneHot,
  Pass,
  Random,
  ShapeError,
  sigmoid,
  softmax,
  ValueError,
} from "glassbox";
import { describe, expect, test } from "vitest";
import { expectClose, golden } from "./golden";
import { entries, expectSlope, slope } from "./witness";

type Pair = readonly [prediction: Matrix, target: Matrix];

interface Case {
  name: string;
  loss: Loss;
  /** A valid random prediction and target, away from the loss's kinks. */
  draw: (random: Random, rows: number, columns: number) => Pair;
  /** The loss of one entry (or of one example, a column), written once more, plainly. */
  entry?: (p: number, y: number) => number;
  column?: (p: number[], y: number[]) => number;
}

const unit = (random: Random, rows: number, columns: number): Matrix =>
  random.randMatrix(rows, columns).map((u) => 0.05 + 0.9 * u);
const distribution = (random: Random, rows: number, columns: number): Matrix =>
  softmax(entries(random, rows, columns)).map((p) => 0.5 * p + 0.5 / rows); // none so small that log bends in a nudge
/** Predictions that are away from the target itself and from ±delta around it. */
const apart =
  (kinks: readonly number[]) =>
  (random: Random, rows: number, columns: number): Pair => {
    const target = entries(random, rows, columns, []);
    return [target.plus(entries(random, rows, columns, kinks)), target];
  };

const cases: Case[] = [
  { name: "meanSquaredError", loss: meanSquaredError, draw: apart([]), entry: (p, y) => (p - y) ** 2 },
  { name: "meanAbsoluteError", loss: meanAbsoluteError, draw: apart([0]), entry: (p, y) => Math.abs(p - y) },
  ...[0.5, 1, 2].map((delta) => ({
    name: `huber(${delta})`,
    loss: huber(delta),
    draw: apart([-delta, delta]),
    entry: (p: number, y: number) =>
      Math.abs(p - y) <= delta ? 0.5 * (p - y) ** 2 : delta * Math.abs(p - y) - 0.5 * delta ** 2,
  })),
  {
    name: "hinge",
    loss: hinge,
    draw: (random, rows, columns) => [
      entries(random, rows, columns, [-1, 1]),
      random.randMatrix(rows, columns).map((u) => (u < 0.5 ? -1 : 1)),
    ],
    entry: (p, y) => Math.max(0, 1 - y * p),
  },
  {
    name: "binaryCrossEntropy",
    loss: binaryCrossEntropy,
    draw: (random, rows, columns) => [unit(random, rows, columns), random.randMatrix(rows, columns)],
    entry: (p, y) => -(y * Math.log(p) + (1 - y) * Math.log(1 - p)),
  },
  {
    name: "binaryCrossEntropyFromLogits",
    loss: binaryCrossEntropyFromLogits,
    draw: (random, rows, columns) => [entries(random, rows, columns), random.randMatrix(rows, columns)],
    entry: (z, y) => -(y * Math.log(1 / (1 + Math.exp(-z))) + (1 - y) * Math.log(1 / (1 + Math.exp(z)))),
  },
  {
    name: "categoricalCrossEntropy",
    loss: categoricalCrossEntropy,
    draw: (random, rows, columns) => [
      distribution(random, rows + 1, columns),
      distribution(random, rows + 1, columns),
    ],
    column: (p, y) => -p.reduce((sum, pk, k) => sum + y[k] * Math.log(pk), 0),
  },
  {
    name: "categoricalCrossEntropyFromLogits",
    loss: categoricalCrossEntropyFromLogits,
    draw: (random, rows, columns) => [
      entries(random, rows + 1, columns),
      distribution(random, rows + 1, columns),
    ],
    column: (z, y) => {
      const sum = z.reduce((total, zk) => total + Math.exp(zk), 0);
      return -z.reduce((total, zk, k) => total + y[k] * Math.log(Math.exp(zk) / sum), 0);
    },
  },
];

const seeds = fc.integer({ min: 0, max: 1e6 });
const sizes = fc.integer({ min: 1, max: 5 });
const sampleWeights = (random: Random, m: number): Matrix => random.randMatrix(1, m).map((u) => 3 * u);

/** The definition: a weighted mean, over all entries or over the examples. */
function definition({ entry, column }: Case, [P, Y]: Pair, weights: Matrix): number {
  let total = 0;
  let sum = 0;
  for (let j = 0; j < P.columns; j++) {
    const p = P.toRows().map((row) => row[j]);
    const y = Y.toRows().map((row) => row[j]);
    const cost = column ? column(p, y) : p.reduce((sum, pk, k) => sum + (entry?.(pk, y[k]) ?? 0), 0) / P.rows;
    total += weights.at(0, j) * cost;
    sum += weights.at(0, j);
  }
  return total / sum;
}

describe.each(cases)("$name", (c) => {
  const { loss, draw } = c;

  test("is its definition, averaged, with and without sample weights", () => {
    fc.assert(
      fc.property(seeds, sizes, sizes, (seed, rows, columns) => {
        const random = new Random(seed);
        const pair = draw(random, rows, columns);
        const weights = sampleWeights(random, columns);
        const ones = new Matrix(1, columns).fill(1);
        expectClose([loss(...pair)[0]], [definition(c, pair, ones)], 1e-12);
        expectClose([loss(...pair, { weights })[0]], [definition(c, pair, weights)], 1e-12);
        expect(loss(...pair, { weights: ones })[0]).toBe(loss(...pair)[0]);
      }),
    );
  });

  test("has the slope that a nudge measures, with sample weights", () => {
    fc.assert(
      fc.property(seeds, sizes, sizes, fc.boolean(), (seed, rows, columns, weighted) => {
        const random = new Random(seed);
        const [P, Y] = draw(random, rows, columns);
        const options = weighted ? { weights: sampleWeights(random, columns) } : {};
        const [, dP] = loss(P, Y, options);
        expect(dP.shape).toBe(P.shape);
        const nudged = (): number => loss(P, Y, options)[0];
        expectSlope("prediction", dP, slope(nudged, P));
      }),
    );
  });

  test("does not change when every example is there twice", () => {
    const random = new Random(4);
    const [P, Y] = draw(random, 2, 3);
    const twice = [0, 1, 2, 0, 1, 2];
    expectClose([loss(P.pickColumns(twice), Y.pickColumns(twice))[0]], [loss(P, Y)[0]], 1e-14);
    const [, once] = loss(P, Y);
    const [, half] = loss(P.pickColumns(twice), Y.pickColumns(twice));
    expect(half.pickColumns([3, 4, 5]).equals(once.scale(0.5), 1e-15)).toBe(true);
  });

  test("a weight of 0 takes an example out, and does not dilute the mean of the others", () => {
    const random = new Random(5);
    const [P, Y] = draw(random, 2, 3);
    const [value, dP] = loss(P, Y, { weights: Matrix.row([1, 0, 1]) });
    const [left, dLeft] = loss(P.pickColumns([0, 2]), Y.pickColumns([0, 2]));
    expect(value).toBe(left);
    expect(dP.pickColumns([0, 2]).equals(dLeft)).toBe(true);
    expect([...dP.pickColumns([1]).data].every((d) => d === 0)).toBe(true);
  });

  test("only the proportions of weights count, and weights that are all 0 are refused", () => {
    const random = new Random(8);
    const [P, Y] = draw(random, 2, 3);
    const weights = Matrix.row([1, 2, 4]);
    const [value, dP] = loss(P, Y, { weights });
    const [half, dHalf] = loss(P, Y, { weights: weights.scale(0.5) });
    expect(half).toBe(value);
    expect(dHalf.equals(dP)).toBe(true);
    expect(() => loss(P, Y, { weights: new Matrix(1, 3) })).toThrow(
      /expected at least one sample weight above 0, got 3 that sum to 0/,
    );
    expect(() => loss(P, Y, { weights: Matrix.row([1e308, 1e308, 1]) })).toThrow(
      /expected sample weights with a finite sum, got 3 that sum to Infinity/,
    );
  });

  test("changes neither prediction nor target nor weights, and takes its buffer from the pass", () => {
    const random = new Random(6);
    const [P, Y] = draw(random, 2, 3);
    const weights = sampleWeights(random, 3);
    const before = [P.clone(), Y.clone(), weights.clone()];
    const pass = new Pass();
    loss(P, Y, { weights, pass }); // measures how much is asked for
    pass.restart();
    const [, first] = loss(P, Y, { weights, pass });
    const kept = first.clone();
    pass.restart();
    first.fill(Number.NaN);
    const [, second] = loss(P, Y, { weights, pass });
    expect(second).toBe(first);
    expect(second.equals(kept)).toBe(true);
    expect([P, Y, weights].map((matrix, i) => matrix.equals(before[i]))).toEqual([true, true, true]);
  });

  test("refuses what does not fit, is empty, is not finite or is no matrix", () => {
    const random = new Random(7);
    const [P, Y] = draw(random, 2, 3);
    for (const bad of [undefined, null, 7, [1], {}]) {
      expect(() => loss(bad as never, Y)).toThrow(ValueError);
      expect(() => loss(P, bad as never)).toThrow(ValueError);
    }
    expect(() => loss(new Matrix(P.rows, 0), new Matrix(P.rows, 0))).toThrow(ShapeError);
    expect(() => loss(new Matrix(0, 3), new Matrix(0, 3))).toThrow(ShapeError);
    expect(() => loss(P, Y.pickColumns([0]))).toThrow(
      `expected a target of ${P.shape}, as the prediction, got`,
    );
    for (const bad of [Number.NaN, Infinity, -Infinity]) {
      for (const which of [0, 1]) {
        const pair = [P.clone(), Y.clone()] as const;
        pair[which].set(1, 2, bad);
        expect(() => loss(...pair)).toThrow(ValueError);
      }
      expect(() => loss(P, Y, { weights: Matrix.row([1, bad, 1]) })).toThrow(ValueError);
    }
    expect(() => loss(P, Y, { weights: Matrix.row([1, 1]) })).toThrow("expected sample weights of 1 × 3");
    expect(() => loss(P, Y, { weights: Matrix.column([1, 1, 1]) })).toThrow(ShapeError);
    expect(() => loss(P, Y, { weights: Matrix.row([1, -0.5, 1]) })).toThrow("got -0.5 for example 1");
    expect(() => loss(P, Y, { weights: [1, 1, 1] as never })).toThrow(ValueError);
    expect(() => loss(P, Y, { pass: 7 as never })).toThrow(ValueError);
    expect(() => loss(P, Y, null as never)).toThrow(ValueError);
  });
});

describe("the published numbers", () => {
  test("mean squared error of three houses", () => {
    const { mse } = golden.losses;
    expectClose([meanSquaredError(Matrix.row(mse.pred), Matrix.row(mse.true))[0]], [mse.mse], 1e-15);
  });

  test("binary cross-entropy of single predictions", () => {
    for (const [label, table] of [
      [1, golden.losses.bce_true_1],
      [0, golden.losses.bce_true_0],
    ]) {
      for (const [p, expected] of Object.entries(table)) {
        const [value] = binaryCrossEntropy(Matrix.from([[Number(p)]]), Matrix.from([[label]]));
        expectClose([value], [expected as number], 4e-15);
      }
    }
  });

  test("loss and slope of the worked backpropagation example", () => {
    const { A2, Y, loss, dA2, Z2, dZ2 } = golden.backprop;
    const [value, dP] = binaryCrossEntropy(Matrix.from(A2), Matrix.from(Y));
    expectClose([value, dP.data[0]], [loss, dA2[0][0]], 1e-14);
    const [same, dZ] = binaryCrossEntropyFromLogits(Matrix.from(Z2), Matrix.from(Y));
    expectClose([same, dZ.data[0]], [loss, dZ2[0][0]], 1e-14);
  });
});

describe("the from-logits forms", () => {
  test("agree with sigmoid or softmax followed by the loss of probabilities", () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 2, max: 5 }), sizes, (seed, rows, columns) => {
        const random = new Random(seed);
        const Z = entries(random, rows, columns);
        const labels = random.randMatrix(rows, columns).map(Math.round);
        const [binary] = binaryCrossEntropyFromLogits(Z, labels);
        expectClose(
          [binary],
          [
            binaryCrossEntropy(
              Z.map((z) => sigmoid.apply(z)),
              labels,
            )[0],
          ],
          1e-12,
        );
        const Y = distribution(random, rows, columns);
        const [categorical, dZ] = categoricalCrossEntropyFromLogits(Z, Y);
        expectClose([categorical], [categoricalCrossEntropy(softmax(Z), Y)[0]], 1e-12);
        expect(
          dZ.equals(
            softmax(Z)
              .minus(Y)
              .scale(1 / columns),
            1e-15,
          ),
        ).toBe(true);
      }),
    );
  });

  test("are exact for a target that sums to 1 only up to rounding", () => {
    const Z = Matrix.column([0.3, -0.2, 0.9]);
    const Y = Matrix.column([0.2, 0.5, 0.3 + 9e-7]);
    const [, dZ] = categoricalCrossEntropyFromLogits(Z, Y);
    const mass = Y.sum();
    expect(dZ.equals(softmax(Z).scale(mass).minus(Y), 1e-15)).toBe(true);
  });

  test("stay exact at ±10,000, where probabilities have rounded to 0 and 1", () => {
    const ends = Matrix.row([-1e4, -1e4, 1e4, 1e4]);
    const labels = Matrix.row([0, 1, 0, 1]);
    const [value, dZ] = binaryCrossEntropyFromLogits(ends, labels);
    expect(value).toBe(2e4 / 4);
    expect(dZ.toRows()).toEqual([[0, -0.25, 0.25, 0]]);
    const scores = Matrix.from([
      [1e4, 1e4],
      [-1e4, -1e4],
    ]);
    const [cost, dScores] = categoricalCrossEntropyFromLogits(scores, Matrix.identity(2));
    expect(cost).toBe(2e4 / 2);
    expect(dScores.toRows()).toEqual([
      [0, 0.5],
      [0, -0.5],
    ]);
  });

  test("the forms of probabilities stay finite at exactly 0 and 1, by clipping", () => {
    const p = Matrix.row([0, 0, 1, 1]);
    const [value, dP] = binaryCrossEntropy(p, Matrix.row([0, 1, 0, 1]));
    // two are as wrong as clipping lets them be, −log 1e−15 each, and two are right
    expectClose([value], [(-2 * Math.log(CLIP)) / 4], 1e-2);
    expect([...dP.data].every(Number.isFinite)).toBe(true);
    expect(dP.data[1]).toBe(-1 / CLIP / 4);
    const wrong = Matrix.from([
      [1, 0],
      [0, 1],
    ]);
    const [cost, dWrong] = categoricalCrossEntropy(
      wrong,
      Matrix.from([
        [0, 0],
        [1, 1],
      ]),
    );
    expectClose([cost], [-Math.log(CLIP) / 2], 1e-14);
    expect([...dWrong.data].every(Number.isFinite)).toBe(true);
  });
});

describe("conventions at a kink", () => {
  const at = (loss: Loss, p: number, y: number): number =>
    loss(Matrix.from([[p]]), Matrix.from([[y]]))[1].data[0];
  test("absolute error on target, and hinge at the hinge, have slope 0", () => {
    expect(at(meanAbsoluteError, 3, 3)).toBe(0);
    expect(at(hinge, 1, 1)).toBe(0);
    expect(at(hinge, -1, -1)).toBe(0);
  });
  test("Huber's bowl and wall meet with one value and one slope", () => {
    const value = (p: number): number => huber(2)(Matrix.from([[p]]), Matrix.from([[0]]))[0];
    expect([value(2), at(huber(2), 2, 0)]).toEqual([2, 2]);
    expect(value(2 + 1e-9)).toBeCloseTo(2 + 2e-9, 15);
    expect(at(huber(2), 2 + 1e-9, 0)).toBe(2);
    expect(at(huber(2), -5, 0)).toBe(-2);
  });
});

describe.each([categoricalCrossEntropy, categoricalCrossEntropyFromLogits])("class numbers", (loss) => {
  const P = softmax(new Random(3).randnMatrix(4, 5));
  const labels = [2, 0, 3, 3, 1];

  test(`${loss.name} gives the same numbers for them as for one-hot columns, with and without weights`, () => {
    for (const options of [{}, { weights: Matrix.row([1, 0, 2, 0.5, 1]) }]) {
      const [value, dP] = loss(P, new Ids(labels), options);
      const [expected, dExpected] = loss(P, oneHot(labels, 4), options);
      expect(value).toBe(expected);
      expect(dP.equals(dExpected)).toBe(true);
    }
  });

  test(`${loss.name} refuses a number that is no class, and too few of them`, () => {
    expect(() => loss(P, new Ids([2, 0, 4, 3, 1]))).toThrow(
      /expected class numbers from 0 to 3, one a row of the prediction, got 4 at 2/,
    );
    expect(() => loss(P, new Ids([2, 0]))).toThrow(/expected 5 class numbers, .* got 2/);
    expect(() => loss(new Matrix(1, 2), new Ids([0, 0]))).toThrow(/at least 2 classes/);
  });
});

test("losses of amounts refuse class numbers", () => {
  const P = Matrix.row([0.5, 0.5]);
  for (const loss of [meanSquaredError, meanAbsoluteError, huber(), hinge, binaryCrossEntropy]) {
    expect(() => loss(P, new Ids([0, 1]) as never)).toThrow(/Class numbers are names, not amounts/);
  }
});

describe("values outside the range of a loss", () => {
  const one = (value: number): Matrix => Matrix.from([[value]]);
  test("probabilities and labels outside [0, 1] are named, with their place", () => {
    const Y = Matrix.from([[0, 1, 0]]);
    expect(() => binaryCrossEntropy(Matrix.from([[0.1, 0.2, 1.5]]), Y)).toThrow(
      "binaryCrossEntropy: expected the prediction (probabilities) between 0 and 1, got 1.5 at row 0, column 2. " +
        "If these are logits, use binaryCrossEntropyFromLogits.",
    );
    expect(() => binaryCrossEntropy(one(-1e-9), one(0))).toThrow(ValueError);
    for (const loss of [binaryCrossEntropy, binaryCrossEntropyFromLogits]) {
      expect(() => loss(one(0.5), one(2))).toThrow("expected the target (labels) between 0 and 1, got 2");
      expect(() => loss(one(0.5), one(-1))).toThrow(ValueError);
    }
  });

  test("hinge takes labels of −1 and +1 only, and says how to get them", () => {
    for (const label of [0, 0.5, 2, -1.5]) expect(() => hinge(one(1), one(label))).toThrow(ValueError);
    expect(() => hinge(one(1), one(0))).toThrow("Labels of 0 and 1 become −1 and +1 as 2·y − 1.");
  });

  test("categorical targets and predictions are distributions over at least two classes", () => {
    const P = Matrix.column([0.3, 0.7]);
    const both = [categoricalCrossEntropy, categoricalCrossEntropyFromLogits];
    for (const loss of both) {
      expect(() => loss(P, Matrix.column([1, 1]))).toThrow("to sum to 1, got 2 in column 0");
      expect(() => loss(P, Matrix.column([0, 0]))).toThrow(ValueError);
      expect(() => loss(P, Matrix.column([0.5, 0.5001]))).toThrow(ValueError);
      expect(() => loss(P, Matrix.column([1.5, -0.5]))).toThrow(
        "expected the target between 0 and 1, got 1.5",
      );
      expect(() => loss(one(1), one(1))).toThrow("expected at least 2 classes (rows), got 1 × 1");
    }
    const Y = Matrix.column([0, 1]);
    expect(() => categoricalCrossEntropy(Matrix.column([2, 3]), Y)).toThrow("If these are logits");
    expect(() => categoricalCrossEntropy(Matrix.column([0.5, 0.6]), Y)).toThrow("to sum to 1, got 1.1");
  });

  test("a delta that is no positive number is refused", () => {
    for (const delta of [0, -1, Number.NaN, Infinity, "1"])
      expect(() => huber(delta as never)).toThrow(ValueError);
  });

  test("a target that is turned on its side gets a hint", () => {
    expect(() => meanSquaredError(new Matrix(1, 3), new Matrix(3, 1))).toThrow("Try Matrix.transpose.");
  });

  test("malformed calls never return a number: thousands of random ones throw a GlassboxError or are right", () => {
    const values = fc.oneof(
      { arbitrary: fc.constantFrom(0, 1), weight: 8 },
      { arbitrary: fc.constantFrom(-1, 0.5, 1e308, -1e308, 5e-324), weight: 2 },
      { arbitrary: fc.double(), weight: 1 },
    );
    const matrix = (rows: number, columns: number): fc.Arbitrary<unknown> => {
      const length = rows * columns;
      const entriesOf = fc.array(values, { minLength: length, maxLength: length });
      const right = entriesOf.map((v) => new Matrix(rows, columns, Float64Array.from(v)));
      return fc.oneof({ arbitrary: right, weight: 12 }, { arbitrary: fc.anything(), weight: 1 });
    };
    const size = fc.oneof({ arbitrary: fc.integer({ min: 1, max: 3 }), weight: 9 }, fc.constant(0));
    const calls = fc
      .tuple(size, size, size)
      .chain(([r, c, stray]) =>
        fc.tuple(
          matrix(r, c),
          fc.oneof({ arbitrary: matrix(r, c), weight: 9 }, matrix(stray, c)),
          fc.oneof({ arbitrary: fc.constant(undefined), weight: 3 }, matrix(1, c), matrix(1, stray)),
        ),
      );
    let answered = 0;
    fc.assert(
      fc.property(fc.constantFrom(...cases), calls, ({ loss }, [p, y, weights]) => {
        let result: readonly [number, Matrix];
        try {
          result = loss(p as Matrix, y as Matrix, { weights: weights as Matrix });
        } catch (error) {
          expect(error).toBeInstanceOf(GlassboxError);
          return;
        }
        answered += 1;
        expect(Number.isFinite(result[0])).toBe(true);
        expect([...result[1].data].every(Number.isFinite)).toBe(true);
      }),
      { numRuns: 5000 },
    );
    expect(answered).toBeGreaterThan(500); // or the property would have said nothing
  });
});
