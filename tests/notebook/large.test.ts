// Arrays far beyond what one call can take as arguments.
import { Matrix } from "glassbox";
import {
  checks,
  type Figure,
  figureHtml,
  heatMap,
  histogramRows,
  lines,
  recordOutputs,
} from "glassbox/notebook";
import { expect, test } from "vitest";
import { written } from "../../src/course/case";

const COUNT = 200_000;
const many = Float64Array.from({ length: COUNT }, (_, i) => Math.sin(i / 1000));

const figures: [string, () => Figure][] = [
  ["lines", () => lines({ title: "", x: "x", y: "y", series: [{ name: "a", x: many, y: many }] })],
  [
    "points",
    () => ({ data: [{ type: "scatter", mode: "markers", x: [...many], y: [...many] }], layout: {} }),
  ],
  ["values without places", () => ({ data: [{ type: "scatter", y: [...many] }], layout: {} })],
  ["bars", () => ({ data: [{ type: "bar", y: [...many] }], layout: {} })],
  ["a heat map", () => heatMap({ title: "", x: "x", y: "y", z: [many, many] })],
  ["a histogram", () => histogramRows({ title: "", x: "x", rows: [{ name: "a", values: many }] })],
];

test.each(figures)(
  "a figure of 200,000: %s",
  (_, make) => {
    expect(figureHtml(make(), { alt: "many" })).toContain("gb-figure");
  },
  60_000,
);

test("a check of 200,000 entries says how far they are apart", () => {
  const outputs = () =>
    recordOutputs(() => checks((check) => check.near("all", [...many], [...many.map((x) => x + 1)], 1e-3)));
  expect(outputs).toThrow(/they are 1(\.0+)? apart/);
});

test("a matrix of 200,000 entries is written as its range", () => {
  expect(written(Matrix.from([[...many]]))).toMatch(/^1 × 200000, from −1(\.0+)? to 1(\.0+)?$/);
});
