/**
 * Where a landscape has a certain height, as the pieces of a path ("marching squares"): each square of the grid is
 * looked at by itself; the line enters and leaves it through the sides whose ends lie on different sides of the level.
 */

import { px } from "./svg";

/** @param rows heights; row i lies at ys[i], column j at xs[j], both in pixels */
export function isoline(
  rows: readonly number[][],
  xs: readonly number[],
  ys: readonly number[],
  level: number,
): string {
  let path = "";
  for (let i = 0; i + 1 < rows.length; i++) {
    for (let j = 0; j + 1 < xs.length; j++) {
      // The corners in turn, so that neighbours in the list are ends of one side.
      const corners = [
        [xs[j], ys[i], rows[i][j]],
        [xs[j + 1], ys[i], rows[i][j + 1]],
        [xs[j + 1], ys[i + 1], rows[i + 1][j + 1]],
        [xs[j], ys[i + 1], rows[i + 1][j]],
      ];
      const crossings: string[] = [];
      corners.forEach(([x0, y0, z0], k) => {
        const [x1, y1, z1] = corners[(k + 1) % 4];
        if (z0 < level === z1 < level) return;
        const share = (level - z0) / (z1 - z0);
        crossings.push(`${px(x0 + share * (x1 - x0))} ${px(y0 + share * (y1 - y0))}`);
      });
      for (let k = 0; k + 1 < crossings.length; k += 2) path += `M${crossings[k]}L${crossings[k + 1]}`;
    }
  }
  return path;
}
