/*
 * Regularisation: a price on large weights. A network that may only pay for weights that earn their keep draws
 * smoother boundaries, and remembers less of the noise in its examples.
 *
 * The price is added to the loss, so its slope is added to the gradients, after the backward pass and before the
 * optimizer's step:
 *
 *   loss + regularizer.penalty(network.parameters)
 *   backward(dPrediction); regularizer.addGradient(network.parameters); optimizer.step(network.parameters);
 *
 * Only parameters that `decay` pay: weights do; biases and the scales and shifts of a normalisation do not, since
 * they move a boundary without bending it.
 */

import type { Parameter } from "../core/core";
import { requireNumber } from "../numbers/errors";
import { requireFinite } from "../numbers/matrix";
import { requireParameters } from "./parameters";

/** A price on parameters, and the slope of that price. */
export interface Regularizer {
  readonly name: string;
  /** The price of Σ|w| and of Σw²; left out by a regularizer that is neither. */
  readonly strengths?: { readonly absolute: number; readonly square: number };
  /** What is added to the loss: 0 or more. A parameter listed twice pays once. */
  penalty(parameters: readonly Parameter[]): number;
  /** Adds dPenalty/dvalue into the gradient of each parameter that decays; changes nothing when it throws. */
  addGradient(parameters: readonly Parameter[]): void;
}

/**
 * L1, strength·Σ|w| (the lasso): every weight is pulled to 0 with the same force, so that many arrive there.
 * The slope at exactly 0 is taken as 0.
 * @param strength the price of one unit of weight, 0 or more
 * @see Tibshirani 1996, "Regression Shrinkage and Selection via the Lasso"
 */
export function l1(strength = 0.01): Regularizer {
  return priced("l1", strength, 0);
}

/**
 * L2, strength·Σw² (ridge): every weight is pulled to 0 in proportion to its size, so the largest pay most. There
 * is no ½ in front, as in TensorFlow.js: the slope is 2·strength·w.
 * @param strength the price of a weight of size one, 0 or more
 * @see Hoerl & Kennard 1970, "Ridge Regression"
 */
export function l2(strength = 0.01): Regularizer {
  return priced("l2", 0, strength);
}

/**
 * Both at once, strength1·Σ|w| + strength2·Σw² (the elastic net).
 * @see Zou & Hastie 2005, "Regularization and Variable Selection via the Elastic Net"
 */
export function l1l2(strength1 = 0.01, strength2 = 0.01): Regularizer {
  return priced("l1l2", strength1, strength2);
}

function priced(name: string, absolute: number, square: number): Regularizer {
  requireNumber(name, "the strength", absolute, { from: 0 });
  requireNumber(name, "the strength", square, { from: 0 });
  return {
    name,
    strengths: { absolute, square },
    penalty(parameters) {
      let total = 0;
      for (const { value } of decaying(name, parameters)) {
        const w = value.data;
        let sizes = 0;
        let squares = 0;
        for (let i = 0; i < w.length; i++) {
          const weight = w[i];
          sizes += Math.abs(weight);
          squares += weight * weight;
        }
        // a price of 0 stays 0 even where squares overflow
        total += (absolute === 0 ? 0 : absolute * sizes) + (square === 0 ? 0 : square * squares);
      }
      return total;
    },
    addGradient(parameters) {
      for (const { value, gradient } of decaying(name, parameters)) {
        const w = value.data;
        const g = gradient.data;
        for (let i = 0; i < w.length; i++) {
          const weight = w[i];
          g[i] = g[i] + absolute * Math.sign(weight) + 2 * square * weight;
        }
      }
    },
  };
}

/** The parameters that pay: each once, and none with NaN or ∞ in it. */
function decaying(owner: string, parameters: readonly Parameter[]): readonly Parameter[] {
  requireParameters(owner, parameters);
  const paying = parameters.filter(
    (parameter, i) => parameter.decays !== false && parameters.indexOf(parameter) === i,
  );
  for (const { name, value } of paying) requireFinite(owner, name, value);
  return paying;
}
