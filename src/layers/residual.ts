/*
 * A residual connection: Y = X + f(X). The layer inside only learns what to change about its input. On the way
 * back the slope is split: one part goes through f, the other straight past it, so it reaches the early layers of a deep
 * network undiminished.
 */
import { askLayer, nextOf, requireLayer, startLayer } from "../core/answers";
import {
  type Backward,
  type Layer,
  NOTHING,
  type Parameter,
  Pass,
  type SequenceOf,
  type Statistic,
} from "../core/core";
import type { LayerEntry, LayerKind } from "../core/kind";
import { ShapeError } from "../numbers/errors";
import type { Matrix } from "../numbers/matrix";
import { text } from "../numbers/options";
import { columnsOf, Ragged } from "../numbers/ragged";
import type { Random } from "../numbers/random";
import { admit, enter, leaveFinite, ownerOf } from "./door";

/**
 * Adds what `inner` makes of the input to the input.
 * @see He et al. 2016, "Deep Residual Learning for Image Recognition"
 */
export class Residual<Value extends Matrix | Ragged = Matrix> implements Layer<Value, Value> {
  readonly name: string;
  readonly inner: Layer<Value, Value>;
  readonly parameters: readonly Parameter[];
  readonly statistics: readonly Statistic[];
  readonly generators: readonly Random[];
  readonly takesSequences: boolean;

  /** @param inner f: a layer or network that gives as many rows as it takes */
  constructor(inner: Layer<Value, Value>, options: { readonly name?: string } = {}) {
    this.name = admit("Residual", options, { name: text });
    requireLayer(ownerOf(this), "a layer to go around", inner);
    this.inner = inner;
    this.parameters = inner.parameters;
    this.statistics = inner.statistics ?? [];
    this.generators = inner.generators ?? [];
    this.takesSequences = inner.takesSequences === true;
    this.outputRows(undefined);
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
  forward(input: Value, pass: Pass = new Pass()): readonly [Value, Backward<Value, Value>] {
    const x = input instanceof Ragged ? input.columns : input;
    enter(this, x, pass);
    const [change, innerBackward] = askLayer<Value, Value>(this.inner, input, pass);
    const output = this.plus(x, columnsOf(change), pass); // Y = X + f(X)
    const [, backward] = leaveFinite(this, pass, output, (dOutput) => {
      const throughInner = (innerBackward as unknown as Backward)(dOutput);
      if (!pass.inputGradient) return NOTHING;
      const dInput = pass.take(x.rows, x.columns);
      pass.engine.add(dOutput, throughInner, dInput); // dX = dY + what comes back through f
      return dInput;
    });
    const whole = input instanceof Ragged ? input.with(output) : output;
    return [whole as Value, backward as unknown as Backward<Value, Value>];
  }

  start(): unknown {
    return startLayer(this.inner);
  }

  next(input: SequenceOf<Value>, state: unknown, pass: Pass = new Pass()): Matrix {
    enter(this, input, pass);
    return this.plus(input, nextOf(this.inner, input, state, pass), pass);
  }

  private plus(x: Matrix, change: Matrix, pass: Pass): Matrix {
    if (change.rows !== x.rows) throw this.wrongOutput(x.rows, change.rows);
    const sum = pass.take(x.rows, x.columns);
    pass.engine.add(x, change, sum);
    return sum;
  }

  static readonly kind: LayerKind<Residual> = {
    title: "Residual",
    write: ({ inner }, inside) => ({ layers: [inside(inner)] }),
    read(entry: LayerEntry) {
      const layers = entry.layers();
      entry.expect(layers.length === 1, "exactly one layer", layers, "layers");
      return new Residual(layers[0], { name: entry.name });
    },
    twin: ({ inner }, x, { tf, apply }) => tf.add(x, apply(inner, x)),
  };

  private wrongOutput(rows: number, inside: number): ShapeError {
    return new ShapeError(
      `${ownerOf(this)}: expected "${this.inner.name}" to give as many rows as it takes, ${rows}, got ${inside}.`,
    );
  }
}
