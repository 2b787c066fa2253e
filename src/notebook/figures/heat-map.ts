/** A matrix as colours: weights, gradients, a confusion matrix, activations of every unit for every example. */

import { Matrix } from "../../index";
import { largest } from "../largest";
import {
  anything,
  axis,
  type OptionTable,
  oneOf,
  requireOptions,
  rowsOfNumbers,
  text,
  texts,
  whole,
} from "../options";
import { countScale, heightScale, signedScale } from "../palette";
import { type AxisOption, axisOf } from "./axis";
import { type Figure, INK, type Numbers } from "./figure";

export interface HeatMapOptions {
  readonly title: string;
  readonly x: AxisOption;
  readonly y: AxisOption;
  /** z[i][j] stands in row i, column j; row 0 is on top, as in a matrix. */
  readonly z: Matrix | readonly Numbers[];
  readonly rowNames?: readonly string[];
  readonly columnNames?: readonly string[];
  /** "signed": blue below zero, vermilion above, symmetric; "height": dark to light; "counts": pale to full, 0 left blank. */
  readonly scale?: "signed" | "height" | "counts";
  /** Writes each number into its square, with so many decimals. */
  readonly digits?: number;
  /** What the colour means, for the scale beside the map and when hovering: "weight". */
  readonly quantity?: string;
}

const OPTIONS: OptionTable<HeatMapOptions> = {
  title: text,
  x: axis,
  y: axis,
  z: (owner, what, value) => (value instanceof Matrix ? anything : rowsOfNumbers)(owner, what, value),
  rowNames: texts,
  columnNames: texts,
  scale: oneOf("signed", "height", "counts"),
  digits: whole(0, 20),
  quantity: text,
};

export function heatMap(options: HeatMapOptions): Figure {
  requireOptions("heatMap", options, OPTIONS, ["title", "x", "y", "z"]);
  const { title, x, y, rowNames, columnNames, scale = "signed", digits, quantity = "value" } = options;
  const counts = scale === "counts";
  const z = matrixRows(options.z).map((row) => row.map((n) => (counts && n === 0 ? Number.NaN : n)));
  const size = largest(z.flat().filter(Number.isFinite).map(Math.abs), 1e-12);
  return {
    data: [
      {
        type: "heatmap",
        z,
        ...(rowNames && { y: rowNames }),
        ...(columnNames && { x: columnNames }),
        colorscale: { signed: signedScale, height: heightScale, counts: countScale }[scale],
        ...(scale === "signed" && { zmin: -size, zmax: size }),
        // Pale enough for text in the page's own colour, which the drawing script fills in.
        ...(counts && { zmin: 0, showscale: false, textfont: { color: INK } }),
        ...(digits !== undefined && { texttemplate: `%{z:.${digits}f}` }),
        xgap: 1,
        ygap: 1,
        colorbar: { title: { text: quantity }, thickness: 12, outlinewidth: 0 },
        hovertemplate: "%{y}, %{x}: %{z:.4g}<extra></extra>",
      },
    ],
    layout: {
      title: { text: title },
      xaxis: {
        ...axisOf(x),
        ...(columnNames && { type: "category" as const }),
        showgrid: false,
        zeroline: false,
      },
      yaxis: {
        ...axisOf(y),
        ...(rowNames && { type: "category" as const }),
        autorange: "reversed",
        showgrid: false,
        zeroline: false,
      },
      showlegend: false,
    },
  };
}

export function matrixRows(z: Matrix | readonly Numbers[]): number[][] {
  return "toRows" in z ? z.toRows() : z.map((row) => Array.from(row));
}
