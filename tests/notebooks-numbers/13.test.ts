// Notebook 13 shows a few of these numbers; here what it computes by hand is held to all golden ones.
import { Matrix, Random, softmax } from "glassbox";
import { expect, test } from "vitest";
import { expectClose, goldenSequences } from "../library/golden";

const flat = (M: Matrix): number[] => M.toRows().flat();
/** Each query with the keys it sees, and no others. */
const causal = (S: Matrix): Matrix => {
  const seen = (t: number) => softmax(Matrix.column(Array.from({ length: t + 1 }, (_, u) => S.at(u, t))));
  return S.map((_, u, t) => (u > t ? 0 : seen(t).at(u, 0)));
};

test("five encoder states: the dot product's scores, weights and context", () => {
  const { encoderStates, decoderState, scores, weights, context } = goldenSequences.dotProductAttention;
  const H = Matrix.from(encoderStates).transpose();
  const ours = H.transpose().times(Matrix.column(decoderState));
  expectClose(ours.data, scores, 1e-14);
  expectClose(softmax(ours).data, weights, 1e-14);
  expectClose(H.times(softmax(ours)).data, context, 1e-14);
});

test("self-attention of three tokens: the published example is transposed, as a column is a token here", () => {
  const { X, scores, weights, output } = goldenSequences.selfAttention;
  const random = new Random(42);
  const tokens = Matrix.from(X).transpose();
  const [Q, K, V] = [1, 2, 3].map(() => random.randnMatrix(4, 4).scale(0.1).transpose().times(tokens));
  const raw = K.transpose().times(Q);
  const A = softmax(raw.scale(1 / 2));
  expectClose(flat(raw.transpose()), scores.flat(), 1e-12);
  expectClose(flat(A.transpose()), weights.flat(), 1e-14);
  expectClose(flat(V.times(A).transpose()), output.flat(), 1e-12);
});

test("behind the mask: drawn after 32,768 others from the stream of seed 42", () => {
  const { scores, weights, output } = goldenSequences.maskedAttention;
  const stream = new Random(42);
  stream.randnMatrix(1, 32_768);
  const [Q, K, V] = [1, 2, 3].map(() => stream.randnMatrix(4, 8).transpose());
  const S = K.transpose()
    .times(Q)
    .scale(1 / Math.sqrt(8));
  expectClose(flat(S.transpose()), scores.flat(), 1e-12);
  expectClose(flat(causal(S).transpose()), weights.flat(), 1e-12);
  expectClose(flat(V.times(causal(S)).transpose()), output.flat(), 1e-12);
});

test("sinusoidal positions, and how alike neighbours are", () => {
  const { T, d, first8, dotOfNeighbours } = goldenSequences.positionalEncoding;
  const P = Matrix.zeros(d, T).map((_, i, t) => {
    const angle = t / 10_000 ** ((2 * Math.floor(i / 2)) / d);
    return i % 2 === 0 ? Math.sin(angle) : Math.cos(angle);
  });
  first8.forEach((row: number[], t: number) => {
    expectClose(P.column(t).data.slice(0, 8), row, 1e-14);
  });
  const alike = P.transpose().times(P);
  expectClose(
    [0, 10, 40].map((t) => alike.at(t, t + 1)),
    dotOfNeighbours,
    1e-12,
  );
});

test("every weight of the untrained example is a third, within 0.0052", () => {
  for (const weight of goldenSequences.selfAttention.weights.flat()) {
    expect(Math.abs(weight - 1 / 3)).toBeLessThan(0.0052);
  }
});
