/*
 * An embedding: a table with one column a token, and the layer picks the columns of the tokens it is given. It is the
 * product of the table with one-hot columns, without the zeros.
 *
 * On the way back each token's slope is added to its own column. A token that occurs twice was used twice, so its two
 * slopes add up; a token that does not occur has none.
 */
import { type Backward, type Layer, type Parameter, Pass } from "../core/core";
import { type Initializer, normal } from "../initializers/initializers";
import { describe, requireWhole, ShapeError, ValueError } from "../numbers/errors";
import { Ids } from "../numbers/ids";
import type { Matrix } from "../numbers/matrix";
import { type Random, requireRandom } from "../numbers/random";
import { nameFrom, ownOrShared, requireFiniteValues, requirePass, requireSlopes } from "./checks";

export interface EmbeddingOptions {
  readonly name?: string;
  /** The seeded generator that the first columns are drawn from. Needed unless `weights` are given. */
  readonly random?: Random;
  /** How to draw them; normal with a standard deviation of 0.02, as GPT-2 does, when left out. */
  readonly initializer?: Initializer;
  /** Given columns (width × vocabulary) instead: a Matrix is copied, another layer's Parameter is shared. */
  readonly weights?: Matrix | Parameter;
}

/** Token ids → columns of E (width × vocabulary), one a token. */
export class Embedding implements Layer<Ids, Matrix> {
  readonly name: string;
  readonly vocabulary: number;
  readonly width: number;
  /** (width × vocabulary): one column a token */
  readonly weights: Parameter;
  readonly parameters: readonly Parameter[];

  /**
   * @param vocabulary how many different tokens there are: their ids are 0 to vocabulary − 1
   * @param width how many numbers stand for each
   */
  constructor(vocabulary: number, width: number, options: EmbeddingOptions = {}) {
    this.name = nameFrom("Embedding", options, "embedding");
    this.vocabulary = requireWhole(this.owner, "the vocabulary", vocabulary);
    this.width = requireWhole(this.owner, "the width", width);
    const first = options.weights ?? this.draw(options);
    const what = "weights (width × vocabulary)";
    this.weights = ownOrShared(this.owner, `${this.name}.weights`, what, first, [width, vocabulary]);
    this.parameters = [this.weights];
  }

  private get owner(): string {
    return `Embedding "${this.name}"`;
  }

  private draw({ random, initializer = normal(0.02) }: EmbeddingOptions): Matrix {
    requireRandom(this.owner, random);
    return initializer(this.width, this.vocabulary, random);
  }

  outputRows(rows: number | undefined): number {
    if (rows === undefined) return this.width;
    throw new ShapeError(`${this.owner}: expected token ids, got columns with ${rows} rows.`);
  }

  /** m ids → (width × m). @throws ValueError for an id outside the vocabulary */
  forward(input: Ids, pass: Pass = new Pass()): readonly [Matrix, Backward<Ids>] {
    this.check(input, pass);
    const { data: ids, length: m } = input;
    const output = pass.take(this.width, m);
    pass.engine.pickColumns(this.weights.value, ids, 0, m, output); // y = E[:, id]
    const backward: Backward<Ids> = pass.wayBack((dOutput) => {
      requireSlopes(this.owner, output, dOutput);
      const { width } = this;
      const dE = this.weights.gradient.data;
      const dY = dOutput.data;
      for (let j = 0; j < m; j++) {
        for (let i = 0; i < width; i++) dE[ids[j] * width + i] = dE[ids[j] * width + i] + dY[j * width + i]; // dE[:, id] += dy
      }
      return undefined; // ids have no slope
    });
    return [output, backward];
  }

  private check(input: unknown, pass: unknown): asserts input is Ids {
    if (!(input instanceof Ids)) {
      throw new ValueError(`${this.owner}: expected token ids, as new Ids([…]), got ${describe(input)}.`);
    }
    if (input.length === 0) throw new ShapeError(`${this.owner}: expected at least one token, got none.`);
    requirePass(this.owner, pass);
    const stray = input.data.findIndex((id) => id < 0 || id >= this.vocabulary);
    if (stray >= 0) {
      throw new ValueError(
        `${this.owner}: expected ids from 0 to ${this.vocabulary - 1}, got ${input.data[stray]} at token ${stray}.`,
      );
    }
    requireFiniteValues(this.owner, this.parameters);
  }
}
