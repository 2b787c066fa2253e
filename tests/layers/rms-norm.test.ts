// RMS normalisation by itself: what it does to an example, and what sets it apart from layer normalisation.
import {
  DivergenceError,
  LayerNorm,
  Matrix,
  predict,
  Random,
  RmsNorm,
  ShapeError,
  ValueError,
} from "glassbox";
import { describe, expect, test } from "vitest";

const X = new Random(1).randnMatrix(4, 3);

describe("RmsNorm", () => {
  test("brings the root mean square of every example to 1, and scales each feature", () => {
    const y = predict(new RmsNorm(4, { epsilon: 1e-12 }), X);
    for (let j = 0; j < 3; j++) expect(y.column(j).norm() / 2).toBeCloseTo(1, 11); // ‖y‖/√4
    const gamma = Matrix.column([1, 2, -3, 0]);
    const scaled = predict(new RmsNorm(4, { epsilon: 1e-12, gamma }), X);
    expect(scaled.equals(y.hadamard(gamma), 1e-15)).toBe(true);
  });

  test("by hand: the example (3, 4) has a mean square of 12.5", () => {
    const y = predict(new RmsNorm(2, { epsilon: 0.25 }), Matrix.column([3, 4]));
    expect(y.at(0, 0)).toBe(3 * (1 / Math.sqrt(12.75)));
    expect(y.at(1, 0)).toBe(4 * (1 / Math.sqrt(12.75)));
  });

  test("does not care how large an example is, but where its middle lies, as layer normalisation does not", () => {
    const rms = new RmsNorm(4, { epsilon: 1e-12 });
    expect(predict(rms, X.scale(1000)).equals(predict(rms, X), 1e-11)).toBe(true);
    const moved = X.map((x) => x + 5);
    expect(predict(rms, moved).equals(predict(rms, X), 0.1)).toBe(false);
  });

  test("of examples whose mean is 0 it is layer normalisation", () => {
    const centred = X.map((x, _i, j) => x - X.column(j).sum() / 4);
    const both = [new RmsNorm(4, { epsilon: 0.01 }), new LayerNorm(4, { epsilon: 0.01 })];
    const [rms, layer] = both.map((norm) => predict(norm, centred));
    expect(rms.equals(layer, 1e-14)).toBe(true);
  });

  test("refuses sizes, scales and numbers that are none", () => {
    expect(() => new RmsNorm(0)).toThrow(ValueError);
    expect(() => new RmsNorm(2, { epsilon: 0 })).toThrow(
      /RmsNorm "rms-norm": expected epsilon to be a number greater than 0/,
    );
    expect(() => new RmsNorm(2, { gamma: new Matrix(3, 1) })).toThrow(ShapeError);
    expect(() => predict(new RmsNorm(2), new Matrix(3, 1))).toThrow(/expected 2 features \(rows\), got 3/);
    expect(() => predict(new RmsNorm(2), Matrix.column([1, Number.NaN]))).toThrow(ValueError);
    expect(() => predict(new RmsNorm(2), Matrix.column([1e200, 0]))).toThrow(DivergenceError);
  });
});
