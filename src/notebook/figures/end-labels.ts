/** Names beside the ends of curves, kept apart where curves end together. */

import type { Annotation } from "./figure";

/** A name, and the curve's last point in the units that annotations have: logarithms on a logarithmic axis. */
export interface CurveEnd {
  readonly text: string;
  readonly color: string;
  readonly x: number;
  readonly y: number;
}

/** The pixels a plot is roughly high, and a line of its text; exact enough to see which names would touch. */
const HEIGHT = 340;
const LINE = 16;

/**
 * A curve without a finite point gets none.
 * @param span what the vertical axis shows, in the units of `y`
 */
export function endLabels(all: readonly CurveEnd[], [low, high]: readonly [number, number]): Annotation[] {
  const ends = all.filter(({ y }) => Number.isFinite(y));
  const pixels = ends.map(({ y }) => (HEIGHT * (y - low)) / (high - low || 1));
  const apart = spread(pixels, LINE);
  return ends.map(({ text, color, x, y }, i) => ({
    text,
    x,
    y,
    xanchor: "left",
    xshift: 6,
    yshift: Math.round(apart[i] - pixels[i]),
    // The drawing script turns these into a legend where the window is too narrow for them.
    name: "end-label",
    showarrow: false,
    font: { color },
  }));
}

/**
 * The places nearest to the given ones of which no two are closer than `gap`, in the same order. Places that touch
 * form a group around their common middle; groups that then touch become one.
 */
export function spread(places: readonly number[], gap: number): number[] {
  const order = places.map((_, i) => i).sort((a, b) => places[a] - places[b] || a - b);
  const groups: { sum: number; members: number[] }[] = [];
  const start = ({ sum, members }: { sum: number; members: number[] }) =>
    sum / members.length - (gap * (members.length - 1)) / 2;
  for (const i of order) {
    let group = { sum: places[i], members: [i] };
    for (let before = groups.at(-1); before; before = groups.at(-1)) {
      if (start(before) + gap * before.members.length <= start(group)) break;
      groups.pop();
      group = { sum: before.sum + group.sum, members: [...before.members, ...group.members] };
    }
    groups.push(group);
  }
  const result = [...places];
  for (const group of groups) {
    group.members.forEach((i, k) => {
      result[i] = start(group) + gap * k;
    });
  }
  return result;
}
