// Causal attention with several heads, written on the public contract. Its witnesses share no code with it: golden
// numbers from another automatic differentiation, numerical slopes, and a plain computation of one head and one query.
import { Matrix, Pass, Ragged, Random, zeroGradients } from "glassbox";
import { describe, expect, test } from "vitest";
import { expectClose, goldenSequences } from "../library/golden";
import { entries, expectGradients } from "../library/witness";
import { CausalAttention } from "./attention";

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
) {
  const [width, tokens] = [X.length, X[0].length];
  const times = (W: Matrix, x: number[][]): number[][] =>
    W.toRows().map((row) => x[0].map((_, j) => row.reduce((sum, w, k) => sum + w * x[k][j], 0)));
  const [Q, K, V] = [times(query, X), times(key, X), times(value, X)];
  const size = width / heads;
  const mixed = X.map((row) => row.map(() => 0));
  for (let h = 0; h < heads; h++) {
    for (let t = 0; t < tokens; t++) {
      const powers = Array.from({ length: t + 1 }, (_, u) => {
        let score = 0;
        for (let k = 0; k < size; k++) score += Q[h * size + k][t] * K[h * size + k][u];
        return Math.exp(score / Math.sqrt(size));
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
    const layer = new CausalAttention(2, weights);
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
      const layer = new CausalAttention(heads, weights);
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
    const layer = new CausalAttention(2, weights);
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
    const layer = new CausalAttention(2, weights);
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
