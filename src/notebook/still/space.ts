/** Surfaces and paths in three dimensions, as seen from the figure's camera: parallel lines stay parallel. */

import type { Figure, Trace } from "../figures/figure";
import { escapeHtml } from "../markup";
import { colourScale, cssColour } from "./colour";
import { px, stroke, textAt } from "./svg";

type Point = readonly [number, number, number];

/** More facets than this a side only make the page larger. */
const MOST = 22;

export function drawSpace({ data, layout }: Figure, width: number, height: number): string {
  const scene = (layout.scene ?? {}) as {
    camera?: { eye?: { x: number; y: number; z: number } };
    [axis: string]: unknown;
  };
  const eye = scene.camera?.eye ?? { x: 1.25, y: 1.25, z: 1.25 };
  const limits = (["x", "y", "z"] as const).map((letter) => limitsOf(data, letter));
  const flat = Math.hypot(eye.x, eye.y);
  const far = Math.hypot(eye.x, eye.y, eye.z);
  const size = 0.52 * Math.min(width, 1.3 * height);
  /** A point of the data to the paper, and how near it is to the eye. */
  const project = (point: Point): Point => {
    const [a, b, c] = point.map(
      (value, i) => (value - limits[i][0]) / (limits[i][1] - limits[i][0] || 1) - 0.5,
    );
    const across = (-eye.y * a + eye.x * b) / flat;
    const depth = (eye.x * a + eye.y * b) / flat;
    const up = c * (flat / far) - depth * (eye.z / far);
    return [width / 2 + size * across, height / 2 - size * up, depth * (flat / far) + c * (eye.z / far)];
  };
  const parts = [frame(project, limits), axisNames(project, limits, scene)];
  for (const trace of data) {
    if (trace.type === "surface") parts.push(facets(trace, project, limits[2]));
    else if (trace.type === "scatter3d") parts.push(path(trace, project));
  }
  return parts.join("");
}

function facets(trace: Trace, project: (point: Point) => Point, [low, high]: readonly number[]): string {
  const z = Array.from((trace.z ?? []) as ArrayLike<ArrayLike<number>>, (row) => Array.from(row));
  const rows = everySo(z.length);
  const columns = everySo(z[0]?.length ?? 0);
  const x = coordinates(trace.x, z[0]?.length ?? 0);
  const y = coordinates(trace.y, z.length);
  const scale = colourScale(trace.colorscale);
  const quads: { depth: number; svg: string }[] = [];
  for (let r = 0; r + 1 < rows.length; r++) {
    for (let c = 0; c + 1 < columns.length; c++) {
      const places = [
        [r, c],
        [r, c + 1],
        [r + 1, c + 1],
        [r + 1, c],
      ].map(([i, j]) => [rows[i], columns[j]] as const);
      const heights = places.map(([i, j]) => z[i][j]);
      if (!heights.every(Number.isFinite)) continue;
      const corners = places.map(([i, j]) => project([x[j], y[i], z[i][j]]));
      const mean = heights.reduce((sum, value) => sum + value, 0) / 4;
      const colour = cssColour(scale((mean - low) / (high - low || 1)));
      const outline = corners.map(([u, v]) => `${px(u)} ${px(v)}`).join("L");
      quads.push({
        depth: corners.reduce((sum, corner) => sum + corner[2], 0),
        svg: `<path d="M${outline}Z" fill="${colour}" stroke="${colour}" stroke-width="0.6"/>`,
      });
    }
  }
  // The farthest first: what is nearer covers it.
  return quads
    .sort((a, b) => a.depth - b.depth)
    .map(({ svg }) => svg)
    .join("");
}

function path(trace: Trace, project: (point: Point) => Point): string {
  const [xs, ys, zs] = (["x", "y", "z"] as const).map((letter) =>
    Array.from((trace[letter] ?? []) as ArrayLike<number>),
  );
  const points = xs.map((x, i) => project([x, ys[i], zs[i]])).filter((p) => p.every(Number.isFinite));
  const colour =
    trace.line?.color ?? (typeof trace.marker?.color === "string" ? trace.marker.color : "#808080");
  const mode = trace.mode ?? "lines+markers";
  const outline = points.map(([u, v]) => `${px(u)} ${px(v)}`);
  const line = mode.includes("lines") ? `<path d="M${outline.join("L")}"${stroke(colour, 2)}/>` : "";
  const dots = mode.includes("markers")
    ? `<path d="${outline.map((place) => `M${place}h0`).join("")}" stroke="${escapeHtml(colour)}" stroke-width="5" stroke-linecap="round"/>`
    : "";
  return points.length > 0 ? line + dots : "";
}

/** The three edges of the box at the floor and the far side, as a hint of space. */
function frame(project: (point: Point) => Point, [x, y, z]: readonly (readonly number[])[]): string {
  const floor = [
    [x[0], y[0]],
    [x[1], y[0]],
    [x[1], y[1]],
    [x[0], y[1]],
  ].map(([a, b]) => project([a, b, z[0]]));
  return `<path d="M${floor.map(([u, v]) => `${px(u)} ${px(v)}`).join("L")}Z"${stroke("rgba(128,128,128,0.6)", 1)}/>`;
}

function axisNames(
  project: (point: Point) => Point,
  [x, y, z]: readonly (readonly number[])[],
  scene: Record<string, unknown>,
): string {
  const name = (axis: string) =>
    (scene[axis] as { title?: { text?: string } } | undefined)?.title?.text ?? "";
  const middle = (limits: readonly number[]) => (limits[0] + limits[1]) / 2;
  const front = (a: Point, b: Point) => (a[2] > b[2] ? a : b);
  const alongX = front(project([middle(x), y[0], z[0]]), project([middle(x), y[1], z[0]]));
  const alongY = front(project([x[0], middle(y), z[0]]), project([x[1], middle(y), z[0]]));
  return textAt(alongX[0], alongX[1] + 22, name("xaxis")) + textAt(alongY[0], alongY[1] + 22, name("yaxis"));
}

function limitsOf(data: readonly Trace[], letter: "x" | "y" | "z"): [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  const see = (value: number) => {
    if (!Number.isFinite(value)) return;
    low = Math.min(low, value);
    high = Math.max(high, value);
  };
  for (const trace of data) {
    if (trace.type === "surface") {
      const z = (trace.z ?? []) as ArrayLike<ArrayLike<number>>;
      if (letter === "z") for (const row of Array.from(z)) Array.from(row).forEach(see);
      else coordinates(trace[letter], letter === "y" ? z.length : (z[0]?.length ?? 0)).forEach(see);
    } else Array.from((trace[letter] ?? []) as ArrayLike<number>).forEach(see);
  }
  return low < high ? [low, high] : [low - 1, low + 1];
}

function coordinates(given: Trace["x"], length: number): number[] {
  return given ? Array.from(given as ArrayLike<number>) : Array.from({ length }, (_, i) => i);
}

/** At most MOST indices, evenly spaced, first and last among them. */
function everySo(length: number): number[] {
  const count = Math.min(length, MOST);
  return Array.from({ length: count }, (_, i) => Math.round((i * (length - 1)) / Math.max(1, count - 1)));
}
