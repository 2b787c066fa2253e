/*
 * The witness that knows no calculus: the slope, measured. Five points, f(x ± h) and f(x ± 2h), cancel the error up to
 * h⁴, so that a step of about 1e-4 leaves some 1e-12 of the value. It is written here once more, apart from the library's
 * own gradient check, so that the two cannot be wrong together.
 */
import { Activation, type ActivationFunction, type Layer, type Matrix, Observe } from "glassbox";

/** Half the spacing of the points, for numbers of size 1. */
const STEP = 2 ** -13; // exact, so that x + h and x − h are equally far from x

/** df/dx for every entry of `at`, which is moved in place and put back. */
export function slopes(f: () => number, at: Matrix): Matrix {
  return at.map((original, i, j) => {
    const h = STEP * 2 ** Math.ceil(Math.log2(Math.max(1, Math.abs(original))));
    const valueAt = (x: number): number => {
      at.set(i, j, x);
      return f();
    };
    const near = valueAt(original + h) - valueAt(original - h);
    const far = valueAt(original + 2 * h) - valueAt(original - 2 * h);
    at.set(i, j, original);
    return (8 * near - far) / (12 * h);
  });
}

/**
 * Watches on which side of each kink every pre-activation of a network falls. As long as all evaluations fall on the
 * same sides, the function between them is smooth, and its slope can be measured.
 */
export class Sides {
  private seen: string | undefined;
  private now = "";
  /** True once two evaluations differed, or one came nearer than `margin` to a kink. */
  crossed = false;

  constructor(private readonly margin = 1e-4) {}

  /** An activation layer that is watched. */
  watch(activation: ActivationFunction, name?: string): Layer {
    const layer = new Activation(activation, name === undefined ? {} : { name });
    return new Observe(layer, { onForward: ({ input }) => this.note(input, activation.kinks ?? []) });
  }

  /** Notes the sides of these numbers; for kinks outside an activation, such as a loss's. */
  note(values: Matrix, kinks: readonly number[]): void {
    for (const kink of kinks) {
      for (const value of values.data) {
        if (Math.abs(value - kink) < this.margin) this.crossed = true;
        this.now += value > kink ? "1" : "0";
      }
    }
  }

  /** Ends one evaluation. */
  settle(): void {
    this.seen ??= this.now;
    if (this.seen !== this.now) this.crossed = true;
    this.now = "";
  }
}

/** Σ a ⊙ b: a scalar of a matrix, with b as the random upstream slope. */
export function inner(a: Matrix, b: Matrix): number {
  let sum = 0;
  for (let k = 0; k < a.size; k++) sum += a.data[k] * b.data[k];
  return sum;
}
