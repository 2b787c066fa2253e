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

/** "epoch", or { title: "step size h", type: "log" }, as plotly wants it. */
export function axisOf(option: AxisOption): Axis {
  if (typeof option === "string") return { title: { text: option } };
  const { title, type, range } = option;
  if (type !== "log") return { title: { text: title }, ...(range && { range }) };
  return {
    title: { text: title },
    type,
    exponentformat: "power",
    ...(range && { dtick: decades(range) > 8 ? 2 : 1, range: range.map(Math.log10) as [number, number] }),
  };
}

function decades([from, to]: readonly [number, number]): number {
  return Math.log10(to / from);
}
