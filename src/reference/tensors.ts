/*
 * The border. Here a column is an example; in TensorFlow.js a row is. So every matrix that crosses, data, weights
 * or gradients, is transposed, here and nowhere else: our W (outputs × inputs) is its kernel [inputs, outputs],
 * our b (outputs × 1) is its [1, outputs], and Z = W·X + b becomes z = x·kernel + b.
 */
import type { Tensor, Tensor2D } from "@tensorflow/tfjs";
import { Matrix, ShapeError } from "../index";
import { reference } from "./backend";

/** (r × c) → a float32 tensor [c, r]. */
export function toTensor(matrix: Matrix): Tensor2D {
  const turned = matrix.transpose();
  return reference().tf.tensor2d(Float32Array.from(turned.data), [turned.rows, turned.columns]);
}

/** A tensor [c, r] → (r × c), in float64 from here on. */
export function toMatrix(tensor: Tensor): Matrix {
  if (tensor.rank !== 2) {
    throw new ShapeError(`toMatrix: expected a tensor of rank 2, got shape [${tensor.shape.join(", ")}].`);
  }
  const [rows, columns] = tensor.shape as [number, number];
  return new Matrix(rows, columns, Float64Array.from(tensor.dataSync())).transpose();
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
