/*
 * Layer normalisation, for T = f32 or f64: the sums of layers/layer-norm.ts in their order. Four columns go side by side,
 * so that no addition waits for the one before it.
 */

/** Writes x̂ (n × m), 1/√(var + ε) (1 × m) and γ ⊙ x̂ + β (n × m). Returns 0 when a variance is not finite. */
// @ts-ignore: decorator
@inline
export function layerNorm<T>(
  n: i32,
  m: i32,
  x: usize,
  gamma: usize,
  beta: usize,
  epsilon: T,
  normal: usize,
  inverse: usize,
  out: usize,
): i32 {
  const next = n * sizeof<T>();
  const many = n as T;
  let odd: T = 0;
  let j = 0;
  for (; j + 4 <= m; j += 4) {
    const x1 = x + next;
    const x2 = x1 + next;
    const x3 = x2 + next;
    let m0: T = 0;
    let m1: T = 0;
    let m2: T = 0;
    let m3: T = 0;
    for (let i = 0; i < next; i += sizeof<T>()) {
      m0 += load<T>(x + i);
      m1 += load<T>(x1 + i);
      m2 += load<T>(x2 + i);
      m3 += load<T>(x3 + i);
    }
    m0 /= many;
    m1 /= many;
    m2 /= many;
    m3 /= many;
    let r0: T = 0;
    let r1: T = 0;
    let r2: T = 0;
    let r3: T = 0;
    for (let i = 0; i < next; i += sizeof<T>()) {
      r0 += load<T>(x + i) - m0;
      r1 += load<T>(x1 + i) - m1;
      r2 += load<T>(x2 + i) - m2;
      r3 += load<T>(x3 + i) - m3;
    }
    m0 += r0 / many;
    m1 += r1 / many;
    m2 += r2 / many;
    m3 += r3 / many;
    let v0: T = 0;
    let v1: T = 0;
    let v2: T = 0;
    let v3: T = 0;
    for (let i = 0; i < next; i += sizeof<T>()) {
      const d0 = load<T>(x + i) - m0;
      const d1 = load<T>(x1 + i) - m1;
      const d2 = load<T>(x2 + i) - m2;
      const d3 = load<T>(x3 + i) - m3;
      v0 += d0 * d0;
      v1 += d1 * d1;
      v2 += d2 * d2;
      v3 += d3 * d3;
    }
    odd += finish<T>(next, x, gamma, beta, epsilon, normal, inverse, out, m0, v0 / many);
    odd += finish<T>(next, x1, gamma, beta, epsilon, normal + next, inverse + sizeof<T>(), out + next, m1, v1 / many);
    odd += finish<T>(next, x2, gamma, beta, epsilon, normal + 2 * next, inverse + 2 * sizeof<T>(), out + 2 * next, m2, v2 / many);
    odd += finish<T>(next, x3, gamma, beta, epsilon, normal + 3 * next, inverse + 3 * sizeof<T>(), out + 3 * next, m3, v3 / many);
    x += 4 * next;
    normal += 4 * next;
    out += 4 * next;
    inverse += 4 * sizeof<T>();
  }
  for (; j < m; j++) {
    let mean: T = 0;
    for (let i = 0; i < next; i += sizeof<T>()) mean += load<T>(x + i);
    mean /= many;
    let rest: T = 0;
    for (let i = 0; i < next; i += sizeof<T>()) rest += load<T>(x + i) - mean;
    mean += rest / many;
    let variance: T = 0;
    for (let i = 0; i < next; i += sizeof<T>()) {
      const d = load<T>(x + i) - mean;
      variance += d * d;
    }
    odd += finish<T>(next, x, gamma, beta, epsilon, normal, inverse, out, mean, variance / many);
    x += next;
    normal += next;
    out += next;
    inverse += sizeof<T>();
  }
  return i32(odd == 0);
}

/** One column, once its mean and its variance are known; returns 0, or NaN where the variance is none. */
// @ts-ignore: decorator
@inline
function finish<T>(
  next: i32,
  x: usize,
  gamma: usize,
  beta: usize,
  epsilon: T,
  normal: usize,
  inverse: usize,
  out: usize,
  mean: T,
  variance: T,
): T {
  const scale = (1 as T) / sqrt<T>(variance + epsilon);
  store<T>(inverse, scale);
  const factor = v128.splat<T>(scale);
  const middle = v128.splat<T>(mean);
  let i = 0;
  for (; i + 16 <= next; i += 16) {
    const y = v128.mul<T>(v128.sub<T>(v128.load(x + i), middle), factor);
    v128.store(normal + i, y);
    v128.store(out + i, v128.add<T>(v128.mul<T>(v128.load(gamma + i), y), v128.load(beta + i)));
  }
  for (; i < next; i += sizeof<T>()) {
    const y = (load<T>(x + i) - mean) * scale;
    store<T>(normal + i, y);
    store<T>(out + i, load<T>(gamma + i) * y + load<T>(beta + i));
  }
  return variance - variance;
}

/** Adds to dγ and dβ, and writes dX. */
// @ts-ignore: decorator
@inline
export function layerNormBackward<T>(
  n: i32,
  m: i32,
  dY: usize,
  normal: usize,
  inverse: usize,
  gamma: usize,
  dGamma: usize,
  dBeta: usize,
  dX: usize,
): void {
  const next = n * sizeof<T>();
  const many = n as T;
  for (let j = 0; j < m; j++) {
    let i = 0;
    for (; i + 16 <= next; i += 16) {
      const d = v128.load(dY + i);
      v128.store(dGamma + i, v128.add<T>(v128.load(dGamma + i), v128.mul<T>(d, v128.load(normal + i))));
      v128.store(dBeta + i, v128.add<T>(v128.load(dBeta + i), d));
    }
    for (; i < next; i += sizeof<T>()) {
      const d = load<T>(dY + i);
      store<T>(dGamma + i, load<T>(dGamma + i) + d * load<T>(normal + i));
      store<T>(dBeta + i, load<T>(dBeta + i) + d);
    }
    let mean: T = 0;
    let along: T = 0;
    for (i = 0; i < next; i += sizeof<T>()) {
      const d = load<T>(gamma + i) * load<T>(dY + i);
      mean += d;
      along += d * load<T>(normal + i);
    }
    mean /= many;
    along /= many;
    const scale = load<T>(inverse);
    const middle = v128.splat<T>(mean);
    const tilt = v128.splat<T>(along);
    const factor = v128.splat<T>(scale);
    i = 0;
    for (; i + 16 <= next; i += 16) {
      const d = v128.sub<T>(v128.mul<T>(v128.load(gamma + i), v128.load(dY + i)), middle);
      v128.store(dX + i, v128.mul<T>(v128.sub<T>(d, v128.mul<T>(v128.load(normal + i), tilt)), factor));
    }
    for (; i < next; i += sizeof<T>()) {
      const d = load<T>(gamma + i) * load<T>(dY + i) - mean;
      store<T>(dX + i, (d - load<T>(normal + i) * along) * scale);
    }
    dY += next;
    normal += next;
    dX += next;
    inverse += sizeof<T>();
  }
}
