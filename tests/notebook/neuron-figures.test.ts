// The figures of the first three notebooks, as data: what they say must be what the numbers say.
import { gelu, leakyRelu, Matrix, relu, sigmoid, step, tanh } from "glassbox";
import {
  activationCurve,
  categoryMap,
  flatStretches,
  meaning,
  neuronLine,
  waterfall,
} from "glassbox/notebook";
import { describe, expect, test } from "vitest";

describe("a waterfall", () => {
  const figure = waterfall({
    title: "t",
    x: "x",
    y: "y",
    terms: [
      { label: "a", value: 2 },
      { label: "b", value: -0.5 },
    ],
    total: "z",
  });

  test("starts each bar where the one before it ended, and ends with the sum", () => {
    expect(figure.data[0].base).toEqual([0, 2, 0]);
    expect(figure.data[0].y).toEqual([2, -0.5, 1.5]);
    expect(figure.data[0].text).toEqual(["+2.00", "−0.50", "1.50"]);
  });

  test("colours what speaks for yes like class 1, and what speaks against like class 0", () => {
    expect(figure.data[0].marker?.color).toEqual([meaning.class1, meaning.class0, expect.any(String)]);
  });
});

describe("a neuron's line", () => {
  const options = { title: "t", x: "x₁", y: "x₂", reach: 3 };

  test("ends where the window ends, and lies on z = 0", () => {
    const [, , line] = neuronLine({
      ...options,
      neurons: [{ name: "", weights: [1, 2], bias: -1 }],
    }).data;
    expect(line.x).toHaveLength(2);
    for (const i of [0, 1]) {
      const [x, y] = [(line.x as number[])[i], (line.y as number[])[i]];
      expect(x + 2 * y - 1).toBeCloseTo(0, 12);
      expect(Math.max(Math.abs(x), Math.abs(y))).toBeCloseTo(3, 12);
    }
  });

  test("stands at a right angle to the arrow, whatever the weights", () => {
    for (let k = 0; k < 24; k++) {
      const weights = [Math.cos((k * Math.PI) / 12), Math.sin((k * Math.PI) / 12)] as const;
      const { data, layout } = neuronLine({ ...options, neurons: [{ name: "", weights, bias: 0.3 }] });
      const [x, y] = [data[2].x as number[], data[2].y as number[]];
      const arrow = layout.annotations?.[0] as unknown as Record<"x" | "y" | "ax" | "ay", number>;
      const along = (arrow.x - arrow.ax) * (x[1] - x[0]) + (arrow.y - arrow.ay) * (y[1] - y[0]);
      expect(along).toBeCloseTo(0, 9);
    }
  });

  test("gives every point the colour of the neuron's answer", () => {
    const points = Matrix.from([
      [1, -1, 2],
      [0, 0, 0],
    ]);
    const { data } = neuronLine({
      ...options,
      points,
      names: ["reject", "approve"],
      neurons: [{ name: "", weights: [1, 0], bias: 0 }],
    });
    expect(data[3]).toMatchObject({ name: "reject", x: [-1] });
    expect(data[4]).toMatchObject({ name: "approve", x: [1, 2] });
  });

  test("may lie outside the window: then everything is on one side and there is no line", () => {
    const { data, layout } = neuronLine({ ...options, neurons: [{ name: "", weights: [1, 0], bias: 9 }] });
    expect(data[0].x).toEqual([]);
    expect(data[1].x).toHaveLength(4);
    expect(data[2].x).toEqual([]);
    expect(layout.annotations).toEqual([]);
  });

  test("has one frame a neuron, each complete, and starts in the middle", () => {
    const neurons = [0, 1, 2].map((bias) => ({ name: `${bias}`, weights: [1, 0] as const, bias }));
    const figure = neuronLine({ ...options, neurons, label: "bias" });
    expect(figure.frames?.map(({ name, data }) => [name, data.length])).toEqual([
      ["0", 5],
      ["1", 5],
      ["2", 5],
    ]);
    expect(figure.slider).toEqual({ label: "bias", start: 1 });
  });
});

describe("an activation's curve", () => {
  test("is shaded exactly where the slope is below the limit", () => {
    // σ′ = 0.01 at z = ±ln((1 + √0.96)/(1 − √0.96)) = ±4.58; 1 − tanh² = 0.01 at ±artanh(√0.99) = ±2.99
    const at = (f: typeof sigmoid) =>
      flatStretches(f).map(([start, end]) => [Number(start.toFixed(2)), Number(end.toFixed(2))]);
    expect(at(sigmoid)).toEqual([
      [-6, -4.59],
      [4.59, 6],
    ]);
    expect(at(tanh)).toEqual([
      [-6, -3],
      [3, 6],
    ]);
    expect(at(relu)).toEqual([[-6, 0]]);
    expect(at(leakyRelu(0.01))).toEqual([]);
    expect(at(step)).toEqual([[-6, 6]]);
    expect(at(gelu)).toHaveLength(1);
  });

  test("is interrupted where the function has a kink", () => {
    const [value, slope] = activationCurve(step).data;
    const gap = (value.x as number[]).indexOf(0);
    expect([(value.y as number[])[gap - 1], (value.y as number[])[gap + 1]]).toEqual([0, 1]);
    expect((value.y as number[])[gap]).toBeNaN();
    expect((slope.y as number[])[gap]).toBeNaN();
  });
});

describe("a map of categories", () => {
  const categories = [
    { name: "agree", color: "#ffffff" },
    { name: "differ", color: "#000000" },
    { name: "silent", color: "#808080" },
  ];
  const figure = categoryMap({
    title: "t",
    x: "x",
    y: "y",
    grid: { x: [0, 1], y: [0, 1] },
    categories,
    frames: [
      {
        name: "1",
        z: [
          [0, 1],
          [2, 0],
        ],
      },
      {
        name: "2",
        z: [
          [1, 1],
          [1, 1],
        ],
      },
    ],
    label: "years",
  });

  test("gives each category a band of the colour scale that holds its number", () => {
    const [{ zmin, zmax, colorscale }] = figure.data;
    const scale = colorscale as [number, string][];
    categories.forEach(({ color }, k) => {
      const place = (k - (zmin as number)) / ((zmax as number) - (zmin as number));
      const band = scale.filter(([, c]) => c === color).map(([at]) => at);
      expect(place).toBeGreaterThan(band[0]);
      expect(place).toBeLessThan(band[1]);
    });
  });

  test("names every category in the legend, and moves only the map", () => {
    expect(figure.data.slice(1).map(({ name }) => name)).toEqual(["agree", "differ", "silent"]);
    expect(figure.frames?.map(({ traces }) => traces)).toEqual([[0], [0]]);
  });
});
