/*
 * Layer normalisation: within each example, bring the features to mean 0 and variance 1, then let the network choose a
 * scale γ and a shift β for every feature. No example looks at another, so training and inference are the same. The loops,
 * there and back, stand in numbers/kernels/layer-norm.ts.
 */
import { type Backward, type Layer, type Parameter, Pass } from "../core/core";
import type { LayerKind } from "../core/kind";
import { requireWhole } from "../numbers/errors";
import { Matrix } from "../numbers/matrix";
import { anything, numberIn, type OptionTable, text } from "../numbers/options";
import { admit, enterFinite, leaveFinite, overflow, own, ownerOf, requireFeatures } from "./door";

export interface LayerNormOptions {
  readonly name?: string;
  /** Added to the variance, so that a constant example does not divide by 0; 0.001 as in TensorFlow.js. */
  readonly epsilon?: number;
  /** First scales (features × 1); ones when left out; copied. */
  readonly gamma?: Matrix;
  /** First shifts (features × 1); zeros when left out; copied. */
  readonly beta?: Matrix;
}

const OPTIONS: OptionTable<LayerNormOptions> = {
  name: text,
  epsilon: numberIn({ from: 0, openFrom: true }),
  gamma: anything,
  beta: anything,
};

/**
 * y = γ ⊙ x̂ + β with x̂ = (x − mean(x))/√(var(x) + ε), each column x by itself; var divides by the number of features.
 * A single feature is its own mean, so only β comes through.
 * @see Ba, Kiros & Hinton 2016, "Layer Normalization"
 */
export class LayerNorm implements Layer {
  readonly name: string;
  readonly features: number;
  readonly epsilon: number;
  /** (features × 1) */
  readonly gamma: Parameter;
  /** (features × 1) */
  readonly beta: Parameter;
  readonly parameters: readonly Parameter[];

  /** @param features number of rows of the input */
  constructor(features: number, options: LayerNormOptions = {}) {
    this.name = admit("LayerNorm", options, OPTIONS);
    this.features = requireWhole(ownerOf(this), "features", features);
    const { epsilon = 1e-3, gamma = Matrix.filled(features, 1, 1), beta = new Matrix(features, 1) } = options;
    this.epsilon = epsilon;
    this.gamma = own(this, "gamma", gamma, [features, 1], { decays: false });
    this.beta = own(this, "beta", beta, [features, 1], { decays: false });
    this.parameters = [this.gamma, this.beta];
  }

  outputRows(rows: number | undefined, examples?: number): number {
    requireFeatures(this, this.features, rows, examples);
    return this.features;
  }

  /** (features × m) → (features × m). @throws ValueError for NaN and ∞ in the input */
  forward(input: Matrix, pass: Pass = new Pass()): readonly [Matrix, Backward] {
    enterFinite(this, input, pass);
    const { engine } = pass;
    const { rows: n, columns: m } = input;
    const normal = pass.take(n, m); // x̂
    const inverse = pass.take(1, m); // 1/√(var + ε), one an example
    const output = pass.take(n, m);
    const { gamma, beta, epsilon } = this;
    if (!engine.layerNorm(input, gamma.value, beta.value, epsilon, normal, inverse, output))
      throw overflow(this);

    return leaveFinite(this, pass, output, (dY) => {
      const dInput = pass.take(n, m);
      engine.layerNormBackward(dY, normal, inverse, gamma.value, gamma.gradient, beta.gradient, dInput);
      return dInput;
    });
  }

  static readonly kind: LayerKind<LayerNorm> = {
    title: "LayerNorm",
    letter: "N",
    write: ({ features, epsilon, gamma, beta }) => ({
      options: { features, epsilon },
      weights: { gamma, beta },
    }),
    read(entry) {
      const features = entry.number("features");
      const [gamma, beta] = [entry.weights("gamma", features, 1), entry.weights("beta", features, 1)];
      return new LayerNorm(features, { name: entry.name, epsilon: entry.number("epsilon"), gamma, beta });
    },
    twin({ epsilon, gamma, beta }, x, { tf, variable }) {
      const { mean, variance } = tf.moments(x, 1, true);
      const normal = tf.div(tf.sub(x, mean), tf.sqrt(tf.add(variance, epsilon)));
      return tf.add(tf.mul(variable(gamma), normal), variable(beta));
    },
  };
}
