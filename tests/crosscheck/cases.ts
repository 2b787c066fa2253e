/*
 * Generated data. fast-check chooses shapes, settings and a seed; the numbers come from the seed, normally distributed,
 * asymmetrical, and rounded to float32, so that both sides begin with the very same numbers.
 */
import fc from "fast-check";
import { Matrix, type Random } from "glassbox";

/** A seed for the numbers of a case. Shrinking it would not make a case simpler. */
export const seeds = fc.noShrink(fc.integer({ min: 0, max: 2 ** 31 - 1 }));

/** Sizes that are small, and rarely equal to each other. */
export const sizes = fc.integer({ min: 1, max: 7 });
export const batches = fc.integer({ min: 2, max: 9 });

/** A setting such as an alpha or a delta: one of 65 values from `min` to `max`, exact in float32. */
export const setting = (min: number, max: number): fc.Arbitrary<number> =>
  fc.integer({ min: 0, max: 64 }).map((k) => Math.fround(min + ((max - min) * k) / 64));

/** Normal numbers, exact in float32. */
export function numbers(random: Random, rows: number, columns: number, scale = 1): Matrix {
  return random.randnMatrix(rows, columns).map((value) => Math.fround(value * scale));
}

/** Uniform numbers in (low, high), exact in float32. */
export function between(random: Random, rows: number, columns: number, low: number, high: number): Matrix {
  return random.randMatrix(rows, columns).map((u) => Math.fround(low + (high - low) * u));
}

/** Columns that are distributions over the rows. */
export function distributions(random: Random, rows: number, columns: number): Matrix {
  const raw = random.randMatrix(rows, columns).map((u) => u + 0.05);
  return raw.map((value, _i, j) => {
    let sum = 0;
    for (let i = 0; i < rows; i++) sum += raw.at(i, j);
    return value / sum;
  });
}

/** Columns with a single 1. */
export function oneHotColumns(random: Random, rows: number, columns: number): Matrix {
  const result = new Matrix(rows, columns);
  for (let j = 0; j < columns; j++) result.set(random.randint(0, rows), j, 1);
  return result;
}
