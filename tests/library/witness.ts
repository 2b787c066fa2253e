// The numerical witness of the gradient tests, and what it needs to speak clearly.
import {
  type Columns,
  columnsOf,
  compare,
  Ids,
  type Layer,
  type Loss,
  type Matrix,
  numericalGradient,
  Pass,
  Ragged,
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
export function expectGradients<In extends Columns = Matrix, Out extends Matrix | Ragged = Matrix>(
  layer: Layer<In, Out>,
  input: In,
  random: Random,
  options: { training?: boolean; redraw?: () => void } = {},
): void {
  const { training = false, redraw } = options;
  const tokens = columnsOf(input);
  const X = tokens instanceof Ids ? undefined : tokens.clone();
  const given = (X === undefined ? input : input instanceof Ragged ? input.with(X) : X) as In;
  const run = () => {
    redraw?.();
    return layer.forward(given, new Pass({ training }));
  };
  const forward = (): Matrix => columnsOf(run()[0]);
  const { rows, columns } = forward();
  const U = entries(random, rows, columns);
  const value = (): number => forward().hadamard(U).sum();

  zeroGradients(layer.parameters);
  for (const { gradient } of layer.parameters) gradient.fill(1);
  const [, backward] = run();
  const upstream = U.clone();
  const slopes = (backward as unknown as (dOutput: Matrix) => Matrix | undefined)(upstream);
  const dInput = slopes?.clone();
  expect(upstream.equals(U), "backward must not write its argument").toBe(true);
  if (X !== undefined) {
    expect(X.equals(tokens as Matrix), "forward and backward must not write the input").toBe(true);
    expectSlope("input", dInput as Matrix, slope(value, X));
  } else expect(dInput, "ids have no slope").toBe(undefined);
  for (const { name, value: at, gradient } of layer.parameters) {
    const added = gradient.map((entry) => entry - 1);
    expectSlope(name, added, slope(value, at));
  }
}
