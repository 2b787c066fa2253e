/*
 * Our losses in TensorFlow.js's own operations: the same definition, and the slope left to its autodiff. They are
 * found by name, so a function of yours that is called `meanSquaredError` is held against theirs.
 *
 * tf.losses is not used: its default mean divides by the number of weights that are not 0, and its logLoss adds 1e-7
 * inside the logarithm. Here weights (one an example) make a weighted mean, Σ w·l/Σ w, as ours do.
 */
import type { Scalar, Tensor, Tensor2D } from "@tensorflow/tfjs";
import { type Loss, ValueError } from "../index";
import type { TensorFlow } from "./backend";

/** A loss in TensorFlow.js: predictions and targets [m, outputs], weights [m, 1], or a scalar 1 for none. */
export type TensorLoss = (
  tf: TensorFlow,
  prediction: Tensor2D,
  target: Tensor2D,
  weights: Tensor2D | Scalar,
) => Scalar;

/** What a loss costs at each entry; the mean over all entries is the loss. */
type Terms = (tf: TensorFlow, prediction: Tensor2D, target: Tensor2D, loss: Loss) => Tensor;

const BY_ENTRY: Readonly<Record<string, Terms>> = {
  meanSquaredError: (tf, p, y) => tf.square(tf.sub(p, y)),
  meanAbsoluteError: (tf, p, y) => tf.abs(tf.sub(p, y)),
  // the bowl ½·q² with q = min(|e|, δ), then the walls δ·(|e| − q)
  huberLoss: (tf, p, y, loss) => {
    const delta = settingOf(loss, "delta");
    const size = tf.abs(tf.sub(p, y));
    const inside = tf.minimum(size, delta);
    return tf.add(tf.mul(0.5, tf.square(inside)), tf.mul(delta, tf.sub(size, inside)));
  },
  hinge: (tf, p, y) => tf.relu(tf.sub(1, tf.mul(y, p))),
  binaryCrossEntropy: (tf, p, y) =>
    tf.neg(tf.add(tf.mul(y, log(tf, p)), tf.mul(tf.sub(1, y), log(tf, tf.sub(1, p))))),
  // log(1 + eᶻ) − z·y
  binaryCrossEntropyFromLogits: (tf, z, y) => tf.sub(tf.softplus(z), tf.mul(z, y)),
};

/** What a loss costs for each example, [m, 1]; the mean over the examples is the loss. */
const BY_EXAMPLE: Readonly<Record<string, Terms>> = {
  categoricalCrossEntropy: (tf, p, y) => tf.neg(tf.sum(tf.mul(y, log(tf, p)), 1, true)),
  categoricalCrossEntropyFromLogits: (tf, z, y) => tf.neg(tf.sum(tf.mul(y, tf.logSoftmax(z)), 1, true)),
};

/**
 * float32 has no number between 1 − 2⁻²⁴ and 1: a confident p rounds to 1, and 0·log(1 − p) would be NaN. So no
 * logarithm is taken of less than that rounding. (A clip at 1 − 1e-15 would do nothing there.)
 */
function log(tf: TensorFlow, x: Tensor): Tensor {
  return tf.log(tf.maximum(x, 2 ** -24));
}

/**
 * A loss of ours on tensors.
 * @throws ValueError when TensorFlow.js has no counterpart that we know of
 */
export function mirrorLoss(loss: Loss): TensorLoss {
  const name = typeof loss === "function" ? loss.name : String(loss);
  const terms = own(BY_ENTRY, name) ?? own(BY_EXAMPLE, name);
  if (terms === undefined) {
    throw new ValueError(
      `mirror: no TensorFlow.js counterpart is known for the loss "${name}". ` +
        "Give one as { referenceLoss: (tf, prediction, target) => … }.",
    );
  }
  return (tf, prediction, target, weights) => {
    const all = terms(tf, prediction, target, loss);
    return tf.div(tf.sum(tf.mul(all, weights)), tf.sum(tf.mul(tf.onesLike(all), weights))) as Scalar;
  };
}

function own<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

/** What a loss was made with, which it carries as a property: `huber(2).delta`. */
function settingOf(loss: Loss, name: string): number {
  const value = (loss as unknown as Record<string, unknown>)[name];
  if (typeof value !== "number") {
    throw new ValueError(`mirror: the loss "${loss.name}" does not say its ${name}.`);
  }
  return value;
}
