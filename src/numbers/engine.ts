/*
 * An engine computes: the passes over many numbers that take the time of a training step. Layers, losses and optimizers
 * ask it and never see which one it is. There are two: plain loops, and SIMD kernels in WebAssembly (in float64 or
 * float32, on one thread or several). In float64 both give the same bits, because both add in one order; see
 * docs/engines.md.
 */
import type { AttentionOptions } from "./kernels/attention";
import type { Matrix } from "./matrix";

export type { AttentionOptions } from "./kernels/attention";

/** What a product does besides multiplying; left out: nothing. */
export interface ProductOptions {
  /** The first factor is used turned. */
  readonly turnLeft?: boolean;
  /** The second factor is used turned. */
  readonly turnRight?: boolean;
  /** Goes on adding to what stands in the result, as gradients do, instead of beginning at 0. */
  readonly add?: boolean;
  /** (rows × 1), added to every column after the sum. */
  readonly bias?: Matrix;
  /** max(·, 0), after the bias. NaN stays NaN. */
  readonly relu?: boolean;
}

/** The numbers of one step of Adam: w ← w − rate·m/(√(v/correction2) + ε). */
export interface AdamNumbers {
  /** η/(1 − β₁ᵗ), or η where nothing is corrected. */
  readonly rate: number;
  readonly beta1: number;
  readonly beta2: number;
  /** 1 − β₂ᵗ, or 1 where nothing is corrected. */
  readonly correction2: number;
  readonly epsilon: number;
}

/** Where matrices live, and what computes with them. Shapes have been checked by whoever asks. */
export interface Engine {
  /** For reports: "plain", "simd, float32, 2 threads". */
  readonly name: string;
  readonly precision: "float64" | "float32";
  /** rows × columns numbers in the engine's memory, contents undefined. */
  allocate(rows: number, columns: number): Matrix;
  /** Takes back what `allocate` gave; the matrix must not be used any more. */
  free(matrix: Matrix): void;
  /** Moves a matrix into the engine's memory, where it does not lie there yet. */
  adopt(matrix: Matrix): void;
  /** Moves an adopted matrix back into ordinary float64 memory. */
  release(matrix: Matrix): void;
  /** into = op(left)·op(right), with what `options` say. `into` is neither factor. */
  product(left: Matrix, right: Matrix, into: Matrix, options?: ProductOptions): void;
  /** into = max(z, 0), entry by entry. */
  relu(z: Matrix, into: Matrix): void;
  /** into = dA where a > 0, and 0 elsewhere; `a` is what the ReLU gave. */
  reluBackward(a: Matrix, dA: Matrix, into: Matrix): void;
  /** into = a + b, entry by entry. */
  add(a: Matrix, b: Matrix, into: Matrix): void;
  /** matrix = 0 */
  zero(matrix: Matrix): void;
  /**
   * GELU with tanh, and its way back, dZ = dA ⊙ its slope at z. False, and nothing done, where the activation's own loops
   * compute it; left out: always.
   */
  geluTanh?(z: Matrix, into: Matrix): boolean;
  geluTanhBackward?(z: Matrix, dA: Matrix, dZ: Matrix): boolean;
  /** into(r × 1) = the columns of from(r × c), added one after the other, to 0 or (`add`) to what stands there. */
  sumColumns(from: Matrix, into: Matrix, add?: boolean): void;
  /** into = the columns order[from … to − 1] of source. */
  pickColumns(source: Matrix, order: Int32Array, from: number, to: number, into: Matrix): void;
  /** One step of Adam: changes the weights w and both running means, m and v, by the gradient g. */
  adam(w: Matrix, g: Matrix, m: Matrix, v: Matrix, numbers: AdamNumbers): void;
  /**
   * O = the mean of the values that each token sees, head by head, and the weights of these means (longest sequence ×
   * heads·tokens, its rows rounded up to fours): see `plainAttention`, which is the definition. `room` is a buffer of
   * Q.rows × (tokens + 4·sequences).
   */
  attention(
    Q: Matrix,
    K: Matrix,
    V: Matrix,
    weights: Matrix,
    O: Matrix,
    room: Matrix,
    options: AttentionOptions,
  ): void;
  /** The way back: writes dQ, dK and dV. `slopes` is a buffer of the weights' shape. */
  attentionBackward(
    Q: Matrix,
    K: Matrix,
    V: Matrix,
    weights: Matrix,
    dO: Matrix,
    slopes: Matrix,
    dQ: Matrix,
    dK: Matrix,
    dV: Matrix,
    room: Matrix,
    options: AttentionOptions,
  ): void;
  /**
   * Layer normalisation of each column of x: writes x̂ (`normal`), 1/√(var + ε) (`inverse`, 1 × m) and γ ⊙ x̂ + β (`into`).
   * @returns false when a variance is no finite number
   */
  layerNorm(
    x: Matrix,
    gamma: Matrix,
    beta: Matrix,
    epsilon: number,
    normal: Matrix,
    inverse: Matrix,
    into: Matrix,
  ): boolean;
  /** The way back: adds to dγ and dβ, writes dX. */
  layerNormBackward(
    dY: Matrix,
    normal: Matrix,
    inverse: Matrix,
    gamma: Matrix,
    dGamma: Matrix,
    dBeta: Matrix,
    dX: Matrix,
  ): void;
  /**
   * Cross-entropy of logits against class numbers: Σ −log p, and the slope (p − y)/n of each logit. Left out, or undefined
   * in answer, where the loss's own loops compute it.
   */
  crossEntropy?(logits: Matrix, ids: Int32Array, n: number, slopes: Matrix): number | undefined;
  /** No NaN and no ∞? */
  allFinite(matrix: Matrix): boolean;
  /** Nor in the squares of the entries, in the engine's precision? */
  allSquaresFinite(matrix: Matrix): boolean;
  /** Releases all that is still adopted, and ends the engine's threads. */
  close(): void;
}
