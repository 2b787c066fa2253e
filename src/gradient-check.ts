/*
 * The second witness: the slope measured instead of derived. Nudge one number up and down by h, see how the loss
 * changes, divide: (L(w + h) − L(w − h))/2h. Slow, and wrong by about h² (truncation) plus 10⁻¹⁶/h (rounding),
 * but it knows nothing of calculus, so it cannot share our mistakes.
 */
import { type Layer, type Loss, Pass, zeroGradients } from "./core";
import { requireNumber } from "./errors";
import { Matrix } from "./matrix";

/** One tensor's verdict. */
export interface GradientReport {
  /** The parameter's name, or "input". */
  readonly name: string;
  readonly shape: string;
  readonly analytic: Matrix;
  readonly numerical: Matrix;
  /** Largest |analytic − numerical|. */
  readonly maxAbsolute: number;
  /** The same, relative to the tensor's largest entry. */
  readonly maxRelative: number;
}

/**
 * Central differences of a scalar function along every entry of `at`, which is nudged in place and restored.
 * @param step h; about 10⁻⁵ of the entries' size is best in float64
 */
export function numericalGradient(f: () => number, at: Matrix, step = 1e-5): Matrix {
  requireNumber("numericalGradient", "the step", step, { from: 0, openFrom: true });
  const result = new Matrix(at.rows, at.columns);
  for (let i = 0; i < at.size; i++) {
    const original = at.data[i];
    const h = step * Math.max(1, Math.abs(original));
    at.data[i] = original + h;
    const above = f();
    at.data[i] = original - h;
    const below = f();
    at.data[i] = original;
    result.data[i] = (above - below) / (2 * h);
  }
  return result;
}

/**
 * Compares the hand-written backward pass with the numerical slope, for every parameter and for the input.
 * The network must give the same output each time it is asked (no dropout).
 */
export function checkGradients(
  network: Layer,
  input: Matrix,
  target: Matrix,
  loss: Loss,
  options: { readonly step?: number; readonly training?: boolean } = {},
): GradientReport[] {
  const passOptions = { training: options.training ?? false };
  const X = input.clone();
  const value = (): number => loss(network.forward(X, new Pass(passOptions))[0], target)[0];
  zeroGradients(network.parameters);
  const [prediction, backward] = network.forward(X, new Pass(passOptions));
  const dInput = backward(loss(prediction, target)[1]).clone();
  const reports = network.parameters.map((parameter) =>
    compare(
      parameter.name,
      parameter.gradient.clone(),
      numericalGradient(value, parameter.value, options.step),
    ),
  );
  return [...reports, compare("input", dInput, numericalGradient(value, X, options.step))];
}

/** The largest differences between two tensors of one shape, absolute and relative to the larger tensor. */
export function compare(name: string, analytic: Matrix, numerical: Matrix): GradientReport {
  let maxAbsolute = 0;
  let scale = 0;
  for (let i = 0; i < analytic.size; i++) {
    const a = analytic.data[i];
    const b = numerical.data[i];
    // Math.max would let a NaN on one side pass as "no larger difference"; it is the largest there is
    const difference = Math.abs(a - b);
    if (!(difference <= maxAbsolute)) maxAbsolute = Number.isNaN(difference) ? Infinity : difference;
    scale = Math.max(scale, Math.abs(a), Math.abs(b));
  }
  const maxRelative = maxAbsolute === 0 ? 0 : maxAbsolute / scale;
  return { name, shape: analytic.shape, analytic, numerical, maxAbsolute, maxRelative };
}
