// Token ids in: an embedding picks columns, and on the way back those of tokens that occur twice add up.
import {
  categoricalCrossEntropyFromLogits,
  checkGradients,
  Dense,
  Embedding,
  Ids,
  Matrix,
  oneHot,
  Random,
  Sequential,
  ShapeError,
  ValueError,
  zeroGradients,
} from "glassbox";
import { describe, expect, test } from "vitest";
import { expectGradients } from "../library/witness";

const E = new Random(1).randnMatrix(3, 5);

describe("an embedding", () => {
  test("picks a column a token: the product of its table with one-hot columns, without the zeros", () => {
    const ids = new Ids([4, 0, 4, 2]);
    const [output] = new Embedding(5, 3, { weights: E }).forward(ids);
    expect(output.equals(E.times(oneHot(ids, 5)))).toBe(true);
  });

  test("adds up the slopes of a token that occurs twice, and gives none to one that does not occur", () => {
    const layer = new Embedding(5, 3, { weights: E });
    const ids = new Ids([4, 0, 4, 2]);
    const [, backward] = layer.forward(ids);
    const U = new Random(2).randnMatrix(3, 4);
    expect(backward(U)).toBe(undefined);
    const dE = layer.weights.gradient;
    expect(dE.column(4).equals(U.column(0).plus(U.column(2)))).toBe(true);
    expect(dE.column(0).equals(U.column(1))).toBe(true);
    expect(dE.column(1).equals(new Matrix(3, 1))).toBe(true);
    expect(dE.equals(U.times(oneHot(ids, 5).transpose()), 1e-15)).toBe(true);
    backward(U);
    expect(dE.equals(U.times(oneHot(ids, 5).transpose()).scale(2), 1e-15)).toBe(true);
  });

  test.each([[[0]], [[1, 1, 1]], [[3, 0, 2, 3, 4, 3]]])(
    "has the slopes that a nudge measures, for the ids %j",
    (ids) => {
      expectGradients(new Embedding(5, 3, { weights: E }), new Ids(ids), new Random(3));
    },
  );

  test("draws GPT-2's small columns from a seeded generator, or what it is told", () => {
    const drawn = new Embedding(40, 30, { random: new Random(5) }).weights.value;
    expect(drawn.equals(new Random(5).randnMatrix(30, 40).scale(0.02))).toBe(true);
    expect(() => new Embedding(5, 3)).toThrow(/expected a seeded generator/);
    expect(() => new Embedding(5, 3, { weights: new Matrix(5, 3) })).toThrow(
      "expected weights (width × vocabulary) of 3 × 5, got 5 × 3",
    );
  });

  test("refuses what is no id, no ids at all, and an id outside the vocabulary", () => {
    const layer = new Embedding(5, 3, { weights: E });
    expect(() => layer.forward(new Ids([1, 5]))).toThrow("expected ids from 0 to 4, got 5 at token 1");
    expect(() => layer.forward(new Ids([]))).toThrow(ShapeError);
    expect(() => layer.forward(new Matrix(1, 2) as never)).toThrow(/expected token ids, as new Ids/);
    expect(() => new Ids([0.5])).toThrow(ValueError);
    expect(() => new Ids([-1])).toThrow(ValueError);
  });
});

test("a network from ids to class numbers is checked as any other", () => {
  const network = new Sequential<Ids>([
    new Embedding(5, 3, { weights: E }),
    new Dense(3, 5, { random: new Random(6) }),
  ]);
  zeroGradients(network.parameters);
  const reports = checkGradients(
    network,
    new Ids([0, 3, 3, 1]),
    new Ids([3, 3, 1, 4]),
    categoricalCrossEntropyFromLogits,
  );
  expect(reports.map(({ name }) => name)).toEqual(["embedding.weights", "dense.weights", "dense.bias"]);
  for (const { maxRelative } of reports) expect(maxRelative).toBeLessThan(1e-7);
});
