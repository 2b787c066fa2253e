/*
 * Metrics are for people: how good is it, in words they use. Nothing is learned from them, so they need no slope.
 */
import { ShapeError } from "./errors";
import { type Matrix, requireSameShape } from "./matrix";

/** A number to read beside the loss. */
export type Metric = (prediction: Matrix, target: Matrix) => number;

/**
 * Share of examples on the right side of `threshold`, from 0 to 1. An example is right when each of its entries is.
 * @param prediction probabilities, (outputs × m)
 * @param target labels 0 or 1, same shape
 */
export function binaryAccuracy(prediction: Matrix, target: Matrix, threshold = 0.5): number {
  requireSameShape("binaryAccuracy", prediction, target);
  if (prediction.columns === 0)
    throw new ShapeError("binaryAccuracy: expected at least one example, got none.");
  const { rows, columns } = prediction;
  let right = 0;
  for (let j = 0; j < columns; j++) {
    let agrees = true;
    for (let i = 0; i < rows; i++) {
      const at = i * columns + j;
      if (prediction.data[at] > threshold !== target.data[at] > threshold) agrees = false;
    }
    if (agrees) right += 1;
  }
  return right / columns;
}
