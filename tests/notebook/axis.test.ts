import { describe, expect, test } from "vitest";
import { axisOf, tickText } from "../../src/notebook/figures/axis";

describe("a logarithmic axis", () => {
  const texts = (values: number[]) => axisOf({ title: "h", type: "log" }, values).ticktext;

  test("has 1, 2, 5 within two decades, whole decades beyond, and at most nine or so labels", () => {
    expect(texts([2, 30])).toEqual(expect.arrayContaining(["1", "2", "5", "10", "20", "50"]));
    expect(texts([0.001, 1])).toEqual(["0.0001", "0.001", "0.01", "0.1", "1", "10"]);
    expect(texts([1e-5, 1])).toEqual(expect.arrayContaining(["10⁻⁵", "10⁻²", "10⁻¹", "1"]));
    expect((texts([1e-16, 1]) as string[]).length).toBeLessThan(12);
  });

  test("takes the ticks it is given, and keeps its range in powers", () => {
    const axis = axisOf({ title: "bins", type: "log", range: [1, 100], ticks: [2, 32] });
    expect(axis).toMatchObject({ range: [0, 2], tickvals: [2, 32], ticktext: ["2", "32"] });
  });

  test("leaves ticks to the plot when it knows nothing of its values", () => {
    expect(axisOf({ title: "h", type: "log" })).toEqual({ title: { text: "h" }, type: "log" });
  });
});

test("a tick says its number as people write it", () => {
  expect([0, 0.001, 12500, 1e5, 2e-7, -5e6].map((value) => tickText(value))).toEqual([
    "0",
    "0.001",
    "12,500",
    "10⁵",
    "2·10⁻⁷",
    "−5·10⁶",
  ]);
});
