/*
 * Dropout: while learning, silence a random share of the units at every step, so that none can rely on a particular
 * other one. The survivors are scaled up by 1/(1 − rate), so that each unit's expected value stays what it was and
 * nothing needs to be changed at inference ("inverted" dropout): then the layer is the identity.
 */
import { type Backward, type Layer, type Parameter, Pass } from "../core/core";
import { describe, requireNumber, ValueError } from "../numbers/errors";
import { type Matrix, requireFinite } from "../numbers/matrix";
import { Random } from "../numbers/random";
import { nameFrom, requireInput, requireSlopes } from "./checks";

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
    this.name = nameFrom("Dropout", options, "dropout");
    this.rate = requireNumber(this.owner, "the rate", rate, { from: 0, to: 1, openTo: true });
    if (!(options.random instanceof Random)) {
      throw new ValueError(
        `${this.owner}: expected a seeded generator, got ${describe(options.random)}. Try { random: new Random(42) }.`,
      );
    }
    this.random = options.random;
    this.generators = [this.random];
  }

  private get owner(): string {
    return `Dropout "${this.name}"`;
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
    requireInput(this.owner, input, pass);
    requireFinite(this.owner, "the input", input);
    if (!pass.training || this.rate === 0) {
      return [input, pass.wayBack((dOutput) => this.checked(input, dOutput))];
    }

    const { rows, columns } = input;
    const mask = pass.take(rows, columns); // 0, or 1/(1 − rate)
    const output = pass.take(rows, columns);
    const keep = 1 / (1 - this.rate);
    for (let i = 0; i < rows; i++) {
      for (let k = i; k < mask.size; k += rows) mask.data[k] = this.random.rand() > this.rate ? keep : 0;
    }
    for (let k = 0; k < mask.size; k++) output.data[k] = input.data[k] * mask.data[k]; // Y = X ⊙ mask
    const backward: Backward = pass.wayBack((dOutput) => {
      this.checked(output, dOutput);
      const dInput = pass.take(rows, columns);
      for (let k = 0; k < mask.size; k++) dInput.data[k] = dOutput.data[k] * mask.data[k]; // dX = dY ⊙ mask
      return dInput;
    });
    return [output, backward];
  }

  private checked(output: Matrix, dOutput: Matrix): Matrix {
    requireSlopes(this.owner, output, dOutput);
    return dOutput;
  }
}
