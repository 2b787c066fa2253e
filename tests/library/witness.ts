// The numerical witness of the gradient tests, and what it needs to speak clearly.
import {
  compare,
  type Layer,
  type Loss,
  type Matrix,
  numericalGradient,
  Pass,
  type Random,
  zeroGradients,
} from "glassbox";
import { expect } from "vitest";

/**
 * rows × columns random numbers between −2 and 3: asymmetric, so that a wrong sign cannot hide in a symmetry, and
 * kept `away` from every kink, so that a nudge of the witness never crosses one.
 */
export function entries(
  random: Random,
  rows: number,
  columns: number,
  kinks: readonly number[] = [0],
  away = 0.02,
): Matrix {
  return random.randMatrix(rows, columns).map((u) => {
    let z = 5 * u - 2;
    for (const kink of kinks) {
      if (Math.abs(z - kink) < away) z = kink + (z < kink ? -away : away);
    }
    return z;
  });
}

/** Two central differences combined so that their h² errors cancel (Richardson): good to about 11 digits. */
export function slope(f: () => number, at: Matrix): Matrix {
  const wide = numericalGradient(f, at, 4e-4);
  const narrow = numericalGradient(f, at, 2e-4);
  return narrow.scale(4 / 3).minus(wide.scale(1 / 3));
}

/** Holds an analytic gradient to the numerical one: 1e-7 of the tensor's largest entry. */
export function expectSlope(name: string, analytic: Matrix, numerical: Matrix): void {
  const { maxAbsolute, shape } = compare(name, analytic, numerical);
  let scale = 0.01; // below this the witness is noise: it takes differences of sums of up to about 1000
  for (const value of numerical.data) scale = Math.max(scale, Math.abs(value));
  const message = `${name} (${shape}): analytic ${analytic.toRows()}, numerical ${numerical.toRows()}`;
  expect(maxAbsolute <= 1e-7 * scale, message).toBe(true);
}

/** The loss Σ U ⊙ output: its upstream slope is exactly U. */
export function weightedSum(U: Matrix): Loss {
  return (prediction) => [prediction.hadamard(U).sum(), U];
}

/**
 * Holds a layer's backward pass to the numerical witness: input and every parameter, random upstream. Before that the
 * gradients are filled with ones, and the ones must still be there afterwards, since backward adds.
 */
export function expectGradients(
  layer: Layer,
  input: Matrix,
  random: Random,
  options: { training?: boolean; redraw?: () => void } = {},
): void {
  const { training = false, redraw } = options;
  const X = input.clone();
  const forward = (): Matrix => {
    redraw?.();
    return layer.forward(X, new Pass({ training }))[0];
  };
  const { rows, columns } = forward();
  const U = entries(random, rows, columns);
  const value = (): number => forward().hadamard(U).sum();

  zeroGradients(layer.parameters);
  for (const { gradient } of layer.parameters) gradient.fill(1);
  redraw?.();
  const [, backward] = layer.forward(X, new Pass({ training }));
  const upstream = U.clone();
  const dInput = backward(upstream).clone();
  expect(upstream.equals(U), "backward must not write its argument").toBe(true);
  expect(X.equals(input), "forward and backward must not write the input").toBe(true);

  expectSlope("input", dInput, slope(value, X));
  for (const { name, value: at, gradient } of layer.parameters) {
    const added = gradient.map((entry) => entry - 1);
    expectSlope(name, added, slope(value, at));
  }
}
