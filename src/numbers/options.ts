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
  requireWhole,
  ValueError,
} from "./errors";

/** Throws unless `value` is what the option must be. It is not asked about an option that is left out. */
export type Check = (owner: string, what: string, value: unknown) => unknown;

/** Every option by name, and what it must be. */
export type OptionTable<Options> = { readonly [name in keyof Options]-?: Check };

/**
 * Throws ValueError for what is no object, for an option that the table does not know, and for a value that its check
 * refuses.
 * @param needed the options that must not be left out
 */
export function requireOptions<Options extends object>(
  owner: string,
  options: unknown,
  table: OptionTable<Options>,
  needed: readonly (keyof Options & string)[] = [],
): asserts options is Options {
  requireOptionsObject(owner, options);
  for (const name of Object.keys(options as object)) {
    if (!Object.hasOwn(table, name)) throw unknownOption(owner, name, Object.keys(table));
    const value = (options as Record<string, unknown>)[name];
    if (value === null)
      throw new ValueError(`${owner}: expected a value for ${name}, or none at all, got null.`);
    if (value !== undefined) table[name as keyof Options](owner, name, value);
  }
  for (const name of needed) {
    if ((options as Options)[name] === undefined) table[name](owner, name, undefined);
  }
}

/** For an option that is looked at more closely where it is used. */
export const anything: Check = () => {};

export const flag: Check = requireFlag;
export const text: Check = requireText;
/** A number of any kind: NaN is a gap in a curve. */
export const anyNumber: Check = (owner, what, value) => {
  if (typeof value === "number") return;
  throw new ValueError(`${owner}: expected ${what} to be a number, got ${describe(value)}.`);
};
export const finite: Check = (owner, what, value) => requireNumber(owner, what, value);

/** A finite number in a range. */
export function numberIn(range: Range): Check {
  return (owner, what, value) => requireNumber(owner, what, value, range);
}

/** A whole number from `minimum` to `maximum`. */
export function whole(minimum?: number, maximum?: number): Check {
  return (owner, what, value) => requireWhole(owner, what, value, minimum, maximum);
}

/** One of a few words (or of a few values of another kind). */
export function oneOf(...words: readonly (string | number | boolean)[]): Check {
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

/** A list, plain or typed, of things that are all held to `check`. @param such what it is, for the message: "names" */
export function listOf(such: string, check: Check = anything, minimum = 0): Check {
  return (owner, what, value) => {
    const isList = Array.isArray(value) || (ArrayBuffer.isView(value) && "length" in value);
    if (!isList || (value as ArrayLike<unknown>).length < minimum) {
      const least = minimum === 0 ? "" : `at least ${minimum} of them `;
      throw new ValueError(
        `${owner}: expected ${what} to be an array of ${such}, ${least}got ${describe(value)}.`,
      );
    }
    const list = value as ArrayLike<unknown>;
    if (check === anything) return;
    for (let i = 0; i < list.length; i++) check(owner, `${what}[${i}]`, list[i]);
  };
}

/** What passes one of several checks. @param such what it is, for the message: "a title, or an axis with a title" */
export function either(such: string, ...checks: readonly Check[]): Check {
  return (owner, what, value) => {
    const passes = checks.some((check) => {
      try {
        check(owner, what, value);
        return true;
      } catch {
        return false;
      }
    });
    if (!passes) throw new ValueError(`${owner}: expected ${what} to be ${such}, got ${describe(value)}.`);
  };
}

/** What a class has made. @param such what it is, for the message: "a Matrix" */
export function madeBy(such: string, kind: abstract new (...args: never[]) => unknown): Check {
  return (owner, what, value) => {
    if (value instanceof kind) return;
    throw new ValueError(`${owner}: expected ${what} to be ${such}, got ${describe(value)}.`);
  };
}

/** What `simd` makes; its promise is a common slip. */
export const anEngine: Check = (owner, _what, value) => {
  if (typeof (value as { product?: unknown } | null)?.product === "function") return;
  const promise = value instanceof Promise ? " Wait for it: await simd()." : "";
  throw new ValueError(
    `${owner}: expected an engine, such as await simd(), got ${describe(value)}.${promise}`,
  );
};

/** Options inside options, with a table of their own. @param such what they are, for the message */
export function inside<Options extends object>(
  table: OptionTable<Options>,
  needed: readonly (keyof Options & string)[] = [],
  such = "an object with options",
): Check {
  return (owner, what, value) => {
    anObject(such)(owner, what, value);
    requireOptions<Options>(`${owner}, ${what}`, value, table, needed);
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
