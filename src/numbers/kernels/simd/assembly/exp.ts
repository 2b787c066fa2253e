/*
 * eˣ for x ≤ 0 in float32, four at a time: what a softmax asks for once its largest score is taken off. x = k·ln 2 + r with
 * a whole k and |r| ≤ ½·ln 2; e^r by the first terms of its series, to the last bit or the one before; times 2^k, by adding
 * k to the exponent. JavaScript's exp cannot be called from here without leaving for each number.
 */

/** Adding it rounds to a whole number, which then stands in the last bits. */
const ROUNDER: f32 = 12582912; // 1.5·2²³
const LOG2_E: f32 = 1.4426950408889634;
/** ln 2 in two parts: the first has so few bits that k times it is exact. */
const LN2_LARGE: f32 = 0.693359375;
const LN2_SMALL: f32 = -2.12194440e-4;
/** Below it e^x is no ordinary float32 any more: 0. */
const LEAST: f32 = -87;

// @ts-ignore: decorator
@inline
export function expNegative(x: v128): v128 {
  const shifted = f32x4.add(f32x4.mul(x, f32x4.splat(LOG2_E)), f32x4.splat(ROUNDER));
  const k = f32x4.sub(shifted, f32x4.splat(ROUNDER));
  const r = f32x4.sub(
    f32x4.sub(x, f32x4.mul(k, f32x4.splat(LN2_LARGE))),
    f32x4.mul(k, f32x4.splat(LN2_SMALL)),
  );
  let p = f32x4.splat(1.0 / 5040);
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.0 / 720));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.0 / 120));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.0 / 24));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.0 / 6));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(0.5));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1));
  const power = i32x4.add(p, i32x4.shl(shifted, 23));
  const seen = v128.and(power, f32x4.ge(x, f32x4.splat(LEAST)));
  return v128.bitselect(x, seen, f32x4.ne(x, x)); // NaN stays NaN
}
