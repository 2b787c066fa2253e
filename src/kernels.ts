/*
 * The three matrix products that a network needs, as plain loops over row-major arrays:
 *
 *   A·B    forward          Z  = W·X
 *   A·Bᵀ   weight gradient  dW = dZ·Xᵀ
 *   Aᵀ·B   input gradient   dX = Wᵀ·dZ
 *
 * `naive…` is the definition, three loops. The others give the same numbers up to the order of the additions,
 * several times faster, for two reasons: they walk along rows, never down columns, and they do several
 * multiplications for each number they fetch from memory. A test holds each to its definition.
 */

/** The definition: out(r × c) = a(r × k)·b(k × c), one dot product an entry. */
export function naiveMultiply(
  r: number,
  k: number,
  c: number,
  a: Float64Array,
  b: Float64Array,
  out: Float64Array,
): void {
  for (let i = 0; i < r; i++) {
    for (let j = 0; j < c; j++) {
      let sum = 0;
      for (let p = 0; p < k; p++) sum += a[i * k + p] * b[p * c + j];
      out[i * c + j] = sum;
    }
  }
}

/** out(r × c) = a(r × k)·b(k × c). */
export function multiply(
  r: number,
  k: number,
  c: number,
  a: Float64Array,
  b: Float64Array,
  out: Float64Array,
): void {
  out.fill(0);
  addScaledRows(r, k, c, a, k, 1, b, out);
}

/** out(r × c) = a(r × k)·b(k × c) + bias(r × 1) beside every column: a dense layer in one pass. */
export function multiplyPlusBias(
  r: number,
  k: number,
  c: number,
  a: Float64Array,
  b: Float64Array,
  bias: Float64Array,
  out: Float64Array,
): void {
  for (let i = 0; i < r; i++) out.fill(bias[i], i * c, (i + 1) * c);
  addScaledRows(r, k, c, a, k, 1, b, out);
}

/** out(r × c) = aᵀ·b, where a is (k × r) and b is (k × c). */
export function multiplyLeftTransposed(
  r: number,
  k: number,
  c: number,
  a: Float64Array,
  b: Float64Array,
  out: Float64Array,
): void {
  out.fill(0);
  addScaledRows(r, k, c, a, 1, r, b, out);
}

/**
 * out += a·b by rows: row i of the product is the sum of b's rows, each scaled by an entry of a's row i.
 * Four rows of b at a time for two rows of out: eight multiplications for four numbers fetched.
 * Entry (i, p) of a lies at `i * rowStep + p * innerStep`, which serves a and aᵀ alike.
 */
function addScaledRows(
  r: number,
  k: number,
  c: number,
  a: Float64Array,
  rowStep: number,
  innerStep: number,
  b: Float64Array,
  out: Float64Array,
): void {
  const pairs = r - (r % 2);
  const fours = k - (k % 4);
  for (let p = 0; p < fours; p += 4) {
    const b0 = p * c;
    const b1 = b0 + c;
    const b2 = b1 + c;
    const b3 = b2 + c;
    for (let i = 0; i < pairs; i += 2) {
      const top = i * rowStep + p * innerStep;
      const s0 = a[top];
      const s1 = a[top + innerStep];
      const s2 = a[top + 2 * innerStep];
      const s3 = a[top + 3 * innerStep];
      const low = top + rowStep;
      const t0 = a[low];
      const t1 = a[low + innerStep];
      const t2 = a[low + 2 * innerStep];
      const t3 = a[low + 3 * innerStep];
      const upper = i * c;
      const lower = upper + c;
      for (let j = 0; j < c; j++) {
        const x0 = b[b0 + j];
        const x1 = b[b1 + j];
        const x2 = b[b2 + j];
        const x3 = b[b3 + j];
        out[upper + j] = out[upper + j] + s0 * x0 + s1 * x1 + s2 * x2 + s3 * x3;
        out[lower + j] = out[lower + j] + t0 * x0 + t1 * x1 + t2 * x2 + t3 * x3;
      }
    }
    if (pairs < r) {
      const top = pairs * rowStep + p * innerStep;
      const s0 = a[top];
      const s1 = a[top + innerStep];
      const s2 = a[top + 2 * innerStep];
      const s3 = a[top + 3 * innerStep];
      const last = pairs * c;
      for (let j = 0; j < c; j++) {
        out[last + j] = out[last + j] + s0 * b[b0 + j] + s1 * b[b1 + j] + s2 * b[b2 + j] + s3 * b[b3 + j];
      }
    }
  }
  for (let p = fours; p < k; p++) {
    const row = p * c;
    for (let i = 0; i < r; i++) {
      const s = a[i * rowStep + p * innerStep];
      const target = i * c;
      for (let j = 0; j < c; j++) out[target + j] = out[target + j] + s * b[row + j];
    }
  }
}

/**
 * out(r × c) += a(r × k)·bᵀ, where b is (c × k): every entry is the dot product of two rows. Tiles of 2 × 4
 * dot products share what they fetch. It ADDS, because a gradient is collected over several backward passes.
 */
export function addMultiplyRightTransposed(
  r: number,
  k: number,
  c: number,
  a: Float64Array,
  b: Float64Array,
  out: Float64Array,
): void {
  const pairs = r - (r % 2);
  const fours = c - (c % 4);
  for (let i = 0; i < pairs; i += 2) {
    const a0 = i * k;
    const a1 = a0 + k;
    const upper = i * c;
    const lower = upper + c;
    for (let j = 0; j < fours; j += 4) {
      const b0 = j * k;
      const b1 = b0 + k;
      const b2 = b1 + k;
      const b3 = b2 + k;
      let s0 = 0;
      let s1 = 0;
      let s2 = 0;
      let s3 = 0;
      let t0 = 0;
      let t1 = 0;
      let t2 = 0;
      let t3 = 0;
      for (let p = 0; p < k; p++) {
        const x = a[a0 + p];
        const y = a[a1 + p];
        const w0 = b[b0 + p];
        const w1 = b[b1 + p];
        const w2 = b[b2 + p];
        const w3 = b[b3 + p];
        s0 += x * w0;
        s1 += x * w1;
        s2 += x * w2;
        s3 += x * w3;
        t0 += y * w0;
        t1 += y * w1;
        t2 += y * w2;
        t3 += y * w3;
      }
      out[upper + j] = out[upper + j] + s0;
      out[upper + j + 1] = out[upper + j + 1] + s1;
      out[upper + j + 2] = out[upper + j + 2] + s2;
      out[upper + j + 3] = out[upper + j + 3] + s3;
      out[lower + j] = out[lower + j] + t0;
      out[lower + j + 1] = out[lower + j + 1] + t1;
      out[lower + j + 2] = out[lower + j + 2] + t2;
      out[lower + j + 3] = out[lower + j + 3] + t3;
    }
    addDots(i, i + 2, fours, c, k, c, a, b, out);
  }
  addDots(pairs, r, 0, c, k, c, a, b, out);
}

/** The rest of a tiled product: entries (from … to−1, start … end−1), each a dot product with four running sums. */
function addDots(
  from: number,
  to: number,
  start: number,
  end: number,
  k: number,
  width: number,
  a: Float64Array,
  b: Float64Array,
  out: Float64Array,
): void {
  const fours = k - (k % 4);
  for (let i = from; i < to; i++) {
    for (let j = start; j < end; j++) {
      const x = i * k;
      const y = j * k;
      let s0 = 0;
      let s1 = 0;
      let s2 = 0;
      let s3 = 0;
      for (let p = 0; p < fours; p += 4) {
        s0 += a[x + p] * b[y + p];
        s1 += a[x + p + 1] * b[y + p + 1];
        s2 += a[x + p + 2] * b[y + p + 2];
        s3 += a[x + p + 3] * b[y + p + 3];
      }
      let sum = s0 + s1 + (s2 + s3);
      for (let p = fours; p < k; p++) sum += a[x + p] * b[y + p];
      out[i * width + j] = out[i * width + j] + sum;
    }
  }
}
