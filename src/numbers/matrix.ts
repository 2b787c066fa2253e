/*
 * A matrix is numbers in rows and columns. Through the whole library a COLUMN is one example:
 * data X is (features × examples), weights W are (outputs × inputs), and a layer is Z = W·X + b.
 *
 * The numbers lie COLUMN AFTER COLUMN in one array: entry (i, j) of a matrix is `data[j * rows + i]`. So an example is
 * one slice of memory, a loop over its features walks straight through it, and a matrix of features × examples is, as
 * it lies, what NumPy and TensorFlow.js call an array of examples × features. Flat numbers that were written down row
 * after row come in through `Matrix.fromRows`.
 */
import { describe, requireNumber, requireWhole, ShapeError, ValueError } from "./errors";
import type { Floats } from "./floats";
import { addColumns, plainProduct } from "./kernels/plain";

/** A dense matrix of numbers. Methods return new matrices; only `set`, `fill`, `copyFrom` and views write. */
export class Matrix {
  readonly rows: number;
  readonly columns: number;
  /** Column after column: entry (i, j) is `data[j * rows + i]`. float64, unless an engine keeps it in float32. */
  readonly data: Floats;

  /**
   * @param rows number of rows, 0 or more
   * @param columns number of columns, 0 or more
   * @param data the entries, COLUMN AFTER COLUMN (for row after row: `Matrix.fromRows`); kept, not copied. Zeros when
   *   left out.
   * @throws ShapeError when `data` does not have rows × columns entries
   */
  constructor(rows: number, columns: number, data?: Floats) {
    this.rows = requireWhole("Matrix", "rows", rows, 0);
    this.columns = requireWhole("Matrix", "columns", columns, 0);
    if (data === undefined) {
      this.data = reserve(rows, columns);
    } else {
      if (!(data instanceof Float64Array || data instanceof Float32Array)) {
        throw new ValueError(`Matrix: expected the entries as a Float64Array, got ${describe(data)}.`);
      }
      if (data.length !== rows * columns) {
        throw new ShapeError(
          `Matrix: expected ${rows * columns} entries for ${rows} × ${columns}, got ${data.length}.`,
        );
      }
      this.data = data;
    }
  }

  /** A matrix written as its rows: `Matrix.from([[1, 2], [3, 4]])`. Throws ShapeError when rows differ in length. */
  static from(rows: readonly (readonly number[])[]): Matrix {
    if (!Array.isArray(rows) || !Array.from(rows).every((row) => Array.isArray(row))) {
      throw new ValueError(
        `Matrix.from: expected an array of rows, such as [[1, 2], [3, 4]], got ${describe(rows)}.`,
      );
    }
    const columns = rows[0]?.length ?? 0;
    const result = new Matrix(rows.length, columns);
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i];
      if (row.length !== columns) {
        throw new ShapeError(`Matrix.from: row 0 has ${columns} entries, but row ${i} has ${row.length}.`);
      }
      for (let j = 0; j < columns; j++) {
        result.data[j * result.rows + i] = requireEntry("Matrix.from", row[j], i, j);
      }
    }
    return result;
  }

  /**
   * A matrix from numbers that lie row after row, as NumPy and TensorFlow.js write theirs:
   * `Matrix.fromRows(2, 3, [1, 2, 3, 4, 5, 6])` has the rows (1, 2, 3) and (4, 5, 6).
   * @throws ShapeError when there are not rows × columns entries
   */
  static fromRows(rows: number, columns: number, entries: ArrayLike<number>): Matrix {
    const flat = numbersOf("Matrix.fromRows", entries);
    const result = new Matrix(rows, columns);
    if (flat.length !== result.size) {
      throw new ShapeError(
        `Matrix.fromRows: expected ${result.size} entries for ${result.shape}, got ${flat.length}.`,
      );
    }
    return new Matrix(columns, rows, flat).transpose(); // row after row is the turned matrix, column after column
  }

  /** rows × columns zeros. */
  static zeros(rows: number, columns: number): Matrix {
    return new Matrix(rows, columns);
  }

  /** rows × columns entries, all `value`. */
  static filled(rows: number, columns: number, value: number): Matrix {
    return new Matrix(rows, columns).fill(value);
  }

  /** n × n, ones on the diagonal. */
  static identity(n: number): Matrix {
    const result = new Matrix(n, n);
    for (let i = 0; i < n; i++) result.data[i * n + i] = 1;
    return result;
  }

  /** One example: n values as an n × 1 matrix. */
  static column(values: ArrayLike<number>): Matrix {
    const data = numbersOf("Matrix.column", values);
    return new Matrix(data.length, 1, data);
  }

  /** One feature of many examples: n values as a 1 × n matrix. */
  static row(values: ArrayLike<number>): Matrix {
    const data = numbersOf("Matrix.row", values);
    return new Matrix(1, data.length, data);
  }

  /** Column `j` as a (rows × 1) matrix: a view, so that what is written there is written here. */
  column(j: number): Matrix {
    if (!(Number.isInteger(j) && j >= 0 && j < this.columns)) {
      throw new ShapeError(`Matrix.column: no column ${describe(j)}; the matrix is ${this.shape}.`);
    }
    return new Matrix(this.rows, 1, this.data.subarray(j * this.rows, (j + 1) * this.rows));
  }

  /** The shape as text, for messages and traces: "2 × 500". */
  get shape(): string {
    return `${this.rows} × ${this.columns}`;
  }

  /** Number of entries. */
  get size(): number {
    return this.data.length;
  }

  /** Entry in row `i`, column `j`, both counted from 0. Throws ShapeError outside the matrix. */
  at(i: number, j: number): number {
    return this.data[this.index(i, j)];
  }

  /** Writes the entry in row `i`, column `j`. Throws ShapeError outside the matrix. */
  set(i: number, j: number, value: number): void {
    this.data[this.index(i, j)] = requireEntry("Matrix.set", value, i, j);
  }

  private index(i: number, j: number): number {
    if (
      !(Number.isInteger(i) && i >= 0 && i < this.rows && Number.isInteger(j) && j >= 0 && j < this.columns)
    ) {
      throw new ShapeError(
        `Matrix: no entry at row ${describe(i)}, column ${describe(j)}; the matrix is ${this.shape}.`,
      );
    }
    return j * this.rows + i;
  }

  /** Sets every entry to `value`, in place. */
  fill(value: number): this {
    this.data.fill(requireEntry("Matrix.fill", value));
    return this;
  }

  /** Overwrites this matrix with the entries of another of the same shape. */
  copyFrom(source: Matrix): this {
    requireSameShape("Matrix.copyFrom", this, source);
    this.data.set(source.data);
    return this;
  }

  /** An independent copy, in float64. */
  clone(): Matrix {
    return new Matrix(this.rows, this.columns, new Float64Array(this.data));
  }

  /**
   * Copies the entries into `data`, and lives there from now on: how an engine takes a matrix into its own memory, and
   * gives it back. Views that were taken before keep the old numbers.
   */
  moveTo(data: Floats): void {
    if (data.length !== this.size) {
      throw new ShapeError(
        `Matrix.moveTo: expected ${this.size} entries for ${this.shape}, got ${data.length}.`,
      );
    }
    data.set(this.data);
    (this as { data: Floats }).data = data;
  }

  /** Rows become columns: (r × c) → (c × r). */
  transpose(): Matrix {
    const result = new Matrix(this.columns, this.rows);
    for (let j = 0; j < this.columns; j++) {
      for (let i = 0; i < this.rows; i++) {
        result.data[i * this.columns + j] = this.data[j * this.rows + i];
      }
    }
    return result;
  }

  /**
   * Matrix product, (r × k)·(k × c) → (r × c).
   * @throws ShapeError when the inner sizes differ
   */
  times(right: Matrix): Matrix {
    requireMatrix("Matrix.times", right);
    if (this.columns !== right.rows) {
      throw new ShapeError(
        `Matrix.times: cannot multiply ${this.shape} by ${right.shape}; ` +
          `the left has ${this.columns} columns, the right ${right.rows} rows.`,
      );
    }
    const result = new Matrix(this.rows, right.columns);
    plainProduct(this.rows, this.columns, right.columns, this.data, right.data, result.data);
    return result;
  }

  /** Sum, entry by entry. A column (r × 1) is added to every column, as a bias is. */
  plus(other: Matrix): Matrix {
    return combine("Matrix.plus", this, other, (a, b) => a + b);
  }

  /** Difference, entry by entry. A column (r × 1) is taken from every column. */
  minus(other: Matrix): Matrix {
    return combine("Matrix.minus", this, other, (a, b) => a - b);
  }

  /** Product, entry by entry (⊙, not the matrix product). A column (r × 1) scales every row. */
  hadamard(other: Matrix): Matrix {
    return combine("Matrix.hadamard", this, other, (a, b) => a * b);
  }

  /** Every entry times `factor`. */
  scale(factor: number): Matrix {
    requireNumber("Matrix.scale", "the factor", factor);
    return this.map((entry) => entry * factor);
  }

  /**
   * A function of each entry (and of its row and column), called row after row, so that a function which draws random
   * numbers draws them as NumPy does. Throws ValueError when it does not return a number.
   */
  map(transform: (entry: number, row: number, column: number) => number): Matrix {
    if (typeof transform !== "function") {
      throw new ValueError(`Matrix.map: expected a function of one entry, got ${describe(transform)}.`);
    }
    const result = new Matrix(this.rows, this.columns);
    for (let i = 0; i < this.rows; i++) {
      for (let j = 0; j < this.columns; j++) {
        const at = j * this.rows + i;
        result.data[at] = requireEntry("Matrix.map", transform(this.data[at], i, j), i, j);
      }
    }
    return result;
  }

  /** Sum of all entries. */
  sum(): number {
    let total = 0;
    for (let k = 0; k < this.data.length; k++) total += this.data[k];
    return total;
  }

  /** Sum over the columns, (r × c) → (r × 1): what a bias gradient is. */
  sumColumns(): Matrix {
    const result = new Matrix(this.rows, 1);
    addColumns(this.rows, this.columns, this.data, result.data);
    return result;
  }

  /** Euclidean length of all entries together, √Σx². */
  norm(): number {
    let total = 0;
    for (let k = 0; k < this.data.length; k++) total += this.data[k] ** 2;
    if (total > 1e-290 && total < Infinity) return Math.sqrt(total);
    // A square has overflowed, or vanished, or nearly: by a power of two near the largest entry, nothing does.
    const largest = this.data.reduce((most, entry) => Math.max(most, Math.abs(entry)), 0);
    if (!(largest > 0 && largest < Infinity)) return largest;
    const unit = 2 ** Math.max(Math.floor(Math.log2(largest)), -1022);
    total = 0;
    for (let k = 0; k < this.data.length; k++) total += (this.data[k] / unit) ** 2;
    return Math.sqrt(total) * unit;
  }

  /** The columns with the given indices, in that order: a mini-batch. Throws ShapeError for an index outside. */
  pickColumns(indices: ArrayLike<number>): Matrix {
    if (typeof indices !== "object" || !(indices?.length >= 0)) {
      throw new ValueError(`Matrix.pickColumns: expected an array of indices, got ${describe(indices)}.`);
    }
    const result = new Matrix(this.rows, indices.length);
    pickColumnsInto(this, indices, 0, indices.length, result);
    return result;
  }

  /** Entries as an array of rows, for printing and for JSON. */
  toRows(): number[][] {
    return Array.from({ length: this.rows }, (_, i) =>
      Array.from({ length: this.columns }, (_, j) => this.data[j * this.rows + i]),
    );
  }

  /** Same shape, and no entry further apart than `tolerance`. NaN equals nothing. */
  equals(other: Matrix, tolerance = 0): boolean {
    requireMatrix("Matrix.equals", other);
    if (typeof tolerance !== "number" || !(tolerance >= 0)) {
      throw new ValueError(`Matrix.equals: expected a tolerance of 0 or more, got ${describe(tolerance)}.`);
    }
    if (this.rows !== other.rows || this.columns !== other.columns) return false;
    return this.data.every((entry, k) => {
      const second = other.data[k];
      return entry === second || Math.abs(entry - second) <= tolerance;
    });
  }
}

/** rows × columns zeros, or a ValueError where JavaScript would say "Invalid typed array length". */
function reserve(rows: number, columns: number): Float64Array {
  try {
    return new Float64Array(rows * columns);
  } catch {
    throw new ValueError(`Matrix: ${rows} × ${columns} numbers do not fit in memory.`);
  }
}

/** Returns `value` when it is a number (NaN and ∞ among them: they are data), throws ValueError otherwise. */
function requireEntry(owner: string, value: unknown, row?: number, column?: number): number {
  if (typeof value === "number") return value;
  const place = row === undefined ? "" : ` at row ${row}, column ${column}`;
  throw new ValueError(`${owner}: expected a number${place}, got ${describe(value)}.`);
}

/** A copy of the numbers in an array or a typed array. */
function numbersOf(owner: string, values: ArrayLike<number>): Float64Array {
  if (!Array.isArray(values) && !(ArrayBuffer.isView(values) && "length" in values)) {
    throw new ValueError(`${owner}: expected an array of numbers, got ${describe(values)}.`);
  }
  const data = new Float64Array(values.length);
  for (let k = 0; k < data.length; k++) data[k] = requireEntry(owner, values[k]);
  return data;
}

/** Throws ValueError unless `value` is a Matrix: plain arrays are the most common slip. */
export function requireMatrix(owner: string, value: unknown, what = "a Matrix"): asserts value is Matrix {
  if (!(value instanceof Matrix)) {
    throw new ValueError(`${owner}: expected ${what}, got ${describe(value)}. Try Matrix.from([[…], […]]).`);
  }
}

/** Throws ShapeError unless both matrices have one shape. */
export function requireSameShape(owner: string, expected: Matrix, actual: Matrix): void {
  requireMatrix(owner, expected);
  requireMatrix(owner, actual);
  if (expected.rows !== actual.rows || expected.columns !== actual.columns) {
    throw new ShapeError(`${owner}: expected ${expected.shape}, got ${actual.shape}.`);
  }
}

/** Throws ValueError when an entry is NaN or infinite, and names the first one. */
export function requireFinite(owner: string, what: string, matrix: Matrix): void {
  const { data, rows } = matrix;
  // x − x is 0 for every finite x and NaN for NaN and ±∞, so a clean matrix costs one addition an entry and no
  // branch. Four running sums, because one would make each addition wait for the one before.
  let zero = 0;
  let one = 0;
  let two = 0;
  let three = 0;
  const fours = data.length - (data.length % 4);
  for (let k = 0; k < fours; k += 4) {
    zero += data[k] - data[k];
    one += data[k + 1] - data[k + 1];
    two += data[k + 2] - data[k + 2];
    three += data[k + 3] - data[k + 3];
  }
  for (let k = fours; k < data.length; k++) zero += data[k] - data[k];
  if (zero + one + two + three === 0) return;
  const at = data.findIndex((entry) => !Number.isFinite(entry));
  throw new ValueError(
    `${owner}: expected finite numbers in ${what}, got ${data[at]} at row ${at % rows}, ` +
      `column ${Math.floor(at / rows)} of ${matrix.shape}.`,
  );
}

/** Copies columns `indices[from … to−1]` of `source` into `target`, which has to − from columns. */
export function pickColumnsInto(
  source: Matrix,
  indices: ArrayLike<number>,
  from: number,
  to: number,
  target: Matrix,
): void {
  for (let k = from; k < to; k++) {
    const j = indices[k];
    if (!(Number.isInteger(j) && j >= 0 && j < source.columns)) {
      throw new ShapeError(`Matrix.pickColumns: no column ${describe(j)}; the matrix is ${source.shape}.`);
    }
  }
  const { rows } = source;
  for (let k = from; k < to; k++) {
    const there = indices[k] * rows;
    const here = (k - from) * rows;
    for (let i = 0; i < rows; i++) target.data[here + i] = source.data[there + i];
  }
}

function combine(
  owner: string,
  left: Matrix,
  right: Matrix,
  operation: (a: number, b: number) => number,
): Matrix {
  requireMatrix(owner, right);
  const spread = right.columns === 1 && right.rows === left.rows;
  if (!spread) requireSameShape(owner, left, right);
  const result = new Matrix(left.rows, left.columns);
  for (let j = 0; j < left.columns; j++) {
    for (let i = 0; i < left.rows; i++) {
      const at = j * left.rows + i;
      result.data[at] = operation(left.data[at], right.data[spread ? i : at]);
    }
  }
  return result;
}
