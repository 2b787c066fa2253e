/*
 * The door of every loss: what its arguments must be is said once, in a table beside the formula, and looked at here,
 * before anything is computed.
 *
 * Element-wise losses (squared, absolute, Huber, hinge, binary cross-entropy) are means over all entries;
 * categorical cross-entropy is a mean over the examples. With sample weights they are weighted means: a weight multiplies
 * what its example contributes, and their sum takes the place of the number of examples. So weights of 1 change nothing,
 * and an example of weight 0 is not there.
 */

import { type LossOptions, Pass } from "../core/core";
import { DivergenceError, ShapeError, ValueError } from "../numbers/errors";
import type { Floats } from "../numbers/floats";
import { Ids } from "../numbers/ids";
import { type Matrix, requireFinite, requireMatrix } from "../numbers/matrix";
import { anything, madeBy, type OptionTable, requireOptions } from "../numbers/options";

/** Throws unless the numbers are what the loss is defined for. They are finite. */
export type Rule = (owner: string, matrix: Matrix) => void;

/** What a loss takes besides finite numbers of one shape. */
export interface LossRules {
  /** The name of the loss, for messages. */
  readonly owner: string;
  readonly prediction?: readonly Rule[];
  readonly target?: readonly Rule[];
  /** True for a mean over the examples, whose target may be class numbers; false for a mean over all entries. */
  readonly classes?: boolean;
}

/** What a loss computes with, once its arguments have passed. */
export interface Admitted {
  /** One number an example, or undefined when all count alike. */
  readonly weights: Floats | undefined;
  /** What the mean divides by: the number of its terms; with weights, their sum (an entry weighs as its example). */
  readonly n: number;
  /** A buffer of the prediction's shape for dL/dprediction. */
  readonly gradient: Matrix;
}

const OPTIONS: OptionTable<LossOptions> = { weights: anything, pass: madeBy("a Pass", Pass) };

/**
 * @throws ShapeError for an empty batch, shapes that differ, or weights that are not 1 × m
 * @throws ValueError for NaN, ∞ and negative weights, for weights that are all 0, and for what the rules refuse
 */
export function enter(
  rules: LossRules,
  prediction: Matrix,
  target: Matrix | Ids,
  options: LossOptions,
): Admitted {
  const { owner, classes = false } = rules;
  requireMatrix(owner, prediction, "the prediction as a Matrix");
  if (target instanceof Ids && classes) requireNonEmpty(owner, prediction);
  else requireTarget(owner, prediction, target);
  requireFinite(owner, "the prediction", prediction);
  if (target instanceof Ids) requireClassNumbers(owner, prediction, target);
  else requireFinite(owner, "the target", target);
  requireOptions(owner, options, OPTIONS);
  const weights = sampleWeights(owner, prediction.columns, options.weights);
  const pass = options.pass ?? new Pass();
  for (const rule of rules.prediction ?? []) rule(owner, prediction);
  if (!(target instanceof Ids)) for (const rule of rules.target ?? []) rule(owner, target);
  const examples = weights === undefined ? prediction.columns : sumOf(owner, weights);
  return {
    weights,
    n: classes ? examples : examples * prediction.rows,
    gradient: pass.take(prediction.rows, prediction.columns),
  };
}

function requireNonEmpty(owner: string, prediction: Matrix): void {
  if (prediction.size > 0) return;
  throw new ShapeError(
    `${owner}: expected at least one output and one example, got a prediction of ${prediction.shape}.`,
  );
}

function requireTarget(owner: string, prediction: Matrix, target: unknown): asserts target is Matrix {
  if (target instanceof Ids) {
    throw new ValueError(
      `${owner}: expected the target as a Matrix, got Ids. Class numbers are names, not amounts; ` +
        "categoricalCrossEntropyFromLogits takes them.",
    );
  }
  requireMatrix(owner, target, "the target as a Matrix");
  requireNonEmpty(owner, prediction);
  if (prediction.rows === target.rows && prediction.columns === target.columns) return;
  const turned = target.rows === prediction.columns && target.columns === prediction.rows;
  throw new ShapeError(
    `${owner}: expected a target of ${prediction.shape}, as the prediction, got ${target.shape}.` +
      `${turned ? " Try Matrix.transpose." : ""}`,
  );
}

function requireClassNumbers(owner: string, prediction: Matrix, target: Ids): void {
  const { rows, columns } = prediction;
  if (target.length !== columns) {
    throw new ShapeError(
      `${owner}: expected ${columns} class numbers, one a column of the prediction, got ${target.length}.`,
    );
  }
  const stray = target.data.findIndex((id) => id >= rows);
  if (stray < 0) return;
  throw new ValueError(
    `${owner}: expected class numbers from 0 to ${rows - 1}, one a row of the prediction, ` +
      `got ${target.data[stray]} at ${stray}.`,
  );
}

/** Σ w. @throws ValueError when there is nothing to divide by */
function sumOf(owner: string, weights: Floats): number {
  let sum = 0;
  for (let j = 0; j < weights.length; j++) sum += weights[j];
  if (sum > 0 && sum < Infinity) return sum;
  const wanted = sum === 0 ? "at least one sample weight above 0" : "sample weights with a finite sum";
  throw new ValueError(`${owner}: expected ${wanted}, got ${weights.length} that sum to ${sum}.`);
}

/** The last line of every loss: total/count, and the slope. @throws DivergenceError when either has overflowed */
export function averaged(
  { owner }: LossRules,
  total: number,
  count: number,
  gradient: Matrix,
): readonly [number, Matrix] {
  const mean = total / count;
  let zero = mean - mean; // x − x is 0 for a finite x, and NaN otherwise
  for (let i = 0; i < gradient.size; i++) zero += gradient.data[i] - gradient.data[i];
  if (zero === 0) return [mean, gradient];
  throw new DivergenceError(
    `${owner}: the loss overflowed, though prediction and target are finite. ` +
      "The prediction is far too large; try a smaller learning rate, or clip the gradients.",
  );
}

function sampleWeights(owner: string, examples: number, weights: unknown): Floats | undefined {
  if (weights === undefined) return undefined;
  requireMatrix(owner, weights, "sample weights as a Matrix");
  if (weights.rows !== 1 || weights.columns !== examples) {
    throw new ShapeError(
      `${owner}: expected sample weights of 1 × ${examples}, one an example, got ${weights.shape}.`,
    );
  }
  requireFinite(owner, "the sample weights", weights);
  const negative = weights.data.findIndex((weight) => weight < 0);
  if (negative >= 0) {
    throw new ValueError(
      `${owner}: expected sample weights of 0 or more, got ${weights.data[negative]} for example ${negative}.`,
    );
  }
  return weights.data;
}

/** Every entry between 0 and 1. @param hint ends the message */
export function unit(what: string, hint = ""): Rule {
  return (owner, { data, rows }) => {
    for (let i = 0; i < data.length; i++) {
      const value = data[i];
      if (value >= 0 && value <= 1) continue;
      throw new ValueError(
        `${owner}: expected ${what} between 0 and 1, got ${value} at row ${i % rows}, ` +
          `column ${Math.floor(i / rows)}.${hint}`,
      );
    }
  };
}

/** Every column sums to 1, give or take `tolerance`. @param hint ends the message */
export function distribution(what: string, tolerance: number, hint = ""): Rule {
  return (owner, { rows, columns, data }) => {
    for (let j = 0; j < columns; j++) {
      let sum = 0;
      for (let i = 0; i < rows; i++) sum += data[j * rows + i];
      if (Math.abs(sum - 1) <= tolerance) continue;
      throw new ValueError(`${owner}: expected ${what} to sum to 1, got ${sum} in column ${j}.${hint}`);
    }
  };
}

/** Two rows or more, one a class. */
export const twoClasses: Rule = (owner, prediction) => {
  if (prediction.rows >= 2) return;
  throw new ShapeError(
    `${owner}: expected at least 2 classes (rows), got ${prediction.shape}. ` +
      "For one yes-or-no output use binaryCrossEntropy.",
  );
};

/** Labels of −1 and +1. */
export const signs: Rule = (owner, { data, rows }) => {
  const stray = data.findIndex((label) => label !== 1 && label !== -1);
  if (stray < 0) return;
  throw new ValueError(
    `${owner}: expected labels of −1 or +1, got ${data[stray]} at row ${stray % rows}, ` +
      `column ${Math.floor(stray / rows)}. Labels of 0 and 1 become −1 and +1 as 2·y − 1.`,
  );
};
