import { Matrix } from "glassbox";
import {
  contour,
  contourFilm,
  film,
  heatMap,
  histogramRows,
  lines,
  sampleHeights,
  surface,
} from "glassbox/notebook";
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

describe("a landscape", () => {
  const x = [-1, 0, 1];
  const heights = sampleHeights((a, b) => a * a + 10 * b, x, [0, 1]);
  const paths = [{ name: "descent", x: [1, 0.5, 0.25], y: [1, 0.5, 0.1], z: [11, 5, 1] }];

  it("samples rows along y", () => {
    expect(heights.z).toEqual([
      [1, 0, 1],
      [11, 10, 11],
    ]);
  });

  it("spaces contours by factors when asked, and still shows the height itself", () => {
    const [trace] = contour({ title: "t", x: "w₁", y: "w₂", heights, levels: "log" }).data;
    expect(trace.z).toEqual([
      [0, -12, 0],
      [Math.log10(11), 1, Math.log10(11)],
    ]);
    expect(trace.customdata).toBe(heights.z);
  });

  it("draws a path over the contours and on the surface", () => {
    expect(contour({ title: "t", x: "", y: "", heights, paths }).data[1].x).toEqual([1, 0.5, 0.25]);
    expect(surface({ title: "t", x: "", y: "", heights, paths }).data[1].z).toEqual([11, 5, 1]);
  });

  it("lets paths grow, and ends with all of each", () => {
    const figure = contourFilm({ title: "t", x: "", y: "", heights, paths, every: 2 });
    expect(figure.frames?.map(({ name }) => name)).toEqual(["0", "2"]);
    expect(figure.frames?.at(-1)?.data[0].x).toEqual([1, 0.5, 0.25]);
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
    ).toThrow(/0 traces/);
  });
});
