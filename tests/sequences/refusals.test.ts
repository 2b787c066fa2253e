// What the newest layers and the texts refuse: by name, with what was expected and what came, and nothing has moved.
import {
  AdamW,
  AdditiveAttention,
  BytePairs,
  Characters,
  categoricalCrossEntropyFromLogits,
  Dense,
  Embedding,
  GlassboxError,
  Gru,
  generate,
  generating,
  gpt,
  Ids,
  type KeyValueCache,
  LayerNorm,
  Lstm,
  Matrix,
  nextTokens,
  normal,
  Ragged,
  Random,
  Recurrent,
  SelfAttention,
  Sequential,
  SinusoidalPositions,
  Snapshot,
  SwiGlu,
  TransformerBlock,
  trainingStep,
  Windows,
} from "glassbox";
import { describe, expect, test } from "vitest";

const one = (): Random => new Random(1);
const counting = (rows: number, columns: number): Matrix =>
  new Matrix(rows, columns).map((_, i, j) => i + j + 1);
const tiny = () =>
  gpt({ vocabulary: 5, width: 4, blocks: 1, context: 8, random: one(), initializer: normal(0.5) });

describe("a thing that is refused has drawn nothing", () => {
  const wrong = new Matrix(9, 9);
  const refused: [string, (random: Random) => unknown, string][] = [
    [
      "gpt",
      (random) => gpt({ vocabulary: 5, width: 4, blocks: 1, context: 4, heads: 3, random }),
      "gpt: expected heads that divide the width, 4, got 3.",
    ],
    [
      "gpt, too large in its second layer",
      (random) => gpt({ vocabulary: 5, width: 4, blocks: 1, context: 1e12, random }),
      "do not fit in memory",
    ],
    [
      "SelfAttention",
      (random) => new SelfAttention(4, { random, weights: { output: wrong } }),
      "output (width × width) of 4 × 4, got 9 × 9",
    ],
    [
      "AdditiveAttention",
      (random) => new AdditiveAttention(4, 3, { random, score: wrong }),
      "score (1 × hidden) of 1 × 3, got 9 × 9",
    ],
    [
      "SwiGlu",
      (random) => new SwiGlu(4, 3, { random, down: wrong }),
      "down (width × hidden) of 4 × 3, got 9 × 9",
    ],
    [
      "Recurrent",
      (random) => new Recurrent(2, 3, { random, stateWeights: wrong }),
      "stateWeights of 3 × 3, got 9 × 9",
    ],
    [
      "Lstm",
      (random) => new Lstm(2, 3, { random, stateWeights: wrong }),
      "stateWeights of 12 × 3, got 9 × 9",
    ],
    [
      "Gru",
      (random) => new Gru(2, 3, { random, candidateWeights: wrong }),
      "candidateWeights of 3 × 3, got 9 × 9",
    ],
    [
      "TransformerBlock with another's feed-forward layer",
      (random) => new TransformerBlock(4, { random, feedForward: new Dense(3, 3, { random: one() }) }),
      "expected 3 features (rows), got 4",
    ],
    [
      "TransformerBlock with another's norms",
      (random) => new TransformerBlock(4, { random, norms: [new LayerNorm(4), new LayerNorm(3)] }),
      "expected 3 features (rows), got 4",
    ],
    [
      "TransformerBlock with odd heads that turn",
      (random) => new TransformerBlock(6, { random, heads: 2, rotary: true }),
      "even number of rows, which turn in pairs, got 3 rows",
    ],
  ];
  test.each(refused)("%s", (_name, make, message) => {
    const random = one();
    expect(() => make(random)).toThrow(message);
    expect(() => make(random)).toThrow(GlassboxError);
    expect(random.rand()).toBe(one().rand());
  });
});

describe("what would be passed over in silence is refused", () => {
  const random = one();
  const attention = new SelfAttention(4, { random });
  const norms: [LayerNorm, LayerNorm] = [new LayerNorm(4), new LayerNorm(4)];
  const feedForward = new SwiGlu(4, 6, { random });
  test.each([
    ["heads", { attention, heads: 2 }, "expected no heads beside attention, which has its own, got 2."],
    [
      "causal",
      { attention, causal: false },
      "expected no causal beside attention, which has its own, got false.",
    ],
    ["rotary", { attention, rotary: true }, "expected no rotary beside attention"],
    ["scale", { attention, scale: 0.5 }, "expected no scale beside attention"],
    [
      "hidden",
      { feedForward, hidden: 8 },
      "expected no hidden beside feedForward, which has its own, got 8.",
    ],
    ["epsilon", { norms, epsilon: 1e-3 }, "expected no epsilon beside norms"],
  ])("a block's option of a part that is given: %s", (_name, options, message) => {
    expect(() => new TransformerBlock(4, { random, ...options })).toThrow(
      `TransformerBlock "transformer-block": ${message}`,
    );
  });

  test.each([
    [{ weights: { query: null } }, "expected a value for weights.query, or none at all, got null."],
    [{ biases: { output: null } }, "expected a value for biases.output, or none at all, got null."],
    [{ weights: [] }, "expected weights as { query, key, value, output }, got an array of 0."],
    [{ weights: new Map() }, "expected weights as { query, key, value, output }, got a value of type Map."],
  ])("attention's weights that are none: %o", (options, message) => {
    expect(() => new SelfAttention(4, { random, ...(options as object) })).toThrow(message);
  });
});

describe("additive attention that is asked", () => {
  const layer = new AdditiveAttention(3, 2, { random: one() });
  test.each([
    [counting(2, 1), counting(3, 4), "expected queries of 3 rows, at least one column, got 2 × 1."],
    [counting(3, 1), counting(4, 3), "expected words of 3 rows, at least one column, got 4 × 3."],
    [counting(3, 1), new Matrix(3, 0), "expected words of 3 rows, at least one column, got 3 × 0."],
    [counting(3, 1), undefined as never, "expected the words as a Matrix, got undefined."],
  ])("says which of the two is wrong", (queries, words, message) => {
    expect(() => layer.ask(queries, words)).toThrow(message);
    expect(() => layer.weightsOf(queries, words)).toThrow(message);
  });
});

describe("maps of scores that overflow", () => {
  test("are refused, as the way forward is", () => {
    const layer = new SelfAttention(4, { random: one(), scale: 1e308, initializer: counting });
    expect(() => layer.maps(Ragged.of([counting(4, 2)]))).toThrow(
      'SelfAttention "self-attention": the numbers overflowed',
    );
  });
});

describe("a state that goes from token to token", () => {
  const mask = Matrix.from([
    [1, 1, 1],
    [0, 1, 1],
    [0, 0, 1],
  ]);
  const layer = (): SelfAttention => new SelfAttention(4, { random: one(), initializer: normal(1), mask });

  test.each([
    ["fewer than none", { tokens: -3 }],
    ["more than there is room for", { tokens: 9 }],
    ["no room for weights", { weights: undefined }],
    ["values of another length", { values: new Matrix(4, 2) }],
  ])("with %s is none that start gave", (_name, change) => {
    const state = { ...layer().start(), ...change } as KeyValueCache;
    expect(() => layer().next(counting(4, 1), state)).toThrow(
      'SelfAttention "self-attention": expected the state that start() gave, got a value of type Object.',
    );
  });

  test("has not seen tokens whose numbers overflow", () => {
    const attention = layer();
    const [state, other] = [attention.start(), attention.start()];
    expect(() => attention.next(counting(4, 1).scale(1e300), state)).toThrow(GlassboxError);
    expect(attention.next(counting(4, 2), state).equals(attention.next(counting(4, 2), other))).toBe(true);
  });

  test("is not gone on from where one layer took the tokens and a later one refused them", () => {
    const random = one();
    const network = new Sequential<Ids, Matrix>(
      [
        new Embedding(5, 4, { random, initializer: normal(1) }),
        new SinusoidalPositions(4),
        new TransformerBlock(4, { random, attention: layer() }),
      ],
      { name: "masked" },
    );
    const state = network.start();
    network.next(new Ids([1]), state);
    // refused at the door: nobody has moved
    expect(() => network.next(new Ids([7]), state)).toThrow("expected ids from 0 to 4, got 7");
    network.next(new Ids([1]), state);
    expect(() => network.next(new Ids([1, 2]), state)).toThrow("sequences of at most 3 tokens");
    expect(() => network.next(new Ids([1]), state)).toThrow(
      'Sequential "masked": expected a state whose last tokens all layers took, got one that an error left half-way. Begin again with start().',
    );
  });
});

describe("a network that learns while it writes", () => {
  const text = nextTokens([new Ids([1, 2, 3, 4, 0, 1])]);
  const learn = (network: ReturnType<typeof tiny>): void => {
    trainingStep(network, text.inputs, text.targets, {
      loss: categoricalCrossEntropyFromLogits,
      optimizer: new AdamW(0.5),
    });
  };
  const logits = (cache: boolean, change: (network: ReturnType<typeof tiny>) => void): number[][] => {
    const network = tiny();
    const said: number[][] = [];
    for (const written of generating(network, new Ids([1, 2]), { tokens: 6, cache, random: one() })) {
      said.push([...written.logits.data]);
      if (said.length === 3) change(network);
    }
    return said;
  };

  test.each([
    ["a step of training", learn],
    [
      "a snapshot that is put back",
      (network: ReturnType<typeof tiny>) => {
        const others = gpt({ vocabulary: 5, width: 4, blocks: 1, context: 8, random: new Random(2) });
        const before = new Snapshot(network);
        // what is set aside are other weights, so that putting them back changes what the network says
        const own = network.parameters.map(({ value }) => value.clone());
        for (const [i, { value }] of network.parameters.entries())
          value.data.set(others.parameters[i].value.data);
        before.save();
        for (const [i, { value }] of network.parameters.entries()) value.data.set(own[i].data);
        before.restore();
      },
    ],
  ])("reads the text anew after %s: with and without the cache the same", (_name, change) => {
    const [cached, read] = [logits(true, change), logits(false, change)];
    expect(read[3]).not.toEqual(logits(false, () => {})[3]);
    cached.forEach((row, t) => {
      row.forEach((score, i) => {
        expect(score, `token ${t}`).toBeCloseTo(read[t][i], 12); // a few sums in another order
      });
    });
  });
});

describe("texts", () => {
  test("an end that is no token of the network would never come", () => {
    expect(() => generate(tiny(), new Ids([1]), { tokens: 3, end: 5, random: one() })).toThrow(
      "generate: expected an end from 0 to 4, got 5.",
    );
    expect(generate(tiny(), new Ids([1]), { tokens: 3, end: 4, random: one() }).length).toBeGreaterThan(0);
  });

  test("a text that outgrows the learned places says how long it has become", () => {
    expect(() => generate(tiny(), new Ids([1]), { tokens: 20, random: one() })).toThrow(
      'LearnedPositions "positions": expected sequences of at most 8 tokens, one a learned place, got one of 9.',
    );
  });

  test("a batch that no memory holds", () => {
    const ids = Ids.over(new Int32Array(1_000_002));
    expect(() => new Windows(ids, { length: 1_000_000, sequences: 10_000, random: one() })).toThrow(
      "Windows: expected at most 10000000 tokens a batch, got 10000 windows of 1000000.",
    );
  });

  test.each([
    [
      { text: "ab" },
      "expected left of merge 0 to be a whole number of at least 0 and at most 1, got undefined.",
    ],
    [
      { text: "ab", left: 0, right: 2 },
      "expected right of merge 0 to be a whole number of at least 0 and at most 1, got 2.",
    ],
    [
      { text: "ab", left: 0, right: 1, token: 7 },
      'expected merge 0 to make token 2, "ab", got token 7, "ab".',
    ],
    [
      { text: "zz", left: 0, right: 1, token: 2 },
      'expected merge 0 to make token 2, "ab", got token 2, "zz".',
    ],
    [null, "expected the text of merge 0 to be text, got undefined."],
  ])("a merge that is none: %j", (merge, message) => {
    expect(() => new BytePairs(Characters.of("ab"), [merge as never])).toThrow(`BytePairs: ${message}`);
  });

  test("the merges that were learned make the same tokens again", () => {
    const learned = BytePairs.learn("the theme of the thesis", 6);
    const again = new BytePairs(learned.characters, learned.merges);
    expect(again.all).toEqual(learned.all);
  });

  test("characters so many that their pairs fit in no table", () => {
    const many = Array.from({ length: 9_999 }, (_, k) => String.fromCodePoint(0x100 + k)).join("");
    expect(() => BytePairs.learn(many, 2)).toThrow(
      "BytePairs.learn: expected at most 10000 characters and merges together, got 9999 characters and 2 merges.",
    );
  });
});
