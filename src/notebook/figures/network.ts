/**
 * A network drawn as a network: a circle for every number, a line for every weight. Thick lines are large weights,
 * vermilion ones positive, blue ones negative. With several examples, a slider changes the circles and not the lines.
 */

import { type Matrix, ValueError } from "../../index";
import { largest } from "../largest";
import { listOf, matrix, type OptionTable, requireOptions, text, texts } from "../options";
import { palette } from "../palette";
import type { Annotation, Figure, Frame, Trace } from "./figure";

export interface NetworkOptions {
  readonly title: string;
  /** One a layer, (units × inputs). */
  readonly weights: readonly Matrix[];
  /** The inputs and then the activations of each layer: one more than weights, each (units × m). */
  readonly activations: readonly Matrix[];
  readonly inputNames?: readonly string[];
  readonly outputNames?: readonly string[];
  /** What the slider counts: "application", "example". */
  readonly label?: string;
}

const OPTIONS: OptionTable<NetworkOptions> = {
  title: text,
  weights: listOf("matrices", matrix, 1),
  activations: listOf("matrices", matrix, 2),
  inputNames: texts,
  outputNames: texts,
  label: text,
};

const SILENT = "#6b6b6b";

/** Circles, lines, and a frame for every example. */
export function networkDiagram(options: NetworkOptions): Figure {
  requireOptions("networkDiagram", options, OPTIONS, ["title", "weights", "activations"]);
  const { title, weights, activations, inputNames = [], outputNames = [], label = "example" } = options;
  if (activations.length !== weights.length + 1) {
    throw new ValueError(
      `networkDiagram: expected ${weights.length + 1} matrices of activations, got ${activations.length}.`,
    );
  }
  const sizes = activations.map(({ rows }) => rows);
  const place = (layer: number, unit: number) => ({ x: layer, y: (sizes[layer] - 1) / 2 - unit });
  const edges = weights.flatMap((matrix, layer) =>
    matrix.toRows().flatMap((row, to) => row.map((weight, from) => ({ layer, from, to, weight }))),
  );
  const strongest = largest(
    edges.map(({ weight }) => Math.abs(weight)),
    Number.MIN_VALUE,
  );
  const last = sizes.length - 1;
  return {
    data: [
      ...edges.map(({ layer, from, to, weight }): Trace => {
        const [tail, head] = [place(layer, from), place(layer + 1, to)];
        return {
          type: "scatter",
          mode: "lines",
          x: [tail.x, head.x],
          y: [tail.y, head.y],
          line: {
            color: weight < 0 ? palette.blue : palette.vermilion,
            width: 0.75 + (6 * Math.abs(weight)) / strongest,
          },
          hoverinfo: "skip",
        };
      }),
      {
        // Something to point at: lines answer only at their ends.
        type: "scatter",
        mode: "markers",
        x: edges.map(({ layer }) => layer + 0.4),
        y: edges.map(({ layer, from, to }) => 0.6 * place(layer, from).y + 0.4 * place(layer + 1, to).y),
        marker: { size: 14, opacity: 0 },
        text: edges.map(({ weight }) => shown(weight, 4)),
        hovertemplate: "weight %{text}<extra></extra>",
      },
      {
        type: "scatter",
        mode: "markers+text",
        x: sizes.flatMap((size, layer) => Array.from({ length: size }, () => layer)),
        y: sizes.flatMap((size, layer) => Array.from({ length: size }, (_, unit) => place(layer, unit).y)),
        ...circles(activations, 0),
      },
    ],
    layout: {
      title: { text: title },
      showlegend: false,
      height: 120 + 80 * Math.max(...sizes),
      xaxis: { visible: false, range: [-0.65, last + 0.65], fixedrange: true },
      yaxis: { visible: false, range: [-Math.max(...sizes) / 2, Math.max(...sizes) / 2], fixedrange: true },
      annotations: [
        ...inputNames.map((text, unit) => name(text, place(0, unit), "right")),
        ...outputNames.map((text, unit) => name(text, place(last, unit), "left")),
      ],
    },
    ...(activations[0].columns > 1 && {
      frames: Array.from(
        { length: activations[0].columns },
        (_, example): Frame => ({
          name: String(example + 1),
          data: [circles(activations, example)],
          traces: [edges.length + 1],
        }),
      ),
      slider: { label, start: 0 },
    }),
  };
}

/** The circles of one example: the value as text; grey where silent, bluer the larger within its layer. */
function circles(activations: readonly Matrix[], example: number): Partial<Trace> {
  const columns = activations.map((matrix) => matrix.pickColumns([example]).data);
  return {
    text: columns.flatMap((column) => Array.from(column, (value) => shown(value, 2))),
    textfont: { color: "#ffffff", size: 12 },
    hoverinfo: "skip",
    marker: {
      size: 46,
      opacity: 1,
      color: columns.flatMap((column) => {
        const loudest = largest(column.map(Math.abs), Number.MIN_VALUE);
        return Array.from(column, (value) => mix(SILENT, palette.blue, Math.abs(value) / loudest));
      }),
    },
  };
}

function name(text: string, { x, y }: { x: number; y: number }, side: "left" | "right"): Annotation {
  return { text, x, y, xanchor: side, xshift: side === "left" ? 28 : -28, showarrow: false };
}

function shown(value: number, digits: number): string {
  return value.toFixed(digits).replace("-", "−");
}

/** Between two #rrggbb colours. */
function mix(from: string, to: string, share: number): string {
  const channel = (start: number): string => {
    const [a, b] = [from, to].map((colour) => Number.parseInt(colour.slice(start, start + 2), 16));
    return Math.round(a + (b - a) * share)
      .toString(16)
      .padStart(2, "0");
  };
  return `#${channel(1)}${channel(3)}${channel(5)}`;
}
