/*
 * A circle inside a circle: no line through the plane tells them apart, but the distance from the middle does. A
 * hidden layer has to invent that distance.
 */
import { requireNumber } from "../numbers/errors";
import { anything } from "../numbers/options";
import type { Random } from "../numbers/random";
import { type Dataset, requireDataOptions, requirePoints, scatter } from "./dataset";

export interface CirclesOptions {
  /** Points of both circles together, an even number; 300 when left out. */
  readonly points?: number;
  /** Standard deviation of each coordinate; 0.08 when left out. */
  readonly noise?: number;
  /** Radius of the inner circle; the outer one has 1. In (0, 1); 0.5 when left out. */
  readonly inner?: number;
  readonly random: Random;
}

/** @returns inputs (2 × points), targets (1 × points): 0 for the outer circle, which comes first, 1 for the inner */
export function circles(options: CirclesOptions): Dataset {
  requireDataOptions("circles", options, { points: anything, noise: anything, inner: anything });
  const points = requirePoints("circles", options.points ?? 300, 2);
  const noise = requireNumber("circles", "noise", options.noise ?? 0.08, { from: 0 });
  const inner = requireNumber("circles", "the inner radius", options.inner ?? 0.5, {
    from: 0,
    to: 1,
    openFrom: true,
    openTo: true,
  });
  const onCircle = (label: number, share: number): [number, number] => {
    const radius = label === 0 ? 1 : inner;
    const each = points / 2;
    const angle = 2 * Math.PI * share * ((each - 1) / each); // the last point stops short of the first
    return [radius * Math.cos(angle), radius * Math.sin(angle)];
  };
  return { ...scatter(points, 2, onCircle, noise, options.random), classes: ["outer", "inner"] };
}
