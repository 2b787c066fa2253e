/*
 * Several sequences of different lengths, side by side: their tokens are columns one after another, and `starts` says
 * where each sequence begins. Nothing is padded, so nothing need be masked because it is padding, and a layer that looks
 * at one token at a time sees an ordinary matrix.
 */
import { describe, requireWhole, ShapeError, ValueError } from "./errors";
import { Ids } from "./ids";
import { Matrix } from "./matrix";

/** Sequences of columns, or of token ids, laid side by side. */
export class Ragged<T extends Matrix | Ids = Matrix> {
  readonly columns: T;
  /** Where each sequence begins, and at the end how many tokens there are: sequence s is starts[s] … starts[s + 1] − 1. */
  readonly starts: Int32Array;

  /**
   * @param columns all tokens: a matrix (features × tokens), or ids; kept, not copied
   * @param starts one entry a sequence and the number of tokens behind them, as TensorFlow's `row_splits`; kept
   * @throws ShapeError unless `starts` climbs from 0 to the number of tokens; a sequence has at least one token
   */
  constructor(columns: T, starts: Int32Array) {
    const tokens = countTokens("Ragged", columns);
    if (!(starts instanceof Int32Array)) {
      throw new ValueError(`Ragged: expected the starts as an Int32Array, got ${describe(starts)}.`);
    }
    const last = starts.length - 1;
    if (last < 1) throw new ShapeError("Ragged: expected at least one sequence, got none.");
    if (starts[0] !== 0 || starts[last] !== tokens) {
      throw new ShapeError(
        `Ragged: expected starts from 0 to ${tokens}, the number of tokens, got ${starts[0]} to ${starts[last]}.`,
      );
    }
    for (let s = 0; s < last; s++) {
      if (starts[s + 1] > starts[s]) continue;
      throw new ShapeError(
        `Ragged: expected at least one token in each sequence, got none in sequence ${s}.`,
      );
    }
    this.columns = columns;
    this.starts = starts;
  }

  /** Sequences laid side by side; copied. All are matrices of as many rows, or all are ids. */
  static of<T extends Matrix | Ids>(sequences: readonly T[]): Ragged<T> {
    if (!Array.isArray(sequences)) {
      throw new ValueError(`Ragged.of: expected an array of sequences, got ${describe(sequences)}.`);
    }
    const starts = new Int32Array(sequences.length + 1);
    for (let s = 0; s < sequences.length; s++) {
      starts[s + 1] = starts[s] + countTokens("Ragged.of", sequences[s]);
    }
    const tokens = starts[sequences.length];
    const [first] = sequences as readonly (Matrix | Ids)[];
    const all = first instanceof Matrix ? new Matrix(first.rows, tokens) : Ids.over(new Int32Array(tokens));
    for (let s = 0; s < sequences.length; s++) {
      const one: Matrix | Ids = sequences[s];
      if (all instanceof Matrix) {
        if (!(one instanceof Matrix) || one.rows !== all.rows) throw unequal(s, all, one);
        all.data.set(one.data, starts[s] * all.rows);
      } else {
        if (!(one instanceof Ids)) throw unequal(s, all, one);
        all.data.set(one.data, starts[s]);
      }
    }
    return new Ragged(all as T, starts);
  }

  /** How many sequences. */
  get length(): number {
    return this.starts.length - 1;
  }

  /** How many tokens, all sequences together. */
  get tokens(): number {
    return this.starts[this.length];
  }

  /** Sequence `s` by itself: a view, so that what is written there is written here. */
  sequence(s: number): T {
    requireWhole("Ragged.sequence", "the number of the sequence", s, 0, this.length - 1);
    const [from, to] = [this.starts[s], this.starts[s + 1]];
    const { columns } = this;
    return (columns instanceof Ids
      ? Ids.over(columns.data.subarray(from, to))
      : new Matrix(columns.rows, to - from, columns.data.subarray(from * columns.rows, to * columns.rows))) as
      | Matrix
      | Ids as T;
  }

  /** Other columns in sequences of the same lengths, as a layer gives them. */
  with<U extends Matrix | Ids>(columns: U): Ragged<U> {
    return new Ragged(columns, this.starts);
  }
}

/** Several things side by side that a network may take: features, ids, or sequences of either. */
export type Columns = Matrix | Ids | Ragged<Matrix> | Ragged<Ids>;

/** The columns themselves, without the boundaries between sequences. */
export function columnsOf(value: Matrix | Ragged<Matrix>): Matrix;
export function columnsOf(value: Columns): Matrix | Ids;
export function columnsOf(value: Columns): Matrix | Ids {
  return value instanceof Ragged ? value.columns : value;
}

/** How many columns or ids. */
export function countColumns(columns: Matrix | Ids): number {
  return columns instanceof Ids ? columns.length : columns.columns;
}

/** How many examples: sequences, or columns where there are no sequences. */
export function countExamples(value: Columns): number {
  return value instanceof Ragged ? value.length : countColumns(value);
}

function countTokens(owner: string, columns: unknown): number {
  if (columns instanceof Matrix || columns instanceof Ids) return countColumns(columns);
  throw new ValueError(`${owner}: expected a Matrix or Ids, got ${describe(columns)}.`);
}

function unequal(s: number, first: Matrix | Ids, other: unknown): ShapeError {
  const wanted = first instanceof Matrix ? `a Matrix with ${first.rows} rows` : "Ids";
  return new ShapeError(
    `Ragged.of: expected ${wanted} as sequence ${s}, as before it, got ${describe(other)}.`,
  );
}

/** Tokens of the longest sequence. @param starts as in `Ragged` */
export function longestOf(starts: Int32Array): number {
  let longest = 0;
  for (let s = 0; s + 1 < starts.length; s++) longest = Math.max(longest, starts[s + 1] - starts[s]);
  return longest;
}
