/*
 * Layer normalisation: within each example, bring the features to mean 0 and variance 1, then let the network choose a
 * scale γ and a shift β for every feature. No example looks at another, so training and inference are the same.
 */
import { type Backward, type Layer, type Parameter, Pass, parameter } from "../core/core";
import { requireNumber, requireWhole } from "../numbers/errors";
import { Matrix, requireFinite } from "../numbers/matrix";
import {
  copyOf,
  nameFrom,
  overflow,
  requireFeatures,
  requireFiniteValues,
  requireInput,
  requireSlopes,
} from "./checks";

export interface LayerNormOptions {
  readonly name?: string;
  /** Added to the variance, so that a constant example does not divide by 0; 0.001 as in TensorFlow.js. */
  readonly epsilon?: number;
  /** First scales (features × 1); ones when left out; copied. */
  readonly gamma?: Matrix;
  /** First shifts (features × 1); zeros when left out; copied. */
  readonly beta?: Matrix;
}

/**
 * y = γ ⊙ x̂ + β with x̂ = (x − mean(x))/√(var(x) + ε), each column x by itself; var divides by the number of features.
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
    this.name = nameFrom("LayerNorm", options, "layer-norm");
    this.features = requireWhole(this.owner, "features", features);
    this.epsilon = requireNumber(this.owner, "epsilon", options.epsilon ?? 1e-3, { from: 0, openFrom: true });
    const ones = Matrix.filled(features, 1, 1);
    const gamma = copyOf(this.owner, "gamma", options.gamma ?? ones, features, 1);
    const beta = copyOf(this.owner, "beta", options.beta ?? Matrix.zeros(features, 1), features, 1);
    this.gamma = parameter(`${this.name}.gamma`, gamma, { decays: false });
    this.beta = parameter(`${this.name}.beta`, beta, { decays: false });
    this.parameters = [this.gamma, this.beta];
  }

  private get owner(): string {
    return `LayerNorm "${this.name}"`;
  }

  outputRows(rows: number | undefined, examples?: number): number {
    requireFeatures(this.owner, this.features, rows, examples);
    return this.features;
  }

  /** (features × m) → (features × m). @throws ValueError for NaN and ∞ in the input */
  forward(input: Matrix, pass: Pass = new Pass()): readonly [Matrix, Backward] {
    requireInput(this.owner, input, pass);
    this.outputRows(input.rows, input.columns);
    requireFinite(this.owner, "the input", input);
    requireFiniteValues(this.owner, this.parameters);
    const { rows: n, columns: m } = input;
    const x = input.data;
    const g = this.gamma.value.data;
    const b = this.beta.value.data;
    const normal = pass.take(n, m); // x̂
    const inverse = pass.take(1, m); // 1/√(var + ε), one an example
    const output = pass.take(n, m);
    for (let j = 0; j < m; j++) {
      let mean = 0;
      for (let i = 0; i < n; i++) mean += x[j * n + i];
      mean /= n;
      let rest = 0; // what the mean of large, nearly equal numbers has lost to rounding
      for (let i = 0; i < n; i++) rest += x[j * n + i] - mean;
      mean += rest / n;
      let variance = 0;
      for (let i = 0; i < n; i++) variance += (x[j * n + i] - mean) ** 2;
      variance /= n;
      if (variance === Infinity) throw overflow(this.owner);
      inverse.data[j] = 1 / Math.sqrt(variance + this.epsilon);
      for (let i = 0; i < n; i++) {
        const k = j * n + i;
        normal.data[k] = (x[k] - mean) * inverse.data[j];
        output.data[k] = g[i] * normal.data[k] + b[i];
      }
    }

    const backward: Backward = pass.wayBack((dOutput) => {
      requireSlopes(this.owner, output, dOutput);
      const dY = dOutput.data;
      const dGamma = this.gamma.gradient.data;
      const dBeta = this.beta.gradient.data;
      for (let j = 0; j < m; j++) {
        for (let i = 0; i < n; i++) {
          const k = j * n + i;
          dGamma[i] = dGamma[i] + dY[k] * normal.data[k]; // dγ += Σ dY ⊙ x̂
          dBeta[i] = dBeta[i] + dY[k]; // dβ += Σ dY
        }
      }
      const dInput = pass.take(n, m);
      // With dx̂ = γ ⊙ dY:  dX = (dx̂ − mean(dx̂) − x̂·mean(dx̂ ⊙ x̂))/√(var + ε). The two means are what x changes
      // by moving the mean and the variance of its own column.
      for (let j = 0; j < m; j++) {
        let mean = 0;
        let along = 0;
        for (let i = 0; i < n; i++) {
          const d = g[i] * dY[j * n + i];
          mean += d;
          along += d * normal.data[j * n + i];
        }
        mean /= n;
        along /= n;
        for (let i = 0; i < n; i++) {
          const k = j * n + i;
          dInput.data[k] = (g[i] * dY[k] - mean - normal.data[k] * along) * inverse.data[j];
        }
      }
      return dInput;
    });
    return [output, backward];
  }
}
