/*
 * Our activation functions in TensorFlow.js's own operations, so that its automatic differentiation, not our
 * formula, says what their slopes are.
 */
import type { Tensor2D } from "@tensorflow/tfjs";
import { type ActivationFunction, linear, relu, sigmoid, ValueError } from "../index";
import type { TensorFlow } from "./backend";

/** The same function on a tensor; entry by entry, unless said otherwise. */
type TensorFunction = (tf: TensorFlow, z: Tensor2D) => Tensor2D;

const COUNTERPARTS = new Map<ActivationFunction, TensorFunction>([
  [linear, (_tf, z) => z.clone()],
  [relu, (tf, z) => tf.relu(z)],
  [sigmoid, (tf, z) => tf.sigmoid(z)],
]);

/** @throws ValueError when TensorFlow.js has no counterpart that we know of */
export function mirrorActivation(activation: ActivationFunction): TensorFunction {
  const counterpart = COUNTERPARTS.get(activation);
  if (counterpart === undefined) {
    throw new ValueError(
      `mirror: no TensorFlow.js counterpart is known for the activation "${activation.name}".`,
    );
  }
  return counterpart;
}
