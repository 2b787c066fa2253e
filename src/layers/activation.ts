/*
 * An activation function as a layer: A = f(Z), entry by entry; on the way back, dZ = dA ⊙ f′(Z).
 */
import type { ActivationFunction } from "../activations/activation-function";
import { type Backward, type Layer, type Parameter, Pass } from "../core/core";
import { describe, ValueError } from "../numbers/errors";
import { type Matrix, requireFinite, requireSameShape } from "../numbers/matrix";
import { nameFrom, requireInput, requireSlopes } from "./checks";

/** Applies one function to every entry. Any shape in, the same shape out; nothing to learn. */
export class Activation implements Layer {
  readonly name: string;
  readonly parameters: readonly Parameter[] = [];

  /** @param activation which function, for example `relu` or `leakyRelu(0.1)` */
  constructor(
    readonly activation: ActivationFunction,
    options: { readonly name?: string } = {},
  ) {
    if (typeof activation?.forward !== "function" || typeof activation.backward !== "function") {
      const call =
        typeof activation === "function" ? " Does it want to be called first, as leakyRelu()?" : "";
      throw new ValueError(
        `Activation: expected an activation function such as relu, got ${describe(activation)}.${call}`,
      );
    }
    this.name = nameFrom("Activation", options, activation.name);
  }

  private get owner(): string {
    return `Activation "${this.name}"`;
  }

  outputRows(rows: number | undefined): number | undefined {
    return rows;
  }

  /**
   * (n × m) → (n × m).
   * @throws ValueError for NaN and ∞ in the input. While training, NaN travels on and the loss reports it: a
   *   second look at every number would slow each step down.
   */
  forward(input: Matrix, pass: Pass = new Pass()): readonly [Matrix, Backward] {
    requireInput(this.owner, input, pass);
    if (!pass.training) requireFinite(this.owner, "the input", input);
    const output = pass.take(input.rows, input.columns);
    this.activation.forward(input, output, pass.engine);
    const backward: Backward = pass.wayBack((dOutput) => {
      if (pass.training) requireSameShape(`${this.owner}, backward`, output, dOutput);
      else requireSlopes(this.owner, output, dOutput);
      const dInput = pass.take(input.rows, input.columns);
      this.activation.backward(input, output, dOutput, dInput, pass.engine);
      return dInput;
    });
    return [output, backward];
  }
}
