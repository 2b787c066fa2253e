/**
 * A computation graph: boxes that compute, arrows along which values flow. Read from left to right it is the
 * forward pass; with `backward`, the arrows turn round and the boxes show what is blamed on them.
 */

import { ValueError } from "../../index";
import {
  finite,
  flag,
  inside,
  listOf,
  type OptionTable,
  oneOf,
  requireOptions,
  text,
  texts,
} from "../options";
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
  /** Parameters are drawn in another colour than what is computed; what the text is talking about, filled and in a third. */
  readonly kind?: "value" | "parameter" | "current";
}

export interface GraphOptions {
  readonly title: string;
  readonly nodes: readonly GraphNode[];
  /** Pairs of node ids, from → to in the direction of the forward pass. */
  readonly edges: readonly (readonly [from: string, to: string])[];
  /** Draw the arrows against the forward direction, in the colour of gradients. */
  readonly backward?: boolean;
}

/** How wide a column and how high a row is at least, in pixels. */
const COLUMN = 112;
const ROW = 92;

const NODE: OptionTable<GraphNode> = {
  id: text,
  label: text,
  value: text,
  x: finite,
  y: finite,
  kind: oneOf("value", "parameter", "current"),
};

const OPTIONS: OptionTable<GraphOptions> = {
  title: text,
  nodes: listOf("nodes", inside(NODE, ["id", "label", "x", "y"]), 1),
  edges: listOf("pairs of ids", texts),
  backward: flag,
};

/** Boxes and arrows, as annotations of an empty plot. */
export function computationGraph(options: GraphOptions): Figure {
  requireOptions("computationGraph", options, OPTIONS, ["title", "nodes", "edges"]);
  const { title, nodes, edges, backward = false } = options;
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const at = (id: string): GraphNode => {
    const node = byId.get(id);
    if (node === undefined) throw new ValueError(`computationGraph: no node "${id}" for an edge.`);
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
      meta: { minWidth: COLUMN * (1.1 + Math.max(...xs) - Math.min(...xs)) },
      height: 30 + ROW * (1.1 + Math.max(...ys) - Math.min(...ys)),
      margin: { l: 4, r: 4, t: 10, b: 10 },
      xaxis: { visible: false, range: [Math.min(...xs) - 0.55, Math.max(...xs) + 0.55], fixedrange: true },
      yaxis: { visible: false, range: [Math.min(...ys) - 0.55, Math.max(...ys) + 0.55], fixedrange: true },
      annotations: [...edges.map(([from, to]) => arrow(at(from), at(to), backward)), ...nodes.map(box)],
    },
  };
}

function arrow(from: GraphNode, to: GraphNode, backward: boolean): Annotation {
  const [tail, head] = backward ? [to, from] : [from, to];
  return {
    text: "",
    x: head.x,
    y: head.y,
    ax: tail.x,
    ay: tail.y,
    xref: "x",
    yref: "y",
    axref: "x",
    ayref: "y",
    // From box to box: both ends stop at the edges.
    standoff: edge(head, tail) + 3,
    startstandoff: edge(tail, head),
    showarrow: true,
    arrowhead: 2,
    arrowwidth: 1.6,
    arrowcolor: backward ? palette.vermilion : palette.grey,
  };
}

/** How far it is, in pixels, from the middle of a box to its edge on the way to another. */
function edge(box: GraphNode, other: GraphNode): number {
  const [width, height] = [COLUMN * Math.abs(other.x - box.x), ROW * Math.abs(other.y - box.y)];
  const { names, values } = linesOf(box);
  const lines = [...names, ...values];
  const halfWidth = (7 * Math.max(...lines.map(({ length }) => length)) + 14) / 2;
  const halfHeight = (15.6 * lines.length + 14) / 2;
  return Math.hypot(width, height) * Math.min(halfWidth / width, halfHeight / height);
}

/** "Z = W·X + b" and values of several rows ("1 2 / 3 4") stand on several lines: boxes stay narrow. */
function linesOf({ label, value }: GraphNode): { names: string[]; values: string[] } {
  return { names: label.split(/(?<= =) /), values: value?.split(" / ") ?? [] };
}

function box(node: GraphNode): Annotation {
  const { x, y, kind = "value" } = node;
  const color = { value: palette.blue, parameter: palette.green, current: palette.vermilion }[kind];
  const { names, values } = linesOf(node);
  return {
    text: [...names, ...values.map((line) => `<b>${line}</b>`)].join("<br>"),
    x,
    y,
    showarrow: false,
    bordercolor: color,
    borderwidth: 1.5,
    borderpad: 6,
    bgcolor: translucent(color, kind === "current" ? 0.35 : 0.1),
    font: { size: 12 },
  };
}
