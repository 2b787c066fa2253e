// The generator is NumPy's, number for number: a seed from a Python article means the same here.
import fc from "fast-check";
import { Random, ValueError } from "glassbox";
import { describe, expect, test } from "vitest";
import { expectClose, golden } from "./golden";

const many = <T>(n: number, draw: () => T): T[] => Array.from({ length: n }, draw);

describe.each(Object.keys(golden.numpy_random_state))("seed %s gives NumPy's numbers", (seed) => {
  const expected = golden.numpy_random_state[seed];
  const start = () => new Random(Number(seed));

  test("32 random bits, exactly", () => {
    const random = start();
    expect(many(5, () => random.uint32())).toEqual(expected.random_uint32);
  });

  test("rand and uniform, exactly", () => {
    const random = start();
    expect(many(6, () => random.rand())).toEqual(expected.rand);
    const other = start();
    expect(many(4, () => other.uniform(-2, 3))).toEqual(expected["uniform_-2_3"]);
  });

  test("randn, up to the last digit of log and square root", () => {
    const random = start();
    expectClose(
      many(7, () => random.randn()),
      expected.randn,
      1e-15,
    );
  });

  test("a waiting second normal number survives a rand in between", () => {
    const r = start();
    expectClose(
      [r.rand(), r.randn(), r.rand(), r.randn(), r.randn()],
      expected.rand_then_randn_then_rand,
      1e-15,
    );
  });

  test("permutation, shuffle and randint, exactly", () => {
    expect(Array.from(start().permutation(10))).toEqual(expected.permutation_10);
    expect(start().shuffle(many(12, () => 0).map((_, i) => i))).toEqual(expected.shuffle_12);
    const random = start();
    expect(many(8, () => random.randint(0, 100))).toEqual(expected.randint_0_100);
  });
});

describe("beyond the golden file", () => {
  test("randint spans negative numbers and the full 32 bits, as numpy.random.RandomState(7) does", () => {
    const wide = new Random(7);
    expect(many(3, () => wide.randint(0, 2 ** 32))).toEqual([327741615, 976413892, 3349725721]);
    const narrow = new Random(7);
    expect(many(8, () => narrow.randint(-5, 6))).toEqual([-1, 4, 1, -2, -2, 2, 2, 4]);
  });

  test("a range of one value costs no random bits", () => {
    const random = new Random(3);
    expect(random.randint(9, 10)).toBe(9);
    expect(random.uint32()).toBe(new Random(3).uint32());
  });

  test("matrices are filled row after row from the same stream", () => {
    const matrix = new Random(5).randnMatrix(3, 4);
    const random = new Random(5);
    expect(matrix.toRows().flat()).toEqual(many(12, () => random.randn()));
    const uniform = new Random(5).randMatrix(2, 2);
    const again = new Random(5);
    expect(uniform.toRows().flat()).toEqual(many(4, () => again.rand()));
  });

  test("a clone goes on alike and disturbs nothing", () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(700), fc.boolean(), (seed, skip, odd) => {
        const random = new Random(seed);
        for (let i = 0; i < skip; i++) random.uint32();
        if (odd) random.randn(); // leaves a spare
        const twin = random.clone();
        const ahead = many(5, () => twin.randn());
        expect(many(5, () => random.randn())).toEqual(ahead);
      }),
      { numRuns: 50 },
    );
  });

  test("copyFrom takes a generator back to where it stood", () => {
    const random = new Random(1);
    random.randn();
    const before = random.clone();
    const drawn = many(5, () => random.randn());
    random.copyFrom(before);
    expect(many(5, () => random.randn())).toEqual(drawn);
  });

  test("a shuffle keeps every item, whatever the array", () => {
    fc.assert(
      fc.property(fc.nat(), fc.array(fc.integer()), (seed, items) => {
        const shuffled = new Random(seed).shuffle([...items]);
        expect(shuffled.sort()).toEqual([...items].sort());
        const typed = new Random(seed).shuffle(Float64Array.from(items));
        expect(typed.sort()).toEqual(Float64Array.from(items).sort());
      }),
    );
  });

  test("means and variances are what they should be, over a hundred thousand draws", () => {
    const random = new Random(11);
    const n = 100_000;
    const normal = many(n, () => random.randn());
    const mean = normal.reduce((a, b) => a + b) / n;
    const variance = normal.reduce((a, b) => a + (b - mean) ** 2, 0) / n;
    expect(Math.abs(mean)).toBeLessThan(5 / Math.sqrt(n)); // five standard errors
    expect(Math.abs(variance - 1)).toBeLessThan(5 * Math.sqrt(2 / n));
  });
});

describe("errors at the door", () => {
  test.each([-1, 2 ** 32, 0.5, Number.NaN, Infinity, "42", undefined, null, {}])(
    "refuses the seed %s",
    (seed) => {
      expect(() => new Random(seed as number)).toThrow(ValueError);
    },
  );

  test("refuses ranges that hold nothing, or too much", () => {
    const random = new Random(0);
    expect(() => random.randint(5, 5)).toThrow(
      "Random.randint: expected high to be a whole number of at least 6",
    );
    expect(() => random.randint(0, 2 ** 32 + 1)).toThrow("at most 2³² values");
    expect(() => random.randint(0.5, 3)).toThrow(ValueError);
    expect(() => random.uniform(2, 1)).toThrow(
      "Random.uniform: expected high to be a number at least 2, got 1.",
    );
    expect(() => random.uniform(-1e308, 1e308)).toThrow(ValueError);
    expect(() => random.uniform(Number.NaN, 1)).toThrow(ValueError);
    expect(random.rand()).toBe(new Random(0).rand()); // and none of them cost a number
  });

  test("refuses lengths that are not lengths, and things that are not arrays", () => {
    const random = new Random(0);
    expect(() => random.permutation(-1)).toThrow(ValueError);
    expect(() => random.permutation(2.5)).toThrow(ValueError);
    expect(() => random.randMatrix(-1, 2)).toThrow(ValueError);
    expect(() => random.shuffle(5 as never)).toThrow("Random.shuffle: expected an array, got 5.");
    expect(() => random.copyFrom({} as Random)).toThrow(ValueError);
  });

  test("an empty permutation is empty", () => {
    expect(Array.from(new Random(0).permutation(0))).toEqual([]);
  });
});
