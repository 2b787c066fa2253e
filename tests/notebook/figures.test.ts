import { Matrix } from "glassbox";
import { film, heatMap, histogramRows, lines, scatter } from "glassbox/notebook";
import { describe, expect, it } from "vitest";

describe("a heat map", () => {
  it("is symmetric around zero for signed numbers, so that no colour means nothing", () => {
    const [trace] = heatMap({
      title: "W",
      x: "input",
      y: "unit",
      z: Matrix.from([
        [1, -3],
        [2, 0],
      ]),
    }).data;
    expect([trace.zmin, trace.zmax]).toEqual([-3, 3]);
    expect(trace.z).toEqual([
      [1, -3],
      [2, 0],
    ]);
  });

  it("puts row 0 on top, as a matrix does", () => {
    expect(heatMap({ title: "W", x: "", y: "", z: [[1]] }).layout.yaxis?.autorange).toBe("reversed");
  });
});

describe("histograms in rows", () => {
  const figure = histogramRows({
    title: "t",
    x: "activation",
    rows: [
      { name: "layer 1", values: Float64Array.of(0, 0.1, 0.1, 1, Number.NaN) },
      { name: "layer 2", values: [5] },
    ],
    range: [0, 1],
    bins: 2,
  });

  it("count into bars, what lies outside into the last one", () => {
    expect(figure.data[0].customdata).toEqual([3, 1]);
    expect(figure.data[1].customdata).toEqual([0, 1]);
  });

  it("give each row an axis of its own", () => {
    expect(figure.data.map(({ yaxis }) => yaxis)).toEqual(["y", "y2"]);
    expect(figure.layout.yaxis2).toBeDefined();
  });

  it("keep the common axis below the last row", () => {
    expect(figure.layout.xaxis?.anchor).toBe("y2");
  });
});

describe("a film", () => {
  const at = (rate: number) =>
    lines({
      title: `rate ${rate}`,
      x: "step",
      y: "x",
      series: [{ name: "x", x: [0, 1], y: [10, 10 - rate] }],
    });
  const figure = film(
    "rate",
    [
      { name: "1", figure: at(1) },
      { name: "2", figure: at(2) },
    ],
    { start: 0 },
  );

  it("keeps in each frame what differs, and nothing else", () => {
    expect(figure.frames?.[1].data).toEqual([{ y: [10, 8] }]);
    expect(figure.frames?.[1].layout?.title).toEqual({ text: "rate 2" });
    expect(figure.frames?.[1].layout?.xaxis).toBeUndefined();
  });

  it("starts where it is told to", () => {
    expect(figure.data[0].y).toEqual([10, 9]);
    expect(figure.slider).toEqual({ label: "rate", start: 0 });
  });

  it("refuses steps with different traces", () => {
    const other = { data: [], layout: {} };
    expect(() =>
      film("rate", [
        { name: "1", figure: at(1) },
        { name: "2", figure: other },
      ]),
    ).toThrow(/step "2" has \d traces, others have 1/);
  });
});

describe("points of two classes that lie on each other", () => {
  it("take turns on top when asked to, every point once, each class once in the legend", () => {
    const points = {
      inputs: Matrix.from([Array.from({ length: 40 }, (_, j) => j), Array.from({ length: 40 }, () => 0)]),
      targets: Matrix.row(Array.from({ length: 40 }, (_, j) => (j < 20 ? 0 : 1))),
    };
    const { data } = scatter({ title: "t", x: "x", y: "y", points, interleave: true });
    expect(data.map(({ name }) => name).slice(0, 4)).toEqual(["class 0", "class 1", "class 0", "class 1"]);
    expect(data.filter(({ showlegend }) => showlegend !== false)).toHaveLength(2);
    const drawn = data.flatMap(({ x }) => Array.from(x as ArrayLike<number>)).sort((a, b) => a - b);
    expect(drawn).toEqual(Array.from({ length: 40 }, (_, j) => j));
  });
});
