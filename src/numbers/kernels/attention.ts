/*
 * Attention as plain loops: in every head, each token asks (its query) all tokens that it may see (their keys), and takes
 * a mean of what they say (their values), weighted by how well the keys fit the query.
 *
 *   s(u, t) = scale·Σ_k K(k, u)·Q(k, t)      how well key u fits query t
 *   a(u, t) = e^s(u, t) / Σ_u e^s(u, t)      a column of weights that sums to 1
 *   O(k, t) = Σ_u V(k, u)·a(u, t)
 *
 * A head is `rows / heads` rows of Q, K, V and O. Matrices lie column after column, so what a head reads of a token is one
 * piece of memory. A key that a mask hides has the score −∞: its weight is exactly 0, and so are all slopes that pass through
 * it, so that the way back needs no word of the mask. Each sum is added in the order of its index, as in a product (see naive.ts).
 */
import type { Floats } from "../floats";
import type { Matrix } from "../matrix";

/** What attention is told besides its matrices. */
export interface AttentionOptions {
  /** Where each sequence begins, and at the end the number of tokens, as in `Ragged`. Nobody sees another sequence. */
  readonly starts: Int32Array;
  readonly heads: number;
  /** What the dot products are multiplied with before the softmax. */
  readonly scale: number;
  /** True: a token sees the tokens before it, and itself. False: all tokens of its sequence. */
  readonly causal: boolean;
  /** 0 at (u, t) where token t does not see token u, counted within a sequence. Each query sees at least one key. */
  readonly mask?: Matrix;
}

/**
 * O, and the weights for the way back.
 * @param rows of Q, K, V and O, all heads together
 * @param longest rows of `weights`: tokens of the longest sequence
 * @param weights (longest × heads·tokens); column h·tokens + t receives a(·, t) of head h, counted from the first token of
 *   the sequence. Beyond the tokens that t sees nothing is written
 */
export function plainAttention(
  rows: number,
  longest: number,
  Q: Floats,
  K: Floats,
  V: Floats,
  weights: Floats,
  O: Floats,
  { starts, heads, scale, causal, mask }: AttentionOptions,
): void {
  const size = rows / heads;
  const tokens = starts[starts.length - 1];
  for (let s = 0; s + 1 < starts.length; s++) {
    const first = starts[s];
    for (let h = 0; h < heads; h++) {
      for (let t = first; t < starts[s + 1]; t++) {
        const seen = (causal ? t + 1 : starts[s + 1]) - first;
        const column = (h * tokens + t) * longest;
        const q = t * rows + h * size;
        const from = first * rows + h * size;
        const masked = (t - first) * (mask?.rows ?? 0);
        attend(size, rows, seen, scale, Q, q, K, V, from, weights, column, O, mask?.data, masked);
      }
    }
  }
}

/**
 * One query in one head, at Q[q], against the `seen` keys that begin at K[from]: its weights go to `column`, its mean of the
 * values to O[q]. The keys that it does not see have 0 in `mask`, from `masked` on.
 */
export function attend(
  size: number,
  rows: number,
  seen: number,
  scale: number,
  Q: Floats,
  q: number,
  K: Floats,
  V: Floats,
  from: number,
  weights: Floats,
  column: number,
  O: Floats,
  mask?: Floats,
  masked = 0,
): void {
  let largest = -Infinity;
  for (let u = 0; u < seen; u++) {
    const hidden = mask !== undefined && mask[masked + u] === 0;
    const score = hidden ? -Infinity : scale * dot(size, K, from + u * rows, Q, q);
    weights[column + u] = score;
    if (!(score <= largest)) largest = score; // NaN goes through
  }
  let sum = 0;
  for (let u = 0; u < seen; u++) {
    const power = Math.exp(weights[column + u] - largest);
    weights[column + u] = power;
    sum += power;
  }
  for (let u = 0; u < seen; u++) weights[column + u] = weights[column + u] / sum;
  for (let k = 0; k < size; k++) {
    let mean = 0;
    for (let u = 0; u < seen; u++) mean += V[from + u * rows + k] * weights[column + u];
    O[q + k] = mean;
  }
}

/**
 * The way back, from dO to dQ, dK and dV, which are written.
 *
 *   dV(k, u) = Σ_t a(u, t)·dO(k, t)                        a value is blamed for whom it spoke to
 *   da(u, t) = Σ_k V(k, u)·dO(k, t)
 *   ds(u, t) = scale·a(u, t)·(da(u, t) − Σ_u a·da)         the softmax: only what differs from the mean counts
 *   dQ(k, t) = Σ_u K(k, u)·ds(u, t)
 *   dK(k, u) = Σ_t Q(k, t)·ds(u, t)
 *
 * @param weights what `plainAttention` gave
 * @param slopes as large as `weights`; receives ds
 */
export function plainAttentionBackward(
  rows: number,
  longest: number,
  Q: Floats,
  K: Floats,
  V: Floats,
  weights: Floats,
  dO: Floats,
  slopes: Floats,
  dQ: Floats,
  dK: Floats,
  dV: Floats,
  { starts, heads, scale, causal }: AttentionOptions,
): void {
  const size = rows / heads;
  const tokens = starts[starts.length - 1];
  for (let s = 0; s + 1 < starts.length; s++) {
    const first = starts[s];
    const length = starts[s + 1] - first;
    for (let h = 0; h < heads; h++) {
      const from = h * size;
      const map = (h * tokens + first) * longest; // where the first query's column begins
      for (let t = 0; t < length; t++) {
        const seen = causal ? t + 1 : length;
        const column = map + t * longest;
        const q = (first + t) * rows + from;
        let mean = 0; // Σ a·da
        for (let u = 0; u < seen; u++) {
          const slope = dot(size, V, (first + u) * rows + from, dO, q);
          slopes[column + u] = slope;
          mean += weights[column + u] * slope;
        }
        for (let u = 0; u < seen; u++) {
          slopes[column + u] = scale * (weights[column + u] * (slopes[column + u] - mean));
        }
        for (let k = 0; k < size; k++) {
          let sum = 0;
          for (let u = 0; u < seen; u++) sum += K[(first + u) * rows + from + k] * slopes[column + u];
          dQ[q + k] = sum;
        }
      }
      for (let u = 0; u < length; u++) {
        for (let k = 0; k < size; k++) {
          let blame = 0;
          let fit = 0;
          for (let t = causal ? u : 0; t < length; t++) {
            const at = map + t * longest + u;
            const k0 = (first + t) * rows + from + k;
            blame += weights[at] * dO[k0];
            fit += Q[k0] * slopes[at];
          }
          dV[(first + u) * rows + from + k] = blame;
          dK[(first + u) * rows + from + k] = fit;
        }
      }
    }
  }
}

/** Σ a·b over `size` numbers. */
function dot(size: number, a: Floats, aFrom: number, b: Floats, bFrom: number): number {
  let sum = 0;
  for (let k = 0; k < size; k++) sum += a[aFrom + k] * b[bFrom + k];
  return sum;
}
