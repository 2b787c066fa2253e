/*
 * The SIMD engine: matrices that lie in WebAssembly's memory, and kernels that compute with four float32 or two float64
 * numbers at a time. One line switches to it:
 *
 *   fit(network, { …, engine: await simd({ precision: "float32", threads: 2 }) })
 */
import type { AdamNumbers, AttentionOptions, Engine, ProductOptions } from "../../engine";
import { ValueError } from "../../errors";
import { Matrix, pickColumnsInto } from "../../matrix";
import { type OptionTable, oneOf, requireOptions, whole } from "../../options";
import { plain } from "../plain-engine";
import { type Precision, SimdKernels } from "./kernels";

export interface SimdEngineOptions {
  /** "float64" when left out: the same bits as the plain engine. "float32" is about twice as fast. */
  readonly precision?: Precision;
  /** Threads that share the large products, 1 when left out. Only Node has them: a page computes with one. */
  readonly threads?: number;
  /**
   * Megabytes of memory, all of them reserved at the start: 1024 when left out, at most 4096. Systems hand out a page of
   * it only when it is first used, so a large number costs little.
   */
  readonly reserve?: number;
}

const OPTIONS: OptionTable<SimdEngineOptions> = {
  precision: oneOf("float64", "float32"),
  threads: whole(1, 16),
  reserve: whole(8, 4096),
};

/**
 * The SIMD engine. Where WebAssembly or its vectors are missing, it is the plain engine, and a warning says so.
 * @throws ValueError for a precision that does not exist, threads or megabytes out of range, or a memory that the system
 *   does not give
 */
export async function simd(options: SimdEngineOptions = {}): Promise<Engine> {
  requireOptions("simd", options, OPTIONS);
  const { precision = "float64", threads = 1, reserve = 1024 } = options;
  let kernels: SimdKernels | undefined;
  try {
    kernels = await SimdKernels.start("simd", { precision, threads, reserve });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new ValueError(`simd: the system does not give ${reserve} MB of memory. Try a smaller reserve.`);
  }
  if (kernels === undefined) {
    warn("simd: this JavaScript engine has no WebAssembly with SIMD; the plain engine computes instead.");
    return plain;
  }
  if (kernels.threads < threads) {
    warn(`simd: there are no threads to share memory with here; one computes instead of ${threads}.`);
  }
  return new SimdEngine(kernels);
}

class SimdEngine implements Engine {
  readonly name: string;
  readonly precision: Precision;
  private readonly adopted = new Set<Matrix>();

  constructor(private readonly kernels: SimdKernels) {
    this.precision = kernels.precision;
    const threads = kernels.threads === 1 ? "" : `, ${kernels.threads} threads`;
    this.name = `simd, ${kernels.precision}${threads}`;
  }

  allocate(rows: number, columns: number): Matrix {
    return new Matrix(rows, columns, this.kernels.allocate(rows * columns));
  }

  free(matrix: Matrix): void {
    this.kernels.free(matrix.data);
  }

  adopt(matrix: Matrix): void {
    if (this.kernels.holds(matrix.data)) return;
    matrix.moveTo(this.kernels.allocate(matrix.size));
    this.adopted.add(matrix);
  }

  release(matrix: Matrix): void {
    if (!this.adopted.delete(matrix)) return;
    const { data } = matrix;
    matrix.moveTo(new Float64Array(matrix.size));
    this.kernels.free(data);
  }

  product(left: Matrix, right: Matrix, into: Matrix, options?: ProductOptions): void {
    const inner = options?.turnLeft ? left.rows : left.columns;
    this.kernels.product(
      into.rows,
      inner,
      into.columns,
      left.data,
      right.data,
      into.data,
      options?.turnLeft,
      options?.turnRight,
      options?.add,
      options?.bias?.data,
      options?.relu,
    );
  }

  relu(z: Matrix, into: Matrix): void {
    this.kernels.relu(z.data, into.data);
  }

  reluBackward(a: Matrix, dA: Matrix, into: Matrix): void {
    this.kernels.reluBackward(a.data, dA.data, into.data);
  }

  add(a: Matrix, b: Matrix, into: Matrix): void {
    this.kernels.add(a.data, b.data, into.data);
  }

  zero(matrix: Matrix): void {
    this.kernels.zero(matrix.data);
  }

  geluTanh(z: Matrix, into: Matrix): boolean {
    return this.kernels.geluTanh(z.data, into.data);
  }

  geluTanhBackward(z: Matrix, dA: Matrix, dZ: Matrix): boolean {
    return this.kernels.geluTanhBackward(z.data, dA.data, dZ.data);
  }

  sumColumns(from: Matrix, into: Matrix, add = false): void {
    this.kernels.sumColumns(from.rows, from.columns, from.data, into.data, add);
  }

  pickColumns(source: Matrix, order: Int32Array, from: number, to: number, into: Matrix): void {
    if (!this.kernels.pickColumns(source.rows, source.data, order, from, to, into.data)) {
      pickColumnsInto(source, order, from, to, into);
    }
  }

  adam(w: Matrix, g: Matrix, m: Matrix, v: Matrix, numbers: AdamNumbers): void {
    this.kernels.adam(w.data, g.data, m.data, v.data, numbers);
  }

  attention(
    Q: Matrix,
    K: Matrix,
    V: Matrix,
    weights: Matrix,
    O: Matrix,
    room: Matrix,
    options: AttentionOptions,
  ): void {
    const [q, k, v, a] = [Q.data, K.data, V.data, weights.data];
    if (this.kernels.attention(Q.rows, weights.rows, options, room.data, q, k, v, a, O.data)) return;
    plain.attention(Q, K, V, weights, O, room, options);
  }

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
  ): void {
    const done = this.kernels.attentionBackward(
      Q.rows,
      weights.rows,
      options,
      room.data,
      Q.data,
      K.data,
      V.data,
      weights.data,
      dO.data,
      slopes.data,
      dQ.data,
      dK.data,
      dV.data,
    );
    if (!done) plain.attentionBackward(Q, K, V, weights, dO, slopes, dQ, dK, dV, room, options);
  }

  layerNorm(
    x: Matrix,
    gamma: Matrix,
    beta: Matrix,
    epsilon: number,
    normal: Matrix,
    inverse: Matrix,
    into: Matrix,
  ): boolean {
    const [g, b, out] = [gamma.data, beta.data, into.data];
    return this.kernels.layerNorm(x.rows, x.columns, x.data, g, b, epsilon, normal.data, inverse.data, out);
  }

  layerNormBackward(
    dY: Matrix,
    normal: Matrix,
    inverse: Matrix,
    gamma: Matrix,
    dGamma: Matrix,
    dBeta: Matrix,
    dX: Matrix,
  ): void {
    this.kernels.layerNormBackward(
      dY.rows,
      dY.columns,
      dY.data,
      normal.data,
      inverse.data,
      gamma.data,
      dGamma.data,
      dBeta.data,
      dX.data,
    );
  }

  crossEntropy(logits: Matrix, ids: Int32Array, n: number, slopes: Matrix): number | undefined {
    return this.kernels.crossEntropy(logits.rows, logits.columns, logits.data, ids, n, slopes.data);
  }

  allFinite(matrix: Matrix): boolean {
    return this.kernels.allFinite(matrix.data);
  }

  allSquaresFinite(matrix: Matrix): boolean {
    return this.kernels.allSquaresFinite(matrix.data);
  }

  close(): void {
    for (const matrix of this.adopted) this.release(matrix);
    this.kernels.close();
  }
}

/** Says a word where there is a console; the library itself knows none. */
function warn(text: string): void {
  (globalThis as { console?: { warn(text: string): void } }).console?.warn(text);
}
