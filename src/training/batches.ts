/*
 * Mini-batches: the examples in the order of an epoch, cut into pieces. Each piece is copied into buffers of the pass, so
 * that an epoch allocates nothing.
 */
import type { Pass } from "../core/core";
import { type Matrix, pickColumnsInto } from "../numbers/matrix";
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

  constructor(private readonly options: BatchOptions) {
    const { inputs, batchSize, random } = options;
    this.examples = inputs.columns;
    this.size = Math.min(batchSize ?? this.examples, this.examples);
    this.order = Int32Array.from({ length: this.examples }, (_, i) => i);
    this.whole = this.size === this.examples && random === undefined;
  }

  shuffle(): void {
    this.options.random?.shuffle(this.order);
  }

  /** The batch that begins at example `from`, in the first buffers of a restarted pass. */
  take(from: number, pass: Pass): { X: Matrix; Y: Matrix; weights: Matrix | undefined } {
    const { inputs, targets, sampleWeights } = this.options;
    pass.restart();
    if (this.whole) return { X: inputs, Y: targets, weights: sampleWeights };
    const to = Math.min(from + this.size, this.examples);
    const pick = (all: Matrix): Matrix => {
      const part = pass.take(all.rows, to - from);
      pickColumnsInto(all, this.order, from, to, part);
      return part;
    };
    return { X: pick(inputs), Y: pick(targets), weights: sampleWeights && pick(sampleWeights) };
  }
}
