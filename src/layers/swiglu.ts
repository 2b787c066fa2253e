/*
 * SwiGLU: a feed-forward layer in which one half of the hidden units opens and closes the other half. Each unit is a
 * product of two views of the input, u = Wu·x, and a gate g = silu(Wg·x) with silu(z) = z·σ(z); then Wd brings it back to
 * the width: y = Wd·(g ⊙ u). There are no biases.
 *
 * On the way back a product shares its blame crosswise: dg = u ⊙ dh and du = g ⊙ dh.
 * @see Shazeer 2020, "GLU Variants Improve Transformer"
 */
import { sigmoid } from "../activations/sigmoid";
import { type Backward, type Layer, NOTHING, type Parameter, Pass } from "../core/core";
import type { LayerKind } from "../core/kind";
import { type Initializer, normal } from "../initializers/initializers";
import type { ProductOptions } from "../numbers/engine";
import { requireWhole } from "../numbers/errors";
import type { Matrix } from "../numbers/matrix";
import { aFunction, anything, type OptionTable, text } from "../numbers/options";
import { drawnOrNot, type Random, requireRandom } from "../numbers/random";
import { admit, enterFinite, leaveFinite, overflow, ownerOf, ownOrShared, requireFeatures } from "./door";

const ADD_OUTER: ProductOptions = { add: true, turnRight: true };
const TURNED: ProductOptions = { turnLeft: true };
const TURNED_ADD: ProductOptions = { turnLeft: true, add: true };

export interface SwiGluOptions {
  readonly name?: string;
  /** The seeded generator that the first weights are drawn from. Needed unless all weights are given. */
  readonly random?: Random;
  /** How to draw them; normal with a standard deviation of 0.02, as GPT-2 does, when left out. */
  readonly initializer?: Initializer;
  /** Given Wg (hidden × width), copied or shared. */
  readonly gate?: Matrix | Parameter;
  /** Given Wu (hidden × width), copied or shared. */
  readonly up?: Matrix | Parameter;
  /** Given Wd (width × hidden), copied or shared. */
  readonly down?: Matrix | Parameter;
}

const OPTIONS: OptionTable<SwiGluOptions> = {
  name: text,
  random: (owner, _what, value) => requireRandom(owner, value),
  initializer: aFunction("an initializer such as normal(0.02)"),
  gate: anything,
  up: anything,
  down: anything,
};

/** Y = Wd·(silu(Wg·X) ⊙ (Wu·X)), with X, Y (width × m). */
export class SwiGlu implements Layer {
  readonly name: string;
  readonly width: number;
  readonly hidden: number;
  /** Wg (hidden × width) */
  readonly gate: Parameter;
  /** Wu (hidden × width) */
  readonly up: Parameter;
  /** Wd (width × hidden) */
  readonly down: Parameter;
  readonly parameters: readonly Parameter[];

  /**
   * @param width features of the input, and of the output
   * @param hidden units in between; 8/3 of the width have as many weights as an ordinary layer of four times the width
   */
  constructor(width: number, hidden: number, options: SwiGluOptions = {}) {
    this.name = admit("SwiGlu", options, OPTIONS, "swiglu");
    this.width = requireWhole(ownerOf(this), "the width", width);
    this.hidden = requireWhole(ownerOf(this), "hidden", hidden);
    const own = (name: "gate" | "up" | "down", rows: number, columns: number): Parameter => {
      const shape = name === "down" ? "width × hidden" : "hidden × width";
      const given = options[name] ?? this.draw(rows, columns, options);
      return ownOrShared(this, name, shape, given, [rows, columns]);
    };
    [this.gate, this.up, this.down] = drawnOrNot(options.random, () => [
      own("gate", hidden, width),
      own("up", hidden, width),
      own("down", width, hidden),
    ]);
    this.parameters = [this.gate, this.up, this.down];
  }

  private draw(rows: number, columns: number, { random, initializer = normal(0.02) }: SwiGluOptions): Matrix {
    requireRandom(ownerOf(this), random);
    return initializer(rows, columns, random);
  }

  outputRows(rows: number | undefined, examples?: number): number {
    requireFeatures(this, this.width, rows, examples);
    return this.width;
  }

  /** (width × m) → (width × m). @throws DivergenceError when the numbers overflow */
  forward(input: Matrix, pass: Pass = new Pass()): readonly [Matrix, Backward] {
    enterFinite(this, input, pass);
    const { engine } = pass;
    const { hidden } = this;
    const m = input.columns;
    const Z = pass.take(hidden, m); // Wg·X
    const U = pass.take(hidden, m); // Wu·X
    const H = pass.take(hidden, m); // silu(Z) ⊙ U
    engine.product(this.gate.value, input, Z);
    engine.product(this.up.value, input, U);
    for (let k = 0; k < H.size; k++) H.data[k] = Z.data[k] * sigmoid.apply(Z.data[k]) * U.data[k];
    const output = pass.take(this.width, m);
    engine.product(this.down.value, H, output);
    if (!engine.allFinite(output)) throw overflow(this);
    return leaveFinite(this, pass, output, (dY) => {
      engine.product(dY, H, this.down.gradient, ADD_OUTER); // dWd += dY·Hᵀ
      const dH = pass.take(hidden, m);
      engine.product(this.down.value, dY, dH, TURNED); // dH = Wdᵀ·dY
      const dZ = pass.take(hidden, m);
      const dU = pass.take(hidden, m);
      for (let k = 0; k < dH.size; k++) {
        const z = Z.data[k];
        const s = sigmoid.apply(z);
        dU.data[k] = dH.data[k] * (z * s); // du = g ⊙ dh
        dZ.data[k] = dH.data[k] * U.data[k] * (s + z * s * (1 - s)); // dz = u ⊙ dh ⊙ silu′(z)
      }
      engine.product(dZ, input, this.gate.gradient, ADD_OUTER);
      engine.product(dU, input, this.up.gradient, ADD_OUTER);
      if (!pass.inputGradient) return NOTHING;
      const dInput = pass.take(input.rows, m);
      engine.product(this.gate.value, dZ, dInput, TURNED); // dX = Wgᵀ·dZ + Wuᵀ·dU
      engine.product(this.up.value, dU, dInput, TURNED_ADD);
      return dInput;
    });
  }

  static readonly kind: LayerKind<SwiGlu> = {
    title: "SwiGlu",
    letter: "Y",
    write: ({ width, hidden, gate, up, down }) => ({
      options: { width, hidden },
      weights: { gate, up, down },
    }),
    read(entry) {
      const [width, hidden] = [entry.number("width"), entry.number("hidden")];
      return new SwiGlu(width, hidden, {
        name: entry.name,
        gate: entry.parameter("gate", hidden, width),
        up: entry.parameter("up", hidden, width),
        down: entry.parameter("down", width, hidden),
      });
    },
    twin({ gate, up, down }, x, { tf, variable }) {
      const z = tf.matMul(x, variable(gate));
      const hidden = tf.mul(tf.mul(z, tf.sigmoid(z)), tf.matMul(x, variable(up)));
      return tf.matMul(hidden, variable(down));
    },
  };
}
