/*
 * Softmax as the last layer of a network that chooses among classes: scores in, probabilities out, a column an
 * example. For training, leave it off and give the scores to `categoricalCrossEntropyFromLogits`: the two together
 * are simpler and lose no digits.
 */
import { softmax, softmaxBackward } from "../activations/softmax";
import { type Backward, type Layer, type Parameter, Pass } from "../core/core";
import type { LayerKind } from "../core/kind";
import type { Matrix } from "../numbers/matrix";
import { text } from "../numbers/options";
import { admit, enterFinite, leaveFinite } from "./door";

/** (classes × m) → (classes × m); every column of the output sums to 1. */
export class Softmax implements Layer {
  readonly name: string;
  readonly parameters: readonly Parameter[] = [];

  constructor(options: { readonly name?: string } = {}) {
    this.name = admit("Softmax", options, { name: text });
  }

  outputRows(rows: number | undefined): number | undefined {
    return rows;
  }

  /** @throws ValueError for NaN and ∞ in the scores */
  forward(input: Matrix, pass: Pass = new Pass()): readonly [Matrix, Backward] {
    enterFinite(this, input, pass);
    const output = softmax(input, pass.take(input.rows, input.columns));
    return leaveFinite(this, pass, output, (dOutput) => {
      const dInput = pass.take(input.rows, input.columns);
      softmaxBackward(output, dOutput, dInput);
      return dInput;
    });
  }

  static readonly kind: LayerKind<Softmax> = {
    title: "Softmax",
    letter: "A",
    write: () => ({}),
    read: ({ name }) => new Softmax({ name }),
    twin: (_layer, z, { tf }) => tf.softmax(z),
  };
}
