// The witness must see every slip, and must not invent any.
import fc from "fast-check";
import {
  Activation,
  type Backward,
  BatchNorm,
  binaryCrossEntropy,
  binaryCrossEntropyFromLogits,
  checkGradients,
  checkLayerGradients,
  compare,
  Dense,
  Dropout,
  type GradientReport,
  type Layer,
  Matrix,
  meanSquaredError,
  numericalGradient,
  type Parameter,
  parameter,
  Random,
  relu,
  Sequential,
  ShapeError,
  Softmax,
  sigmoid,
  tanh,
  ValueError,
} from "glassbox";
import { describe, expect, test } from "vitest";
import { golden } from "./golden";

const worst = (reports: readonly GradientReport[]) =>
  Math.max(...reports.map((report) => report.maxRelative));

describe("central differences", () => {
  test("are exact for a parabola, up to rounding", () => {
    const at = Matrix.from([[3, -2]]);
    const slope = numericalGradient(() => at.data[0] ** 2 + 5 * at.data[1], at);
    expect(slope.equals(Matrix.from([[6, 5]]), 1e-9)).toBe(true);
    expect(at.toRows()).toEqual([[3, -2]]);
  });

  test("their error falls with h² until rounding takes over: the V", () => {
    const at = Matrix.from([[1]]);
    const error = (h: number) =>
      Math.abs(numericalGradient(() => Math.exp(at.data[0]), at, h).data[0] - Math.E);
    expect(error(1e-2) / error(1e-3)).toBeCloseTo(100, 0);
    expect(error(1e-5)).toBeLessThan(1e-10);
    expect(error(1e-12)).toBeGreaterThan(error(1e-5) * 100);
  });

  test("put the entry back when the function fails, and say why", () => {
    const at = Matrix.from([[1, 2]]);
    expect(() => numericalGradient(() => Number.NaN, at)).toThrow(
      "the function's value to be a finite number, got NaN",
    );
    expect(() =>
      numericalGradient(() => {
        throw new RangeError("boom");
      }, at),
    ).toThrow("boom");
    expect(at.toRows()).toEqual([[1, 2]]);
    expect(() => numericalGradient(3 as never, at)).toThrow(ValueError);
    expect(() => numericalGradient(() => 0, [[1]] as never)).toThrow(ValueError);
    expect(() => numericalGradient(() => 0, at, 0)).toThrow(/the step/);
  });
});

describe("checkGradients", () => {
  const { backprop } = golden;
  const worked = () =>
    new Sequential([
      new Dense(2, 2, { weights: Matrix.from(backprop.W1), bias: Matrix.from(backprop.b1), name: "hidden" }),
      new Activation(relu),
      new Dense(2, 1, { weights: Matrix.from(backprop.W2), bias: Matrix.from(backprop.b2), name: "output" }),
      new Activation(sigmoid),
    ]);

  test("agrees with the worked example's gradients, three ways", () => {
    const reports = checkGradients(
      worked(),
      Matrix.from(backprop.X),
      Matrix.from(backprop.Y),
      binaryCrossEntropy,
    );
    expect(reports.map(({ name }) => name)).toEqual([
      "hidden.weights",
      "hidden.bias",
      "output.weights",
      "output.bias",
      "input",
    ]);
    ["dW1", "db1", "dW2", "db2"].forEach((name, i) => {
      expect(reports[i].analytic.equals(Matrix.from(backprop[name]), 1e-15), name).toBe(true);
      expect(reports[i].numerical.equals(Matrix.from(backprop[name]), 1e-10), name).toBe(true);
    });
  });

  test("finds nothing wrong with networks of any shape", () => {
    fc.assert(
      fc.property(
        fc.nat(),
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 6 }),
        (seed, hidden, m) => {
          const random = new Random(seed);
          const network = new Sequential([
            new Dense(3, hidden, { random }),
            new Activation(tanh),
            new BatchNorm(hidden),
            new Dense(hidden, 2, { random }),
          ]);
          const target = random.randMatrix(2, m).map((u) => (u > 0.5 ? 1 : 0));
          const reports = checkGradients(
            network,
            random.randnMatrix(3, m),
            target,
            binaryCrossEntropyFromLogits,
          );
          for (const { name, maxAbsolute } of reports) expect(maxAbsolute, name).toBeLessThan(1e-8);
        },
      ),
      { numRuns: 30 },
    );
  });

  test("holds dropout's mask still while learning, and leaves gradients, averages and generator as they were", () => {
    const random = new Random(4);
    const norm = new BatchNorm(2);
    const network = new Sequential([norm, new Dropout(0.5, { random }), new Dense(2, 1, { random })]);
    for (const { gradient } of network.parameters) gradient.fill(3);
    const state = () => [
      ...network.parameters.map(({ gradient }) => gradient.clone()),
      norm.runningMean.clone(),
      norm.runningVariance.clone(),
      random.clone().rand(),
    ];
    const before = state();
    const [X, Y] = [new Random(1).randnMatrix(2, 6), new Random(2).randnMatrix(1, 6)];
    expect(worst(checkGradients(network, X, Y, meanSquaredError, { training: true }))).toBeLessThan(1e-7);
    expect(state()).toEqual(before);
  });

  test("refuses what it cannot check", () => {
    const X = new Matrix(2, 1);
    expect(() => checkGradients(relu as never, X, X, meanSquaredError)).toThrow(ValueError);
    expect(() => checkGradients(worked(), [[1]] as never, X, meanSquaredError)).toThrow(ValueError);
    expect(() => checkGradients(worked(), X, X, "mse" as never)).toThrow(/loss function/);
    expect(() => checkGradients(worked(), X, X, meanSquaredError)).toThrow(ShapeError);
    expect(() => checkLayerGradients(worked(), X, 3 as never)).toThrow(/seeded generator/);
  });
});

/** A dense layer whose backward pass has a slip in it. */
class Slip implements Layer {
  readonly name = "slip";
  readonly W: Parameter = parameter("slip.weights", new Random(1).randnMatrix(2, 2));
  readonly parameters = [this.W];

  constructor(readonly slip: string) {}

  forward(X: Matrix): readonly [Matrix, Backward] {
    const Z = this.W.value.times(X);
    return [
      Z,
      (dZ) => {
        let dW = dZ.times(X.transpose());
        let dX = this.W.value.transpose().times(dZ);
        if (this.slip === "a missing transpose in dX") dX = this.W.value.times(dZ);
        if (this.slip === "a transposed dW") dW = dW.transpose();
        if (this.slip === "an extra 1/m") dW = dW.scale(1 / X.columns);
        if (this.slip === "a wrong sign") dX = dX.scale(-1);
        if (this.slip === "a forgotten example")
          dW = dZ.pickColumns([0, 1]).times(X.pickColumns([0, 1]).transpose());
        if (this.slip === "NaN") dX = dX.map(() => Number.NaN);
        this.W.gradient.data.set(this.W.gradient.plus(dW).data);
        return dX;
      },
    ];
  }
}

describe("a wrong backward pass is caught", () => {
  const X = new Random(2).randnMatrix(2, 3);

  test("and a right one is not", () => {
    expect(worst(checkLayerGradients(new Slip("none"), X, new Random(3)))).toBeLessThan(1e-9);
  });

  test.each([
    "a missing transpose in dX",
    "a transposed dW",
    "an extra 1/m",
    "a wrong sign",
    "a forgotten example",
    "NaN",
  ])("%s", (slip) => {
    expect(worst(checkLayerGradients(new Slip(slip), X, new Random(3)))).toBeGreaterThan(0.05);
  });

  test("a softmax that sends back zeros is caught by random slopes, and would not be by ones", () => {
    const softmax = new Softmax();
    const lazy: Layer = {
      name: "lazy",
      parameters: [],
      forward: (input, pass) => [softmax.forward(input, pass)[0], (d) => d.scale(0)],
    };
    expect(worst(checkLayerGradients(lazy, X, new Random(3)))).toBeGreaterThan(0.5);
    const ones = checkGradients(lazy, X, X, (output) => [output.sum(), output.map(() => 1)]);
    expect(ones[0].maxAbsolute).toBeLessThan(1e-9);
    expect(worst(checkLayerGradients(softmax, X, new Random(3)))).toBeLessThan(1e-8);
  });
});

describe("compare", () => {
  test("gives the largest difference, absolute and relative to the larger tensor", () => {
    const report = compare("W", Matrix.from([[1, 2]]), Matrix.from([[1.5, 4]]));
    expect(report).toMatchObject({ name: "W", shape: "1 × 2", maxAbsolute: 2, maxRelative: 0.5 });
    expect(compare("W", new Matrix(2, 2), new Matrix(2, 2))).toMatchObject({
      maxAbsolute: 0,
      maxRelative: 0,
    });
  });

  test("takes NaN for the largest difference there is, and refuses shapes that differ", () => {
    expect(compare("W", Matrix.from([[Number.NaN]]), Matrix.from([[1]])).maxAbsolute).toBe(Infinity);
    expect(() => compare("W", new Matrix(1, 2), new Matrix(2, 1))).toThrow(
      "compare, W: expected 1 × 2, got 2 × 1.",
    );
  });
});
