/** An axis: its title (with the unit), and, where that is not all, its type and range. */

import type { Axis } from "./figure";

export type AxisOption =
  | string
  | {
      readonly title: string;
      readonly type?: "linear" | "log";
      /** In the axis's own units, also on a logarithmic one. */
      readonly range?: readonly [number, number];
    };

/**
 * "epoch", or { title: "step size h", type: "log" }, as plotly wants it.
 * @param values what will be drawn along it: a logarithmic axis takes from them how far apart its ticks stand
 */
export function axisOf(option: AxisOption, values?: Iterable<number>): Axis {
  if (typeof option === "string") return { title: { text: option } };
  const { title, type, range } = option;
  if (type !== "log") return { title: { text: title }, ...(range && { range }) };
  const span = range ?? extent(values, (value) => value > 0);
  return {
    title: { text: title },
    type,
    exponentformat: "power",
    ...(span && { dtick: ticks(Math.log10(span[1] / span[0])) }),
    ...(range && { range: range.map(Math.log10) as [number, number] }),
  };
}

/** Smallest and largest of the finite values that count. */
export function extent(
  values: Iterable<number> = [],
  counts: (value: number) => boolean = () => true,
): [number, number] | undefined {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (!Number.isFinite(value) || !counts(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return low <= high ? [low, high] : undefined;
}

/** Every second decade, every decade, or 1, 2, 5 within one: about as many labels as there is room for. */
function ticks(decades: number): number | string {
  if (decades > 8) return 2;
  return decades > 2.5 ? 1 : "D2";
}
