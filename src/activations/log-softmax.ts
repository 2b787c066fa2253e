/*
 * Log-softmax: the logarithm of softmax, in one step. Taken in two, a probability of e^−1000 would round to 0 and
 * its logarithm to −∞; in one, log pᵢ = zᵢ − log Σ e^zₖ is simply about −1000.
 */
import { Matrix, requireFinite, requireMatrix, requireSameShape } from "../numbers/matrix";

/** A probability this close to 1 has lost digits of what it lacks; the logarithm has them. */
const SMALL = 1e-6;

/**
 * Log-probabilities of each column's scores, all 0 or less; their exponentials sum to 1.
 * @param scores (classes × m), finite; not modified
 * @param into where the result goes, same shape; a new matrix when left out
 * @throws ValueError when a score is NaN or infinite
 */
export function logSoftmax(scores: Matrix, into?: Matrix): Matrix {
  requireMatrix("logSoftmax", scores);
  requireFinite("logSoftmax", "the scores", scores);
  const output = into ?? new Matrix(scores.rows, scores.columns);
  requireSameShape("logSoftmax", scores, output);
  const { rows, columns } = scores;
  const z = scores.data;
  for (let j = 0; j < columns; j++) {
    let winner = 0;
    for (let i = 1; i < rows; i++) if (z[j * rows + i] > z[j * rows + winner]) winner = i;
    const largest = z[j * rows + winner];
    let sum = 0;
    let others = 0;
    for (let i = 0; i < rows; i++) {
      const e = Math.exp(z[j * rows + i] - largest);
      sum += e;
      if (i !== winner) others += e;
    }
    // Of z − largest, so that two large numbers are never subtracted last. The winner's own 1 would swallow small others.
    const logSum = others < SMALL ? Math.log1p(others) : Math.log(sum);
    for (let i = 0; i < rows; i++) output.data[j * rows + i] = z[j * rows + i] - largest - logSum;
  }
  return output;
}

/**
 * The way back: dZ = dL − p·Σ dLₖ, column by column, with p = e^(log p).
 * @param logP the log-probabilities that `logSoftmax` gave, (classes × m)
 * @param dLogP dL/dlogP, same shape; not modified
 * @param dZ receives dL/dscores, same shape
 */
export function logSoftmaxBackward(logP: Matrix, dLogP: Matrix, dZ: Matrix): void {
  const { rows, columns } = logP;
  for (let j = 0; j < columns; j++) {
    let sum = 0;
    for (let i = 0; i < rows; i++) sum += dLogP.data[j * rows + i];
    for (let i = 0; i < rows; i++) {
      const at = j * rows + i;
      const slope = dLogP.data[at];
      // 1 − p is −expm1(log p): so written, it keeps its digits where p has rounded to 1
      dZ.data[at] =
        logP.data[at] > -SMALL
          ? slope - sum - Math.expm1(logP.data[at]) * sum
          : slope - Math.exp(logP.data[at]) * sum;
    }
  }
}
