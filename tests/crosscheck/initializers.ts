/*
 * Every initializer, by its moments: the mean and the standard deviation of many drawn weights against the closed form,
 * for shapes of which neither side divides the other.
 */
import fc from "fast-check";
import * as glassbox from "glassbox";
import { type Initializer, type Matrix, Random } from "glassbox";
import { seeds } from "./cases";
import { type CrossCheck, overCases } from "./record";

interface Subject {
  readonly name: string;
  readonly initializer: Initializer;
  readonly distribution: "normal" | "uniform" | "constant";
  mean?: number;
  /** Standard deviation for a shape. */
  deviation(outputs: number, inputs: number): number;
}

const { constant, heNormal, heUniform, lecunNormal, lecunUniform, normal, uniform } = glassbox;
const { xavierNormal, xavierUniform, zeros } = glassbox;

const he = (_outputs: number, inputs: number): number => Math.sqrt(2 / inputs);
const lecun = (_outputs: number, inputs: number): number => Math.sqrt(1 / inputs);
const xavier = (outputs: number, inputs: number): number => Math.sqrt(2 / (inputs + outputs));

export const initializerSubjects: readonly Subject[] = [
  { name: "zeros", initializer: zeros, distribution: "constant", deviation: () => 0 },
  { name: "constant", initializer: constant(0.7), distribution: "constant", mean: 0.7, deviation: () => 0 },
  { name: "normal", initializer: normal(0.3), distribution: "normal", deviation: () => 0.3 },
  {
    name: "uniform",
    initializer: uniform(-0.2, 0.6),
    distribution: "uniform",
    mean: 0.2,
    deviation: () => 0.8 / Math.sqrt(12),
  },
  { name: "xavierNormal", initializer: xavierNormal, distribution: "normal", deviation: xavier },
  { name: "xavierUniform", initializer: xavierUniform, distribution: "uniform", deviation: xavier },
  { name: "heNormal", initializer: heNormal, distribution: "normal", deviation: he },
  { name: "heUniform", initializer: heUniform, distribution: "uniform", deviation: he },
  { name: "lecunNormal", initializer: lecunNormal, distribution: "normal", deviation: lecun },
  { name: "lecunUniform", initializer: lecunUniform, distribution: "uniform", deviation: lecun },
];

const cases = fc.record({
  seed: seeds,
  outputs: fc.integer({ min: 130, max: 260 }),
  inputs: fc.integer({ min: 270, max: 400 }),
});

export function checkInitializers(): CrossCheck[] {
  return initializerSubjects.map(({ name, initializer, distribution, mean = 0, deviation }) =>
    overCases(
      {
        name: `initializer ${name}, mean, deviation and range`,
        kind: "value",
        against: "numerical",
        tolerance: distribution === "constant" ? 1e-10 : 0.03,
        reason:
          distribution === "constant"
            ? "nothing is drawn; adding up 100,000 equal numbers rounds"
            : "at least 35,000 draws: the mean is known to 0.005 deviations and the deviation to 0.4 %, one sigma; " +
              "over all cases the largest of them stays below five sigma",
      },
      cases,
      ({ seed, outputs, inputs }) => {
        const weights = initializer(outputs, inputs, new Random(seed));
        const expected = deviation(outputs, inputs);
        const scale = expected === 0 ? 1 : expected;
        const found = moments(weights);
        const misses = [Math.abs(found.mean - mean) / scale, Math.abs(found.deviation - expected) / scale];
        if (distribution === "uniform") {
          // A uniform distribution ends √3 deviations from its mean, and its extremes come close to the ends.
          const half = Math.sqrt(3) * expected;
          misses.push(
            Math.abs(found.largest - (mean + half)) / half,
            Math.abs(found.smallest - (mean - half)) / half,
          );
        }
        if (weights.rows !== outputs || weights.columns !== inputs) misses.push(Number.POSITIVE_INFINITY);
        const maxRel = Math.max(...misses);
        return { maxAbs: maxRel * scale, maxRel };
      },
      6,
    ),
  );
}

function moments({ data }: Matrix) {
  const mean = data.reduce((sum, x) => sum + x, 0) / data.length;
  const deviation = Math.sqrt(data.reduce((sum, x) => sum + (x - mean) ** 2, 0) / data.length);
  const largest = data.reduce((most, x) => Math.max(most, x), Number.NEGATIVE_INFINITY);
  const smallest = data.reduce((least, x) => Math.min(least, x), Number.POSITIVE_INFINITY);
  return { mean, deviation, largest, smallest };
}
