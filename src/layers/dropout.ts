/*
 * Dropout: while learning, silence a random share of the units at every step, so that none can rely on a particular
 * other one. The survivors are scaled up by 1/(1 − rate), so that each unit's expected value stays what it was and
 * nothing needs to be changed at inference ("inverted" dropout): then the layer is the identity.
 */
import { type Backward, type Layer, type Parameter, Pass } from "../core/core";
import type { LayerKind } from "../core/kind";
import { requireNumber } from "../numbers/errors";
import { Matrix } from "../numbers/matrix";
import { anything, text } from "../numbers/options";
import { type Random, requireRandom } from "../numbers/random";
import { admit, enterFinite, leaveFinite, ownerOf } from "./door";

export interface DropoutOptions {
  readonly name?: string;
  /** The layer's own seeded generator; each training pass draws from it. */
  readonly random: Random;
}

/**
 * Sets each entry to 0 with probability `rate`, and divides the others by 1 − rate.
 * @see Srivastava et al. 2014, "Dropout: A Simple Way to Prevent Neural Networks from Overfitting"
 */
export class Dropout implements Layer {
  readonly name: string;
  readonly parameters: readonly Parameter[] = [];
  /** The share that is dropped. */
  readonly rate: number;
  readonly random: Random;
  readonly generators: readonly Random[];

  /** @param rate the share of entries to drop, at least 0 and less than 1 */
  constructor(rate: number, options: DropoutOptions) {
    this.name = admit("Dropout", options, { name: text, random: anything });
    this.rate = requireNumber(ownerOf(this), "the rate", rate, { from: 0, to: 1, openTo: true });
    requireRandom(ownerOf(this), options.random);
    this.random = options.random;
    this.generators = [this.random];
  }

  outputRows(rows: number | undefined): number | undefined {
    return rows;
  }

  /**
   * (n × m) → (n × m). An entry is kept where `rand() > rate`, one number an entry, drawn row after row, so that a
   * seed gives the mask that NumPy's `np.random.rand(n, m) > rate` gives.
   * @returns the input itself at inference, and when the rate is 0
   * @throws ValueError for NaN and ∞ in the input; no number has been drawn then
   */
  forward(input: Matrix, pass: Pass = new Pass()): readonly [Matrix, Backward] {
    enterFinite(this, input, pass);
    if (!pass.training || this.rate === 0) return leaveFinite(this, pass, input, (dOutput) => dOutput);

    const { rows, columns } = input;
    const mask = pass.take(rows, columns); // 0, or 1/(1 − rate)
    const output = pass.take(rows, columns);
    const keep = 1 / (1 - this.rate);
    for (let i = 0; i < rows; i++) {
      for (let k = i; k < mask.size; k += rows) mask.data[k] = this.random.rand() > this.rate ? keep : 0;
    }
    for (let k = 0; k < mask.size; k++) output.data[k] = input.data[k] * mask.data[k]; // Y = X ⊙ mask
    return leaveFinite(this, pass, output, (dOutput) => {
      const dInput = pass.take(rows, columns);
      for (let k = 0; k < mask.size; k++) dInput.data[k] = dOutput.data[k] * mask.data[k]; // dX = dY ⊙ mask
      return dInput;
    });
  }

  static readonly kind: LayerKind<Dropout> = {
    title: "Dropout",
    letter: "D",
    write: ({ rate, random }) => ({ options: { rate, seed: random.seed } }),
    read: (entry) => new Dropout(entry.number("rate"), { name: entry.name, random: entry.random() }),
    twin({ rate, random }, x, { tf, training, generator, tensor }) {
      if (!training || rate === 0) return x;
      // The mask is no opinion: both sides must drop the same units, drawn in our order from the same generator.
      const twin = generator(random);
      const [examples, features] = x.shape;
      const kept = new Matrix(features, examples).map(() => (twin.rand() > rate ? 1 : 0));
      return tf.div(tf.mul(x, tensor(kept)), 1 - rate);
    },
  };
}
