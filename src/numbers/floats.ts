/*
 * The numbers of a matrix as they lie in memory. Most are float64; an engine of single precision keeps float32. Code
 * that reads and writes them need not know which: this is what both kinds of array can do.
 */

/** A Float64Array or a Float32Array, seen as either. */
export interface Floats {
  readonly length: number;
  readonly BYTES_PER_ELEMENT: number;
  readonly buffer: ArrayBufferLike;
  readonly byteOffset: number;
  readonly byteLength: number;
  [index: number]: number;
  [Symbol.iterator](): IterableIterator<number>;
  entries(): IterableIterator<[number, number]>;
  every(predicate: (value: number, index: number) => unknown): boolean;
  fill(value: number, start?: number, end?: number): this;
  filter(predicate: (value: number, index: number) => unknown): Floats;
  find(predicate: (value: number, index: number) => boolean): number | undefined;
  findIndex(predicate: (value: number, index: number) => boolean): number;
  forEach(action: (value: number, index: number) => void): void;
  includes(value: number): boolean;
  indexOf(value: number): number;
  join(separator?: string): string;
  keys(): IterableIterator<number>;
  map(transform: (value: number, index: number) => number): Floats;
  reduce(combine: (total: number, value: number, index: number) => number): number;
  reduce<Total>(combine: (total: Total, value: number, index: number) => Total, initial: Total): Total;
  set(values: ArrayLike<number>, offset?: number): void;
  slice(start?: number, end?: number): Floats;
  some(predicate: (value: number, index: number) => unknown): boolean;
  subarray(start?: number, end?: number): Floats;
  values(): IterableIterator<number>;
}
