/** Bars by name: shares of blame, counts of a class, times. */

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

/** One bar a label. */
export function bars({ title, x, y, labels, values, color = palette.blue }: BarsOptions): Figure {
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
