/*
 * An activation function as a layer: A = f(Z), entry by entry; on the way back, dZ = dA ⊙ f′(Z).
 */
import type { ActivationFunction } from "../activations/activation-function";
import { type Backward, type Layer, type Parameter, Pass } from "../core/core";
import type { LayerKind } from "../core/kind";
import { describe, ValueError } from "../numbers/errors";
import type { Matrix } from "../numbers/matrix";
import { text } from "../numbers/options";
import { admit, enter, enterFinite, leave, leaveFinite } from "./door";

/** Applies one function to every entry. Any shape in, the same shape out; nothing to learn. */
export class Activation implements Layer {
  readonly name: string;
  readonly parameters: readonly Parameter[] = [];

  /** @param activation which function, for example `relu` or `leakyRelu(0.1)` */
  constructor(
    readonly activation: ActivationFunction,
    options: { readonly name?: string } = {},
  ) {
    requireActivation(activation);
    this.name = admit("Activation", options, { name: text }, activation.name);
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
    enter(this, input, pass);
    if (!pass.training) enterFinite(this, input, pass);
    const output = pass.take(input.rows, input.columns);
    this.activation.forward(input, output, pass.engine); // A = f(Z)
    const out = pass.training ? leave : leaveFinite;
    return out(this, pass, output, (dOutput) => {
      const dInput = pass.take(input.rows, input.columns);
      this.activation.backward(input, output, dOutput, dInput, pass.engine); // dZ = dA ⊙ f′(Z)
      return dInput;
    });
  }

  static readonly kind: LayerKind<Activation> = {
    title: "Activation",
    letter: "A",
    write: ({ activation }, inside) => ({ options: inside.activation(activation) }),
    read: (entry) => new Activation(entry.activation(), { name: entry.name }),
    twin: ({ activation }, z, use) => use.activation(activation, z),
  };
}

/** Throws unless `activation` has what makes an activation function. */
export function requireActivation(activation: unknown, owner = "Activation"): void {
  const { forward, backward } = (activation ?? {}) as Partial<ActivationFunction>;
  if (typeof forward === "function" && typeof backward === "function") return;
  const call = typeof activation === "function" ? " Does it want to be called first, as leakyRelu()?" : "";
  throw new ValueError(
    `${owner}: expected an activation function such as relu, got ${describe(activation)}.${call}`,
  );
}
