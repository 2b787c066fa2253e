/*
 * Softmax: turns K scores into K probabilities, pᵢ = e^zᵢ / Σ e^zₖ. Unlike the other activations it looks at a whole
 * column (one example) at once: raising one score lowers every other probability.
 *
 * Adding a number to every score changes nothing, so the largest is subtracted first. Then no exponential exceeds
 * 1, the largest is exactly 1, and neither overflow nor a division by 0 is possible.
 */
import { Matrix, requireFinite, requireMatrix, requireSameShape } from "../numbers/matrix";

/**
 * Probabilities of each column's scores; every column of the result sums to 1.
 * @param scores (classes × m), finite; also called logits; not modified
 * @param into where the result goes, same shape; a new matrix when left out
 * @throws ValueError when a score is NaN or infinite
 */
export function softmax(scores: Matrix, into?: Matrix): Matrix {
  requireMatrix("softmax", scores);
  requireFinite("softmax", "the scores", scores);
  const output = into ?? new Matrix(scores.rows, scores.columns);
  requireSameShape("softmax", scores, output);
  const { rows, columns } = scores;
  const z = scores.data;
  const p = output.data;
  for (let j = 0; j < columns; j++) {
    let largest = -Infinity;
    for (let i = 0; i < rows; i++) largest = Math.max(largest, z[j * rows + i]);
    let sum = 0;
    for (let i = 0; i < rows; i++) {
      const e = Math.exp(z[j * rows + i] - largest);
      p[j * rows + i] = e;
      sum += e;
    }
    for (let i = 0; i < rows; i++) p[j * rows + i] = p[j * rows + i] / sum;
  }
  return output;
}

/**
 * The way back: dZ = p ⊙ (dP − Σ pₖ·dPₖ), column by column. A score matters to the loss only as far as its own
 * upstream slope differs from the average one: pushing every score up together changes nothing.
 * @param p the probabilities that `softmax` gave, (classes × m)
 * @param dP dL/dp, same shape; not modified
 * @param dZ receives dL/dscores, same shape
 */
export function softmaxBackward(p: Matrix, dP: Matrix, dZ: Matrix): void {
  const { rows, columns } = p;
  for (let j = 0; j < columns; j++) {
    let winner = 0;
    for (let i = 1; i < rows; i++) if (p.data[j * rows + i] > p.data[j * rows + winner]) winner = i;
    // All slopes are counted from that of the winner: where its p has rounded to 1, theirs would vanish in its own.
    const level = dP.data[j * rows + winner];
    let average = 0;
    for (let i = 0; i < rows; i++) average += p.data[j * rows + i] * (dP.data[j * rows + i] - level);
    for (let i = 0; i < rows; i++) {
      const at = j * rows + i;
      dZ.data[at] = p.data[at] * (dP.data[at] - level - average);
    }
  }
}
