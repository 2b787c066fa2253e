/*
 * Byte-pair encoding: begin with characters; find the two tokens that stand side by side most often; make them one new
 * token, everywhere; and again. Frequent words become one token, rare ones stay pieces, and nothing is unknown.
 *
 * Here the first tokens are the characters of the text. (GPT-2 begins with bytes, and keeps pairs inside words.)
 */
import { describe, requireText, requireWhole, ValueError } from "../numbers/errors";
import { Ids } from "../numbers/ids";
import { Characters } from "./characters";

/** Two tokens that became one. */
export interface Merge {
  readonly left: number;
  readonly right: number;
  /** The number of the new token. */
  readonly token: number;
  /** What it stands for: "th". */
  readonly text: string;
  /** How often the pair stood side by side when it was chosen. */
  readonly count: number;
  /** How many tokens the text has after this merge. */
  readonly length: number;
}

/** Every pair has a place in a table of counts, which grows with the square of the tokens. */
const MOST = 2000;
/** So many tokens at most, characters and merges together: the table then has 400 MB. */
const MOST_TOKENS = 10_000;

/** A vocabulary of characters and of pairs that were merged, one after the other. */
export class BytePairs {
  /** What each token stands for, at the place of its number: the characters first, then a token a merge. */
  readonly all: readonly string[];

  constructor(
    readonly characters: Characters,
    readonly merges: readonly Merge[],
  ) {
    if (!(characters instanceof Characters)) {
      throw new ValueError(
        `BytePairs: expected characters, as Characters.of(text), got ${describe(characters)}.`,
      );
    }
    if (!Array.isArray(merges)) throw new ValueError(`BytePairs: expected merges, got ${describe(merges)}.`);
    const all = [...characters.all];
    for (const [place, merge] of merges.entries()) {
      const { left, right, token, text } = (merge ?? {}) as Partial<Merge>;
      requireText("BytePairs", `the text of merge ${place}`, text);
      requireWhole("BytePairs", `left of merge ${place}`, left, 0, all.length - 1);
      requireWhole("BytePairs", `right of merge ${place}`, right, 0, all.length - 1);
      const [wanted, made] = [all.length, all[left as number] + all[right as number]];
      if (token !== wanted || text !== made) {
        throw new ValueError(
          `BytePairs: expected merge ${place} to make token ${wanted}, ${describe(made)}, got token ${describe(token)}, ${describe(text)}.`,
        );
      }
      all.push(made);
    }
    this.all = all;
  }

  /**
   * Finds the merges for a text. Of pairs that are equally frequent the one with the smaller numbers is taken.
   * @param merges how many; fewer are made when no pair occurs twice
   * @see Sennrich, Haddow & Birch 2016, "Neural Machine Translation of Rare Words with Subword Units"
   */
  static learn(text: string, merges: number): BytePairs {
    requireText("BytePairs.learn", "the text", text);
    if (text === "")
      throw new ValueError("BytePairs.learn: expected a text with at least one character, got none.");
    requireWhole("BytePairs.learn", "the number of merges", merges, 0, MOST);
    const characters = Characters.of(text);
    if (characters.size + merges > MOST_TOKENS) {
      throw new ValueError(
        `BytePairs.learn: expected at most ${MOST_TOKENS} characters and merges together, got ${characters.size} characters and ${merges} merges.`,
      );
    }
    const all = [...characters.all];
    const tokens = characters.encode(text).data;
    const made: Merge[] = [];
    const table = new Int32Array((all.length + merges) ** 2);
    let length = tokens.length;
    while (made.length < merges) {
      const best = mostFrequent(tokens, length, all.length, table);
      if (best.count < 2) break;
      const { left, right, count } = best;
      const token = all.length;
      length = join(tokens, length, left, right, token);
      all.push(all[left] + all[right]);
      made.push({ left, right, token, text: all[token], count, length });
    }
    return new BytePairs(characters, made);
  }

  /** How many tokens there are: V. */
  get size(): number {
    return this.all.length;
  }

  /** The merges, applied to a text in the order in which they were found. */
  encode(text: string): Ids {
    const tokens = this.characters.encode(text).data;
    let length = tokens.length;
    for (const { left, right, token } of this.merges) length = join(tokens, length, left, right, token);
    return Ids.over(tokens.slice(0, length));
  }

  /** @throws ValueError for a number that no token has */
  decode(ids: Ids): string {
    if (!(ids instanceof Ids)) {
      throw new ValueError(`BytePairs.decode: expected ids, as new Ids([…]), got ${describe(ids)}.`);
    }
    const parts: string[] = [];
    for (let j = 0; j < ids.length; j++) {
      const part = this.all[ids.data[j]];
      if (part === undefined) {
        throw new ValueError(
          `BytePairs.decode: expected ids from 0 to ${this.size - 1}, got ${ids.data[j]} at ${j}.`,
        );
      }
      parts.push(part);
    }
    return parts.join("");
  }
}

/** The pair that stands side by side most often. In "aaa" the pair "aa" stands once: a token is in one pair at a time. */
function mostFrequent(
  tokens: Int32Array,
  length: number,
  size: number,
  table: Int32Array,
): { left: number; right: number; count: number } {
  const counts = table.subarray(0, size * size).fill(0);
  let overlapping = -1; // where a pair of two equal tokens ended, whose second token may not begin another
  for (let t = 0; t + 1 < length; t++) {
    const left = tokens[t];
    const right = tokens[t + 1];
    if (left === right && overlapping === t) continue;
    if (left === right) overlapping = t + 1;
    counts[left * size + right]++;
  }
  let best = 0;
  for (let pair = 1; pair < counts.length; pair++) if (counts[pair] > counts[best]) best = pair;
  return { left: Math.floor(best / size), right: best % size, count: counts[best] };
}

/** Puts `token` in the place of each left-right, from the left, in place. @returns the new length */
function join(tokens: Int32Array, length: number, left: number, right: number, token: number): number {
  let to = 0;
  for (let t = 0; t < length; t++) {
    if (tokens[t] === left && t + 1 < length && tokens[t + 1] === right) {
      tokens[to++] = token;
      t += 1;
    } else tokens[to++] = tokens[t];
  }
  return to;
}
