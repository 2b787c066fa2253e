// Attention through a mask. Its witnesses: each query by itself over the keys that it sees, numerical slopes, and, through
// tests/layers/examples.ts, TensorFlow.js.
import fc from "fast-check";
import {
  Matrix,
  networkFromJson,
  networkToJson,
  Pass,
  predict,
  Ragged,
  Random,
  SelfAttention,
  type SelfAttentionOptions,
  simd,
  zeroGradients,
} from "glassbox";
import { describe, expect, test } from "vitest";
import { expectGradients } from "../library/witness";

/** Ones and zeros, each token seeing one at least of those before it and itself. */
function drawMask(random: Random, tokens: number): Matrix {
  const mask = new Matrix(tokens, tokens).map(() => (random.uniform() < 0.5 ? 1 : 0));
  for (let t = 0; t < tokens; t++) mask.set(random.randint(0, t + 1), t, 1);
  return mask;
}

/** Wide weights, so that who is seen makes a difference. */
function drawLayer(random: Random, width: number, options: SelfAttentionOptions): SelfAttention {
  const initializer = (rows: number, columns: number): Matrix => random.randnMatrix(rows, columns).scale(0.7);
  return new SelfAttention(width, { random, initializer, ...options });
}

/** What a layer gives for token t of X: the tokens that it sees, and it as their only query. */
function alone(layer: SelfAttention, X: Matrix, t: number, sees: (u: number) => boolean): Matrix {
  const [Wq, Wk, Wv, Wo] = layer.parameters.map(({ value }) => value);
  const seen = Array.from({ length: X.columns }, (_, u) => u).filter(sees);
  const [q, K, V] = [Wq.times(X.column(t)), Wk.times(X.pickColumns(seen)), Wv.times(X.pickColumns(seen))];
  const size = X.rows / layer.heads;
  const heads = Array.from({ length: layer.heads }, (_, h) => {
    const part = (M: Matrix): Matrix => Matrix.from(M.toRows().slice(h * size, (h + 1) * size));
    const powers = part(K).transpose().times(part(q)).scale(layer.scale).map(Math.exp);
    return part(V).times(powers.scale(1 / powers.sum()));
  });
  return Wo.times(Matrix.column(heads.flatMap((head) => [...head.data])));
}

const cases = fc.record({
  seed: fc.integer({ min: 1, max: 1e6 }),
  heads: fc.integer({ min: 1, max: 3 }),
  size: fc.integer({ min: 1, max: 3 }),
  lengths: fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 3 }),
  causal: fc.boolean(),
});

describe("attention through a mask", () => {
  test("is each query over the keys that it sees, to 1e-12", () => {
    fc.assert(
      fc.property(cases, ({ seed, heads, size, lengths, causal }) => {
        const random = new Random(seed);
        const mask = drawMask(random, Math.max(...lengths));
        const layer = drawLayer(random, heads * size, { heads, causal, mask, bias: "none" });
        const sequences = lengths.map((length) => random.randnMatrix(heads * size, length));
        const input = Ragged.of(sequences);
        const output = predict<Ragged, Ragged>(layer, input);
        const maps = layer.maps(input);
        for (const [s, X] of sequences.entries()) {
          for (let t = 0; t < X.columns; t++) {
            const sees = (u: number): boolean => mask.at(u, t) === 1 && !(causal && u > t);
            const expected = alone(layer, X, t, sees);
            // a few dozen roundings of numbers of up to 10
            expect(output.sequence(s).column(t).equals(expected, 1e-12)).toBe(true);
            for (const map of maps[s]) {
              expect(map.column(t).sum()).toBeCloseTo(1, 12);
              for (let u = 0; u < X.columns; u++) expect(map.at(u, t) > 0).toBe(sees(u));
            }
          }
        }
      }),
      { seed: 1, numRuns: 60 },
    );
  });

  test("has the slopes that a nudge measures", () => {
    fc.assert(
      fc.property(cases, fc.boolean(), ({ seed, heads, size, lengths, causal }, rotary) => {
        const random = new Random(seed);
        const short = lengths.map((length) => Math.min(length, 5));
        const mask = drawMask(random, 5);
        const width = 2 * heads * Math.min(size, 2);
        const layer = drawLayer(random, width, { heads, causal, mask, rotary, bias: "all" });
        expectGradients(layer, Ragged.of(short.map((length) => random.randnMatrix(width, length))), random);
      }),
      { seed: 2, numRuns: 20 },
    );
  });

  test("of ones changes nothing, to the bit", () => {
    const random = new Random(3);
    const masked = drawLayer(random, 4, { heads: 2, mask: Matrix.filled(5, 5, 1) });
    const { query, key, value, output } = masked;
    const open = new SelfAttention(4, { heads: 2, weights: { query, key, value, output } });
    const input = Ragged.of([random.randnMatrix(4, 5), random.randnMatrix(4, 2)]);
    const give = (layer: SelfAttention): Matrix => predict<Ragged, Ragged>(layer, input).columns;
    expect(give(masked).equals(give(open))).toBe(true);
  });

  test("what is hidden reaches nobody, and is blamed for nothing", () => {
    const random = new Random(4);
    // token 1 is hidden from all others, and sees itself
    const mask = new Matrix(4, 4).map((_, u, t) => (u === 1 && t !== 1 ? 0 : 1));
    const layer = drawLayer(random, 4, { mask, causal: false });
    const X = random.randnMatrix(4, 4);
    const U = random.randnMatrix(4, 4).map((slope, _, t) => (t === 1 ? 0 : slope));
    const [before, backward] = layer.forward(Ragged.of([X]));
    expect([...backward(U).column(1).data]).toEqual([0, 0, 0, 0]);
    const [after] = layer.forward(Ragged.of([X.map((x, _, t) => (t === 1 ? 9 - x : x))]));
    for (let t = 0; t < 4; t++) {
      expect(after.columns.column(t).equals(before.columns.column(t)), `token ${t}`).toBe(t !== 1);
    }
  });

  test("gives the very same numbers token by token from the cache, up to the mask's last token", () => {
    const random = new Random(5);
    const layer = drawLayer(random, 4, { heads: 2, mask: drawMask(random, 20) });
    const X = random.randnMatrix(4, 20);
    const whole = predict<Ragged, Ragged>(layer, Ragged.of([X])).columns;
    const state = layer.start();
    for (let t = 0; t < 20; t += 2) {
      expect(layer.next(X.pickColumns([t, t + 1]), state).equals(whole.pickColumns([t, t + 1]))).toBe(true);
    }
    expect(() => layer.next(X.column(0), state)).toThrow(
      /expected sequences of at most 20 tokens, as many as the mask has, got one of 21/,
    );
    expect(state.tokens).toBe(20);
  });

  test.each(["float64", "float32"] as const)(
    "on the SIMD engine, %s: what the plain loops say",
    async (precision) => {
      const random = new Random(6);
      const layer = drawLayer(random, 8, { heads: 2, mask: drawMask(random, 6) });
      const input = Ragged.of([random.randnMatrix(8, 6), random.randnMatrix(8, 3)]);
      const U = random.randnMatrix(8, 9);
      const engine = await simd({ precision, reserve: 16 });
      const run = (pass: Pass): Matrix[] => {
        zeroGradients(layer.parameters);
        const [output, backward] = layer.forward(input, pass);
        return [output.columns, backward(U), ...layer.parameters.map(({ gradient }) => gradient)].map((M) =>
          new Matrix(M.rows, M.columns).map((_, i, j) => M.at(i, j)),
        );
      };
      const plain = run(new Pass());
      const fast = run(new Pass({ engine }));
      // float32: sums of some ten products of numbers of up to 10, each rounded to 6e-8 of itself
      for (const [k, matrix] of fast.entries()) {
        expect(matrix.equals(plain[k], precision === "float64" ? 0 : 1e-4)).toBe(true);
      }
      engine.close();
    },
  );

  test("comes back from a file, is a copy, and stays out where there is none", () => {
    const random = new Random(7);
    const mask = drawMask(random, 4);
    const layer = drawLayer(random, 4, { mask });
    const given = mask.clone();
    mask.fill(1);
    expect(layer.mask?.equals(given)).toBe(true);
    const again = (one: SelfAttention): SelfAttention =>
      networkFromJson<Ragged, Ragged>(JSON.parse(JSON.stringify(networkToJson(one)))) as SelfAttention;
    expect(again(layer).mask?.equals(given)).toBe(true);
    expect(again(drawLayer(random, 4, {})).mask).toBe(undefined);
  });

  test("that hides all from a token is refused, and the token named", () => {
    const random = new Random(8);
    const make = (mask: Matrix, causal = true): SelfAttention => drawLayer(random, 4, { mask, causal });
    const hidesAll = Matrix.filled(5, 5, 1).map((_, _u, t) => (t === 3 ? 0 : 1));
    for (const causal of [true, false]) {
      expect(() => make(hidesAll, causal)).toThrow(
        'SelfAttention "self-attention": expected a mask that lets each token see at least one, got one that lets token 3 see none.',
      );
    }
    const onlyLater = new Matrix(3, 3).map((_, u, t) => (t === 1 ? Number(u === 2) : 1));
    expect(() => make(onlyLater)).toThrow(
      /got one that lets token 1 see none but later ones, which causal attention hides/,
    );
    // Without the causal mask token 1 sees token 2, where there is one.
    const layer = make(onlyLater, false);
    const of = (...lengths: number[]): Ragged => Ragged.of(lengths.map((n) => random.randnMatrix(4, n)));
    expect(layer.forward(of(3, 1))[0].columns.shape).toBe("4 × 4");
    expect(() => layer.forward(of(3, 2))).toThrow(
      /at least one of its sequence, got one that lets token 1 of sequence 1, which has 2 tokens, see none/,
    );
    expect(() => layer.maps(of(2))).toThrow(/token 1 of sequence 0/);
    expect(() => layer.forward(of(3, 4))).toThrow(
      /expected sequences of at most 3 tokens, as many as the mask has, got one of 4/,
    );
  });

  test("is ones and zeros, tokens × tokens", () => {
    const random = new Random(9);
    const make = (mask: unknown): SelfAttention => drawLayer(random, 4, { mask: mask as Matrix });
    expect(() => make([[1]])).toThrow(/expected the mask as a Matrix of ones and zeros, keys × queries, got/);
    expect(() => make(Matrix.filled(2, 3, 1))).toThrow(/expected a mask of tokens × tokens, got 2 × 3/);
    expect(() => make(new Matrix(0, 0))).toThrow(/expected a mask of tokens × tokens, got 0 × 0/);
    const half = Matrix.from([
      [1, 1],
      [0.5, 1],
    ]);
    expect(() => make(half)).toThrow(
      /expected 1 in the mask where a token is seen and 0 where it is hidden, got 0.5 for token 0 looking at token 1/,
    );
    expect(() => make(Matrix.filled(1, 1, Number.NaN))).toThrow(/got NaN for token 0 looking at token 0/);
  });
});
