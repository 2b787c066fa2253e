/** What a function returned, in a form that can be compared: named matrices, whatever the reader chose to return. */

import { Matrix } from "../index";

/** A function may return a matrix, a number, a list, or several by name: {dW, db}. */
export type Answer = Matrix | number | readonly number[] | Float64Array | { readonly [name: string]: Answer };

/** Named quantities; a single one has the empty name. Undefined where it is nothing that can be compared. */
export function quantities(value: unknown): Map<string, Matrix> | undefined {
  const single = asMatrix(value);
  if (single) return new Map([["", single]]);
  if (typeof value !== "object" || value === null) return undefined;
  const named = new Map<string, Matrix>();
  for (const [name, part] of Object.entries(value)) {
    const matrix = asMatrix(part);
    if (!matrix) return undefined;
    named.set(name, matrix);
  }
  return named.size > 0 ? named : undefined;
}

function asMatrix(value: unknown): Matrix | undefined {
  if (value instanceof Matrix) return value;
  if (typeof value === "number") return new Matrix(1, 1, Float64Array.of(value));
  if (value instanceof Float64Array) return Matrix.column(value);
  if (Array.isArray(value) && value.length > 0 && value.every((entry) => typeof entry === "number")) {
    return Matrix.column(value);
  }
  return undefined;
}

export function sameShape(a: Matrix, b: Matrix): boolean {
  return a.rows === b.rows && a.columns === b.columns;
}

/** Equal up to rounding, relative to the largest entry; equal infinities are equal. */
export function close(a: Matrix, b: Matrix, tolerance: number): boolean {
  if (!sameShape(a, b)) return false;
  const scale = Math.max(tolerance, ...finiteSizes(a), ...finiteSizes(b));
  return a.data.every((entry, i) => entry === b.data[i] || Math.abs(entry - b.data[i]) <= tolerance * scale);
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

/** The k for which a = k·b, where there is one and b is not zero. */
export function factor(a: Matrix, b: Matrix, tolerance: number): number | undefined {
  if (!sameShape(a, b)) return undefined;
  let at = 0;
  b.data.forEach((entry, i) => {
    if (Math.abs(entry) > Math.abs(b.data[at])) at = i;
  });
  const k = a.data[at] / b.data[at];
  return Number.isFinite(k) && k !== 0 && close(a, b.scale(k), tolerance) ? k : undefined;
}

function finiteSizes(matrix: Matrix): number[] {
  return Array.from(matrix.data, (entry) => (Number.isFinite(entry) ? Math.abs(entry) : 0));
}
