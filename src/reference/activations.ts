/*
 * Our activation functions in TensorFlow.js's own operations, so that its automatic differentiation, not our
 * formula, says what their slopes are. They are found by name, so a function of yours that is called "sigmoid"
 * is held against TensorFlow.js's sigmoid.
 */
import type { Tensor2D } from "@tensorflow/tfjs";
import { type ActivationFunction, ValueError } from "../index";
import type { TensorFlow } from "./backend";

type Settings = Readonly<Record<string, number>>;

/** The same function on a tensor; entry by entry. */
type TensorFunction = (tf: TensorFlow, z: Tensor2D, settings: Settings) => Tensor2D;

const COUNTERPARTS: Readonly<Record<string, TensorFunction>> = {
  step: (tf, z) => tf.step(z),
  linear: (_tf, z) => z.clone(),
  sigmoid: (tf, z) => tf.sigmoid(z),
  tanh: (tf, z) => tf.tanh(z),
  ReLU: (tf, z) => tf.relu(z),
  "leaky ReLU": (tf, z, { alpha }) => tf.leakyRelu(z, alpha),
  // tf.elu knows alpha = 1 only
  ELU: (tf, z, { alpha }) => tf.add(tf.relu(z), tf.mul(alpha, tf.expm1(tf.minimum(z, 0)))),
  // TensorFlow.js has no GELU; this is its definition, z·½(1 + erf(z/√2)), on TensorFlow.js's error function
  GELU: (tf, z) => tf.mul(z, tf.mul(0.5, tf.add(1, tf.erf(tf.mul(z, Math.SQRT1_2))))),
  "GELU (tanh)": (tf, z) => {
    const u = tf.mul(Math.sqrt(2 / Math.PI), tf.add(z, tf.mul(0.044715, tf.pow(z, 3))));
    return tf.mul(tf.mul(0.5, z), tf.add(1, tf.tanh(u)));
  },
  softplus: (tf, z) => tf.softplus(z),
};

/**
 * An activation of ours on tensors.
 * @throws ValueError when TensorFlow.js has no counterpart that we know of
 */
export function mirrorActivation(activation: ActivationFunction): (tf: TensorFlow, z: Tensor2D) => Tensor2D {
  const counterpart = Object.hasOwn(COUNTERPARTS, activation.name)
    ? COUNTERPARTS[activation.name]
    : undefined;
  if (counterpart === undefined) {
    throw new ValueError(
      `mirror: no TensorFlow.js counterpart is known for the activation "${activation.name}".`,
    );
  }
  return (tf, z) => counterpart(tf, z, activation.settings ?? {});
}
