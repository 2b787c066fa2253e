/*
 * Layers one after another. Forward runs them in order; backward runs their backward passes in the opposite
 * order, each handing its dInput to the one before. That loop is the chain rule.
 */
import { askLayer } from "../core/answers";
import { type Backward, type Layer, type Parameter, Pass, type Statistic } from "../core/core";
import { describe, StateError, ValueError } from "../numbers/errors";
import type { Matrix } from "../numbers/matrix";
import type { Random } from "../numbers/random";
import { Activation } from "./activation";
import { nameFrom, requireInput, requireLayer } from "./checks";

/** A network as a list of layers. It is a layer itself, so networks nest. */
export class Sequential implements Layer {
  readonly name: string;
  readonly layers: readonly Layer[];
  readonly parameters: readonly Parameter[];
  readonly statistics: readonly Statistic[];
  readonly generators: readonly Random[];

  /**
   * @throws ValueError when an item is not a layer
   * @throws ShapeError when a layer cannot take what the one before it gives
   */
  constructor(layers: readonly Layer[], options: { readonly name?: string } = {}) {
    this.name = nameFrom("Sequential", options, "network");
    if (!Array.isArray(layers)) {
      throw new ValueError(`${this.owner}: expected an array of layers, got ${describe(layers)}.`);
    }
    for (let i = 0; i < layers.length; i++) requireLayer(this.owner, `a layer at position ${i}`, layers[i]);
    this.layers = [...layers];
    // A layer used twice is listed once: its gradient is the sum over both uses, and it is stepped once.
    this.parameters = [...new Set(layers.flatMap((layer) => layer.parameters))];
    this.statistics = [...new Set(layers.flatMap((layer) => layer.statistics ?? []))];
    this.generators = [...new Set(layers.flatMap((layer) => layer.generators ?? []))];
    this.outputRows(undefined); // neighbours that do not fit are told so now, not in the first step
  }

  private get owner(): string {
    return `Sequential "${this.name}"`;
  }

  outputRows(rows: number | undefined, examples?: number): number | undefined {
    let known = rows;
    for (let i = 0; i < this.layers.length; i++) {
      known = this.layers[i].outputRows?.(known, i === 0 ? examples : undefined);
    }
    return known;
  }

  /** (features × m) → (outputs of the last layer × m). @throws StateError without a layer */
  forward(input: Matrix, pass: Pass = new Pass()): readonly [Matrix, Backward] {
    requireInput(this.owner, input, pass);
    if (this.layers.length === 0) {
      throw new StateError(`${this.owner}: expected at least one layer, got none.`);
    }
    this.outputRows(input.rows, input.columns); // whoever would refuse does so before anyone has begun
    const back: Backward[] = new Array(this.layers.length);
    let output = input;
    for (let i = 0; i < this.layers.length; i++) {
      const layer = this.layers[i];
      const own = i === 0 ? pass : pass.inner;
      const both =
        pass.training && isRelu(this.layers[i + 1]) ? layer.forwardWithRelu?.(output, own) : undefined;
      const [next, backward] = both ?? askLayer(layer, output, own);
      output = next;
      back[i] = backward;
      if (both !== undefined) i += 1; // two layers in one, with one way back
    }
    const backward: Backward = pass.wayBack((dOutput) => {
      let gradient = dOutput;
      for (let i = back.length - 1; i >= 0; i--) gradient = back[i]?.(gradient) ?? gradient;
      return gradient;
    });
    return [output, backward];
  }
}

/** Is it a ReLU as a layer? It has nothing to learn and nothing to be asked, so nobody misses its own forward pass. */
function isRelu(layer: Layer | undefined): boolean {
  return layer instanceof Activation && layer.activation.isRelu === true;
}
