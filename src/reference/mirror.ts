/*
 * The same network, twice. `mirror` walks through a network of ours and builds the same computation out of
 * TensorFlow.js's elementary operations, on copies of the same weights. It has no backward pass of its own: the
 * slopes come from TensorFlow.js's automatic differentiation, a second opinion that never saw our derivations.
 */
import type { Scalar, Tensor2D, Variable } from "@tensorflow/tfjs";
import { Activation, Dense, type Layer, Matrix, type Parameter, Sequential, ValueError } from "../index";
import { mirrorActivation } from "./activations";
import { reference, type TensorFlow } from "./backend";
import { scoped, toMatrix, toTensor } from "./tensors";

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
  /** The weights here and now, in our shapes. */
  read(): Map<Parameter, Matrix>;
  /** Frees the variables. */
  dispose(): void;
}

/** What a layer's translation may use. */
export interface Translation {
  readonly tf: TensorFlow;
  readonly training: boolean;
  /** The variable that holds a parameter's copy. */
  variable(parameter: Parameter): Tensor2D;
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
 * @param weights other values for its parameters, as `trainReference` returns them
 * @throws ValueError for a layer or an activation without a counterpart, at the first use
 */
export function mirror(network: Layer, weights?: ReadonlyMap<Parameter, Matrix>): Mirror {
  const { tf } = reference();
  const variables = new Map<Parameter, Variable>();
  for (const parameter of new Set(network.parameters)) {
    variables.set(
      parameter,
      tf.tidy(() => tf.variable(toTensor(weights?.get(parameter) ?? parameter.value))),
    );
  }
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
      apply: (layer, x) => translate(layer, x, use),
    };
    return translate(network, input, use);
  };

  return {
    network,
    variables,
    apply,
    predict: (input) => scoped(() => toMatrix(apply(toTensor(input)))),
    gradients: (input, scalar, mode) =>
      scoped(() => {
        const x = tf.variable(toTensor(input));
        let prediction: Matrix | undefined;
        try {
          const { value, grads } = tf.variableGrads(() => {
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
    read: () => new Map([...variables].map(([parameter, copy]) => [parameter, toMatrix(copy)])),
    dispose() {
      for (const copy of variables.values()) copy.dispose();
      variables.clear();
    },
  };
}
