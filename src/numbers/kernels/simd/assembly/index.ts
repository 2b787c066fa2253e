/*
 * What the module exports: every kernel in float32 and in float64. Matrices are given as addresses.
 */
import { attention, attentionBackward } from "./attention";
import { crossEntropy } from "./cross-entropy";
import * as elements from "./elements";
import { geluTanh, geluTanhBackward } from "./gelu";
import * as norm from "./layer-norm";
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

export function add32(n: i32, a: usize, b: usize, out: usize): void {
  elements.add<f32>(n, a, b, out);
}
export function add64(n: i32, a: usize, b: usize, out: usize): void {
  elements.add<f64>(n, a, b, out);
}

export function zero32(n: i32, x: usize): void {
  elements.zero<f32>(n, x);
}
export function zero64(n: i32, x: usize): void {
  elements.zero<f64>(n, x);
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

export function layerNorm32(n: i32, m: i32, x: usize, gamma: usize, beta: usize, epsilon: f32, normal: usize, inverse: usize, out: usize): i32 {
  return norm.layerNorm<f32>(n, m, x, gamma, beta, epsilon, normal, inverse, out);
}
export function layerNorm64(n: i32, m: i32, x: usize, gamma: usize, beta: usize, epsilon: f64, normal: usize, inverse: usize, out: usize): i32 {
  return norm.layerNorm<f64>(n, m, x, gamma, beta, epsilon, normal, inverse, out);
}

export function layerNormBackward32(n: i32, m: i32, dY: usize, normal: usize, inverse: usize, gamma: usize, dGamma: usize, dBeta: usize, dX: usize): void {
  norm.layerNormBackward<f32>(n, m, dY, normal, inverse, gamma, dGamma, dBeta, dX);
}
export function layerNormBackward64(n: i32, m: i32, dY: usize, normal: usize, inverse: usize, gamma: usize, dGamma: usize, dBeta: usize, dX: usize): void {
  norm.layerNormBackward<f64>(n, m, dY, normal, inverse, gamma, dGamma, dBeta, dX);
}

// What takes powers of e is in float32 alone: in float64 they are JavaScript's, the same on every engine.
export function attention32(sFrom: i32, sTo: i32, list: usize): void {
  attention(sFrom, sTo, list);
}
export function attentionBackward32(sFrom: i32, sTo: i32, list: usize): void {
  attentionBackward(sFrom, sTo, list);
}
export function crossEntropy32(rows: i32, m: i32, z: usize, ids: usize, share: f32, slopes: usize, sums: usize, below: usize): void {
  crossEntropy(rows, m, z, ids, share, slopes, sums, below);
}
export function geluTanh32(n: i32, z: usize, out: usize): void {
  geluTanh(n, z, out);
}
export function geluTanhBackward32(n: i32, z: usize, dA: usize, dZ: usize): void {
  geluTanhBackward(n, z, dA, dZ);
}
