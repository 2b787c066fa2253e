/*
 * Card payments, made up: frauds happen at night with middling amounts, large enough to pay and small enough to go
 * unnoticed. They are an island in the plane, and no straight line cuts an island off.
 */
import { requireNumber } from "../numbers/errors";
import { Matrix } from "../numbers/matrix";
import { anything } from "../numbers/options";
import type { Random } from "../numbers/random";
import { type Dataset, requireDataOptions, requirePoints } from "./dataset";

export interface FraudOptions {
  /** Honest and fraudulent payments together, half and half; 300 when left out. */
  readonly points?: number;
  /** How far frauds scatter around the middle of their island, as a share of the plane; 0.09 when left out. */
  readonly noise?: number;
  readonly random: Random;
}

/** How far from the island's middle honest payments begin. */
const SHORE = 0.28;

/**
 * Payments by time and amount, each scaled to about 0 … 1: class 1 (fraud) around (0.5, 0.5), class 0 around it on all
 * sides.
 * @returns inputs (2 × points), targets (1 × points), honest first
 */
export function fraud(options: FraudOptions): Dataset {
  requireDataOptions("fraud", options, { points: anything, noise: anything });
  const { random } = options;
  const points = requirePoints("fraud", options.points ?? 300, 2);
  const noise = requireNumber("fraud", "noise", options.noise ?? 0.09, { from: 0 });
  const inputs = new Matrix(2, points);
  const targets = new Matrix(1, points);
  for (let j = 0; j < points; j++) {
    const honest = j < points / 2;
    let time = 0.5;
    let amount = 0.5;
    if (honest) {
      do {
        time = random.rand();
        amount = random.rand();
      } while (Math.hypot(time - 0.5, amount - 0.5) < SHORE);
    } else {
      time += noise * random.randn();
      amount += noise * random.randn();
    }
    inputs.set(0, j, time);
    inputs.set(1, j, amount);
    targets.data[j] = honest ? 0 : 1;
  }
  return {
    inputs,
    targets,
    features: ["time (share of the night)", "amount (share of the limit)"],
    classes: ["honest", "fraud"],
  };
}
