/*
 * Exclusive or: true when exactly one of two things is. Its four corners are the smallest problem that a single
 * straight line cannot solve, which Minsky and Papert held against the perceptron in 1969.
 */
import { requireNumber } from "../numbers/errors";
import { Matrix } from "../numbers/matrix";
import { anything } from "../numbers/options";
import type { Random } from "../numbers/random";
import { type Dataset, requireDataOptions, requirePoints } from "./dataset";

export interface XorOptions {
  /** Points around all four corners together, a multiple of 4; 200 when left out. */
  readonly points?: number;
  /** Standard deviation around each corner; 0.15 when left out. */
  readonly noise?: number;
  readonly random: Random;
}

/** The truth table itself: inputs (2 × 4), the corners (0,0), (0,1), (1,0), (1,1); targets (1 × 4), 0 1 1 0. */
export function xorTable(): Dataset {
  return {
    inputs: Matrix.from([
      [0, 0, 1, 1],
      [0, 1, 0, 1],
    ]),
    targets: Matrix.row([0, 1, 1, 0]),
    classes: ["equal", "different"],
  };
}

/**
 * Clouds of points around the four corners of the unit square.
 * @returns inputs (2 × points), targets (1 × points); the corners take turns
 */
export function xor(options: XorOptions): Dataset {
  requireDataOptions("xor", options, { points: anything, noise: anything });
  const points = requirePoints("xor", options.points ?? 200, 4);
  const noise = requireNumber("xor", "noise", options.noise ?? 0.15, { from: 0 });
  const corners = xorTable();
  const turn = Int32Array.from({ length: points }, (_, j) => j % 4);
  const inputs = corners.inputs.pickColumns(turn);
  for (let j = 0; j < points; j++) {
    inputs.set(0, j, inputs.at(0, j) + noise * options.random.randn());
    inputs.set(1, j, inputs.at(1, j) + noise * options.random.randn());
  }
  return { ...corners, inputs, targets: corners.targets.pickColumns(turn) };
}
