/*
 * A residual connection: Y = X + f(X). The layer inside only learns what to change about its input. On the way
 * back the slope is split: one part goes through f, the other straight past it, so it reaches the early layers of a deep
 * network undiminished.
 */
import { askLayer } from "../core/answers";
import { type Backward, type Layer, NOTHING, type Parameter, Pass, type Statistic } from "../core/core";
import { ShapeError } from "../numbers/errors";
import type { Matrix } from "../numbers/matrix";
import type { Random } from "../numbers/random";
import { nameFrom, requireInput, requireLayer, requireSlopes } from "./checks";

/**
 * Adds what `inner` makes of the input to the input.
 * @see He et al. 2016, "Deep Residual Learning for Image Recognition"
 */
export class Residual implements Layer {
  readonly name: string;
  readonly inner: Layer;
  readonly parameters: readonly Parameter[];
  readonly statistics: readonly Statistic[];
  readonly generators: readonly Random[];

  /** @param inner f: a layer or network that gives as many rows as it takes */
  constructor(inner: Layer, options: { readonly name?: string } = {}) {
    this.name = nameFrom("Residual", options, "residual");
    requireLayer(this.owner, "a layer to go around", inner);
    this.inner = inner;
    this.parameters = inner.parameters;
    this.statistics = inner.statistics ?? [];
    this.generators = inner.generators ?? [];
    this.outputRows(undefined);
  }

  private get owner(): string {
    return `Residual "${this.name}"`;
  }

  outputRows(rows: number | undefined, examples?: number): number | undefined {
    const inside = this.inner.outputRows?.(rows, examples);
    if (rows !== undefined && inside !== undefined && rows !== inside) throw this.wrongOutput(rows, inside);
    return rows ?? inside; // they are equal, or nothing fits
  }

  /**
   * (n × m) → (n × m).
   * @throws ShapeError when the layer inside does not keep the shape, so that there is nothing to add to
   */
  forward(input: Matrix, pass: Pass = new Pass()): readonly [Matrix, Backward] {
    requireInput(this.owner, input, pass);
    this.outputRows(input.rows, input.columns);
    const [change, innerBackward] = askLayer(this.inner, input, pass);
    if (change.rows !== input.rows) throw this.wrongOutput(input.rows, change.rows);
    const output = pass.take(input.rows, input.columns);
    add(input, change, output); // Y = X + f(X)

    const backward: Backward = pass.wayBack((dOutput) => {
      requireSlopes(this.owner, output, dOutput);
      const throughInner = innerBackward(dOutput);
      if (!pass.inputGradient) return NOTHING;
      const dInput = pass.take(input.rows, input.columns);
      add(dOutput, throughInner, dInput); // dX = dY + what comes back through f
      return dInput;
    });
    return [output, backward];
  }

  private wrongOutput(rows: number, inside: number): ShapeError {
    return new ShapeError(
      `${this.owner}: expected "${this.inner.name}" to give as many rows as it takes, ${rows}, got ${inside}.`,
    );
  }
}

function add(a: Matrix, b: Matrix, sum: Matrix): void {
  for (let k = 0; k < sum.size; k++) sum.data[k] = a.data[k] + b.data[k];
}
