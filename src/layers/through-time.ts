/*
 * What recurrent layers share: sequences of different lengths walked through in step, the first tokens of all of them,
 * then the second ones, and so on. The longest come first, so those still going are always the first few columns, and a
 * step is one product of a small matrix. Nothing is padded.
 */
import type { AnyLayer, Backward, Parameter, Pass, Statistic } from "../core/core";
import type { Tensor, TwinTools } from "../core/kind";
import type { Initializer } from "../initializers/initializers";
import type { ProductOptions } from "../numbers/engine";
import { describe, requireWhole, ShapeError, ValueError } from "../numbers/errors";
import { Matrix } from "../numbers/matrix";
import { aFunction, type OptionTable, text, whole } from "../numbers/options";
import { longestOf, Ragged } from "../numbers/ragged";
import { type Random, requireRandom } from "../numbers/random";
import { admit, enterFinite, ownerOf, requireFeatures } from "./door";

export const ADD_OUTER: ProductOptions = { add: true, turnRight: true };
export const TURNED: ProductOptions = { turnLeft: true };
export const ADD_TURNED: ProductOptions = { turnLeft: true, add: true };

/** The options that every recurrent layer has. */
export interface ThroughTimeOptions {
  readonly name?: string;
  /** The seeded generator that the first weights are drawn from. Needed unless all weights are given. */
  readonly random?: Random;
  /** How to draw each of the matrices; normal with variance 1/columns when left out. */
  readonly initializer?: Initializer;
  /**
   * For texts longer than a step of training can hold: so many sequences side by side hand their last state on to the next
   * step, where the sequence goes on. The state is handed on, the gradient is not. 0, and nothing handed on, when left out.
   */
  readonly carry?: number;
}

export const THROUGH_TIME_OPTIONS: OptionTable<ThroughTimeOptions> = {
  name: text,
  random: (owner, _what, value) => requireRandom(owner, value),
  initializer: aFunction("an initializer such as lecunNormal"),
  carry: whole(0),
};

/** What every recurrent layer is, whatever it computes at a step. */
export abstract class ThroughTime implements AnyLayer {
  readonly name: string;
  readonly inputs: number;
  readonly units: number;
  abstract readonly parameters: readonly Parameter[];
  readonly statistics: readonly Statistic[];
  readonly takesSequences = true;
  /** How many sequences hand their state on from one step of training to the next; 0: none. */
  readonly carry: number;

  /** @param states the kinds of state that are handed on, the output first */
  protected constructor(
    title: string,
    inputs: number,
    units: number,
    options: ThroughTimeOptions,
    table: OptionTable<ThroughTimeOptions>,
    states: readonly string[],
  ) {
    this.name = admit(title, options, table);
    this.inputs = requireWhole(ownerOf(this), "inputs", inputs);
    this.units = requireWhole(ownerOf(this), "units", units);
    const { carry = 0 } = options;
    this.carry = carry;
    const kept = carry === 0 ? [] : states;
    this.statistics = kept.map((state) => ({
      name: `${this.name}.${state}`,
      value: new Matrix(units, carry),
    }));
  }

  outputRows(rows: number | undefined, examples?: number): number {
    requireFeatures(this, this.inputs, rows, examples);
    return this.units;
  }

  /** Empties the states that are handed on: the next step of training begins new sequences. */
  forget(): void {
    for (const { value } of this.statistics) value.data.fill(0);
  }

  abstract forward(input: Ragged, pass?: Pass): readonly [Ragged, Backward<Ragged, Ragged>];
}

/** What a forward pass of a recurrent layer begins with: sequences of columns, and no NaN anywhere. */
export function enterSequences(layer: AnyLayer, input: unknown, pass: unknown): asserts input is Ragged {
  if (!(input instanceof Ragged)) {
    throw new ValueError(`${ownerOf(layer)}: expected sequences, as Ragged.of([…]), got ${describe(input)}.`);
  }
  enterFinite(layer, input.columns, pass);
}

/** So many matrices (units × columns), drawn one after the other and stacked: each is a small layer by itself. */
export function drawStacked(
  owner: string,
  initializer: Initializer,
  many: number,
  units: number,
  columns: number,
  random: unknown,
): Matrix {
  requireRandom(owner, random);
  const stacked = new Matrix(many * units, columns);
  for (let part = 0; part < many; part++) {
    const one = initializer(units, columns, random);
    for (let j = 0; j < columns; j++) stacked.data.set(one.column(j).data, (j * many + part) * units);
  }
  return stacked;
}

/** The sequences from the longest to the shortest; equally long ones keep their order. (1 × sequences) */
export function longestFirst(starts: Int32Array, pass: Pass): Matrix {
  const sequences = starts.length - 1;
  const order = pass.take(1, sequences);
  const longest = longestOf(starts);
  const places = pass.take(1, longest + 1); // how many are longer than that: where those of that length begin
  places.data.fill(0);
  for (let s = 0; s < sequences; s++) places.data[starts[s + 1] - starts[s] - 1] += 1;
  for (let length = longest - 1; length >= 0; length--) places.data[length] += places.data[length + 1];
  for (let s = 0; s < sequences; s++) {
    const length = starts[s + 1] - starts[s];
    order.data[places.data[length]++] = s;
  }
  return order;
}

/** How many sequences, of the first `most` in that order, are longer than `length`. */
export function stillGoing(order: Matrix, starts: Int32Array, most: number, length: number): number {
  let going = most;
  while (going > 0 && starts[order.data[going - 1] + 1] - starts[order.data[going - 1]] <= length) going--;
  return going;
}

/** The first state of each sequence, in that order: zeros, or what stands in `carried`, a column a sequence. */
export function firstState(units: number, order: Matrix, carried: Matrix | undefined, pass: Pass): Matrix {
  const state = pass.take(units, order.columns);
  if (carried === undefined) state.data.fill(0);
  else {
    for (let k = 0; k < order.columns; k++) {
      const at = order.data[k] * units;
      for (let i = 0; i < units; i++) state.data[k * units + i] = carried.data[at + i];
    }
  }
  return state;
}

/** Writes the last state of each sequence into `carried`, from where the next step of training will go on. */
export function keepLast(states: Matrix, starts: Int32Array, carried: Matrix): void {
  for (let s = 0; s < carried.columns; s++) {
    const at = (starts[s + 1] - 1) * states.rows;
    for (let i = 0; i < states.rows; i++) carried.data[s * states.rows + i] = states.data[at + i];
  }
}

/** The states that this pass goes on from, one matrix for each kind of state; none where nothing is handed on. */
export function carriedStates(layer: ThroughTime, pass: Pass, sequences: number): readonly Statistic[] {
  if (layer.carry === 0 || !pass.training) return [];
  if (sequences === layer.carry) return layer.statistics;
  throw new ShapeError(
    `${ownerOf(layer)}: expected ${layer.carry} sequences side by side, whose states are handed on, got ${sequences}.`,
  );
}

/** Throws unless `state` holds columns of so many units, as `start` gives them. */
export function requireState(layer: AnyLayer, state: unknown, names: readonly string[], units: number): void {
  const held = state as Record<string, unknown> | null | undefined;
  const fits = names.every((name) => {
    const column = held?.[name];
    return column instanceof Matrix && column.rows === units && column.columns === 1;
  });
  if (fits) return;
  throw new ValueError(`${ownerOf(layer)}: expected the state that start() gave, got ${describe(state)}.`);
}

/**
 * The twin's walk, sequence by sequence and token by token, as the formula reads: rows are tokens there.
 * @param step a token (1 × inputs) and the states before it (each 1 × units) → the states after it, the output first
 */
export function twinSteps(
  layer: ThroughTime,
  x: Tensor,
  use: TwinTools,
  kinds: number,
  step: (token: Tensor, states: readonly Tensor[]) => readonly Tensor[],
): Tensor {
  const { tf } = use;
  const { inputs, units } = layer;
  const carried = layer.carry > 0 && use.training ? layer.statistics : [];
  const starts = use.starts ?? Int32Array.of(0, x.shape[0]);
  const outputs: Tensor[] = [];
  const last: Tensor[][] = [];
  for (let s = 0; s + 1 < starts.length; s++) {
    let states: readonly Tensor[] = Array.from({ length: kinds }, (_, kind) =>
      carried.length === 0
        ? use.tensor(new Matrix(units, 1))
        : tf.slice(use.statistic(carried[kind].value), [s, 0], [1, units]),
    );
    for (let t = starts[s]; t < starts[s + 1]; t++) {
      states = step(tf.slice(x, [t, 0], [1, inputs]), states);
      outputs.push(states[0]);
    }
    last.push([...states]);
  }
  for (let kind = 0; kind < carried.length; kind++) {
    const together = tf.concat(
      last.map((states) => states[kind]),
      0,
    );
    use.follow(carried[kind].value, together, 0);
  }
  return tf.concat(outputs, 0);
}
