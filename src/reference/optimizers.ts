/*
 * Our optimizers over there: TensorFlow.js's own (tf.train.…) wherever one computes the same formula, with every
 * constant spelled out, because its defaults differ from everyone's; a few lines of its operations otherwise.
 *
 * What differs there, and is seen to here:
 * - tf.train.adam keeps the powers of β in float32; 1 − β₂ᵗ then starts with a relative error of about 6e-6, and a
 *   training run drifts away from everyone else's within some dozen steps. So the twin of Adam computes its two
 *   corrections as we do and leaves the rest to TensorFlow.js; tf.train.adam itself is there for the asking.
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
import { flag, type OptionTable, requireOptions } from "../numbers/options";
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

/** Options of `mirrorOptimizer`. */
export interface MirrorOptimizerOptions {
  /** True takes tf.train.adam itself for Adam and AdamW, with its β-powers in float32. False when left out. */
  readonly builtInAdam?: boolean;
}

export const MIRROR_OPTIMIZER_OPTIONS: OptionTable<MirrorOptimizerOptions> = { builtInAdam: flag };

/**
 * A twin of an optimizer of ours that has not stepped yet.
 * @param variables a mirror's variables: which parameter each one copies decides what decays
 * @throws ValueError for an optimizer without a counterpart
 */
export function mirrorOptimizer(
  optimizer: Optimizer,
  variables: ReadonlyMap<Parameter, Variable>,
  options: MirrorOptimizerOptions = {},
): MirrorOptimizer {
  requireOptions("mirrorOptimizer", options, MIRROR_OPTIMIZER_OPTIONS);
  const { builtInAdam = false } = options;
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
  if (optimizer instanceof Adam || optimizer instanceof AdamW) {
    const { beta1, beta2, epsilon, biasCorrection } = optimizer;
    if (builtInAdam && !biasCorrection) {
      throw new ValueError("mirrorOptimizer: tf.train.adam cannot leave out the bias correction.");
    }
    const adam = builtInAdam
      ? builtIn("tf.train.adam", tf.train.adam(rate, beta1, beta2, epsilon))
      : exactAdam(tf, variables, { beta1, beta2, epsilon, biasCorrection });
    return optimizer instanceof AdamW ? decaying(tf, optimizer, variables, adam) : adam;
  }
  throw new ValueError(
    `mirrorOptimizer: no TensorFlow.js counterpart is known for ${(optimizer as object)?.constructor?.name}.`,
  );
}

const OPERATIONS = "TensorFlow.js operations";

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
    made: OPERATIONS,
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

/** Adam with the two corrections 1 − βᵗ computed in float64; everything else in TensorFlow.js operations. */
function exactAdam(
  tf: TensorFlow,
  variables: ReadonlyMap<Parameter, Variable>,
  { beta1, beta2, epsilon, biasCorrection }: Pick<Adam, "beta1" | "beta2" | "epsilon" | "biasCorrection">,
): MirrorOptimizer {
  const kept = new Map<Variable, { readonly m: Variable; readonly v: Variable }>();
  for (const variable of variables.values()) {
    const zeros = (): Variable => tf.variable(tf.zerosLike(variable), false);
    scoped(() => kept.set(variable, { m: zeros(), v: zeros() }));
  }
  let steps = 0;
  return {
    made: OPERATIONS,
    step(gradients, learningRate) {
      steps += 1;
      const correction1 = biasCorrection ? 1 - beta1 ** steps : 1;
      const correction2 = biasCorrection ? 1 - beta2 ** steps : 1;
      scoped(() => {
        for (const [variable, { m, v }] of kept) {
          const g = gradients[variable.name];
          if (g === undefined) continue;
          m.assign(tf.add(tf.mul(m, beta1), tf.mul(g, 1 - beta1)));
          v.assign(tf.add(tf.mul(v, beta2), tf.mul(tf.square(g), 1 - beta2)));
          const root = tf.add(tf.sqrt(tf.div(v, correction2)), epsilon);
          variable.assign(tf.sub(variable, tf.div(tf.mul(m, learningRate / correction1), root)));
        }
      });
    },
    dispose() {
      for (const { m, v } of kept.values()) {
        m.dispose();
        v.dispose();
      }
    },
  };
}

/** AdamW: every weight that decays shrinks by η·λ of itself, then Adam steps. */
function decaying(
  tf: TensorFlow,
  { weightDecay, decays }: AdamW,
  variables: ReadonlyMap<Parameter, Variable>,
  adam: MirrorOptimizer,
): MirrorOptimizer {
  return {
    made: `${adam.made}, after a decay in TensorFlow.js operations`,
    step(gradients, learningRate) {
      scoped(() => {
        for (const [parameter, variable] of variables) {
          if (!decays(parameter)) continue;
          variable.assign(tf.mul(variable, 1 - learningRate * weightDecay));
        }
      });
      adam.step(gradients, learningRate);
    },
    dispose: () => adam.dispose(),
  };
}
