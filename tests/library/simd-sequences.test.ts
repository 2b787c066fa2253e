// What sequences need of the SIMD engine: in float64 the bits of the plain engine; in float32, where powers of e are the
// kernels' own, the plain numbers to float32; and the same bits on two threads as on one.
import fc from "fast-check";
import {
  AdamW,
  categoricalCrossEntropyFromLogits,
  type Engine,
  fit,
  geluTanh,
  gpt,
  Ids,
  LayerNorm,
  Matrix,
  Pass,
  plain,
  Ragged,
  Random,
  SelfAttention,
  simd,
  trainingStep,
  zeroGradients,
} from "glassbox";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const engines: Record<string, Engine> = {};
beforeAll(async () => {
  engines.simd64 = await simd({ reserve: 64 });
  engines.simd64x2 = await simd({ threads: 2, reserve: 64 });
  engines.simd32 = await simd({ precision: "float32", reserve: 64 });
  engines.simd32x2 = await simd({ precision: "float32", threads: 2, reserve: 64 });
});
afterAll(() => {
  for (const engine of Object.values(engines)) engine.close();
});

/** A copy in the engine's memory, rounded to what the engine computes in. */
function on(engine: Engine, matrix: Matrix): Matrix {
  const copy = engine.allocate(matrix.rows, matrix.columns);
  copy.data.set(matrix.data);
  return copy;
}

const rounded = (matrix: Matrix): Matrix => matrix.map((x) => Math.fround(x));

/** The largest difference, relative to the largest number. */
function apart(actual: Matrix, expected: Matrix): number {
  let [most, largest] = [0, 1e-6];
  expected.data.forEach((x, k) => {
    largest = Math.max(largest, Math.abs(x));
    most = Math.max(most, Math.abs(x - actual.data[k]));
    if (Number.isNaN(actual.data[k])) most = Infinity;
  });
  return most / largest;
}

/** Attention and its way back on an engine: O, dQ, dK, dV. */
function attend(
  engine: Engine,
  given: readonly Matrix[],
  starts: Int32Array,
  heads: number,
  causal: boolean,
): Matrix[] {
  const pass = new Pass({ engine });
  const [Q, K, V, dO] = given.map((one) => on(engine, one));
  const { rows, columns } = Q;
  let longest = 0;
  for (let s = 0; s + 1 < starts.length; s++) longest = Math.max(longest, starts[s + 1] - starts[s]);
  longest = Math.ceil(longest / 4) * 4;
  const take = (r: number, c: number): Matrix => pass.take(r, c).fill(Number.NaN); // nothing that was there counts
  const options = { starts, heads, scale: -0.7, causal };
  const room = take(rows, columns + 4 * starts.length - 4);
  const weights = take(longest, heads * columns);
  const [O, dQ, dK, dV] = [0, 1, 2, 3].map(() => take(rows, columns));
  engine.attention(Q, K, V, weights, O, room, options);
  engine.attentionBackward(Q, K, V, weights, dO, take(longest, heads * columns), dQ, dK, dV, room, options);
  const result = [O, dQ, dK, dV].map((one) => one.clone());
  pass.free();
  for (const one of [Q, K, V, dO]) engine.free(one);
  return result;
}

describe("attention", () => {
  test("of whatever shape: the plain numbers, to the bit in float64 and to float32 in float32", () => {
    fc.assert(
      fc.property(
        fc.record({
          seed: fc.integer({ min: 1, max: 1e6 }),
          heads: fc.integer({ min: 1, max: 3 }),
          size: fc.integer({ min: 1, max: 17 }),
          lengths: fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 4 }),
          causal: fc.boolean(),
        }),
        ({ seed, heads, size, lengths, causal }) => {
          const random = new Random(seed);
          const starts = Int32Array.from([
            0,
            ...lengths.map((_, s) => lengths.slice(0, s + 1).reduce((a, b) => a + b)),
          ]);
          const given = [0, 1, 2, 3].map(() =>
            rounded(random.randnMatrix(heads * size, starts[lengths.length])),
          );
          const expected = attend(plain, given, starts, heads, causal);
          attend(engines.simd64, given, starts, heads, causal).forEach((one, i) => {
            expect(one.equals(expected[i])).toBe(true);
          });
          attend(engines.simd32, given, starts, heads, causal).forEach((one, i) => {
            expect(apart(one, expected[i])).toBeLessThan(1e-5); // some hundred roundings of 6e-8
          });
        },
      ),
      { seed: 3, numRuns: 60 },
    );
  });

  test("large enough to be shared: two threads give the bits of one", () => {
    const random = new Random(4);
    const given = [0, 1, 2, 3].map(() => random.randnMatrix(32, 300));
    const starts = Int32Array.of(0, 64, 65, 129, 193, 257, 300);
    const one = attend(engines.simd32, given, starts, 4, true);
    attend(engines.simd32x2, given, starts, 4, true).forEach((two, i) => {
      expect(two.equals(one[i])).toBe(true);
    });
  });

  test("in float32, of two keys: the powers of e are right to the last digits, whatever their distance", () => {
    // Sequences of two tokens whose scores lie d apart: the second's weight is e^−d/(1 + e^−d).
    const many = 500;
    const K = rounded(new Matrix(1, 2 * many).map((_, _i, t) => (t % 2 === 0 ? 0 : (t / 2 / many) * 3)));
    const ones = Matrix.filled(1, 2 * many, 1);
    const V = ones.map((_, _i, t) => t % 2);
    const starts = Int32Array.from({ length: many + 1 }, (_, s) => 2 * s);
    const [O] = attend(engines.simd32, [ones, K, V, ones], starts, 1, false);
    for (let s = 0; s < many; s++) {
      const power = Math.exp(Math.fround(-0.7) * K.data[2 * s + 1]);
      // d is rounded by up to 1.2e-7, e^−d, the sum and the quotient by 6e-8 each.
      expect(Math.abs(O.data[2 * s] / (power / (1 + power)) - 1)).toBeLessThan(6e-7);
    }
  });

  test("of scores that are far apart: the largest wins, and nothing is lost to an overflow", () => {
    const Q = Matrix.row([90, 90, 90]);
    const K = Matrix.row([3, -3, 1]);
    const starts = Int32Array.of(0, 3);
    const given = [Q, K, Matrix.row([1, 2, 4]), Matrix.row([1, 1, 1])];
    const [O] = attend(engines.simd32, given, starts, 1, false); // the scale is −0.7: the smallest key wins
    expect([...O.data]).toEqual([2, 2, 2]);
  });
});

describe("layer normalisation", () => {
  test.each([
    [1, 1],
    [3, 5],
    [8, 4],
    [13, 7],
    [32, 9],
  ])("of %i features and %i examples: the bits of the plain engine in float64", (n, m) => {
    const random = new Random(n);
    const layer = new LayerNorm(n, {
      epsilon: 1e-5,
      gamma: random.randnMatrix(n, 1),
      beta: random.randnMatrix(n, 1),
    });
    const [X, dY] = [random.randnMatrix(n, m), random.randnMatrix(n, m)].map(rounded);
    const run = (engine: Engine): Matrix[] => {
      zeroGradients(layer.parameters);
      const pass = new Pass({ engine });
      const [Y, backward] = layer.forward(on(engine, X), pass);
      const dX = backward(on(engine, dY));
      return [Y, dX, ...layer.parameters.map(({ gradient }) => gradient)].map((one) => one.clone());
    };
    const expected = run(plain);
    run(engines.simd64).forEach((one, i) => {
      expect(one.equals(expected[i])).toBe(true);
    });
    run(engines.simd32).forEach((one, i) => {
      expect(apart(one, expected[i])).toBeLessThan(1e-5);
    });
  });

  test("tells of a variance that overflows", () => {
    const layer = new LayerNorm(5);
    for (const engine of [plain, engines.simd64]) {
      const X = on(
        engine,
        Matrix.filled(5, 6, 1).map((_, i, j) => (j === 4 ? (i - 2) * 1e200 : i)),
      );
      expect(() => layer.forward(X, new Pass({ engine }))).toThrow(/the numbers overflowed/);
    }
  });
});

describe("in float32", () => {
  test("GELU is the plain one from −30 to 30, and its slope, and far out it is 0 or the input", () => {
    const z = new Matrix(1, 4001).map((_, _i, j) => Math.fround((j - 2000) * 0.015));
    const dA = rounded(new Random(1).randnMatrix(1, 4001));
    const engine = engines.simd32;
    const [Z, D, A, dZ] = [z, dA, z, z].map((one) => on(engine, one));
    geluTanh.forward(Z, A, engine);
    geluTanh.backward(Z, A, D, dZ, engine);
    z.data.forEach((x, j) => {
      expect(Math.abs(A.data[j] - geluTanh.apply(x))).toBeLessThan(2e-6 * Math.max(1, Math.abs(x)));
      expect(Math.abs(dZ.data[j] - dA.data[j] * geluTanh.derivative(x))).toBeLessThan(2e-5);
    });
    const far = on(engine, Matrix.row([-1e20, 1e20, -50, 50, 0]));
    const out = on(engine, new Matrix(1, 5));
    geluTanh.forward(far, out, engine);
    expect([...out.data].map((x) => x + 0)).toEqual([0, Math.fround(1e20), 0, 50, 0]);
    geluTanh.backward(far, out, on(engine, Matrix.filled(1, 5, 1)), out, engine);
    expect([...out.data].map((x) => x + 0)).toEqual([0, 1, 0, 1, 0.5]);
  });

  test("GELU on two threads gives the bits of one, for numbers of entries that no part divides", () => {
    for (const n of [10_000, 10_003, 40_961]) {
      const z = new Random(n).randnMatrix(1, n);
      const dA = new Random(n + 1).randnMatrix(1, n);
      const [one, two] = [engines.simd32, engines.simd32x2].map((engine) => {
        const [Z, D, A, dZ] = [z, dA, z, z].map((given) => on(engine, given));
        geluTanh.forward(Z, A, engine);
        geluTanh.backward(Z, A, D, dZ, engine);
        const numbers = [A, dZ].map(({ data }) => Array.from(data));
        for (const matrix of [Z, D, A, dZ]) engine.free(matrix);
        return numbers;
      });
      expect(two).toEqual(one);
    }
  });

  test.each([2, 3, 4, 7, 80])(
    "cross-entropy of %i classes is the plain one, and keeps its digits where it is sure",
    (rows) => {
      const random = new Random(rows);
      const engine = engines.simd32;
      const logits = rounded(random.randnMatrix(rows, 9).scale(4));
      logits.set(1, 3, 60); // as good as certain
      const ids = new Ids(Array.from({ length: 9 }, (_, j) => (j === 3 ? 1 : random.randint(0, rows))));
      const pass = new Pass({ engine });
      const [value, slope] = categoricalCrossEntropyFromLogits(on(engine, logits), ids, { pass });
      const [expected, slopes] = categoricalCrossEntropyFromLogits(logits, ids);
      expect(Math.abs(value - expected)).toBeLessThan(1e-5);
      for (let j = 0; j < 9; j++)
        expect(apart(slope.column(j), slopes.column(j)), `column ${j}`).toBeLessThan(1e-5);
    },
  );

  test("a GPT learns as it does on the plain engine, with either engine's memory", () => {
    const random = new Random(6);
    const ids = Array.from({ length: 12 }, () => {
      const first = random.randint(0, 5);
      return new Ids(Array.from({ length: 9 }, (_, t) => (first + 2 * t) % 11));
    });
    const [inputs, targets] = [0, 1].map((shift) =>
      Ragged.of(ids.map((one) => new Ids(one.data.slice(shift, 8 + shift)))),
    );
    const run = (engine: Engine): readonly number[] => {
      const network = gpt({
        vocabulary: 11,
        width: 16,
        blocks: 2,
        heads: 2,
        context: 8,
        random: new Random(7),
      });
      const optimizer = new AdamW(0.01);
      const loss = categoricalCrossEntropyFromLogits;
      return fit(network, {
        inputs,
        targets,
        loss,
        optimizer,
        epochs: 15,
        batchSize: 4,
        random: new Random(8),
        engine,
      }).loss;
    };
    const expected = run(plain);
    expect(expected[14]).toBeLessThan(expected[0] / 2);
    expect(run(engines.simd64)).toEqual(expected);
    expect(run(engines.simd64x2)).toEqual(expected);
    const single = run(engines.simd32);
    single.forEach((value, e) => {
      expect(Math.abs(value - expected[e]) / expected[e]).toBeLessThan(1e-3); // 45 steps, each passing its roundings on
    });
    expect(run(engines.simd32x2)).toEqual(single);
  });

  test("what lies elsewhere is computed all the same", () => {
    const layer = new SelfAttention(8, { heads: 2, random: new Random(1) });
    const X = Ragged.of([new Random(2).randnMatrix(8, 5)]);
    const [here] = layer.forward(X, new Pass({ engine: engines.simd32 }));
    expect(apart(here.columns, layer.forward(X)[0].columns)).toBeLessThan(1e-5);
  });
});

describe("a training step of a GPT", () => {
  /** How many typed arrays are made while `work` runs, of the kinds that hold numbers or ids. */
  function madeIn(work: () => void): number {
    let count = 0;
    const kinds = ["Float64Array", "Float32Array", "Int32Array"] as const;
    const originals = kinds.map((kind) => globalThis[kind]);
    const counted = globalThis as unknown as Record<string, unknown>;
    kinds.forEach((kind, k) => {
      counted[kind] = new Proxy(originals[k], {
        construct(target, args, self) {
          count++;
          return Reflect.construct(target, args, self === counted[kind] ? target : self);
        },
      });
    });
    try {
      work();
    } finally {
      kinds.forEach((kind, k) => {
        counted[kind] = originals[k];
      });
    }
    return count;
  }

  test.each(["plain", "simd64", "simd32"])(
    "makes no typed array on %s, once its buffers are there",
    (name) => {
      const random = new Random(3);
      const network = gpt({ vocabulary: 9, width: 8, blocks: 2, heads: 2, context: 6, random });
      const sequences = Ragged.of([new Ids([1, 2, 3, 4, 5]), new Ids([8, 7, 6])]);
      const options = {
        loss: categoricalCrossEntropyFromLogits,
        optimizer: new AdamW(0.01),
        engine: name === "plain" ? plain : engines[name],
      };
      const step = (): unknown => trainingStep(network, sequences, sequences, options);
      expect(madeIn(step)).toBeGreaterThan(0); // so the count counts
      for (let warm = 0; warm < 3; warm++) step();
      expect(madeIn(() => [1, 2, 3, 4, 5].forEach(step))).toBe(0);
    },
  );
});
