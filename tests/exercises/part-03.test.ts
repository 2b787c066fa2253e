// The exercises of notebook 3: every usual slip gets an answer of its own.
import { Matrix } from "glassbox";
import { checkFence, checkLayerForward, checkParameterCount, todo } from "glassbox/notebook";
import { describe, expect, test } from "vitest";

describe("counting parameters", () => {
  const count = (of: (units: number, inputs: number) => number) => (sizes: readonly number[]) =>
    sizes.slice(1).reduce((sum, units, k) => sum + of(units, sizes[k]), 0);

  test("accepts units · (inputs + 1)", () => {
    expect(checkParameterCount.examine(count((units, inputs) => units * (inputs + 1))).kind).toBe("right");
  });

  test.each([
    ["no bias", count((units, inputs) => units * inputs), /no bias/],
    ["one bias a layer", count((units, inputs) => units * inputs + 1), /one for each unit/],
    ["a bias an input", count((units, inputs) => (units + 1) * inputs), /wrong side/],
    [
      "biases for inputs",
      (sizes: readonly number[]) => count((units, inputs) => units * (inputs + 1))(sizes) + sizes[0],
      /They are data/,
    ],
  ])("names the slip: %s", (_name, wrong, message) => {
    expect(checkParameterCount.examine(wrong).message).toMatch(message);
  });
});

describe("a layer, entry by entry", () => {
  const affine = (W: Matrix, b: Matrix, X: Matrix) => W.times(X).plus(b);
  const rectify = (Z: Matrix) => Z.map((z) => Math.max(0, z));

  test("accepts ReLU(W·X + b), and waits while it is a stub", () => {
    expect(checkLayerForward.examine((W, b, X) => rectify(affine(W, b, X))).kind).toBe("right");
    expect(checkLayerForward.examine(() => todo()).kind).toBe("not written");
  });

  test.each<[string, (W: Matrix, b: Matrix, X: Matrix) => Matrix, RegExp]>([
    ["no activation", affine, /still missing/],
    ["no bias", (W, _b, X) => rectify(W.times(X)), /bias is missing/],
    ["bias after ReLU", (W, b, X) => rectify(W.times(X)).plus(b), /after ReLU/],
    ["bias once an input", (W, b, X) => rectify(affine(W, b.scale(W.columns), X)), /once for every input/],
    [
      "first example only",
      (W, b, X) =>
        rectify(
          affine(
            W,
            b,
            X.map((_, i) => X.at(i, 0)),
          ),
        ),
      /first example/,
    ],
    ["transposed", (W, b, X) => rectify(affine(W, b, X)).transpose(), /transposed/],
    ["negative", (W, b, X) => rectify(affine(W, b, X)).scale(-1), /sign/],
  ])("names the slip: %s", (_name, wrong, message) => {
    expect(checkLayerForward.examine(wrong).message).toMatch(message);
  });
});

describe("a fence by hand", () => {
  const W1 = Matrix.from([
    [1, 0],
    [-1, 0],
    [0, 1],
    [0, -1],
  ]);
  const b1 = Matrix.column([-0.5, -0.5, -0.5, -0.5]);
  const W2 = Matrix.from([[-1, -1, -1, -1]]);
  const b2 = Matrix.column([0.05]);

  test("accepts four lines around the square", () => {
    expect(checkFence.examine(() => ({ W1, b1, W2, b2 })).kind).toBe("right");
  });

  test("says which side is open", () => {
    const open = W2.map((w, _, unit) => (unit === 2 ? 0 : w));
    expect(checkFence.examine(() => ({ W1, b1, W2: open, b2 })).message).toMatch(/open on the top: /);
  });

  test("says when silence means outside", () => {
    const finding = checkFence.examine(() => ({ W1, b1, W2, b2: Matrix.column([-0.05]) }));
    expect(finding.message).toMatch(/inside are shut out.*bias b2/);
  });

  test("says when the output has the wrong sign, or a matrix the wrong shape", () => {
    const turned = { W1, b1, W2: W2.scale(-1), b2: b2.scale(-1) };
    expect(checkFence.examine(() => turned).message).toMatch(/wrong side/);
    expect(checkFence.examine(() => ({ W1: W1.transpose(), b1, W2, b2 })).message).toBe(
      "W1 is 2 × 4 and should be 4 × 2.",
    );
    expect(checkFence.examine(() => ({ W1 }) as never).message).toMatch(/b1 is missing/);
  });

  test("waits while nothing is written", () => {
    expect(checkFence.examine(() => todo()).kind).toBe("not written");
  });
});
