/* The price of large weights in TensorFlow.js, computed by its own regularizers. */
import type { Scalar, Variable } from "@tensorflow/tfjs";
import { type Regularizer, ValueError } from "../index";
import type { TensorFlow } from "./backend";
import type { Mirror } from "./mirror";

/** What a regularizer of ours asks for the mirror's variables. */
export type TensorPenalty = (tf: TensorFlow, twin: Mirror) => Scalar;

/**
 * A regularizer of ours on tensors. Like ours, it asks only parameters that decay.
 * @throws ValueError for one that is not made by `l1`, `l2` or `l1l2`
 */
export function mirrorRegularizer(regularizer: Regularizer): TensorPenalty {
  const { name, strengths } = regularizer;
  if (strengths === undefined) {
    throw new ValueError(
      `mirror: no TensorFlow.js counterpart is known for the regularizer "${name}"; expected l1, l2 or l1l2.`,
    );
  }
  return (tf, twin) => {
    const theirs = tf.regularizers.l1l2({ l1: strengths.absolute, l2: strengths.square });
    let total: Scalar = tf.scalar(0);
    for (const [parameter, variable] of twin.variables) {
      if (parameter.decays !== false) total = tf.add(total, theirs.apply(variable as Variable));
    }
    return total;
  };
}
