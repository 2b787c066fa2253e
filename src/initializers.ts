/*
 * The first weights. All zeros would make every unit of a layer learn the same thing; too small and the signal
 * fades from layer to layer, too large and it explodes. The named schemes keep its variance about constant.
 *
 * An initializer is a recipe: it is told the shape and a generator, and returns the weights.
 */
import { requireNumber } from "./errors";
import { Matrix } from "./matrix";
import type { Random } from "./random";

/** Makes the weights (outputs × inputs) of a layer, drawing from `random` row after row. */
export type Initializer = (outputs: number, inputs: number, random: Random) => Matrix;

/** All zeros: for biases. For weights it is the classic mistake, since all units then stay equal. */
export const zeros: Initializer = (outputs, inputs) => new Matrix(outputs, inputs);

/** All `value`. */
export function constant(value: number): Initializer {
  requireNumber("constant", "value", value);
  return (outputs, inputs) => Matrix.filled(outputs, inputs, value);
}

/** Normal with mean 0 and the given standard deviation. */
export function normal(standardDeviation = 1): Initializer {
  requireNumber("normal", "the standard deviation", standardDeviation, { from: 0 });
  return (outputs, inputs, random) => random.randnMatrix(outputs, inputs).scale(standardDeviation);
}

/** Normal with variance 2/inputs: keeps the signal through ReLU, which drops half of it. @see He et al. 2015 */
export const heNormal: Initializer = (outputs, inputs, random) =>
  random.randnMatrix(outputs, inputs).scale(Math.sqrt(2 / inputs));
