/** Histograms in rows over one axis, one a layer or an epoch: where activations or gradients lie, and how they drift. */

import { largest } from "../largest";
import {
  axis,
  inside,
  listOf,
  numbers,
  type OptionTable,
  pair,
  requireOptions,
  text,
  whole,
} from "../options";
import { palette } from "../palette";
import { type AxisOption, axisOf } from "./axis";
import type { Figure, Layout, Numbers } from "./figure";

export interface HistogramRow {
  /** Stands at the left of the row: "layer 3". */
  readonly name: string;
  readonly values: Numbers;
  readonly color?: string;
  /** Stands at the right of the row: "std 0.02". */
  readonly note?: string;
}

export interface HistogramRowsOptions {
  readonly title: string;
  readonly x: AxisOption;
  readonly rows: readonly HistogramRow[];
  /** The common range; all values when left out. What lies outside counts in the first and last bar. */
  readonly range?: readonly [number, number];
  readonly bins?: number;
}

const ROW: OptionTable<HistogramRow> = { name: text, values: numbers, color: text, note: text };

const OPTIONS: OptionTable<HistogramRowsOptions> = {
  title: text,
  x: axis,
  rows: listOf("rows", inside(ROW, ["name", "values"]), 1),
  range: pair,
  bins: whole(1, 10_000),
};

/**
 * The counting is done here, so that a page carries thirty numbers a row and not every value. Each row is scaled to
 * its own highest bar: shapes compare, counts do not.
 */
export function histogramRows(options: HistogramRowsOptions): Figure {
  requireOptions("histogramRows", options, OPTIONS, ["title", "x", "rows"]);
  const { title, x, rows, range, bins = 40 } = options;
  const [low, high] = range ?? extent(rows);
  const width = (high - low) / bins || 1;
  const centers = Array.from({ length: bins }, (_, bin) =>
    Number((low + (bin + 0.5) * width).toPrecision(6)),
  );
  const layout: Layout = {
    title: { text: title },
    // below the last row; without an anchor it would hang under the first
    xaxis: { ...axisOf(x), range: [low, high], anchor: `y${axisNumber(rows.length - 1)}` },
    showlegend: false,
    bargap: 0,
    height: 110 + 52 * rows.length,
    margin: {
      l: 16 + 7.5 * Math.max(...rows.map(({ name }) => name.length)),
      r: 16 + 7.5 * Math.max(...rows.map(({ note = "" }) => note.length)),
    },
    annotations: rows.flatMap(({ note }, i) =>
      note
        ? [
            {
              text: note,
              xref: "paper",
              x: 1,
              xanchor: "left",
              xshift: 6,
              yref: `y${axisNumber(i)} domain`,
              y: 0.5,
              showarrow: false,
            },
          ]
        : [],
    ),
  };
  rows.forEach(({ name }, i) => {
    const share = 1 / rows.length;
    layout[`yaxis${axisNumber(i)}`] = {
      title: { text: "" },
      domain: [1 - (i + 0.92) * share, 1 - i * share],
      range: [0, 1.05],
      showgrid: false,
      tickvals: [0.4],
      ticktext: [name],
      ticks: "",
      zeroline: true,
      fixedrange: true,
    };
  });
  return {
    data: rows.map(({ name, values, color }, i) => {
      const counts = count(values, low, width, bins);
      const most = largest(counts, 1);
      return {
        type: "bar",
        name,
        x: centers,
        y: counts.map((n) => Number((n / most).toPrecision(4))),
        customdata: counts,
        width,
        yaxis: `y${axisNumber(i)}`,
        marker: { color: color ?? palette.blue },
        hovertemplate: `${name}: %{customdata} near %{x:.3g}<extra></extra>`,
      };
    }),
    layout,
  };
}

/** plotly's first axis has no number. */
function axisNumber(i: number): string {
  return i === 0 ? "" : String(i + 1);
}

function count(values: Numbers, low: number, width: number, bins: number): number[] {
  const counts = new Array<number>(bins).fill(0);
  for (let k = 0; k < values.length; k++) {
    if (Number.isNaN(values[k])) continue;
    counts[Math.min(bins - 1, Math.max(0, Math.floor((values[k] - low) / width)))] += 1;
  }
  return counts;
}

function extent(rows: readonly HistogramRow[]): [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const { values } of rows) {
    for (let k = 0; k < values.length; k++) {
      if (!Number.isFinite(values[k])) continue;
      low = Math.min(low, values[k]);
      high = Math.max(high, values[k]);
    }
  }
  return low < high ? [low, high] : [low - 0.5, low + 0.5];
}
