// What counts as the same output: words exactly, numbers but for rounding, times and backends not at all.
import { describe, expect, test } from "vitest";
import { dataDifference, difference, textDifference } from "../../src/page/live/compare";

describe("the same", () => {
  test.each([
    ["loss 0.6931", "loss 0.6931"],
    ["loss 0.6931", "loss 0.6932"],
    ["loss  0.6931\n", "loss 0.6931"],
    ["largest difference 3.1e−9", "largest difference 2.2e−8"],
    ["took 12.5 ms", "took 380 ms"],
    [
      "Against TensorFlow.js 4.22.0, native, float32",
      "Against TensorFlow.js 4.22.0, plain JavaScript, float32",
    ],
    ["−0.25", "−0.25"],
    ["1,234.5671", "1,234.5672"],
    ["NaN ∞", "NaN ∞"],
  ])("%j and %j", (now, stored) => {
    expect(textDifference(now, stored)).toBeUndefined();
  });
});

describe("not the same", () => {
  test.each([
    ["loss 0.6931", "loss 0.6941"],
    ["12 of 12 agree", "11 of 12 agree"],
    ["−0.25", "0.25"],
    ["right", "wrong"],
    ["3.1e−3", "2.2e−3"],
    ["epoch 100", "epoch 101"],
    ["1", "1 2"],
  ])("%j and %j", (now, stored) => {
    expect(textDifference(now, stored)).toBeTypeOf("string");
  });

  test("the words name the first place", () => {
    expect(textDifference("a 1 b 2.5", "a 1 b 3.5")).toBe("2.5, stored 3.5");
    expect(textDifference("it agrees", "it differs")).toMatch(/agrees.*differs/);
  });
});

test("figures are compared as data, deeply", () => {
  const figure = { data: [{ x: [1, 2], y: [0.5, 0.25], name: "loss" }] };
  expect(dataDifference(figure, structuredClone(figure), "")).toBeUndefined();
  expect(dataDifference({ data: [{ y: [0.5] }] }, { data: [{ y: [0.5 + 1e-9] }] }, "")).toBeUndefined();
  expect(dataDifference({ data: [{ y: [0.5] }] }, { data: [{ y: [0.6] }] }, "")).toBe(
    "data.0.y.0 0.5, stored 0.6",
  );
  expect(dataDifference({ a: 1 }, { a: 1, b: 2 }, "")).toMatch(/^b /);
});

test("outputs are compared one by one", () => {
  const text = { kind: "text", text: "a" } as const;
  expect(difference([text], [text])).toBeUndefined();
  expect(difference([text], [text, text])).toBe("1 outputs, stored 2");
  expect(difference([text], [{ kind: "figure", data: {} }])).toMatch(/is a text, stored a figure/);
});
