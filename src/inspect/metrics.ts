/*
 * Metrics are for people: how good is it, in words they use. Nothing is learned from them, so they need no slope.
 *
 * Where a metric talks of classes, predictions may come in two forms: 1 × m, a probability (or score) that the label is
 * 1, compared with a threshold; or K × m, a score a class, of which the largest wins.
 */
import { requireNumber, requireWhole, ShapeError, ValueError } from "../numbers/errors";
import { Ids } from "../numbers/ids";
import { Matrix, requireFinite, requireMatrix, requireSameShape } from "../numbers/matrix";
import { anything, finite, type OptionTable, requireOptions } from "../numbers/options";

/**
 * Share of examples on the right side of `threshold`, from 0 to 1. An example is right when each of its entries is.
 * @param prediction probabilities, (outputs × m)
 * @param target labels 0 or 1, same shape
 */
export function binaryAccuracy(prediction: Matrix, target: Matrix, threshold = 0.5): number {
  check("binaryAccuracy", prediction, target);
  requireNumber("binaryAccuracy", "the threshold", threshold);
  const { rows, columns } = prediction;
  let right = 0;
  for (let j = 0; j < columns; j++) {
    let agrees = true;
    for (let i = 0; i < rows; i++) {
      const at = j * rows + i;
      if (prediction.data[at] > threshold !== target.data[at] > 0.5) agrees = false;
    }
    if (agrees) right += 1;
  }
  return right / columns;
}

/**
 * Share of examples whose largest score is that of the right class, from 0 to 1.
 * @param prediction a score a class, (K × m), K at least 2
 * @param target class numbers, or one-hot of the same shape
 */
export function accuracy(prediction: Matrix, target: Matrix | Ids): number {
  if (target instanceof Ids) checkIds("accuracy", prediction, target);
  else check("accuracy", prediction, target);
  if (prediction.rows < 2) {
    throw new ShapeError(
      `accuracy: expected a row a class, two or more, got ${prediction.shape}. Try binaryAccuracy.`,
    );
  }
  const chosen = argmax(prediction);
  const right = target instanceof Ids ? target.data : argmax(target);
  return chosen.reduce((count, label, j) => count + (label === right[j] ? 1 : 0), 0) / chosen.length;
}

/** The row of the largest entry of each column, (K × m) → m whole numbers; the first of equals. */
export function argmax(scores: Matrix): Int32Array {
  requireMatrix("argmax", scores);
  if (scores.rows === 0) throw new ShapeError(`argmax: expected at least one row, got ${scores.shape}.`);
  requireFinite("argmax", "the scores", scores);
  const best = new Int32Array(scores.columns);
  for (let j = 0; j < scores.columns; j++) {
    for (let i = 1; i < scores.rows; i++) {
      if (scores.data[j * scores.rows + i] > scores.data[j * scores.rows + best[j]]) best[j] = i;
    }
  }
  return best;
}

/**
 * Who is taken for whom: entry (i, j) counts the examples of class i that were predicted as class j. Right ones lie
 * on the diagonal.
 * @param threshold for predictions of 1 × m
 * @returns (K × K); 2 × 2 for predictions of 1 × m
 */
export function confusionMatrix(prediction: Matrix, target: Matrix, threshold = 0.5): Matrix {
  return confusion("confusionMatrix", prediction, target, threshold);
}

function confusion(owner: string, prediction: Matrix, target: Matrix, threshold: number): Matrix {
  check(owner, prediction, target);
  requireNumber(owner, "the threshold", threshold);
  const binary = prediction.rows === 1;
  const classes = binary ? 2 : prediction.rows;
  const chosen = binary ? prediction.data.map((p) => (p > threshold ? 1 : 0)) : argmax(prediction);
  const right = binary ? target.data.map((y) => (y > 0.5 ? 1 : 0)) : argmax(target);
  const counts = new Matrix(classes, classes);
  chosen.forEach((label, j) => {
    counts.set(right[j], label, counts.at(right[j], label) + 1);
  });
  return counts;
}

export interface ClassMetricOptions {
  /** For predictions of 1 × m; 0.5 when left out. */
  readonly threshold?: number;
  /**
   * The class that is looked for. Left out: class 1 of two; with K classes the plain mean over all of them, also those
   * that never occur, as scikit-learn's macro average has it when it is given all `labels`.
   */
  readonly positive?: number;
}

const OPTIONS: OptionTable<ClassMetricOptions> = { threshold: finite, positive: anything };

/** Of those that were called positive, the share that are; 0 when none was called so. From 0 to 1. */
export function precision(prediction: Matrix, target: Matrix, options: ClassMetricOptions = {}): number {
  return perClass("precision", prediction, target, options, ({ hits, called }) => ratio(hits, called));
}

/** Of those that are positive, the share that was called so; 0 when there are none. From 0 to 1. */
export function recall(prediction: Matrix, target: Matrix, options: ClassMetricOptions = {}): number {
  return perClass("recall", prediction, target, options, ({ hits, actual }) => ratio(hits, actual));
}

/** Harmonic mean of precision and recall: high only when both are. 0 when both are 0. */
export function f1(prediction: Matrix, target: Matrix, options: ClassMetricOptions = {}): number {
  return perClass("f1", prediction, target, options, ({ hits, called, actual }) =>
    ratio(2 * hits, called + actual),
  );
}

interface Counts {
  /** Positive, and called so. */
  readonly hits: number;
  readonly called: number;
  readonly actual: number;
}

function perClass(
  owner: string,
  prediction: Matrix,
  target: Matrix,
  options: ClassMetricOptions,
  measure: (counts: Counts) => number,
): number {
  requireOptions(owner, options, OPTIONS);
  const { positive, threshold = 0.5 } = options;
  const counts = confusion(owner, prediction, target, threshold);
  const classes = counts.rows;
  if (positive !== undefined && requireWhole(owner, "positive", positive, 0) >= classes) {
    throw new ValueError(`${owner}: expected positive to be a class below ${classes}, got ${positive}.`);
  }
  const called = counts.transpose().sumColumns();
  const actual = counts.sumColumns();
  const of = (k: number): number =>
    measure({ hits: counts.at(k, k), called: called.data[k], actual: actual.data[k] });
  if (positive !== undefined) return of(positive);
  if (prediction.rows === 1) return of(1);
  return Array.from({ length: classes }, (_, k) => of(k)).reduce((sum, value) => sum + value) / classes;
}

function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}

/** One threshold, and what it costs: how many negatives are called positive, and what share of the positives is found. */
export interface RocPoint {
  /** Scores of at least this are called positive; ∞ for the first point, where nothing is. */
  readonly threshold: number;
  readonly falsePositiveRate: number;
  readonly truePositiveRate: number;
}

/**
 * The receiver operating characteristic: every threshold that makes a difference, from "nothing is positive" (0, 0) to
 * "everything is" (1, 1).
 * @param scores (1 × m); only their order counts
 * @param target labels 0 or 1, (1 × m)
 * @throws ValueError when only one class is there
 */
export function rocCurve(scores: Matrix, target: Matrix): RocPoint[] {
  return roc("rocCurve", scores, target);
}

function roc(owner: string, scores: Matrix, target: Matrix): RocPoint[] {
  check(owner, scores, target);
  if (scores.rows !== 1) throw new ShapeError(`${owner}: expected scores of 1 × m, got ${scores.shape}.`);
  const isPositive = Array.from(target.data, (label) => label > 0.5);
  const positives = isPositive.filter(Boolean).length;
  const negatives = isPositive.length - positives;
  if (positives === 0 || negatives === 0) {
    throw new ValueError(`${owner}: expected examples of both classes, got only ${positives === 0 ? 0 : 1}.`);
  }
  const order = isPositive.map((_, j) => j).sort((a, b) => scores.data[b] - scores.data[a]);
  const points: RocPoint[] = [{ threshold: Infinity, falsePositiveRate: 0, truePositiveRate: 0 }];
  let found = 0;
  let wrong = 0;
  order.forEach((j, place) => {
    if (isPositive[j]) found += 1;
    else wrong += 1;
    const threshold = scores.data[j];
    const next = order[place + 1];
    if (next !== undefined && scores.data[next] === threshold) return; // equal scores cross together
    points.push({ threshold, falsePositiveRate: wrong / negatives, truePositiveRate: found / positives });
  });
  return points;
}

/**
 * Area under the ROC curve: the chance that a random positive scores higher than a random negative (a tie counts half).
 * ½ is guessing, 1 a perfect order.
 */
export function auc(scores: Matrix, target: Matrix): number {
  const points = roc("auc", scores, target);
  let area = 0;
  for (let i = 1; i < points.length; i++) {
    const width = points[i].falsePositiveRate - points[i - 1].falsePositiveRate;
    area += (width * (points[i].truePositiveRate + points[i - 1].truePositiveRate)) / 2;
  }
  return area;
}

/**
 * R², the share of the target's variance that the prediction explains: 1 − Σ(y − p)²/Σ(y − ȳ)², a mean over the rows. 0
 * is no better than always saying ȳ, and it may be worse. Where a target never changes, 1 for a perfect prediction,
 * else 0.
 */
export function rSquared(prediction: Matrix, target: Matrix): number {
  check("rSquared", prediction, target);
  const { rows, columns } = target;
  let sum = 0;
  for (let i = 0; i < rows; i++) {
    const y = Array.from({ length: columns }, (_, j) => target.at(i, j));
    const p = Array.from({ length: columns }, (_, j) => prediction.at(i, j));
    const mean = y.reduce((total, value) => total + value, 0) / columns;
    const unexplained = y.reduce((total, value, j) => total + (value - p[j]) ** 2, 0);
    const variance = y.every((value) => value === y[0])
      ? 0
      : y.reduce((total, value) => total + (value - mean) ** 2, 0);
    if (variance > 0) sum += 1 - unexplained / variance;
    else if (unexplained === 0) sum += 1;
  }
  if (!Number.isFinite(sum)) throw new ValueError("rSquared: the squares overflow; scale the targets first.");
  return sum / rows;
}

function checkIds(owner: string, prediction: Matrix, target: Ids): void {
  check(owner, prediction, prediction);
  if (target.length !== prediction.columns) {
    throw new ShapeError(`${owner}: expected ${prediction.columns} class numbers, got ${target.length}.`);
  }
  const stray = target.data.findIndex((id) => id >= prediction.rows);
  if (stray < 0) return;
  throw new ValueError(
    `${owner}: expected class numbers from 0 to ${prediction.rows - 1}, got ${target.data[stray]} at ${stray}.`,
  );
}

function check(owner: string, prediction: Matrix, target: Matrix): void {
  requireMatrix(owner, prediction, "the prediction as a Matrix");
  requireMatrix(owner, target, "the target as a Matrix");
  requireSameShape(`${owner}, target`, prediction, target);
  if (prediction.size === 0)
    throw new ShapeError(`${owner}: expected at least one example, got ${prediction.shape}.`);
  requireFinite(owner, "the prediction", prediction);
  requireFinite(owner, "the target", target);
}
