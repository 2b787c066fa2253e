// Several sequences side by side: how they are laid out, and how layers that know nothing of sequences take them.
import {
  Activation,
  Dense,
  Embedding,
  Ids,
  Matrix,
  Observe,
  Pass,
  predict,
  Ragged,
  Random,
  Residual,
  SelfAttention,
  Sequential,
  ShapeError,
  tanh,
  ValueError,
} from "glassbox";
import { describe, expect, test } from "vitest";
import { entries, expectGradients } from "../library/witness";

const text = (...lengths: number[]): Ragged<Ids> =>
  Ragged.of(lengths.map((length, s) => new Ids(Array.from({ length }, (_, t) => (3 * s + 2 * t) % 5))));

/** Ids in, scores out: an embedding, attention with a residual connection, and dense layers. */
function reader(): Sequential<Ragged<Ids>, Ragged> {
  const random = new Random(4);
  const draw = (): Matrix => random.randnMatrix(4, 4).scale(0.5);
  const attention = new SelfAttention(4, {
    heads: 2,
    bias: "none",
    weights: { query: draw(), key: draw(), value: draw(), output: draw() },
  });
  return new Sequential<Ragged<Ids>, Ragged>([
    new Embedding(5, 4, { random, weights: random.randnMatrix(4, 5) }),
    new Residual<Ragged>(attention),
    new Sequential([new Dense(4, 6, { random }), new Activation(tanh)]),
    new Dense(6, 5, { random }),
  ]);
}

describe("Ragged", () => {
  test("lays sequences side by side, and gives each back as a view", () => {
    const all = Ragged.of([
      Matrix.from([
        [1, 2],
        [3, 4],
      ]),
      Matrix.from([[5], [6]]),
    ]);
    expect(all.columns.toRows()).toEqual([
      [1, 2, 5],
      [3, 4, 6],
    ]);
    expect([...all.starts]).toEqual([0, 2, 3]);
    expect([all.length, all.tokens]).toEqual([2, 3]);
    all.sequence(1).set(0, 0, 7);
    expect(all.columns.at(0, 2)).toBe(7);
    const ids = Ragged.of([new Ids([4, 1]), new Ids([2])]);
    expect([...ids.columns.data]).toEqual([4, 1, 2]);
    expect([...ids.sequence(0).data]).toEqual([4, 1]);
    expect(ids.with(new Matrix(1, 3)).starts).toBe(ids.starts);
  });

  test("refuses empty sequences, none at all, and what does not fit together", () => {
    expect(() => Ragged.of([])).toThrow("expected at least one sequence, got none");
    expect(() => Ragged.of([new Ids([1]), new Ids([])])).toThrow("got none in sequence 1");
    expect(() => Ragged.of([new Matrix(2, 1), new Matrix(3, 1)])).toThrow(
      "expected a Matrix with 2 rows as sequence 1, as before it, got a Matrix of 3 × 1",
    );
    expect(() => Ragged.of([new Ids([1]), new Matrix(1, 1)] as never)).toThrow(/expected Ids as sequence 1/);
    expect(() => Ragged.of([[1, 2]] as never)).toThrow(ValueError);
    expect(() => new Ragged(new Matrix(1, 3), Int32Array.of(0, 2))).toThrow("expected starts from 0 to 3");
    expect(() => new Ragged(new Matrix(1, 3), Int32Array.of(0, 2, 1, 3))).toThrow(ShapeError);
    expect(() => new Ragged(new Matrix(1, 3), [0, 3] as never)).toThrow(ValueError);
    expect(() => text(2, 3).sequence(2)).toThrow(ValueError);
    expect(() => text(2).with(new Matrix(1, 3))).toThrow(ShapeError);
  });
});

describe("a network on sequences", () => {
  test("gives for each sequence what it gives for it alone, to the bit", () => {
    const network = reader();
    const all = predict(network, text(3, 1, 4));
    expect(all).toBeInstanceOf(Ragged);
    expect(all.columns.shape).toBe("5 × 8");
    for (let s = 0; s < 3; s++) {
      const alone = predict(network, Ragged.of([text(3, 1, 4).sequence(s)]));
      expect(all.sequence(s).equals(alone.columns)).toBe(true);
    }
  });

  test("has the slopes that a nudge measures, in every parameter", () => {
    expectGradients(reader(), text(3, 1, 4), new Random(1), { training: true });
  });

  test("layers that look at one token at a time are given the columns alone", () => {
    const dense = new Dense(3, 2, { random: new Random(2) });
    const seen: Matrix[] = [];
    const network = new Sequential<Ragged, Ragged>([
      new Observe(dense, { onForward: ({ input }) => void seen.push(input) }),
      new Activation(tanh),
    ]);
    const input = Ragged.of([entries(new Random(3), 3, 2), entries(new Random(4), 3, 3)]);
    const [output, backward] = network.forward(input, new Pass({ training: true }));
    expect(seen[0]).toBe(input.columns);
    expect(output.starts).toBe(input.starts);
    expect(
      output.columns.equals(new Sequential([dense, new Activation(tanh)]).forward(input.columns)[0]),
    ).toBe(true);
    expect(backward(output.columns).shape).toBe("3 × 5");
  });

  test("says what it expects where ids or sequences do not belong", () => {
    expect(() => reader().forward(new Matrix(4, 2) as never)).toThrow(
      'Embedding "embedding": expected token ids, got columns with 4 rows.',
    );
    expect(() => reader().forward(Ragged.of([new Ids([5])]))).toThrow(
      "expected ids from 0 to 4, got 5 at token 0",
    );
    expect(() => new Dense(2, 2, { random: new Random(1) }).forward(new Ids([1]) as never)).toThrow(
      ValueError,
    );
    expect(
      () =>
        new Sequential([
          new Dense(2, 2, { random: new Random(1) }),
          new Embedding(3, 2, { random: new Random(1) }),
        ]),
    ).toThrow("expected token ids, got columns with 2 rows");
  });
});
