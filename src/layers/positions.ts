/*
 * Positions: attention does not see in which order tokens stand, so their places are added to them. A table has one column
 * a place; token t of every sequence gets column t on top. In `LearnedPositions` the table is learned, column by column, so
 * it ends somewhere: a sequence longer than the table has no place to stand. In `SinusoidalPositions` it is computed:
 *
 *   p(2i, t) = sin(t·base^(−2i/width))        p(2i + 1, t) = cos(t·base^(−2i/width))
 *
 * which are the hands of slower and slower clocks. There is a column for every place. Whether a network makes sense of a
 * place that it never saw while learning is another matter: in general it does not.
 */
import { type Backward, type Layer, NOTHING, type Parameter, Pass } from "../core/core";
import type { LayerKind } from "../core/kind";
import { type Initializer, normal } from "../initializers/initializers";
import { describe, requireNumber, requireWhole, ShapeError, ValueError } from "../numbers/errors";
import { Matrix } from "../numbers/matrix";
import { aFunction, anything, numberIn, type OptionTable, text } from "../numbers/options";
import { longestOf, type Ragged } from "../numbers/ragged";
import { type Random, requireRandom } from "../numbers/random";
import { admit, enterFinite, leaveFinite, ownerOf, ownOrShared, requireFeatures } from "./door";
import { placesOf } from "./rotary";
import { enterSequences } from "./through-time";

const BASE = 10_000;

/**
 * The clocks as a table (width × tokens): column t is place t, counted from 0.
 * @param base the slowest clock turns about 2π·base tokens long; 10,000 as in the paper
 * @see Vaswani et al. 2017, "Attention Is All You Need", section 3.5
 */
export function sinusoidalPositions(tokens: number, width: number, base: number = BASE): Matrix {
  requireWhole("sinusoidalPositions", "tokens", tokens);
  requireWhole("sinusoidalPositions", "the width", width);
  requireNumber("sinusoidalPositions", "the base", base, { from: 0, openFrom: true });
  return new Matrix(width, tokens).map((_, i, t) => sinusoid(i, t, width, base));
}

function sinusoid(i: number, t: number, width: number, base: number): number {
  const angle = t * base ** (-(i - (i % 2)) / width);
  return i % 2 === 0 ? Math.sin(angle) : Math.cos(angle);
}

/** How many tokens of a sequence have been seen: what both layers remember when they go on. */
export interface Place {
  tokens: number;
}

function requirePlace(layer: Layer<Ragged, Ragged>, state: unknown): asserts state is Place {
  const { tokens = -1 } = (state ?? {}) as Partial<Place>;
  if (Number.isInteger(tokens) && tokens >= 0) return;
  throw new ValueError(`${ownerOf(layer)}: expected the state that start() gave, got ${describe(state)}.`);
}

export interface SinusoidalPositionsOptions {
  readonly name?: string;
  /** How fast the clocks slow down; 10,000 when left out. */
  readonly base?: number;
}

const SINUSOIDAL: OptionTable<SinusoidalPositionsOptions> = {
  name: text,
  base: numberIn({ from: 0, openFrom: true }),
};

/** Y = X + p, with X, Y (width × tokens) and p computed; nothing to learn. */
export class SinusoidalPositions implements Layer<Ragged, Ragged> {
  readonly name: string;
  readonly takesSequences = true;
  readonly width: number;
  readonly base: number;
  readonly parameters: readonly Parameter[] = [];
  private table: Matrix;

  /** @param width features of a token */
  constructor(width: number, options: SinusoidalPositionsOptions = {}) {
    this.name = admit("SinusoidalPositions", options, SINUSOIDAL);
    this.width = requireWhole(ownerOf(this), "the width", width);
    this.base = options.base ?? BASE;
    this.table = sinusoidalPositions(1, width, this.base);
  }

  outputRows(rows: number | undefined, tokens?: number): number {
    requireFeatures(this, this.width, rows, tokens);
    return this.width;
  }

  /** (width × tokens) → (width × tokens) */
  forward(input: Ragged, pass: Pass = new Pass()): readonly [Ragged, Backward<Ragged, Ragged>] {
    enterSequences(this, input, pass);
    const X = input.columns;
    const Y = pass.take(X.rows, X.columns);
    addPlaces(X, this.tableFor(longestOf(input.starts)), input.starts, 0, Y); // Y = X + P
    const [, backward] = leaveFinite(this, pass, Y, (dY) => dY); // dX = dY: nothing stood in its way
    return [input.with(Y), backward];
  }

  /** At least so many computed places; they are kept. */
  private tableFor(needed: number): Matrix {
    if (needed > this.table.columns) this.table = sinusoidalPositions(needed, this.width, this.base);
    return this.table;
  }

  start(): Place {
    return { tokens: 0 };
  }

  next(input: Matrix, state: Place, pass: Pass = new Pass()): Matrix {
    enterFinite(this, input, pass);
    requirePlace(this, state);
    return addNext(input, state, this.tableFor(state.tokens + input.columns), pass);
  }

  static readonly kind: LayerKind<SinusoidalPositions> = {
    title: "SinusoidalPositions",
    letter: "X",
    write: ({ width, base }) => ({ options: { width, base } }),
    read: (entry) =>
      new SinusoidalPositions(entry.number("width"), { name: entry.name, base: entry.number("base") }),
    twin: ({ width, base }, x, { tf, tensor, starts }) => {
      const places = placesOf(starts ?? Int32Array.of(0, x.shape[0]));
      return tf.add(
        x,
        tensor(new Matrix(width, places.length).map((_, i, t) => sinusoid(i, places[t], width, base))),
      );
    },
  };
}

export interface LearnedPositionsOptions {
  readonly name?: string;
  /** The seeded generator that the first table is drawn from. Needed unless `weights` are given. */
  readonly random?: Random;
  /** How to draw it; normal with a standard deviation of 0.02, as GPT-2 does, when left out. */
  readonly initializer?: Initializer;
  /** A given table (width × context) instead: a Matrix is copied, another layer's Parameter is shared. */
  readonly weights?: Matrix | Parameter;
}

const LEARNED: OptionTable<LearnedPositionsOptions> = {
  name: text,
  random: (owner, _what, value) => requireRandom(owner, value),
  initializer: aFunction("an initializer such as normal(0.02)"),
  weights: anything,
};

/** Y = X + P, with X, Y (width × tokens) and a learned P (width × context): token t of a sequence gets column t. */
export class LearnedPositions implements Layer<Ragged, Ragged> {
  readonly name: string;
  readonly takesSequences = true;
  /** The longest sequence that there are places for. */
  readonly context: number;
  readonly width: number;
  /** (width × context): one column a place. */
  readonly weights: Parameter;
  readonly parameters: readonly Parameter[];

  /**
   * @param context tokens of the longest sequence
   * @param width features of a token
   */
  constructor(context: number, width: number, options: LearnedPositionsOptions = {}) {
    this.name = admit("LearnedPositions", options, LEARNED);
    this.context = requireWhole(ownerOf(this), "the context", context);
    this.width = requireWhole(ownerOf(this), "the width", width);
    const weights = options.weights ?? this.draw(options);
    this.weights = ownOrShared(this, "weights", "width × context", weights, [width, context]);
    this.parameters = [this.weights];
  }

  private draw({ random, initializer = normal(0.02) }: LearnedPositionsOptions): Matrix {
    requireRandom(ownerOf(this), random);
    return initializer(this.width, this.context, random);
  }

  outputRows(rows: number | undefined, tokens?: number): number {
    requireFeatures(this, this.width, rows, tokens);
    return this.width;
  }

  /** (width × tokens) → (width × tokens). @throws ShapeError for a sequence longer than the table */
  forward(input: Ragged, pass: Pass = new Pass()): readonly [Ragged, Backward<Ragged, Ragged>] {
    enterSequences(this, input, pass);
    const X = input.columns;
    const { starts } = input;
    this.requirePlaces(longestOf(starts));
    const Y = pass.take(X.rows, X.columns);
    addPlaces(X, this.weights.value, starts, 0, Y); // Y = X + P
    const [, backward] = leaveFinite(this, pass, Y, (dY) => {
      const { width } = this;
      const dP = this.weights.gradient.data;
      for (let s = 0; s + 1 < starts.length; s++) {
        for (let t = starts[s]; t < starts[s + 1]; t++) {
          const at = (t - starts[s]) * width;
          for (let i = 0; i < width; i++) dP[at + i] = dP[at + i] + dY.data[t * width + i]; // dP[:, t] += dy
        }
      }
      return pass.inputGradient ? dY : NOTHING;
    });
    return [input.with(Y), backward];
  }

  private requirePlaces(needed: number): void {
    if (needed <= this.context) return;
    throw new ShapeError(
      `${ownerOf(this)}: expected sequences of at most ${this.context} tokens, one a learned place, got one of ${needed}.`,
    );
  }

  start(): Place {
    return { tokens: 0 };
  }

  next(input: Matrix, state: Place, pass: Pass = new Pass()): Matrix {
    enterFinite(this, input, pass);
    requirePlace(this, state);
    this.requirePlaces(state.tokens + input.columns);
    return addNext(input, state, this.weights.value, pass);
  }

  static readonly kind: LayerKind<LearnedPositions> = {
    title: "LearnedPositions",
    letter: "X",
    write: ({ context, width, weights }) => ({ options: { context, width }, weights: { weights } }),
    read(entry) {
      const [context, width] = [entry.number("context"), entry.number("width")];
      const weights = entry.parameter("weights", width, context);
      return new LearnedPositions(context, width, { name: entry.name, weights });
    },
    // picked by a product: the gradient of `gather` does not exist on the WebAssembly backend
    twin({ context, weights }, x, { tf, tensor, variable, starts }) {
      const places = placesOf(starts ?? Int32Array.of(0, x.shape[0]));
      const picks = new Matrix(context, places.length).map((_, place, t) => (places[t] === place ? 1 : 0));
      return tf.add(x, tf.matMul(tensor(picks), variable(weights)));
    },
  };
}

/** Y = X + the columns of the table at which the tokens stand, the first of each sequence behind `before` others. */
function addPlaces(
  { data: x, rows }: Matrix,
  { data: p }: Matrix,
  starts: Int32Array,
  before: number,
  { data: y }: Matrix,
): void {
  for (let s = 0; s + 1 < starts.length; s++) {
    for (let t = starts[s]; t < starts[s + 1]; t++) {
      const at = (before + t - starts[s]) * rows;
      for (let i = 0; i < rows; i++) y[t * rows + i] = x[t * rows + i] + p[at + i];
    }
  }
}

/** The next tokens get the next places. */
function addNext(X: Matrix, state: Place, table: Matrix, pass: Pass): Matrix {
  const Y = pass.take(X.rows, X.columns);
  addPlaces(X, table, Int32Array.of(0, X.columns), state.tokens, Y);
  state.tokens += X.columns;
  return Y;
}
