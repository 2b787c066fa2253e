/** A sum, term by term: each bar begins where the one before it ended, and the last one shows the result. */

import { axis, finite, inside, listOf, type OptionTable, requireOptions, text, whole } from "../options";
import { meaning, palette } from "../palette";
import { type AxisOption, axisOf } from "./axis";
import type { Figure } from "./figure";

export interface WaterfallOptions {
  readonly title: string;
  readonly x: AxisOption;
  readonly y: AxisOption;
  /** What is added, in order. */
  readonly terms: readonly Term[];
  /** What the result is called. */
  readonly total: string;
  /** Decimals written at the bars. */
  readonly digits?: number;
}

interface Term {
  readonly label: string;
  readonly value: number;
}

const OPTIONS: OptionTable<WaterfallOptions> = {
  title: text,
  x: axis,
  y: axis,
  terms: listOf("terms", inside<Term>({ label: text, value: finite }, ["label", "value"])),
  total: text,
  digits: whole(0, 20),
};

/** Terms that raise the sum are orange (they speak for class 1), terms that lower it blue, the result grey. */
export function waterfall(options: WaterfallOptions): Figure {
  requireOptions("waterfall", options, OPTIONS, ["title", "x", "y", "terms", "total"]);
  const { title, x, y, terms, total, digits = 2 } = options;
  const base: number[] = [];
  let sum = 0;
  for (const { value } of terms) {
    base.push(sum);
    sum += value;
  }
  const sign = (value: number): string => `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(digits)}`;
  return {
    data: [
      {
        type: "bar",
        x: [...terms.map(({ label }) => label), total],
        y: [...terms.map(({ value }) => value), sum],
        base: [...base, 0],
        marker: {
          color: [...terms.map(({ value }) => (value < 0 ? meaning.class0 : meaning.class1)), palette.grey],
        },
        text: [...terms.map(({ value }) => sign(value)), sum.toFixed(digits).replace("-", "−")],
        textposition: "outside",
        cliponaxis: false,
        hovertemplate: "%{x}: %{text}<extra></extra>",
      },
    ],
    layout: {
      title: { text: title },
      xaxis: { ...axisOf(x), type: "category" },
      yaxis: axisOf(y),
      showlegend: false,
    },
  };
}
