/** One axis of a still picture: where a value lies on the paper, and which values get a tick. */

import { tickText } from "../figures/axis";
import type { Axis, Trace } from "../figures/figure";

export interface Scale {
  /** The value's place in pixels. */
  at(value: number | string): number;
  readonly ticks: readonly { readonly at: number; readonly text: string }[];
  /** Length of one unit in pixels; for linear axes only. */
  readonly unit: number;
  readonly from: number;
  readonly to: number;
  readonly categories?: readonly string[];
}

/** What an axis has to show: numbers (already logarithms on a logarithmic axis) or categories. */
export interface Extent {
  readonly low: number;
  readonly high: number;
  readonly categories?: readonly string[];
}

/**
 * Everything that traces put on one axis.
 * @param letter x or y
 */
export function extentOf(traces: readonly Trace[], letter: "x" | "y", axis: Axis): Extent {
  const values: (number | string)[] = [];
  let padding = 0;
  for (const trace of traces) {
    const own = trace[letter] as ArrayLike<number | string> | undefined;
    const other = trace[letter === "x" ? "y" : "x"] as ArrayLike<unknown> | undefined;
    const grid = trace.type === "heatmap" || trace.type === "contour";
    const base = letter === "y" && trace.type === "bar" && trace.base !== undefined;
    const places = grid ? gridLength(trace, letter) : (other?.length ?? 0);
    const more = base
      ? stacked(trace)
      : Array.from(own ?? { length: places }, (value, i) => (own ? value : i));
    // One by one: as arguments of one call, a hundred thousand points would overflow the stack.
    for (const value of more) values.push(value as number | string);
    if (trace.type === "bar") {
      if (letter === "y") values.push(0);
      else padding = Math.max(padding, 0.5);
    }
    if (trace.type === "heatmap") padding = Math.max(padding, 0.5);
  }
  if (values.some((value) => typeof value === "string") || axis.type === "category") {
    const categories = [...new Set(values.map(String))];
    return { low: -0.5, high: categories.length - 0.5, categories };
  }
  const numbers = values
    .filter((value): value is number => typeof value === "number")
    .map((value) => (axis.type === "log" ? Math.log10(value) : value))
    .filter(Number.isFinite);
  const low = numbers.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const high = numbers.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  if (!(low <= high)) return { low: 0, high: 1 };
  if (low === high) return { low: low - 1, high: high + 1 };
  // Half a step for bars and squares, which are as wide as the distance to their neighbours.
  const step = padding * smallestGap(numbers);
  const air = traces.some(
    (trace) => trace.type === undefined || trace.type === "scatter" || trace.type === "bar",
  );
  const margin = air && letter === "y" ? 0.05 * (high - low) : air ? markerAir(traces) * (high - low) : 0;
  const bottom = letter === "y" && low === 0 && traces.some(({ type }) => type === "bar") ? 0 : margin;
  return { low: low - step - bottom, high: high + step + margin };
}

/** The scale of an axis over the pixels from `start` to `end`. */
export function scaleOf(axis: Axis, extent: Extent, start: number, end: number): Scale {
  const given = axis.range?.map(Number) as [number, number] | undefined;
  let [from, to] = given ?? [extent.low, extent.high];
  if (axis.autorange === "reversed" && !given) [from, to] = [to, from];
  const unit = (end - start) / (to - from);
  const place = (value: number) => start + (value - from) * unit;
  const { categories } = extent;
  const at = (value: number | string): number => {
    if (categories && typeof value === "string") return place(categories.indexOf(value));
    return place(axis.type === "log" ? Math.log10(Number(value)) : Number(value));
  };
  return {
    at,
    unit,
    from,
    to,
    categories,
    ticks: ticksOf(axis, from, to, Math.abs(end - start), place, end < start ? 46 : 80, categories),
  };
}

function ticksOf(
  axis: Axis,
  from: number,
  to: number,
  length: number,
  place: (value: number) => number,
  apart: number,
  categories?: readonly string[],
): { at: number; text: string }[] {
  const low = Math.min(from, to);
  const high = Math.max(from, to);
  const within = (value: number) => value >= low - 1e-9 * (high - low) && value <= high + 1e-9 * (high - low);
  if (Array.isArray(axis.tickvals)) {
    const texts = (axis.ticktext ?? axis.tickvals) as readonly unknown[];
    return (axis.tickvals as number[])
      .map((value, i) => ({ value: axis.type === "log" ? Math.log10(value) : value, text: String(texts[i]) }))
      .filter(({ value }) => within(value))
      .map(({ value, text }) => ({ at: place(value), text }));
  }
  if (categories) return categories.map((text, i) => ({ at: place(i), text }));
  const count = Math.max(2, length / apart);
  if (axis.type === "log") {
    const step = Math.max(1, Math.ceil((high - low) / count));
    return multiples(step, low, high).map((power) => ({
      at: place(power),
      text: tickText(Number(`1e${power}`)),
    }));
  }
  const step = niceStep((high - low) / count);
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  return multiples(step, low, high).map((value) => ({
    at: place(value),
    text: (Math.abs(value) >= 1e5 ? value.toExponential(0) : value.toFixed(decimals)).replace("-", "−"),
  }));
}

function multiples(step: number, low: number, high: number): number[] {
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  // Adding 0 turns −0 into 0.
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => (first + i) * step + 0);
}

/** 1, 2 or 5 times a power of ten, not below `rough`. */
function niceStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  const factor = [1, 2, 5, 10].find((f) => f * power >= rough * (1 - 1e-9)) ?? 10;
  return factor * power;
}

function gridLength(trace: Trace, letter: "x" | "y"): number {
  const rows = (trace.z ?? []) as ArrayLike<ArrayLike<number>>;
  return letter === "y" ? rows.length : (rows[0]?.length ?? 0);
}

function stacked({ base, y }: Trace): number[] {
  const heights = Array.from((y ?? []) as ArrayLike<number>);
  return base === undefined
    ? []
    : heights.map((height, i) => height + (Array.isArray(base) ? base[i] : Number(base)));
}

function smallestGap(values: readonly number[]): number {
  const sorted = [...new Set(values)].sort((a, b) => a - b);
  return (
    sorted.slice(1).reduce((gap, value, i) => Math.min(gap, value - sorted[i]), Number.POSITIVE_INFINITY) || 1
  );
}

/** Lines may touch the frame; markers are kept off it. */
function markerAir(traces: readonly Trace[]): number {
  return traces.some(({ type, mode = "" }) => (type ?? "scatter") === "scatter" && mode.includes("markers"))
    ? 0.04
    : 0;
}
