// From scores to tokens: temperature, top-k, top-p, and a text that is written with the cache as without.
import {
  Dense,
  distribution,
  Embedding,
  type GenerateOptions,
  generate,
  generating,
  gpt,
  Ids,
  Matrix,
  normal,
  predict,
  Ragged,
  Random,
  Sequential,
  ShapeError,
  SinusoidalPositions,
  StateError,
  sample,
  softmax,
  TransformerBlock,
  ValueError,
} from "glassbox";
import { describe, expect, test } from "vitest";
import { expectClose } from "../library/golden";

const scores = Matrix.column([1, 3, 2, 3, -1]);
const of = (options = {}): number[] => [...distribution(scores, options).data];

describe("a distribution", () => {
  test("is the softmax, where nothing bends it, column by column", () => {
    const two = Matrix.from([
      [1, 0],
      [3, 5],
      [2, 5],
    ]);
    expect(distribution(two).equals(softmax(two), 1e-15)).toBe(true);
  });

  test("of a temperature T is the softmax of the scores over T; of 0, certainty for the first of the best", () => {
    for (const temperature of [0.5, 2, 100]) {
      expectClose(of({ temperature }), softmax(scores.scale(1 / temperature)).data, 1e-13);
    }
    expect(of({ temperature: 0 })).toEqual([0, 1, 0, 0, 0]);
    expect(of({ temperature: 1e-300 })).toEqual([0, 0.5, 0, 0.5, 0]);
  });

  test("of top-k has the k best and no other, in their old proportions", () => {
    const all = of();
    expect(of({ topK: 1 })).toEqual([0, 1, 0, 0, 0]);
    const three = of({ topK: 3 });
    expect(three.map((p) => p > 0)).toEqual([false, true, true, true, false]);
    expect(three[2] / three[1]).toBeCloseTo(all[2] / all[1], 14);
    expect(of({ topK: 99 })).toEqual(all);
  });

  test("of top-p has the fewest best that reach p together", () => {
    const all = of(); // about 0.06, 0.39, 0.15, 0.39, 0.01
    expect(of({ topP: 0.3 }).map((p) => p > 0)).toEqual([false, true, false, false, false]);
    expect(of({ topP: 0.5 }).map((p) => p > 0)).toEqual([false, true, false, true, false]);
    expect(of({ topP: all[1] }).map((p) => p > 0)).toEqual([false, true, false, false, false]); // p is reached
    expect(of({ topP: 0.9 }).map((p) => p > 0)).toEqual([false, true, true, true, false]);
    expect(of({ topP: 1 })).toEqual(all);
    // p is a share of what top-k has left
    expect(of({ topK: 2, topP: 0.5 }).map((p) => p > 0)).toEqual([false, true, false, false, false]);
    for (const options of [{ topP: 0.5 }, { topK: 3 }, { temperature: 3, topP: 0.7 }]) {
      expect(of(options).reduce((a, b) => a + b)).toBeCloseTo(1, 14);
    }
  });

  test("refuses settings and scores that are none", () => {
    for (const options of [
      { temperature: -1 },
      { temperature: Number.NaN },
      { topK: 0 },
      { topK: 1.5 },
      { topP: 0 },
      { topP: 1.1 },
      { top: 3 },
    ]) {
      expect(() => distribution(scores, options), JSON.stringify(options)).toThrow(ValueError);
    }
    expect(() => distribution(Matrix.column([1, Number.NaN]))).toThrow(
      /expected finite numbers in the scores/,
    );
    expect(() => distribution(new Matrix(3, 0))).toThrow(ShapeError);
    expect(() => sample(new Matrix(3, 2), { random: new Random(1) })).toThrow(/the scores of one token/);
    expect(() => sample(scores, {} as never)).toThrow(/sample: expected a seeded generator/);
  });
});

describe("a sample", () => {
  test("is drawn as often as its probability says", () => {
    const random = new Random(1);
    const counts = [0, 0, 0, 0, 0];
    for (let n = 0; n < 20_000; n++) counts[sample(scores, { random })]++;
    // a share of 20,000 draws has a standard deviation of at most 0.0036: five of them
    of().forEach((p, i) => {
      expect(Math.abs(counts[i] / 20_000 - p)).toBeLessThan(0.018);
    });
  });

  test("is the same for the same seed, never one of probability 0, and the best at a temperature of 0", () => {
    const draw = (seed: number): number[] => {
      const random = new Random(seed);
      return Array.from({ length: 50 }, () => sample(scores, { random, topK: 3 }));
    };
    expect(draw(5)).toEqual(draw(5));
    expect(draw(5)).not.toEqual(draw(6));
    expect(draw(5).every((id) => id > 0 && id < 4)).toBe(true);
    expect(sample(scores, { random: new Random(1), temperature: 0 })).toBe(1);
  });
});

describe("writing", () => {
  const random = new Random(3);
  const initializer = normal(0.5);
  const learned = gpt({ vocabulary: 7, width: 8, blocks: 2, heads: 2, context: 12, random, initializer });
  const endless = new Sequential<Ragged<Ids>, Ragged>([
    new Embedding(7, 8, { random, initializer }),
    new SinusoidalPositions(8),
    new TransformerBlock(8, { heads: 2, rotary: true, random, initializer }),
    new Dense(8, 7, { random, initializer }),
  ]);
  const prompt = new Ids([1, 2, 3]);

  test.each([
    ["learned places", learned, { context: 12 }],
    ["clocks and rotations", endless, {}],
    ["clocks, and 5 tokens at a time", endless, { context: 5 }],
  ] as const)(
    "with %s: the same scores, to the bit, with the cache as without, also past the context",
    (_, network, extra) => {
      const write = (cache: boolean) => [
        ...generating(network, prompt, { tokens: 25, cache, random: new Random(8), ...extra }),
      ];
      const [cached, plain] = [write(true), write(false)];
      expect(cached).toHaveLength(25);
      cached.forEach(({ id, logits, distribution: chances }, t) => {
        expect(logits.equals(plain[t].logits), `token ${t}`).toBe(true);
        expect(chances.equals(distribution(logits))).toBe(true);
        expect(id).toBe(plain[t].id);
      });
    },
  );

  test("scores a token by what is before it, and at most so much of it as the context holds", () => {
    const [first, , , fourth] = [
      ...generating(endless, prompt, { tokens: 4, context: 4, random: new Random(2), temperature: 0 }),
    ];
    const read = (ids: number[]): Matrix => {
      const all = predict(endless, Ragged.of([new Ids(ids)])).columns;
      return all.column(all.columns - 1);
    };
    expect(first.logits.equals(read([1, 2, 3]))).toBe(true);
    const ids = [
      ...generate(endless, prompt, { tokens: 3, context: 4, random: new Random(2), temperature: 0 }).data,
    ];
    expect(fourth.logits.equals(read([3, ...ids].slice(-4)))).toBe(true);
  });

  test("ends with its end, or after so many tokens", () => {
    const options: GenerateOptions = { tokens: 200, random: new Random(4) };
    const text = generate(endless, prompt, { ...options, end: 6 });
    expect(text.data.indexOf(6)).toBe(text.length - 1);
    expect(text.length).toBeLessThan(200);
    expect(generate(endless, prompt, { ...options, tokens: 0 }).length).toBe(0);
  });

  test("changes nothing of the network, and says what it lacks", () => {
    const before = learned.parameters.map(({ value }) => value.clone());
    generate(learned, prompt, { tokens: 5, random: new Random(1) });
    learned.parameters.forEach(({ value }, i) => {
      expect(value.equals(before[i])).toBe(true);
    });
    const options = { tokens: 2, random: new Random(1) };
    expect(() => generate(learned, new Ids([]), options)).toThrow(
      /generate: expected a prompt of at least one token/,
    );
    expect(() => generate(learned, [1] as never, options)).toThrow(
      /expected a prompt of token ids, as new Ids/,
    );
    expect(() => generate(learned, new Ids([7]), options)).toThrow(/expected ids from 0 to 6, got 7/);
    expect(() => generate(learned, prompt, { ...options, tokens: 11 })).toThrow(/at most 12 tokens/);
    expect(() => generating(learned, prompt, { tokens: 2 } as never)).toThrow(
      /generating: expected a seeded generator/,
    );
    expect(() => generate(learned, prompt, { ...options, topK: 0 })).toThrow(/generate: expected topK/);
    const { name, parameters, forward } = endless;
    const forgetful = { name, parameters, forward: forward.bind(endless) };
    expect(() => generate(forgetful, prompt, options)).toThrow(StateError);
    expect(generate(forgetful, prompt, { ...options, cache: false }).length).toBe(2);
  });
});
