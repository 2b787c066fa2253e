/*
 * The same network, twice. `mirror` walks through a network of ours and builds the same computation out of
 * TensorFlow.js's elementary operations, on copies of the same weights. It has no backward pass of its own: the
 * slopes come from TensorFlow.js's automatic differentiation, a second opinion that never saw our derivations.
 */
import type { Scalar, Tensor, Tensor2D, Variable } from "@tensorflow/tfjs";
import {
  Activation,
  BatchNorm,
  Dense,
  Dropout,
  type Layer,
  LayerNorm,
  LogSoftmax,
  Matrix,
  Observe,
  type Parameter,
  type Random,
  Residual,
  Sequential,
  Softmax,
  ValueError,
} from "../index";
import { mirrorActivation } from "./activations";
import { reference, type TensorFlow } from "./backend";
import { scoped, slopesOf, toMatrix, toTensor } from "./tensors";

/** How the layers behave: like ours, dropout drops and batch norm looks at the batch in training only. */
export interface MirrorMode {
  readonly training?: boolean;
}

/** What TensorFlow.js says about one forward and backward pass. */
export interface MirrorGradients {
  /** The scalar that was differentiated. */
  readonly value: number;
  /** The network's output, (outputs × m). */
  readonly prediction: Matrix;
  /** d value / d input, (features × m). */
  readonly input: Matrix;
  /** d value / d parameter, for each of the network's parameters, in our shapes. */
  readonly parameters: ReadonlyMap<Parameter, Matrix>;
}

/** What a network has learned: copies, by what they are copies of. */
export interface MirrorWeights {
  readonly parameters: ReadonlyMap<Parameter, Matrix>;
  /** Running averages, by the matrix in which the layer keeps its own. */
  readonly statistics: ReadonlyMap<Matrix, Matrix>;
}

/** A network of ours, running in TensorFlow.js. It owns variables there: `dispose` it. */
export interface Mirror {
  /** The network it copies. */
  readonly network: Layer;
  /** Its weights, transposed as every matrix that crosses: kernel [inputs, outputs], bias [1, outputs]. */
  readonly variables: ReadonlyMap<Parameter, Variable>;
  /** The computation in TensorFlow.js operations: [m, features] → [m, outputs]. Use it inside tf.tidy. */
  apply(input: Tensor2D, mode?: MirrorMode): Tensor2D;
  /** The output for (features × m), as (outputs × m). */
  predict(input: Matrix): Matrix;
  /** Differentiates a scalar function of the output, by input and parameters. */
  gradients(input: Matrix, scalar: (prediction: Tensor2D) => Scalar, mode?: MirrorMode): MirrorGradients;
  /** What it knows here and now, in our shapes. */
  read(): MirrorWeights;
  /** The twin of a generator: it began where the network's own one stood when the mirror was made. */
  generator(random: Random): Random;
  /** Frees the variables. */
  dispose(): void;
}

/** What a layer's translation may use. */
export interface Translation {
  readonly tf: TensorFlow;
  readonly training: boolean;
  /** The variable that holds a parameter's copy. */
  variable(parameter: Parameter): Tensor2D;
  /** The variable that holds a copy of a running statistic. */
  statistic(value: Matrix): Variable;
  generator(random: Random): Random;
  /** The translation of a layer inside this one. */
  apply(layer: Layer, input: Tensor2D): Tensor2D;
}

type Translator<L extends Layer> = (layer: L, input: Tensor2D, use: Translation) => Tensor2D;

const TRANSLATORS: [new (...args: never[]) => Layer, Translator<never>][] = [];

function translates<L extends Layer>(kind: new (...args: never[]) => L, translator: Translator<L>): void {
  TRANSLATORS.push([kind, translator as Translator<never>]);
}

translates(Dense, (layer, x, { tf, variable }) =>
  tf.add(tf.matMul(x, variable(layer.weights)), variable(layer.bias)),
);
translates(Activation, (layer, z, { tf }) => mirrorActivation(layer.activation)(tf, z));
translates(Sequential, (layer, x, { apply }) => layer.layers.reduce((input, next) => apply(next, input), x));
translates(Residual, (layer, x, { tf, apply }) => tf.add(x, apply(layer.inner, x)));
translates(Observe, (layer, x, { apply }) => apply(layer.inner, x)); // who looks on changes nothing
translates(Softmax, (_layer, z, { tf }) => tf.softmax(z));
translates(LogSoftmax, (_layer, z, { tf }) => tf.logSoftmax(z));
translates(Dropout, (layer, x, { tf, training, generator }) => {
  if (!training || layer.rate === 0) return x;
  // The mask is no opinion: both sides must drop the same units, drawn in our order from the same generator.
  const random = generator(layer.random);
  const [examples, features] = x.shape;
  const kept = new Matrix(features, examples).map(() => (random.rand() > layer.rate ? 1 : 0));
  return tf.div(tf.mul(x, toTensor(kept)), 1 - layer.rate);
});
translates(BatchNorm, (layer, x, { tf, training, variable, statistic }) => {
  const [mean, variance] = [statistic(layer.runningMean), statistic(layer.runningVariance)];
  let used: { mean: Tensor; variance: Tensor } = { mean, variance };
  if (training) {
    used = tf.moments(x, 0, true);
    const follow = (running: Variable, batch: Tensor): void =>
      running.assign(tf.add(tf.mul(running, layer.momentum), tf.mul(batch, 1 - layer.momentum)));
    follow(mean, used.mean);
    follow(variance, used.variance);
  }
  return normalise(tf, x, used, layer.epsilon, variable(layer.gamma), variable(layer.beta));
});
translates(LayerNorm, (layer, x, { tf, variable }) =>
  normalise(tf, x, tf.moments(x, 1, true), layer.epsilon, variable(layer.gamma), variable(layer.beta)),
);

/** γ·(x − μ)/√(σ² + ε) + β */
function normalise(
  tf: TensorFlow,
  x: Tensor2D,
  { mean, variance }: { readonly mean: Tensor; readonly variance: Tensor },
  epsilon: number,
  gamma: Tensor2D,
  beta: Tensor2D,
): Tensor2D {
  return tf.add(tf.mul(gamma, tf.div(tf.sub(x, mean), tf.sqrt(tf.add(variance, epsilon)))), beta);
}

function translate(layer: Layer, input: Tensor2D, use: Translation): Tensor2D {
  for (const [kind, translator] of TRANSLATORS) {
    if (layer instanceof kind) return (translator as Translator<Layer>)(layer, input, use);
  }
  throw new ValueError(
    `mirror: no TensorFlow.js counterpart is known for the layer "${layer?.name}" (${layer?.constructor?.name}).`,
  );
}

/**
 * Builds the network's twin in TensorFlow.js, from a copy of its weights.
 * @param weights other values for its parameters and running averages, as `read` returns them
 * @throws ValueError for a layer or an activation without a counterpart, at the first use
 */
export function mirror(network: Layer, weights?: MirrorWeights): Mirror {
  const { tf } = reference();
  const variables = new Map<Parameter, Variable>();
  for (const parameter of new Set(network.parameters)) {
    variables.set(
      parameter,
      tf.tidy(() => tf.variable(toTensor(weights?.parameters.get(parameter) ?? parameter.value))),
    );
  }
  const statistics = new Map<Matrix, Variable>();
  for (const { value } of network.statistics ?? []) {
    statistics.set(
      value,
      tf.tidy(() => tf.variable(toTensor(weights?.statistics.get(value) ?? value), false)),
    );
  }
  const generators = new Map<Random, Random>();
  for (const random of network.generators ?? []) generators.set(random, random.clone());

  const generator = (random: Random): Random => {
    const found = generators.get(random) ?? random.clone();
    generators.set(random, found);
    return found;
  };
  const statistic = (value: Matrix): Variable => {
    const found = statistics.get(value);
    if (found === undefined) {
      throw new ValueError("mirror: a layer uses a running statistic that is not among network.statistics.");
    }
    return found;
  };
  const variable = (parameter: Parameter): Tensor2D => {
    const found = variables.get(parameter);
    if (found === undefined) {
      throw new ValueError(`mirror: ${parameter.name} is used by a layer, but not among network.parameters.`);
    }
    return found as unknown as Tensor2D;
  };

  const apply = (input: Tensor2D, { training = false }: MirrorMode = {}): Tensor2D => {
    const use: Translation = {
      tf,
      training,
      variable,
      statistic,
      generator,
      apply: (layer, x) => translate(layer, x, use),
    };
    return translate(network, input, use);
  };

  return {
    network,
    variables,
    apply,
    generator,
    predict: (input) => scoped(() => toMatrix(apply(toTensor(input)))),
    gradients: (input, scalar, mode) =>
      scoped(() => {
        const x = tf.variable(toTensor(input));
        let prediction: Matrix | undefined;
        try {
          const { value, grads } = slopesOf(() => {
            const output = apply(x as unknown as Tensor2D, mode);
            prediction = toMatrix(output);
            return scalar(output);
          }, [x, ...variables.values()]);
          // A parameter that the output does not depend on has no entry: its slope is zero.
          const slope = (of: Variable, like: Matrix): Matrix =>
            grads[of.name] === undefined ? new Matrix(like.rows, like.columns) : toMatrix(grads[of.name]);
          return {
            value: value.dataSync()[0],
            prediction: prediction as Matrix,
            input: slope(x, input),
            parameters: new Map(
              [...variables].map(([parameter, copy]) => [parameter, slope(copy, parameter.value)]),
            ),
          };
        } finally {
          x.dispose(); // a scope does not free variables
        }
      }),
    read: () => ({
      parameters: new Map([...variables].map(([parameter, copy]) => [parameter, toMatrix(copy)])),
      statistics: new Map([...statistics].map(([value, copy]) => [value, toMatrix(copy)])),
    }),
    dispose() {
      for (const copies of [variables, statistics]) {
        for (const copy of copies.values()) copy.dispose();
        copies.clear();
      }
    },
  };
}
