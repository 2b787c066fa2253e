/*
 * The three matrix products that a network needs, as plain loops over row-major arrays:
 *
 *   A·B    forward          Z  = W·X
 *   A·Bᵀ   weight gradient  dW = dZ·Xᵀ
 *   Aᵀ·B   input gradient   dX = Wᵀ·dZ
 *
 * `naiveMultiply` is the definition, three loops. The others give the same numbers up to the order of the additions,
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
  multiplyByRows(r, k, c, a, k, 1, b, undefined, out);
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
  multiplyByRows(r, k, c, a, k, 1, b, bias, out);
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
  multiplyByRows(r, k, c, a, 1, r, b, undefined, out);
}

/** Rows of b that are used for all rows of out before the next ones are fetched: few enough to stay in the cache. */
const PANEL = 64;

/**
 * out = a·b + bias by rows: row i of the product is the sum of b's rows, each scaled by an entry of a's row i. Four rows
 * of b at a time for four rows of out: sixteen multiplications for eight numbers fetched.
 * Entry (i, p) of a lies at `i * rowStep + p * innerStep`, which serves a and aᵀ alike.
 */
function multiplyByRows(
  r: number,
  k: number,
  c: number,
  a: Float64Array,
  rowStep: number,
  innerStep: number,
  b: Float64Array,
  bias: Float64Array | undefined,
  out: Float64Array,
): void {
  const fours = r - (r % 4);
  for (let from = 0; from === 0 || from < k; from += PANEL) {
    const to = Math.min(from + PANEL, k);
    for (let i = 0; i < fours; i += 4) {
      if (from === 0) start(i, i + 4, c, bias, out);
      for (let p = from; p < to; p += 4) addFourRows(i, p, k, c, a, rowStep, innerStep, b, out);
    }
    for (let i = fours; i < r; i++) {
      if (from === 0) start(i, i + 1, c, bias, out);
      for (let p = from; p < to; p += 4) addOneRow(i, p, k, c, a, rowStep, innerStep, b, out);
    }
  }
}

/** Rows from … to − 1 of out before anything is added: the bias, or 0. */
function start(from: number, to: number, c: number, bias: Float64Array | undefined, out: Float64Array): void {
  for (let i = from; i < to; i++) out.fill(bias === undefined ? 0 : bias[i], i * c, (i + 1) * c);
}

/**
 * Adds rows p … p + 3 of b, scaled, to rows i … i + 3 of out. Where b has fewer than four rows left, the last one stands
 * in for those that are missing, scaled by 0.
 */
function addFourRows(
  i: number,
  p: number,
  k: number,
  c: number,
  a: Float64Array,
  rowStep: number,
  innerStep: number,
  b: Float64Array,
  out: Float64Array,
): void {
  const last = k - 1;
  const b0 = p * c;
  const b1 = Math.min(p + 1, last) * c;
  const b2 = Math.min(p + 2, last) * c;
  const b3 = Math.min(p + 3, last) * c;
  const scale = (row: number, inner: number): number =>
    inner < k ? a[row * rowStep + inner * innerStep] : 0;
  const s0 = scale(i, p);
  const s1 = scale(i, p + 1);
  const s2 = scale(i, p + 2);
  const s3 = scale(i, p + 3);
  const t0 = scale(i + 1, p);
  const t1 = scale(i + 1, p + 1);
  const t2 = scale(i + 1, p + 2);
  const t3 = scale(i + 1, p + 3);
  const u0 = scale(i + 2, p);
  const u1 = scale(i + 2, p + 1);
  const u2 = scale(i + 2, p + 2);
  const u3 = scale(i + 2, p + 3);
  const v0 = scale(i + 3, p);
  const v1 = scale(i + 3, p + 1);
  const v2 = scale(i + 3, p + 2);
  const v3 = scale(i + 3, p + 3);
  const first = i * c;
  const second = first + c;
  const third = second + c;
  const fourth = third + c;
  for (let j = 0; j < c; j++) {
    const x0 = b[b0 + j];
    const x1 = b[b1 + j];
    const x2 = b[b2 + j];
    const x3 = b[b3 + j];
    out[first + j] = out[first + j] + s0 * x0 + s1 * x1 + s2 * x2 + s3 * x3;
    out[second + j] = out[second + j] + t0 * x0 + t1 * x1 + t2 * x2 + t3 * x3;
    out[third + j] = out[third + j] + u0 * x0 + u1 * x1 + u2 * x2 + u3 * x3;
    out[fourth + j] = out[fourth + j] + v0 * x0 + v1 * x1 + v2 * x2 + v3 * x3;
  }
}

/** The same for one row of out: the one to three at the end. */
function addOneRow(
  i: number,
  p: number,
  k: number,
  c: number,
  a: Float64Array,
  rowStep: number,
  innerStep: number,
  b: Float64Array,
  out: Float64Array,
): void {
  const last = k - 1;
  const b0 = p * c;
  const b1 = Math.min(p + 1, last) * c;
  const b2 = Math.min(p + 2, last) * c;
  const b3 = Math.min(p + 3, last) * c;
  const at = i * rowStep + p * innerStep;
  const s0 = a[at];
  const s1 = p + 1 < k ? a[at + innerStep] : 0;
  const s2 = p + 2 < k ? a[at + 2 * innerStep] : 0;
  const s3 = p + 3 < k ? a[at + 3 * innerStep] : 0;
  const row = i * c;
  for (let j = 0; j < c; j++) {
    out[row + j] = out[row + j] + s0 * b[b0 + j] + s1 * b[b1 + j] + s2 * b[b2 + j] + s3 * b[b3 + j];
  }
}

/**
 * out(r × c) += a(r × k)·bᵀ, where b is (c × k): every entry is the dot product of two rows. It ADDS, because a
 * gradient is collected over several backward passes.
 */
export function addMultiplyRightTransposed(
  r: number,
  k: number,
  c: number,
  a: Float64Array,
  b: Float64Array,
  out: Float64Array,
): void {
  // The tiles below are high and narrow. Entry (i, j) of a·bᵀ is entry (j, i) of b·aᵀ, so the higher factor goes first.
  if (r >= c) addDots(r, c, k, a, b, out, c, 1);
  else addDots(c, r, k, b, a, out, 1, c);
}

/** Products that are summed before the sum is added to the result: shorter sums round less. */
const BLOCK = 128;

/**
 * Adds the dot product of row i of a and row j of b to `out[i * rowStep + j * columnStep]`, for all i < r and j < c.
 * Tiles of 4 × 2 dot products share what they fetch: eight multiplications for six numbers. A tile that hangs over the
 * edge fetches a row twice, and does not store what it makes of it.
 */
function addDots(
  r: number,
  c: number,
  k: number,
  a: Float64Array,
  b: Float64Array,
  out: Float64Array,
  rowStep: number,
  columnStep: number,
): void {
  for (let from = 0; from < k; from += BLOCK) {
    const length = Math.min(BLOCK, k - from);
    for (let i = 0; i < r; i += 4) {
      const high = r - i;
      const a0 = i * k + from;
      const a1 = high > 1 ? a0 + k : a0;
      const a2 = high > 2 ? a1 + k : a0;
      const a3 = high > 3 ? a2 + k : a0;
      for (let j = 0; j < c; j += 2) {
        const wide = c - j;
        const b0 = j * k + from;
        const b1 = wide > 1 ? b0 + k : b0;
        let s0 = 0;
        let s1 = 0;
        let t0 = 0;
        let t1 = 0;
        let u0 = 0;
        let u1 = 0;
        let v0 = 0;
        let v1 = 0;
        for (let p = 0; p < length; p++) {
          const x = b[b0 + p];
          const y = b[b1 + p];
          const w0 = a[a0 + p];
          const w1 = a[a1 + p];
          const w2 = a[a2 + p];
          const w3 = a[a3 + p];
          s0 += w0 * x;
          s1 += w0 * y;
          t0 += w1 * x;
          t1 += w1 * y;
          u0 += w2 * x;
          u1 += w2 * y;
          v0 += w3 * x;
          v1 += w3 * y;
        }
        const first = i * rowStep + j * columnStep;
        const second = first + rowStep;
        const third = second + rowStep;
        const fourth = third + rowStep;
        out[first] = out[first] + s0;
        if (high > 1) out[second] = out[second] + t0;
        if (high > 2) out[third] = out[third] + u0;
        if (high > 3) out[fourth] = out[fourth] + v0;
        if (wide === 1) continue;
        out[first + columnStep] = out[first + columnStep] + s1;
        if (high > 1) out[second + columnStep] = out[second + columnStep] + t1;
        if (high > 2) out[third + columnStep] = out[third + columnStep] + u1;
        if (high > 3) out[fourth + columnStep] = out[fourth + columnStep] + v1;
      }
    }
  }
}
