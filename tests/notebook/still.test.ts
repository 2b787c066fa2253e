import { bars, computationGraph, type Figure, film, heatMap, histogramRows, lines } from "glassbox/notebook";
import { describe, expect, it } from "vitest";
import { scaleOf } from "../../src/notebook/still/axis";
import { colourScale, parseColour } from "../../src/notebook/still/colour";
import { isoline } from "../../src/notebook/still/isoline";
import { pngUri } from "../../src/notebook/still/png";
import { stillSvg } from "../../src/notebook/still/still";

const curve = lines({
  title: "t",
  x: "epoch",
  y: { title: "loss (nats)", type: "log" },
  series: [{ name: "<b>training</b>", x: [0, 1, 2, 3], y: [1, 0.1, Number.NaN, 0.001] }],
});

const figures: Record<string, Figure> = {
  lines: curve,
  bars: bars({ title: "t", x: "p", y: "share", labels: ["W1", "b1"], values: [1, -2] }),
  heatMap: heatMap({
    title: "t",
    x: "",
    y: "",
    z: [
      [1, -1],
      [0, 2],
    ],
  }),
  histograms: histogramRows({ title: "t", x: "a", rows: [{ name: "layer 1", values: [0, 1, 1, 2] }] }),
  graph: computationGraph({
    title: "t",
    nodes: [
      { id: "a", label: "A", x: 0, y: 0 },
      { id: "b", label: "B", value: "1", x: 1, y: 0 },
    ],
    edges: [["a", "b"]],
  }),
  surface: {
    data: [
      {
        type: "surface",
        z: [
          [1, 0],
          [0, 1],
        ],
      },
    ],
    layout: {},
  },
};

describe("a still picture", () => {
  for (const [name, figure] of Object.entries(figures)) {
    it(`of ${name} is finite, and the same each time`, () => {
      const svg = stillSvg(figure, 400) ?? "";
      expect(svg).toMatch(/^<svg class="gb-still"/);
      expect(svg).not.toMatch(/NaN|Infinity|undefined/);
      expect(stillSvg(figure, 400)).toBe(svg);
    });
  }

  it("writes an axis that several rows share once", () => {
    const rows = ["a", "b", "c"].map((name) => ({ name, values: [0, 1, 2] }));
    const svg = stillSvg(histogramRows({ title: "t", x: "activation", rows }), 300) ?? "";
    expect(svg.match(/>activation</g)).toHaveLength(1);
  });

  it("interrupts a line where a value is missing", () => {
    const path =
      /<path d="(M[^"]*)" fill="none" stroke="#0072B2"/.exec(stillSvg(curve, 400) ?? "")?.[1] ?? "";
    expect(path.match(/M/g)).toHaveLength(2);
  });

  it("shows the frame that the slider shows first", () => {
    const at = (y: number): Figure => ({
      data: [{ type: "bar", x: ["a"], y: [y], name: "n" }],
      layout: { title: { text: "t" }, yaxis: { range: [0, 4] } },
    });
    const steps = [1, 4].map((y) => ({ name: String(y), figure: at(y) }));
    expect(stillSvg(film("y", steps, { start: 1 }), 400)).toBe(stillSvg(at(4), 400));
    expect(stillSvg(film("y", steps), 400)).toBe(stillSvg(at(1), 400));
  });

  it("does not let text or colours from data become markup", () => {
    const evil = '"><script>alert(1)</script>';
    const svg = stillSvg(
      {
        data: [
          {
            x: [0, 1],
            y: [0, 1],
            name: evil,
            mode: "lines+markers",
            line: { color: evil },
            marker: { color: evil, symbol: evil },
          },
        ],
        layout: {
          showlegend: true,
          xaxis: { title: { text: evil } },
          annotations: [
            {
              text: evil,
              x: 0,
              y: 0,
              bgcolor: evil,
              bordercolor: evil,
              arrowcolor: evil,
              font: { color: evil },
            },
          ],
          shapes: [
            { type: "rect", x0: 0, x1: 1, y0: 0, y1: 1, fillcolor: evil, line: { color: evil, dash: evil } },
          ],
        },
      },
      400,
    );
    expect(svg).not.toContain("<script");
    expect(svg?.match(/"><script/)).toBe(null);
  });

  it("gives a long legend as many rows as it needs, and the plot less height", () => {
    const names = Array.from({ length: 12 }, (_, i) => `a rather long name, ${i}`);
    const data = names.map((name) => ({ name, x: [0, 1], y: [0, 1] }));
    const svg = stillSvg({ data, layout: { showlegend: true } }, 400) ?? "";
    const samples = [...svg.matchAll(/<path d="M([\d.]+) (\d+)h22"/g)].map(([, x, y]) => [
      Number(x),
      Number(y),
    ]);
    expect(samples).toHaveLength(12);
    expect(new Set(samples.map(([, y]) => y)).size).toBeGreaterThan(2);
    expect(Math.max(...samples.map(([x]) => x))).toBeLessThan(760 - 46 - 7.3 * names[0].length);
    const plotTop = Number(svg.match(/<svg x="[\d.]+" y="([\d.]+)"/)?.[1]);
    expect(plotTop).toBeGreaterThan(Math.max(...samples.map(([, y]) => y)));
  });

  it("is left out where a figure has something unknown", () => {
    expect(stillSvg({ data: [{ type: "sankey" as "bar" }], layout: {} }, 400)).toBe(undefined);
  });
});

describe("an axis", () => {
  it("has ticks at round numbers, with a real minus", () => {
    const { ticks } = scaleOf({}, { low: -1.1, high: 1 }, 0, 400);
    expect(ticks.map(({ text }) => text)).toEqual(["−1.0", "−0.5", "0.0", "0.5", "1.0"]);
  });

  it("counts powers of ten where it is logarithmic", () => {
    const scale = scaleOf({ type: "log" }, { low: -6, high: 0 }, 0, 300);
    expect(scale.ticks.map(({ text }) => text)).toEqual(["10⁻⁶", "10⁻⁴", "0.01", "1"]);
    expect(scale.at(0.01)).toBeCloseTo(200);
  });
});

describe("a scale of colours", () => {
  it("mixes its neighbours", () => {
    expect(
      colourScale([
        [0, "#000000"],
        [1, "rgba(200, 100, 0, 0.5)"],
      ])(0.5),
    ).toEqual([100, 50, 0, 0.75]);
    expect(parseColour("#fff")).toEqual([255, 255, 255, 1]);
  });
});

describe("a line of equal height", () => {
  it("crosses the squares whose corners lie on both sides", () => {
    expect(
      isoline(
        [
          [0, 2],
          [0, 2],
        ],
        [0, 10],
        [0, 10],
        1,
      ),
    ).toBe("M5 0L5 10");
    expect(
      isoline(
        [
          [0, 2],
          [0, 2],
        ],
        [0, 10],
        [0, 10],
        3,
      ),
    ).toBe("");
  });
});

describe("a PNG", () => {
  it("is one that others can read", () => {
    const uri = pngUri({ width: 1, height: 1, rgba: Uint8Array.of(255, 0, 0, 255) });
    const bytes = Buffer.from(uri.split(",")[1], "base64");
    expect(bytes.subarray(1, 4).toString()).toBe("PNG");
    // The last chunk of every PNG: no content, and its well-known checksum.
    expect(bytes.subarray(-12).toString("hex")).toBe("0000000049454e44ae426082");
  });
});
