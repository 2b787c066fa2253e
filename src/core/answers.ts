/*
 * What functions of the reader's own must return. A loss, a layer or a metric may be written in a notebook cell, and the
 * commonest slip there is a missing half of the answer: the loss without its slope, the output without the way back. It is
 * told at once and by name, not three calls later as "undefined is not iterable".
 */

import { describe, ShapeError, ValueError } from "../numbers/errors";
import { Matrix } from "../numbers/matrix";
import type { Backward, Layer, Loss, LossOptions, Pass } from "./core";

/** Calls a loss, and throws ValueError or ShapeError unless it returns a number and a slope of the prediction's shape. */
export function askLoss(
  owner: string,
  loss: Loss,
  prediction: Matrix,
  target: Matrix,
  options?: LossOptions,
): readonly [loss: number, dPrediction: Matrix] {
  const answer: unknown = loss(prediction, target, options);
  if (!Array.isArray(answer) || typeof answer[0] !== "number" || !(answer[1] instanceof Matrix)) {
    throw new ValueError(
      `${owner}: expected the loss "${loss.name}" to return [loss, dPrediction], a number and a Matrix, ` +
        `got ${describeAnswer(answer)}.`,
    );
  }
  const [value, slope] = answer as [number, Matrix];
  if (slope.rows !== prediction.rows || slope.columns !== prediction.columns) {
    throw new ShapeError(
      `${owner}: expected the loss "${loss.name}" to return a slope of ${prediction.shape}, as its prediction, ` +
        `got ${slope.shape}.`,
    );
  }
  return [value, slope];
}

/** Runs a layer, and throws ValueError unless it returns its output and the way back. */
export function askLayer(
  layer: Layer,
  input: Matrix,
  pass?: Pass,
): readonly [output: Matrix, backward: Backward] {
  const answer: unknown = layer.forward(input, pass);
  if (!Array.isArray(answer) || !(answer[0] instanceof Matrix) || typeof answer[1] !== "function") {
    throw new ValueError(
      `Layer "${String(layer.name)}": expected its forward pass to return [output, backward], a Matrix and a function, ` +
        `got ${describeAnswer(answer)}.`,
    );
  }
  return answer as [Matrix, Backward];
}

/** Asks a metric, and throws ValueError when the answer is not a number. */
export function askMetric(
  owner: string,
  name: string,
  metric: (prediction: Matrix, target: Matrix) => number,
  prediction: Matrix,
  target: Matrix,
): number {
  const answer: unknown = metric(prediction, target);
  if (typeof answer === "number" && !Number.isNaN(answer)) return answer;
  throw new ValueError(
    `${owner}: expected the metric "${name}" to return a number, got ${describe(answer)}.`,
  );
}

function describeAnswer(answer: unknown): string {
  return Array.isArray(answer) ? `[${answer.slice(0, 3).map(describe).join(", ")}]` : describe(answer);
}
