/*
 * Mini-batches: the examples in the order of an epoch, cut into pieces. Each piece is copied into buffers of the pass, so
 * that an epoch allocates nothing. An engine with a memory of its own gets all examples once, at the start.
 */
import type { Pass } from "../core/core";
import type { Engine } from "../numbers/engine";
import { plain } from "../numbers/kernels/plain-engine";
import type { Matrix } from "../numbers/matrix";
import type { Random } from "../numbers/random";

export interface BatchOptions {
  readonly inputs: Matrix;
  readonly targets: Matrix;
  readonly sampleWeights?: Matrix;
  readonly batchSize?: number;
  readonly random?: Random;
}

/** The examples in the order of this epoch, cut into batches. */
export class Batches {
  readonly examples: number;
  readonly size: number;
  private readonly order: Int32Array;
  /** All examples at once and in their own order: nothing need be copied. */
  private readonly whole: boolean;

  private readonly inputs: Matrix;
  private readonly targets: Matrix;
  private readonly weights: Matrix | undefined;

  constructor(
    private readonly options: BatchOptions,
    private readonly engine: Engine,
  ) {
    const { inputs, targets, sampleWeights, batchSize, random } = options;
    this.examples = inputs.columns;
    this.size = Math.min(batchSize ?? this.examples, this.examples);
    this.order = Int32Array.from({ length: this.examples }, (_, i) => i);
    this.whole = this.size === this.examples && random === undefined;
    const enter = (matrix: Matrix): Matrix => (engine === plain ? matrix : copyInto(engine, matrix));
    this.inputs = enter(inputs);
    this.targets = enter(targets);
    this.weights = sampleWeights && enter(sampleWeights);
  }

  shuffle(): void {
    this.options.random?.shuffle(this.order);
  }

  /** The batch that begins at example `from`, in the first buffers of a restarted pass. */
  take(from: number, pass: Pass): { X: Matrix; Y: Matrix; weights: Matrix | undefined } {
    pass.restart();
    const { inputs, targets, weights } = this;
    if (this.whole) return { X: inputs, Y: targets, weights };
    const to = Math.min(from + this.size, this.examples);
    const pick = (all: Matrix): Matrix => {
      const part = pass.take(all.rows, to - from);
      pass.engine.pickColumns(all, this.order, from, to, part);
      return part;
    };
    return { X: pick(inputs), Y: pick(targets), weights: weights && pick(weights) };
  }

  /** Gives the engine's memory back. */
  free(): void {
    if (this.engine === plain) return;
    for (const matrix of [this.inputs, this.targets, this.weights]) if (matrix) this.engine.free(matrix);
  }
}

/** A copy of a matrix in the engine's memory. */
function copyInto(engine: Engine, matrix: Matrix): Matrix {
  const copy = engine.allocate(matrix.rows, matrix.columns);
  copy.data.set(matrix.data);
  return copy;
}
