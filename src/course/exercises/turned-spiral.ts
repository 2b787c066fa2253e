/** The second class of the mended spirals. */

import { Matrix } from "../../index";
import { exercise } from "../exercise";

interface SpiralForm {
  /** The angle that the radius is computed from. */
  readonly radiusFrom?: (t: number) => number;
  readonly turn?: number;
  readonly scale?: number;
}

const spiral =
  ({ radiusFrom = (t) => t, turn = Math.PI, scale = 4 * Math.PI }: SpiralForm = {}) =>
  (theta: Matrix): Matrix => {
    const along = (f: (angle: number) => number) => theta.map((t) => (radiusFrom(t) / scale) * f(t + turn));
    return stacked(along(Math.cos), along(Math.sin));
  };

function stacked(x: Matrix, y: Matrix): Matrix {
  return Matrix.from([...x.toRows(), ...y.toRows()]);
}

/** Class 1 of the mended spirals, without noise: θ (1 × m), before the half-turn → points (2 × m). */
export const checkTurnedSpiral = exercise<[theta: Matrix]>({
  name: "turnedSpiral",
  given: ["theta"],
  drawn: (random, m) => [random.randMatrix(1, m).scale(4 * Math.PI)],
  edges: {
    "θ = 0, the middle": [Matrix.row([0])],
    "θ = π": [Matrix.row([Math.PI])],
    "θ = 4π, the end": [Matrix.row([4 * Math.PI])],
  },
  reference: spiral(),
  slips: [
    {
      name: "the slip itself",
      gives: spiral({ radiusFrom: (t) => t + Math.PI }),
      words:
        "That is the slip itself: your radius is computed from the turned angle, so these points lie on the first spiral. Take the radius from θ as it was, and turn afterwards.",
    },
    {
      name: "not turned",
      gives: spiral({ turn: 0 }),
      words:
        "These points lie on class 0: not turned at all, or by a whole turn. Class 1 is the same spiral, turned by half a turn (π).",
    },
    {
      name: "a quarter",
      gives: spiral({ turn: Math.PI / 2 }),
      words: "You turned by π/2, a quarter of a turn. Half a turn is π.",
    },
    {
      name: "radius not scaled",
      gives: spiral({ scale: 1 }),
      words: "Your radius is θ itself. It is θ/4π, so that the spiral ends at radius 1.",
    },
    {
      name: "radius by 2π",
      gives: spiral({ scale: 2 * Math.PI }),
      words: "Your radius is θ/2π, twice the right one. It is θ/4π: two turns, and radius 1 at the end.",
    },
    {
      name: "sine first",
      gives: (theta) =>
        stacked(
          ...([Math.sin, Math.cos].map((f) => theta.map((t) => (t / (4 * Math.PI)) * f(t + Math.PI))) as [
            Matrix,
            Matrix,
          ]),
        ),
      words: "x and y have changed places: the first row is r·cos, the second r·sin.",
    },
    {
      name: "only one minus",
      gives: (theta) =>
        stacked(
          theta.map((t) => (-t / (4 * Math.PI)) * Math.cos(t)),
          theta.map((t) => (t / (4 * Math.PI)) * Math.sin(t)),
        ),
      words:
        "Your x is turned to the other side and y is not: that is a mirror image. Half a turn changes the sign of both.",
    },
  ],
  hints: [
    "Two questions for each angle: how far from the middle, and in which direction?",
    "The radius comes from θ as it is, θ/4π; the direction from θ + π.",
    "The first row is r·cos(θ + π), the second r·sin(θ + π).",
  ],
  praise: "One line's order decides between 66 % and 99 %.",
});
