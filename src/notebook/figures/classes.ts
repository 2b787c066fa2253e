/**
 * Points of two classes in the plane, and the region in which a classifier decides for each. Class 0 is blue and
 * round, class 1 orange and square, so that colour is never the only difference.
 */

import { Matrix } from "../../index";
import {
  axis,
  flag,
  grid,
  inside,
  listOf,
  numberIn,
  type OptionTable,
  points,
  region,
  requireOptions,
  rowsOfNumbers,
  text,
  texts,
} from "../options";
import { meaning, regionScale, series } from "../palette";
import { type AxisOption, axisOf } from "./axis";
import type { Figure, Numbers, Trace } from "./figure";
import type { Points, Region } from "./points";

export interface PointsOptions {
  readonly title: string;
  readonly points: Points;
  readonly x: AxisOption;
  readonly y: AxisOption;
  /** Names for the legend, by class: ["rejected", "approved"]. */
  readonly names?: readonly string[];
  readonly region?: Region;
  /** Of a point's mark, in pixels; 6 when left out, more where there are few. */
  readonly size?: number;
  /** Below 1, where points of both classes lie on each other; 1 when left out. */
  readonly opacity?: number;
  /** The classes take turns to lie on top, where they lie on each other; without it, the later class covers the earlier. */
  readonly interleave?: boolean;
  /** One unit as long on both axes; true when left out. Wrong for income against credit score. */
  readonly square?: boolean;
}

const aPlane = {
  title: text,
  points,
  x: axis,
  y: axis,
  names: texts,
  size: numberIn({ from: 0, openFrom: true }),
  opacity: numberIn({ from: 0, to: 1 }),
  interleave: flag,
  square: flag,
};

const OPTIONS: OptionTable<PointsOptions> = { ...aPlane, region };

/** Points by class, over a decision region if there is one. */
export function scatter(options: PointsOptions): Figure {
  requireOptions("scatter", options, OPTIONS, ["title", "points", "x", "y"]);
  return draw(options);
}

function draw(options: PointsOptions): Figure {
  const { title, points, x, y, region, names, size, opacity } = options;
  return {
    data: [
      ...(region === undefined ? [] : [regionTrace(region)]),
      ...(options.interleave ? takingTurns : asTheyAre)(pointTraces(points, names, size, opacity)),
    ],
    layout: planeLayout(title, x, y, options.square ?? true, region),
  };
}

/** One moment of a training run. */
export interface RegionFrame {
  /** What the slider says: "epoch 40" shows as 40. */
  readonly name: string;
  readonly z: readonly Numbers[];
}

export interface RegionFilmOptions extends Omit<PointsOptions, "region"> {
  /** The grid that every frame's z lies on. */
  readonly grid: { readonly x: Numbers; readonly y: Numbers };
  readonly frames: readonly RegionFrame[];
  /** What the slider moves; "epoch" when left out. */
  readonly label?: string;
}

const FILM_OPTIONS: OptionTable<RegionFilmOptions> = {
  ...aPlane,
  grid,
  frames: listOf("frames", inside<RegionFrame>({ name: text, z: rowsOfNumbers }, ["name", "z"]), 1),
  label: text,
};

/** A decision region that changes over the epochs, with a slider and a play button. It opens on the first frame. */
export function regionFilm(options: RegionFilmOptions): Figure {
  requireOptions("regionFilm", options, FILM_OPTIONS, ["title", "points", "x", "y", "grid", "frames"]);
  const { grid, frames } = options;
  return {
    ...draw({ ...options, region: { ...grid, z: frames[0].z } }),
    frames: frames.map(({ name, z }) => ({ name, data: [{ z }], traces: [0] })),
    slider: { label: options.label ?? "epoch", play: 400 },
  };
}

/** Evenly spaced values from `from` to `to`, both included: one side of a region's grid. */
export function gridAxis(from: number, to: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) =>
    Number((from + ((to - from) * i) / (count - 1)).toPrecision(6)),
  );
}

/**
 * What a network answers everywhere: z for a region or a map.
 * @param answer from (2 × n) points to (outputs × n): `(plane) => predict(network, plane)`
 * @param x the grid's columns
 * @param y the grid's rows; the same as x when left out
 * @param row which output, counted from 0
 */
export function regionOf(
  answer: (plane: Matrix) => Matrix,
  x: readonly number[],
  y: readonly number[] = x,
  row = 0,
): number[][] {
  const plane = Matrix.from([y.flatMap(() => x), y.flatMap((value) => x.map(() => value))]);
  const answers = answer(plane);
  return y.map((_, i) => x.map((_, j) => Number(answers.at(row, i * x.length + j).toFixed(3))));
}

function regionTrace({ x, y, z }: Region): Trace {
  return {
    type: "contour",
    name: "P(class 1)",
    x,
    y,
    z,
    zmin: 0,
    zmax: 1,
    autocontour: false,
    // "fill" would paint one translucent level over another
    contours: { start: 0, end: 1, size: 0.1, coloring: "heatmap", showlines: false },
    line: { width: 0 },
    colorscale: regionScale,
    showscale: false,
    showlegend: false,
    hovertemplate: "P(class 1) = %{z:.2f}<extra></extra>",
  };
}

const SYMBOLS = ["circle", "square", "diamond", "triangle-up", "x"];

export function pointTraces(
  { inputs, targets }: Points,
  names?: readonly string[],
  size = 6,
  opacity = 1,
): Trace[] {
  const classes = Math.max(targets.rows, 2);
  const colors = [
    meaning.class0,
    meaning.class1,
    ...series.filter((c) => c !== meaning.class0 && c !== meaning.class1),
  ];
  return Array.from({ length: classes }, (_, label) => {
    const members = Array.from({ length: inputs.columns }, (_, j) => j).filter(
      (j) => labelOf(targets, j) === label,
    );
    return {
      type: "scatter",
      mode: "markers",
      name: names?.[label] ?? `class ${label}`,
      x: members.map((j) => round(inputs.at(0, j))),
      y: members.map((j) => round(inputs.at(1, j))),
      marker: {
        color: colors[label % colors.length],
        symbol: SYMBOLS[label % SYMBOLS.length],
        size,
        ...(opacity < 1 && { opacity }),
        line: { width: 0.7, color: "#ffffff" },
      },
    };
  });
}

const asTheyAre = (traces: Trace[]): Trace[] => traces;

/** How often the classes take turns. */
const TURNS = 8;

/** Every class in parts, painted by turns. Only its first part stands in the legend, and speaks for all. */
function takingTurns(traces: Trace[]): Trace[] {
  return Array.from({ length: TURNS }, (_, turn) =>
    traces.map((trace): Trace => {
      const part = (values: Trace["x"]) =>
        Array.from(values as ArrayLike<number>).filter((_, j) => j % TURNS === turn);
      return {
        ...trace,
        x: part(trace.x),
        y: part(trace.y),
        legendgroup: trace.name,
        ...(turn > 0 && { showlegend: false }),
      };
    }),
  ).flat();
}

/** One row of labels, or one-hot columns. */
function labelOf(targets: Matrix, j: number): number {
  if (targets.rows === 1) return targets.at(0, j) > 0.5 ? 1 : 0;
  let best = 0;
  for (let i = 1; i < targets.rows; i++) if (targets.at(i, j) > targets.at(best, j)) best = i;
  return best;
}

/** Six digits place a point within a pixel, and halve the size of the page. */
function round(value: number): number {
  return Number(value.toPrecision(6));
}

function planeLayout(
  title: string,
  x: AxisOption,
  y: AxisOption,
  square: boolean,
  region?: Pick<Region, "x" | "y">,
): Figure["layout"] {
  // A region ends where its grid does, and so do the axes; a picture of equal units stands below its legend.
  const ends = (values: Numbers) => ({ range: [values[0], values[values.length - 1]] as const });
  return {
    title: { text: title },
    xaxis: {
      ...axisOf(x),
      zeroline: false,
      ...(region && ends(region.x)),
      ...(square && { constrain: "domain", constraintoward: "left" }),
    },
    yaxis: {
      ...axisOf(y),
      zeroline: false,
      ...(region && ends(region.y)),
      ...(square && { scaleanchor: "x", scaleratio: 1, constrain: "domain", constraintoward: "top" }),
    },
    showlegend: true,
    height: 480,
  };
}
