/** What a function returned, in a form that can be compared: named parts, each with the kind of thing it is. */

import { Matrix } from "../index";

/** What a part is: the kinds that can be compared. Matrices and numbers of one entry may stand for each other. */
export type PartKind = "matrix" | "number" | "list";

export interface Part {
  readonly kind: PartKind;
  /** The numbers. A list is a column here. */
  readonly matrix: Matrix;
}

/** The parts of an answer by name; a single one has the empty name. */
export type Parts = ReadonlyMap<string, Part>;

/** The parts of an answer, or undefined where something in it is nothing that can be compared. */
export function partsOf(value: unknown): Parts | undefined {
  const single = partOf(value);
  if (single) return new Map([["", single]]);
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const named = new Map<string, Part>();
  for (const [name, part] of Object.entries(value)) {
    const found = partOf(part);
    if (found) named.set(name, found);
  }
  return named.size > 0 ? named : undefined;
}

export function partOf(value: unknown): Part | undefined {
  if (value instanceof Matrix) return { kind: "matrix", matrix: value };
  if (typeof value === "number") return { kind: "number", matrix: Matrix.column([value]) };
  const list = value instanceof Float64Array ? Array.from(value) : value;
  if (Array.isArray(list) && list.length > 0 && list.every((entry) => typeof entry === "number")) {
    return { kind: "list", matrix: Matrix.column(list) };
  }
  return undefined;
}

/** How far two answers may be apart and still be the same. */
export interface Allowance {
  /** Relative to the largest entry expected: rounding in another order. */
  readonly relative: number;
  /** Whatever the size of the numbers: a 0 that comes out as 1e-17. */
  readonly absolute: number;
}

export function sameShape(a: Matrix, b: Matrix): boolean {
  return a.rows === b.rows && a.columns === b.columns;
}

/** Equal up to rounding. NaN equals NaN, so that a slip that leads to NaN can be recognised. */
export function close(got: Matrix, expected: Matrix, { relative, absolute }: Allowance): boolean {
  if (!sameShape(got, expected)) return false;
  const allowed = Math.max(absolute, relative * largestEntry(expected));
  return got.data.every((entry, i) => {
    const wanted = expected.data[i];
    return Object.is(entry, wanted) || entry === wanted || Math.abs(entry - wanted) <= allowed;
  });
}

export function largestDifference(a: Matrix, b: Matrix): number {
  return a.data.reduce(
    (most, entry, i) => (entry === b.data[i] ? most : Math.max(most, Math.abs(entry - b.data[i]))),
    0,
  );
}

export function allFinite(matrix: Matrix): boolean {
  return matrix.data.every((entry) => Number.isFinite(entry));
}

/** The size of the largest finite entry. */
export function largestEntry(matrix: Matrix): number {
  return matrix.data.reduce(
    (most, entry) => (Number.isFinite(entry) ? Math.max(most, Math.abs(entry)) : most),
    0,
  );
}
