/*
 * A sine wave seen through noise: the smallest regression that a straight line gets wrong, and, with few points and
 * many weights, the smallest one that can be learned by heart.
 */
import { requireNumber, requireWhole } from "../numbers/errors";
import { Matrix } from "../numbers/matrix";
import { anything } from "../numbers/options";
import type { Random } from "../numbers/random";
import { type Dataset, MOST_POINTS, requireDataOptions } from "./dataset";

export interface NoisySineOptions {
  /** How many points; 100 when left out. */
  readonly points?: number;
  /** Standard deviation of y; 0.15 when left out. */
  readonly noise?: number;
  /** x is drawn evenly from −to … to; π when left out. */
  readonly to?: number;
  readonly random: Random;
}

/** y = sin x + noise. @returns inputs (1 × points), from left to right, and targets (1 × points) */
export function noisySine(options: NoisySineOptions): Dataset {
  requireDataOptions("noisySine", options, { points: anything, noise: anything, to: anything });
  const points = requireWhole("noisySine", "points", options.points ?? 100, 1, MOST_POINTS);
  const noise = requireNumber("noisySine", "noise", options.noise ?? 0.15, { from: 0 });
  const to = requireNumber("noisySine", "to", options.to ?? Math.PI, { from: 0, openFrom: true, to: 1e6 });
  const x = Float64Array.from({ length: points }, () => options.random.uniform(-to, to)).sort();
  const y = x.map((at) => Math.sin(at) + noise * options.random.randn());
  return { inputs: Matrix.row(x), targets: Matrix.row(y), features: ["x"] };
}
