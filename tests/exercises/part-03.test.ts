// The exercises of notebook 3: every usual slip gets an answer of its own.
import { Matrix } from "glassbox";
import { checkFence, checkParameterCount, checkStackForward, todo } from "glassbox/notebook";
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

describe("a network of any depth", () => {
  type Layers = readonly Matrix[];
  const affine = (W: Matrix, b: Matrix, X: Matrix) => W.times(X).plus(b);
  const rectify = (Z: Matrix) => Z.map((z) => Math.max(0, z));
  const squash = (Z: Matrix) => Z.map((z) => 1 / (1 + Math.exp(-z)));
  const proper = (Z: Matrix, last: boolean) => (last ? squash(Z) : rectify(Z));
  const network =
    (activate: (Z: Matrix, last: boolean) => Matrix, layer = affine) =>
    (weights: Layers, biases: Layers, X: Matrix) =>
      weights.reduce((A, W, k) => activate(layer(W, biases[k], A), k === weights.length - 1), X);

  test("accepts ReLU between the layers and a sigmoid at the end, and waits while it is a stub", () => {
    expect(checkStackForward.examine(network(proper)).kind).toBe("right");
    expect(checkStackForward.examine(() => todo()).kind).toBe("not written");
  });

  test.each<[string, (weights: Layers, biases: Layers, X: Matrix) => Matrix, RegExp]>([
    ["no sigmoid", network((Z, last) => (last ? Z : rectify(Z))), /still missing/],
    ["ReLU at the end", network(rectify), /has a ReLU too/],
    ["ReLU, then sigmoid", network((Z, last) => (last ? squash(rectify(Z)) : rectify(Z))), /below one half/],
    ["sigmoid everywhere", network(squash), /Every layer ends in a sigmoid/],
    ["nothing in between", network((Z, last) => (last ? squash(Z) : Z)), /one matrix/],
    ["no bias", network(proper, (W, _b, X) => W.times(X)), /biases are missing/],
    [
      "bias after the activation",
      (weights, biases, X) =>
        weights.reduce((A, W, k) => proper(W.times(A), k === weights.length - 1).plus(biases[k]), X),
      /comes after the activation/,
    ],
    [
      "two layers only",
      ([W1, W2], [b1, b2], X) => squash(affine(W2, b2, rectify(affine(W1, b1, X)))),
      /stop after two/,
    ],
    ["transposed", (weights, biases, X) => network(proper)(weights, biases, X).transpose(), /transposed/],
    ["negative", (weights, biases, X) => network(proper)(weights, biases, X).scale(-1), /sign/],
  ])("names the slip: %s", (_name, wrong, message) => {
    expect(checkStackForward.examine(wrong).message).toMatch(message);
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
