/*
 * An activation function as a layer: A = f(Z), entry by entry; on the way back, dZ = dA ⊙ f′(Z).
 */
import type { ActivationFunction } from "../activations/activation-function";
import { type Backward, type Layer, type Parameter, Pass } from "../core";
import { describe, ValueError } from "../errors";
import { type Matrix, requireMatrix, requireSameShape } from "../matrix";

/** Applies one function to every entry. Any shape in, the same shape out; nothing to learn. */
export class Activation implements Layer {
  readonly name: string;
  readonly parameters: readonly Parameter[] = [];

  /** @param activation which function, for example `relu` */
  constructor(
    readonly activation: ActivationFunction,
    options: { readonly name?: string } = {},
  ) {
    if (typeof activation?.forward !== "function" || typeof activation.backward !== "function") {
      throw new ValueError(
        `Activation: expected an activation function such as relu, got ${describe(activation)}.`,
      );
    }
    this.name = options.name ?? activation.name;
  }

  forward(input: Matrix, pass: Pass = new Pass()): readonly [Matrix, Backward] {
    requireMatrix(`Activation "${this.name}"`, input);
    const output = pass.take(input.rows, input.columns);
    this.activation.forward(input, output);
    const backward: Backward = (dOutput) => {
      requireSameShape(`Activation "${this.name}", backward`, output, dOutput);
      const dInput = pass.take(input.rows, input.columns);
      this.activation.backward(input, output, dOutput, dInput);
      return dInput;
    };
    return [output, backward];
  }
}
