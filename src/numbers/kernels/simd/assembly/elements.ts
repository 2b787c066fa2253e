/*
 * Passes over matrices entry by entry, for T = f32 or f64. What an entry becomes is computed in the order in which the
 * plain loops write it, so that in float64 the bits are theirs.
 */

/** out = max(z, 0); NaN stays NaN and −0 becomes 0, as with Math.max. */
// @ts-ignore: decorator
@inline
export function relu<T>(n: i32, z: usize, out: usize): void {
  const zero = v128.splat<T>(0 as T);
  let left = n * sizeof<T>();
  for (; left >= 16; left -= 16) {
    const x = v128.load(z);
    v128.store(out, v128.andnot(x, v128.le<T>(x, zero)));
    z += 16;
    out += 16;
  }
  for (; left > 0; left -= sizeof<T>()) {
    const x = load<T>(z);
    store<T>(out, x <= (0 as T) ? (0 as T) : x);
    z += sizeof<T>();
    out += sizeof<T>();
  }
}

/** dZ = dA where a > 0, and 0 elsewhere; a may be the input of the ReLU or its output. */
// @ts-ignore: decorator
@inline
export function reluBackward<T>(n: i32, a: usize, dA: usize, dZ: usize): void {
  const zero = v128.splat<T>(0 as T);
  let left = n * sizeof<T>();
  for (; left >= 16; left -= 16) {
    v128.store(dZ, v128.and(v128.load(dA), v128.gt<T>(v128.load(a), zero)));
    a += 16;
    dA += 16;
    dZ += 16;
  }
  for (; left > 0; left -= sizeof<T>()) {
    store<T>(dZ, load<T>(a) > (0 as T) ? load<T>(dA) : (0 as T));
    a += sizeof<T>();
    dA += sizeof<T>();
    dZ += sizeof<T>();
  }
}

/** out(r × 1) = [out, or 0] + a's columns (r × c), one after the other. */
// @ts-ignore: decorator
@inline
export function sumColumns<T>(r: i32, c: i32, a: usize, out: usize, add: i32): void {
  const next = r * sizeof<T>();
  let left = next;
  for (; left >= 64; left -= 64) {
    let s0 = add ? v128.load(out) : v128.splat<T>(0 as T);
    let s1 = add ? v128.load(out, 16) : v128.splat<T>(0 as T);
    let s2 = add ? v128.load(out, 32) : v128.splat<T>(0 as T);
    let s3 = add ? v128.load(out, 48) : v128.splat<T>(0 as T);
    let from = a;
    for (let j = 0; j < c; j++) {
      s0 = v128.add<T>(s0, v128.load(from));
      s1 = v128.add<T>(s1, v128.load(from, 16));
      s2 = v128.add<T>(s2, v128.load(from, 32));
      s3 = v128.add<T>(s3, v128.load(from, 48));
      from += next;
    }
    v128.store(out, s0);
    v128.store(out, s1, 16);
    v128.store(out, s2, 32);
    v128.store(out, s3, 48);
    a += 64;
    out += 64;
  }
  for (; left >= 16; left -= 16) {
    let sum = add ? v128.load(out) : v128.splat<T>(0 as T);
    let from = a;
    for (let j = 0; j < c; j++) {
      sum = v128.add<T>(sum, v128.load(from));
      from += next;
    }
    v128.store(out, sum);
    a += 16;
    out += 16;
  }
  for (; left > 0; left -= sizeof<T>()) {
    let sum = add ? load<T>(out) : (0 as T);
    let from = a;
    for (let j = 0; j < c; j++) {
      sum += load<T>(from);
      from += next;
    }
    store<T>(out, sum);
    a += sizeof<T>();
    out += sizeof<T>();
  }
}

/** out = a + b */
// @ts-ignore: decorator
@inline
export function add<T>(n: i32, a: usize, b: usize, out: usize): void {
  let left = n * sizeof<T>();
  for (; left >= 16; left -= 16) {
    v128.store(out, v128.add<T>(v128.load(a), v128.load(b)));
    a += 16;
    b += 16;
    out += 16;
  }
  for (; left > 0; left -= sizeof<T>()) {
    store<T>(out, load<T>(a) + load<T>(b));
    a += sizeof<T>();
    b += sizeof<T>();
    out += sizeof<T>();
  }
}

/** x = 0. All bits of a zero are 0. */
// @ts-ignore: decorator
@inline
export function zero<T>(n: i32, x: usize): void {
  memory.fill(x, 0, n * sizeof<T>());
}

/** 1 when every entry is a finite number: x − x is 0 then, in all its bits, and NaN otherwise. */
// @ts-ignore: decorator
@inline
export function allFinite<T>(n: i32, x: usize): i32 {
  let odd = v128.splat<T>(0 as T);
  let left = n * sizeof<T>();
  for (; left >= 16; left -= 16) {
    const value = v128.load(x);
    odd = v128.or(odd, v128.sub<T>(value, value));
    x += 16;
  }
  let rest = 0 as T;
  for (; left > 0; left -= sizeof<T>()) {
    const value = load<T>(x);
    rest += value - value;
    x += sizeof<T>();
  }
  return i32(!v128.any_true(odd) && rest == (0 as T));
}

/** 1 when the square of every entry is a finite number. */
// @ts-ignore: decorator
@inline
export function allSquaresFinite<T>(n: i32, x: usize): i32 {
  let odd = v128.splat<T>(0 as T);
  let left = n * sizeof<T>();
  for (; left >= 16; left -= 16) {
    const value = v128.load(x);
    const square = v128.mul<T>(value, value);
    odd = v128.or(odd, v128.sub<T>(square, square));
    x += 16;
  }
  let rest = 0 as T;
  for (; left > 0; left -= sizeof<T>()) {
    const value = load<T>(x);
    const square = value * value;
    rest += square - square;
    x += sizeof<T>();
  }
  return i32(!v128.any_true(odd) && rest == (0 as T));
}

/** One step of Adam for n weights, as optimizers/adam.ts writes it; rate is η/(1 − β₁ᵗ), fresh1 is 1 − β₁ and fresh2 is 1 − β₂. */
// @ts-ignore: decorator
@inline
export function adam<T>(
  n: i32,
  w: usize,
  g: usize,
  m: usize,
  v: usize,
  rate: T,
  beta1: T,
  fresh1: T,
  beta2: T,
  fresh2: T,
  correction2: T,
  epsilon: T,
): void {
  const eta = v128.splat<T>(rate);
  const old1 = v128.splat<T>(beta1);
  const new1 = v128.splat<T>(fresh1);
  const old2 = v128.splat<T>(beta2);
  const new2 = v128.splat<T>(fresh2);
  const lift2 = v128.splat<T>(correction2);
  const small = v128.splat<T>(epsilon);
  let left = n * sizeof<T>();
  for (; left >= 16; left -= 16) {
    const slope = v128.load(g);
    const mean = v128.add<T>(v128.mul<T>(old1, v128.load(m)), v128.mul<T>(new1, slope));
    const square = v128.add<T>(v128.mul<T>(old2, v128.load(v)), v128.mul<T>(new2, v128.mul<T>(slope, slope)));
    v128.store(m, mean);
    v128.store(v, square);
    const size = v128.add<T>(v128.sqrt<T>(v128.div<T>(square, lift2)), small);
    v128.store(w, v128.sub<T>(v128.load(w), v128.div<T>(v128.mul<T>(eta, mean), size)));
    w += 16;
    g += 16;
    m += 16;
    v += 16;
  }
  for (; left > 0; left -= sizeof<T>()) {
    const slope = load<T>(g);
    const mean = beta1 * load<T>(m) + fresh1 * slope;
    const square = beta2 * load<T>(v) + fresh2 * (slope * slope);
    store<T>(m, mean);
    store<T>(v, square);
    store<T>(w, load<T>(w) - rate * mean / (sqrt<T>(square / correction2) + epsilon));
    w += sizeof<T>();
    g += sizeof<T>();
    m += sizeof<T>();
    v += sizeof<T>();
  }
}
