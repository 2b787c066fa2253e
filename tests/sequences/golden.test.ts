// The library's own layers against the golden numbers of attention, the block and the first loss, and a list that says
// whether every golden number is held by some test.
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import {
  Activation,
  categoricalCrossEntropyFromLogits,
  countParameters,
  Dense,
  gpt,
  Ids,
  LayerNorm,
  Matrix,
  predict,
  Ragged,
  Random,
  relu,
  SelfAttention,
  Sequential,
  sinusoidalPositions,
  TransformerBlock,
} from "glassbox";
import { describe, expect, test } from "vitest";
import { attentionOfGiven } from "../library/given";
import { expectClose, goldenSequences } from "../library/golden";

const root = fileURLToPath(new URL("..", import.meta.url));

const flat = (M: Matrix): number[] => M.toRows().flat();
/** A golden table: a row is a token there, a column here. */
const turned = (rows: number[][]): Matrix => Matrix.from(rows).transpose();
const firstRows = (M: Matrix, count: number): Matrix => Matrix.from(M.toRows().slice(0, count));

/** To 1e-12 of the table's largest entry: sums are added in another order, and a small entry may be what two large ones left. */
function expectTable(actual: Matrix, rows: number[][]): void {
  const expected = turned(rows);
  expect(actual.shape).toBe(expected.shape);
  const largest = Math.max(...expected.data.map(Math.abs));
  const error = Math.max(...actual.minus(expected).data.map(Math.abs));
  expect(error / largest).toBeLessThan(1e-12);
}

/** What a table prints: each entry with so many digits. */
const printed = (M: Matrix, digits: number): string[][] =>
  M.transpose()
    .toRows()
    .map((row) => row.map((entry) => entry.toFixed(digits).replace(/^-(0\.0+)$/, "$1")));

describe("attention", () => {
  test("of one query over five words", () => {
    const { words, encoderStates, decoderState, scores, weights, context, note } =
      goldenSequences.dotProductAttention;
    const H = turned(encoderStates);
    expect(H.columns).toBe(words.length);
    // All five places ask the same question; one of them is the example.
    const Q = new Matrix(4, 5).map((_, i) => decoderState[i]);
    const { O, maps } = attentionOfGiven(Q, H, H, 1, { scale: 1 });
    expectClose(maps[0].column(0).data, weights, 1e-12);
    expectClose(O.column(0).data, context, 1e-12);
    // A layer shows weights, not scores: how far apart two scores are is the logarithm of their weights' ratio.
    const apart = weights.map((_: number, u: number) => Math.log(maps[0].at(u, 0) / maps[0].at(0, 0)));
    for (const [u, score] of scores.entries()) expect(apart[u]).toBeCloseTo(score - scores[0], 12);
    const published = note.match(/(?<=\.)\d{4}(?!\d)/g).slice(5, 10);
    expect([...maps[0].column(0).data].map((a) => a.toFixed(4).slice(2))).toEqual(published);
  });

  test("of three tokens, drawn with seed 42", () => {
    const { X, WQ, WK, WV, scores, weights, output, published } = goldenSequences.selfAttention;
    const [query, key, value] = [WQ, WK, WV].map(turned);
    const layer = new SelfAttention(4, {
      causal: false,
      bias: "none",
      weights: { query, key, value, output: Matrix.identity(4) },
    });
    const input = Ragged.of([turned(X)]);
    const [[map]] = layer.maps(input);
    expectTable(map, weights);
    expectTable(predict<Ragged, Ragged>(layer, input).columns, output);
    expect(printed(map, 3)).toEqual(published.weights);
    // Golden scores stand before the division by √4. Weights near 1/3 keep 15 digits, their differences of 0.01 still 13.
    const S = map.map((a, _, t) => 2 * Math.log(a / map.at(0, t)));
    for (let t = 0; t < 3; t++) {
      for (let u = 0; u < 3; u++) expect(S.at(u, t)).toBeCloseTo(scores[t][u] - scores[t][0], 12);
    }
    expect(printed(turned(scores), 2)).toEqual(published.scores);
  });

  test("behind the mask", () => {
    const { Q, K, V, scores, weights, output, published } = goldenSequences.maskedAttention;
    const { O, maps } = attentionOfGiven(turned(Q), turned(K), turned(V), 1, { causal: true });
    expectTable(maps[0], weights);
    expectTable(O, output);
    expect(printed(maps[0], 3)).toEqual(published);
    for (let t = 0; t < 4; t++) {
      for (let u = 0; u <= t; u++) {
        const apart = Math.log(maps[0].at(u, t) / maps[0].at(0, t));
        expect(apart).toBeCloseTo(scores[t][u] - scores[t][0], 12);
      }
    }
  });

  test("in four heads, and in one alone", () => {
    const { Q, K, V, weights, output, singleHeadOutput } = goldenSequences.multiHead;
    const [q, k, v] = [Q, K, V].map(turned);
    const { O, maps } = attentionOfGiven(q, k, v, 4);
    expect(maps).toHaveLength(weights.length);
    for (const [h, map] of maps.entries()) expectTable(map, weights[h]);
    expectTable(O, output);
    expectTable(attentionOfGiven(q, k, v, 1).O, singleHeadOutput);
  });
});

/** Weights as the source draws them: inputs × outputs, so turned here. */
const drawn =
  (random: Random) =>
  (inputs: number, outputs: number): Matrix =>
    random.randnMatrix(inputs, outputs).scale(0.02).transpose();

/** Dense, ReLU, Dense without biases: what both examples have. */
function feedForwardOf(W1: Matrix, W2: Matrix): Sequential {
  return new Sequential([
    new Dense(64, 256, { weights: W1 }),
    new Activation(relu),
    new Dense(256, 64, { weights: W2 }),
  ]);
}

describe("the block", () => {
  test("its feed-forward layer: weights from seed 42, the input from that stream after 240 others", () => {
    const { inputFirst8, outputFirst8, outputStd } = goldenSequences.feedForward;
    const stream = new Random(42);
    stream.randnMatrix(1, 240);
    const X = stream.randnMatrix(5, 64).transpose();
    expectTable(firstRows(X, 8), inputFirst8);
    const draw = drawn(new Random(42));
    const F = predict(feedForwardOf(draw(64, 256), draw(256, 64)), X);
    expectTable(firstRows(F, 8), outputFirst8);
    const mean = F.sum() / F.size;
    const std = Math.sqrt(F.map((f) => (f - mean) ** 2).sum() / F.size);
    expect(std / outputStd).toBeCloseTo(1, 12);
  });

  test("as published is one head that divides by √8, and not the eight heads that it promises", () => {
    const { xFirst8, asPublishedFirst8, eightHeadsFirst8, largestDifference } =
      goldenSequences.transformerLayer;
    const random = new Random(42);
    const draw = drawn(random);
    const [query, key, value, output] = [1, 2, 3, 4].map(() => draw(64, 64));
    const feedForward = feedForwardOf(draw(64, 256), draw(256, 64));
    const X = random.randnMatrix(5, 64).transpose();
    expectTable(firstRows(X, 8), xFirst8);
    const [published, promised] = [1, 8].map((heads) => {
      const attention = new SelfAttention(64, {
        heads,
        scale: 1 / Math.sqrt(8),
        causal: false,
        bias: "none",
        weights: { query, key, value, output },
      });
      const block = new TransformerBlock(64, { norm: "after", epsilon: 1e-6, attention, feedForward });
      return predict<Ragged, Ragged>(block, Ragged.of([X])).columns;
    });
    expectTable(firstRows(published, 8), asPublishedFirst8);
    expectTable(firstRows(promised, 8), eightHeadsFirst8);
    // A difference of numbers of about 1, of which 3 digits cancel: absolute, not relative.
    const apart = Math.max(...published.minus(promised).map(Math.abs).data);
    expect(Math.abs(apart - largestDifference)).toBeLessThan(1e-12);
  });

  test("its norm, and the deviation that ε leaves", () => {
    const { x, eps, mean, std, normalized, stdAfter, stdAfterEps1e5 } = goldenSequences.layerNorm;
    const X = turned(x);
    const normed = (epsilon: number): Matrix => predict(new LayerNorm(4, { epsilon }), X);
    const deviations = (M: Matrix): number[] =>
      [0, 1].map((t) => Math.sqrt(M.column(t).hadamard(M.column(t)).sum() / 4));
    expectClose(flat(normed(eps).transpose()), normalized.flat(), 1e-12);
    expectClose(deviations(normed(eps)), stdAfter, 1e-12);
    expectClose(deviations(normed(1e-5)), stdAfterEps1e5, 1e-12);
    // What the layer took off, and divided by: x = mean + y·√(std² + ε)
    const again = normed(eps).map((y, _, t) => mean[t] + y * Math.sqrt(std[t] ** 2 + eps));
    expectTable(again, x);
  });

  test("its positions, to the digits published", () => {
    const { T, d, first8, published, dotOfNeighbours } = goldenSequences.positionalEncoding;
    const P = sinusoidalPositions(T, d);
    first8.forEach((row: number[], t: number) => {
      expectClose(P.column(t).data.slice(0, 8), row, 1e-12);
      // NumPy prints three digits and leaves out zeros at the end
      const digits = [...P.column(t).data.slice(0, 8)].map((p) => Number(p.toFixed(3)));
      expect(digits).toEqual(published[t].map(Number));
    });
    const alike = P.transpose().times(P);
    expectClose(
      [0, 10, 40].map((t) => alike.at(t, t + 1)),
      dotOfNeighbours,
      1e-12,
    );
  });
});

describe("what the source prints of its small GPT", () => {
  test("the first loss should be ln 65, and is not", () => {
    const { vocabulary, uniform, publishedTrain, publishedValidation } = goldenSequences.firstLoss;
    const equalScores = Matrix.zeros(vocabulary, 3);
    const [loss] = categoricalCrossEntropyFromLogits(equalScores, new Ids([0, 7, vocabulary - 1]));
    expect(Math.abs(loss - uniform)).toBeLessThan(1e-12);
    const { publishedTrain: trained, publishedValidation: validated } = goldenSequences.miniGpt;
    expect([publishedTrain, publishedValidation]).toEqual([trained[0], validated[0]]);
    expect(Math.min(publishedTrain, publishedValidation) - uniform).toBeGreaterThan(0.2);
  });

  test("its size, and the losses that notebook 16 quotes", () => {
    const { parameters, layers, heads, width, context, batch, rate, dropout } = goldenSequences.miniGpt;
    const network = gpt({
      vocabulary: goldenSequences.firstLoss.vocabulary,
      width,
      blocks: layers,
      heads,
      context,
      tied: false,
      random: new Random(1),
    });
    expect(countParameters(network)).toBe(parameters);
    expect([batch, rate, dropout]).toEqual([32, 3e-4, 0.1]);
    const notebook = readFileSync(`${root}/../notebooks/16-a-small-gpt.ipynb`, "utf8");
    const { publishedTrain, publishedValidation } = goldenSequences.miniGpt;
    expect(notebook).toContain(
      `prints ${publishedTrain[2999]} for its training and ${publishedValidation[2999]}`,
    );
  });

  test("0.45 to the N is what it prints for a vanishing gradient, of no network", () => {
    const powers = [1, 5, 10, 18, 20, 50].map((n) => 0.45 ** n);
    expectClose(powers, goldenSequences.vanishing.claimed, 1e-12);
  });
});

describe("every golden number", () => {
  const sources = readdirSync(root, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".test.ts"))
    .map((file) => readFileSync(`${root}/${file}`, "utf8"));
  const { gradients, ...rest } = goldenSequences;
  const entries = [...Object.entries(rest), ...Object.entries(gradients)] as [string, object][];

  test.each(entries)("of “%s” is read by a test", (name, entry) => {
    const reads = new RegExp(
      `goldenSequences\\.(gradients\\.)?${name}\\b|\\b${name}\\b[^}=;]*\\} = goldenSequences(\\.gradients)?;`,
    );
    const readers = sources.filter((source) => reads.test(source));
    expect(readers.length, `no test reads goldenSequences.${name}`).toBeGreaterThan(0);
    for (const key of Object.keys(entry)) {
      if (key === "note" || key === "draws") continue; // words
      const named = readers.some((source) => new RegExp(`\\b${key}\\b`).test(source));
      expect(named, `no test that reads ${name} names its ${key}`).toBe(true);
    }
  });
});
