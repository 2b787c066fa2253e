/**
 * A computation graph: boxes that compute, arrows along which values flow. Read from left to right it is the
 * forward pass; with `backward`, the arrows turn round and the boxes show what is blamed on them.
 */

import { palette, translucent } from "../palette";
import type { Annotation, Figure } from "./figure";

export interface GraphNode {
  readonly id: string;
  readonly label: string;
  /** Shown below the label: the value, or the gradient. */
  readonly value?: string;
  /** Columns and rows of a grid; x grows to the right, y upwards. */
  readonly x: number;
  readonly y: number;
  /** Parameters are drawn in another colour than what is computed. */
  readonly kind?: "value" | "parameter";
}

export interface GraphOptions {
  readonly title: string;
  readonly nodes: readonly GraphNode[];
  /** Pairs of node ids, from → to in the direction of the forward pass. */
  readonly edges: readonly (readonly [from: string, to: string])[];
  /** Draw the arrows against the forward direction, in the colour of gradients. */
  readonly backward?: boolean;
}

/** Boxes and arrows, as annotations of an empty plot. */
export function computationGraph({ title, nodes, edges, backward = false }: GraphOptions): Figure {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const at = (id: string): GraphNode => {
    const node = byId.get(id);
    if (node === undefined) throw new Error(`computationGraph: no node "${id}" for an edge.`);
    return node;
  };
  const xs = nodes.map(({ x }) => x);
  const ys = nodes.map(({ y }) => y);
  return {
    // Invisible points where the boxes are: they give the plot its size, and something to hover over.
    data: [
      {
        type: "scatter",
        mode: "markers",
        x: xs,
        y: ys,
        marker: { opacity: 0, size: 30 },
        text: nodes.map(({ label, value }) => (value ? `${label}: ${value}` : label)),
        hovertemplate: "%{text}<extra></extra>",
      },
    ],
    layout: {
      title: { text: title },
      showlegend: false,
      meta: { minWidth: 130 * (1 + Math.max(...xs) - Math.min(...xs)) },
      height: 190 + 80 * (Math.max(...ys) - Math.min(...ys)),
      xaxis: { visible: false, range: [Math.min(...xs) - 0.6, Math.max(...xs) + 0.6], fixedrange: true },
      yaxis: { visible: false, range: [Math.min(...ys) - 0.7, Math.max(...ys) + 0.7], fixedrange: true },
      annotations: [...edges.map(([from, to]) => arrow(at(from), at(to), backward)), ...nodes.map(box)],
    },
  };
}

function arrow(from: GraphNode, to: GraphNode, backward: boolean): Annotation {
  const [tail, head] = backward ? [to, from] : [from, to];
  // End at the box's edge: boxes are wide, so an arrow along a row stops earlier than one between rows.
  const direction = Math.sign(head.x - tail.x);
  return {
    text: "",
    x: head.x - direction * halfWidth(head),
    y: head.y - Math.sign(head.y - tail.y) * 0.3,
    ax: tail.x + direction * halfWidth(tail),
    ay: tail.y + Math.sign(head.y - tail.y) * 0.3,
    xref: "x",
    yref: "y",
    axref: "x",
    ayref: "y",
    showarrow: true,
    arrowhead: 2,
    arrowwidth: 1.6,
    arrowcolor: backward ? palette.vermilion : palette.grey,
  };
}

/** Half a box's width in columns of the grid, from its longest line; between rows, arrows start in the middle. */
function halfWidth({ label, value = "" }: GraphNode): number {
  return 0.09 + 0.0235 * Math.max(label.length, 1.1 * value.length);
}

function box({ label, value, x, y, kind = "value" }: GraphNode): Annotation {
  const color = kind === "parameter" ? palette.green : palette.blue;
  return {
    text: value === undefined ? label : `${label}<br><b>${value}</b>`,
    x,
    y,
    showarrow: false,
    bordercolor: color,
    borderwidth: 1.5,
    borderpad: 6,
    bgcolor: translucent(color, 0.1),
    font: { size: 12 },
  };
}
