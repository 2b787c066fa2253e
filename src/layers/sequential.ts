/*
 * Layers one after another. Forward runs them in order; backward runs their backward passes in the opposite
 * order, each handing its dInput to the one before. That loop is the chain rule.
 */
import { activationKind } from "../activations/kinds";
import { askLayer, nextOf, requireLayer, startLayer } from "../core/answers";
import {
  type AnyLayer,
  type Backward,
  type Layer,
  type Parameter,
  Pass,
  type SequenceOf,
  type Statistic,
} from "../core/core";
import type { LayerKind } from "../core/kind";
import { describe, StateError, ValueError } from "../numbers/errors";
import type { Ids } from "../numbers/ids";
import { Matrix } from "../numbers/matrix";
import { text } from "../numbers/options";
import type { Random } from "../numbers/random";
import { Activation } from "./activation";
import { admit, ownerOf, requireColumns, sizesOf } from "./door";

/**
 * A network as a list of layers. It is a layer itself, so networks nest. What goes in is what its first layer takes: a
 * matrix, unless `In` says otherwise, as in `new Sequential<Ragged<Ids>, Ragged>([new Embedding(…), …])`.
 */
export class Sequential<In = Matrix, Out = Matrix> implements Layer<In, Out> {
  readonly name: string;
  readonly layers: readonly AnyLayer[];
  readonly parameters: readonly Parameter[];
  readonly statistics: readonly Statistic[];
  readonly generators: readonly Random[];
  readonly takesSequences: boolean;

  /**
   * @throws ValueError when an item is not a layer
   * @throws ShapeError when a layer cannot take what the one before it gives
   */
  constructor(layers: readonly AnyLayer[], options: { readonly name?: string } = {}) {
    this.name = admit("Sequential", options, { name: text }, "network");
    if (!Array.isArray(layers)) {
      throw new ValueError(`${ownerOf(this)}: expected an array of layers, got ${describe(layers)}.`);
    }
    for (let i = 0; i < layers.length; i++)
      requireLayer(ownerOf(this), `a layer at position ${i}`, layers[i]);
    this.layers = [...layers];
    // A layer used twice is listed once: its gradient is the sum over both uses, and it is stepped once.
    this.parameters = [...new Set(layers.flatMap((layer) => layer.parameters))];
    this.statistics = [...new Set(layers.flatMap((layer) => layer.statistics ?? []))];
    this.generators = [...new Set(layers.flatMap((layer) => layer.generators ?? []))];
    this.takesSequences = layers.some((layer) => layer.takesSequences === true);
    this.outputRows(undefined); // neighbours that do not fit are told so now, not in the first step
  }

  outputRows(rows: number | undefined, examples?: number): number | undefined {
    let known = rows;
    for (let i = 0; i < this.layers.length; i++) {
      known = this.layers[i].outputRows?.(known, i === 0 ? examples : undefined);
    }
    return known;
  }

  /** (features × m) → (outputs of the last layer × m). @throws StateError without a layer */
  forward(input: In, pass: Pass = new Pass()): readonly [Out, Backward<In, Out>] {
    this.check(input, pass); // whoever would refuse does so before anyone has begun
    const back: Backward<unknown, unknown>[] = [];
    let output: unknown = input;
    for (let i = 0; i < this.layers.length; i++) {
      const layer = this.layers[i];
      const own = i === 0 ? pass : pass.inner;
      const both =
        pass.training && output instanceof Matrix && isRelu(this.layers[i + 1])
          ? layer.forwardWithRelu?.(output, own)
          : undefined;
      const [next, backward] = both ?? askLayer(layer, output, own);
      output = next;
      back.push(backward as Backward<unknown, unknown>);
      if (both !== undefined) i += 1; // two layers in one, with one way back
    }
    const backward: Backward<unknown, unknown> = pass.wayBack((dOutput) => {
      let slope = dOutput;
      for (let i = back.length - 1; i >= 0; i--) slope = back[i](slope);
      return slope;
    });
    return [output as Out, backward as Backward<In, Out>];
  }

  /** The state of each layer. @throws StateError for a layer that looks at other tokens and keeps no state */
  start(): unknown[] {
    return this.layers.map(startLayer);
  }

  next(input: SequenceOf<In>, state: unknown, pass: Pass = new Pass()): Matrix {
    this.check(input, pass);
    if (!Array.isArray(state) || state.length !== this.layers.length) {
      throw new ValueError(`${ownerOf(this)}: expected the state that start() gave, got ${describe(state)}.`);
    }
    if (spoiled.has(state)) {
      throw new StateError(
        `${ownerOf(this)}: expected a state whose last tokens all layers took, got one that an error left half-way. ` +
          "Begin again with start().",
      );
    }
    let value = input as Matrix | Ids;
    for (const [i, layer] of this.layers.entries()) {
      try {
        value = nextOf(layer, value, state[i], pass);
      } catch (error) {
        // Where layers before it have moved on, whoever went on from here would get other numbers in silence.
        if (state.slice(0, i).some((one) => one !== undefined)) spoiled.add(state);
        throw error;
      }
    }
    return value as Matrix;
  }

  private check(input: unknown, pass: unknown): void {
    requireColumns(ownerOf(this), input, pass);
    if (this.layers.length === 0) {
      throw new StateError(`${ownerOf(this)}: expected at least one layer, got none.`);
    }
    this.outputRows(...sizesOf(input));
  }

  static readonly kind: LayerKind<Sequential> = {
    title: "Sequential",
    write: ({ layers }, inside) => ({ layers: layers.map((layer) => inside(layer)) }),
    read: (entry) => new Sequential(entry.layers(), { name: entry.name }),
    twin: ({ layers }, x, { apply }) => layers.reduce((input, next) => apply(next, input), x),
  };
}

/** States that a refused call has left half-way. */
const spoiled = new WeakSet<object>();

/** Is it a ReLU as a layer? It has nothing to learn and nothing to be asked, so nobody misses its own forward pass. */
function isRelu(layer: AnyLayer | undefined): boolean {
  return layer instanceof Activation && activationKind(layer.activation) === "relu";
}
