// The exact numbers of Part 0A, computed with NumPy in float64.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";

const path = fileURLToPath(new URL("../golden/part-0a.json", import.meta.url));

// biome-ignore lint/suspicious/noExplicitAny: the file is data of many shapes; each test names what it reads.
export const golden: any = JSON.parse(readFileSync(path, "utf8"));

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
