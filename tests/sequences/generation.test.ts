// A layer that generates keeps its past in a state that it is handed: token by token it says what it says of the whole.
import {
  Activation,
  Dense,
  Dropout,
  Embedding,
  Ids,
  type Layer,
  LayerNorm,
  type Matrix,
  Observe,
  Pass,
  predict,
  Ragged,
  Random,
  Residual,
  SelfAttention,
  Sequential,
  StateError,
  TiedHead,
  tanh,
  ValueError,
} from "glassbox";
import { describe, expect, test } from "vitest";
import { expectClose } from "../library/golden";

function writer(): Sequential<Ragged<Ids>, Ragged> {
  const random = new Random(7);
  const draw = (): Matrix => random.randnMatrix(4, 4).scale(0.6);
  const attention = new SelfAttention(4, {
    heads: 2,
    bias: "none",
    weights: { query: draw(), key: draw(), value: draw(), output: draw() },
  });
  const embedding = new Embedding(6, 4, { weights: random.randnMatrix(4, 6) });
  return new Sequential<Ragged<Ids>, Ragged>([
    embedding,
    new Residual<Ragged>(
      new Sequential<Ragged, Ragged>([new LayerNorm(4), new Observe<Ragged, Ragged>(attention, {})]),
    ),
    new Residual(
      new Sequential([new Dense(4, 4, { random }), new Activation(tanh), new Dropout(0.5, { random })]),
    ),
    new TiedHead(embedding),
  ]);
}

const tokens = [3, 1, 4, 1, 5, 2, 0];

describe("state handed on", () => {
  test.each([[[1, 1, 1, 1, 1, 1, 1]], [[7]], [[3, 1, 3]]])(
    "in pieces of %j tokens gives the whole sequence at once",
    (pieces) => {
      const network = writer();
      const whole = predict(network, Ragged.of([new Ids(tokens)])).columns;
      const state = network.start();
      let at = 0;
      for (const length of pieces) {
        const scores = network.next(new Ids(tokens.slice(at, at + length)), state);
        expect(scores.shape).toBe(`6 × ${length}`);
        for (let j = 0; j < length; j++, at++)
          expectClose(scores.column(j).data, whole.column(at).data, 1e-12);
      }
    },
  );

  test("is the caller's: two sequences, token by token in turn, do not see each other", () => {
    const network = writer();
    const others = [5, 5, 0, 2, 2, 2, 1];
    const [first, second] = [network.start(), network.start()];
    const alone = predict(network, Ragged.of([new Ids(tokens), new Ids(others)]));
    tokens.forEach((token, t) => {
      expectClose(network.next(new Ids([token]), first).data, alone.sequence(0).column(t).data, 1e-12);
      expectClose(network.next(new Ids([others[t]]), second).data, alone.sequence(1).column(t).data, 1e-12);
    });
  });

  test("uses the buffers of a pass that it is given, and draws from no generator", () => {
    const network = writer();
    const before = network.generators[0].clone();
    const pass = new Pass();
    const state = network.start();
    const seen = new Set<Matrix>();
    for (const token of tokens) {
      pass.restart();
      seen.add(network.next(new Ids([token]), state, pass));
    }
    expect(seen.size).toBeLessThanOrEqual(2); // the first measures how much is asked for
    expect(network.generators[0].rand()).toBe(before.rand());
  });

  test("is refused by a layer that looks at other tokens and keeps none, and when it is not the one that start gave", () => {
    const forgetful: Layer<Ragged, Ragged> = {
      name: "forgetful",
      parameters: [],
      takesSequences: true,
      forward: (input) => [input, (slope) => slope],
    };
    expect(() => new Sequential<Ragged, Ragged>([forgetful]).start()).toThrow(StateError);
    expect(() => writer().next(new Ids([1]), [])).toThrow(ValueError);
    expect(() => writer().next(new Ids([6]), writer().start())).toThrow(
      "expected ids from 0 to 5, got 6 at token 0",
    );
  });
});
