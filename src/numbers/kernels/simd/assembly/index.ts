/*
 * What the module exports: every kernel in float32 and in float64. Matrices are given as addresses.
 */
import * as elements from "./elements";
import { limit } from "./limit";
import { product } from "./product";

export { useScratch } from "./product";

export function product32(m: i32, n: i32, k: i32, a: usize, lda: i32, b: usize, ldb: i32, c: usize, ldc: i32, bias: usize, flags: i32): void {
  product<f32>(m, n, k, a, lda, b, ldb, c, ldc, bias, flags);
}
export function product64(m: i32, n: i32, k: i32, a: usize, lda: i32, b: usize, ldb: i32, c: usize, ldc: i32, bias: usize, flags: i32): void {
  product<f64>(m, n, k, a, lda, b, ldb, c, ldc, bias, flags);
}

export function relu32(n: i32, z: usize, out: usize): void {
  elements.relu<f32>(n, z, out);
}
export function relu64(n: i32, z: usize, out: usize): void {
  elements.relu<f64>(n, z, out);
}

export function reluBackward32(n: i32, a: usize, dA: usize, dZ: usize): void {
  elements.reluBackward<f32>(n, a, dA, dZ);
}
export function reluBackward64(n: i32, a: usize, dA: usize, dZ: usize): void {
  elements.reluBackward<f64>(n, a, dA, dZ);
}

export function sumColumns32(r: i32, c: i32, a: usize, out: usize, add: i32): void {
  elements.sumColumns<f32>(r, c, a, out, add);
}
export function sumColumns64(r: i32, c: i32, a: usize, out: usize, add: i32): void {
  elements.sumColumns<f64>(r, c, a, out, add);
}

export function allFinite32(n: i32, x: usize): i32 {
  return elements.allFinite<f32>(n, x);
}
export function allFinite64(n: i32, x: usize): i32 {
  return elements.allFinite<f64>(n, x);
}

export function allSquaresFinite32(n: i32, x: usize): i32 {
  return elements.allSquaresFinite<f32>(n, x);
}
export function allSquaresFinite64(n: i32, x: usize): i32 {
  return elements.allSquaresFinite<f64>(n, x);
}

export function adam32(n: i32, w: usize, g: usize, m: usize, v: usize, rate: f32, beta1: f32, fresh1: f32, beta2: f32, fresh2: f32, correction2: f32, epsilon: f32): void {
  elements.adam<f32>(n, w, g, m, v, rate, beta1, fresh1, beta2, fresh2, correction2, epsilon);
}
export function adam64(n: i32, w: usize, g: usize, m: usize, v: usize, rate: f64, beta1: f64, fresh1: f64, beta2: f64, fresh2: f64, correction2: f64, epsilon: f64): void {
  elements.adam<f64>(n, w, g, m, v, rate, beta1, fresh1, beta2, fresh2, correction2, epsilon);
}

export function limit32(times: i32, factor: f32, term: f32): f32 {
  return limit<f32>(times, factor, term);
}
export function limit64(times: i32, factor: f64, term: f64): f64 {
  return limit<f64>(times, factor, term);
}
