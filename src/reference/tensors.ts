/*
 * The border. Here a column is an example; in TensorFlow.js a row is. So every matrix that crosses, data, weights
 * or gradients, is transposed, here and nowhere else: our W (outputs × inputs) is its kernel [inputs, outputs],
 * our b (outputs × 1) is its [1, outputs], and Z = W·X + b becomes z = x·kernel + b.
 * In memory nothing moves: our columns lie one after the other, its rows do, so both are the same numbers in one order.
 */
import type { NamedTensorMap, Scalar, Tensor, Tensor2D, Variable } from "@tensorflow/tfjs";
import { type Ids, Matrix, ShapeError, ValueError } from "../index";
import { reference } from "./backend";

/** (r × c) → a float32 tensor [c, r]. */
export function toTensor(matrix: Matrix): Tensor2D {
  return reference().tf.tensor2d(new Float32Array(matrix.data), [matrix.columns, matrix.rows]);
}

/** Class numbers as one-hot columns, (classes × m). */
export function oneHotColumns(ids: Ids, classes: number): Matrix {
  return new Matrix(classes, ids.length).map((_, i, j) => (ids.data[j] === i ? 1 : 0));
}

/** A tensor [c, r] → (r × c), in float64 from here on. */
export function toMatrix(tensor: Tensor): Matrix {
  if (tensor.rank !== 2) {
    throw new ShapeError(`toMatrix: expected a tensor of rank 2, got shape [${tensor.shape.join(", ")}].`);
  }
  const [rows, columns] = tensor.shape as [number, number];
  return new Matrix(columns, rows, Float64Array.from(tensor.dataSync()));
}

/**
 * tf.variableGrads that leaves nothing behind when `f` throws. TensorFlow.js keeps tensors for the way back, and frees
 * them only there: so an error waits until the way back is done.
 */
export function slopesOf(
  f: () => Scalar,
  variables: Variable[],
): { readonly value: Scalar; readonly grads: NamedTensorMap } {
  const { tf } = reference();
  let failure: { readonly error: unknown } | undefined;
  const found = tf.variableGrads(() => {
    try {
      const value = f();
      if (value?.rank === 0) return value;
      throw new ValueError("mirror: expected the loss in TensorFlow.js operations to return a scalar.");
    } catch (error) {
      failure = { error };
      return tf.sum(variables[0]);
    }
  }, variables);
  if (failure !== undefined) throw failure.error;
  return found;
}

/** Runs `work` and frees every tensor it made: tf.tidy for work that returns numbers and matrices. */
export function scoped<T>(work: () => T): T {
  const engine = reference().tf.engine();
  engine.startScope();
  try {
    return work();
  } finally {
    engine.endScope();
  }
}
