import type { Engine } from "../numbers/engine";
import type { Matrix } from "../numbers/matrix";

/**
 * A function of one number, bent somewhere: what keeps a stack of layers from collapsing into one.
 *
 * It is given twice: as a formula for one number, for the reader and for plots, and as loops over whole matrices,
 * for training. A test holds the two together. The loops stand inside each activation because one shared loop
 * that calls a function for every entry becomes slow as soon as a program uses several activations.
 *
 * NaN in gives NaN out: an activation must not turn a broken number into an innocent 0.
 */
export interface ActivationFunction {
  readonly name: string;
  /** What it was made with, by name, where it was made: `{ alpha: 0.01 }`. */
  readonly settings?: Readonly<Record<string, number>>;
  /** Where its slope or curvature jumps, so that a numerical slope is wrong there. Left out: nowhere, it is smooth. */
  readonly kinks?: readonly number[];
  /** The value at one pre-activation z. */
  apply(z: number): number;
  /** The slope at one pre-activation z. */
  derivative(z: number): number;
  /**
   * a[i] = apply(z[i]) for whole matrices of one shape; writes only `a`.
   * @param engine what computes, for those that leave it to an engine
   */
  forward(z: Matrix, a: Matrix, engine?: Engine): void;
  /** dZ[i] = dA[i] · derivative(z[i]); may read it from the output `a` where that is cheaper; writes only `dZ`. */
  backward(z: Matrix, a: Matrix, dA: Matrix, dZ: Matrix, engine?: Engine): void;
}
