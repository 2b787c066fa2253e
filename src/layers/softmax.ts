/*
 * Softmax as the last layer of a network that chooses among classes: scores in, probabilities out, a column an
 * example. For training, leave it off and give the scores to `categoricalCrossEntropyFromLogits`: the two together
 * are simpler and lose no digits.
 */
import { softmax, softmaxBackward } from "../activations/softmax";
import { type Backward, type Layer, type Parameter, Pass } from "../core/core";
import type { Matrix } from "../numbers/matrix";
import { nameFrom, requireInput, requireSlopes } from "./checks";

/** (classes × m) → (classes × m); every column of the output sums to 1. */
export class Softmax implements Layer {
  readonly name: string;
  readonly parameters: readonly Parameter[] = [];

  constructor(options: { readonly name?: string } = {}) {
    this.name = nameFrom("Softmax", options, "softmax");
  }

  private get owner(): string {
    return `Softmax "${this.name}"`;
  }

  outputRows(rows: number | undefined): number | undefined {
    return rows;
  }

  /** @throws ValueError for NaN and ∞ in the scores */
  forward(input: Matrix, pass: Pass = new Pass()): readonly [Matrix, Backward] {
    requireInput(this.owner, input, pass);
    const output = softmax(input, pass.take(input.rows, input.columns));
    const backward: Backward = pass.wayBack((dOutput) => {
      requireSlopes(this.owner, output, dOutput);
      const dInput = pass.take(input.rows, input.columns);
      softmaxBackward(output, dOutput, dInput);
      return dInput;
    });
    return [output, backward];
  }
}
