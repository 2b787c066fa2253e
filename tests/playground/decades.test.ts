import { expect, test } from "vitest";
import { decades } from "../../src/page/playground/decades";

test("every decade has a label where there is room", () => {
  expect(decades(0.001, 10, 7)).toEqual([-3, -2, -1, 0, 1]);
});

test("over three hundred decades, a handful of round ones", () => {
  const labels = decades(1e-3, 1e300, 7);
  expect(labels).toEqual([0, 50, 100, 150, 200, 250, 300]);
});

test("there are never more labels than room", () => {
  for (let span = 1; span < 600; span++) {
    const labels = decades(1e-300, 10 ** (Math.min(span, 600) - 300), 7);
    expect(labels.length).toBeLessThanOrEqual(7);
    expect(labels.length).toBeGreaterThan(0);
  }
});
