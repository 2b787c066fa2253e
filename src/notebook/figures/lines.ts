/**
 * Curves over a common axis: losses over epochs, an activation and its slope, errors by step size. Up to three
 * curves carry their names at their right end; more get a legend.
 */

import {
  axis,
  dash,
  inside,
  listOf,
  numberIn,
  numbers,
  type OptionTable,
  oneOf,
  requireOptions,
  text,
} from "../options";
import { series as seriesColors } from "../palette";
import { type AxisOption, axisOf, extent } from "./axis";
import { type CurveEnd, endLabels } from "./end-labels";
import type { Figure, Line, Numbers, Trace } from "./figure";

export interface Curve {
  readonly name: string;
  readonly x: Numbers;
  readonly y: Numbers;
  /** Without it, the next colour of the palette. */
  readonly color?: string;
  readonly dash?: Line["dash"];
  readonly width?: number;
  /** Markers as well as the line; "only" for markers alone. A single point is always a marker. */
  readonly points?: boolean | "only";
  /** The marker's shape, so that colour is not the only difference. */
  readonly symbol?: string;
}

export interface LinesOptions {
  readonly title: string;
  readonly x: AxisOption;
  readonly y: AxisOption;
  readonly series: readonly Curve[];
  /** "direct" writes names at the curves' ends, "legend" above the plot; direct for up to three when left out. */
  readonly labels?: "direct" | "legend";
}

const CURVE: OptionTable<Curve> = {
  name: text,
  x: numbers,
  y: numbers,
  color: text,
  dash,
  width: numberIn({ from: 0 }),
  points: oneOf(true, false, "only"),
  symbol: text,
};

const OPTIONS: OptionTable<LinesOptions> = {
  title: text,
  x: axis,
  y: axis,
  series: listOf("curves", inside(CURVE, ["name", "x", "y"])),
  labels: oneOf("direct", "legend"),
};

/** Curves as a figure. */
export function lines(options: LinesOptions): Figure {
  requireOptions("lines", options, OPTIONS, ["title", "x", "y", "series"]);
  const { title, x, y, series, labels } = options;
  const direct = (labels ?? (series.length <= 3 ? "direct" : "legend")) === "direct";
  const colors = series.map((curve, i) => curve.color ?? seriesColors[i % seriesColors.length]);
  return {
    data: series.map((curve, i) => curveTrace(curve, colors[i])),
    layout: {
      title: { text: title },
      xaxis: {
        ...axisOf(x, everyValue(series, "x")),
        // Names beside the curves' ends would otherwise push the axis beyond the data.
        ...(direct && !isLog(x) && typeof x === "string" && { range: padded(everyValue(series, "x")) }),
      },
      yaxis: axisOf(y, everyValue(series, "y")),
      showlegend: !direct,
      ...(direct && {
        annotations: endLabels(
          series.map((curve, i) => endOf(curve, colors[i], isLog(x), isLog(y))),
          shownRange(y, everyValue(series, "y")),
        ),
        margin: { r: 16 + 7.2 * Math.max(...series.map(({ name }) => name.length)) },
      }),
    },
  };
}

function curveTrace(curve: Curve, color: string): Trace {
  const single = curve.x.length === 1;
  const mode = single || curve.points === "only" ? "markers" : curve.points ? "lines+markers" : "lines";
  return {
    type: "scatter",
    name: curve.name,
    x: curve.x,
    y: curve.y,
    mode,
    line: { color, width: curve.width ?? 2, ...(curve.dash && { dash: curve.dash }) },
    marker: { color, size: single ? 10 : 6, ...(curve.symbol && { symbol: curve.symbol }) },
  };
}

/** The curve's last finite point. Annotations on a logarithmic axis are placed by the logarithm. */
function endOf({ name, x, y }: Curve, color: string, logX: boolean, logY: boolean): CurveEnd {
  let last = x.length - 1;
  while (last > 0 && !Number.isFinite(y[last])) last -= 1;
  return {
    text: name,
    color,
    x: logX ? Math.log10(x[last]) : x[last],
    y: logY ? Math.log10(y[last]) : y[last],
  };
}

/** What an axis shows, in its annotations' units. */
function shownRange(option: AxisOption, values: Iterable<number>): readonly [number, number] {
  const given = typeof option === "string" ? undefined : option.range;
  const log = isLog(option);
  const span = given ?? extent(values, (value) => !log || value > 0) ?? [0, 1];
  return log ? [Math.log10(span[0]), Math.log10(span[1])] : span;
}

function isLog(option: AxisOption): boolean {
  return typeof option !== "string" && option.type === "log";
}

function* everyValue(series: readonly Curve[], along: "x" | "y"): Generator<number> {
  for (const curve of series) yield* Array.from(curve[along]);
}

/** The extent of the values, and a little air on both sides. */
function padded(values: Iterable<number>): [number, number] | undefined {
  const span = extent(values);
  if (span === undefined) return undefined;
  const air = 0.02 * (span[1] - span[0] || 1);
  return [span[0] - air, span[1] + air];
}
