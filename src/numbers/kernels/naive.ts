/*
 * The definition of the matrix product, in all the forms that a network needs:
 *
 *   A·B    forward          Z  = W·X + b, and max(Z, 0) where a ReLU follows
 *   A·Bᵀ   weight gradient  dW = dW + dZ·Xᵀ
 *   Aᵀ·B   input gradient   dX = Wᵀ·dZ
 *
 * Three loops, and one order of additions: every entry has one accumulator, which begins at 0 (or, where a product is
 * ADDED, at what stands in the result), and takes the products in the order p = 0, 1, 2, … Each product is rounded, then
 * each sum; there is no fused multiply-add. The bias comes last, as the formula reads, and the ReLU after it.
 *
 * The fast kernels keep this order, so that in float64 they give the same bits, which tests hold them to with ===. They
 * are fast because they work on many entries at once, never because they cut a sum into pieces. Edges are computed, not
 * padded with 0: 0·∞ is NaN, and would not be nothing.
 *
 * Matrices lie column after column: entry (i, j) of a (rows × columns) matrix is at j·rows + i.
 */
import type { Floats } from "../floats";

/** What a product does besides multiplying; left out: nothing. */
export interface ProductOptions {
  /** The first factor is used turned: it lies there as (k × r). */
  readonly turnLeft?: boolean;
  /** The second factor is used turned: it lies there as (c × k). */
  readonly turnRight?: boolean;
  /** Goes on adding to what stands in the result, as gradients do, instead of beginning at 0. */
  readonly add?: boolean;
  /** (r × 1), added to every column after the sum. */
  readonly bias?: Floats;
  /** max(·, 0), after the bias. NaN stays NaN, −0 becomes 0. */
  readonly relu?: boolean;
}

/** out(r × c) = a(r × k)·b(k × c), with what `options` say. `out` is neither `a` nor `b`. */
export type ProductKernel = (
  r: number,
  k: number,
  c: number,
  a: Floats,
  b: Floats,
  out: Floats,
  options?: ProductOptions,
) => void;

/** The definition, three loops. */
export const naiveProduct: ProductKernel = (r, k, c, a, b, out, options = {}) => {
  const { turnLeft, turnRight, add, bias, relu } = options;
  for (let j = 0; j < c; j++) {
    for (let i = 0; i < r; i++) {
      let sum = add ? out[j * r + i] : 0;
      for (let p = 0; p < k; p++) {
        const left = turnLeft ? a[i * k + p] : a[p * r + i];
        const right = turnRight ? b[p * c + j] : b[j * k + p];
        sum += left * right;
      }
      if (bias !== undefined) sum += bias[i];
      out[j * r + i] = relu ? Math.max(sum, 0) : sum;
    }
  }
};

/** out(r) = out + the sum of each row of a(r × c): the columns in order, each added to what stands there. */
export function naiveAddColumns(r: number, c: number, a: Floats, out: Floats): void {
  for (let i = 0; i < r; i++) {
    let sum = out[i];
    for (let j = 0; j < c; j++) sum += a[j * r + i];
    out[i] = sum;
  }
}
