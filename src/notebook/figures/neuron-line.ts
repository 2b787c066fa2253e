/**
 * A neuron with two inputs, seen from above: the line w·x + b = 0, the side on which it says yes, and its weights as
 * an arrow. The arrow stands at a right angle to the line, which is only visible where both axes have one scale.
 */

import type { Matrix } from "../../index";
import {
  axis,
  finite,
  inside,
  listOf,
  matrix,
  numberIn,
  type OptionTable,
  pair,
  requireOptions,
  text,
  texts,
  whole,
} from "../options";
import { meaning, translucent } from "../palette";
import { type AxisOption, axisOf } from "./axis";
import type { Annotation, Figure, Frame, Trace } from "./figure";

/** The neuron says yes where weights[0]·x + weights[1]·y + bias > 0. */
export interface PlaneNeuron {
  /** What the slider says: "60°". */
  readonly name: string;
  readonly weights: readonly [number, number];
  readonly bias: number;
}

export interface NeuronLineOptions {
  readonly title: string;
  readonly x: AxisOption;
  readonly y: AxisOption;
  /** Both axes run from −reach to reach. */
  readonly reach: number;
  /** One for a still picture, several for a slider. */
  readonly neurons: readonly PlaneNeuron[];
  /** What the slider moves: "direction of the weights". */
  readonly label?: string;
  /** The neuron shown first; the middle one when left out. */
  readonly start?: number;
  /** Points to be decided, (2 × m); each takes the colour of the neuron's answer. */
  readonly points?: Matrix;
  /** What no and yes mean: ["reject", "approve"]. */
  readonly names?: readonly [no: string, yes: string];
}

const NEURON: OptionTable<PlaneNeuron> = { name: text, weights: pair, bias: finite };

const OPTIONS: OptionTable<NeuronLineOptions> = {
  title: text,
  x: axis,
  y: axis,
  reach: numberIn({ from: 0, openFrom: true }),
  neurons: listOf("neurons", inside(NEURON, ["name", "weights", "bias"]), 1),
  label: text,
  start: whole(0),
  points: matrix,
  names: texts,
};

type Point = readonly [number, number];

/** One line, or one for each step of a slider. */
export function neuronLine(options: NeuronLineOptions): Figure {
  requireOptions("neuronLine", options, OPTIONS, ["title", "x", "y", "reach", "neurons"]);
  const { title, x, y, reach, neurons, label, names = ["no", "yes"] } = options;
  const start = options.start ?? Math.floor((neurons.length - 1) / 2);
  const pictures = neurons.map((neuron) => picture(neuron, reach, options.points, names));
  const range = [-reach, reach] as const;
  const first = pictures[start];
  return {
    data: first.data,
    layout: {
      title: { text: title },
      xaxis: { ...axisOf(x), range, constrain: "domain", constraintoward: "left" },
      yaxis: { ...axisOf(y), range, scaleanchor: "x", scaleratio: 1, constrain: "domain" },
      annotations: first.annotations,
      showlegend: true,
      height: 480,
    },
    ...(neurons.length > 1 && {
      frames: pictures.map(
        ({ data, annotations }, i): Frame => ({ name: neurons[i].name, data, layout: { annotations } }),
      ),
      slider: { label: label ?? "neuron", start },
    }),
  };
}

function picture(
  { weights, bias }: PlaneNeuron,
  reach: number,
  points: Matrix | undefined,
  names: readonly [string, string],
): { data: Trace[]; annotations: Annotation[] } {
  const z = ([a, b]: Point): number => weights[0] * a + weights[1] * b + bias;
  const square: Point[] = [
    [-reach, -reach],
    [reach, -reach],
    [reach, reach],
    [-reach, reach],
  ];
  const yes = clip(square, z);
  const no = clip(square, (point) => -z(point));
  const edge = yes.filter((point) => Math.abs(z(point)) < 1e-9 * (1 + Math.abs(bias)));
  const columns = points === undefined ? [] : Array.from({ length: points.columns }, (_, j) => j);
  const dots = (answer: boolean): Point[] =>
    columns
      .map((j): Point => [points?.at(0, j) ?? 0, points?.at(1, j) ?? 0])
      .filter((point) => z(point) > 0 === answer);
  return {
    data: [
      side(no, meaning.class0),
      side(yes, meaning.class1),
      {
        ...coordinates(edge),
        type: "scatter",
        mode: "lines",
        name: "z = 0",
        line: { color: meaning.emphasis, width: 3 },
        hoverinfo: "skip",
      },
      cloud(dots(false), meaning.class0, "circle", names[0]),
      cloud(dots(true), meaning.class1, "square", names[1]),
    ],
    annotations: edge.length >= 2 ? arrow(edge[0], edge[1], weights) : [],
  };
}

/** The part of a convex polygon where `inside` is not negative (Sutherland and Hodgman). */
function clip(polygon: readonly Point[], inside: (point: Point) => number): Point[] {
  return polygon.flatMap((point, i) => {
    const next = polygon[(i + 1) % polygon.length];
    const [here, there] = [inside(point), inside(next)];
    const kept: Point[] = here >= 0 ? [point] : [];
    if (here * there < 0) {
      const t = here / (here - there);
      kept.push([point[0] + t * (next[0] - point[0]), point[1] + t * (next[1] - point[1])]);
    }
    return kept;
  });
}

function side(polygon: readonly Point[], color: string): Trace {
  return {
    ...coordinates(polygon),
    type: "scatter",
    mode: "lines",
    fill: "toself",
    fillcolor: translucent(color, 0.2),
    line: { width: 0 },
    showlegend: false,
    hoverinfo: "skip",
  };
}

function cloud(points: readonly Point[], color: string, symbol: string, name: string): Trace {
  return {
    ...coordinates(points),
    type: "scatter",
    mode: "markers",
    name,
    marker: { color, symbol, size: 7, line: { width: 0.7, color: "#ffffff" } },
    hovertemplate: `%{x:.2f}, %{y:.2f}: ${name}<extra></extra>`,
  };
}

function coordinates(points: readonly Point[]): { x: number[]; y: number[] } {
  return { x: points.map(([a]) => a), y: points.map(([, b]) => b) };
}

/** The weights as an arrow, from the middle of the visible line; as long as they are. Its name stands beyond the tip. */
function arrow([x1, y1]: Point, [x2, y2]: Point, weights: readonly [number, number]): Annotation[] {
  const [x, y] = [(x1 + x2) / 2, (y1 + y2) / 2];
  const length = Math.hypot(...weights);
  const beyond = 1 + 0.18 / length;
  return [
    {
      text: "",
      x: x + weights[0],
      y: y + weights[1],
      ax: x,
      ay: y,
      xref: "x",
      yref: "y",
      axref: "x",
      ayref: "y",
      showarrow: true,
      arrowhead: 2,
      arrowwidth: 2.5,
      arrowcolor: meaning.emphasis,
    },
    {
      text: "<b>w</b>",
      x: x + beyond * weights[0],
      y: y + beyond * weights[1],
      showarrow: false,
      font: { color: meaning.emphasis },
    },
  ];
}
