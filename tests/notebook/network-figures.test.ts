import { Matrix } from "glassbox";
import { computationGraph, gridAxis, networkDiagram, planeWarp, regionOf, unitMaps } from "glassbox/notebook";
import { expect, test } from "vitest";

const points = {
  inputs: Matrix.from([
    [0, 0, 1, 1],
    [0, 1, 0, 1],
  ]),
  targets: Matrix.row([0, 1, 1, 0]),
};

const W1 = Matrix.from([
  [1, -2],
  [0.5, 0],
]);
const W2 = Matrix.from([[-4, 1]]);
const X = Matrix.from([
  [1, 2, 3],
  [4, 5, 6],
]);
const A1 = Matrix.from([
  [0, 1, 2],
  [3, 0, 0.5],
]);
const A2 = Matrix.from([[0.25, -0.5, 0.75]]);

test("a network diagram draws one line a weight, thicker the larger, and in the colour of its sign", () => {
  const { data } = networkDiagram({ title: "t", weights: [W1, W2], activations: [X, A1, A2] });
  const edges = data.filter(({ mode }) => mode === "lines");
  expect(edges).toHaveLength(W1.size + W2.size);
  const widths = edges.map(({ line }) => line?.width ?? 0);
  expect(Math.max(...widths)).toBe(widths[4]); // −4, the largest
  expect(edges[0].line?.color).not.toBe(edges[1].line?.color); // 1 and −2
});

test("a network diagram has a frame an example, in which only the circles change", () => {
  const {
    data,
    frames = [],
    slider,
  } = networkDiagram({
    title: "t",
    weights: [W1, W2],
    activations: [X, A1, A2],
    label: "application",
  });
  expect(frames.map(({ name }) => name)).toEqual(["1", "2", "3"]);
  expect(slider?.label).toBe("application");
  expect(frames[1].data[0].text).toEqual(["2.00", "5.00", "1.00", "0.00", "−0.50"]);
  for (const { traces } of frames) expect(traces).toEqual([data.length - 1]);
});

test("one example needs no slider", () => {
  const one = [X, A1, A2].map((matrix) => matrix.pickColumns([0]));
  expect(networkDiagram({ title: "t", weights: [W1, W2], activations: one }).frames).toBeUndefined();
});

test("a network diagram refuses activations that do not belong to the weights", () => {
  expect(() => networkDiagram({ title: "t", weights: [W1, W2], activations: [X, A1] })).toThrow(
    /expected 3 matrices of activations, got 2/,
  );
});

test("a warp begins with the points where the input has them and ends where the layer puts them", () => {
  const { frames = [], data } = planeWarp({
    title: "t",
    points,
    warp: (x, y) => [Math.max(0, x - y), Math.max(0, y - x)],
    from: -0.5,
    to: 1.5,
    line: [
      [0, 0.5],
      [0.5, 0],
    ],
    x: "x",
    y: "y",
  });
  const places = (k: number, trace: number) => [frames[k].data[trace].x, frames[k].data[trace].y];
  expect(places(0, 2)).toEqual([
    [0, 1],
    [0, 1],
  ]); // class 0
  expect(places(frames.length - 1, 2)).toEqual([
    [0, 0],
    [0, 0],
  ]); // both corners on one spot
  expect(places(frames.length - 1, 3)).toEqual([
    [0, 1],
    [1, 0],
  ]); // class 1: (0, 1) stays, (1, 0) stays
  expect(frames[0].data[1].opacity).toBe(0); // the line is drawn on arrival only
  expect(frames[frames.length - 1].data[1].opacity).toBe(1);
  expect(data).toHaveLength(4);
});

test("unit maps share one scale, and every map has axes of its own that do not overlap", () => {
  const axis = gridAxis(-1, 1, 5);
  const z = (scale: number) => axis.map((y) => axis.map((x) => Math.max(0, scale * (x + y))));
  const { data, layout } = unitMaps({
    title: "t",
    grid: { x: axis, y: axis },
    maps: [1, 2, 3].map((scale) => ({ name: `unit ${scale}`, z: z(scale) })),
    points,
    x: "time",
    y: "amount",
  });
  const maps = data.filter(({ type }) => type === "heatmap");
  expect(maps.map(({ zmax }) => zmax)).toEqual([6, 6, 6]);
  expect(new Set(maps.map(({ xaxis }) => xaxis))).toEqual(new Set(["x", "x2", "x3"]));
  const [first, second] = [layout.xaxis, layout.xaxis2 as { domain: number[] }].map(
    (a) => a?.domain as number[],
  );
  expect(first[1]).toBeLessThan(second[0]);
  expect(layout.annotations).toHaveLength(3);
});

test("a region asks the network everywhere on the grid, rows upwards and columns to the right", () => {
  const both = (plane: Matrix) => plane.map((entry, i) => (i === 0 ? entry * 10 : entry));
  expect(regionOf(both, [1, 2], [3, 4, 5])).toEqual([
    [10, 20],
    [10, 20],
    [10, 20],
  ]);
  expect(regionOf(both, [1, 2], [3, 4, 5], 1)).toEqual([
    [3, 3],
    [4, 4],
    [5, 5],
  ]);
});

test("a graph fills the box that the text is talking about, in a colour of its own", () => {
  const box = (id: string, kind: "value" | "current") => ({
    id,
    label: id,
    x: id === "a" ? 0 : 1,
    y: 0,
    kind,
  });
  const { layout } = computationGraph({
    title: "t",
    nodes: [box("a", "current"), box("b", "value")],
    edges: [["a", "b"]],
  });
  const [, current, other] = layout.annotations ?? [];
  expect(current.bordercolor).not.toBe(other.bordercolor);
  const opacity = (note: typeof current) => Number(/([\d.]+)\)$/.exec(String(note.bgcolor))?.[1]);
  expect(opacity(current)).toBeGreaterThan(opacity(other));
});
