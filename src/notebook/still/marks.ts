/** The traces of a still picture in the plane: lines, points, bars, grids of colour. */

import type { Trace } from "../figures/figure";
import { escapeHtml } from "../markup";
import type { Scale } from "./axis";
import { colourScale, cssColour } from "./colour";
import { isoline } from "./isoline";
import { pngUri } from "./png";
import { pathThrough, px, stroke, textAt } from "./svg";

/** Draws one trace, or says that it cannot. */
export function drawTrace(trace: Trace, x: Scale, y: Scale, colour: string): string | undefined {
  switch (trace.type ?? "scatter") {
    case "scatter":
      return scatter(trace, x, y, colour);
    case "bar":
      return bars(trace, x, y, colour);
    case "heatmap":
    case "contour":
      return grid(trace, x, y);
    default:
      return undefined;
  }
}

function scatter(trace: Trace, x: Scale, y: Scale, colour: string): string {
  const ys = Array.from((trace.y ?? []) as ArrayLike<number | string>);
  const xs = trace.x ? Array.from(trace.x as ArrayLike<number | string>) : ys.map((_, i) => i);
  const points = xs.map((value, i) => [x.at(value), isMissing(ys[i]) ? Number.NaN : y.at(ys[i])] as const);
  const mode = trace.mode ?? "lines+markers";
  const lineColour = trace.line?.color ?? markerColour(trace, colour);
  const parts: string[] = [];
  if (mode.includes("lines")) {
    const path = pathThrough(trace.line?.shape === "hv" ? stairs(points) : points);
    if (trace.fill && trace.fill !== "none") {
      const fill = typeof trace.fillcolor === "string" ? trace.fillcolor : "rgba(128,128,128,0.15)";
      const toZero = trace.fill === "tozeroy" && points.length > 0;
      const base = toZero
        ? `L${px(points[points.length - 1][0])} ${px(y.at(0))}L${px(points[0][0])} ${px(y.at(0))}`
        : "";
      parts.push(`<path d="${path}${base}Z" fill="${escapeHtml(fill)}"/>`);
    }
    if (trace.line?.width !== 0)
      parts.push(`<path d="${path}"${stroke(lineColour, trace.line?.width ?? 2, trace.line?.dash)}/>`);
  }
  if (mode.includes("markers")) {
    for (const marker of markers(trace, points, markerColour(trace, colour))) parts.push(marker);
  }
  if (mode.includes("text") && trace.text) {
    const texts = trace.text;
    const font = (trace.textfont ?? {}) as { color?: string };
    const shift = String(trace.textposition ?? "").includes("top")
      ? -10
      : String(trace.textposition ?? "").includes("bottom")
        ? 10
        : 0;
    points.forEach(([px_, py], i) => {
      const text = typeof texts === "string" ? texts : texts[i];
      if (text && Number.isFinite(py))
        parts.push(textAt(px_, py + shift, text, { size: 11, colour: font.color }));
    });
  }
  return group(parts, trace.opacity);
}

/** Points of one colour and size are one path of dots: a stroke of no length with a round or square end. */
function markers(trace: Trace, points: readonly (readonly [number, number])[], colour: string): string[] {
  const { size = 6, color, symbol = "circle", opacity } = trace.marker ?? {};
  const scale = colourScale(trace.marker?.colorscale);
  const [low, high] = bounds(color);
  const groups = new Map<string, string>();
  points.forEach(([x, y], i) => {
    if (!Number.isFinite(x) || !Number.isFinite(y)) return;
    const width = typeof size === "number" ? size : size[i];
    const own = typeof color === "object" ? color[i] : undefined;
    const paint =
      typeof own === "string"
        ? own
        : typeof own === "number"
          ? cssColour(scale((own - low) / (high - low || 1)))
          : colour;
    const shape = typeof symbol === "string" ? symbol : symbol[i];
    const cap = /square|diamond|x|cross/.test(shape) ? "square" : "round";
    const key = `stroke="${escapeHtml(paint)}" stroke-width="${px(width)}" stroke-linecap="${cap}"`;
    groups.set(key, `${groups.get(key) ?? ""}M${px(x)} ${px(y)}h0`);
  });
  const faint = typeof opacity === "number" && opacity < 1 ? ` opacity="${opacity}"` : "";
  return [...groups].map(([style, path]) => `<path d="${path}" ${style}${faint}/>`);
}

function bars(trace: Trace, x: Scale, y: Scale, colour: string): string {
  const ys = Array.from((trace.y ?? []) as ArrayLike<number>);
  const xs = trace.x ? Array.from(trace.x as ArrayLike<number | string>) : ys.map((_, i) => i);
  const places = xs.map((value) => x.at(value));
  const gaps = [...places]
    .sort((a, b) => a - b)
    .flatMap((place, i, all) => (i > 0 ? [place - all[i - 1]] : []));
  const gap = gaps.reduce((least, g) => (g > 0 ? Math.min(least, g) : least), 120);
  const width = typeof trace.width === "number" ? Math.abs(trace.width * x.unit) : 0.8 * gap;
  const { base } = trace;
  const { color } = trace.marker ?? {};
  return ys
    .map((height, i) => {
      const foot = Array.isArray(base) ? Number(base[i]) : Number(base ?? 0);
      const top = y.at(foot + height);
      const bottom = y.at(foot);
      const paint = typeof color === "string" ? color : typeof color === "object" ? String(color[i]) : colour;
      const box = `x="${px(places[i] - width / 2)}" y="${px(Math.min(top, bottom))}" width="${px(width)}" height="${px(Math.abs(top - bottom))}"`;
      const texts = trace.text;
      const label = texts
        ? textAt(places[i], Math.min(top, bottom) - 9, typeof texts === "string" ? texts : texts[i], {
            size: 11,
          })
        : "";
      return `<rect ${box} fill="${escapeHtml(paint)}"/>${label}`;
    })
    .join("");
}

/** A grid of numbers as a picture, one pixel a number: hard-edged for a heat map, smooth for a landscape. */
function grid(trace: Trace, x: Scale, y: Scale): string {
  const rows = Array.from((trace.z ?? []) as ArrayLike<ArrayLike<number>>, (row) => Array.from(row));
  const width = rows[0]?.length ?? 0;
  if (width === 0) return "";
  const [low, high] = bounds(rows.flat());
  const from = typeof trace.zmin === "number" ? trace.zmin : low;
  const to = typeof trace.zmax === "number" ? trace.zmax : high;
  const scale = colourScale(trace.colorscale);
  const smooth = trace.type === "contour" || trace.zsmooth === "best";
  const xs = trace.x
    ? Array.from(trace.x as ArrayLike<number | string>, (v) => x.at(v))
    : rows[0].map((_, j) => x.at(j));
  const ys = trace.y
    ? Array.from(trace.y as ArrayLike<number | string>, (v) => y.at(v))
    : rows.map((_, i) => y.at(i));
  // Rows of the picture go down, columns to the right, whichever way the axes go.
  const down = ys[0] <= ys[ys.length - 1];
  const right = xs[0] <= xs[xs.length - 1];
  const rgba = new Uint8Array(rows.length * width * 4);
  rows.forEach((row, i) => {
    const line = down ? i : rows.length - 1 - i;
    row.forEach((value, j) => {
      if (!Number.isFinite(value)) return;
      const [r, g, b, a] = scale((value - from) / (to - from || 1));
      rgba.set([r, g, b, 255 * a].map(Math.round), 4 * (line * width + (right ? j : width - 1 - j)));
    });
  });
  const stepX = Math.abs(xs[xs.length - 1] - xs[0]) / Math.max(1, width - 1) || Math.abs(x.unit);
  const stepY = Math.abs(ys[ys.length - 1] - ys[0]) / Math.max(1, rows.length - 1) || Math.abs(y.unit);
  const left = Math.min(xs[0], xs[xs.length - 1]) - stepX / 2;
  const top = Math.min(ys[0], ys[ys.length - 1]) - stepY / 2;
  const box = `x="${px(left)}" y="${px(top)}" width="${px(stepX * width)}" height="${px(stepY * rows.length)}"`;
  const rendering = smooth ? "" : ' style="image-rendering:pixelated"';
  const image = `<image ${box} preserveAspectRatio="none"${rendering} href="${pngUri({ width, height: rows.length, rgba })}"/>`;
  return (
    image +
    (trace.type === "contour" ? contourLines(trace, rows, xs, ys, low, high) : numbers(trace, rows, xs, ys))
  );
}

/** The numbers in a heat map's squares, where it writes them. */
function numbers(trace: Trace, rows: number[][], xs: number[], ys: number[]): string {
  const digits = /^%\{z:\.(\d+)f\}$/.exec(String(trace.texttemplate ?? ""))?.[1];
  if (digits === undefined) return "";
  const font = (trace.textfont ?? {}) as { color?: string };
  return rows
    .flatMap((row, i) =>
      row.map((value, j) =>
        Number.isFinite(value)
          ? textAt(xs[j], ys[i], value.toFixed(Number(digits)).replace("-", "−"), {
              colour: font.color ?? "#808080",
            })
          : "",
      ),
    )
    .join("");
}

/** The lines of equal height, where the figure wants to see them. */
function contourLines(
  trace: Trace,
  rows: number[][],
  xs: number[],
  ys: number[],
  low: number,
  high: number,
): string {
  const { showlines, start, end, size } = (trace.contours ?? {}) as {
    showlines?: boolean;
    start?: number;
    end?: number;
    size?: number;
  };
  if (showlines === false || trace.line?.width === 0) return "";
  const step = size ?? (high - low) / 10;
  const first = start ?? low + step;
  const count = Math.min(40, Math.floor(((end ?? high) - first) / step + 1e-9) + 1);
  const levels = Array.from({ length: Math.max(0, count) }, (_, k) => first + k * step);
  const path = levels.map((level) => isoline(rows, xs, ys, level)).join("");
  return `<path d="${path}"${stroke(trace.line?.color ?? "rgba(128,128,128,0.6)", trace.line?.width ?? 0.6)}/>`;
}

function markerColour(trace: Trace, colour: string): string {
  return typeof trace.marker?.color === "string" ? trace.marker.color : colour;
}

function bounds(values: unknown): [number, number] {
  if (typeof values !== "object" || values === null) return [0, 1];
  const numbers = Array.from(values as ArrayLike<unknown>).filter((v): v is number => Number.isFinite(v));
  return numbers.reduce(
    ([low, high], v) => [Math.min(low, v), Math.max(high, v)],
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  );
}

function stairs(points: readonly (readonly [number, number])[]): (readonly [number, number])[] {
  return points.flatMap((point, i) => (i === 0 ? [point] : [[point[0], points[i - 1][1]] as const, point]));
}

function isMissing(value: unknown): boolean {
  return value === null || value === undefined || Number.isNaN(value);
}

function group(parts: readonly string[], opacity: unknown): string {
  return typeof opacity === "number" && opacity < 1
    ? `<g opacity="${opacity}">${parts.join("")}</g>`
    : parts.join("");
}
