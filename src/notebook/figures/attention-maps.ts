/**
 * Attention on its way forward and on its way back, side by side: what was computed on the left, what is blamed on it on the
 * right. A slider goes over the tokens and leaves only what the query of that one did, and what came back through it.
 * Queries are columns, as every token is.
 */

import { type Matrix, ShapeError } from "../../index";
import { largest } from "../largest";
import { inside, listOf, matrix, type OptionTable, requireOptions, text, texts } from "../options";
import { signedScale } from "../palette";
import type { Annotation, Axis, Figure, Trace } from "./figure";
import { film } from "./film";

export interface AttentionPair {
  /** Above the left map: "A, the weights". */
  readonly name: string;
  /** Above the right map: "dA". */
  readonly slope: string;
  /** A column a token. Where there are as many rows as tokens, the rows are keys; else they are features. */
  readonly forward: Matrix;
  /** Of the same shape. */
  readonly backward: Matrix;
  /**
   * For what all queries look at (keys, values): the part of `backward` that comes back through each query, so that all of
   * them add up to it. Without it a query has its own column, forward and back.
   */
  readonly shares?: readonly Matrix[];
}

export interface AttentionMapsOptions {
  readonly title: string;
  /** A name a token, short: "The". */
  readonly tokens: readonly string[];
  readonly pairs: readonly AttentionPair[];
}

const PAIR: OptionTable<AttentionPair> = {
  name: text,
  slope: text,
  forward: matrix,
  backward: matrix,
  shares: listOf("matrices", matrix, 1),
};

const OPTIONS: OptionTable<AttentionMapsOptions> = {
  title: text,
  tokens: texts,
  pairs: listOf("pairs of maps", inside(PAIR, ["name", "slope", "forward", "backward"]), 1),
};

/** How high a row of maps is, with its titles, in pixels; and what share of the width lies between the two columns. */
const ROW = 172;
const GAP = 0.14;

/** Two maps a row, and a frame for all tokens together and for each of them. */
export function attentionMaps(options: AttentionMapsOptions): Figure {
  requireOptions("attentionMaps", options, OPTIONS, ["title", "tokens", "pairs"]);
  const { tokens, pairs } = options;
  for (const pair of pairs) requireFit(pair, tokens.length);
  return film("query of", [
    { name: "all tokens", figure: mapsOf(options, undefined) },
    ...tokens.map((name, t) => ({ name: `${t + 1}, ${name}`, figure: mapsOf(options, t) })),
  ]);
}

function requireFit({ name, forward, backward, shares = [] }: AttentionPair, tokens: number): void {
  const owner = `attentionMaps "${name}"`;
  if (forward.columns !== tokens)
    throw new ShapeError(`${owner}: expected ${tokens} columns, one a token, got ${forward.shape}.`);
  for (const other of [backward, ...shares]) {
    if (other.shape !== forward.shape)
      throw new ShapeError(`${owner}: expected the way back as ${forward.shape}, got ${other.shape}.`);
  }
  if (shares.length > 0 && shares.length !== tokens)
    throw new ShapeError(`${owner}: expected ${tokens} shares, one a token, got ${shares.length}.`);
}

/** The maps for the query of one token, or of all. */
function mapsOf({ title, tokens, pairs }: AttentionMapsOptions, token: number | undefined): Figure {
  const layout: Record<string, Axis> = {};
  const annotations: Annotation[] = [];
  const height = (1 - GAP * 0.55 * (pairs.length - 1)) / pairs.length;
  const data = pairs.flatMap((pair, row): Trace[] => {
    const top = 1 - row * (height + GAP * 0.55);
    const { forward, backward, shares } = pair;
    const back = token === undefined || !shares ? backward : shares[token];
    const only = shares ? undefined : token;
    const sides = [
      { name: pair.name, z: forward, scale: forward, only },
      { name: pair.slope, z: back, scale: backward, only },
    ];
    return sides.map(({ name, z, scale, only }, side): Trace => {
      const k = 2 * row + side;
      const suffix = k === 0 ? "" : String(k + 1);
      const left = side * (0.5 + GAP / 2);
      const keys = z.rows === tokens.length;
      const last = row === pairs.length - 1;
      layout[`xaxis${suffix}`] = {
        domain: [left, left + 0.5 - GAP / 2],
        anchor: `y${suffix}`,
        type: "category",
        showgrid: false,
        zeroline: false,
        fixedrange: true,
        showticklabels: last,
        ticks: last ? "outside" : "",
        ...(last && { title: { text: "token (column)" } }),
      };
      layout[`yaxis${suffix}`] = {
        domain: [Math.max(0, top - height), top],
        anchor: `x${suffix}`,
        type: "category",
        autorange: "reversed",
        showgrid: false,
        zeroline: false,
        fixedrange: true,
        showticklabels: keys,
        ticks: keys ? "outside" : "",
        ...(side === 0 && { title: { text: keys ? "key" : "feature" } }),
      };
      annotations.push({
        text: name,
        x: 0,
        y: 1,
        xref: `x${suffix} domain`,
        yref: `y${suffix} domain`,
        xanchor: "left",
        yanchor: "bottom",
        showarrow: false,
      });
      const size = largest(Array.from(scale.data, Math.abs), 1e-12);
      return {
        type: "heatmap",
        name,
        xaxis: `x${suffix}`,
        yaxis: `y${suffix}`,
        x: tokens,
        y: keys ? tokens : Array.from({ length: z.rows }, (_, i) => String(i + 1)),
        z: z.toRows().map((line) => line.map((n, j) => (only === undefined || only === j ? n : Number.NaN))),
        zmin: -size,
        zmax: size,
        colorscale: signedScale,
        showscale: false,
        xgap: 1,
        ygap: 1,
        hovertemplate: `${name}<br>%{y}, column %{x}: %{z:.4f}<extra></extra>`,
      };
    });
  });
  return {
    data,
    layout: {
      title: { text: title },
      ...layout,
      annotations,
      showlegend: false,
      height: 70 + ROW * pairs.length,
      margin: { t: 40, l: 64, r: 8 },
    },
  };
}
