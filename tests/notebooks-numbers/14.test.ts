// Notebook 14 shows a few of these numbers; here the library is held to all golden ones.
import { LayerNorm, Matrix, Ragged, Random, relu, SelfAttention } from "glassbox";
import { describe, expect, test } from "vitest";
import { expectClose, goldenSequences } from "../library/golden";

const flat = (M: Matrix): number[] => M.toRows().flat();
const rowsOf = (M: Matrix, count: number): number[] => M.toRows().slice(0, count).flat();

/** Attention between given queries, keys and values: the three stand below each other, and the weights pick them out. */
function attention(
  Q: Matrix,
  K: Matrix,
  V: Matrix,
  heads: number,
  scale?: number,
): { O: Matrix; maps: Matrix[] } {
  const width = Q.rows;
  const X = Matrix.from([Q, K, V].flatMap((M) => M.toRows()));
  const pick = (part: number): Matrix =>
    Matrix.zeros(3 * width, 3 * width).map((_, i, j) => (i < width && j === part * width + i ? 1 : 0));
  // Heads share the rows evenly: rows beyond the width are heads of zeros.
  const layer = new SelfAttention(3 * width, {
    heads: 3 * heads,
    causal: false,
    bias: "none",
    ...(scale !== undefined && { scale }),
    weights: { query: pick(0), key: pick(1), value: pick(2), output: Matrix.identity(3 * width) },
  });
  const [output] = layer.forward(Ragged.of([X]));
  const [maps] = layer.maps(Ragged.of([X]));
  return { O: Matrix.from(output.columns.toRows().slice(0, width)), maps: maps.slice(0, heads) };
}

describe("heads", () => {
  const { weights, output, singleHeadOutput } = goldenSequences.multiHead;
  const random = new Random(42);
  const [Q, K, V] = [1, 2, 3].map(() => random.randnMatrix(5, 16).transpose());

  test("four of them: weights and output", () => {
    const { O, maps } = attention(Q, K, V, 4);
    maps.forEach((A, h) => {
      expectClose(flat(A.transpose()), weights[h].flat(), 1e-12);
    });
    expectClose(flat(O.transpose()), output.flat(), 1e-11);
  });

  test("one alone: another output", () => {
    expectClose(flat(attention(Q, K, V, 1).O.transpose()), singleHeadOutput.flat(), 1e-11);
  });
});

/** Weights as the source draws them: inputs × outputs, so turned here. */
const drawnFrom =
  (random: Random) =>
  (inputs: number, outputs: number): Matrix =>
    random.randnMatrix(inputs, outputs).scale(0.02).transpose();

test("the feed-forward layer: weights from seed 42, the input from the same stream after 240 others", () => {
  const { inputFirst8, outputFirst8, outputStd } = goldenSequences.feedForward;
  const stream = new Random(42);
  stream.randnMatrix(1, 240);
  const X = stream.randnMatrix(5, 64).transpose();
  expectClose(rowsOf(X, 8), flat(Matrix.from(inputFirst8).transpose()), 1e-13);
  const draw = drawnFrom(new Random(42));
  const [W1, W2] = [draw(64, 256), draw(256, 64)];
  const F = W2.times(W1.times(X).map(relu.apply));
  expectClose(rowsOf(F, 8), flat(Matrix.from(outputFirst8).transpose()), 1e-11);
  const mean = F.sum() / F.size;
  expect(Math.sqrt(F.map((f) => (f - mean) ** 2).sum() / F.size)).toBeCloseTo(outputStd, 14);
});

describe("the published transformer layer", () => {
  const { xFirst8, asPublishedFirst8, eightHeadsFirst8, largestDifference } =
    goldenSequences.transformerLayer;
  const random = new Random(42);
  const draw = drawnFrom(random);
  const [Wq, Wk, Wv, Wo] = [1, 2, 3, 4].map(() => draw(64, 64));
  const [W1, W2] = [draw(64, 256), draw(256, 64)];
  const X = random.randnMatrix(5, 64).transpose();
  const norm = (M: Matrix): Matrix => new LayerNorm(64, { epsilon: 1e-6 }).forward(M)[0];
  const layer = (heads: number, scale?: number): Matrix => {
    const found = attention(Wq.times(X), Wk.times(X), Wv.times(X), heads, scale).O;
    const middle = norm(X.plus(Wo.times(found)));
    return norm(middle.plus(W2.times(W1.times(middle).map(relu.apply))));
  };
  const [published, promised] = [layer(1, 1 / Math.sqrt(8)), layer(8)];
  const golden = (rows: number[][]): number[] => flat(Matrix.from(rows).transpose());

  test("its input", () => expectClose(rowsOf(X, 8), golden(xFirst8), 1e-13));
  test("is one head that divides by √8", () =>
    expectClose(rowsOf(published, 8), golden(asPublishedFirst8), 1e-10));
  test("is not the eight heads that it promises", () =>
    expectClose(rowsOf(promised, 8), golden(eightHeadsFirst8), 1e-10));
  test("by so much", () => {
    const apart = Math.max(...published.minus(promised).map(Math.abs).data);
    expect(apart).toBeCloseTo(largestDifference, 13);
  });
});

test("layer norm, and the deviation that ε leaves", () => {
  const { x, eps, normalized, stdAfter, stdAfterEps1e5 } = goldenSequences.layerNorm;
  const X = Matrix.from(x).transpose();
  const after = (epsilon: number): Matrix => new LayerNorm(4, { epsilon }).forward(X)[0];
  const deviations = (M: Matrix): number[] =>
    [0, 1].map((t) => Math.sqrt(M.column(t).hadamard(M.column(t)).sum() / 4));
  expectClose(flat(after(eps).transpose()), normalized.flat(), 1e-13);
  expectClose(deviations(after(eps)), stdAfter, 1e-13);
  expectClose(deviations(after(1e-5)), stdAfterEps1e5, 1e-13);
});
