/*
 * Batch normalisation: bring each feature to mean 0 and variance 1 over the examples of the batch, then let the network
 * choose a scale γ and a shift β for it. The next layer sees inputs of one size, whatever the layers before it do.
 *
 * At inference there may be only one example, so the averages remembered from training take the batch's place: then
 * the layer is a fixed scale and shift, and its backward pass is simpler too.
 */
import { type Backward, type Layer, type Parameter, Pass, type Statistic } from "../core/core";
import type { LayerKind } from "../core/kind";
import { requireWhole, ValueError } from "../numbers/errors";
import { Matrix } from "../numbers/matrix";
import { anything, numberIn, type OptionTable, text } from "../numbers/options";
import { admit, copyOf, enterFinite, leaveFinite, overflow, own, ownerOf, requireFeatures } from "./door";

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

const OPTIONS: OptionTable<BatchNormOptions> = {
  name: text,
  momentum: numberIn({ from: 0, to: 1, openTo: true }),
  epsilon: numberIn({ from: 0, openFrom: true }),
  gamma: anything,
  beta: anything,
  runningMean: anything,
  runningVariance: anything,
};

/**
 * y = γ·x̂ + β with x̂ = (x − μ)/√(σ² + ε), feature by feature. While training, μ and σ² are those of the batch (σ²
 * divides by m), and the running averages follow them: running ← momentum·running + (1 − momentum)·batch.
 *
 * A batch of one example has no variance, and its mean is itself: all that would come through is β, and the running variance
 * would be pulled towards 0. So a lone example, such as the last batch of an epoch may be, is normalised as at inference,
 * with the running averages, and leaves them where they are. (PyTorch refuses such a batch; TensorFlow.js lets β through and
 * moves the averages.)
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
    this.name = admit("BatchNorm", options, OPTIONS);
    const owner = ownerOf(this);
    this.features = requireWhole(owner, "features", features);
    const { momentum = 0.99, epsilon = 1e-3 } = options;
    this.momentum = momentum;
    this.epsilon = epsilon;
    const zeros = new Matrix(features, 1);
    const ones = Matrix.filled(features, 1, 1);
    this.gamma = own(this, "gamma", options.gamma ?? ones, [features, 1], { decays: false });
    this.beta = own(this, "beta", options.beta ?? zeros, [features, 1], { decays: false });
    this.parameters = [this.gamma, this.beta];
    this.runningMean = copyOf(owner, "runningMean", options.runningMean ?? zeros, features, 1);
    this.runningVariance = copyOf(owner, "runningVariance", options.runningVariance ?? ones, features, 1);
    if (this.runningVariance.data.some((variance) => variance < 0)) {
      throw new ValueError(`${owner}: expected variances of 0 or more, got a negative runningVariance.`);
    }
    this.statistics = [
      { name: `${this.name}.runningMean`, value: this.runningMean },
      { name: `${this.name}.runningVariance`, value: this.runningVariance },
    ];
  }

  outputRows(rows: number | undefined, examples?: number): number {
    requireFeatures(this, this.features, rows, examples);
    return this.features;
  }

  /**
   * (features × m) → (features × m).
   * @throws ValueError for NaN and ∞ in the input; the running averages have not moved then
   */
  forward(input: Matrix, pass: Pass = new Pass()): readonly [Matrix, Backward] {
    enterFinite(this, input, pass);
    const { rows: n, columns: m } = input;
    const mean = pass.take(n, 1);
    const variance = pass.take(n, 1);
    const measured = pass.training && m > 1; // one example has no spread to be measured
    if (measured) {
      measure(input, mean, variance);
      if (variance.data.includes(Infinity)) throw overflow(this);
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

    return leaveFinite(this, pass, output, (dOutput) => {
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
        // With averages from before: dX = γ·dY/√(σ² + ε). With the batch's own: each x also moves the mean and the variance of its batch, which
        // takes away the mean of dY and its part along x̂: dX = γ·(dY − mean(dY) − x̂·mean(dY ⊙ x̂))/√(σ² + ε).
        const level = measured ? dBeta / m : 0;
        const along = measured ? dGamma / m : 0;
        const factor = this.gamma.value.data[i] / Math.sqrt(variance.data[i] + this.epsilon);
        for (let k = i; k < n * m; k += n) {
          dInput.data[k] = factor * (dOutput.data[k] - level - normal.data[k] * along);
        }
      }
      return dInput;
    });
  }

  /** Moves the running averages towards this batch. */
  private remember(mean: Matrix, variance: Matrix): void {
    const { momentum, runningMean, runningVariance } = this;
    for (let i = 0; i < this.features; i++) {
      runningMean.data[i] = momentum * runningMean.data[i] + (1 - momentum) * mean.data[i];
      runningVariance.data[i] = momentum * runningVariance.data[i] + (1 - momentum) * variance.data[i];
    }
  }

  static readonly kind: LayerKind<BatchNorm> = {
    title: "BatchNorm",
    letter: "N",
    write: ({ features, momentum, epsilon, gamma, beta, runningMean, runningVariance }) => ({
      options: { features, momentum, epsilon },
      weights: { gamma, beta, runningMean, runningVariance },
    }),
    read(entry) {
      const features = entry.number("features");
      const column = (key: string): Matrix => entry.weights(key, features, 1);
      return new BatchNorm(features, {
        name: entry.name,
        momentum: entry.number("momentum"),
        epsilon: entry.number("epsilon"),
        gamma: column("gamma"),
        beta: column("beta"),
        runningMean: column("runningMean"),
        runningVariance: column("runningVariance"),
      });
    },
    twin(layer, x, { tf, training, variable, statistic, follow }) {
      const { momentum, runningMean, runningVariance } = layer;
      let [mean, variance] = [statistic(runningMean), statistic(runningVariance)];
      if (training && x.shape[0] > 1) {
        ({ mean, variance } = tf.moments(x, 0, true));
        follow(runningMean, mean, momentum);
        follow(runningVariance, variance, momentum);
      }
      const normal = tf.div(tf.sub(x, mean), tf.sqrt(tf.add(variance, layer.epsilon)));
      return tf.add(tf.mul(variable(layer.gamma), normal), variable(layer.beta));
    },
  };
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
