/*
 * One door for options. A function states once, in a table, which options it takes; the table does not compile while it
 * names one too few or one too many. What is not in the table is refused by its name: an option that is passed over in
 * silence (`batchsize`) is worse than an error.
 */
import {
  describe,
  type Range,
  requireFlag,
  requireNumber,
  requireOptionsObject,
  requireText,
  ValueError,
} from "./errors";

/** Throws unless `value` is what the option must be. It is not asked about an option that is left out. */
export type Check = (owner: string, what: string, value: unknown) => unknown;

/** Every option by name, and what it must be. */
export type OptionTable<Options> = { readonly [name in keyof Options]-?: Check };

/** Throws ValueError for what is no object, for an option that the table does not know, and for a value that its check refuses. */
export function requireOptions<Options extends object>(
  owner: string,
  options: unknown,
  table: OptionTable<Options>,
): asserts options is Options {
  requireOptionsObject(owner, options);
  for (const name of Object.keys(options as object)) {
    if (!Object.hasOwn(table, name)) throw unknownOption(owner, name, Object.keys(table));
    const value = (options as Record<string, unknown>)[name];
    if (value !== undefined) table[name as keyof Options](owner, name, value);
  }
}

/** For an option that is looked at more closely where it is used. */
export const anything: Check = () => {};

export const flag: Check = requireFlag;
export const text: Check = requireText;
export const finite: Check = (owner, what, value) => requireNumber(owner, what, value);

/** A finite number in a range. */
export function numberIn(range: Range): Check {
  return (owner, what, value) => requireNumber(owner, what, value, range);
}

/** One of a few words. */
export function oneOf(...words: readonly string[]): Check {
  return (owner, what, value) => {
    if (words.includes(value as string)) return;
    const list = words.map((word) => JSON.stringify(word)).join(" or ");
    throw new ValueError(`${owner}: expected ${what} to be ${list}, got ${describe(value)}.`);
  };
}

/** @param such what it is, for the message: "a schedule such as constantRate(0.1)" */
export function aFunction(such: string): Check {
  return (owner, what, value) => {
    if (typeof value === "function") return;
    throw new ValueError(`${owner}: expected ${such} as ${what}, got ${describe(value)}.`);
  };
}

/** An object by whose keys somebody's own things are found. */
export function anObject(such: string): Check {
  return (owner, what, value) => {
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return;
    throw new ValueError(`${owner}: expected ${what} to be ${such}, got ${describe(value)}.`);
  };
}

/** Options inside options, with a table of their own. */
export function inside<Options extends object>(table: OptionTable<Options>): Check {
  return (owner, what, value) => {
    anObject("an object with options")(owner, what, value);
    requireOptions<Options>(`${owner}, ${what}`, value, table);
  };
}

function unknownOption(owner: string, name: string, known: readonly string[]): ValueError {
  const near = known.find((one) => distance(one.toLowerCase(), name.toLowerCase()) <= 2);
  const hint = near === undefined ? "" : ` Did you mean ${near}?`;
  const wanted = known.length === 1 ? `no option but ${known[0]}` : `no options but ${known.join(", ")}`;
  return new ValueError(`${owner}: expected ${wanted}, got ${JSON.stringify(name)}.${hint}`);
}

/** How many letters must be added, dropped or changed to turn one word into the other (Levenshtein 1966). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const changed = row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(changed, row[j] + 1, next[j - 1] + 1));
    }
    row = next;
  }
  return row[b.length];
}
