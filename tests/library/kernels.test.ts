// The fast loops against their definition: three plain loops.
import fc from "fast-check";
import { Random } from "glassbox";
import { describe, expect, test } from "vitest";
import {
  addMultiplyRightTransposed,
  multiply,
  multiplyLeftTransposed,
  multiplyPlusBias,
  naiveMultiply,
} from "../../src/numbers/kernels/plain";
import { entries } from "./witness";

/** a as a (rows × columns), turned on its side. */
function turned(rows: number, columns: number, a: Float64Array): Float64Array {
  return Float64Array.from({ length: a.length }, (_, at) => a[(at % rows) * columns + Math.floor(at / rows)]);
}

/** Every shape up to 9 meets each rest of the tiles, and a few larger ones each block. */
const size = fc.oneof(
  { arbitrary: fc.integer({ min: 1, max: 9 }), weight: 4 },
  fc.integer({ min: 10, max: 150 }),
);
const problem = fc.tuple(fc.integer({ min: 0, max: 1e6 }), size, size, size).map(([seed, r, k, c]) => {
  const random = new Random(seed);
  const a = entries(random, r, k).data;
  const b = entries(random, k, c).data;
  const before = entries(random, r, c).data; // what stands in the result already
  const exact = new Float64Array(r * c);
  naiveMultiply(r, k, c, a, b, exact);
  return { r, k, c, a, b, before, exact, bias: entries(random, r, 1).data };
});

function expectEqual(actual: Float64Array, expected: Float64Array, k: number): void {
  for (let i = 0; i < expected.length; i++) {
    // entries of up to 3, k products: each rounds by at most 9·2⁻⁵³, and sums are re-ordered
    expect(Math.abs(actual[i] - expected[i])).toBeLessThanOrEqual(k * k * 1e-15 + 1e-14);
  }
}

describe("each kernel is its definition, whatever the shape", () => {
  const check = (holds: (p: typeof problem extends fc.Arbitrary<infer P> ? P : never) => void): void =>
    fc.assert(fc.property(problem, holds), { numRuns: 300 });

  test("the definition itself, on numbers one can follow", () => {
    const out = new Float64Array(4);
    naiveMultiply(2, 3, 2, Float64Array.of(1, 2, 3, 4, 5, 6), Float64Array.of(7, 8, 9, 10, 11, 12), out);
    expect([...out]).toEqual([58, 64, 139, 154]);
  });

  test("A·B, over whatever stood in the result", () => {
    check(({ r, k, c, a, b, before, exact }) => {
      multiply(r, k, c, a, b, before);
      expectEqual(before, exact, k);
    });
  });

  test("A·B plus a bias beside every column", () => {
    check(({ r, k, c, a, b, bias, before, exact }) => {
      multiplyPlusBias(r, k, c, a, b, bias, before);
      expectEqual(
        before,
        exact.map((x, at) => x + bias[Math.floor(at / c)]),
        k,
      );
    });
  });

  test("Aᵀ·B, from the turned A", () => {
    check(({ r, k, c, a, b, before, exact }) => {
      multiplyLeftTransposed(r, k, c, turned(r, k, a), b, before);
      expectEqual(before, exact, k);
    });
  });

  test("A·Bᵀ, from the turned B, added to what stood there", () => {
    check(({ r, k, c, a, b, before, exact }) => {
      const sum = exact.map((x, at) => x + before[at]);
      addMultiplyRightTransposed(r, k, c, a, turned(k, c, b), before);
      expectEqual(before, sum, k);
    });
  });

  test("none writes into its factors", () => {
    check(({ r, k, c, a, b, bias, before }) => {
      const copies = [a.slice(), b.slice(), bias.slice()];
      multiply(r, k, c, a, b, before);
      multiplyPlusBias(r, k, c, a, b, bias, before);
      multiplyLeftTransposed(r, k, c, a.slice(), b, before);
      addMultiplyRightTransposed(r, k, c, a, b.slice(), before);
      expect([a, b, bias]).toEqual(copies);
    });
  });

  test("NaN and ∞ in a factor reach every entry they belong to, even past a 0", () => {
    const zero = new Float64Array(64);
    for (const bad of [Number.NaN, Infinity]) {
      const broken = zero.slice();
      broken[9] = bad; // row 1, column 1 of 8 × 8
      for (const [f, rows] of [
        [multiply, true],
        [multiplyLeftTransposed, true],
      ] as const) {
        const out = new Float64Array(64);
        f(8, 8, 8, broken, zero, out);
        expect(rows && out.slice(8, 16).every(Number.isNaN)).toBe(true);
      }
      const out = new Float64Array(64);
      addMultiplyRightTransposed(8, 8, 8, broken, zero, out);
      expect(out.slice(8, 16).every(Number.isNaN)).toBe(true);
    }
  });
});
