/** A matrix as colours: weights, gradients, a confusion matrix, activations of every unit for every example. */

import type { Matrix } from "../../index";
import { heightScale, signedScale } from "../palette";
import { type AxisOption, axisOf } from "./axis";
import type { Figure, Numbers } from "./figure";

export interface HeatMapOptions {
  readonly title: string;
  readonly x: AxisOption;
  readonly y: AxisOption;
  /** z[i][j] stands in row i, column j; row 0 is on top, as in a matrix. */
  readonly z: Matrix | readonly Numbers[];
  readonly rowNames?: readonly string[];
  readonly columnNames?: readonly string[];
  /** "signed": blue below zero, vermilion above, symmetric; "height": dark to light. */
  readonly scale?: "signed" | "height";
  /** Writes each number into its square, with so many decimals. */
  readonly digits?: number;
  /** What the colour means, for the scale beside the map and when hovering: "weight". */
  readonly quantity?: string;
}

export function heatMap(options: HeatMapOptions): Figure {
  const { title, x, y, rowNames, columnNames, scale = "signed", digits, quantity = "value" } = options;
  const z = matrixRows(options.z);
  const size = Math.max(1e-12, ...z.flat().filter(Number.isFinite).map(Math.abs));
  return {
    data: [
      {
        type: "heatmap",
        z,
        ...(rowNames && { y: rowNames }),
        ...(columnNames && { x: columnNames }),
        colorscale: scale === "signed" ? signedScale : heightScale,
        ...(scale === "signed" && { zmin: -size, zmax: size }),
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
