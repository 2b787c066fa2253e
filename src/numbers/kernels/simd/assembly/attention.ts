/*
 * Attention in float32, with the sums of kernels/attention.ts in their order: vectors run over neighbouring keys, or over
 * neighbouring rows of a head, never along a sum. Keys (on the way back, values) are first turned, so that those of
 * neighbouring tokens lie side by side; columns of the weights have room for whole vectors.
 *
 * What a call is told stands in a list of numbers in memory, because it is the same for all its parts:
 *
 *   0 rows  1 longest (a multiple of 4)  2 tokens  3 heads  4 scale  5 causal  6 starts  7 turned
 *   8 Q  9 K  10 V  11 weights  12 O or dO  13 slopes  14 dQ  15 dK  16 dV
 */
import { expNegative } from "./exp";

// @ts-ignore: decorator
@inline
function told(list: usize, place: usize): i32 {
  return i32(load<f64>(list + place * 8));
}

/** turned(k, u) = X(from + k, first + u), a row of `stride` numbers for each k. */
function turn(X: usize, rows: i32, size: i32, length: i32, stride: i32, turned: usize): void {
  for (let u = 0; u < length; u++) {
    let from = X + u * rows * 4;
    let to = turned + u * 4;
    for (let k = 0; k < size; k++) {
      store<f32>(to, load<f32>(from));
      from += 4;
      to += stride * 4;
    }
  }
}

/** out(u) = Σ_k turned(k, u)·x(k) for `vectors` times four u. */
// @ts-ignore: decorator
@inline
function compare(turned: usize, stride: i32, size: i32, x: usize, vectors: i32, out: usize): void {
  const next = stride * 4;
  let v = 0;
  for (; v + 2 <= vectors; v += 2) {
    let a = f32x4.splat(0);
    let b = f32x4.splat(0);
    let from = turned + v * 16;
    for (let k = 0; k < size; k++) {
      const factor = v128.load32_splat(x + k * 4);
      a = f32x4.add(a, f32x4.mul(v128.load(from), factor));
      b = f32x4.add(b, f32x4.mul(v128.load(from, 16), factor));
      from += next;
    }
    v128.store(out + v * 16, a);
    v128.store(out + v * 16, b, 16);
  }
  if (v < vectors) {
    let a = f32x4.splat(0);
    let from = turned + v * 16;
    for (let k = 0; k < size; k++) {
      a = f32x4.add(a, f32x4.mul(v128.load(from), v128.load32_splat(x + k * 4)));
      from += next;
    }
    v128.store(out + v * 16, a);
  }
}

/** out(k) = Σ_u X(k, u)·a(u) for the rows of a head; columns of X are `next` bytes apart, entries of a `step` bytes. */
// @ts-ignore: decorator
@inline
function mix(X: usize, next: i32, size: i32, a: usize, step: i32, count: i32, out: usize): void {
  let k = 0;
  for (; k + 8 <= size; k += 8) {
    let s = f32x4.splat(0);
    let t = f32x4.splat(0);
    let from = X + k * 4;
    let weight = a;
    for (let u = 0; u < count; u++) {
      const factor = v128.load32_splat(weight);
      s = f32x4.add(s, f32x4.mul(v128.load(from), factor));
      t = f32x4.add(t, f32x4.mul(v128.load(from, 16), factor));
      from += next;
      weight += step;
    }
    v128.store(out + k * 4, s);
    v128.store(out + k * 4, t, 16);
  }
  for (; k + 4 <= size; k += 4) {
    let s = f32x4.splat(0);
    let from = X + k * 4;
    let weight = a;
    for (let u = 0; u < count; u++) {
      s = f32x4.add(s, f32x4.mul(v128.load(from), v128.load32_splat(weight)));
      from += next;
      weight += step;
    }
    v128.store(out + k * 4, s);
  }
  for (; k < size; k++) {
    let s: f32 = 0;
    let from = X + k * 4;
    let weight = a;
    for (let u = 0; u < count; u++) {
      s += load<f32>(from) * load<f32>(weight);
      from += next;
      weight += step;
    }
    store<f32>(out + k * 4, s);
  }
}

/** The weights of a column of scores, of which `seen` count; the rest of the last vector becomes 0. */
// @ts-ignore: decorator
@inline
function softmaxOf(column: usize, seen: i32, vectors: i32, scale: f32): void {
  const factor = f32x4.splat(scale);
  for (let v = 0; v < vectors; v++) {
    const at = column + v * 16;
    v128.store(at, f32x4.mul(v128.load(at), factor));
  }
  for (let u = seen; u < vectors * 4; u++) store<f32>(column + u * 4, -f32.MAX_VALUE); // its power is 0
  let most = v128.load(column);
  for (let v = 1; v < vectors; v++) most = f32x4.max(most, v128.load(column + v * 16));
  const largest = f32x4.splat(
    max<f32>(
      max<f32>(f32x4.extract_lane(most, 0), f32x4.extract_lane(most, 1)),
      max<f32>(f32x4.extract_lane(most, 2), f32x4.extract_lane(most, 3)),
    ),
  );
  for (let v = 0; v < vectors; v++) {
    const at = column + v * 16;
    v128.store(at, expNegative(f32x4.sub(v128.load(at), largest)));
  }
  let sum: f32 = 0;
  for (let u = 0; u < seen; u++) sum += load<f32>(column + u * 4);
  const all = f32x4.splat(sum);
  for (let v = 0; v < vectors; v++) {
    const at = column + v * 16;
    v128.store(at, f32x4.div(v128.load(at), all));
  }
}

/** The sequences sFrom … sTo − 1. */
export function attention(sFrom: i32, sTo: i32, list: usize): void {
  const rows = told(list, 0);
  const longest = told(list, 1);
  const tokens = told(list, 2);
  const heads = told(list, 3);
  const scale = f32(load<f64>(list, 32));
  const causal = told(list, 5);
  const starts = usize(told(list, 6));
  const size = rows / heads;
  const next = rows * 4;
  for (let s = sFrom; s < sTo; s++) {
    const first = load<i32>(starts + s * 4);
    const length = load<i32>(starts + s * 4, 4) - first;
    const stride = (length + 3) & ~3;
    const turned = usize(told(list, 7)) + (first + 4 * s) * next;
    for (let h = 0; h < heads; h++) {
      const corner = (first * rows + h * size) * 4; // where the head's rows of the first token begin
      const K = usize(told(list, 9)) + corner;
      turn(K, rows, size, length, stride, turned);
      let q = usize(told(list, 8)) + corner;
      let o = usize(told(list, 12)) + corner;
      let column = usize(told(list, 11)) + (h * tokens + first) * longest * 4;
      for (let t = 0; t < length; t++) {
        const seen = causal ? t + 1 : length;
        const vectors = (seen + 3) >> 2;
        compare(turned, stride, size, q, vectors, column);
        softmaxOf(column, seen, vectors, scale);
        mix(usize(told(list, 10)) + corner, next, size, column, 4, seen, o);
        q += next;
        o += next;
        column += longest * 4;
      }
    }
  }
}

/** The way back for the sequences sFrom … sTo − 1. */
export function attentionBackward(sFrom: i32, sTo: i32, list: usize): void {
  const rows = told(list, 0);
  const longest = told(list, 1);
  const tokens = told(list, 2);
  const heads = told(list, 3);
  const scale = f32x4.splat(f32(load<f64>(list, 32)));
  const causal = told(list, 5);
  const starts = usize(told(list, 6));
  const size = rows / heads;
  const next = rows * 4;
  for (let s = sFrom; s < sTo; s++) {
    const first = load<i32>(starts + s * 4);
    const length = load<i32>(starts + s * 4, 4) - first;
    const stride = (length + 3) & ~3;
    const turned = usize(told(list, 7)) + (first + 4 * s) * next;
    for (let h = 0; h < heads; h++) {
      const corner = (first * rows + h * size) * 4;
      const map = (h * tokens + first) * longest * 4;
      const dO = usize(told(list, 12)) + corner;
      const Q = usize(told(list, 8)) + corner;
      turn(usize(told(list, 10)) + corner, rows, size, length, stride, turned);
      for (let t = 0; t < length; t++) {
        const seen = causal ? t + 1 : length;
        const vectors = (seen + 3) >> 2;
        const weights = usize(told(list, 11)) + map + t * longest * 4;
        const slopes = usize(told(list, 13)) + map + t * longest * 4;
        compare(turned, stride, size, dO + t * next, vectors, slopes);
        let mean: f32 = 0; // Σ a·da
        for (let u = 0; u < seen; u++) mean += load<f32>(weights + u * 4) * load<f32>(slopes + u * 4);
        const level = f32x4.splat(mean);
        for (let v = 0; v < vectors; v++) {
          const slope = f32x4.sub(v128.load(slopes + v * 16), level);
          v128.store(slopes + v * 16, f32x4.mul(scale, f32x4.mul(v128.load(weights + v * 16), slope)));
        }
        mix(usize(told(list, 9)) + corner, next, size, slopes, 4, seen, usize(told(list, 14)) + corner + t * next);
      }
      for (let u = 0; u < length; u++) {
        const t = causal ? u : 0;
        const at = map + (t * longest + u) * 4;
        const step = longest * 4;
        const to = corner + u * next;
        mix(dO + t * next, next, size, usize(told(list, 11)) + at, step, length - t, usize(told(list, 16)) + to);
        mix(Q + t * next, next, size, usize(told(list, 13)) + at, step, length - t, usize(told(list, 15)) + to);
      }
    }
  }
}
