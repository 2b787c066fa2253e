/*
 * The same network, twice. `mirror` walks through a network of ours and builds the same computation out of
 * TensorFlow.js's elementary operations, on copies of the same weights. It has no backward pass of its own: the
 * slopes come from TensorFlow.js's automatic differentiation, a second opinion that never saw our derivations.
 */
import type { Scalar, Tensor, Tensor2D, Variable } from "@tensorflow/tfjs";
import {
  type AnyLayer,
  type Columns,
  columnsOf,
  type Ids,
  kindOf,
  Matrix,
  Observe,
  type Parameter,
  Ragged,
  type Random,
  type TwinTensor,
  type TwinTools,
  ValueError,
} from "../index";
import { flag, madeBy, type OptionTable, requireOptions } from "../numbers/options";
import { mirrorActivation } from "./activations";
import { reference } from "./backend";
import { scoped, slopesOf, toMatrix, toTensor } from "./tensors";

/** How the layers behave: like ours, dropout drops and batch norm looks at the batch in training only. */
export interface MirrorMode {
  readonly training?: boolean;
}

const MODE: OptionTable<MirrorMode> = { training: flag };

/** The same, and where sequences begin, when what goes in are sequences. */
export interface MirrorApplication extends MirrorMode {
  /** As in `Ragged`. */
  readonly starts?: Int32Array;
}

const APPLICATION: OptionTable<MirrorApplication> = { ...MODE, starts: madeBy("an Int32Array", Int32Array) };

/** What TensorFlow.js says about one forward and backward pass. */
export interface MirrorGradients {
  /** The scalar that was differentiated. */
  readonly value: number;
  /** The network's output, (outputs × m). */
  readonly prediction: Matrix;
  /** d value / d input, (features × m); empty, 0 × 0, for ids. */
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
  readonly network: AnyLayer;
  /** Its weights, transposed as every matrix that crosses: kernel [inputs, outputs], bias [1, outputs]. */
  readonly variables: ReadonlyMap<Parameter, Variable>;
  /** The computation in TensorFlow.js operations: [m, features], or ids [m], → [m, outputs]. Use it inside tf.tidy. */
  apply(input: Tensor, mode?: MirrorApplication): Tensor2D;
  /** The output for (features × m) or m ids, or sequences of either, as (outputs × m). */
  predict(input: Columns): Matrix;
  /** Differentiates a scalar function of the output, by input and parameters. */
  gradients(input: Columns, scalar: (prediction: Tensor2D) => Scalar, mode?: MirrorMode): MirrorGradients;
  /** What it knows here and now, in our shapes. */
  read(): MirrorWeights;
  /** The twin of a generator: it began where the network's own one stood when the mirror was made. */
  generator(random: Random): Random;
  /** Frees the variables. */
  dispose(): void;
}

/** Features as rows of examples, or ids as whole numbers. */
export function toInput(columns: Columns): Tensor {
  const input: Matrix | Ids = columnsOf(columns);
  return input instanceof Matrix ? toTensor(input) : reference().tf.tensor1d(input.data, "int32");
}

/** Where sequences begin, when what goes in are sequences. */
export function startsOf(input: Columns): Int32Array | undefined {
  return input instanceof Ragged ? input.starts : undefined;
}

/** The twin of a layer, which its kind writes in TensorFlow.js's operations. */
function translate(layer: AnyLayer, input: TwinTensor, use: TwinTools): TwinTensor {
  if (layer instanceof Observe) return translate(layer.inner, input, use); // who looks on changes nothing
  const kind = kindOf(layer);
  if (kind?.twin !== undefined) return kind.twin(layer, input, use);
  throw new ValueError(
    `mirror: no TensorFlow.js counterpart is known for the layer "${layer?.name}" (${layer?.constructor?.name}).`,
  );
}

/**
 * Builds the network's twin in TensorFlow.js, from a copy of its weights.
 * @param weights other values for its parameters and running averages, as `read` returns them
 * @throws ValueError for a layer or an activation without a counterpart, at the first use
 */
export function mirror(network: AnyLayer, weights?: MirrorWeights): Mirror {
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

  const apply = (input: Tensor, mode: MirrorApplication = {}): Tensor2D => {
    requireOptions("mirror", mode, APPLICATION);
    const { training = false, starts } = mode;
    const use: TwinTools = {
      tf: tf as unknown as TwinTools["tf"],
      training,
      starts,
      variable,
      statistic,
      generator,
      tensor: toTensor,
      follow(value, batch, momentum) {
        const running = statistic(value);
        running.assign(tf.add(tf.mul(running, momentum), tf.mul(batch as Tensor, 1 - momentum)));
      },
      activation: (activation, z) => mirrorActivation(activation)(tf, z as Tensor2D),
      apply: (layer, x) => translate(layer, x, use),
    };
    return translate(network, input, use) as Tensor2D;
  };

  return {
    network,
    variables,
    apply,
    generator,
    predict: (input) => scoped(() => toMatrix(apply(toInput(input), { starts: startsOf(input) }))),
    gradients: (input, scalar, mode = {}) =>
      scoped(() => {
        requireOptions("mirror", mode, MODE);
        const given = toInput(input);
        const columns: Matrix | Ids = columnsOf(input);
        const x = columns instanceof Matrix ? tf.variable(given) : undefined; // ids have no slope
        let prediction: Matrix | undefined;
        try {
          const { value, grads } = slopesOf(() => {
            const output = apply(x ?? given, { ...mode, starts: startsOf(input) });
            prediction = toMatrix(output);
            return scalar(output);
          }, [...(x === undefined ? [] : [x]), ...variables.values()]);
          // A parameter that the output does not depend on has no entry: its slope is zero.
          const slope = (of: Variable, like: Matrix): Matrix =>
            grads[of.name] === undefined ? new Matrix(like.rows, like.columns) : toMatrix(grads[of.name]);
          return {
            value: value.dataSync()[0],
            prediction: prediction as Matrix,
            input: x === undefined ? new Matrix(0, 0) : slope(x, columns as Matrix),
            parameters: new Map(
              [...variables].map(([parameter, copy]) => [parameter, slope(copy, parameter.value)]),
            ),
          };
        } finally {
          x?.dispose(); // a scope does not free variables
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
