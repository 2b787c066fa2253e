/*
 * GELU in float32, as activations/gelu-tanh.ts writes it: z·σ(2u) with u = √(2/π)·(z + 0.044715·z³), and its slope.
 */
import { expNegative } from "./exp";

const SCALE: f32 = 0.7978845608028654; // √(2/π)
const CUBIC: f32 = 0.044715;

/** σ(2u) */
// @ts-ignore: decorator
@inline
function gate(z: v128): v128 {
  const cube = f32x4.mul(f32x4.mul(f32x4.mul(f32x4.splat(CUBIC), z), z), z);
  const u = f32x4.mul(f32x4.splat(SCALE), f32x4.add(z, cube));
  const one = f32x4.splat(1);
  const e = expNegative(f32x4.mul(f32x4.splat(-2), f32x4.abs(u)));
  return f32x4.div(v128.bitselect(one, e, f32x4.ge(u, f32x4.splat(0))), f32x4.add(one, e));
}

// @ts-ignore: decorator
@inline
function slope(z: v128): v128 {
  const g = gate(z);
  const one = f32x4.splat(1);
  const bend = f32x4.mul(g, f32x4.sub(one, g));
  const inner = f32x4.mul(
    f32x4.splat(2 * SCALE),
    f32x4.add(one, f32x4.mul(f32x4.mul(f32x4.splat(3 * CUBIC), z), z)),
  );
  const bent = f32x4.add(g, f32x4.mul(f32x4.mul(z, bend), inner));
  return v128.bitselect(g, bent, f32x4.eq(bend, f32x4.splat(0))); // far out u′ may have overflowed
}

export function geluTanh(n: i32, z: usize, out: usize): void {
  let left = n;
  for (; left >= 4; left -= 4) {
    const x = v128.load(z);
    v128.store(out, f32x4.mul(x, gate(x)));
    z += 16;
    out += 16;
  }
  for (; left > 0; left--) {
    const x = v128.load32_splat(z);
    store<f32>(out, f32x4.extract_lane(f32x4.mul(x, gate(x)), 0));
    z += 4;
    out += 4;
  }
}

/** dZ = dA ⊙ slope(z) */
export function geluTanhBackward(n: i32, z: usize, dA: usize, dZ: usize): void {
  let left = n;
  for (; left >= 4; left -= 4) {
    v128.store(dZ, f32x4.mul(v128.load(dA), slope(v128.load(z))));
    z += 16;
    dA += 16;
    dZ += 16;
  }
  for (; left > 0; left--) {
    store<f32>(dZ, load<f32>(dA) * f32x4.extract_lane(slope(v128.load32_splat(z)), 0));
    z += 4;
    dA += 4;
    dZ += 4;
  }
}
