/**
 * A figure as a still picture, in SVG: for paper, for readers without scripts, for JupyterLab before it trusts a
 * notebook. plotly needs a browser to draw; this is a small drawing of the same data that needs none, and covers what
 * the course uses. Where it meets something it does not know, there is no still, and the figure's words must do.
 */

import type { Annotation, Axis, Figure, Layout, Trace } from "../figures/figure";
import { escapeHtml } from "../markup";
import { series } from "../palette";
import { type Extent, extentOf, type Scale, scaleOf } from "./axis";
import { drawTrace } from "./marks";
import { drawSpace } from "./space";
import { px, stroke, textAt } from "./svg";

const WIDTH = 760;
const LEGEND_ROW = 20;
const GRID = "rgba(128,128,128,0.22)";
const ZERO = "rgba(128,128,128,0.55)";

/** The picture, or undefined when the figure has something that cannot be drawn here. */
export function stillSvg(figure: Figure, height: number): string | undefined {
  const shown = startingFrame(figure);
  const space = shown.data.some(({ type }) => type === "surface" || type === "scatter3d");
  const body = space ? drawSpace(shown, WIDTH, height) : drawPlane(shown, height);
  if (body === undefined) return undefined;
  return `<svg class="gb-still" viewBox="0 0 ${WIDTH} ${height}" aria-hidden="true" font-family="inherit" fill="currentColor">${body}</svg>`;
}

/** The figure as the slider shows it first. */
function startingFrame(figure: Figure): Figure {
  const frame = figure.frames?.[figure.slider?.start ?? 0];
  if (!frame) return figure;
  const data = figure.data.map((trace): Trace => ({ ...trace }));
  frame.data.forEach((change, i) => {
    Object.assign(data[frame.traces?.[i] ?? i] ?? {}, change);
  });
  return { data, layout: { ...figure.layout, ...frame.layout } };
}

interface Panel {
  readonly x: Scale;
  readonly y: Scale;
  readonly xAxis: Axis;
  readonly yAxis: Axis;
  readonly traces: readonly Trace[];
  /** Axes that several panels share are written at one of them: the one they are anchored to. */
  readonly writes: { readonly x: boolean; readonly y: boolean };
  /** Left, top, right, bottom in pixels. */
  readonly box: readonly [number, number, number, number];
}

function drawPlane({ data, layout }: Figure, height: number): string | undefined {
  const legend = legendOf(data, layout);
  const margin = { l: 62, r: 24, t: 14 + LEGEND_ROW * legend.rows, b: 50, ...(layout.margin as object) };
  const paper = [margin.l, margin.t, WIDTH - margin.r, height - margin.b] as const;
  const panels = panelsOf(data, layout, paper);
  const marks: string[] = [];
  for (const panel of panels.values()) {
    for (const trace of panel.traces) {
      if (trace.visible === false || trace.visible === "legendonly") continue;
      const drawn = drawTrace(trace, panel.x, panel.y, colourOf(trace, data.indexOf(trace)));
      if (drawn === undefined) return undefined;
      marks.push(clipped(panel, drawn));
    }
  }
  const grids = [...panels.values()].map(drawAxes);
  const shapes = (layout.shapes ?? []).map((shape) => drawShape(shape, panels, paper));
  const notes = (layout.annotations ?? []).map((note) => drawAnnotation(note, panels, paper));
  return [...grids, ...shapes, ...marks, ...notes, ...legend.parts].join("");
}

/** What is drawn does not leave its panel: an SVG within the SVG cuts off at its edges. */
function clipped({ box: [left, top, right, bottom] }: Panel, drawn: string): string {
  const size = `width="${px(right - left)}" height="${px(bottom - top)}"`;
  const view = [left, top, right - left, bottom - top].map(px).join(" ");
  return `<svg x="${px(left)}" y="${px(top)}" ${size} viewBox="${view}">${drawn}</svg>`;
}

/** Each pair of axes that traces use; a layout without traces has one. */
function panelsOf(data: readonly Trace[], layout: Layout, paper: Panel["box"]): Map<string, Panel> {
  const pairs = new Map<string, Trace[]>();
  for (const trace of data) {
    const key = `${trace.xaxis ?? "x"} ${trace.yaxis ?? "y"}`;
    pairs.set(key, [...(pairs.get(key) ?? []), trace]);
  }
  const panels = new Map<string, Panel>();
  for (const [key, traces] of pairs) {
    const [xName, yName] = key.split(" ");
    const xAxis = axisNamed(layout, xName);
    const yAxis = axisNamed(layout, yName);
    const [x0, x1] = (xAxis.domain as number[] | undefined) ?? [0, 1];
    const [y0, y1] = (yAxis.domain as number[] | undefined) ?? [0, 1];
    const box = [
      paper[0] + x0 * (paper[2] - paper[0]),
      paper[3] - y1 * (paper[3] - paper[1]),
      paper[0] + x1 * (paper[2] - paper[0]),
      paper[3] - y0 * (paper[3] - paper[1]),
    ] as const;
    // Axes that several panels share show what all of them need.
    const sharing = (letter: "xaxis" | "yaxis", name: string) =>
      data.filter((t) => (t[letter] ?? letter[0]) === name);
    const xExtent = extentOf(sharing("xaxis", xName), "x", xAxis);
    const yExtent = extentOf(sharing("yaxis", yName), "y", yAxis);
    const writes = {
      x: anchored(xAxis, xName, "y", yName, [...pairs.keys()]),
      y: anchored(yAxis, yName, "x", xName, [...pairs.keys()]),
    };
    panels.set(key, squared({ box, xAxis, yAxis, traces, writes }, xExtent, yExtent));
  }
  return panels;
}

/** Whether the axis called `name` is written at the panel whose other axis is called `here`. */
function anchored(
  axis: Axis,
  name: string,
  other: "x" | "y",
  here: string,
  pairs: readonly string[],
): boolean {
  const partners = pairs
    .filter((pair) => pair.split(" ").includes(name))
    .map((pair) => {
      return pair.split(" ")[other === "x" ? 0 : 1];
    });
  const wanted = typeof axis.anchor === "string" ? axis.anchor : `${other}${name.slice(1)}`;
  return here === (partners.includes(wanted) ? wanted : partners[0]);
}

/** The panel with its scales; with equal units on both axes where the figure wants it. */
function squared(panel: Omit<Panel, "x" | "y">, xExtent: Extent, yExtent: Extent): Panel {
  const { xAxis, yAxis } = panel;
  let [left, top, right, bottom] = panel.box;
  const scales = () => ({ x: scaleOf(xAxis, xExtent, left, right), y: scaleOf(yAxis, yExtent, bottom, top) });
  let { x, y } = scales();
  if (yAxis.scaleanchor || xAxis.scaleanchor) {
    const unit = Math.min(Math.abs(x.unit), Math.abs(y.unit));
    const width = unit * Math.abs(x.to - x.from);
    const height = unit * Math.abs(y.to - y.from);
    if (xAxis.constraintoward !== "left") left = (left + right - width) / 2;
    right = left + width;
    top = (top + bottom - height) / 2;
    bottom = top + height;
    ({ x, y } = scales());
  }
  return { ...panel, x, y, box: [left, top, right, bottom] };
}

function axisNamed(layout: Layout, name: string): Axis {
  return (layout[`${name[0]}axis${name.slice(1)}`] as Axis | undefined) ?? {};
}

function drawAxes({ x, y, xAxis, yAxis, writes, box: [left, top, right, bottom] }: Panel): string {
  const parts: string[] = [];
  if (xAxis.visible !== false) {
    for (const { at, text } of x.ticks) {
      if (xAxis.showgrid !== false) parts.push(line(at, top, at, bottom, GRID));
      if (writes.x && xAxis.showticklabels !== false) parts.push(textAt(at, bottom + 13, text));
    }
    if (writes.x && xAxis.title?.text)
      parts.push(textAt((left + right) / 2, bottom + 35, xAxis.title.text, { size: 13 }));
    if (hasZero(xAxis, x)) parts.push(line(x.at(0), top, x.at(0), bottom, ZERO));
  }
  if (yAxis.visible !== false) {
    const widest = Math.max(24, ...y.ticks.map(({ text }) => 7 * text.length));
    for (const { at, text } of y.ticks) {
      if (yAxis.showgrid !== false) parts.push(line(left, at, right, at, GRID));
      if (writes.y && yAxis.showticklabels !== false)
        parts.push(textAt(left - 8, at, text, { anchor: "end" }));
    }
    if (writes.y && yAxis.title?.text)
      parts.push(
        textAt(left - 20 - widest, (top + bottom) / 2, yAxis.title.text, { size: 13, turned: true }),
      );
    if (hasZero(yAxis, y)) parts.push(line(left, y.at(0), right, y.at(0), ZERO));
  }
  return parts.join("");
}

/** Whether there is a line at zero to draw: not among categories, whose numbers are only places. */
function hasZero(axis: Axis, { from, to, categories }: Scale): boolean {
  if (axis.zeroline === false || axis.type === "log" || categories) return false;
  return Math.min(from, to) <= 0 && Math.max(from, to) >= 0;
}

function line(x1: number, y1: number, x2: number, y2: number, colour: string): string {
  return `<path d="M${px(x1)} ${px(y1)}L${px(x2)} ${px(y2)}"${stroke(colour, 1)}/>`;
}

/** Where a coordinate lies: on an axis, on the paper, or on a panel's own 0 to 1. */
function place(
  value: unknown,
  ref: unknown,
  letter: "x" | "y",
  panels: Map<string, Panel>,
  paper: Panel["box"],
): number {
  const name = String(ref ?? letter);
  const [low, high] = letter === "x" ? [paper[0], paper[2]] : [paper[3], paper[1]];
  if (name === "paper") return low + Number(value) * (high - low);
  const wanted = name.replace(" domain", "");
  const panel = [...panels].find(([key]) => key.split(" ").includes(wanted))?.[1];
  if (!panel) return low + Number(value) * (high - low);
  if (name.endsWith("domain")) {
    const [from, to] = letter === "x" ? [panel.box[0], panel.box[2]] : [panel.box[3], panel.box[1]];
    return from + Number(value) * (to - from);
  }
  const axis = letter === "x" ? panel.xAxis : panel.yAxis;
  // plotly places annotations and shapes on a logarithmic axis by the logarithm already.
  return panel[letter].at(axis.type === "log" ? 10 ** Number(value) : (value as number | string));
}

function drawAnnotation(note: Annotation, panels: Map<string, Panel>, paper: Panel["box"]): string {
  const x = place(note.x ?? 0, note.xref, "x", panels, paper);
  const y = place(note.y ?? 0, note.yref, "y", panels, paper);
  const font = (note.font ?? {}) as { color?: string; size?: number };
  const size = font.size ?? 12;
  const parts: string[] = [];
  let textX = x + Number(note.xshift ?? 0);
  let textY = y - Number(note.yshift ?? 0);
  if (note.showarrow !== false) {
    const fromData = note.axref !== undefined && note.axref !== "pixel";
    const tailX = fromData ? place(note.ax, note.axref, "x", panels, paper) : x + Number(note.ax ?? -10);
    const tailY = fromData ? place(note.ay, note.ayref, "y", panels, paper) : y + Number(note.ay ?? -30);
    if (note.arrowhead !== undefined || !fromData || note.arrowcolor) {
      parts.push(
        arrow(
          tailX,
          tailY,
          x,
          y,
          String(note.arrowcolor ?? "#808080"),
          Number(note.standoff ?? 0),
          Number(note.startstandoff ?? 0),
        ),
      );
    }
    [textX, textY] = [tailX, tailY];
  }
  if (!note.text) return parts.join("");
  const lines = note.text.split(/<br\s*\/?>/i);
  const width = 12 + 0.58 * size * Math.max(...lines.map((text) => text.replace(/<[^>]*>/g, "").length));
  const height = 10 + 1.2 * size * lines.length;
  const anchor = note.xanchor === "left" ? "start" : note.xanchor === "right" ? "end" : "middle";
  if (note.yanchor === "bottom") textY -= (1.2 * size * lines.length) / 2;
  if (note.yanchor === "top") textY += (1.2 * size * lines.length) / 2;
  if (note.bordercolor || note.bgcolor) {
    const left = anchor === "start" ? textX : anchor === "end" ? textX - width : textX - width / 2;
    parts.push(
      `<rect x="${px(left)}" y="${px(textY - height / 2)}" width="${px(width)}" height="${px(height)}" fill="${attribute(note.bgcolor)}" stroke="${attribute(note.bordercolor)}"/>`,
    );
  }
  return parts.join("") + textAt(textX, textY, note.text, { size, colour: font.color, anchor });
}

/** From tail to head, stopping short of what stands at either end. */
function arrow(
  x0: number,
  y0: number,
  x1: number,
  y1: number,
  colour: string,
  gapEnd: number,
  gapStart: number,
): string {
  const length = Math.hypot(x1 - x0, y1 - y0);
  if (length < 4) return "";
  const [dx, dy] = [(x1 - x0) / length, (y1 - y0) / length];
  const [hx, hy] = [x1 - dx * gapEnd, y1 - dy * gapEnd];
  const [tx, ty] = [x0 + dx * gapStart, y0 + dy * gapStart];
  const wing = (side: number) => `${px(hx - 8 * dx + side * 4 * dy)} ${px(hy - 8 * dy - side * 4 * dx)}`;
  const head = `<path d="M${px(hx)} ${px(hy)}L${wing(1)}L${wing(-1)}Z" fill="${attribute(colour)}"/>`;
  return `<path d="M${px(tx)} ${px(ty)}L${px(hx - 6 * dx)} ${px(hy - 6 * dy)}"${stroke(colour, 1.5)}/>${head}`;
}

function drawShape(shape: Record<string, unknown>, panels: Map<string, Panel>, paper: Panel["box"]): string {
  const [x0, x1] = ["x0", "x1"].map((key) => place(shape[key], shape.xref, "x", panels, paper));
  const [y0, y1] = ["y0", "y1"].map((key) => place(shape[key], shape.yref, "y", panels, paper));
  const pen = (shape.line ?? {}) as { color?: string; width?: number; dash?: string };
  const fill = attribute(shape.fillcolor);
  const outline = stroke(pen.color ?? "#808080", pen.width ?? 2, pen.dash).replace(
    'fill="none"',
    `fill="${fill}"`,
  );
  const faint = typeof shape.opacity === "number" ? ` opacity="${shape.opacity}"` : "";
  if (shape.type === "line") return `<path d="M${px(x0)} ${px(y0)}L${px(x1)} ${px(y1)}"${outline}${faint}/>`;
  if (shape.type === "circle") {
    const radii = `rx="${px(Math.abs(x1 - x0) / 2)}" ry="${px(Math.abs(y1 - y0) / 2)}"`;
    return `<ellipse cx="${px((x0 + x1) / 2)}" cy="${px((y0 + y1) / 2)}" ${radii}${outline}${faint}/>`;
  }
  const box = `x="${px(Math.min(x0, x1))}" y="${px(Math.min(y0, y1))}" width="${px(Math.abs(x1 - x0))}" height="${px(Math.abs(y1 - y0))}"`;
  return shape.type === "rect" ? `<rect ${box}${outline}${faint}/>` : "";
}

/** Names and samples above the picture, in as many rows as they need. */
function legendOf(data: readonly Trace[], layout: Layout): { parts: string[]; rows: number } {
  const named = data.filter(
    (trace) => trace.name && trace.showlegend !== false && (trace.type ?? "scatter") === "scatter",
  );
  if (
    layout.showlegend === false ||
    named.length === 0 ||
    (layout.showlegend === undefined && named.length < 2)
  )
    return { parts: [], rows: 0 };
  const left = 62;
  let x = left;
  let rows = 1;
  const parts = named.map((trace) => {
    const width = 46 + 7.3 * (trace.name ?? "").length;
    if (x > left && x + width > WIDTH) {
      x = left;
      rows += 1;
    }
    const y = 14 + LEGEND_ROW * (rows - 1);
    const colour = colourOf(trace, data.indexOf(trace));
    const mode = trace.mode ?? "lines";
    const sample = mode.includes("lines")
      ? `<path d="M${px(x)} ${y}h22"${stroke(colour, 2, trace.line?.dash)}/>`
      : `<path d="M${px(x + 11)} ${y}h0" stroke="${attribute(colour)}" stroke-width="9" stroke-linecap="${trace.marker?.symbol === "square" ? "square" : "round"}"/>`;
    const text = textAt(x + 28, y, trace.name ?? "", { anchor: "start" });
    x += width;
    return sample + text;
  });
  return { parts, rows };
}

function colourOf(trace: Trace, index: number): string {
  const marker = trace.marker?.color;
  return trace.line?.color ?? (typeof marker === "string" ? marker : series[index % series.length]);
}

/** A colour from data, safe inside an attribute. */
function attribute(value: unknown): string {
  return escapeHtml(String(value ?? "none"));
}
