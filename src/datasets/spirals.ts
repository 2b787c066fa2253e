/*
 * Two spirals, twice: as a well-known tutorial generates them, and as they were meant.
 *
 * Both classes wind outwards with a radius that grows with the angle; the second is turned by half a turn. The
 * tutorial adds the half-turn to the angle BEFORE it computes the radius from it. So radius and angle keep the
 * same relation in both classes, r = θ/4π, and the two "spirals" are one and the same curve: over three quarters
 * of its length both classes lie on top of each other. `spirals` computes the radius first, then turns.
 */
import { requireNumber } from "../numbers/errors";
import { Matrix } from "../numbers/matrix";
import { anything } from "../numbers/options";
import type { Random } from "../numbers/random";
import { type Dataset, requireDataOptions, requirePoints } from "./dataset";

export interface SpiralOptions {
  /** Points of both classes together, an even number; 500 when left out. */
  readonly points?: number;
  /** Standard deviation of the angle, in radians; 0.1 when left out. */
  readonly noise?: number;
  readonly random: Random;
}

/**
 * Two interleaved spirals of two turns each, radius 0 to 1, separable: class 0 and class 1 half a turn apart.
 * @returns inputs (2 × points), targets (1 × points), class 0 first
 */
export function spirals(options: SpiralOptions): Dataset {
  return generate("spirals", options, false);
}

/**
 * The spirals as the source document generates them, kept to the digit: the radius of class 1 is computed after
 * its half-turn has been added, so both classes share one curve. No classifier can do well on them.
 */
export function overlappingSpirals(options: SpiralOptions): Dataset {
  return generate("overlappingSpirals", options, true);
}

function generate(owner: string, options: SpiralOptions, turnBeforeRadius: boolean): Dataset {
  requireDataOptions(owner, options, { points: anything, noise: anything });
  const points = requirePoints(owner, options.points ?? 500, 2);
  const noise = requireNumber(owner, "noise", options.noise ?? 0.1, { from: 0 });
  const half = points / 2;
  const step = (4 * Math.PI) / Math.max(half - 1, 1);
  const inputs = new Matrix(2, points);
  const targets = new Matrix(1, points);
  for (const label of [0, 1]) {
    const turn = label * Math.PI;
    for (let k = 0; k < half; k++) {
      // linspace(0, 4π, half): the last point is 4π itself, not a sum of rounded steps
      const even = k === half - 1 && half > 1 ? 4 * Math.PI : k * step;
      const swerve = options.random.randn() * noise;
      const theta = even + turn + swerve; // added in the source's order, to the last bit
      const radius = (turnBeforeRadius ? theta : even + swerve) / (4 * Math.PI);
      const column = label * half + k;
      inputs.data[2 * column] = radius * Math.cos(theta);
      inputs.data[2 * column + 1] = radius * Math.sin(theta);
      targets.data[column] = label;
    }
  }
  return { inputs, targets, classes: ["spiral 0", "spiral 1"] };
}
