/*
 * Two half-moons that reach into each other: almost separable by a line, and a network has to bend it only a little.
 */
import { requireNumber } from "../numbers/errors";
import { anything } from "../numbers/options";
import type { Random } from "../numbers/random";
import { type Dataset, requireDataOptions, requirePoints, scatter } from "./dataset";

export interface MoonsOptions {
  /** Points of both moons together, an even number; 300 when left out. */
  readonly points?: number;
  /** Standard deviation of each coordinate; 0.1 when left out. */
  readonly noise?: number;
  readonly random: Random;
}

/**
 * The shape that scikit-learn calls `make_moons`.
 * @returns inputs (2 × points), targets (1 × points): 0 for the upper moon, which comes first, 1 for the lower
 */
export function moons(options: MoonsOptions): Dataset {
  requireDataOptions("moons", options, { points: anything, noise: anything });
  const points = requirePoints("moons", options.points ?? 300, 2);
  const noise = requireNumber("moons", "noise", options.noise ?? 0.1, { from: 0 });
  const onMoon = (label: number, share: number): [number, number] => {
    const angle = Math.PI * share;
    return label === 0 ? [Math.cos(angle), Math.sin(angle)] : [1 - Math.cos(angle), 0.5 - Math.sin(angle)];
  };
  return { ...scatter(points, 2, onMoon, noise, options.random), classes: ["upper", "lower"] };
}
