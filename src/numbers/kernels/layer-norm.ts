/*
 * Layer normalisation as plain loops, column by column: what the layer's formulas say, in the order in which every engine
 * adds.
 */
import type { Floats } from "../floats";

/**
 * x̂ = (x − mean)/√(var + ε) and out = γ ⊙ x̂ + β, for m columns of n numbers.
 * @param normal receives x̂, (n × m)
 * @param inverse receives 1/√(var + ε), (1 × m)
 * @returns false when a variance is no finite number
 */
export function plainLayerNorm(
  n: number,
  m: number,
  x: Floats,
  gamma: Floats,
  beta: Floats,
  epsilon: number,
  normal: Floats,
  inverse: Floats,
  out: Floats,
): boolean {
  let zero = 0; // v − v is 0 for a finite v, and NaN otherwise
  for (let j = 0; j < m; j++) {
    let mean = 0;
    for (let i = 0; i < n; i++) mean += x[j * n + i];
    mean /= n;
    let rest = 0; // what the mean of large, nearly equal numbers has lost to rounding
    for (let i = 0; i < n; i++) rest += x[j * n + i] - mean;
    mean += rest / n;
    let variance = 0;
    for (let i = 0; i < n; i++) variance += (x[j * n + i] - mean) * (x[j * n + i] - mean);
    variance /= n;
    zero += variance - variance;
    inverse[j] = 1 / Math.sqrt(variance + epsilon);
    for (let i = 0; i < n; i++) {
      const k = j * n + i;
      normal[k] = (x[k] - mean) * inverse[j];
      out[k] = gamma[i] * normal[k] + beta[i];
    }
  }
  return zero === 0;
}

/**
 * The way back: dγ += Σ dY ⊙ x̂ and dβ += Σ dY over the columns; and, with dx̂ = γ ⊙ dY,
 * dX = (dx̂ − mean(dx̂) − x̂·mean(dx̂ ⊙ x̂))/√(var + ε). The two means are what x changes by moving the mean and the
 * variance of its own column.
 */
export function plainLayerNormBackward(
  n: number,
  m: number,
  dY: Floats,
  normal: Floats,
  inverse: Floats,
  gamma: Floats,
  dGamma: Floats,
  dBeta: Floats,
  dX: Floats,
): void {
  for (let j = 0; j < m; j++) {
    let mean = 0;
    let along = 0;
    for (let i = 0; i < n; i++) {
      const k = j * n + i;
      dGamma[i] = dGamma[i] + dY[k] * normal[k];
      dBeta[i] = dBeta[i] + dY[k];
      const d = gamma[i] * dY[k];
      mean += d;
      along += d * normal[k];
    }
    mean /= n;
    along /= n;
    for (let i = 0; i < n; i++) {
      const k = j * n + i;
      dX[k] = (gamma[i] * dY[k] - mean - normal[k] * along) * inverse[j];
    }
  }
}
