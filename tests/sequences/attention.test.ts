// Self-attention. Its witnesses share no code with it: golden numbers from another automatic differentiation, numerical
// slopes, and a plain computation of one head and one query.
import fc from "fast-check";
import {
  DivergenceError,
  Embedding,
  Ids,
  Matrix,
  networkFromJson,
  networkToJson,
  Pass,
  predict,
  Ragged,
  Random,
  SelfAttention,
  ShapeError,
  StateError,
  ValueError,
  zeroGradients,
} from "glassbox";
import { describe, expect, test } from "vitest";
import { expectClose, goldenSequences } from "../library/golden";
import { entries, expectGradients } from "../library/witness";

const golden = goldenSequences.gradients.attention;

/** Weights as the golden example draws them: 8 wide, 2 heads, 5 tokens. */
function drawn() {
  const random = new Random(42);
  const draw = (): Matrix => random.randnMatrix(8, 8).scale(1 / Math.sqrt(8));
  const weights = { query: draw(), key: draw(), value: draw(), output: draw() };
  return { weights, X: random.randnMatrix(8, 5), U: random.randnMatrix(8, 5) };
}

/** Attention by its definition: every head, query and token by itself, in plain arrays. */
function plainly(
  X: number[][],
  { query, key, value, output }: ReturnType<typeof drawn>["weights"],
  heads: number,
  { causal = true, scale = 1 / Math.sqrt(X.length / heads) } = {},
) {
  const [width, tokens] = [X.length, X[0].length];
  const times = (W: Matrix, x: number[][]): number[][] =>
    W.toRows().map((row) => x[0].map((_, j) => row.reduce((sum, w, k) => sum + w * x[k][j], 0)));
  const [Q, K, V] = [times(query, X), times(key, X), times(value, X)];
  const size = width / heads;
  const mixed = X.map((row) => row.map(() => 0));
  for (let h = 0; h < heads; h++) {
    for (let t = 0; t < tokens; t++) {
      const powers = Array.from({ length: causal ? t + 1 : tokens }, (_, u) => {
        let score = 0;
        for (let k = 0; k < size; k++) score += Q[h * size + k][t] * K[h * size + k][u];
        return Math.exp(score * scale);
      });
      const sum = powers.reduce((a, b) => a + b);
      for (let k = 0; k < size; k++) {
        mixed[h * size + k][t] = powers.reduce(
          (all, power, u) => all + (power / sum) * V[h * size + k][u],
          0,
        );
      }
    }
  }
  return Matrix.from(times(output, mixed));
}

describe("causal attention with several heads", () => {
  test("has the golden output and the golden gradients, to 1e-12 of the largest entry", () => {
    const { weights, X, U } = drawn();
    const layer = new SelfAttention(8, { heads: 2, bias: "none", weights });
    const [output, backward] = layer.forward(Ragged.of([X]));
    const dX = backward(U);
    const near = (actual: Matrix, rows: number[][]): void => {
      const expected = Matrix.from(rows);
      const largest = Math.max(...expected.data.map(Math.abs));
      expect(actual.equals(expected, 1e-12 * largest)).toBe(true);
    };
    near(output.columns, golden.output);
    near(dX, golden.dX);
    ["Wq", "Wk", "Wv", "Wo"].forEach((name, i) => {
      near(layer.parameters[i].gradient, golden.gradients[name]);
    });
  });

  test.each([
    [1, 1, [1]],
    [1, 3, [4]],
    [2, 4, [1, 3]],
    [4, 2, [5, 1, 2]],
    [3, 1, [7, 7]],
  ])(
    "%i heads of size %i on sequences of %j tokens: its definition to 1e-9, and numerical slopes",
    (heads, size, lengths) => {
      const random = new Random(heads + 10 * size);
      const width = heads * size;
      const draw = (): Matrix => entries(random, width, width).scale(0.3);
      const weights = { query: draw(), key: draw(), value: draw(), output: draw() };
      const layer = new SelfAttention(width, { heads, bias: "none", weights });
      const sequences = lengths.map((length) => entries(random, width, length).scale(0.5));
      const input = Ragged.of(sequences);
      const [output] = layer.forward(input);
      sequences.forEach((X, s) => {
        const expected = plainly(X.toRows(), weights, heads);
        expectClose(output.sequence(s).data, expected.data, 1e-9);
      });
      expectGradients(layer, input, random);
    },
  );

  test("no token sees a later one, nor one of another sequence", () => {
    const { weights, X } = drawn();
    const layer = new SelfAttention(8, { heads: 2, bias: "none", weights });
    const [before] = layer.forward(Ragged.of([X, X]));
    const changed = X.clone();
    for (let i = 0; i < 8; i++) changed.set(i, 3, 9 + i);
    const [after] = layer.forward(Ragged.of([changed, X]));
    for (let t = 0; t < 10; t++) {
      expect(after.columns.column(t).equals(before.columns.column(t)), `token ${t}`).toBe(t !== 3 && t !== 4);
    }
  });

  test("the gradients of sequences side by side are the sums of those of each alone", () => {
    const { weights, X, U } = drawn();
    const layer = new SelfAttention(8, { heads: 2, bias: "none", weights });
    const parts = [0, 2, 5].slice(0, 2).map((from, s) => {
      const places = s === 0 ? [0, 1] : [2, 3, 4];
      return { from, X: X.pickColumns(places), U: U.pickColumns(places) };
    });
    const alone = parts.map((part) => {
      zeroGradients(layer.parameters);
      const dX = layer.forward(Ragged.of([part.X]))[1](part.U);
      return { dX, gradients: layer.parameters.map(({ gradient }) => gradient.clone()) };
    });
    zeroGradients(layer.parameters);
    const dX = layer.forward(Ragged.of(parts.map((part) => part.X)), new Pass())[1](U);
    expect(dX.equals(Ragged.of(alone.map((part) => part.dX)).columns, 1e-14)).toBe(true);
    layer.parameters.forEach(({ gradient }, i) => {
      expect(gradient.equals(alone[0].gradients[i].plus(alone[1].gradients[i]), 1e-13)).toBe(true);
    });
  });
});

/** A layer whose choices are drawn, and sequences for it. */
const cases = fc.record({
  seed: fc.integer({ min: 1, max: 1e6 }),
  heads: fc.integer({ min: 1, max: 4 }),
  size: fc.integer({ min: 1, max: 5 }),
  lengths: fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 3 }),
  causal: fc.boolean(),
  scale: fc.constantFrom(undefined, 0.3, -1, 0),
});

describe("self-attention of whatever shape", () => {
  test("is its definition, to 1e-9, for 1 to 40 tokens, one head or several, causal or not", () => {
    fc.assert(
      fc.property(cases, ({ seed, heads, size, lengths, causal, scale }) => {
        const random = new Random(seed);
        const width = heads * size;
        const draw = (): Matrix => random.randnMatrix(width, width).scale(0.5);
        const weights = { query: draw(), key: draw(), value: draw(), output: draw() };
        const layer = new SelfAttention(width, { heads, causal, scale, bias: "none", weights });
        const sequences = lengths.map((length) => random.randnMatrix(width, length));
        const output = predict<Ragged, Ragged>(layer, Ragged.of(sequences));
        sequences.forEach((X, s) => {
          const expected = plainly(X.toRows(), weights, heads, { causal, scale });
          expect(output.sequence(s).equals(expected, 1e-9)).toBe(true); // sums in other orders, of up to 40 terms
        });
        for (const [s, maps] of layer.maps(Ragged.of(sequences)).entries()) {
          expect(maps).toHaveLength(heads);
          for (const map of maps) {
            expect(map.shape).toBe(`${lengths[s]} × ${lengths[s]}`);
            for (let t = 0; t < map.columns; t++) expect(map.column(t).sum()).toBeCloseTo(1, 12);
            if (causal) expect(map.data.every((a, k) => k % map.rows <= k / map.rows || a === 0)).toBe(true);
          }
        }
      }),
      { seed: 1, numRuns: 60 },
    );
  });

  test("scores of thousands do not overflow: the best key gets all of the weight", () => {
    const sharp = Matrix.identity(2).scale(100);
    const layer = new SelfAttention(2, {
      causal: false,
      bias: "none",
      scale: 1,
      weights: { query: sharp, key: sharp, value: Matrix.identity(2), output: Matrix.identity(2) },
    });
    // Each token fits itself best: 10⁴·(1 + 0) against 10⁴·0.
    const X = Matrix.identity(2);
    expect(predict(layer, Ragged.of([X])).columns.toRows()).toEqual(X.toRows());
    expect(layer.maps(Ragged.of([X]))[0][0].toRows()).toEqual(X.toRows());
  });

  test("has the slopes that a nudge measures, with every choice", () => {
    fc.assert(
      fc.property(
        fc.record({
          seed: fc.integer({ min: 1, max: 1e6 }),
          heads: fc.integer({ min: 1, max: 2 }),
          half: fc.integer({ min: 1, max: 2 }),
          lengths: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 3 }),
          causal: fc.boolean(),
          rotary: fc.boolean(),
          bias: fc.constantFrom("output", "all", "none"),
        }),
        ({ seed, heads, half, lengths, ...choices }) => {
          const random = new Random(seed);
          const width = heads * 2 * half;
          const layer = new SelfAttention(width, {
            heads,
            ...choices,
            random,
            initializer: (rows, columns) => random.randnMatrix(rows, columns).scale(0.5),
          });
          for (const { value } of layer.parameters)
            value.copyFrom(random.randnMatrix(value.rows, value.columns).scale(0.5));
          const input = Ragged.of(lengths.map((length) => random.randnMatrix(width, length)));
          expectGradients(layer, input, random);
        },
      ),
      { seed: 2, numRuns: 25 },
    );
  });

  test("gives the very same numbers token by token from the cache, with every choice", () => {
    for (const [rotary, bias] of [
      [false, "output"],
      [true, "all"],
      [true, "none"],
    ] as const) {
      const random = new Random(5);
      const layer = new SelfAttention(8, { heads: 2, rotary, bias, random });
      for (const { value } of layer.parameters) value.copyFrom(random.randnMatrix(value.rows, value.columns));
      const X = random.randnMatrix(8, 40);
      const whole = predict<Ragged, Ragged>(layer, Ragged.of([X])).columns;
      const state = layer.start();
      for (let t = 0; t < 40; t += t < 10 ? 1 : 3) {
        const places = (t < 10 ? [t] : [t, t + 1, t + 2]).filter((place) => place < 40);
        const next = layer.next(X.pickColumns(places), state);
        expect(next.equals(whole.pickColumns(places))).toBe(true);
      }
      expect(state.tokens).toBe(40);
    }
  });

  test("a bias on the keys moves every score of a query alike, so that nothing changes: its slope is 0", () => {
    const random = new Random(6);
    const layer = new SelfAttention(4, {
      heads: 2,
      bias: "all",
      random,
      initializer: (r, c) => random.randnMatrix(r, c),
    });
    layer.keyBias?.value.copyFrom(random.randnMatrix(4, 1));
    const [, backward] = layer.forward(Ragged.of([random.randnMatrix(4, 6)]));
    backward(random.randnMatrix(4, 6));
    // judged absolutely: the true slope is exactly 0, and what is left are roundings of numbers of about 1
    expect(layer.keyBias?.gradient.data.every((slope) => Math.abs(slope) < 1e-13)).toBe(true);
    expect(layer.queryBias?.gradient.norm()).toBeGreaterThan(0.01);
  });

  test("scores of rotary attention know how far apart two tokens are, and not where they stand", () => {
    const random = new Random(7);
    const layer = new SelfAttention(8, {
      heads: 2,
      rotary: true,
      random,
      initializer: (r, c) => random.randnMatrix(r, c),
    });
    const pair = random.randnMatrix(8, 2);
    /** How much the second token looks at the first, relative to itself, where both stand `behind` tokens later. */
    const look = (behind: number, apart: number): number => {
      const X = new Matrix(8, behind + apart + 1).map((_, i, t) =>
        t === behind ? pair.at(i, 0) : t === behind + apart ? pair.at(i, 1) : 0,
      );
      const map = layer.maps(Ragged.of([X]))[0][0];
      return map.at(behind, behind + apart) / map.at(behind + apart, behind + apart);
    };
    expect(look(5, 2)).toBeCloseTo(look(0, 2), 12);
    expect(Math.abs(look(0, 3) - look(0, 2))).toBeGreaterThan(1e-3);
  });

  test("without positions and without a mask, permuted tokens give permuted outputs; with a mask they do not", () => {
    const random = new Random(8);
    const order = [3, 0, 2, 1];
    const X = random.randnMatrix(4, 4);
    const weights = new SelfAttention(4, { random, initializer: (r, c) => random.randnMatrix(r, c) });
    const permutes = (causal: boolean): boolean => {
      const { query, key, value, output } = weights;
      const layer = new SelfAttention(4, { causal, weights: { query, key, value, output } });
      const before = predict<Ragged, Ragged>(layer, Ragged.of([X])).columns;
      const after = predict<Ragged, Ragged>(layer, Ragged.of([X.pickColumns(order)])).columns;
      return after.equals(before.pickColumns(order), 1e-12);
    };
    expect(permutes(false)).toBe(true);
    expect(permutes(true)).toBe(false);
  });

  test("comes back from a file with each of its choices", () => {
    const random = new Random(9);
    for (const options of [
      { causal: false, bias: "none" },
      { rotary: true, bias: "all", scale: 0.25 },
    ] as const) {
      const layer = new SelfAttention(4, { heads: 2, random, ...options });
      const again = networkFromJson<Ragged, Ragged>(
        JSON.parse(JSON.stringify(networkToJson(layer))),
      ) as SelfAttention;
      const { causal, rotary, bias, scale, heads } = again;
      expect({ causal, rotary, bias, scale, heads }).toEqual({
        causal: layer.causal,
        rotary: layer.rotary,
        bias: layer.bias,
        scale: layer.scale,
        heads: 2,
      });
    }
  });

  test("refuses what it cannot do, and says why", () => {
    const random = new Random(1);
    const layer = new SelfAttention(4, { heads: 2, random });
    expect(() => new SelfAttention(4, { heads: 3, random })).toThrow(
      'SelfAttention "self-attention": expected heads that divide the width, 4, got 3.',
    );
    expect(() => new SelfAttention(6, { heads: 2, rotary: true, random })).toThrow(
      /expected heads with an even number of rows, which turn in pairs, got 3 rows/,
    );
    expect(() => new SelfAttention(4)).toThrow(/expected a seeded generator/);
    expect(() => new SelfAttention(4, { random, bias: "some" as never })).toThrow(
      /expected bias to be "output" or/,
    );
    expect(() => new SelfAttention(4, { random, biases: { key: new Matrix(4, 1) } })).toThrow(
      /expected no key bias, as bias is "output", got one/,
    );
    expect(() => new SelfAttention(4, { random, weights: { keys: new Matrix(4, 4) } as never })).toThrow(
      /expected weights for query, key, value and output, got "keys"/,
    );
    expect(() => new SelfAttention(4, { random, weights: { key: new Matrix(4, 3) } })).toThrow(ShapeError);
    expect(() => layer.forward(new Matrix(4, 2) as never)).toThrow(
      /expected sequences, as Ragged.of\(\[…\]\), got a Matrix of 4 × 2/,
    );
    expect(() => layer.forward(Ragged.of([new Ids([1])]) as never)).toThrow(ValueError);
    expect(() => layer.forward(Ragged.of([new Matrix(3, 2)]))).toThrow(/expected 4 features \(rows\), got 3/);
    expect(() => Ragged.of([new Matrix(4, 0)])).toThrow(/expected at least one token in each sequence/);
    expect(() => new SelfAttention(4, { random, causal: false }).start()).toThrow(StateError);
    expect(() => layer.next(new Matrix(4, 1), {} as never)).toThrow(/expected the state that start\(\) gave/);
    const large = new SelfAttention(4, {
      heads: 2,
      random,
      initializer: (r, c) => Matrix.filled(r, c, 1e160),
    });
    expect(() => large.forward(Ragged.of([Matrix.filled(4, 2, 1)]))).toThrow(DivergenceError);
    expect(() => large.next(Matrix.filled(4, 1, 1), large.start())).toThrow(DivergenceError);
  });

  test("shares the weights of another layer, as it is told", () => {
    const random = new Random(2);
    const first = new SelfAttention(4, { random });
    const second = new SelfAttention(4, { random, weights: { key: first.key } });
    expect(second.key).toBe(first.key);
    expect(new SelfAttention(4, { random, weights: { key: first.key.value } }).key).not.toBe(first.key);
    expect(new Embedding(4, 4, { weights: first.key }).weights).toBe(first.key);
  });
});
