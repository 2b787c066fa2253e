/*
 * Layers one after another. Forward runs them in order; backward runs their backward passes in the opposite
 * order, each handing its dInput to the one before. That loop is the chain rule.
 */
import { type Backward, type Layer, type Parameter, Pass } from "../core";
import { describe, StateError, ValueError } from "../errors";
import { type Matrix, requireMatrix } from "../matrix";

/** A network as a list of layers. It is a layer itself, so networks nest. */
export class Sequential implements Layer {
  readonly name: string;
  readonly layers: readonly Layer[];
  readonly parameters: readonly Parameter[];

  /** @throws ValueError when an item is not a layer */
  constructor(layers: readonly Layer[], options: { readonly name?: string } = {}) {
    this.name = options.name ?? "network";
    if (!Array.isArray(layers)) {
      throw new ValueError(
        `Sequential "${this.name}": expected an array of layers, got ${describe(layers)}.`,
      );
    }
    layers.forEach((layer: Layer | undefined, i) => {
      if (typeof layer?.forward !== "function" || !Array.isArray(layer.parameters)) {
        throw new ValueError(
          `Sequential "${this.name}": expected a layer at position ${i}, got ${describe(layer)}. ` +
            "An activation function becomes a layer as new Activation(relu).",
        );
      }
    });
    this.layers = [...layers];
    // A layer used twice is listed once: its gradient is the sum over both uses, and it is stepped once.
    this.parameters = [...new Set(layers.flatMap((layer) => layer.parameters))];
  }

  forward(input: Matrix, pass: Pass = new Pass()): readonly [Matrix, Backward] {
    requireMatrix(`Sequential "${this.name}"`, input);
    if (this.layers.length === 0) {
      throw new StateError(`Sequential "${this.name}": expected at least one layer, got none.`);
    }
    const back: Backward[] = new Array(this.layers.length);
    let output = input;
    for (let i = 0; i < this.layers.length; i++) {
      const layer = this.layers[i];
      const [next, backward] = layer.forward(output, i === 0 ? pass : pass.inner);
      output = next;
      back[i] = backward;
    }
    const backward: Backward = (dOutput) => {
      let gradient = dOutput;
      for (let i = back.length - 1; i >= 0; i--) gradient = back[i](gradient);
      return gradient;
    };
    return [output, backward];
  }
}
