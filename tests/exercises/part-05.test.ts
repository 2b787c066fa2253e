// The exercises of notebook 5: every usual slip gets an answer of its own.
import { leakyRelu, type Matrix } from "glassbox";
import {
  checkDenseBackward,
  checkLeakyReluBackward,
  checkOtherLabel,
  checkOutputBlame,
  todo,
} from "glassbox/notebook";
import { describe, expect, test } from "vitest";

describe("back through a leaky ReLU", () => {
  type Backward = (Z: Matrix, dA: Matrix, alpha: number) => Matrix;
  const factor =
    (of: (z: number, alpha: number) => number): Backward =>
    (Z, dA, alpha) =>
      dA.hadamard(Z.map((z) => of(z, alpha)));

  test("accepts the formula, and the library's own slope", () => {
    expect(checkLeakyReluBackward.examine(factor((z, alpha) => (z > 0 ? 1 : alpha))).kind).toBe("right");
    const library: Backward = (Z, dA, alpha) => dA.hadamard(Z.map(leakyRelu(alpha).derivative));
    expect(checkLeakyReluBackward.examine(library).kind).toBe("right");
    expect(checkLeakyReluBackward.examine(() => todo()).kind).toBe("not written");
  });

  test.each<[string, Backward, RegExp]>([
    ["plain ReLU", factor((z) => (z > 0 ? 1 : 0)), /plain ReLU/],
    ["sides exchanged", factor((z, alpha) => (z > 0 ? alpha : 1)), /exchanged/],
    ["the gate set by dA", (_Z, dA, alpha) => dA.map((d) => (d > 0 ? d : alpha * d)), /set by Z/],
    ["the slope alone", (Z, _dA, alpha) => Z.map((z) => (z > 0 ? 1 : alpha)), /the blame that arrives/],
    [
      "alpha alone on the left",
      (Z, dA, alpha) => Z.map((z, i, j) => (z > 0 ? dA.at(i, j) : alpha)),
      /alpha stands alone/,
    ],
    ["the value for the slope", factor((z, alpha) => (z > 0 ? z : alpha * z)), /its value/],
    ["alpha·z on the left", factor((z, alpha) => (z > 0 ? 1 : alpha * z)), /the same for every z/],
  ])("names the slip: %s", (_name, wrong, message) => {
    const { kind, message: said } = checkLeakyReluBackward.examine(wrong);
    expect(kind).toBe("known mistake");
    expect(said).toMatch(message);
  });

  test("does not accept an alpha of one's own", () => {
    expect(checkLeakyReluBackward.examine(factor((z) => (z > 0 ? 1 : 0.1))).kind).not.toBe("right");
  });
});

describe("sigmoid and loss together", () => {
  test("accepts (A − Y)/m", () => {
    expect(checkOutputBlame.examine((A, Y) => A.minus(Y).scale(1 / A.columns)).kind).toBe("right");
  });

  test.each<[string, (A: Matrix, Y: Matrix) => Matrix, RegExp]>([
    ["no 1/m", (A, Y) => A.minus(Y), /1\/m/],
    ["the wrong way round", (A, Y) => Y.minus(A).scale(1 / A.columns), /sign/],
    [
      "the sigmoid's slope once more",
      (A, Y) =>
        A.minus(Y)
          .hadamard(A.map((a) => a * (1 - a)))
          .scale(1 / A.columns),
      /already cancelled/,
    ],
  ])("names the slip: %s", (_name, wrong, message) => {
    expect(checkOutputBlame.examine(wrong).message).toMatch(message);
  });
});

describe("the whole dense layer", () => {
  const passing = (dX: (W: Matrix, dZ: Matrix) => Matrix) => (W: Matrix, X: Matrix, dZ: Matrix) => ({
    dW: dZ.times(X.transpose()),
    db: dZ.sumColumns(),
    dX: dX(W, dZ),
  });

  test("accepts all three, and names the missing transpose", () => {
    expect(checkDenseBackward.examine(passing((W, dZ) => W.transpose().times(dZ))).kind).toBe("right");
    expect(checkDenseBackward.examine(passing((W, dZ) => W.times(dZ))).message).toMatch(
      /dX misses a transpose.*dW and db are right/,
    );
  });
});

describe("the other label", () => {
  test.each<[number | undefined, string, RegExp]>([
    [undefined, "not written", /in the place of `undefined`/],
    [0.702, "right", /dZ2 for the label 0 is 0\.702/],
    [-0.298, "known mistake", /blame for the label 1/],
    [-0.702, "sign", /the sign is not/],
  ])("%s: %s", (value, kind, message) => {
    const finding = checkOtherLabel.examine(value);
    expect(finding.kind).toBe(kind);
    expect(finding.message).toMatch(message);
  });
});
