/*
 * Errors at the door. Every message names the thing that complains, what it expected and what it got,
 * and is thrown before anything has been changed.
 */

/** The base class of every error the library throws: `catch (e) { if (e instanceof GlassboxError) … }`. */
export class GlassboxError extends Error {
  constructor(message: string) {
    super(message);
    this.name = new.target.name;
  }
}

/** Two shapes that do not fit together. */
export class ShapeError extends GlassboxError {}

/** A value outside the range in which the operation is defined (NaN, a rate of −1, a label of 7 in 5 classes). */
export class ValueError extends GlassboxError {}

/** An operation at the wrong time: a network without layers, a stale backward pass. */
export class StateError extends GlassboxError {}

/** A loss that stopped being a number while training; the message says at which step, and what to try. */
export class DivergenceError extends GlassboxError {}

/** How a value looks in a message: short, and never an exception of its own. */
export function describe(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "function") return "a function";
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === "object" && value !== null) {
    const shape = (value as { shape?: unknown }).shape;
    const kind = Object.getPrototypeOf(value)?.constructor?.name ?? "object";
    return typeof shape === "string" ? `a ${kind} of ${shape}` : `a value of type ${kind}`;
  }
  return String(value);
}

/** Throws unless `options` is an object: null and numbers are common slips, where options may be left out. */
export function requireOptionsObject(owner: string, options: unknown): void {
  if (typeof options === "object" && options !== null) return;
  throw new ValueError(`${owner}: expected an object with options, got ${describe(options)}.`);
}

/** Throws unless `value` is a whole number from `minimum` to `maximum`. Returns it, for use in an expression. */
export function requireWhole(
  owner: string,
  what: string,
  value: unknown,
  minimum = 1,
  maximum = Number.MAX_SAFE_INTEGER,
): number {
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < minimum || value > maximum) {
    const most = maximum === Number.MAX_SAFE_INTEGER ? "" : ` and at most ${maximum}`;
    throw new ValueError(
      `${owner}: expected ${what} to be a whole number of at least ${minimum}${most}, got ${describe(value)}.`,
    );
  }
  return value;
}

/** Throws unless `value` is text. Returns it, for use in an expression. */
export function requireText(owner: string, what: string, value: unknown): string {
  if (typeof value === "string") return value;
  throw new ValueError(`${owner}: expected ${what} to be text, got ${describe(value)}.`);
}

/** Throws unless `value` is true or false. Returns it, for use in an expression. */
export function requireFlag(owner: string, what: string, value: unknown): boolean {
  if (typeof value === "boolean") return value;
  throw new ValueError(`${owner}: expected ${what} to be true or false, got ${describe(value)}.`);
}

/** The ends of an allowed range; an open end is excluded. */
export interface Range {
  readonly from?: number;
  readonly to?: number;
  readonly openFrom?: boolean;
  readonly openTo?: boolean;
}

/** Throws unless `value` is a finite number inside `range`. */
export function requireNumber(owner: string, what: string, value: unknown, range: Range = {}): number {
  const { from = -Infinity, to = Infinity, openFrom = false, openTo = false } = range;
  const number = typeof value === "number" ? value : Number.NaN;
  const inside =
    Number.isFinite(number) &&
    (openFrom ? number > from : number >= from) &&
    (openTo ? number < to : number <= to);
  if (inside) return number;
  const bounds: string[] = [];
  if (from !== -Infinity) bounds.push(`${openFrom ? "greater than" : "at least"} ${from}`);
  if (to !== Infinity) bounds.push(`${openTo ? "less than" : "at most"} ${to}`);
  const wanted = bounds.length === 0 ? "a finite number" : `a number ${bounds.join(" and ")}`;
  throw new ValueError(`${owner}: expected ${what} to be ${wanted}, got ${describe(value)}.`);
}
