// Characters and pairs as numbers, tables of counts, windows.
import fc from "fast-check";
import {
  BytePairs,
  bits,
  Characters,
  countBigrams,
  countUnigrams,
  entropy,
  Ids,
  Matrix,
  nextTokens,
  perplexity,
  probabilities,
  Ragged,
  Random,
  ShapeError,
  tableLoss,
  ValueError,
  Windows,
} from "glassbox";
import { firstNames, mobyDick } from "glassbox/notebook";
import { describe, expect, test } from "vitest";

describe("Characters", () => {
  test("are numbered in the order of their code points, and come back as they went in", () => {
    const characters = Characters.of("hello, 🐋");
    expect(characters.all).toEqual([" ", ",", "e", "h", "l", "o", "🐋"]);
    expect(characters.size).toBe(7);
    expect([...characters.encode("ole🐋").data]).toEqual([5, 4, 2, 6]);
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", minLength: 1 }), (text) => {
        const own = Characters.of(text);
        const ids = own.encode(text);
        expect(own.decode(ids)).toBe(text);
        expect(ids).toHaveLength([...text].length);
      }),
    );
  });

  test("say which character they do not know, and where it stands", () => {
    const characters = Characters.of("ab");
    expect(() => characters.encode("abca")).toThrow(
      'Characters.encode: expected only the 2 known characters, got "c" at character 2.',
    );
    expect(() => characters.decode(new Ids([0, 2]))).toThrow("expected ids from 0 to 1, got 2 at 1");
    expect(() => Characters.of("")).toThrow(ValueError);
    expect(() => new Characters(["a", "b", "a"])).toThrow('expected different characters, got "a" twice');
    expect(() => new Characters(["ab"])).toThrow('expected one character at 0, got "ab"');
    expect(() => characters.decode([0] as unknown as Ids)).toThrow(ValueError);
  });

  test("know the 80 of the book", () => {
    const text = mobyDick();
    const characters = Characters.of(text);
    expect(characters.size).toBe(80);
    expect(characters.decode(characters.encode(text)) === text).toBe(true);
  });
});

describe("tables of counts", () => {
  const characters = new Characters(["a", "b", "c"]);
  const ids = characters.encode("abacab");

  test("by hand", () => {
    expect([...countUnigrams(ids, 3).data]).toEqual([3, 2, 1]);
    // columns: after a, after b, after c
    expect(countBigrams(ids, 3).toRows()).toEqual([
      [0, 1, 1],
      [2, 0, 0],
      [1, 0, 0],
    ]);
    const p = probabilities(countBigrams(ids, 3));
    expect([...p.column(0).data]).toEqual([0, 2 / 3, 1 / 3]);
    // a→b, b→a, a→c, c→a, a→b
    expect(tableLoss(ids, p)).toBeCloseTo((2 * Math.log(3 / 2) + Math.log(3)) / 5, 14);
    expect(tableLoss(ids, probabilities(countUnigrams(ids, 3)))).toBeCloseTo(
      entropy(Matrix.column([3 / 6, 2 / 6, 1 / 6])),
      14,
    );
  });

  test("do not look across the end of a sequence", () => {
    const two = Ragged.of([characters.encode("ab"), characters.encode("ca")]);
    expect(countBigrams(two, 3).sum()).toBe(2);
    expect(countBigrams(two, 3).at(2, 1)).toBe(0);
    const p = Matrix.from([
      [0.5, 0.25, 0.25],
      [0.25, 0.5, 0.5],
      [0.25, 0.25, 0.25],
    ]);
    expect(tableLoss(two, p)).toBeCloseTo(Math.log(4), 14);
  });

  test("what was added to every count makes nothing impossible", () => {
    const p = probabilities(countBigrams(ids, 3), { added: 1 });
    expect([...p.column(2).data]).toEqual([2 / 4, 1 / 4, 1 / 4]);
    expect(tableLoss(characters.encode("cc"), p)).toBe(Math.log(4));
    expect(tableLoss(characters.encode("cc"), probabilities(countBigrams(ids, 3)))).toBe(Infinity);
    expect([...probabilities(new Matrix(4, 1)).data]).toEqual([0.25, 0.25, 0.25, 0.25]);
  });

  test("of the names: 2.418 nats after one character, 2.850 after none, ln 27 without a table", () => {
    const alphabet = new Characters([...".abcdefghijklmnopqrstuvwxyz"]);
    const names = firstNames()
      .map((name) => name.toLowerCase())
      .filter((name) => /^[a-z]+$/.test(name));
    const whole = Ragged.of(names.map((name) => alphabet.encode(`.${name}.`)));
    const { targets } = nextTokens(names.map((name) => alphabet.encode(`.${name}.`)));
    expect(tableLoss(whole, probabilities(countBigrams(whole, 27)))).toBeCloseTo(2.418, 3);
    expect(tableLoss(targets, probabilities(countUnigrams(targets, 27)))).toBeCloseTo(2.85, 3);
    expect(tableLoss(targets, Matrix.filled(27, 1, 1 / 27))).toBeCloseTo(Math.log(27), 10); // 67,000 additions, each rounded
  });

  test("no other table is less surprised by the text that was counted", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(3), { minLength: 2, maxLength: 40 }), fc.nat(100), (list, seed) => {
        const random = new Random(seed);
        const text = new Ids(list);
        const best = tableLoss(text, probabilities(countBigrams(text, 4)));
        const other = probabilities(random.randMatrix(4, 4));
        expect(best).toBeLessThanOrEqual(tableLoss(text, other) + 1e-12);
      }),
    );
  });

  test("entropy, perplexity and bits of a fair choice", () => {
    expect(entropy(Matrix.filled(8, 1, 1 / 8))).toBeCloseTo(Math.log(8), 14);
    expect(entropy(Matrix.column([0, 1, 0]))).toBe(0);
    expect(perplexity(Math.log(65))).toBeCloseTo(65, 10);
    expect(bits(Math.log(8))).toBeCloseTo(3, 14);
  });

  test("refuse what is no text and no table", () => {
    expect(() => countBigrams(ids, 2)).toThrow("countBigrams: expected ids from 0 to 1, got 2 at token 3.");
    expect(() => countUnigrams([1] as unknown as Ids, 2)).toThrow(ValueError);
    expect(() => tableLoss(ids, new Matrix(3, 2))).toThrow(ShapeError);
    expect(() => tableLoss(characters.encode("a"), new Matrix(3, 3))).toThrow(
      /at least one token with another/,
    );
    expect(() => probabilities(Matrix.column([1, -1]))).toThrow(ValueError);
    expect(() => entropy(Matrix.column([2]))).toThrow(ValueError);
    expect(() => perplexity(-1)).toThrow(ValueError);
    expect(() => probabilities(new Matrix(2, 1), { add: 1 } as never)).toThrow(/no option but added/);
  });
});

describe("BytePairs", () => {
  test("merge the most frequent pair first, and go on with the result", () => {
    const pairs = BytePairs.learn("abababcab", 3);
    expect(pairs.merges[0]).toEqual({ left: 0, right: 1, token: 3, text: "ab", count: 4, length: 5 });
    expect(pairs.merges).toHaveLength(1); // ab ab ab c ab: "ab ab" stands once without overlap
  });

  test("of pairs that are equally frequent the one with the smaller numbers comes first", () => {
    const { merges } = BytePairs.learn("cdxabxcdxab", 1); // ab, cd, xa, xc … : ab and cd stand twice, bx and dx, too
    expect(merges[0].text).toBe("ab");
  });

  test("a token is in one pair at a time", () => {
    expect(BytePairs.learn("aaaa", 5).merges.map(({ text, count }) => [text, count])).toEqual([["aa", 2]]);
    expect(BytePairs.learn("aaa", 5).merges).toEqual([]);
  });

  test("come back as they went in, also in texts they did not learn from", () => {
    const pairs = BytePairs.learn("she sells sea shells by the sea shore", 12);
    for (const text of ["she sells", "the shore", "", "yyy"]) {
      expect(pairs.decode(pairs.encode(text))).toBe(text);
    }
    const learned = pairs.encode("she sells sea shells by the sea shore");
    expect(learned).toHaveLength(pairs.merges[pairs.merges.length - 1].length);
    expect(() => pairs.encode("zoo")).toThrow(ValueError);
    expect(() => pairs.decode(new Ids([pairs.size]))).toThrow(ValueError);
    expect(() => BytePairs.learn("ab", -1)).toThrow(ValueError);
  });

  test("200 merges leave the book at about half its tokens", () => {
    const text = mobyDick();
    const pairs = BytePairs.learn(text, 200);
    expect(pairs.merges.slice(0, 3).map((merge) => merge.text)).toEqual(["e ", "th", " th"]);
    expect(text.length / pairs.merges[199].length).toBeCloseTo(1.93, 2);
  });
});

describe("Windows", () => {
  const ids = new Ids(Array.from({ length: 23 }, (_, t) => t));

  test("without a generator: parts side by side, each read from its beginning, and again", () => {
    const windows = new Windows(ids, { length: 3, sequences: 2 });
    const seen = Array.from({ length: 4 }, () => {
      const { inputs, targets } = windows.next();
      expect([...targets.columns.data]).toEqual([...inputs.columns.data].map((id) => id + 1));
      return [windows.begins, ...inputs.columns.data];
    });
    expect(seen).toEqual([
      [true, 0, 1, 2, 11, 12, 13],
      [false, 3, 4, 5, 14, 15, 16],
      [false, 6, 7, 8, 17, 18, 19],
      [true, 0, 1, 2, 11, 12, 13],
    ]);
  });

  test("with one: anywhere, every place as likely, in the same buffers", () => {
    const windows = new Windows(ids, { length: 4, sequences: 3, random: new Random(1) });
    const first = windows.next();
    const begins = new Set<number>();
    for (let k = 0; k < 200; k++) {
      const { inputs, targets } = windows.next();
      expect(inputs).toBe(first.inputs);
      for (let s = 0; s < 3; s++) {
        const [x, y] = [[...inputs.sequence(s).data], [...targets.sequence(s).data]];
        begins.add(x[0]);
        expect(x).toEqual([0, 1, 2, 3].map((t) => x[0] + t));
        expect(y).toEqual(x.map((id) => id + 1));
      }
    }
    expect([...begins].sort((a, b) => a - b)).toEqual(Array.from({ length: 19 }, (_, t) => t));
    expect(windows.begins).toBe(false);
  });

  test("refuse a text that is too short, and options that are none", () => {
    expect(() => new Windows(ids, { length: 12, sequences: 2 })).toThrow(
      "expected at least 25 tokens, got 23",
    );
    expect(() => new Windows(ids, { length: 0, sequences: 2 })).toThrow(ValueError);
    expect(() => new Windows(ids, { sequences: 2 } as never)).toThrow(ValueError);
    expect(() => new Windows([1] as unknown as Ids, { length: 1, sequences: 1 })).toThrow(ValueError);
  });
});

test("whole sequences as inputs and targets", () => {
  const { inputs, targets } = nextTokens([new Ids([0, 5, 6, 0]), new Ids([0, 7])]);
  expect([...inputs.columns.data]).toEqual([0, 5, 6, 0]);
  expect([...targets.columns.data]).toEqual([5, 6, 0, 7]);
  expect([...inputs.starts]).toEqual([0, 3, 4]);
  expect(() => nextTokens([new Ids([1])])).toThrow(
    "nextTokens: expected the number of tokens at 0 to be a whole number of at least 2, got 1.",
  );
});
