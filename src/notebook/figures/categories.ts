/** A map of the plane in a few named colours: which rule applies where, who agrees with whom. */

import {
  anObject,
  axis,
  grid,
  inside,
  listOf,
  type OptionTable,
  requireOptions,
  rowsOfNumbers,
  text,
  whole,
} from "../options";
import { type AxisOption, axisOf } from "./axis";
import type { RegionFrame } from "./classes";
import type { Figure, Numbers, Trace } from "./figure";

export interface Category {
  readonly name: string;
  /** Any CSS colour; a translucent one lets the grid through. */
  readonly color: string;
}

export interface CategoryMapOptions {
  readonly title: string;
  readonly x: AxisOption;
  readonly y: AxisOption;
  readonly grid: { readonly x: Numbers; readonly y: Numbers };
  readonly categories: readonly Category[];
  /** z[i][j] is the number of the category at (x[j], y[i]). One frame for a still picture, several for a slider. */
  readonly frames: readonly RegionFrame[];
  /** What the slider moves. */
  readonly label?: string;
  /** The frame shown first; the first when left out. */
  readonly start?: number;
  /** Drawn on top, and not changed by the slider. */
  readonly overlay?: readonly Trace[];
}

const OPTIONS: OptionTable<CategoryMapOptions> = {
  title: text,
  x: axis,
  y: axis,
  grid,
  categories: listOf("categories", inside<Category>({ name: text, color: text }, ["name", "color"])),
  frames: listOf("frames", inside<RegionFrame>({ name: text, z: rowsOfNumbers }, ["name", "z"]), 1),
  label: text,
  start: whole(0),
  overlay: listOf("traces", anObject("a trace")),
};

/** Each point of the grid takes the colour of its category; the legend names them. */
export function categoryMap(options: CategoryMapOptions): Figure {
  requireOptions("categoryMap", options, OPTIONS, ["title", "x", "y", "grid", "categories", "frames"]);
  const { title, x, y, grid, categories, frames, label, start = 0, overlay = [] } = options;
  const last = Math.max(1, categories.length - 1);
  // Two stops of one colour for each category: bands, not a gradient.
  const width = 1 / (last + 1);
  const scale = categories.flatMap(({ color }, k) => [
    [k * width, color],
    [(k + 1) * width, color],
  ]);
  if (categories.length === 1) scale.push([1, categories[0].color]);
  return {
    data: [
      {
        type: "heatmap",
        x: grid.x,
        y: grid.y,
        z: frames[start].z,
        zmin: -0.5,
        zmax: last + 0.5,
        colorscale: scale,
        showscale: false,
        hoverinfo: "skip",
      },
      ...overlay,
      // A heat map has no legend of its own; a square of each colour, drawn nowhere, stands for it.
      ...categories.map(
        ({ name, color }): Trace => ({
          type: "scatter",
          mode: "markers",
          name,
          x: [null as unknown as number],
          y: [null as unknown as number],
          marker: { symbol: "square", size: 12, color, line: { width: 1, color: "#808080" } },
        }),
      ),
    ],
    layout: {
      title: { text: title },
      xaxis: { ...axisOf(x), zeroline: false },
      yaxis: { ...axisOf(y), zeroline: false },
      showlegend: true,
      height: 480,
    },
    ...(frames.length > 1 && {
      frames: frames.map(({ name, z }) => ({ name, data: [{ z }], traces: [0] })),
      slider: { label: label ?? "step", start },
    }),
  };
}
