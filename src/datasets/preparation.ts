/*
 * What is done to data before a network sees them: bring every feature to one scale, turn labels into columns of 0 and
 * 1, and set some examples aside to be honest with.
 */
import { describe, requireNumber, requireWhole, ShapeError, ValueError } from "../numbers/errors";
import { Ids } from "../numbers/ids";
import { Matrix, requireFinite, requireMatrix } from "../numbers/matrix";
import { type Random, requireRandom } from "../numbers/random";
import type { Dataset } from "./dataset";

/**
 * Brings each feature to mean 0 and standard deviation 1: (x − mean)/deviation. Mean and deviation are those of the
 * training data, and the same two numbers serve all other data: whoever measures them anew on the test data, tests a
 * different network. A feature that never changes becomes 0.
 */
export class Standardizer {
  /** (features × 1) */
  readonly mean: Matrix;
  /** (features × 1); the population's, Σ(x − mean)²/m. 1 for a feature that never changes. */
  readonly deviation: Matrix;

  /**
   * @param inputs the training data, (features × m)
   * @throws ShapeError without an example, ValueError for NaN and ∞
   */
  constructor(inputs: Matrix) {
    requireMatrix("Standardizer", inputs, "the inputs as a Matrix");
    if (inputs.columns === 0)
      throw new ShapeError(`Standardizer: expected at least one example, got ${inputs.shape}.`);
    requireFinite("Standardizer", "the inputs", inputs);
    this.mean = new Matrix(inputs.rows, 1);
    this.deviation = Matrix.filled(inputs.rows, 1, 1);
    const { rows, columns: m } = inputs;
    for (let i = 0; i < inputs.rows; i++) {
      const feature = Float64Array.from({ length: m }, (_, j) => inputs.data[j * rows + i]);
      const never = feature.every((x) => x === feature[0]); // rounding would make such a feature vary
      const guess = never ? feature[0] : feature.reduce((sum, x) => sum + x, 0) / m;
      // what the mean of large, nearly equal numbers has lost to rounding
      const mean = guess + feature.reduce((sum, x) => sum + (x - guess), 0) / m;
      const variance = feature.reduce((sum, x) => sum + (x - mean) ** 2, 0) / m;
      this.mean.data[i] = mean;
      if (!never) this.deviation.data[i] = Math.sqrt(variance) || 1; // 0 where squares vanish
    }
    requireFinite("Standardizer", "the standard deviations", this.deviation);
  }

  /** Real units → standard units, (features × m). */
  apply(inputs: Matrix): Matrix {
    this.requireFeatures(inputs);
    requireFinite("Standardizer", "the inputs", inputs);
    return inputs.map((x, i) => (x - this.mean.data[i]) / this.deviation.data[i]);
  }

  /** Standard units → real units, (features × m). */
  undo(standard: Matrix): Matrix {
    this.requireFeatures(standard);
    requireFinite("Standardizer", "the standardised inputs", standard);
    return standard.map((z, i) => z * this.deviation.data[i] + this.mean.data[i]);
  }

  private requireFeatures(inputs: Matrix): void {
    requireMatrix("Standardizer", inputs, "the inputs as a Matrix");
    if (inputs.rows !== this.mean.rows) {
      throw new ShapeError(
        `Standardizer: expected ${this.mean.rows} × m, as it was made for, got ${inputs.shape}.`,
      );
    }
  }
}

/**
 * Labels as columns with a single 1: label 2 of 4 becomes (0, 0, 1, 0)ᵀ.
 * @param labels whole numbers from 0 to classes − 1
 * @returns (classes × m)
 * @throws ValueError for a label outside
 */
export function oneHot(ids: ArrayLike<number> | Ids, classes: number): Matrix {
  requireWhole("oneHot", "classes", classes, 2);
  const labels = ids instanceof Ids ? ids.data : ids;
  if (typeof labels !== "object" || labels === null || typeof labels.length !== "number") {
    throw new ValueError(`oneHot: expected an array of labels, got ${describe(labels)}.`);
  }
  const result = new Matrix(classes, labels.length);
  for (let j = 0; j < labels.length; j++) {
    const label = labels[j];
    if (!(Number.isInteger(label) && label >= 0 && label < classes)) {
      throw new ValueError(
        `oneHot: expected labels from 0 to ${classes - 1}, got ${describe(label)} at example ${j}.`,
      );
    }
    result.set(label, j, 1);
  }
  return result;
}

/** The examples with the given columns, in that order. Throws ShapeError for a column outside. */
export function pickExamples(data: Dataset, columns: ArrayLike<number>): Dataset {
  requireMatrix("pickExamples", data?.inputs, "the inputs as a Matrix");
  requireMatrix("pickExamples", data.targets, "the targets as a Matrix");
  if (typeof columns !== "object" || columns === null || typeof columns.length !== "number") {
    throw new ValueError(`pickExamples: expected an array of columns, got ${describe(columns)}.`);
  }
  requireExamples("pickExamples", data);
  return { ...data, inputs: data.inputs.pickColumns(columns), targets: data.targets.pickColumns(columns) };
}

/**
 * Sets a random share of the examples aside.
 * @param share of the examples that go into `validation`, in (0, 1); at least one goes each way
 * @throws ShapeError for fewer than two examples, or inputs and targets of different length
 */
export function validationSplit(
  data: Dataset,
  share: number,
  random: Random,
): { readonly training: Dataset; readonly validation: Dataset } {
  requireExamples("validationSplit", data);
  requireNumber("validationSplit", "the share", share, { from: 0, to: 1, openFrom: true, openTo: true });
  requireRandom("validationSplit", random);
  const m = data.inputs.columns;
  if (m < 2 || data.targets.columns !== m) {
    throw new ShapeError(
      `validationSplit: expected two examples or more, with a target each; ` +
        `the inputs are ${data.inputs.shape}, the targets ${data.targets.shape}.`,
    );
  }
  const aside = Math.min(Math.max(Math.round(m * share), 1), m - 1);
  const order = random.permutation(m);
  return {
    validation: pickExamples(data, order.subarray(0, aside)),
    training: pickExamples(data, order.subarray(aside)),
  };
}

/** Throws unless there are inputs and targets, finite ones. */
function requireExamples(owner: string, data: Dataset | undefined): void {
  for (const what of ["inputs", "targets"] as const) {
    const matrix = data?.[what];
    requireMatrix(owner, matrix, `the ${what} as a Matrix`);
    requireFinite(owner, `the ${what}`, matrix);
  }
}
