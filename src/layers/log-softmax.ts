/*
 * Log-softmax as a layer: scores in, logarithms of probabilities out, a column an example. Where the logarithm is what
 * is wanted, taking it together with the softmax keeps even a probability of e^−1000 apart from 0.
 */
import { logSoftmax, logSoftmaxBackward } from "../activations/log-softmax";
import { type Backward, type Layer, type Parameter, Pass } from "../core/core";
import type { LayerKind } from "../core/kind";
import type { Matrix } from "../numbers/matrix";
import { text } from "../numbers/options";
import { admit, enterFinite, leaveFinite } from "./door";

/** (classes × m) → (classes × m); the exponentials of every column of the output sum to 1. */
export class LogSoftmax implements Layer {
  readonly name: string;
  readonly parameters: readonly Parameter[] = [];

  constructor(options: { readonly name?: string } = {}) {
    this.name = admit("LogSoftmax", options, { name: text });
  }

  outputRows(rows: number | undefined): number | undefined {
    return rows;
  }

  /** @throws ValueError for NaN and ∞ in the scores */
  forward(input: Matrix, pass: Pass = new Pass()): readonly [Matrix, Backward] {
    enterFinite(this, input, pass);
    const output = logSoftmax(input, pass.take(input.rows, input.columns));
    return leaveFinite(this, pass, output, (dOutput) => {
      const dInput = pass.take(input.rows, input.columns);
      logSoftmaxBackward(output, dOutput, dInput);
      return dInput;
    });
  }

  static readonly kind: LayerKind<LogSoftmax> = {
    title: "LogSoftmax",
    letter: "A",
    write: () => ({}),
    read: ({ name }) => new LogSoftmax({ name }),
    twin: (_layer, z, { tf }) => tf.logSoftmax(z),
  };
}
