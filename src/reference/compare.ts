/*
 * Two opinions side by side: quantity by quantity, with a tolerance, its reason, and a verdict.
 *
 * The relative difference of a tensor is its largest absolute difference divided by its largest entry (of either
 * side). Entry by entry would be unfair: where a sum cancels to almost zero, float32 has no correct digits left
 * to compare, and nobody needs them.
 */
import type { Tensor } from "@tensorflow/tfjs";
import { GlassboxError, Matrix, ShapeError, ValueError } from "../index";
import {
  anything,
  inside,
  listOf,
  numberIn,
  type OptionTable,
  requireOptions,
  text,
} from "../numbers/options";
import { reference } from "./backend";

/** Half the distance from 1 to the next float32: the largest relative error of one rounding, 2⁻²⁴ ≈ 6e-8. */
export const FLOAT32_ROUNDOFF = 2 ** -24;

/** A tolerance and why it is what it is. */
export interface Tolerance {
  /** Largest relative difference allowed (relative to the largest entry of the tensor). */
  readonly tolerance: number;
  /** A difference up to this passes as well, for what is exactly 0 on paper: there nothing is large to relate it to. */
  readonly absolute?: number;
  /** A word or two for the table: "float32". */
  readonly cause: string;
  /** The whole reason, in a sentence. */
  readonly reason: string;
}

/** What single values and single gradients are held to, unless a caller says otherwise. */
export const FLOAT32: Tolerance = {
  tolerance: 1e-5,
  cause: "float32",
  reason:
    "TensorFlow.js rounds every operation to float32, a relative 2⁻²⁴ = 6e-8 each time; " +
    "some hundred roundings in a row stay below 1e-5.",
};

/** Numbers from either side. A tensor is read in its own shape: give it in the shape of ours. */
export type Numbers = Matrix | Tensor | number | ArrayLike<number> | readonly (readonly number[])[];

/** One quantity, from both sides. */
export interface Pair extends Partial<Tolerance> {
  readonly name: string;
  readonly ours: Numbers;
  readonly theirs: Numbers;
}

/** The verdict on one quantity. */
export interface Row extends Tolerance {
  readonly name: string;
  /** "2 × 3", or "number". */
  readonly shape: string;
  /** Largest |ours − theirs|; Infinity when either side is NaN. */
  readonly maxAbsolute: number;
  /** maxAbsolute relative to the largest entry of the tensor on either side. */
  readonly maxRelative: number;
  readonly agrees: boolean;
}

/** All verdicts, and a table to print. */
export interface Report {
  /** Who was asked: "TensorFlow.js 4.22.0, native, float32". */
  readonly against: string;
  readonly rows: readonly Row[];
  /** True when every row agrees. */
  readonly agrees: boolean;
  /** The table as text, ready for console.log. */
  readonly text: string;
}

/** Options of every comparison. */
export interface CompareOptions extends Partial<Tolerance> {
  /** Who the other side is; the loaded TensorFlow.js when left out. */
  readonly against?: string;
  /** What a row is called in the table's head: "tensor". */
  readonly noun?: string;
}

/** What a tolerance is held to, on its own or among other options. */
export const TOLERANCE: OptionTable<Partial<Tolerance>> = {
  tolerance: numberIn({ from: 0 }),
  absolute: numberIn({ from: 0 }),
  cause: text,
  reason: text,
};

export const COMPARE_OPTIONS: OptionTable<CompareOptions> = { ...TOLERANCE, against: text, noun: text };

const PAIR: OptionTable<Pair> = { ...TOLERANCE, name: text, ours: anything, theirs: anything };

/** A tolerance was missed. The message lists what differs; the whole report is attached. */
export class DisagreementError extends GlassboxError {
  constructor(
    message: string,
    readonly report: Report,
  ) {
    super(message);
  }
}

/**
 * Compares pairs of numbers or tensors, each by name.
 * @throws ShapeError when the two sides of a pair do not have one shape
 */
export function compareTensors(pairs: readonly Pair[], options: CompareOptions = {}): Report {
  return comparePairs("compareTensors", pairs, options);
}

/** @param owner whose comparison it is, for error messages */
export function comparePairs(owner: string, pairs: readonly Pair[], options: CompareOptions): Report {
  requireOptions(owner, options, COMPARE_OPTIONS);
  listOf("pairs { name, ours, theirs }", inside(PAIR, ["name"]), 1)(owner, "the pairs", pairs);
  return makeReport(
    pairs.map((pair) => {
      const ours = toNumbers(owner, pair.name, pair.ours);
      const theirs = toNumbers(owner, pair.name, pair.theirs);
      if (ours.values.length !== theirs.values.length || !sameShape(ours.shape, theirs.shape)) {
        throw new ShapeError(
          `${owner}: ${pair.name} is ${shapeText(ours.shape)} here and ${shapeText(theirs.shape)} there.`,
        );
      }
      const limit = pickTolerance(pair, options);
      return {
        name: pair.name,
        shape: shapeText(ours.shape),
        ...limit,
        ...judge(ours.values, theirs.values, limit),
      };
    }),
    options,
  );
}

/** The largest differences between two lists of numbers. NaN or ∞ on either side is the largest there is. */
export function judge(
  ours: ArrayLike<number>,
  theirs: ArrayLike<number>,
  limit: Tolerance,
): { readonly maxAbsolute: number; readonly maxRelative: number; readonly agrees: boolean } {
  let maxAbsolute = 0;
  let scale = 0;
  for (let i = 0; i < ours.length; i++) {
    const difference = Math.abs(ours[i] - theirs[i]);
    if (!Number.isFinite(difference)) {
      return { maxAbsolute: Number.POSITIVE_INFINITY, maxRelative: Number.POSITIVE_INFINITY, agrees: false };
    }
    maxAbsolute = Math.max(maxAbsolute, difference);
    scale = Math.max(scale, Math.abs(ours[i]), Math.abs(theirs[i]));
  }
  const maxRelative = maxAbsolute === 0 ? 0 : maxAbsolute / scale;
  return {
    maxAbsolute,
    maxRelative,
    agrees: maxRelative <= limit.tolerance || maxAbsolute <= (limit.absolute ?? 0),
  };
}

/** Puts rows together into a report with its table. */
export function makeReport(rows: readonly Row[], options: CompareOptions = {}): Report {
  requireOptions("makeReport", options, COMPARE_OPTIONS);
  const against = options.against ?? reference().label;
  const agrees = rows.length > 0 && rows.every((row) => row.agrees);
  return { against, rows, agrees, text: render(against, rows, options.noun ?? "tensor") };
}

/**
 * Throws unless the report agrees, so that a notebook stops red.
 * It returns nothing: the kernel would print a cell's last value.
 * @throws DisagreementError naming every quantity whose tolerance was missed
 */
export function agree(report: Report): void {
  if (report.agrees) return;
  const missed = report.rows.filter((row) => !row.agrees);
  const list = missed.map(
    (row) =>
      `  ${row.name} (${row.shape}): relative ${small(row.maxRelative)}, allowed ${small(row.tolerance)}`,
  );
  throw new DisagreementError(
    `${missed.length} of ${report.rows.length} quantities disagree with ${report.against}:\n${list.join("\n")}`,
    report,
  );
}

/** The tolerance of a pair: its own, else that of all, else float32's. */
export function pickTolerance(own: Partial<Tolerance>, common: Partial<Tolerance> = {}): Tolerance {
  const tolerance = own.tolerance ?? common.tolerance ?? FLOAT32.tolerance;
  const reason = own.reason ?? common.reason ?? FLOAT32.reason;
  const absolute = own.absolute ?? common.absolute;
  const cause = own.cause ?? common.cause ?? FLOAT32.cause;
  return { tolerance, cause, reason, ...(absolute === undefined ? {} : { absolute }) };
}

const REASON_WIDTH = 86;

function render(against: string, rows: readonly Row[], noun: string): string {
  // The verdict stands where a narrow screen shows it without scrolling.
  const head = [noun, "verdict", "shape", "largest difference", "relative", "allowed (relative)"];
  const cells = rows.map((row) => [
    row.name,
    row.agrees ? "agrees" : "DIFFERS",
    row.shape,
    small(row.maxAbsolute),
    small(row.maxRelative),
    `${row.absolute !== undefined && row.maxRelative > row.tolerance ? `${small(row.absolute)} absolute,` : small(row.tolerance)} ${row.cause}`,
  ]);
  const agreeing = rows.filter((row) => row.agrees).length;
  const reasons = [...new Map(rows.map((row) => [row.cause, row.reason]))].flatMap(([cause, reason]) =>
    wrapped(`${cause}: ${reason}`),
  );
  return [
    `against ${against}`,
    ...table([head, ...cells]),
    `${agreeing} of ${rows.length} ${rows.length === 1 ? noun : plural(noun)} ${rows.length === 1 ? "agrees" : "agree"}`,
    ...reasons,
  ].join("\n");
}

/** A text as lines that a page can show without scrolling, the later ones indented. */
function wrapped(text: string): string[] {
  const lines = [""];
  for (const word of text.split(" ")) {
    const line = lines[lines.length - 1];
    if (line.length + word.length > REASON_WIDTH) lines.push(`  ${word}`);
    else lines[lines.length - 1] = line === "" ? word : `${line} ${word}`;
  }
  return lines;
}

/** Columns of equal width, two spaces apart. */
function table(lines: readonly (readonly string[])[]): string[] {
  const widths = lines[0].map((_, column) => Math.max(...lines.map((line) => line[column].length)));
  return lines.map((line) =>
    line
      .map((cell, column) => cell.padEnd(widths[column]))
      .join("   ")
      .trimEnd(),
  );
}

/** A size in two digits: "3.1e-9". */
export function small(value: number): string {
  if (value === 0 || !Number.isFinite(value)) return value === 0 ? "0" : "not a number";
  const text = value.toExponential(1);
  return text.replace(".0e", "e");
}

function plural(noun: string): string {
  if (/(ch|s)$/.test(noun)) return `${noun}es`;
  return noun.endsWith("y") ? `${noun.slice(0, -1)}ies` : `${noun}s`;
}

interface Flat {
  /** [] for a number, [n] for a list, [rows, columns] for a matrix. */
  readonly shape: readonly number[];
  readonly values: ArrayLike<number>;
}

function toNumbers(owner: string, name: string, numbers: Numbers): Flat {
  if (typeof numbers === "number") return { shape: [], values: [numbers] };
  if (numbers instanceof Matrix)
    return { shape: [numbers.rows, numbers.columns], values: numbers.toRows().flat() };
  if (isTensor(numbers)) return { shape: numbers.shape, values: numbers.dataSync() };
  if (typeof numbers === "object" && numbers !== null && typeof numbers.length === "number") {
    const list = numbers as ArrayLike<number> | readonly (readonly number[])[];
    if (Array.isArray(list[0]))
      return toNumbers(owner, name, Matrix.from(list as readonly (readonly number[])[]));
    return { shape: [list.length], values: list as ArrayLike<number> };
  }
  throw new ValueError(
    `${owner}: expected a number, an array, a Matrix or a tensor on each side of ${name}, got ${String(numbers)}.`,
  );
}

function isTensor(numbers: object): numbers is Tensor {
  return typeof (numbers as { dataSync?: unknown }).dataSync === "function";
}

/** One shape, where a list of n matches n × 1 and 1 × n, and a number matches 1 × 1. */
function sameShape(a: readonly number[], b: readonly number[]): boolean {
  const [p, q] = [a, b].map((shape) => (shape.length === 2 && shape.includes(1) ? null : shape));
  if (a.length === 2 && b.length === 2) return a[0] === b[0] && a[1] === b[1];
  if (p === null || q === null || p.length < 2 || q.length < 2) return true; // sizes were compared before
  return p.length === q.length && p.every((n, i) => n === q[i]);
}

function shapeText(shape: readonly number[]): string {
  if (shape.length === 0) return "number";
  if (shape.length === 1) return shape[0] === 1 ? "1 number" : `${shape[0]} numbers`;
  return shape.join(" × ");
}
