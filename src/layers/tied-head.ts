/*
 * A tied head: the scores of all tokens, from the very table that the tokens came in by. A token's score is the dot
 * product of its own column with what the network made of the text: z = Eᵀ·h + b.
 *
 * E is used twice, so it gets two gradients, and they add: dE += h·dzᵀ here, and the columns of the embedding there. It
 * is one parameter all the same: stepped once, counted once, saved once.
 * @see Press & Wolf 2017, "Using the Output Embedding to Improve Language Models"
 */
import { type Backward, type Layer, NOTHING, type Parameter, Pass } from "../core/core";
import type { LayerEntry, LayerKind } from "../core/kind";
import type { ProductOptions } from "../numbers/engine";
import { describe, ValueError } from "../numbers/errors";
import { Matrix } from "../numbers/matrix";
import { anything, text } from "../numbers/options";
import { admit, enterFinite, leaveFinite, overflow, ownerOf, ownOrShared, requireFeatures } from "./door";
import { Embedding } from "./embedding";

const ADD_OUTER: ProductOptions = { add: true, turnRight: true };

export interface TiedHeadOptions {
  readonly name?: string;
  /** Given biases (vocabulary × 1), copied, or shared where they are a Parameter; zeros when left out. */
  readonly bias?: Matrix | Parameter;
}

/** Z = Eᵀ·H + b, with E (width × vocabulary) of the embedding, b (vocabulary × 1), H (width × m), Z (vocabulary × m). */
export class TiedHead implements Layer {
  readonly name: string;
  readonly embedding: Embedding;
  /** (vocabulary × 1) */
  readonly bias: Parameter;
  /** The embedding's weights, and the bias. */
  readonly parameters: readonly Parameter[];
  private readonly turnedPlusBias: ProductOptions;

  /** @param embedding whose table is used: E (width × vocabulary) */
  constructor(embedding: Embedding, options: TiedHeadOptions = {}) {
    this.name = admit("TiedHead", options, { name: text, bias: anything });
    if (!(embedding instanceof Embedding)) {
      throw new ValueError(
        `${ownerOf(this)}: expected the embedding to be tied to, got ${describe(embedding)}.`,
      );
    }
    this.embedding = embedding;
    const { vocabulary } = embedding;
    const { bias = new Matrix(vocabulary, 1) } = options;
    this.bias = ownOrShared(this, "bias", "vocabulary × 1", bias, [vocabulary, 1], { decays: false });
    this.parameters = [embedding.weights, this.bias];
    this.turnedPlusBias = { turnLeft: true, bias: this.bias.value };
  }

  outputRows(rows: number | undefined, examples?: number): number {
    requireFeatures(this, this.embedding.width, rows, examples);
    return this.embedding.vocabulary;
  }

  /** (width × m) → (vocabulary × m) */
  forward(input: Matrix, pass: Pass = new Pass()): readonly [Matrix, Backward] {
    enterFinite(this, input, pass);
    const { engine } = pass;
    const E = this.embedding.weights;
    const output = pass.take(this.embedding.vocabulary, input.columns);
    engine.product(E.value, input, output, this.turnedPlusBias); // Z = Eᵀ·H + b
    if (!engine.allFinite(output)) throw overflow(this);
    return leaveFinite(this, pass, output, (dZ) => {
      engine.sumColumns(dZ, this.bias.gradient, true); // db += Σ columns of dZ
      engine.product(input, dZ, E.gradient, ADD_OUTER); // dE += H·dZᵀ
      if (!pass.inputGradient) return NOTHING;
      const dInput = pass.take(input.rows, input.columns);
      engine.product(E.value, dZ, dInput); // dH = E·dZ
      return dInput;
    });
  }

  static readonly kind: LayerKind<TiedHead> = {
    title: "TiedHead",
    letter: "Z",
    // the embedding's matrix stands in the file once: where the embedding stands
    write: ({ embedding, bias }, inside) => ({ layers: [inside(embedding)], weights: { bias } }),
    read(entry: LayerEntry) {
      const [embedding] = entry.layers();
      entry.expect(embedding instanceof Embedding, "the embedding", embedding, "layers[0]");
      return new TiedHead(embedding, {
        name: entry.name,
        bias: entry.parameter("bias", embedding.vocabulary, 1),
      });
    },
    twin: ({ embedding, bias }, h, { tf, variable }) =>
      tf.add(tf.matMul(h, variable(embedding.weights), false, true), variable(bias)),
  };
}
