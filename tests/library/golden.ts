// The exact numbers of the course, computed with NumPy in float64: part 0A, and the sequences of part 0B.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";

const read = (part: string) =>
  JSON.parse(readFileSync(fileURLToPath(new URL(`../golden/${part}.json`, import.meta.url)), "utf8"));

// biome-ignore lint/suspicious/noExplicitAny: the files are data of many shapes; each test names what it reads.
export const golden: any = read("part-0a");
// biome-ignore lint/suspicious/noExplicitAny: as above
export const goldenSequences: any = read("part-0b");

/** Each number within `tolerance` of its golden one, relative to that one's size. */
export function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  expect(actual.length).toBe(expected.length);
  for (let i = 0; i < expected.length; i++) {
    const error = Math.abs(actual[i] - expected[i]);
    const allowed = tolerance * Math.abs(expected[i]);
    expect(error <= allowed, `entry ${i}: got ${actual[i]}, expected ${expected[i]}, error ${error}`).toBe(
      true,
    );
  }
}
