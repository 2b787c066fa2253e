/*
 * Batch normalisation: bring each feature to mean 0 and variance 1 over the examples of the batch, then let the network
 * choose a scale γ and a shift β for it. The next layer sees inputs of one size, whatever the layers before it do.
 *
 * At inference there may be only one example, so the averages remembered from training take the batch's place: then
 * the layer is a fixed scale and shift, and its backward pass is simpler too.
 */
import { type Backward, type Layer, type Parameter, Pass, parameter, type Statistic } from "../core/core";
import { requireNumber, requireWhole, ValueError } from "../numbers/errors";
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

export interface BatchNormOptions {
  readonly name?: string;
  /**
   * How much of the running averages is kept at each training step, in [0, 1); 0.99 as in TensorFlow.js. (PyTorch's
   * momentum is the other share, what is taken from the batch: its 0.1 is 0.9 here. Its running variance divides by
   * m − 1 as well.)
   */
  readonly momentum?: number;
  /** Added to the variance, so that a constant feature does not divide by 0; 0.001 as in TensorFlow.js. */
  readonly epsilon?: number;
  /** First scales (features × 1); ones when left out; copied. */
  readonly gamma?: Matrix;
  /** First shifts (features × 1); zeros when left out; copied. */
  readonly beta?: Matrix;
  /** Averages to start from (features × 1); zeros when left out; copied. */
  readonly runningMean?: Matrix;
  /** Variances to start from (features × 1), 0 or more; ones when left out; copied. */
  readonly runningVariance?: Matrix;
}

/**
 * y = γ·x̂ + β with x̂ = (x − μ)/√(σ² + ε), feature by feature. While training, μ and σ² are those of the batch (σ²
 * divides by m), and the running averages follow them: running ← momentum·running + (1 − momentum)·batch.
 * A batch of one example is its own mean, so only β comes through.
 * @see Ioffe & Szegedy 2015, "Batch Normalization"
 */
export class BatchNorm implements Layer {
  readonly name: string;
  readonly features: number;
  readonly momentum: number;
  readonly epsilon: number;
  /** (features × 1) */
  readonly gamma: Parameter;
  /** (features × 1) */
  readonly beta: Parameter;
  readonly parameters: readonly Parameter[];
  /** (features × 1), used at inference */
  readonly runningMean: Matrix;
  /** (features × 1), used at inference */
  readonly runningVariance: Matrix;
  readonly statistics: readonly Statistic[];

  /** @param features number of rows of the input */
  constructor(features: number, options: BatchNormOptions = {}) {
    this.name = nameFrom("BatchNorm", options, "batch-norm");
    this.features = requireWhole(this.owner, "features", features);
    const { momentum = 0.99, epsilon = 1e-3 } = options;
    this.momentum = requireNumber(this.owner, "momentum", momentum, { from: 0, to: 1, openTo: true });
    this.epsilon = requireNumber(this.owner, "epsilon", epsilon, { from: 0, openFrom: true });
    const zeros = new Matrix(features, 1);
    const ones = Matrix.filled(features, 1, 1);
    const copy = (what: string, values: Matrix): Matrix => copyOf(this.owner, what, values, features, 1);
    const gamma = copy("gamma", options.gamma ?? ones);
    const beta = copy("beta", options.beta ?? zeros);
    this.gamma = parameter(`${this.name}.gamma`, gamma, { decays: false });
    this.beta = parameter(`${this.name}.beta`, beta, { decays: false });
    this.parameters = [this.gamma, this.beta];
    this.runningMean = copy("runningMean", options.runningMean ?? zeros);
    this.runningVariance = copy("runningVariance", options.runningVariance ?? ones);
    if (this.runningVariance.data.some((variance) => variance < 0)) {
      throw new ValueError(`${this.owner}: expected variances of 0 or more, got a negative runningVariance.`);
    }
    this.statistics = [
      { name: `${this.name}.runningMean`, value: this.runningMean },
      { name: `${this.name}.runningVariance`, value: this.runningVariance },
    ];
  }

  private get owner(): string {
    return `BatchNorm "${this.name}"`;
  }

  outputRows(rows: number | undefined, examples?: number): number {
    requireFeatures(this.owner, this.features, rows, examples);
    return this.features;
  }

  /**
   * (features × m) → (features × m).
   * @throws ValueError for NaN and ∞ in the input; the running averages have not moved then
   */
  forward(input: Matrix, pass: Pass = new Pass()): readonly [Matrix, Backward] {
    requireInput(this.owner, input, pass);
    this.outputRows(input.rows, input.columns);
    requireFinite(this.owner, "the input", input);
    requireFiniteValues(this.owner, this.parameters);
    requireFiniteValues(this.owner, this.statistics);
    const { rows: n, columns: m } = input;
    const mean = pass.take(n, 1);
    const variance = pass.take(n, 1);
    if (pass.training) {
      measure(input, mean, variance);
      if (variance.data.includes(Infinity)) throw overflow(this.owner);
      this.remember(mean, variance);
    } else {
      mean.copyFrom(this.runningMean);
      variance.copyFrom(this.runningVariance);
    }

    const normal = pass.take(n, m); // x̂
    const output = pass.take(n, m);
    for (let i = 0; i < n; i++) {
      const center = mean.data[i];
      const scale = 1 / Math.sqrt(variance.data[i] + this.epsilon);
      const gamma = this.gamma.value.data[i];
      const beta = this.beta.value.data[i];
      for (let k = i; k < n * m; k += n) {
        const x = (input.data[k] - center) * scale;
        normal.data[k] = x;
        output.data[k] = gamma * x + beta;
      }
    }

    const backward: Backward = pass.wayBack((dOutput) => {
      requireSlopes(this.owner, output, dOutput);
      const dInput = pass.take(n, m);
      for (let i = 0; i < n; i++) {
        let dBeta = 0; // Σ dY
        let dGamma = 0; // Σ dY ⊙ x̂
        for (let k = i; k < n * m; k += n) {
          dBeta += dOutput.data[k];
          dGamma += dOutput.data[k] * normal.data[k];
        }
        this.beta.gradient.data[i] = this.beta.gradient.data[i] + dBeta;
        this.gamma.gradient.data[i] = this.gamma.gradient.data[i] + dGamma;
        // Inference: dX = γ·dY/√(σ² + ε). Training: each x also moves the mean and the variance of its batch, which
        // takes away the mean of dY and its part along x̂: dX = γ·(dY − mean(dY) − x̂·mean(dY ⊙ x̂))/√(σ² + ε).
        const level = pass.training ? dBeta / m : 0;
        const along = pass.training ? dGamma / m : 0;
        const factor = this.gamma.value.data[i] / Math.sqrt(variance.data[i] + this.epsilon);
        for (let k = i; k < n * m; k += n) {
          dInput.data[k] = factor * (dOutput.data[k] - level - normal.data[k] * along);
        }
      }
      return dInput;
    });
    return [output, backward];
  }

  /** Moves the running averages towards this batch. */
  private remember(mean: Matrix, variance: Matrix): void {
    const { momentum, runningMean, runningVariance } = this;
    for (let i = 0; i < this.features; i++) {
      runningMean.data[i] = momentum * runningMean.data[i] + (1 - momentum) * mean.data[i];
      runningVariance.data[i] = momentum * runningVariance.data[i] + (1 - momentum) * variance.data[i];
    }
  }
}

/** Mean and variance of each row of X (n × m), into two columns (n × 1). */
function measure(input: Matrix, mean: Matrix, variance: Matrix): void {
  const { rows: n, columns: m, data: x } = input;
  for (let i = 0; i < n; i++) {
    let sum = 0;
    for (let k = i; k < n * m; k += n) sum += x[k];
    const guess = sum / m;
    let rest = 0; // what the mean of large, nearly equal numbers has lost to rounding
    for (let k = i; k < n * m; k += n) rest += x[k] - guess;
    const center = guess + rest / m;
    let squares = 0; // of the distances from the mean: Σx²/m − mean² would cancel
    for (let k = i; k < n * m; k += n) squares += (x[k] - center) ** 2;
    mean.data[i] = center;
    variance.data[i] = squares / m;
  }
}
