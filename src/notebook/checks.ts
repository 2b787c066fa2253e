/**
 * The assertions of a folded cell. Where all hold, one line says how many, and opens to say which; where one does not, the cell
 * stops with its name, what was expected and what came.
 *
 *     checks((check) => {
 *       check.equal("files decided rightly", right, 475);
 *       check.near("z after scaling", scaledZ, z, 1e-12);
 *       check.below("the largest difference", most, 1e-13);
 *       check.holds("every path ends at the bottom", paths.every(arrives));
 *     });
 */

import { Matrix } from "../index";
import { screen } from "./kernel";
import { largest } from "./largest";
import { escapeHtml } from "./markup";
import { formatNumber } from "./table";

/** What can be compared: numbers, words, and lists and matrices of them. */
type Comparable =
  | number
  | string
  | boolean
  | null
  | undefined
  | Matrix
  | ArrayLike<number>
  | readonly Comparable[];

/** Figures, alone or many. */
type Figures = number | Matrix | ArrayLike<number>;

/** What a cell can claim. `name` says what is looked at: "the share that is right". */
export interface Check {
  /** The very same: numbers to the last bit, lists entry by entry. */
  equal(name: string, actual: Comparable, expected: Comparable): void;
  /** The same but for `tolerance`, absolute, in every entry. */
  near(name: string, actual: Figures, expected: Figures, tolerance: number): void;
  /** Less than `bound`, every entry. */
  below(name: string, actual: Figures, bound: number): void;
  /** More than `bound`, every entry. */
  above(name: string, actual: Figures, bound: number): void;
  /** From `low` to `high`, both included, every entry. */
  between(name: string, actual: Figures, low: number, high: number): void;
  /** True. `seen` is what to show where it is not (and where it is). */
  holds(name: string, condition: boolean, seen?: Comparable): void;
  /** `work` stops with an error whose message matches. */
  throws(name: string, work: () => unknown, message?: RegExp | string): void;
}

/**
 * Runs the claims of a cell and shows one line, "6 checks hold".
 * @throws Error where any does not hold, naming each that fails with the expected and the actual value; and where there is no claim
 */
export function checks(claims: (check: Check) => void): void {
  screen().show("text/html", checksHtml(claims));
}

/** The line as an HTML string. */
export function checksHtml(claims: (check: Check) => void): string {
  const results: Result[] = [];
  // An async function would be done with its claims after we had counted them.
  if ((claims(recorder(results)) as unknown) instanceof Promise) {
    throw new Error(
      "checks: expected a plain function, got an async one. Await before, and check what came.",
    );
  }
  if (results.length === 0) throw new Error("checks: expected at least one claim, got none.");
  const failed = results.filter(({ failure }) => failure !== undefined);
  if (failed.length > 0) {
    const lines = failed.map(({ name, failure }) => `  ${name}: ${failure}`);
    throw new Error(`${counted(failed.length, results.length)}\n${lines.join("\n")}`);
  }
  const items = results.map(({ name, seen }) => `<li>${escapeHtml(`${name}: ${seen}`)}</li>`).join("");
  const summary = results.length === 1 ? "1 check holds" : `${results.length} checks hold`;
  return `<details class="gb-checks"><summary>✓ ${summary}</summary><ul>${items}</ul></details>`;
}

interface Result {
  readonly name: string;
  /** The claim with its figures, for the list that opens. */
  readonly seen: string;
  readonly failure: string | undefined;
}

function counted(failed: number, all: number): string {
  if (all === 1) return "The check does not hold:";
  return `${failed} of ${all} checks ${failed === 1 ? "does" : "do"} not hold:`;
}

function recorder(results: Result[]): Check {
  const record = (name: string, holds: boolean, seen: string, failure: string): void => {
    if (typeof name !== "string" || name.trim() === "") {
      throw new Error(`checks: expected a name for every claim, got ${written(name)}.`);
    }
    results.push({ name, seen, failure: holds ? undefined : failure });
  };
  const compared = (name: string, actual: Figures, test: (x: number) => boolean, words: string): void => {
    const entries = entriesOf(name, actual);
    record(
      name,
      entries.length > 0 && entries.every(test),
      `${written(actual)}, ${words}`,
      `expected ${words}, got ${written(entries.length > 1 ? worst(entries, test) : actual)}`,
    );
  };
  return {
    equal(name, actual, expected) {
      const wanted = `expected ${written(expected, true)}`;
      record(name, same(actual, expected), written(actual), `${wanted}, got ${written(actual, true)}`);
    },
    near(name, actual, expected, tolerance) {
      if (!(tolerance >= 0))
        throw new Error(`checks, "${name}": expected a tolerance ≥ 0, got ${tolerance}.`);
      const [got, wanted] = [entriesOf(name, actual), entriesOf(name, expected)];
      const fits = got.length > 0 && got.length === wanted.length && shapeOf(actual) === shapeOf(expected);
      const off = got.map((x, i) => (x === wanted[i] ? 0 : Math.abs(x - wanted[i])));
      const seen = `${written(actual)}, within ${formatNumber(tolerance)} of ${written(expected)}`;
      const apart = fits ? `; they are ${formatNumber(largest(off))} apart` : "";
      const failure = `expected ${written(expected, true)} within ${formatNumber(tolerance)}, got ${written(actual, true)}${apart}`;
      record(name, fits && off.every((distance) => distance <= tolerance), seen, failure);
    },
    below: (name, actual, bound) => compared(name, actual, (x) => x < bound, `below ${formatNumber(bound)}`),
    above: (name, actual, bound) => compared(name, actual, (x) => x > bound, `above ${formatNumber(bound)}`),
    between: (name, actual, low, high) =>
      compared(
        name,
        actual,
        (x) => x >= low && x <= high,
        `from ${formatNumber(low)} to ${formatNumber(high)}`,
      ),
    holds(name, condition, seen) {
      const figure = seen === undefined ? "" : `, ${written(seen)}`;
      record(name, condition === true, `yes${figure}`, `expected to hold, and does not${figure}`);
    },
    throws(name, work, message = "") {
      const wanted =
        message === ""
          ? "an error"
          : `an error that says ${message instanceof RegExp ? message : `"${message}"`}`;
      try {
        work();
      } catch (error) {
        const text = error instanceof Error ? error.message : String(error);
        const fits = message instanceof RegExp ? message.test(text) : text.includes(message);
        record(name, fits, `stops with "${text}"`, `expected ${wanted}, got "${text}"`);
        return;
      }
      record(name, false, "", `expected ${wanted}, and none came`);
    },
  };
}

function entriesOf(name: string, value: Figures): readonly number[] {
  if (typeof value === "number") return [value];
  if (value instanceof Matrix) return Array.from(value.data);
  const list = typeof value === "object" && value !== null && "length" in value ? Array.from(value) : [];
  if (list.length > 0 && list.every((entry) => typeof entry === "number")) return list;
  throw new Error(
    `checks, "${name}": expected a number, a list of numbers or a matrix, got ${written(value)}.`,
  );
}

function shapeOf(value: Figures): string {
  return value instanceof Matrix ? value.shape : "";
}

/** The first entry for which the claim fails. */
function worst(entries: readonly number[], test: (x: number) => boolean): number | readonly number[] {
  return entries.find((x) => !test(x)) ?? entries;
}

function isList(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && "length" in value);
}

function same(a: unknown, b: unknown): boolean {
  if (a instanceof Matrix || b instanceof Matrix) {
    return a instanceof Matrix && b instanceof Matrix && a.shape === b.shape && same(a.data, b.data);
  }
  if (isList(a) && isList(b)) {
    return a.length === b.length && Array.from(a).every((entry, i) => same(entry, b[i]));
  }
  return a === b || (Number.isNaN(a) && Number.isNaN(b));
}

/** A value in a sentence; `exactly` where two that differ in their last digits stand side by side. */
function written(value: unknown, exactly = false): string {
  if (typeof value === "number") return exactly ? String(value).replace("-", "−") : formatNumber(value);
  if (value instanceof Matrix) return `${value.shape} (${written(value.data, exactly)})`;
  if (isList(value)) {
    const shown = Array.from(value)
      .slice(0, 8)
      .map((entry) => written(entry, exactly));
    return value.length > 8 ? `${shown.join(", ")}, … (${value.length} entries)` : shown.join(", ");
  }
  return typeof value === "string" ? `"${value}"` : String(value);
}
