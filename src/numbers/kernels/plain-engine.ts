/*
 * The plain engine: readable loops over arrays, in float64. It is what computes when nobody asks for anything else.
 */
import type { AdamNumbers, AttentionOptions, Engine, ProductOptions } from "../engine";
import { Matrix, pickColumnsInto } from "../matrix";
import { plainAttention, plainAttentionBackward } from "./attention";
import { plainLayerNorm, plainLayerNormBackward } from "./layer-norm";
import { addColumns, plainProduct, reluBackward } from "./plain";

class PlainEngine implements Engine {
  readonly name = "plain";
  readonly precision = "float64";

  allocate(rows: number, columns: number): Matrix {
    return new Matrix(rows, columns);
  }

  // A matrix lives in ordinary memory anyway, and the garbage collector takes it back.
  free(): void {}
  adopt(): void {}
  release(): void {}
  close(): void {}

  product(left: Matrix, right: Matrix, into: Matrix, options?: ProductOptions): void {
    const inner = options?.turnLeft ? left.rows : left.columns;
    const rest = options === undefined ? undefined : { ...options, bias: options.bias?.data };
    plainProduct(into.rows, inner, into.columns, left.data, right.data, into.data, rest);
  }

  relu({ data: z }: Matrix, { data: into }: Matrix): void {
    for (let i = 0; i < z.length; i++) into[i] = Math.max(z[i], 0);
  }

  reluBackward({ data: a }: Matrix, { data: dA }: Matrix, { data: into }: Matrix): void {
    reluBackward(a, dA, into);
  }

  add({ data: a }: Matrix, { data: b }: Matrix, { data: into }: Matrix): void {
    for (let i = 0; i < a.length; i++) into[i] = a[i] + b[i];
  }

  zero({ data }: Matrix): void {
    data.fill(0);
  }

  sumColumns(from: Matrix, into: Matrix, add = false): void {
    if (!add) into.data.fill(0);
    addColumns(from.rows, from.columns, from.data, into.data);
  }

  pickColumns(source: Matrix, order: Int32Array, from: number, to: number, into: Matrix): void {
    pickColumnsInto(source, order, from, to, into);
  }

  adam(
    { data: w }: Matrix,
    { data: g }: Matrix,
    { data: m }: Matrix,
    { data: v }: Matrix,
    numbers: AdamNumbers,
  ): void {
    const { rate, beta1, beta2, correction2, epsilon } = numbers;
    for (let i = 0; i < w.length; i++) {
      const slope = g[i];
      const mean = beta1 * m[i] + (1 - beta1) * slope;
      const square = beta2 * v[i] + (1 - beta2) * (slope * slope);
      m[i] = mean;
      v[i] = square;
      w[i] = w[i] - (rate * mean) / (Math.sqrt(square / correction2) + epsilon);
    }
  }

  attention(
    Q: Matrix,
    K: Matrix,
    V: Matrix,
    weights: Matrix,
    O: Matrix,
    _room: Matrix,
    options: AttentionOptions,
  ): void {
    plainAttention(Q.rows, weights.rows, Q.data, K.data, V.data, weights.data, O.data, options);
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
    _room: Matrix,
    options: AttentionOptions,
  ): void {
    plainAttentionBackward(
      Q.rows,
      weights.rows,
      Q.data,
      K.data,
      V.data,
      weights.data,
      dO.data,
      slopes.data,
      dQ.data,
      dK.data,
      dV.data,
      options,
    );
  }

  layerNorm(
    { rows, columns, data: x }: Matrix,
    gamma: Matrix,
    beta: Matrix,
    epsilon: number,
    normal: Matrix,
    inverse: Matrix,
    into: Matrix,
  ): boolean {
    const [g, b, out] = [gamma.data, beta.data, into.data];
    return plainLayerNorm(rows, columns, x, g, b, epsilon, normal.data, inverse.data, out);
  }

  layerNormBackward(
    { rows, columns, data: dY }: Matrix,
    normal: Matrix,
    inverse: Matrix,
    gamma: Matrix,
    dGamma: Matrix,
    dBeta: Matrix,
    dX: Matrix,
  ): void {
    plainLayerNormBackward(
      rows,
      columns,
      dY,
      normal.data,
      inverse.data,
      gamma.data,
      dGamma.data,
      dBeta.data,
      dX.data,
    );
  }

  allFinite({ data }: Matrix): boolean {
    let zero = 0; // x − x is 0 for a finite x, and NaN otherwise
    for (let i = 0; i < data.length; i++) zero += data[i] - data[i];
    return zero === 0;
  }

  allSquaresFinite({ data }: Matrix): boolean {
    let zero = 0;
    for (let i = 0; i < data.length; i++) {
      const square = data[i] * data[i];
      zero += square - square;
    }
    return zero === 0;
  }
}

/** The one plain engine: it has no memory of its own, so one is enough. */
export const plain: Engine = new PlainEngine();
