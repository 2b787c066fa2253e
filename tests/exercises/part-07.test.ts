// The exercises of notebook 7: solutions pass, and every usual slip gets an answer of its own.
import { clipGradientsByNorm, heNormal, LayerNorm, Matrix, parameter, Random } from "glassbox";
import {
  checkClipByNorm,
  checkHeScale,
  checkInvertedDropout,
  checkLayerNormBackward,
  todo,
} from "glassbox/notebook";
import { describe, expect, test } from "vitest";

test("the scale for 512 inputs is the library's", () => {
  const weights = heNormal(400, 512, new Random(1));
  expect(weights.norm() / Math.sqrt(weights.size)).toBeCloseTo(0.0625, 3);
  expect(checkHeScale.examine(Math.sqrt(2 / 512)).kind).toBe("right");
  expect(checkHeScale.examine(Math.sqrt(1 / 512)).message).toMatch(/tanh/);
  expect(checkHeScale.examine(2 / 512).message).toMatch(/variance/);
  expect(checkHeScale.examine(Math.sqrt(2 / 640)).message).toMatch(/inputs alone/);
});

describe("clipping by norm", () => {
  type Clip = (G: Matrix, limit: number) => Matrix;
  const right: Clip = (G, limit) => (G.norm() > limit ? G.scale(limit / G.norm()) : G.clone());

  test("accepts the formula, which is the library's", () => {
    expect(checkClipByNorm.examine(right).kind).toBe("right");
    const w = parameter("w", Matrix.zeros(2, 1));
    w.gradient.copyFrom(Matrix.column([3, 4]));
    clipGradientsByNorm([w], 1);
    expect(w.gradient.equals(right(Matrix.column([3, 4]), 1), 1e-15)).toBe(true);
  });

  test.each<[string, Clip, RegExp]>([
    ["always", (G, limit) => G.scale(limit / G.norm()), /only ever shortens/],
    ["by value", (G, limit) => G.map((g) => Math.min(Math.max(g, -limit), limit)), /each entry on its own/],
    [
      "no root",
      (G, limit) => (G.norm() ** 2 > limit ? G.scale(limit / G.norm() ** 2) : G),
      /root is missing/,
    ],
  ])("names the slip: %s", (_name, wrong, message) => {
    expect(checkClipByNorm.examine(wrong).message).toMatch(message);
  });
});

describe("inverted dropout", () => {
  type Drop = (A: Matrix, U: Matrix, p: number) => Matrix;
  const keep =
    (scale: (p: number) => number, kept = (u: number, p: number) => u > p): Drop =>
    (A, U, p) =>
      A.map((a, i, j) => (kept(U.at(i, j), p) ? a * scale(p) : 0));

  test("accepts the formula and waits for a stub", () => {
    expect(checkInvertedDropout.examine(keep((p) => 1 / (1 - p))).kind).toBe("right");
    expect(checkInvertedDropout.examine(() => todo()).kind).toBe("not written");
  });

  test.each<[string, Drop, RegExp]>([
    ["not scaled", keep(() => 1), /not scaled up/],
    [
      "keeps what should go",
      keep(
        (p) => 1 / (1 - p),
        (u, p) => u < p,
      ),
      /keep what should go/,
    ],
    ["divided by p", keep((p) => 1 / p), /divide by p/],
    ["scaled down", keep((p) => 1 - p), /multiply by 1 − p/],
  ])("names the slip: %s", (_name, wrong, message) => {
    expect(checkInvertedDropout.examine(wrong).message).toMatch(message);
  });
});

describe("backward of layer norm", () => {
  type Back = (X: Matrix, dY: Matrix) => Matrix;
  const back =
    (mean: boolean, variance: boolean): Back =>
    (X, dY) => {
      const average = (M: Matrix) =>
        M.transpose()
          .sumColumns()
          .transpose()
          .scale(1 / M.rows); // (1 × m)
      const [centre, first] = [average(X), average(dY)];
      const centred = X.map((x, _i, j) => x - centre.at(0, j));
      const width = average(centred.hadamard(centred)).map((v) => Math.sqrt(v + 1e-5));
      const normal = centred.map((x, _i, j) => x / width.at(0, j));
      const second = average(dY.hadamard(normal));
      return dY.map(
        (d, i, j) =>
          (d - (mean ? first.at(0, j) : 0) - (variance ? normal.at(i, j) * second.at(0, j) : 0)) /
          width.at(0, j),
      );
    };

  test("accepts the formula, which is the library's", () => {
    expect(checkLayerNormBackward.examine(back(true, true)).kind).toBe("right");
    const random = new Random(3);
    const [X, dY] = [random.randnMatrix(5, 4), random.randnMatrix(5, 4)];
    const [, backward] = new LayerNorm(5, { epsilon: 1e-5 }).forward(X);
    expect(backward(dY).equals(back(true, true)(X, dY), 1e-12)).toBe(true);
  });

  test.each<[string, Back, RegExp]>([
    ["constants", back(false, false), /as constants/],
    ["no variance term", back(true, false), /variance not yet/],
    ["no mean term", back(false, true), /mean not yet/],
    [
      "along the rows",
      (X, dY) => back(true, true)(X.transpose(), dY.transpose()).transpose(),
      /along the rows/,
    ],
    ["uphill", (X, dY) => back(true, true)(X, dY).scale(-1), /every sign wrong/],
  ])("names the slip: %s", (_name, wrong, message) => {
    expect(checkLayerNormBackward.examine(wrong).message).toMatch(message);
  });
});
