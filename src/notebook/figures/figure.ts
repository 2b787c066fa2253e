/**
 * A figure as plain data, in plotly's vocabulary: what to draw (`data`), on what (`layout`), and, for an animation,
 * what changes (`frames`). Nothing here draws; that is why a figure can be tested, stored and sent.
 * Only the part of plotly's vocabulary that the course uses is typed; the rest passes through.
 */

/** Numbers in any container: `number[]`, `Float64Array`, … */
export type Numbers = ArrayLike<number>;

export interface Line {
  color?: string;
  width?: number;
  dash?: "solid" | "dash" | "dot" | "dashdot";
  shape?: "linear" | "spline" | "hv";
  [key: string]: unknown;
}

export interface Marker {
  color?: string | readonly string[] | Numbers;
  size?: number | Numbers;
  symbol?: string | readonly string[];
  opacity?: number;
  line?: Line;
  [key: string]: unknown;
}

/** One thing drawn: a line, a cloud of points, a heat map, … */
export interface Trace {
  type?: "scatter" | "bar" | "heatmap" | "contour" | "histogram" | "surface" | "scatter3d";
  name?: string;
  x?: Numbers | readonly string[];
  y?: Numbers | readonly string[];
  z?: Numbers | readonly Numbers[];
  text?: string | readonly string[];
  mode?: string;
  line?: Line;
  marker?: Marker;
  showlegend?: boolean;
  hovertemplate?: string;
  hoverinfo?: string;
  [key: string]: unknown;
}

/** In the place of a colour: the colour of the page's text. */
export const INK = "currentColor";

export interface Axis {
  title?: { text: string; [key: string]: unknown };
  type?: "linear" | "log" | "category";
  range?: readonly [number, number];
  [key: string]: unknown;
}

export interface Annotation {
  text: string;
  x?: number | string;
  y?: number | string;
  [key: string]: unknown;
}

export interface Layout {
  title?: { text: string; [key: string]: unknown };
  xaxis?: Axis;
  yaxis?: Axis;
  annotations?: readonly Annotation[];
  shapes?: readonly Record<string, unknown>[];
  height?: number;
  showlegend?: boolean;
  [key: string]: unknown;
}

/** What one step of an animation changes: traces by position, and parts of the layout. */
export interface Frame {
  /** What the slider says at this step: "40", "rate 0.1". */
  name: string;
  data: readonly Partial<Trace>[];
  /** Which traces `data` changes; without it, the first ones. */
  traces?: readonly number[];
  layout?: Partial<Layout>;
}

export interface Slider {
  /** What moves: "epoch", "learning rate". */
  label: string;
  /** The frame shown first (and in the still picture); without it, the first: a film does not begin with its end. */
  start?: number;
  /** Milliseconds a frame stays when played; without it, no play button. */
  play?: number;
}

export interface Figure {
  data: readonly Trace[];
  layout: Layout;
  frames?: readonly Frame[];
  slider?: Slider;
}
