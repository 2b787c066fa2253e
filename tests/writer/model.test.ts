// The writer's model, without a page: it writes what `generate` writes, says what it chose from, and learns.
import {
  Dense,
  distribution,
  generate,
  Ids,
  Matrix,
  predict,
  Ragged,
  Random,
  Sequential,
  ValueError,
} from "glassbox";
import { writerHtml } from "glassbox/notebook";
import { describe, expect, test } from "vitest";
import { LONGEST, WriterModel } from "../../src/notebook/writer/model";
import { packNetwork, unpackNetwork } from "../../src/notebook/writer/packed-network";
import { WRITER_DEFAULTS, type WriterData } from "../../src/notebook/writer/setting";
import { ensureAssets } from "../site/sample";
import { book, characters, kept, options, small } from "./small";

const network = small();
const data: WriterData = {
  network: packNetwork(network),
  characters: characters.all,
  context: 12,
  text: book,
  kept,
  floor: 1.1,
};
const setting = { ...WRITER_DEFAULTS, prompt: options.prompt };
const made = (more = {}) => new WriterModel(data, { ...setting, ...more });

describe("a packed network", () => {
  test("has the same numbers, rounded to float32, in the same places", () => {
    const again = unpackNetwork(data.network);
    expect(again.parameters.map(({ name }) => name)).toEqual(network.parameters.map(({ name }) => name));
    for (const [i, { value }] of again.parameters.entries())
      expect([...value.data]).toEqual(Array.from(network.parameters[i].value.data, Math.fround));
  });

  test("is refused when float32 cannot hold a number", () => {
    const wide = small();
    wide.parameters[0].value.data[0] = 1e39;
    expect(() => packNetwork(wide)).toThrow("writer: expected weights that float32 can hold, got 1e+39.");
  });
});

describe("writing", () => {
  test.each([{}, { temperature: 0 }, { temperature: 1.5, topK: 3 }, { topP: 0.5, seed: 12 }])(
    "is what generate gives, for %j",
    (more) => {
      const model = made(more);
      model.write(60); // past the 12 that it sees
      const { seed, prompt, ...bend } = { ...setting, ...more };
      const expected = generate(model.network, characters.encode(prompt), {
        ...bend,
        tokens: 60,
        context: 12,
        random: new Random(seed),
      });
      expect(model.written).toBe(prompt + characters.decode(expected));
    },
  );

  test("in one go or character by character, with sliders moved and moved back, is the same", () => {
    const whole = made();
    whole.write(40);
    const parts = made();
    for (let k = 0; k < 40; k++) {
      parts.change({ ...setting, temperature: 2 });
      parts.change(setting);
      parts.write();
    }
    expect(parts.written).toBe(whole.written);
  });

  test("ends where the page is full, and starts over with the same text", () => {
    const model = made();
    expect(model.write(10)).toBe(10);
    const first = model.written;
    expect(model.write(LONGEST)).toBe(LONGEST - 10 - setting.prompt.length);
    expect(model.full).toBe(true);
    expect(model.write()).toBe(0);
    model.begin(setting);
    model.write(10);
    expect(model.written).toBe(first);
  });

  test("a prompt that it cannot read is told by its character, and changes nothing", () => {
    const model = made();
    model.write(5);
    const before = model.written;
    expect(() => model.begin({ ...setting, prompt: "the ß" })).toThrow(
      `writer: the network does not know “ß”, character 5 of the prompt. It knows ${characters.size} characters`,
    );
    expect(() => model.begin({ ...setting, prompt: "" })).toThrow(/empty/);
    expect(model.written).toBe(before);
    model.write(1);
    expect(model.written.startsWith(before)).toBe(true);
  });
});

describe("a look", () => {
  test("holds what the network says and what is drawn from, and what was cut away", () => {
    const model = made({ topK: 3, temperature: 0.5 });
    model.write(30);
    const look = model.look();
    const ids = characters.encode(model.written).data.slice(-12);
    const scores = predict(model.network, Ragged.of([new Ids(ids)])).columns;
    const last = Matrix.column(scores.column(scores.columns - 1).data);
    const [before, after] = [distribution(last).data, distribution(last, { topK: 3, temperature: 0.5 }).data];
    for (const one of look.candidates) {
      const id = characters.all.indexOf(one.character);
      expect([one.before, one.after]).toEqual([before[id], after[id]]);
    }
    expect(look.possible).toBe(3);
    expect(look.candidates.slice(0, 3).every(({ after }) => after > 0)).toBe(true);
    const cut = look.candidates.slice(3).reduce((sum, one) => sum + one.before, 0);
    const shown = look.candidates.reduce((sum, one) => sum + one.before, 0);
    expect(look.cut).toBeCloseTo(cut + (1 - shown), 12); // 12 digits: sums of some twenty numbers below 1
    expect(look.written).toBeUndefined();
  });

  test("at an earlier place shows what was written there, and the setting it was drawn with", () => {
    const model = made({ temperature: 0 });
    model.write(20);
    model.change({ ...setting, temperature: 2 });
    model.write(20);
    const look = model.look(setting.prompt.length + 3);
    expect(look.written).toBe([...model.written][setting.prompt.length + 3]);
    expect(look.possible).toBe(1);
    expect(look.candidates.find(({ character }) => character === look.written)?.after).toBe(1);
    expect(model.look(setting.prompt.length + 30).possible).toBe(characters.size);
  });

  test("has a row of attention for each head of each block, over what it sees", () => {
    const model = made();
    model.write(30);
    for (const [at, length] of [
      [4, 4],
      [undefined, 12],
    ] as const) {
      const { attention, seen } = model.look(at);
      expect(seen).toHaveLength(length);
      expect(attention.map(({ block, head }) => [block, head])).toEqual([
        [1, 1],
        [1, 2],
        [2, 1],
        [2, 2],
      ]);
      for (const { weights } of attention) {
        expect(weights).toHaveLength(length);
        expect(weights.reduce((a, b) => a + b)).toBeCloseTo(1, 12); // a dozen quotients, rounded
      }
    }
  });
});

describe("the map of one head", () => {
  test("has a column for each place it sees, whose last one is that head's row of attention", () => {
    const model = made();
    model.write(30);
    expect(model.heads).toEqual([2, 2]);
    for (const head of [0, 1, 2, 3]) {
      const { map, attention, seen } = model.look(undefined, head);
      expect(map).toHaveLength(seen.length);
      expect(map.at(-1)).toEqual(attention[head].weights);
      map.forEach((weights, t) => {
        expect(weights.reduce((a, b) => a + b)).toBeCloseTo(1, 12); // a dozen quotients, rounded
        expect(weights.slice(t + 1).every((weight) => weight === 0)).toBe(true);
      });
    }
  });
});

describe("training on", () => {
  test("lowers the loss below the table of letters, on kept text as well, and is the same twice", () => {
    const [one, two] = [made(), made()];
    const before = one.keptLoss() as number;
    const losses = one.train(120, 0.01);
    expect(before).toBeCloseTo(Math.log(characters.size), 1); // weights near 0 say: all alike
    expect(losses.at(-1)).toBeLessThan(0.7 * before);
    expect(one.keptLoss()).toBeLessThan(0.7 * before);
    expect(two.train(120, 0.01)).toEqual(losses);
  });

  test("the text goes on with the new weights; the trained ones come back to the last bit", () => {
    const model = made();
    model.write(10);
    const before = model.look();
    model.train(5, 0.01);
    expect(model.look().candidates).not.toEqual(before.candidates);
    expect(model.steps).toBe(5);
    model.restore("published");
    expect(model.look()).toEqual(before);
    expect(model.steps).toBe(0);
  });

  test("new weights are those that gpt draws with the seed of the setting, to the last bit", () => {
    const model = made({ seed: 42 });
    model.train(5, 0.01);
    model.restore("untrained");
    for (const [i, { name, value }] of model.network.parameters.entries())
      expect([...value.data], name).toEqual([...small(42).parameters[i].value.data]);
  });

  test("untrained weights are as gpt draws them: every character alike, and they can learn again", () => {
    const model = made();
    model.train(100, 0.01);
    model.restore("untrained");
    expect(model.keptLoss()).toBeCloseTo(Math.log(characters.size), 1); // weights near 0 say: all alike
    const gammas = model.network.parameters.filter(({ name }) => name.endsWith("gamma"));
    expect(gammas.length).toBeGreaterThan(0);
    for (const { value } of gammas) expect([...value.data].every((scale) => scale === 1)).toBe(true);
    expect(model.train(60, 0.01).at(-1)).toBeLessThan(2);
  });
});

describe("the output of a cell", () => {
  test("has a sample of its text, and the source", async () => {
    await ensureAssets();
    const html = writerHtml(network, characters, { ...options, source: "Made up <here>." });
    const model = made();
    model.write(240);
    expect(html).toContain(`<blockquote>${model.written}</blockquote>`);
    expect(html).toContain("Made up &lt;here&gt;.");
  });

  test("without a prompt, a network that cannot read ours begins as its text does", async () => {
    await ensureAssets();
    const { prompt, ...others } = options;
    expect(writerHtml(network, characters, others)).toContain(`<blockquote>${book.slice(0, 5)}`);
    expect(prompt).toBe("the w");
  });

  test("says which of the two texts has a character that the network does not know, and where", () => {
    expect(() => writerHtml(network, characters, { ...options, kept: `${kept}ß` })).toThrow(
      `writer, kept: expected only the ${characters.size} known characters, got "ß" at character ${kept.length}.`,
    );
  });

  test("a network whose head scores other characters than it reads is refused", () => {
    const random = new Random(1);
    const layers = [...network.layers.slice(0, -1), new Dense(8, 5, { random })];
    expect(() => writerHtml(new Sequential(layers) as never, characters, options)).toThrow(
      `writer: expected a network with a score for each of its ${characters.size} characters, got 5 scores.`,
    );
  });

  test("what cannot be shown is refused by name", () => {
    expect(() => writerHtml(network, characters, { ...options, text: "the" })).toThrow(
      "writer: expected text of more than 12 characters, got 3.",
    );
    expect(() => writerHtml(network, characters, { ...options, temperature: -1 })).toThrow(/temperature/);
    expect(() => writerHtml(network, characters, { ...options, prompt: "ß" })).toThrow(/does not know “ß”/);
    expect(() => writerHtml(network.layers[0], characters, options)).toThrow(
      'writer: expected a network as gpt() makes it, with learned places and self-attention, got the layer "tokens".',
    );
    expect(() => writerHtml(network, "abc" as never, options)).toThrow(ValueError);
  });
});
