/**
 * Small maps side by side, one a hidden unit: how loud the unit is at each point of the plane. The data lie on top,
 * so that one sees what the unit is talking about.
 */

import { largest } from "../largest";
import {
  grid,
  inside,
  listOf,
  type OptionTable,
  points,
  requireOptions,
  rowsOfNumbers,
  text,
  whole,
} from "../options";
import { palette, translucent } from "../palette";
import { pointTraces } from "./classes";
import type { Annotation, Axis, Figure, Numbers, Trace } from "./figure";
import type { Points } from "./points";

export interface UnitMap {
  /** Above the map: "unit 1, output weight −2.3". */
  readonly name: string;
  /** z[i][j] is the activation at (x[j], y[i]). */
  readonly z: readonly Numbers[];
}

export interface UnitMapsOptions {
  readonly title: string;
  readonly grid: { readonly x: Numbers; readonly y: Numbers };
  readonly maps: readonly UnitMap[];
  readonly points?: Points;
  readonly x: string;
  readonly y: string;
  /** Maps side by side; 2 when left out, which a phone can still show. */
  readonly columns?: number;
}

const OPTIONS: OptionTable<UnitMapsOptions> = {
  title: text,
  grid,
  maps: listOf("maps", inside<UnitMap>({ name: text, z: rowsOfNumbers }, ["name", "z"]), 1),
  points,
  x: text,
  y: text,
  columns: whole(1),
};

/** One heat map a unit, on one common scale: nothing where it is silent, green where it is loud. */
export function unitMaps(options: UnitMapsOptions): Figure {
  requireOptions("unitMaps", options, OPTIONS, ["title", "grid", "maps", "x", "y"]);
  const { title, grid, maps, points, x, y, columns = 2 } = options;
  const rows = Math.ceil(maps.length / columns);
  const loudest = maps.reduce((most, { z }) => z.reduce((m, row) => largest(Array.from(row), m), most), 0);
  const layout: Record<string, Axis> = {};
  const titles: Annotation[] = [];
  const data = maps.flatMap(({ name, z }, k): Trace[] => {
    const suffix = k === 0 ? "" : String(k + 1);
    const [column, row] = [k % columns, Math.floor(k / columns)];
    const [left, right] = span(column, columns, 0.14);
    const [bottom, top] = span(rows - 1 - row, rows, 0.14);
    const last = k + columns >= maps.length;
    layout[`xaxis${suffix}`] = { ...side([left, right], `y${suffix}`), ...(last && { title: { text: x } }) };
    layout[`yaxis${suffix}`] = {
      ...side([bottom, top], `x${suffix}`),
      // One unit as long on both axes, as in every other picture of the plane.
      scaleanchor: `x${suffix}`,
      ...(column === 0 && { title: { text: y } }),
    };
    titles.push({
      text: name,
      x: 0,
      y: 1,
      xref: `x${suffix} domain`,
      yref: `y${suffix} domain`,
      xanchor: "left",
      yanchor: "bottom",
      showarrow: false,
    });
    const where = { xaxis: `x${suffix}`, yaxis: `y${suffix}` };
    return [
      {
        type: "heatmap",
        name,
        ...where,
        x: grid.x,
        y: grid.y,
        z,
        zmin: 0,
        zmax: loudest,
        zsmooth: "best",
        colorscale: [
          [0, translucent(palette.green, 0.02)],
          [1, translucent(palette.green, 0.9)],
        ],
        showscale: false,
        hovertemplate: "activation %{z:.2f}<extra></extra>",
      },
      ...(points === undefined ? [] : pointTraces(points, undefined, 4)).map((trace) => ({
        ...trace,
        ...where,
        hoverinfo: "skip",
      })),
    ];
  });
  return {
    data,
    layout: {
      title: { text: title },
      ...layout,
      annotations: titles,
      showlegend: false,
      height: 60 + 260 * rows,
      margin: { t: 40 },
    },
  };
}

/** The share of the paper that place `index` of `count` takes, with a gap between neighbours. */
function span(index: number, count: number, gap: number): [number, number] {
  const width = (1 - gap * (count - 1)) / count;
  return [index * (width + gap), index * (width + gap) + width];
}

function side(domain: readonly [number, number], anchor: string): Axis {
  return { domain, anchor, constrain: "domain", zeroline: false, showgrid: false, fixedrange: true };
}
