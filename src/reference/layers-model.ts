/*
 * The way out, and back: a network of ours as a TensorFlow.js LayersModel with the same weights, for whoever goes on
 * there (saving, serving, a browser, a graphics card); and a LayersModel as a network of ours, for whoever wants to
 * look inside. Weights cross in float32, so a round trip keeps 24 bits of each.
 */
import type { LayersModel, SymbolicTensor, Tensor } from "@tensorflow/tfjs";
import {
  Activation,
  type ActivationFunction,
  type ActivationKind,
  type AnyLayer,
  activationKind,
  BatchNorm,
  Dense,
  Dropout,
  Embedding,
  elu,
  GlassboxError,
  Gru,
  gelu,
  geluTanh,
  type Layer,
  LayerNorm,
  LogSoftmax,
  Lstm,
  leakyRelu,
  linear,
  Matrix,
  Observe,
  Random,
  Recurrent,
  Residual,
  relu,
  Sequential,
  Softmax,
  sigmoid,
  softplus,
  tanh,
  ValueError,
} from "../index";
import { madeBy, requireOptions, text, whole } from "../numbers/options";
import { reference } from "./backend";
import { scoped, toMatrix, toTensor } from "./tensors";

type TensorLayer = SymbolicTensor["sourceLayer"];

/** A layer on one side has no counterpart on the other. */
export class ConversionError extends GlassboxError {}

/** Activations that both sides know, by our kind; the ones with a setting are layers of their own there. */
const ACTIVATION_NAMES: Readonly<Partial<Record<ActivationKind, string>>> = {
  linear: "linear",
  sigmoid: "sigmoid",
  tanh: "tanh",
  relu: "relu",
  softplus: "softplus",
  gelu: "gelu",
  geluTanh: "gelu_new",
};

const OUR_ACTIVATIONS: Readonly<Record<string, () => Layer>> = {
  linear: () => new Activation(linear),
  sigmoid: () => new Activation(sigmoid),
  tanh: () => new Activation(tanh),
  relu: () => new Activation(relu),
  softplus: () => new Activation(softplus),
  gelu: () => new Activation(gelu),
  gelu_new: () => new Activation(geluTanh),
  elu: () => new Activation(elu(1)),
  softmax: () => new Softmax(),
  logSoftmax: () => new LogSoftmax(),
};

/**
 * The network as a TensorFlow.js LayersModel with the same weights and the same predictions (in float32; examples are
 * rows there). Sequences are [sequences, tokens, features] there, or [sequences, tokens] for ids: all of one length, where ours
 * are side by side. Dispose of it with `model.dispose()`.
 * @param options `inputs`: number of features, needed only where no layer says it
 * @throws ConversionError for a layer or an activation that TensorFlow.js does not have
 */
export function toLayersModel(network: AnyLayer, options: { readonly inputs?: number } = {}): LayersModel {
  requireOptions<{ inputs?: number }>("toLayersModel", options, { inputs: whole() });
  const { tf } = reference();
  const first = firstOf(network);
  const inputs = options.inputs ?? featuresOf(network);
  if (inputs === undefined) {
    throw new ConversionError(
      `toLayersModel: no layer of "${network.name}" says how many features it takes. Give { inputs }.`,
    );
  }
  const tokens = network.takesSequences === true || first instanceof Embedding;
  const shape = first instanceof Embedding ? [null] : tokens ? [null, inputs] : [inputs];
  const input = tf.input({ shape });
  const made = new Map<AnyLayer, TensorLayer>(); // a layer used twice is one layer there, too
  try {
    return tf.model({ inputs: input, outputs: lay(network, input, made) });
  } catch (error) {
    for (const layer of made.values()) if (layer.built) layer.dispose();
    throw error;
  }
}

/** Puts our layer behind a symbolic tensor. */
function lay(layer: AnyLayer, input: SymbolicTensor, made: Map<AnyLayer, TensorLayer>): SymbolicTensor {
  const { tf } = reference();
  if (layer instanceof Sequential) return layer.layers.reduce((x, next) => lay(next, x, made), input);
  if (layer instanceof Observe) return lay(layer.inner, input, made);
  if (layer instanceof Residual) {
    return tf.layers.add().apply([input, lay(layer.inner, input, made)]) as SymbolicTensor;
  }
  const known = made.get(layer);
  const counterpart = known ?? createLayer(layer);
  made.set(layer, counterpart);
  const output = counterpart.apply(input) as SymbolicTensor;
  if (known === undefined) setWeights(layer, counterpart);
  // It counts how often it was applied, but a model disposes of each layer once: give the second use back.
  else counterpart.dispose();
  return output;
}

function createLayer(layer: AnyLayer): TensorLayer {
  const { tf } = reference();
  if (layer instanceof Dense) return tf.layers.dense({ units: layer.outputs });
  if (layer instanceof Activation) return createActivation(layer.activation);
  if (layer instanceof Softmax) return tf.layers.activation({ activation: "softmax" });
  if (layer instanceof LogSoftmax) return tf.layers.activation({ activation: "logSoftmax" as "softmax" });
  if (layer instanceof Dropout) return tf.layers.dropout({ rate: layer.rate });
  if (layer instanceof BatchNorm) {
    return tf.layers.batchNormalization({ momentum: layer.momentum, epsilon: layer.epsilon });
  }
  if (layer instanceof LayerNorm) return tf.layers.layerNormalization({ epsilon: layer.epsilon });
  if (layer instanceof Embedding) {
    return tf.layers.embedding({ inputDim: layer.vocabulary, outputDim: layer.width });
  }
  // Theirs gives its last state only, and has a broken line for a sigmoid, unless told otherwise.
  const told = { returnSequences: true, recurrentActivation: "sigmoid" } as const;
  if (layer instanceof Recurrent) return tf.layers.simpleRNN({ units: layer.units, returnSequences: true });
  if (layer instanceof Lstm) return tf.layers.lstm({ units: layer.units, ...told });
  if (layer instanceof Gru) return tf.layers.gru({ units: layer.units, ...told });
  throw new ConversionError(
    `toLayersModel: TensorFlow.js has no counterpart for the layer "${layer?.name}" (${layer?.constructor?.name}).`,
  );
}

function createActivation(activation: ActivationFunction): TensorLayer {
  const { tf } = reference();
  const alpha = activation.settings?.alpha;
  const kind = activationKind(activation); // not its name: one of the reader's own may have the same
  if (kind === "leakyRelu") return tf.layers.leakyReLU({ alpha });
  if (kind === "elu" && alpha === 1) return tf.layers.elu(); // it knows no other alpha
  const name = kind === undefined ? undefined : ACTIVATION_NAMES[kind];
  if (name !== undefined) return tf.layers.activation({ activation: name as "relu" });
  const made = alpha === undefined ? "" : ` with alpha ${alpha}`;
  throw new ConversionError(
    `toLayersModel: TensorFlow.js has no counterpart for the activation "${activation.name}"${made}.`,
  );
}

/** Fills a layer over there with our numbers. It has its weights once it was applied. */
function setWeights(from: AnyLayer, into: TensorLayer): void {
  const { tf } = reference();
  // A vector from the start: for WebAssembly's fused product, a matrix made flat is still a matrix.
  const flat = (matrix: Matrix): Tensor => tf.tensor1d(Float32Array.from(matrix.data));
  scoped(() => {
    if (from instanceof Dense) into.setWeights([toTensor(from.weights.value), flat(from.bias.value)]);
    if (from instanceof Embedding) into.setWeights([toTensor(from.weights.value)]);
    // Gates stand in one order on both sides: i, f, candidate, o; and z, r, candidate.
    if (from instanceof Recurrent || from instanceof Lstm) {
      const { inputWeights, stateWeights, bias } = from;
      into.setWeights([toTensor(inputWeights.value), toTensor(stateWeights.value), flat(bias.value)]);
    }
    if (from instanceof Gru) {
      const stacked = [from.gateWeights, from.candidateWeights].map(({ value }) => toTensor(value));
      into.setWeights([toTensor(from.inputWeights.value), tf.concat(stacked, 1), flat(from.bias.value)]);
    }
    if (from instanceof LayerNorm) into.setWeights([flat(from.gamma.value), flat(from.beta.value)]);
    if (from instanceof BatchNorm) {
      into.setWeights([from.gamma.value, from.beta.value, from.runningMean, from.runningVariance].map(flat));
    }
  });
}

/** The layer that takes what goes in. */
function firstOf(layer: AnyLayer): AnyLayer | undefined {
  if (layer instanceof Sequential) return layer.layers.length === 0 ? undefined : firstOf(layer.layers[0]);
  return layer instanceof Observe ? firstOf(layer.inner) : layer;
}

/** How many features a layer takes, where it says so. */
function featuresOf(layer: AnyLayer): number | undefined {
  if (layer instanceof Dense || isRecurrent(layer)) return layer.inputs;
  if (layer instanceof Embedding) return layer.vocabulary;
  if (layer instanceof BatchNorm || layer instanceof LayerNorm) return layer.features;
  if (layer instanceof Residual || layer instanceof Observe) return featuresOf(layer.inner);
  if (!(layer instanceof Sequential)) return undefined;
  for (const each of layer.layers) {
    const features = featuresOf(each);
    if (features !== undefined) return features;
  }
  return undefined;
}

function isRecurrent(layer: AnyLayer): layer is Recurrent | Lstm | Gru {
  return layer instanceof Recurrent || layer instanceof Lstm || layer instanceof Gru;
}

/** Options of `fromLayersModel`. */
export interface FromLayersModelOptions {
  readonly name?: string;
  /** The generator that dropout layers draw from; needed when the model has one. */
  readonly random?: Random;
}

/**
 * A LayersModel as a network of ours, with copies of its weights and the same predictions. It may hold dense layers,
 * the activations we have, embeddings, recurrent layers, dropout, batch and layer normalisation, one after another, and `add` layers that go around
 * a part of the chain (residual connections).
 * @throws ConversionError for anything else, by name
 */
export function fromLayersModel<In = Matrix, Out = Matrix>(
  model: LayersModel,
  options: FromLayersModelOptions = {},
): Sequential<In, Out> {
  requireOptions<FromLayersModelOptions>("fromLayersModel", options, {
    name: text,
    random: madeBy("a Random", Random),
  });
  if (model?.inputs?.length !== 1 || model.outputs?.length !== 1) {
    throw new ConversionError("fromLayersModel: expected a model with one input and one output.");
  }
  const [input] = model.inputs;
  const [, ...example] = input.shape;
  const sequences = example.length === 2 || (example.length === 1 && example[0] === null);
  if (!sequences && (example.length !== 1 || example[0] === null)) {
    throw new ConversionError(
      `fromLayersModel: expected an input of [examples, features], got [${input.shape.join(", ")}].`,
    );
  }
  const layers = chain(input, model.outputs[0], { ...options, made: new Map() });
  return new Sequential<In, Out>(layers, { name: options.name ?? model.name });
}

type Context = FromLayersModelOptions & { readonly made: Map<TensorLayer, AnyLayer[]> };

/** The layers between two symbolic tensors, found from the end. */
function chain(start: SymbolicTensor, end: SymbolicTensor, context: Context): AnyLayer[] {
  const layers: AnyLayer[] = [];
  let at = end;
  while (at !== start) {
    const source = at.sourceLayer;
    const inputs = inputsOf(at);
    if (source.getClassName() === "Add") {
      const [around, through] = aroundAndThrough(inputs, source);
      layers.unshift(new Residual(new Sequential(chain(around, through, context)), { name: source.name }));
      at = around;
      continue;
    }
    if (inputs.length !== 1) throw unknown(source, inputs.length === 0 ? "another input" : "several inputs");
    layers.unshift(...convert(source, context));
    at = inputs[0];
  }
  return layers;
}

/** The symbolic tensors that a symbolic tensor was made from; none for an input. */
function inputsOf(tensor: SymbolicTensor): SymbolicTensor[] {
  if (tensor.sourceLayer.getClassName() === "InputLayer") return [];
  const node = tensor.sourceLayer.inboundNodes[tensor.nodeIndex];
  return node === undefined ? [] : node.inputTensors;
}

/** Which of two summands is the other one's ancestor: the one that goes around. */
function aroundAndThrough(
  summands: readonly SymbolicTensor[],
  layer: TensorLayer,
): [around: SymbolicTensor, through: SymbolicTensor] {
  const [a, b] = summands;
  if (summands.length === 2) {
    if (a !== b && isBefore(a, b)) return [a, b];
    if (a !== b && isBefore(b, a)) return [b, a];
  }
  throw unknown(layer, "summands of which neither comes from the other");
}

/** @param seen what was looked at already: through a hundred residual connections lead 2¹⁰⁰ ways */
function isBefore(early: SymbolicTensor, late: SymbolicTensor, seen = new Set<SymbolicTensor>()): boolean {
  if (late === early) return true;
  if (seen.has(late)) return false;
  seen.add(late);
  return inputsOf(late).some((input) => isBefore(early, input, seen));
}

/** A layer of theirs as layers of ours: a dense layer with an activation becomes two. */
function convert(layer: TensorLayer, context: Context): AnyLayer[] {
  const known = context.made.get(layer);
  if (known !== undefined) return known;
  const made = create(layer, layer.getConfig() as Record<string, unknown>, context);
  context.made.set(layer, made);
  return made;
}

function create(layer: TensorLayer, config: Record<string, unknown>, { random }: Context): AnyLayer[] {
  const { name } = layer;
  const weights = layer.getWeights(); // the variables themselves, in the order of their names
  const at = (which: string): Matrix | undefined => {
    const i = layer.weights.findIndex((weight) => weight.originalName.split("/").pop() === which);
    return i < 0 ? undefined : asMatrix(weights[i]);
  };
  switch (layer.getClassName()) {
    case "Dense": {
      const kernel = at("kernel") as Matrix;
      const dense = new Dense(kernel.columns, kernel.rows, { name, weights: kernel, bias: at("bias") });
      const activation = String(config.activation ?? "linear");
      return activation === "linear" ? [dense] : [dense, ourActivation(layer, activation)];
    }
    case "Activation":
      return [ourActivation(layer, String(config.activation))];
    case "ReLU":
      if (config.maxValue !== null && config.maxValue !== undefined) throw unknown(layer, "a maximum");
      return [new Activation(relu, { name })];
    case "LeakyReLU":
      return [new Activation(leakyRelu(Number(config.alpha)), { name })];
    case "ELU":
      return [new Activation(elu(Number(config.alpha)), { name })];
    case "Softmax":
      return [new Softmax({ name })];
    case "Dropout":
      if (random === undefined) {
        throw new ConversionError(
          `fromLayersModel: the dropout layer "${name}" needs a seeded generator. Give { random: new Random(42) }.`,
        );
      }
      return [new Dropout(Number(config.rate), { name, random })];
    case "BatchNormalization": {
      const [mean, variance] = [at("moving_mean") as Matrix, at("moving_variance") as Matrix];
      return [
        new BatchNorm(mean.rows, {
          name,
          momentum: Number(config.momentum),
          epsilon: Number(config.epsilon),
          gamma: at("gamma"),
          beta: at("beta"),
          runningMean: mean,
          runningVariance: variance,
        }),
      ];
    }
    case "LayerNormalization": {
      const [gamma, beta] = [at("gamma"), at("beta")];
      const features = gamma?.rows ?? beta?.rows;
      if (features === undefined) throw unknown(layer, "neither scale nor shift");
      return [new LayerNorm(features, { name, epsilon: Number(config.epsilon), gamma, beta })];
    }
    case "Embedding": {
      const weights = at("embeddings") as Matrix;
      return [new Embedding(weights.columns, weights.rows, { name, weights })];
    }
    case "SimpleRNN":
    case "LSTM":
    case "GRU":
      return [recurrent(layer, config, at)];
    default:
      throw unknown(layer);
  }
}

function recurrent(
  layer: TensorLayer,
  config: Record<string, unknown>,
  at: (which: string) => Matrix | undefined,
): AnyLayer {
  const { name } = layer;
  const kind = layer.getClassName();
  if (config.activation !== "tanh") throw unknown(layer, `the activation "${config.activation}"`);
  const gates = config.recurrentActivation;
  if (kind !== "SimpleRNN" && gates !== "sigmoid") throw unknown(layer, `gates of "${gates}"`);
  if (config.returnSequences !== true) throw unknown(layer, "its last state only (returnSequences: false)");
  for (const setting of ["goBackwards", "stateful", "resetAfter"]) {
    if (config[setting] === true) throw unknown(layer, setting);
  }
  const inputWeights = at("kernel") as Matrix;
  const stateWeights = at("recurrent_kernel") as Matrix;
  const { columns: inputs, rows } = inputWeights;
  const { columns: units } = stateWeights;
  const bias = at("bias") ?? new Matrix(rows, 1);
  if (kind === "SimpleRNN") return new Recurrent(inputs, units, { name, inputWeights, stateWeights, bias });
  if (kind === "LSTM") return new Lstm(inputs, units, { name, inputWeights, stateWeights, bias });
  const part = (from: number, many: number): Matrix =>
    new Matrix(many, units).map((_, i, j) => stateWeights.at(from + i, j));
  const [gateWeights, candidateWeights] = [part(0, 2 * units), part(2 * units, units)];
  return new Gru(inputs, units, { name, inputWeights, gateWeights, candidateWeights, bias });
}

function ourActivation(layer: TensorLayer, name: string): Layer {
  if (!Object.hasOwn(OUR_ACTIVATIONS, name)) throw unknown(layer, `the activation "${name}"`);
  return OUR_ACTIVATIONS[name]();
}

/** A kernel [inputs, outputs] → (outputs × inputs); a vector [n] → (n × 1). */
function asMatrix(tensor: Tensor): Matrix {
  if (tensor.rank === 1) return Matrix.column(tensor.dataSync() as Float32Array);
  if (tensor.rank === 2) return toMatrix(tensor);
  throw new ValueError(`fromLayersModel: expected weights of rank 1 or 2, got rank ${tensor.rank}.`);
}

function unknown(layer: TensorLayer, what?: string): ConversionError {
  const detail = what === undefined ? "" : ` with ${what}`;
  return new ConversionError(
    `fromLayersModel: there is no counterpart here for the layer "${layer.name}" (${layer.getClassName()})${detail}.`,
  );
}
