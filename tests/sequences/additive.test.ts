// Additive attention. Its witnesses: the paper's formula pair by pair in plain arrays, numerical slopes, and, through
// tests/layers/examples.ts, TensorFlow.js.
import fc from "fast-check";
import {
  AdditiveAttention,
  DivergenceError,
  Matrix,
  numericalGradient,
  Pass,
  predict,
  Ragged,
  Random,
  SelfAttention,
  ShapeError,
  zeroGradients,
} from "glassbox";
import { describe, expect, test } from "vitest";
import { entries, expectGradients, expectSlope, slope } from "../library/witness";

/** One query and the words that it sees, by the paper's formula: the weights and the context. */
function plainly(layer: AdditiveAttention, query: number[], words: number[][]) {
  const [Wq, Wk, [v]] = [layer.query, layer.key, layer.score].map(({ value }) => value.toRows());
  const dot = (a: number[], b: number[]): number => a.reduce((sum, x, i) => sum + x * b[i], 0);
  const powers = words.map((word) =>
    Math.exp(v.reduce((sum, vk, k) => sum + vk * Math.tanh(dot(Wq[k], query) + dot(Wk[k], word)), 0)),
  );
  const sum = powers.reduce((a, b) => a + b);
  const weights = powers.map((power) => power / sum);
  return {
    weights,
    context: query.map((_, i) =>
      dot(
        weights,
        words.map((word) => word[i]),
      ),
    ),
  };
}

const columnsOf = (M: Matrix): number[][] => M.transpose().toRows();

const shapes = fc.record({
  seed: fc.integer({ min: 1, max: 1e6 }),
  width: fc.integer({ min: 1, max: 5 }),
  hidden: fc.integer({ min: 1, max: 5 }),
  lengths: fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 3 }),
  causal: fc.boolean(),
});

describe("additive attention", () => {
  test("is its definition, to 1e-12, for 1 to 40 tokens, causal or not", () => {
    fc.assert(
      fc.property(shapes, ({ seed, width, hidden, lengths, causal }) => {
        const random = new Random(seed);
        const layer = new AdditiveAttention(width, hidden, { causal, random });
        const sequences = lengths.map((length) => random.randnMatrix(width, length));
        const input = Ragged.of(sequences);
        const output = predict<Ragged, Ragged>(layer, input);
        const maps = layer.maps(input);
        for (const [s, X] of sequences.entries()) {
          const all = columnsOf(X);
          for (const [t, query] of all.entries()) {
            const { weights, context } = plainly(layer, query, causal ? all.slice(0, t + 1) : all);
            // means of numbers of about 1 with weights of at most 1: some roundings of 1e-16 each
            expect(output.sequence(s).column(t).equals(Matrix.column(context), 1e-12)).toBe(true);
            const expected = all.map((_, u) => weights[u] ?? 0);
            expect(maps[s].column(t).equals(Matrix.column(expected), 1e-12)).toBe(true);
          }
        }
      }),
      { seed: 1, numRuns: 40 },
    );
  });

  test("has the slopes that a nudge measures, whatever the shape", () => {
    fc.assert(
      fc.property(
        fc.record({
          seed: fc.integer({ min: 1, max: 1e6 }),
          width: fc.integer({ min: 1, max: 4 }),
          hidden: fc.integer({ min: 1, max: 3 }),
          lengths: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 3 }),
          causal: fc.boolean(),
        }),
        ({ seed, width, hidden, lengths, causal }) => {
          const random = new Random(seed);
          const layer = new AdditiveAttention(width, hidden, { causal, random });
          expectGradients(layer, Ragged.of(lengths.map((n) => random.randnMatrix(width, n))), random);
        },
      ),
      { seed: 2, numRuns: 30 },
    );
  });

  test.each([
    [1, 1],
    [1, 5],
    [3, 4],
  ])("%i queries that ask %i words of somebody else: weights, contexts, all slopes", (queries, words) => {
    const random = new Random(queries + 10 * words);
    const layer = new AdditiveAttention(3, 2, { random });
    const [Q, M] = [random.randnMatrix(3, queries), random.randnMatrix(3, words)];
    const [contexts, backward] = layer.ask(Q, M);
    for (const [t, query] of columnsOf(Q).entries()) {
      const { weights, context } = plainly(layer, query, columnsOf(M));
      expect(contexts.column(t).equals(Matrix.column(context), 1e-14)).toBe(true);
      expect(layer.weightsOf(Q, M).column(t).equals(Matrix.column(weights), 1e-14)).toBe(true);
    }
    const U = entries(random, 3, queries);
    zeroGradients(layer.parameters);
    const [dQ, dM] = backward(U);
    const value = (): number => layer.ask(Q, M)[0].hadamard(U).sum();
    expectSlope("queries", dQ, slope(value, Q));
    expectSlope("words", dM, slope(value, M));
    for (const { name, value: at, gradient } of layer.parameters) {
      expectSlope(name, gradient, slope(value, at));
    }
    // The witness itself: with one word there is nothing to choose, and no slope of the scores.
    if (words === 1) expect(numericalGradient(value, layer.score.value).norm()).toBe(0);
  });

  test("a token that asks itself and others is blamed in both roles", () => {
    const random = new Random(3);
    const layer = new AdditiveAttention(3, 2, { random, causal: false });
    const X = random.randnMatrix(3, 4);
    const U = random.randnMatrix(3, 4);
    const [dQ, dM] = layer.ask(X, X)[1](U);
    const dX = layer.forward(Ragged.of([X]))[1](U);
    expect(dX.equals(dQ.plus(dM))).toBe(true);
  });

  test("no token sees a later one, nor one of another sequence", () => {
    const random = new Random(4);
    const layer = new AdditiveAttention(3, 2, { random });
    const X = random.randnMatrix(3, 4);
    const before = predict<Ragged, Ragged>(layer, Ragged.of([X, X])).columns;
    const changed = X.map((x, _, t) => (t === 2 ? x + 1 : x));
    const after = predict<Ragged, Ragged>(layer, Ragged.of([changed, X])).columns;
    for (let t = 0; t < 8; t++) {
      expect(after.column(t).equals(before.column(t)), `token ${t}`).toBe(t !== 2 && t !== 3);
    }
  });

  test("scores of a thousand do not overflow: the best word gets all of the weight", () => {
    const weights = {
      query: Matrix.zeros(1, 1),
      key: Matrix.filled(1, 1, 1),
      score: Matrix.filled(1, 1, 2000),
    };
    const layer = new AdditiveAttention(1, 1, { ...weights });
    for (const words of [
      [-5, 5],
      [5, -5],
    ]) {
      const map = layer.weightsOf(Matrix.row([0]), Matrix.row(words));
      expect([...map.data]).toEqual(words.map((word) => (word > 0 ? 1 : 0)));
    }
  });

  test("what comes back is a mean of the tokens themselves: equal tokens give that token", () => {
    const layer = new AdditiveAttention(2, 3, { random: new Random(5) });
    const X = Matrix.from([
      [3, 3, 3],
      [-1, -1, -1],
    ]);
    expect(predict<Ragged, Ragged>(layer, Ragged.of([X])).columns.equals(X, 1e-15)).toBe(true);
  });

  test("makes no slopes of the input where nobody asks for them, and the same ones of its weights", () => {
    const random = new Random(6);
    const layer = new AdditiveAttention(3, 2, { random });
    const input = Ragged.of([random.randnMatrix(3, 4)]);
    const U = random.randnMatrix(3, 4);
    const [asked, unasked] = [true, false].map((inputGradient) => {
      zeroGradients(layer.parameters);
      const dX = layer.forward(input, new Pass({ inputGradient }))[1](U);
      return { size: dX.size, gradients: layer.parameters.map(({ gradient }) => gradient.clone()) };
    });
    expect([asked.size, unasked.size]).toEqual([12, 0]);
    expect(unasked.gradients).toEqual(asked.gradients);
  });

  test("refuses what it cannot do, and says why", () => {
    const random = new Random(1);
    const layer = new AdditiveAttention(3, 2, { random });
    expect(() => new AdditiveAttention(3, 2)).toThrow(/expected a seeded generator/);
    expect(() => new AdditiveAttention(3, 0, { random })).toThrow(/hidden/);
    expect(() => new AdditiveAttention(3, 2, { random, score: new Matrix(2, 1) })).toThrow(
      'AdditiveAttention "additive-attention": expected score (1 × hidden) of 1 × 2, got 2 × 1.',
    );
    expect(() => layer.ask(new Matrix(2, 1), new Matrix(3, 1))).toThrow(ShapeError);
    expect(() => layer.ask(new Matrix(3, 1), new Matrix(3, 0))).toThrow(
      "expected words of 3 rows, at least one column, got 3 × 0.",
    );
    expect(() => layer.ask(new Matrix(3, 1), Matrix.filled(3, 1, Number.NaN))).toThrow(/finite/);
    expect(() => layer.forward(new Matrix(3, 1) as never)).toThrow(/expected sequences/);
    expect(() => layer.ask(new Matrix(3, 1), new Matrix(3, 2))[1](new Matrix(3, 2))).toThrow(ShapeError);
    const huge = Matrix.filled(1, 2, 1e308);
    const large = new AdditiveAttention(3, 2, { random, score: huge, key: Matrix.filled(2, 3, 9) });
    expect(() => large.ask(Matrix.filled(3, 1, 9), Matrix.filled(3, 2, 9))).toThrow(DivergenceError);
  });

  test("shares the weights of another layer, as it is told", () => {
    const random = new Random(2);
    const other = new SelfAttention(3, { random });
    const layer = new AdditiveAttention(3, 3, { random, query: other.query });
    expect(layer.query).toBe(other.query);
    expect(new AdditiveAttention(3, 3, { random, query: other.query.value }).query).not.toBe(other.query);
  });
});
