/*
 * Our optimizers over there: TensorFlow.js's own (tf.train.…) wherever one computes the same formula, with every
 * constant spelled out, because its defaults differ from everyone's; a few lines of its operations otherwise.
 *
 * What differs there, and is seen to here:
 * - Adam keeps the powers of β in float32; 1 − β₂ᵗ then starts with a relative error of about 6e-6.
 * - RMSProp and AdaGrad put ε inside the root, and AdaGrad's ε is fixed at 1e-7 and its sum begins with 0.1.
 * - There is no AdamW.
 */
import type { NamedTensorMap, Tensor, Optimizer as TensorOptimizer, Variable } from "@tensorflow/tfjs";
import {
  AdaGrad,
  Adam,
  AdamW,
  GradientDescent,
  Momentum,
  Nesterov,
  type Optimizer,
  type Parameter,
  RmsProp,
  ValueError,
} from "../index";
import { reference, type TensorFlow } from "./backend";
import { scoped } from "./tensors";

/** An optimizer of ours, running in TensorFlow.js on a mirror's variables. It owns tensors: `dispose` it. */
export interface MirrorOptimizer {
  /** "tf.train.adam", or "TensorFlow.js operations" where there is no such optimizer. */
  readonly made: string;
  /** Changes the variables once. @param gradients by variable name, as tf.variableGrads returns them */
  step(gradients: NamedTensorMap, learningRate: number): void;
  dispose(): void;
}

/**
 * A twin of an optimizer of ours that has not stepped yet.
 * @param variables a mirror's variables: which parameter each one copies decides what decays
 * @throws ValueError for an optimizer without a counterpart
 */
export function mirrorOptimizer(
  optimizer: Optimizer,
  variables: ReadonlyMap<Parameter, Variable>,
): MirrorOptimizer {
  const { tf } = reference();
  const rate = optimizer.learningRate > 0 ? optimizer.learningRate : 1;
  if (optimizer instanceof GradientDescent) return builtIn("tf.train.sgd", tf.train.sgd(rate));
  if (optimizer instanceof Momentum) {
    return builtIn("tf.train.momentum", tf.train.momentum(rate, optimizer.momentum, false));
  }
  if (optimizer instanceof Nesterov) {
    return builtIn("tf.train.momentum, Nesterov", tf.train.momentum(rate, optimizer.momentum, true));
  }
  if (optimizer instanceof RmsProp) {
    const { decay, epsilon, epsilonInsideRoot } = optimizer;
    if (epsilonInsideRoot) {
      return builtIn("tf.train.rmsprop", tf.train.rmsprop(rate, decay, 0, epsilon, false));
    }
    return scaledByRoot(tf, variables, 0, epsilon, (s, g) =>
      tf.add(tf.mul(s, decay), tf.mul(tf.square(g), 1 - decay)),
    );
  }
  if (optimizer instanceof AdaGrad) {
    const { epsilon, epsilonInsideRoot, initialSum } = optimizer;
    if (epsilonInsideRoot && epsilon === tf.backend().epsilon() && initialSum > 0) {
      return builtIn("tf.train.adagrad", tf.train.adagrad(rate, initialSum));
    }
    return scaledByRoot(
      tf,
      variables,
      initialSum,
      epsilon,
      (s, g) => tf.add(s, tf.square(g)),
      epsilonInsideRoot,
    );
  }
  if (optimizer instanceof AdamW) return decaying(tf, optimizer, variables);
  if (optimizer instanceof Adam) return builtIn("tf.train.adam", adam(tf, rate, optimizer));
  throw new ValueError(
    `mirrorOptimizer: no TensorFlow.js counterpart is known for ${(optimizer as object)?.constructor?.name}.`,
  );
}

function adam(tf: TensorFlow, rate: number, constants: Pick<Adam, "beta1" | "beta2" | "epsilon">) {
  return tf.train.adam(rate, constants.beta1, constants.beta2, constants.epsilon);
}

function builtIn(made: string, inner: TensorOptimizer): MirrorOptimizer {
  const open = inner as TensorOptimizer & {
    learningRate: number;
    setLearningRate?(rate: number): void;
    c?: Tensor;
  };
  return {
    made,
    step(gradients, learningRate) {
      if (open.learningRate !== learningRate) {
        open.setLearningRate?.(learningRate);
        open.learningRate = learningRate;
      }
      inner.applyGradients(gradients);
    },
    dispose() {
      inner.dispose();
      // Momentum's own dispose forgets the scalar that it inherits.
      if (open.c !== undefined && !open.c.isDisposed) open.c.dispose();
    },
  };
}

/** w ← w − η·g/(√s + ε), or √(s + ε): what RMSProp and AdaGrad share, once they have updated s. */
function scaledByRoot(
  tf: TensorFlow,
  variables: ReadonlyMap<Parameter, Variable>,
  initial: number,
  epsilon: number,
  update: (s: Tensor, g: Tensor) => Tensor,
  insideRoot = false,
): MirrorOptimizer {
  const kept = new Map<Variable, Variable>();
  for (const variable of variables.values()) {
    scoped(() => kept.set(variable, tf.variable(tf.fill(variable.shape, initial), false)));
  }
  return {
    made: "TensorFlow.js operations",
    step(gradients, learningRate) {
      scoped(() => {
        for (const [variable, s] of kept) {
          const g = gradients[variable.name];
          if (g === undefined) continue;
          s.assign(update(s, g));
          const root = insideRoot ? tf.sqrt(tf.add(s, epsilon)) : tf.add(tf.sqrt(s), epsilon);
          variable.assign(tf.sub(variable, tf.div(tf.mul(g, learningRate), root)));
        }
      });
    },
    dispose() {
      for (const s of kept.values()) s.dispose();
    },
  };
}

/** AdamW: every weight that decays shrinks by η·λ of itself, then tf.train.adam steps. */
function decaying(
  tf: TensorFlow,
  optimizer: AdamW,
  variables: ReadonlyMap<Parameter, Variable>,
): MirrorOptimizer {
  const inner = builtIn("tf.train.adam", adam(tf, optimizer.learningRate, optimizer));
  return {
    made: "tf.train.adam after a decay in TensorFlow.js operations",
    step(gradients, learningRate) {
      scoped(() => {
        for (const [parameter, variable] of variables) {
          if (parameter.decays === false) continue;
          variable.assign(tf.mul(variable, 1 - learningRate * optimizer.weightDecay));
        }
      });
      inner.step(gradients, learningRate);
    },
    dispose: () => inner.dispose(),
  };
}
