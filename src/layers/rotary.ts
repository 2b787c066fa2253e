/*
 * Rotary positions: instead of adding something to a token, its query and its key are turned, two rows at a time, by an
 * angle that grows with its place. The dot product of two turned pairs depends on the difference of their angles alone, so
 * a score knows how far apart two tokens are, not where they stand.
 *
 *   rows 2i and 2i + 1 of a head turn by θ = place · base^(−2i/size)
 *
 * The way back turns the slopes by −θ: a rotation undoes itself.
 * @see Su et al. 2021, "RoFormer: Enhanced Transformer with Rotary Position Embedding"
 */
import { Matrix } from "../numbers/matrix";

/** The base of the angles, as in the paper. */
const BASE = 10_000;

/** How far the pair `pair` of a head with `size` rows turns from one token to the next, in radians. */
export function rotaryAngle(pair: number, size: number): number {
  return BASE ** ((-2 * pair) / size);
}

/**
 * Turns every column of X (heads·size × tokens) in place.
 * @param starts where each sequence begins, as in `Ragged`
 * @param direction 1 on the way forward, −1 on the way back
 * @param before how many tokens of the sequence were seen earlier
 */
export function rotate(
  { rows, data }: Matrix,
  size: number,
  starts: Int32Array,
  direction: 1 | -1,
  before = 0,
): void {
  for (let i = 0; i < size; i += 2) {
    const angle = rotaryAngle(i / 2, size) * direction;
    for (let s = 0; s + 1 < starts.length; s++) {
      for (let t = starts[s]; t < starts[s + 1]; t++) {
        const place = before + t - starts[s];
        const cos = Math.cos(place * angle);
        const sin = Math.sin(place * angle);
        for (let k = t * rows + i; k < (t + 1) * rows; k += size) {
          const x = data[k];
          const y = data[k + 1];
          data[k] = cos * x - sin * y;
          data[k + 1] = sin * x + cos * y;
        }
      }
    }
  }
}

/** The two matrices by which a rotation is written in whole columns, x ⊙ C + (P·x) ⊙ S: C, S (rows × tokens), P (rows × rows). */
export function rotaryTables(
  rows: number,
  size: number,
  places: Int32Array,
): { readonly cos: Matrix; readonly sin: Matrix; readonly swap: Matrix } {
  const angle = (i: number, t: number): number => places[t] * rotaryAngle(Math.floor((i % size) / 2), size);
  const table = new Matrix(rows, places.length);
  const swap = new Matrix(rows, rows);
  for (let i = 0; i < rows; i += 2) {
    swap.set(i, i + 1, -1);
    swap.set(i + 1, i, 1);
  }
  return {
    cos: table.map((_, i, t) => Math.cos(angle(i, t))),
    sin: table.map((_, i, t) => Math.sin(angle(i, t))),
    swap,
  };
}

/** Where each token stands in its own sequence, counted from 0. */
export function placesOf(starts: Int32Array): Int32Array {
  const places = new Int32Array(starts[starts.length - 1]);
  for (let s = 0; s + 1 < starts.length; s++) {
    for (let t = starts[s]; t < starts[s + 1]; t++) places[t] = t - starts[s];
  }
  return places;
}
