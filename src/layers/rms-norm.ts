/*
 * RMS normalisation: bring each example to a root mean square of 1, then let the network choose a scale γ for every
 * feature. It is layer normalisation without the mean: what is left of it is what helps, at less than half the sums.
 */
import { type Backward, type Layer, type Parameter, Pass } from "../core/core";
import type { LayerKind } from "../core/kind";
import { requireWhole } from "../numbers/errors";
import { Matrix } from "../numbers/matrix";
import { anything, numberIn, type OptionTable, text } from "../numbers/options";
import { admit, enterFinite, leaveFinite, overflow, own, ownerOf, requireFeatures } from "./door";

export interface RmsNormOptions {
  readonly name?: string;
  /** Added to the mean square, so that an example of zeros does not divide by 0; 1e-5 when left out. */
  readonly epsilon?: number;
  /** First scales (features × 1); ones when left out; copied. */
  readonly gamma?: Matrix;
}

const OPTIONS: OptionTable<RmsNormOptions> = {
  name: text,
  epsilon: numberIn({ from: 0, openFrom: true }),
  gamma: anything,
};

/**
 * y = γ ⊙ x̂ with x̂ = x/√(mean(x²) + ε), each column x by itself.
 * @see Zhang & Sennrich 2019, "Root Mean Square Layer Normalization"
 */
export class RmsNorm implements Layer {
  readonly name: string;
  readonly features: number;
  readonly epsilon: number;
  /** (features × 1) */
  readonly gamma: Parameter;
  readonly parameters: readonly Parameter[];

  /** @param features number of rows of the input */
  constructor(features: number, options: RmsNormOptions = {}) {
    this.name = admit("RmsNorm", options, OPTIONS);
    this.features = requireWhole(ownerOf(this), "features", features);
    const { epsilon = 1e-5, gamma = Matrix.filled(features, 1, 1) } = options;
    this.epsilon = epsilon;
    this.gamma = own(this, "gamma", gamma, [features, 1], { decays: false });
    this.parameters = [this.gamma];
  }

  outputRows(rows: number | undefined, examples?: number): number {
    requireFeatures(this, this.features, rows, examples);
    return this.features;
  }

  /** (features × m) → (features × m). @throws ValueError for NaN and ∞ in the input */
  forward(input: Matrix, pass: Pass = new Pass()): readonly [Matrix, Backward] {
    enterFinite(this, input, pass);
    const { rows: n, columns: m, data: x } = input;
    const g = this.gamma.value.data;
    const normal = pass.take(n, m); // x̂
    const inverse = pass.take(1, m); // 1/√(mean(x²) + ε), one an example
    const output = pass.take(n, m);
    for (let j = 0; j < m; j++) {
      let square = 0;
      for (let i = 0; i < n; i++) square += x[j * n + i] ** 2;
      square /= n;
      if (square === Infinity) throw overflow(this);
      inverse.data[j] = 1 / Math.sqrt(square + this.epsilon);
      for (let i = 0; i < n; i++) {
        const k = j * n + i;
        normal.data[k] = x[k] * inverse.data[j];
        output.data[k] = g[i] * normal.data[k];
      }
    }

    return leaveFinite(this, pass, output, (dOutput) => {
      const dY = dOutput.data;
      const dGamma = this.gamma.gradient.data;
      const dInput = pass.take(n, m);
      for (let j = 0; j < m; j++) {
        let along = 0; // mean(dx̂ ⊙ x̂), with dx̂ = γ ⊙ dY: what x changes by moving the length of its own column
        for (let i = 0; i < n; i++) {
          const k = j * n + i;
          dGamma[i] = dGamma[i] + dY[k] * normal.data[k]; // dγ += Σ dY ⊙ x̂
          along += g[i] * dY[k] * normal.data[k];
        }
        along /= n;
        for (let i = 0; i < n; i++) {
          const k = j * n + i;
          dInput.data[k] = (g[i] * dY[k] - normal.data[k] * along) * inverse.data[j]; // dX = (dx̂ − x̂·mean)/√(…)
        }
      }
      return dInput;
    });
  }

  static readonly kind: LayerKind<RmsNorm> = {
    title: "RmsNorm",
    letter: "N",
    write: ({ features, epsilon, gamma }) => ({ options: { features, epsilon }, weights: { gamma } }),
    read(entry) {
      const features = entry.number("features");
      const gamma = entry.weights("gamma", features, 1);
      return new RmsNorm(features, { name: entry.name, epsilon: entry.number("epsilon"), gamma });
    },
    twin({ epsilon, gamma }, x, { tf, variable }) {
      const square = tf.mean(tf.square(x), 1, true);
      return tf.mul(variable(gamma), tf.div(x, tf.sqrt(tf.add(square, epsilon))));
    },
  };
}
