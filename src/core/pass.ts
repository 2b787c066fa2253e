/*
 * One pass through a network: its mode, and where its buffers come from.
 *
 * Training takes the same step thousands of times, and a step that made its matrices anew would spend its time on
 * memory. So a pass hands out the same matrices again in every step. The first step measures how many numbers are
 * asked for; `restart` then reserves one block for all of them, and each later step walks through that block from its
 * beginning, a buffer behind the other. A step that asks for more gets loose matrices, and the block grows at the next
 * restart. Whatever the lengths of the steps, one block is kept, as large as the largest of them.
 *
 * What must outlive the step is copied out. A way back must not: `restart` opens a new generation, and a way back of an
 * earlier one, whose buffers hold other numbers by now, throws.
 */
import type { Engine } from "../numbers/engine";
import { requireWhole, StateError } from "../numbers/errors";
import { plain } from "../numbers/kernels/plain-engine";
import { Matrix } from "../numbers/matrix";
import { anEngine, flag, type OptionTable, requireOptions } from "../numbers/options";

export interface PassOptions {
  /** True while learning: dropout drops, batch norm uses the batch's own statistics. False when left out. */
  readonly training?: boolean;
  /** False when nobody asks for dL/dInput of the whole network; true when left out. */
  readonly inputGradient?: boolean;
  /** What computes, and where the buffers lie; plain loops and ordinary memory when left out. */
  readonly engine?: Engine;
}

const OPTIONS: OptionTable<PassOptions> = { training: flag, inputGradient: flag, engine: anEngine };

export class Pass {
  /** True while learning: dropout drops, batch norm uses the batch's own statistics. */
  readonly training: boolean;
  /**
   * False when nobody asks for dL/dInput of the whole network, as in training: the first layer then skips one
   * matrix product, and its backward pass returns an empty matrix.
   */
  readonly inputGradient: boolean;
  /** What computes, and where the buffers lie. */
  readonly engine: Engine;
  /** The same buffers and mode, for the layers behind the first, whose input gradient is always needed. */
  readonly inner: Pass;
  private readonly buffers: Buffers;

  constructor(options: PassOptions = {}, outer?: Pass) {
    requireOptions("Pass", options, OPTIONS);
    this.training = options.training ?? false;
    this.inputGradient = options.inputGradient ?? true;
    this.engine = options.engine ?? plain;
    this.buffers = outer?.buffers ?? new Buffers(this.engine);
    this.inner = this.inputGradient ? this : new Pass({ ...options, inputGradient: true }, this);
  }

  /** A rows × columns matrix with undefined contents, valid until the next `restart`. */
  take(rows: number, columns: number): Matrix {
    requireWhole("Pass.take", "rows", rows, 0);
    requireWhole("Pass.take", "columns", columns, 0);
    return this.buffers.take(rows, columns);
  }

  /** Begins the next step: every matrix taken so far may be handed out again, and ways back from before are stale. */
  restart(): void {
    this.buffers.restart();
  }

  /** Gives all memory back to the engine. The pass may be used again; it begins anew. */
  free(): void {
    this.buffers.free();
  }

  /**
   * Ties a way back to this generation of buffers: what a layer returns beside its output.
   * @returns the same function; it throws StateError once the pass was restarted
   */
  wayBack<Slope, Result>(backward: (dOutput: Slope) => Result): (dOutput: Slope) => Result {
    const { buffers } = this;
    const { generation } = buffers;
    return (dOutput) => {
      if (buffers.generation === generation) return backward(dOutput);
      throw new StateError(
        "Pass: this way back belongs to an earlier step. The pass was restarted since, and what it remembers is " +
          "overwritten. Call it before `restart`, or run the forward pass again.",
      );
    };
  }
}

/** Buffers begin at multiples of so many numbers, where vector instructions like them. */
const ALIGNMENT = 4;
/** So many shapes are remembered at each place: a smaller last batch of an epoch, or lengths that take turns. */
const SHAPES = 4;

/** The memory of a pass: one block, and the matrices that look into it. */
class Buffers {
  generation = 0;
  private block: Matrix | undefined;
  /** What this generation took beside the block, because it was too small. */
  private readonly loose: Matrix[] = [];
  /** The matrices that were handed out, by their place in the order of asking. */
  private views: Matrix[][] = [];
  /** How many matrices, and how many numbers, this generation has asked for. */
  private taken = 0;
  private length = 0;

  constructor(private readonly engine: Engine) {}

  take(rows: number, columns: number): Matrix {
    const from = this.length;
    const place = this.taken++;
    this.length += Math.ceil((rows * columns) / ALIGNMENT) * ALIGNMENT;
    if (this.length === from) return new Matrix(rows, columns); // without an entry
    if (this.block === undefined || this.length > this.block.size) {
      const matrix = this.engine.allocate(rows, columns);
      this.loose.push(matrix);
      return matrix;
    }
    const { data } = this.block;
    const offset = data.byteOffset + from * data.BYTES_PER_ELEMENT;
    this.views[place] ??= [];
    const known = this.views[place];
    for (let k = 0; k < known.length; k++) {
      const view = known[k];
      if (view.rows === rows && view.columns === columns && view.data.byteOffset === offset) return view;
    }
    const view = new Matrix(rows, columns, data.subarray(from, from + rows * columns));
    if (known.length === SHAPES) known.shift();
    known.push(view);
    return view;
  }

  restart(): void {
    const wanted = this.length;
    const grow = wanted > (this.block?.size ?? 0);
    if (grow) this.free();
    this.begin();
    if (grow) this.block = this.engine.allocate(1, wanted);
  }

  free(): void {
    for (const matrix of this.loose) this.engine.free(matrix);
    if (this.block !== undefined) this.engine.free(this.block);
    this.loose.length = 0;
    this.block = undefined;
    this.views = [];
    this.begin();
  }

  private begin(): void {
    this.generation += 1;
    this.taken = 0;
    this.length = 0;
  }
}
