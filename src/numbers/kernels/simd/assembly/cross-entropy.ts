/*
 * The slope of the cross-entropy of logits along each of them, in float32, for class numbers: (softmax(z) − y)/n, where y
 * is 1 for the class that it was. Returns Σ −log p in float64; the logarithm is left to whoever calls: what is returned is,
 * column by column, the sum of the powers and the score of the class below the largest.
 */
import { expNegative } from "./exp";

/** sums(j) = Σ e^(z − largest), below(j) = largest − z of the class. */
export function crossEntropy(rows: i32, m: i32, z: usize, ids: usize, share: f32, slopes: usize, sums: usize, below: usize): void {
  const next = rows * 4;
  for (let j = 0; j < m; j++) {
    let largest: f32 = -f32.MAX_VALUE;
    let i = 0;
    let most = f32x4.splat(-f32.MAX_VALUE);
    for (; i + 16 <= next; i += 16) most = f32x4.max(most, v128.load(z + i));
    for (; i < next; i += 4) largest = max<f32>(largest, load<f32>(z + i));
    largest = max<f32>(
      max<f32>(largest, max<f32>(f32x4.extract_lane(most, 0), f32x4.extract_lane(most, 1))),
      max<f32>(f32x4.extract_lane(most, 2), f32x4.extract_lane(most, 3)),
    );
    const level = f32x4.splat(largest);
    let total = f32x4.splat(0);
    let rest: f32 = 0;
    i = 0;
    for (; i + 16 <= next; i += 16) {
      const power = expNegative(f32x4.sub(v128.load(z + i), level));
      v128.store(slopes + i, power);
      total = f32x4.add(total, power);
    }
    for (; i < next; i += 4) {
      const power = f32x4.extract_lane(expNegative(f32x4.splat(load<f32>(z + i) - largest)), 0);
      store<f32>(slopes + i, power);
      rest += power;
    }
    const sum =
      f32x4.extract_lane(total, 0) + f32x4.extract_lane(total, 1) + (f32x4.extract_lane(total, 2) + f32x4.extract_lane(total, 3)) + rest;
    const id = load<i32>(ids + j * 4) * 4;
    store<f64>(sums + j * 8, sum as f64);
    store<f64>(below + j * 8, largest as f64 - (load<f32>(z + id) as f64));
    // p − 1 of the class is −Σ of the others, which keeps its digits where p has rounded to 1
    const own = load<f32>(slopes + id);
    store<f32>(slopes + id, 0);
    let others: f32 = 0;
    for (i = 0; i < next; i += 4) others += load<f32>(slopes + i);
    const scale = share / sum;
    const factor = f32x4.splat(scale);
    i = 0;
    for (; i + 16 <= next; i += 16) v128.store(slopes + i, f32x4.mul(v128.load(slopes + i), factor));
    for (; i < next; i += 4) store<f32>(slopes + i, load<f32>(slopes + i) * scale);
    store<f32>(slopes + id, -others * scale);
    z += next;
    slopes += next;
  }
}
