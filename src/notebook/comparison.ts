/** The cross-check as a table: each quantity, how far the two sides are apart, what is allowed, and the verdict. */

import { screen } from "./kernel";
import { anObject, listOf, text } from "./options";
import { type Cell, tableHtml } from "./table";

/** One compared quantity; the rows of `glassbox/reference`'s reports fit. */
export interface ComparisonRow {
  readonly name: string;
  /** "2 × 3", or "number". */
  readonly shape: string;
  readonly maxAbsolute: number;
  readonly maxRelative: number;
  /** Largest relative difference allowed, and in a word or two why: "float32". */
  readonly tolerance: number;
  /** A difference up to this passes as well, where all is 0 on paper. */
  readonly absolute?: number;
  readonly cause: string;
  readonly agrees: boolean;
}

export interface Comparison {
  /** Who was asked: "TensorFlow.js 4.22.0, native, float32". */
  readonly against: string;
  readonly rows: readonly ComparisonRow[];
}

/**
 * Shows a cross-check. It never throws: what misses its tolerance stands there in red, and stopping the notebook is
 * up to `agree` of `glassbox/reference`.
 * @param noun what a row is: "tensor", "epoch", "prediction"
 */
export function comparisonTable(comparison: Comparison, noun = "tensor"): void {
  screen().show("text/html", comparisonHtml(comparison, noun));
}

export function comparisonHtml(comparison: Comparison, noun = "tensor"): string {
  anObject("a report, such as compareTensors returns")("comparisonTable", "the comparison", comparison);
  const { against, rows } = comparison;
  listOf("compared quantities", anObject("a compared quantity"))("comparisonTable", "rows", rows);
  text("comparisonTable", "the noun", noun);
  const agreeing = rows.filter((row) => row.agrees).length;
  const plural = rows.length === 1 ? noun : `${noun}s`;
  return tableHtml({
    caption: `Against ${against}: ${agreeing} of ${rows.length} ${plural} ${rows.length === 1 ? "agrees" : "agree"}`,
    columns: [
      noun,
      "verdict", // where a narrow screen shows it without scrolling
      { label: "shape" },
      { label: "largest difference", align: "right" },
      { label: "relative", align: "right" },
      "allowed (relative)",
    ],
    rows: rows.map((row): readonly Cell[] => [
      row.name,
      row.agrees ? { text: "agrees", tone: "good" } : { text: "differs", tone: "bad" },
      row.shape,
      short(row.maxAbsolute),
      short(row.maxRelative),
      `${allowedOf(row)} ${row.cause}`,
    ]),
  });
}

/** What the row was held to: the relative tolerance, unless only the absolute one let it pass. */
function allowedOf({ tolerance, absolute, maxRelative }: ComparisonRow): string {
  if (absolute === undefined || maxRelative <= tolerance) return short(tolerance);
  return `${short(absolute)} absolute,`;
}

/** Differences need two digits: their size is what matters. */
function short(value: number): string {
  if (value === 0) return "0";
  if (!Number.isFinite(value)) return "NaN or ∞";
  return value.toExponential(1).replace(/\.0e/, "e").replace("e+0", "").replace("-", "−");
}
