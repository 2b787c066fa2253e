/*
 * Our losses in TensorFlow.js's own operations: the same definition, and the slope left to its autodiff. A mean
 * over examples, so `weights` (one an example) multiply before the mean, as ours do.
 */
import type { Scalar, Tensor2D } from "@tensorflow/tfjs";
import { binaryCrossEntropy, binaryCrossEntropyFromLogits, type Loss, ValueError } from "../index";
import type { TensorFlow } from "./backend";

/** A loss in TensorFlow.js: predictions and targets [m, outputs], weights [m, 1] or a scalar 1. */
export type TensorLoss = (
  tf: TensorFlow,
  prediction: Tensor2D,
  target: Tensor2D,
  weights: Tensor2D | Scalar,
) => Scalar;

/** The mean of w·terms over all entries. */
const weighted = (tf: TensorFlow, terms: Tensor2D, weights: Tensor2D | Scalar): Scalar =>
  tf.mean(tf.mul<Tensor2D>(terms, weights));

const COUNTERPARTS = new Map<Loss, TensorLoss>([
  [
    binaryCrossEntropy,
    // float32 has no number between 1 − 2⁻²⁴ and 1: a confident p rounds to 1, and 0·log(1 − p) would be NaN. So
    // neither p nor 1 − p is taken as less than the rounding itself. (A clip at 1 − 1e-15 would do nothing there.)
    (tf, p, y, w) => {
      const log = (x: Tensor2D): Tensor2D => tf.log(tf.maximum(x, 2 ** -24) as Tensor2D);
      const likelihood = tf.add(tf.mul(y, log(p)), tf.mul(tf.sub(1, y), log(tf.sub(1, p))));
      return weighted(tf, tf.neg(likelihood) as Tensor2D, w);
    },
  ],
  [
    binaryCrossEntropyFromLogits,
    // log(1 + eᶻ) − z·y
    (tf, z, y, w) => weighted(tf, tf.sub<Tensor2D>(tf.softplus(z), tf.mul(z, y)), w),
  ],
]);

/** @throws ValueError when TensorFlow.js has no counterpart that we know of */
export function mirrorLoss(loss: Loss): TensorLoss {
  const counterpart = COUNTERPARTS.get(loss);
  if (counterpart === undefined) {
    throw new ValueError(
      `mirror: no TensorFlow.js counterpart is known for the loss "${loss.name}". ` +
        "Give one as { referenceLoss: (tf, prediction, target) => … }.",
    );
  }
  return counterpart;
}
