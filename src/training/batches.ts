/*
 * Mini-batches: the examples in the order of an epoch, cut into pieces. An example is a column; where the inputs are
 * sequences, it is a whole sequence. Each piece is copied into buffers of the pass, so that an epoch allocates nothing. An
 * engine with a memory of its own gets all examples once, at the start.
 */
import type { Pass } from "../core/core";
import type { Engine } from "../numbers/engine";
import { Ids } from "../numbers/ids";
import { plain } from "../numbers/kernels/plain-engine";
import { Matrix } from "../numbers/matrix";
import { type Columns, columnsOf, countColumns, countExamples, Ragged } from "../numbers/ragged";
import type { Random } from "../numbers/random";

/** What is learned to be predicted: one column or class an example, or, of sequences, one a token. */
export type Targets = Columns;

export interface BatchOptions {
  readonly inputs: Columns;
  readonly targets: Targets;
  readonly sampleWeights?: Matrix | Ragged<Matrix>;
  readonly batchSize?: number;
  readonly random?: Random;
}

/** What one step learns from. */
export interface Batch {
  readonly X: Columns;
  readonly Y: Matrix | Ids;
  readonly weights: Matrix | undefined;
  /** How much it counts: its number of targets, or the sum of their weights. 0 when there is nothing to learn from. */
  readonly weight: number;
}

/** The examples in the order of this epoch, cut into batches. */
export class Batches {
  readonly examples: number;
  /** How many targets an epoch has: one an example, or one a token. */
  readonly targetCount: number;
  readonly size: number;
  private readonly order: Int32Array;
  /** All examples at once and in their own order: nothing need be copied. */
  private readonly all: Batch | undefined;

  private readonly inputs: Columns;
  private readonly targets: Targets;
  private readonly weights: Matrix | Ragged<Matrix> | undefined;
  private readonly indices = new Indices();

  constructor(
    private readonly options: BatchOptions,
    private readonly engine: Engine,
  ) {
    const { inputs, targets, sampleWeights, batchSize, random } = options;
    this.examples = countExamples(inputs);
    this.targetCount = countColumns(columnsOf(targets));
    this.size = Math.min(batchSize ?? this.examples, this.examples);
    this.order = Int32Array.from({ length: this.examples }, (_, i) => i);
    this.inputs = this.enter(inputs);
    this.targets = this.enter(targets);
    this.weights = sampleWeights && this.enter(sampleWeights);
    if (this.size === this.examples && random === undefined) {
      this.all = batch(this.inputs, columnsOf(this.targets), this.weights && columnsOf(this.weights));
    }
  }

  shuffle(): void {
    this.options.random?.shuffle(this.order);
  }

  /** The batch that begins at example `from`, in the first buffers of a restarted pass. */
  take(from: number, pass: Pass): Batch {
    pass.restart();
    this.indices.restart();
    if (this.all !== undefined) return this.all;
    const to = Math.min(from + this.size, this.examples);
    const { inputs, targets, weights } = this;
    const X = this.pick(inputs, from, to, pass);
    const Y = columnsOf(this.pick(targets, from, to, pass));
    return batch(X, Y, weights && columnsOf(this.pick(weights, from, to, pass)));
  }

  /** The examples order[from … to − 1]. */
  private pick<T extends Columns>(all: T, from: number, to: number, pass: Pass): T;
  private pick(all: Columns, from: number, to: number, pass: Pass): Columns {
    if (!(all instanceof Ragged)) return this.pickColumns(all, this.order, from, to, pass);
    const starts = this.indices.take(to - from + 1);
    for (let k = from; k < to; k++) {
      const s = this.order[k];
      starts[k - from + 1] = starts[k - from] + all.starts[s + 1] - all.starts[s];
    }
    const tokens = this.indices.take(starts[to - from]);
    for (let k = from; k < to; k++) {
      const first = all.starts[this.order[k]];
      for (let t = starts[k - from]; t < starts[k - from + 1]; t++) tokens[t] = first + t - starts[k - from];
    }
    return new Ragged<Matrix | Ids>(
      this.pickColumns(all.columns, tokens, 0, tokens.length, pass),
      starts,
    ) as Columns;
  }

  private pickColumns(
    all: Matrix | Ids,
    order: Int32Array,
    from: number,
    to: number,
    pass: Pass,
  ): Matrix | Ids {
    if (all instanceof Ids) {
      const part = this.indices.take(to - from);
      for (let k = from; k < to; k++) part[k - from] = all.data[order[k]];
      return Ids.over(part);
    }
    const part = pass.take(all.rows, to - from);
    pass.engine.pickColumns(all, order, from, to, part);
    return part;
  }

  /** The same columns in the engine's memory. */
  private enter<T extends Columns>(columns: T): T;
  private enter(columns: Columns): Columns {
    if (this.engine === plain || columnsOf(columns) instanceof Ids) return columns;
    if (columns instanceof Ragged) return columns.with(copyInto(this.engine, columns.columns as Matrix));
    return copyInto(this.engine, columns as Matrix);
  }

  /** Gives the engine's memory back. */
  free(): void {
    if (this.engine === plain) return;
    for (const part of [this.inputs, this.targets, this.weights]) {
      const columns = part && columnsOf(part);
      if (columns instanceof Matrix) this.engine.free(columns);
    }
  }
}

function batch(X: Columns, Y: Matrix | Ids, weights: Matrix | undefined): Batch {
  return { X, Y, weights, weight: weights === undefined ? countColumns(Y) : weights.sum() };
}

/** A copy of a matrix in the engine's memory. */
function copyInto(engine: Engine, matrix: Matrix): Matrix {
  const copy = engine.allocate(matrix.rows, matrix.columns);
  copy.data.set(matrix.data);
  return copy;
}

/** So many lengths are remembered at each place, as in a pass. */
const LENGTHS = 4;

/**
 * Whole numbers for one step: ids, boundaries, places of columns. Like the buffers of a pass they lie in one block, which
 * grows to the largest step, and each step walks through it from its beginning.
 */
class Indices {
  private block = new Int32Array(0);
  /** The arrays that were handed out, by their place in the order of asking. */
  private views: Int32Array[][] = [];
  private taken = 0;
  private length = 0;

  /** `length` numbers; the first is 0, the others are undefined. */
  take(length: number): Int32Array {
    const from = this.length;
    const place = this.taken++;
    this.length += length;
    const part = this.length > this.block.length ? new Int32Array(length) : this.view(place, from, length);
    if (length > 0) part[0] = 0;
    return part;
  }

  restart(): void {
    if (this.length > this.block.length) {
      this.block = new Int32Array(this.length);
      this.views = [];
    }
    this.taken = 0;
    this.length = 0;
  }

  private view(place: number, from: number, length: number): Int32Array {
    this.views[place] ??= [];
    const known = this.views[place];
    for (let k = 0; k < known.length; k++) {
      if (known[k].length === length && known[k].byteOffset === 4 * from) return known[k];
    }
    const view = this.block.subarray(from, from + length);
    if (known.length === LENGTHS) known.shift();
    known.push(view);
    return view;
  }
}
