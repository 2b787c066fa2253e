/**
 * A loss over two parameters as a landscape, with the walks of optimizers on it: from above, with contour lines, or
 * as a surface that can be turned. Every walk begins at a hollow circle.
 */

import {
  aFunction,
  axis,
  dash,
  finite,
  grid,
  inside,
  listOf,
  numberIn,
  numbers,
  type OptionTable,
  region,
  requireOptions,
  text,
} from "../options";
import { type AxisOption, axisOf } from "./axis";
import type { Annotation, Figure, Line, Numbers, Trace } from "./figure";

/** The ground: z[i][j] is the height at (x[j], y[i]). */
export interface Ground {
  readonly x: Numbers;
  readonly y: Numbers;
  readonly z: readonly Numbers[];
}

/** A walk: one point [x, y] a step. */
export interface Walk {
  readonly name: string;
  readonly color: string;
  readonly points: readonly (readonly number[])[];
  readonly dash?: Line["dash"];
  /** Plotly's name of a marker, so that colour is not the only difference. */
  readonly symbol?: string;
  /** On a surface: the line's width in pixels, 6 when left out. A wide one shows under another that goes the same way. */
  readonly width?: number;
}

export interface LandscapeOptions {
  readonly title: string;
  readonly x: AxisOption;
  readonly y: AxisOption;
  /** What the contour lines are of: "log₁₀ loss". */
  readonly height: string;
  readonly ground: Ground;
  readonly walks: readonly Walk[];
  /** The heights of the lowest and the highest contour line, and the distance between two. */
  readonly contours?: { readonly start: number; readonly end: number; readonly size: number };
  /** Stands in the upper right corner: how many steps were needed. */
  readonly note?: string;
}

const WALK: OptionTable<Walk> = {
  name: text,
  color: text,
  points: listOf("points [x, y]", numbers),
  dash,
  symbol: text,
  width: numberIn({ from: 0 }),
};
const walks = listOf("walks", inside(WALK, ["name", "color", "points"]));

const OPTIONS: OptionTable<LandscapeOptions> = {
  title: text,
  x: axis,
  y: axis,
  height: text,
  ground: region,
  walks,
  contours: inside<{ start: unknown; end: unknown; size: unknown }>(
    { start: finite, end: finite, size: finite },
    ["start", "end", "size"],
  ),
  note: text,
};

/** The height function on a grid of `x` and `y`, to five digits: more would only make the page larger. */
export function groundOf(height: (x: number, y: number) => number, x: Numbers, y: Numbers): Ground {
  const z = Array.from(y, (at) => Array.from(x, (along) => short(height(along, at))));
  return { x: Array.from(x, short), y: Array.from(y, short), z };
}

/** Contour lines, greener where it is deeper, and walks over them. */
export function landscape(options: LandscapeOptions): Figure {
  requireOptions("landscape", options, OPTIONS, ["title", "x", "y", "height", "ground", "walks"]);
  const { title, x, y, height, ground, walks, contours, note } = options;
  const data: Trace[] = [
    {
      type: "contour",
      name: height,
      ...ground,
      ...(contours && { autocontour: false }),
      contours: { ...contours, coloring: "heatmap", showlines: true },
      colorscale: [
        [0, "rgba(0, 158, 115, 0.40)"],
        [1, "rgba(128, 128, 128, 0.03)"],
      ],
      line: { width: 0.6, color: "rgba(128, 128, 128, 0.6)" },
      showscale: false,
      showlegend: false,
      hovertemplate: `${height} %{z:.2f}<extra></extra>`,
    },
    ...walks.map(flatWalk),
    ...walks.map(startOf),
  ];
  return {
    data,
    layout: {
      title: { text: title },
      xaxis: { ...axisOf(x), zeroline: false },
      yaxis: { ...axisOf(y), zeroline: false },
      showlegend: true,
      height: 460,
      ...(note && { annotations: [corner(note)] }),
    },
  };
}

export interface TerrainOptions {
  readonly title: string;
  readonly x: string;
  readonly y: string;
  readonly z: string;
  readonly height: (x: number, y: number) => number;
  readonly grid: { readonly x: Numbers; readonly y: Numbers };
  readonly walks: readonly Walk[];
  /** Where the eye is, in plotly's units. */
  readonly eye?: { readonly x: number; readonly y: number; readonly z: number };
}

const TERRAIN_OPTIONS: OptionTable<TerrainOptions> = {
  title: text,
  x: text,
  y: text,
  z: text,
  height: aFunction("a function of x and y"),
  grid,
  walks,
  eye: inside<{ x: unknown; y: unknown; z: unknown }>({ x: finite, y: finite, z: finite }, ["x", "y", "z"]),
};

/** Grey, so that the colours of the walks stand out. */
const GROUND = [
  [0, "#6b6b6b"],
  [1, "#d8d8d8"],
];

/** The landscape as a surface in three dimensions, to be turned with the mouse, with walks on it. */
export function terrain(options: TerrainOptions): Figure {
  requireOptions("terrain", options, TERRAIN_OPTIONS, ["title", "x", "y", "z", "height", "grid", "walks"]);
  const { title, x, y, z, height, grid, walks, eye = { x: 2.2, y: 1.15, z: 1 } } = options;
  return {
    data: [
      {
        type: "surface",
        name: z,
        ...groundOf(height, grid.x, grid.y),
        colorscale: GROUND,
        opacity: 0.75,
        // Level lines: without them a grey saddle reads as a trough.
        contours: { z: { show: true, color: "rgba(64, 64, 64, 0.8)", width: 1 } },
        showscale: false,
        hovertemplate: `${z} %{z:.2f}<extra></extra>`,
      },
      ...walks.map(
        (walk): Trace => ({
          type: "scatter3d",
          name: walk.name,
          mode: "lines+markers",
          ...raised(walk.points, height),
          line: { color: walk.color, width: walk.width ?? 6 },
          marker: {
            color: walk.color,
            size: (walk.width ?? 6) / 2 + 1,
            line: { color: "#ffffff", width: 1 },
          },
        }),
      ),
    ],
    layout: {
      title: { text: title },
      showlegend: true,
      height: 460,
      margin: { l: 0, r: 0, b: 0 },
      scene: {
        xaxis: { title: { text: x } },
        yaxis: { title: { text: y } },
        zaxis: { title: { text: z } },
        aspectmode: "manual",
        aspectratio: { x: 0.95, y: 1.15, z: 0.75 },
        camera: { eye, center: { x: 0, y: 0, z: -0.1 } },
      },
    },
  };
}

function flatWalk(walk: Walk): Trace {
  const { name, color, points, dash, symbol } = walk;
  return {
    type: "scatter",
    name,
    mode: "lines+markers",
    ...columns(points),
    line: { color, width: 2, ...(dash && { dash }) },
    marker: { color, size: 5, ...(symbol && { symbol }) },
  };
}

function corner(text: string): Annotation {
  return {
    text,
    x: 1,
    y: 1,
    xref: "paper",
    yref: "paper",
    xanchor: "right",
    yanchor: "top",
    showarrow: false,
  };
}

/** A hollow circle where the walk begins. */
function startOf({ points, color }: Walk): Trace {
  return {
    type: "scatter",
    mode: "markers",
    ...columns(points.slice(0, 1)),
    marker: { color, size: 12, symbol: "circle-open", line: { color, width: 2 } },
    showlegend: false,
    hoverinfo: "skip",
  };
}

function columns(points: readonly (readonly number[])[]): { x: number[]; y: number[] } {
  return { x: points.map(([x]) => short(x)), y: points.map(([, y]) => short(y)) };
}

/** On the surface, and a hair above it, so that the surface does not swallow the line. */
function raised(points: readonly (readonly number[])[], height: (x: number, y: number) => number) {
  return { ...columns(points), z: points.map(([x, y]) => short(height(x, y) + 0.01)) };
}

function short(value: number): number {
  return Number(value.toPrecision(5));
}
