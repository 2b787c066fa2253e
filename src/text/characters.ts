/*
 * The smallest vocabulary: the characters that occur in a text, in the order of their code points. A character's number
 * is its place in that order. The numbers name characters; that b is one more than a means nothing.
 */
import { describe, requireText, ValueError } from "../numbers/errors";
import { Ids } from "../numbers/ids";

/** Characters as numbers, and back. */
export class Characters {
  /** Every character, at the place of its number. */
  readonly all: readonly string[];
  private readonly numbers: ReadonlyMap<string, number>;

  /** @param all different characters; a character's number is its place here */
  constructor(all: readonly string[]) {
    if (!Array.isArray(all) || all.length === 0) {
      throw new ValueError(`Characters: expected an array of characters, got ${describe(all)}.`);
    }
    this.all = Array.from(all, (one: unknown, place) => {
      if (typeof one === "string" && [...one].length === 1) return one;
      throw new ValueError(`Characters: expected one character at ${place}, got ${describe(one)}.`);
    });
    this.numbers = new Map(this.all.map((one, number) => [one, number]));
    if (this.numbers.size < all.length) {
      const twice = all.find((one, place) => this.numbers.get(one) !== place);
      throw new ValueError(`Characters: expected different characters, got ${describe(twice)} twice.`);
    }
  }

  /** The characters that occur in a text, each once, in the order of their code points. */
  static of(text: string): Characters {
    requireText("Characters.of", "the text", text);
    if (text === "")
      throw new ValueError("Characters.of: expected a text with at least one character, got none.");
    const points = new Set<number>();
    for (const one of text) points.add(one.codePointAt(0) as number);
    return new Characters([...points].sort((a, b) => a - b).map((point) => String.fromCodePoint(point)));
  }

  /** How many there are: V. */
  get size(): number {
    return this.all.length;
  }

  /** @throws ValueError for a character that is none of these, and says where it stands */
  encode(text: string): Ids {
    requireText("Characters.encode", "the text", text);
    const ids = new Int32Array(text.length); // never shorter: a character is one or two units of a string
    let count = 0;
    for (const one of text) {
      const id = this.numbers.get(one);
      if (id === undefined) {
        throw new ValueError(
          `Characters.encode: expected only the ${this.size} known characters, got ${describe(one)} at character ${count}.`,
        );
      }
      ids[count++] = id;
    }
    return Ids.over(ids.subarray(0, count));
  }

  /** @throws ValueError for a number that no character has */
  decode(ids: Ids): string {
    if (!(ids instanceof Ids)) {
      throw new ValueError(`Characters.decode: expected ids, as new Ids([…]), got ${describe(ids)}.`);
    }
    let text = "";
    for (let j = 0; j < ids.length; j++) {
      const one = this.all[ids.data[j]];
      if (one === undefined) {
        throw new ValueError(
          `Characters.decode: expected ids from 0 to ${this.size - 1}, got ${ids.data[j]} at ${j}.`,
        );
      }
      text += one;
    }
    return text;
  }
}
