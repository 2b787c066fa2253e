/** Bars by name: shares of blame, counts of a class, times. */

import { axis, type Check, listOf, numbers, type OptionTable, requireOptions, text, texts } from "../options";
import { palette } from "../palette";
import { type AxisOption, axisOf } from "./axis";
import type { Figure } from "./figure";

export interface BarsOptions {
  readonly title: string;
  readonly x: AxisOption;
  readonly y: AxisOption;
  readonly labels: readonly string[];
  readonly values: readonly number[];
  /** One for all bars, or one each. */
  readonly color?: string | readonly string[];
}

const colors: Check = (owner, what, value) =>
  (typeof value === "string" ? text : listOf("colours", text))(owner, what, value);

const OPTIONS: OptionTable<BarsOptions> = {
  title: text,
  x: axis,
  y: axis,
  labels: texts,
  values: numbers,
  color: colors,
};

/** One bar a label. */
export function bars(options: BarsOptions): Figure {
  requireOptions("bars", options, OPTIONS, ["title", "x", "y", "labels", "values"]);
  const { title, x, y, labels, values, color = palette.blue } = options;
  return {
    data: [{ type: "bar", x: labels, y: values, marker: { color } }],
    layout: {
      title: { text: title },
      xaxis: { ...axisOf(x), type: "category" },
      yaxis: axisOf(y),
      showlegend: false,
    },
  };
}
