/*
 * An embedding: a table with one column a token, and the layer picks the columns of the tokens it is given. It is the
 * product of the table with one-hot columns, without the zeros.
 *
 * On the way back each token's slope is added to its own column. A token that occurs twice was used twice, so its two
 * slopes add up; a token that does not occur has none.
 */
import { type Backward, type Layer, type Parameter, Pass } from "../core/core";
import type { LayerKind } from "../core/kind";
import { type Initializer, normal } from "../initializers/initializers";
import { requireWhole, ShapeError } from "../numbers/errors";
import type { Ids } from "../numbers/ids";
import type { Matrix } from "../numbers/matrix";
import { aFunction, anything, type OptionTable, text } from "../numbers/options";
import { type Random, requireRandom } from "../numbers/random";
import { admit, enterIds, leaveFinite, ownerOf, ownOrShared } from "./door";

export interface EmbeddingOptions {
  readonly name?: string;
  /** The seeded generator that the first columns are drawn from. Needed unless `weights` are given. */
  readonly random?: Random;
  /** How to draw them; normal with a standard deviation of 0.02, as GPT-2 does, when left out. */
  readonly initializer?: Initializer;
  /** Given columns (width × vocabulary) instead: a Matrix is copied, another layer's Parameter is shared. */
  readonly weights?: Matrix | Parameter;
}

const OPTIONS: OptionTable<EmbeddingOptions> = {
  name: text,
  random: (owner, _what, value) => requireRandom(owner, value),
  initializer: aFunction("an initializer such as normal(0.02)"),
  weights: anything,
};

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
    this.name = admit("Embedding", options, OPTIONS);
    this.vocabulary = requireWhole(ownerOf(this), "the vocabulary", vocabulary);
    this.width = requireWhole(ownerOf(this), "the width", width);
    const weights = options.weights ?? this.draw(options);
    this.weights = ownOrShared(this, "weights", "width × vocabulary", weights, [width, vocabulary]);
    this.parameters = [this.weights];
  }

  private draw({ random, initializer = normal(0.02) }: EmbeddingOptions): Matrix {
    requireRandom(ownerOf(this), random);
    return initializer(this.width, this.vocabulary, random);
  }

  outputRows(rows: number | undefined): number {
    if (rows === undefined) return this.width;
    throw new ShapeError(`${ownerOf(this)}: expected token ids, got columns with ${rows} rows.`);
  }

  /** m ids → (width × m). @throws ValueError for an id outside the vocabulary */
  forward(input: Ids, pass: Pass = new Pass()): readonly [Matrix, Backward<Ids>] {
    enterIds(this, input, this.vocabulary, pass);
    const { data: ids, length: m } = input;
    const { width } = this;
    const output = pass.take(width, m);
    pass.engine.pickColumns(this.weights.value, ids, 0, m, output); // y = E[:, id]
    return leaveFinite(this, pass, output, (dOutput) => {
      const dE = this.weights.gradient.data;
      const dY = dOutput.data;
      for (let j = 0; j < m; j++) {
        const at = ids[j] * width;
        for (let i = 0; i < width; i++) dE[at + i] = dE[at + i] + dY[j * width + i]; // dE[:, id] += dy
      }
      return undefined; // ids have no slope
    });
  }

  static readonly kind: LayerKind<Embedding> = {
    title: "Embedding",
    letter: "E",
    write: ({ vocabulary, width, weights }) => ({ options: { vocabulary, width }, weights: { weights } }),
    read(entry) {
      const [vocabulary, width] = [entry.number("vocabulary"), entry.number("width")];
      const weights = entry.parameter("weights", width, vocabulary);
      return new Embedding(vocabulary, width, { name: entry.name, weights });
    },
    // picked by a product: the gradient of `gather` does not exist on the WebAssembly backend
    twin: ({ vocabulary, weights }, ids, { tf, variable }) =>
      tf.matMul(tf.oneHot(ids, vocabulary), variable(weights)),
  };
}
