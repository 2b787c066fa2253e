// The exercises of notebook 4: every usual slip gets an answer of its own.
import { huber, type Matrix, softmax } from "glassbox";
import { checkCrossEntropySlope, checkHuber, checkSurpriseOfClass, todo } from "glassbox/notebook";
import { describe, expect, test } from "vitest";

describe("Huber's loss with its slope", () => {
  type Parts = (e: number, delta: number) => number;
  const bowl: Parts = (e, delta) =>
    Math.abs(e) <= delta ? 0.5 * e * e : delta * (Math.abs(e) - 0.5 * delta);
  const pull: Parts = (e, delta) => (Math.abs(e) <= delta ? e : delta * Math.sign(e));
  const written =
    (cost: Parts, slope: Parts, share = (m: number) => 1 / m) =>
    (p: Matrix, y: Matrix, delta: number) => {
      const e = p.minus(y);
      return {
        loss: e.map((value) => cost(value, delta)).sum() * share(e.size),
        slope: e.map((value) => slope(value, delta) * share(e.size)),
      };
    };

  test("accepts the formula, and the library's own", () => {
    expect(checkHuber.examine(written(bowl, pull)).kind).toBe("right");
    const library = (p: Matrix, y: Matrix, delta: number) => {
      const [loss, slope] = huber(delta)(p, y);
      return { loss, slope };
    };
    expect(checkHuber.examine(library).kind).toBe("right");
    expect(checkHuber.examine(() => todo()).kind).toBe("not written");
  });

  test.each([
    ["a sum for the mean", written(bowl, pull, () => 1), /you have summed/],
    ["no wall in the slope", written(bowl, (e) => e), /bowl everywhere/],
    ["both walls to one side", written(bowl, (e, d) => (Math.abs(e) <= d ? e : d)), /left wall/],
    [
      "a jump at delta",
      written((e, d) => (Math.abs(e) <= d ? 0.5 * e * e : d * Math.abs(e)), pull),
      /loss jumps at δ/,
    ],
    [
      "no half in the bowl",
      written((e, d) => (Math.abs(e) <= d ? e * e : d * (Math.abs(e) - 0.5 * d)), pull),
      /lacks its ½/,
    ],
    ["the error turned round", written(bowl, (e, d) => -pull(e, d)), /every sign wrong/],
  ])("names the slip: %s", (_name, wrong, message) => {
    expect(checkHuber.examine(wrong).message).toMatch(message);
  });
});

describe("the surprise at a class", () => {
  const naive = (z: Matrix, k: number) => {
    const sum = z.data.reduce((total, score) => total + Math.exp(score), 0);
    return -Math.log(Math.exp(z.at(k, 0)) / sum);
  };
  const largest = (z: Matrix) => Math.max(...z.data);
  const rest = (z: Matrix) => Math.log(z.data.reduce((sum, s) => sum + Math.exp(s - largest(z)), 0));

  test("accepts a stable form", () => {
    expect(checkSurpriseOfClass.examine((z, k) => largest(z) + rest(z) - z.at(k, 0)).kind).toBe("right");
  });

  test("says that the naive form is right on paper and overflows", () => {
    const { kind, message } = checkSurpriseOfClass.examine(naive);
    expect(kind).toBe("extreme");
    expect(message).toMatch(/right for ordinary numbers.*scores around 1000/);
  });

  test("is not content with a stable softmax: its logarithm still underflows", () => {
    const { kind, message } = checkSurpriseOfClass.examine((z, k) => -Math.log(softmax(z).at(k, 0)));
    expect(kind).toBe("extreme");
    expect(message).toMatch(/hardly any chance/);
  });

  test.each<[string, (z: Matrix, k: number) => number, RegExp]>([
    ["no minus", (z, k) => -naive(z, k), /minus that/],
    ["a probability", (z, k) => softmax(z).at(k, 0), /minus its logarithm/],
    ["bits", (z, k) => naive(z, k) / Math.LN2, /bits/],
    ["the largest not put back", (z, k) => rest(z) - z.at(k, 0), /not put back/],
  ])("names the slip: %s", (_name, wrong, message) => {
    expect(checkSurpriseOfClass.examine(wrong).message).toMatch(message);
  });
});

describe("the slope for a batch of classes", () => {
  const along = (Z: Matrix, group: (k: number, j: number) => string) => {
    const sums: Record<string, number> = {};
    Z.map((z, k, j) => {
      sums[group(k, j)] = (sums[group(k, j)] ?? 0) + Math.exp(z);
      return 0;
    });
    return Z.map((z, k, j) => Math.exp(z) / sums[group(k, j)]);
  };

  test("accepts (softmax − Y)/m", () => {
    const right = (Z: Matrix, Y: Matrix) =>
      softmax(Z)
        .minus(Y)
        .scale(1 / Z.columns);
    expect(checkCrossEntropySlope.examine(right).kind).toBe("right");
  });

  test.each<[string, (Z: Matrix, Y: Matrix) => Matrix, RegExp]>([
    ["no 1/m", (Z, Y) => softmax(Z).minus(Y), /carries a 1\/m/],
    ["the wrong way round", (Z, Y) => Y.minus(softmax(Z)).scale(1 / Z.columns), /every sign wrong/],
    [
      "over all entries",
      (Z, Y) =>
        softmax(Z)
          .minus(Y)
          .scale(1 / Z.size),
      /divide by the columns/,
    ],
    [
      "along the rows",
      (Z, Y) =>
        along(Z, (k) => `${k}`)
          .minus(Y)
          .scale(1 / Z.columns),
      /normalise down the columns/,
    ],
    [
      "all together",
      (Z, Y) =>
        along(Z, () => "")
          .minus(Y)
          .scale(1 / Z.columns),
      /one sum over the whole batch/,
    ],
    ["scores for probabilities", (Z, Y) => Z.minus(Y).scale(1 / Z.columns), /through softmax first/],
    [
      "the slope along p",
      (Z, Y) => softmax(Z).map((q, k, j) => -Y.at(k, j) / q / Z.columns),
      /slope along the probabilities/,
    ],
    [
      "transposed",
      (Z, Y) =>
        softmax(Z)
          .minus(Y)
          .scale(1 / Z.columns)
          .transpose(),
      /transposed/,
    ],
  ])("names the slip: %s", (_name, wrong, message) => {
    expect(checkCrossEntropySlope.examine(wrong).message).toMatch(message);
  });

  test("says that a naive softmax overflows", () => {
    const naive = (Z: Matrix, Y: Matrix) =>
      along(Z, (_k, j) => `${j}`)
        .minus(Y)
        .scale(1 / Z.columns);
    expect(checkCrossEntropySlope.examine(naive).kind).toBe("extreme");
  });
});
