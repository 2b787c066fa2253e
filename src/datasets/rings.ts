/*
 * Rings around one middle, a class each: circles, for as many classes as you like, with one-hot targets for a network
 * that ends in a softmax.
 */
import { requireNumber, requireWhole } from "../numbers/errors";
import { anything } from "../numbers/options";
import type { Random } from "../numbers/random";
import { type Dataset, requireDataOptions, requirePoints, scatter } from "./dataset";
import { oneHot } from "./preparation";

export interface RingsOptions {
  /** How many rings, 2 or more; 3 when left out. */
  readonly classes?: number;
  /** Points of all rings together, a multiple of the number of classes; 100 a class when left out. */
  readonly points?: number;
  /** Standard deviation of each coordinate; 0.05 when left out. */
  readonly noise?: number;
  readonly random: Random;
}

/** @returns inputs (2 × points), targets (classes × points), one-hot; ring k has radius (k + 1)/classes */
export function rings(options: RingsOptions): Dataset {
  requireDataOptions("rings", options, { classes: anything, points: anything, noise: anything });
  const classes = requireWhole("rings", "classes", options.classes ?? 3, 2);
  const points = requirePoints("rings", options.points ?? 100 * classes, classes);
  const noise = requireNumber("rings", "noise", options.noise ?? 0.05, { from: 0 });
  const each = points / classes;
  const onRing = (label: number, share: number): [number, number] => {
    const radius = (label + 1) / classes;
    const angle = 2 * Math.PI * share * ((each - 1) / each); // the last point stops short of the first
    return [radius * Math.cos(angle), radius * Math.sin(angle)];
  };
  const { inputs, targets } = scatter(points, classes, onRing, noise, options.random);
  return {
    inputs,
    targets: oneHot(targets.data, classes),
    classes: Array.from({ length: classes }, (_, k) => `ring ${k + 1}`),
  };
}
