/*
 * Log-softmax as a layer: scores in, logarithms of probabilities out, a column an example. Where the logarithm is what
 * is wanted, taking it together with the softmax keeps even a probability of e^−1000 apart from 0.
 */
import { logSoftmax, logSoftmaxBackward } from "../activations/log-softmax";
import { type Backward, type Layer, type Parameter, Pass } from "../core/core";
import type { Matrix } from "../numbers/matrix";
import { nameFrom, requireInput, requireSlopes } from "./checks";

/** (classes × m) → (classes × m); the exponentials of every column of the output sum to 1. */
export class LogSoftmax implements Layer {
  readonly name: string;
  readonly parameters: readonly Parameter[] = [];

  constructor(options: { readonly name?: string } = {}) {
    this.name = nameFrom("LogSoftmax", options, "log-softmax");
  }

  private get owner(): string {
    return `LogSoftmax "${this.name}"`;
  }

  outputRows(rows: number | undefined): number | undefined {
    return rows;
  }

  /** @throws ValueError for NaN and ∞ in the scores */
  forward(input: Matrix, pass: Pass = new Pass()): readonly [Matrix, Backward] {
    requireInput(this.owner, input, pass);
    const output = logSoftmax(input, pass.take(input.rows, input.columns));
    const backward: Backward = pass.wayBack((dOutput) => {
      requireSlopes(this.owner, output, dOutput);
      const dInput = pass.take(input.rows, input.columns);
      logSoftmaxBackward(output, dOutput, dInput);
      return dInput;
    });
    return [output, backward];
  }
}
