/*
 * What the library must know of a kind of layer beyond its mathematics, said once, in the layer's own file: what it is
 * called, how it is written to a file and read again, its letter in a trace, its twin in TensorFlow.js. Whoever saves,
 * traces or compares asks here, so that a new layer is known to all of them at once.
 */
import type { ActivationFunction } from "../activations/activation-function";
import type { Matrix } from "../numbers/matrix";
import type { Random } from "../numbers/random";
import type { AnyLayer, Parameter } from "./core";

/** A kind of layer: the static member `kind` of its class. */
export interface LayerKind<L extends AnyLayer = AnyLayer> {
  /** The name of the class, "BatchNorm"; in files it is written "batch-norm". */
  readonly title: string;
  /** What its output is called in a trace: Z before an activation, A behind one, N when normalised; H when left out. */
  readonly letter?: string;
  /** What stands in a file, so that `read` can make the layer again. */
  write(layer: L, inside: WriteInside): LayerContents;
  read(entry: LayerEntry): L;
  /**
   * The same computation in TensorFlow.js's own operations, whose slopes are then an opinion that never saw ours. Examples
   * are rows there: [m, inputs] → [m, outputs]. Left out when there is none.
   */
  twin?(layer: L, input: Tensor, use: TwinTools): Tensor;
}

/** A class whose layers are of one kind; yours may be, too. */
export interface LayerClass {
  // biome-ignore lint/suspicious/noExplicitAny: no other type takes the kinds of all layers
  readonly kind: LayerKind<any>;
}

/** One layer in a file, besides its kind and its name. */
export interface LayerContents {
  /** How it was made: sizes, rates, the name of a function. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** What it has learned, and remembers. A parameter stands under the name of the member that holds it. */
  readonly weights?: Readonly<Record<string, Parameter | Matrix>>;
  /** The layers inside, written by `inside`. */
  readonly layers?: readonly unknown[];
}

/** Writes a layer inside another, or an activation function. */
export interface WriteInside {
  (layer: AnyLayer): unknown;
  activation(activation: ActivationFunction): Record<string, unknown>;
}

/** One layer's entry in a file, read with suspicion: every error says where in the file, what was expected and what came. */
export interface LayerEntry {
  readonly name: string;
  /** A number among the options. */
  number(key: string): number;
  /** Text among the options. */
  text(key: string): string;
  /** The generator that was saved by its seed. */
  random(): Random;
  /** The activation function that was saved by its name. */
  activation(): ActivationFunction;
  /** A matrix of exactly rows × columns among the weights. */
  weights(key: string, rows: number, columns: number): Matrix;
  /** The same for a parameter; when a layer earlier in the file has it as well, it is that very one. */
  parameter(key: string, rows: number, columns: number): Matrix | Parameter;
  /** The layers inside. */
  layers(): AnyLayer[];
  /** Throws unless `holds`. @param key where in the entry */
  expect(holds: unknown, wanted: string, actual: unknown, key?: string): asserts holds;
}

/** A tensor of TensorFlow.js. The library imports nothing, so it knows of it what it needs. */
export interface Tensor {
  readonly shape: readonly number[];
}

/** The operations of TensorFlow.js that twins are written in. */
export interface TensorOperations {
  add(a: Tensor, b: Tensor | number): Tensor;
  sub(a: Tensor, b: Tensor | number): Tensor;
  mul(a: Tensor, b: Tensor | number): Tensor;
  div(a: Tensor, b: Tensor | number): Tensor;
  sqrt(a: Tensor): Tensor;
  square(a: Tensor): Tensor;
  tanh(a: Tensor): Tensor;
  sigmoid(a: Tensor): Tensor;
  /** A part: from `begin`, `size` of each axis. */
  slice(a: Tensor, begin: readonly number[], size: readonly number[]): Tensor;
  concat(parts: readonly Tensor[], axis: number): Tensor;
  reshape(a: Tensor, shape: readonly number[]): Tensor;
  transpose(a: Tensor, order: readonly number[]): Tensor;
  mean(a: Tensor, axis: number, keepDimensions: boolean): Tensor;
  moments(
    a: Tensor,
    axis: number,
    keepDimensions: boolean,
  ): { readonly mean: Tensor; readonly variance: Tensor };
  matMul(a: Tensor, b: Tensor, turnA?: boolean, turnB?: boolean): Tensor;
  softmax(a: Tensor): Tensor;
  logSoftmax(a: Tensor): Tensor;
  oneHot(ids: Tensor, classes: number): Tensor;
}

/** What a twin may use. */
export interface TwinTools {
  readonly tf: TensorOperations;
  readonly training: boolean;
  /** Where each sequence begins, and at the end how many tokens there are; undefined where no sequences went in. */
  readonly starts?: Int32Array;
  /** A copy of a parameter over there, turned as all that crosses: [columns, rows]. */
  variable(parameter: Parameter): Tensor;
  /** A copy of a running statistic. */
  statistic(value: Matrix): Tensor;
  /** Moves the copy of a running statistic: momentum·running + (1 − momentum)·batch. */
  follow(value: Matrix, batch: Tensor, momentum: number): void;
  /** The twin of a generator: it stands where the layer's own one stood. */
  generator(random: Random): Random;
  tensor(matrix: Matrix): Tensor;
  activation(activation: ActivationFunction, input: Tensor): Tensor;
  /** The twin of a layer inside this one. */
  apply(layer: AnyLayer, input: Tensor): Tensor;
}

/** The kind of a layer; undefined for one that does not say. A class that extends one of the library's is of its kind. */
export function kindOf(layer: AnyLayer): LayerKind | undefined {
  return (layer?.constructor as Partial<LayerClass> | undefined)?.kind as LayerKind | undefined;
}

/** "BatchNorm" → "batch-norm": how a kind is written in files, and what a layer is called that has no name of its own. */
export function inFiles(title: string): string {
  return title.replace(/([a-z])([A-Z])/g, "$1-$2").toLowerCase();
}
