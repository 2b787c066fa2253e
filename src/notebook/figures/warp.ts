/**
 * What a layer does to the plane: a mesh and some points glide from where the input has them to where the layer
 * puts them. A fold can be seen to fold.
 */

import {
  aFunction,
  axis,
  finite,
  listOf,
  type OptionTable,
  pair,
  points,
  requireOptions,
  text,
  texts,
} from "../options";
import { meaning, palette } from "../palette";
import { type AxisOption, axisOf } from "./axis";
import { pointTraces } from "./classes";
import type { Figure, Trace } from "./figure";
import type { Points } from "./points";

export interface WarpOptions {
  readonly title: string;
  readonly points: Points;
  readonly names?: readonly string[];
  /** Where the layer puts the point (x, y). */
  readonly warp: (x: number, y: number) => readonly [number, number];
  /** The mesh spans from … to on both axes. */
  readonly from: number;
  readonly to: number;
  /** Two ends of the next layer's line, drawn once everything has arrived. */
  readonly line?: readonly [readonly [number, number], readonly [number, number]];
  readonly x: AxisOption;
  readonly y: AxisOption;
}

const OPTIONS: OptionTable<WarpOptions> = {
  title: text,
  points,
  names: texts,
  warp: aFunction("a function of x and y"),
  from: finite,
  to: finite,
  line: listOf("two ends", pair, 2),
  x: axis,
  y: axis,
};

const MESH_LINES = 17;
const STEPS = 10;

/** A mesh under way, with a slider from 0 % (the input) to 100 % (the layer's output). It opens where the input is. */
export function planeWarp(options: WarpOptions): Figure {
  requireOptions("planeWarp", options, OPTIONS, ["title", "points", "warp", "from", "to", "x", "y"]);
  const { title, points, names, warp, from, to, line, x, y } = options;
  const moved =
    (share: number) =>
    (px: number, py: number): [number, number] => {
      const [qx, qy] = warp(px, py);
      return [round(px + share * (qx - px)), round(py + share * (qy - py))];
    };
  const traces = (share: number): Trace[] => {
    const move = moved(share);
    return [
      mesh(from, to, move),
      lineTrace(line, share === 1),
      ...pointTraces(points, names, 13).map((trace) => {
        const [xs, ys] = [trace.x as number[], trace.y as number[]];
        const places = xs.map((px, k) => move(px, ys[k]));
        return {
          ...trace,
          x: places.map(([px]) => px),
          y: places.map(([, py]) => py),
        };
      }),
    ];
  };
  return {
    data: traces(0),
    layout: {
      title: { text: title },
      xaxis: {
        ...axisOf(x),
        zeroline: false,
        range: [from - 0.1, to + 0.1],
        constrain: "domain",
        constraintoward: "left",
      },
      yaxis: {
        ...axisOf(y),
        zeroline: false,
        range: [from - 0.1, to + 0.1],
        scaleanchor: "x",
        scaleratio: 1,
        constrain: "domain",
      },
      showlegend: true,
      height: 480,
    },
    frames: Array.from({ length: STEPS + 1 }, (_, k) => {
      const data = traces(k / STEPS).map(({ x: xs, y: ys, opacity }) => ({
        x: xs,
        y: ys,
        ...(opacity !== undefined && { opacity }),
      }));
      return { name: `${(100 * k) / STEPS} %`, data };
    }),
    slider: { label: "moved", start: 0, play: 200 },
  };
}

/** All mesh lines as one trace; NaN lifts the pen between two of them. */
function mesh(from: number, to: number, move: (x: number, y: number) => [number, number]): Trace {
  const ticks = Array.from({ length: MESH_LINES }, (_, i) => from + ((to - from) * i) / (MESH_LINES - 1));
  const pen = ticks.flatMap((fixed) => [
    ...ticks.map((along) => move(fixed, along)),
    [Number.NaN, Number.NaN],
    ...ticks.map((along) => move(along, fixed)),
    [Number.NaN, Number.NaN],
  ]);
  return {
    type: "scatter",
    mode: "lines",
    x: pen.map(([px]) => px),
    y: pen.map(([, py]) => py),
    line: { color: palette.grey, width: 0.8 },
    hoverinfo: "skip",
    showlegend: false,
  };
}

function lineTrace(line: WarpOptions["line"], arrived: boolean): Trace {
  return {
    type: "scatter",
    mode: "lines",
    name: "the next layer's line",
    x: line?.map(([px]) => px) ?? [],
    y: line?.map(([, py]) => py) ?? [],
    line: { color: meaning.emphasis, width: 2.5, dash: "dash" },
    opacity: arrived ? 1 : 0,
    hoverinfo: "skip",
    showlegend: false,
  };
}

function round(value: number): number {
  return Number(value.toPrecision(4));
}
