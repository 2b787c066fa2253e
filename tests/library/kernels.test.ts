// The fast loops against their definition: three plain loops. Bit for bit, because the order of additions is the same.
import fc from "fast-check";
import { Random } from "glassbox";
import { describe, expect, test } from "vitest";
import { naiveAddColumns, naiveProduct, type ProductOptions } from "../../src/numbers/kernels/naive";
import { addColumns, plainProduct, reluBackward } from "../../src/numbers/kernels/plain";

/** Every shape up to 9 meets each rest of the tiles, and a few larger ones each panel. */
const size = fc.oneof(
  { arbitrary: fc.integer({ min: 1, max: 9 }), weight: 4 },
  fc.integer({ min: 10, max: 40 }),
);
const inner = fc.oneof(
  { arbitrary: fc.integer({ min: 0, max: 9 }), weight: 4 },
  fc.integer({ min: 250, max: 600 }),
);
const form = fc.record({
  turnLeft: fc.boolean(),
  turnRight: fc.boolean(),
  add: fc.boolean(),
  relu: fc.boolean(),
});
const edge = fc.constantFrom(undefined, Number.NaN, Infinity, -Infinity, -0, 1e308, 5e-324);

const problem = fc
  .record({ seed: fc.nat(1e6), r: size, k: inner, c: size, form, biased: fc.boolean(), odd: edge })
  .map(({ seed, r, k, c, form, biased, odd }) => {
    const random = new Random(seed);
    const numbers = (count: number): Float64Array => {
      const values = Float64Array.from({ length: count }, () => random.randn());
      if (odd !== undefined && count > 0) values[random.randint(0, count)] = odd;
      return values;
    };
    const [a, b, before] = [numbers(r * k), numbers(k * c), numbers(r * c)];
    const options: ProductOptions = { ...form, ...(biased && { bias: numbers(r) }) };
    return { r, k, c, a, b, before, options };
  });

/** Object.is entry by entry: NaN is NaN, and 0 is not −0. */
const same = (a: Float64Array, b: Float64Array): boolean =>
  a.length === b.length && a.every((x, at) => Object.is(x, b[at]));

describe("the definition, on numbers one can follow", () => {
  // A = (1 2 3; 4 5 6), B = (7 8; 9 10; 11 12), both column after column
  const a = Float64Array.of(1, 4, 2, 5, 3, 6);
  const b = Float64Array.of(7, 9, 11, 8, 10, 12);
  const product = (
    left: Float64Array,
    right: Float64Array,
    options?: ProductOptions,
    before = [0, 0, 0, 0],
  ) => {
    const out = Float64Array.from(before);
    naiveProduct(2, 3, 2, left, right, out, options);
    return [...out];
  };

  test("A·B = (58 64; 139 154)", () =>
    expect(product(a, b, undefined, [9, 9, 9, 9])).toEqual([58, 139, 64, 154]));

  test("the same from a turned A, and from a turned B", () => {
    expect(product(Float64Array.of(1, 2, 3, 4, 5, 6), b, { turnLeft: true })).toEqual([58, 139, 64, 154]);
    expect(product(a, Float64Array.of(7, 8, 9, 10, 11, 12), { turnRight: true })).toEqual([58, 139, 64, 154]);
  });

  test("added to what stands there, a bias on every column, and cut at 0", () => {
    expect(product(a, b, { add: true }, [1, 2, 3, 4])).toEqual([59, 141, 67, 158]);
    const bias = Float64Array.of(-60, 1);
    expect(product(a, b, { bias })).toEqual([-2, 140, 4, 155]);
    expect(product(a, b, { bias, relu: true })).toEqual([0, 140, 4, 155]);
  });

  test("the bias comes last: (1e16 − 1e16) + 1 is 1, and 1 + 1e16 − 1e16 is 0", () => {
    const out = new Float64Array(1);
    naiveProduct(1, 2, 1, Float64Array.of(1e16, -1e16), Float64Array.of(1, 1), out, {
      bias: Float64Array.of(1),
    });
    expect(out[0]).toBe(1);
  });

  test("adding goes on in the accumulator: (1 + 1e16) − 1e16 is 0, not 1 + 0", () => {
    const out = Float64Array.of(1);
    naiveProduct(1, 2, 1, Float64Array.of(1e16, -1e16), Float64Array.of(1, 1), out, { add: true });
    expect(out[0]).toBe(0);
  });
});

describe("plain loops give the definition's bits", () => {
  test("the product in all its forms, whatever the shape, with NaN, ∞ and −0 among the numbers", () => {
    fc.assert(
      fc.property(problem, ({ r, k, c, a, b, before, options }) => {
        const expected = before.slice();
        naiveProduct(r, k, c, a, b, expected, options);
        const actual = before.slice();
        plainProduct(r, k, c, a, b, actual, options);
        expect(same(actual, expected)).toBe(true);
      }),
      { numRuns: 1500 },
    );
  });

  test("the sum of the columns", () => {
    fc.assert(
      fc.property(problem, ({ r, c, before }) => {
        const expected = Float64Array.from({ length: r }, (_, i) => i / 3);
        const actual = expected.slice();
        naiveAddColumns(r, c, before, expected);
        addColumns(r, c, before, actual);
        expect(same(actual, expected)).toBe(true);
      }),
    );
  });

  test("the ReLU's way back, whatever the length, with 0 and −0 among the outputs", () => {
    fc.assert(
      fc.property(fc.nat(1e6), fc.integer({ min: 0, max: 20 }), (seed, length) => {
        const random = new Random(seed);
        const a = Float64Array.from({ length }, () => Math.max(random.randn(), random.rand() < 0.5 ? 0 : -0));
        const dA = Float64Array.from({ length }, () => random.randn());
        const dZ = new Float64Array(length).fill(9);
        reluBackward(a, dA, dZ);
        expect(
          same(
            dZ,
            a.map((x, i) => (x > 0 ? dA[i] : 0)),
          ),
        ).toBe(true);
      }),
    );
  });

  test("[[1]]·[[∞]] is ∞: no missing number is stood in for by 0", () => {
    const out = new Float64Array(1);
    plainProduct(1, 1, 1, Float64Array.of(1), Float64Array.of(Infinity), out);
    expect(out[0]).toBe(Infinity);
  });

  test("none writes into its factors", () => {
    fc.assert(
      fc.property(problem, ({ r, k, c, a, b, before, options }) => {
        const copies = [a.slice(), b.slice(), options.bias?.slice()];
        plainProduct(r, k, c, a, b, before, options);
        expect([a, b, options.bias]).toEqual(copies);
      }),
    );
  });
});
