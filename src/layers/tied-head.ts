/*
 * A tied head: the scores of all tokens, from the very table that the tokens came in by. A token's score is the dot
 * product of its own column with what the network made of the text: z = Eᵀ·h + b.
 *
 * E is used twice, so it gets two gradients, and they add: dE += h·dzᵀ here, and the columns of the embedding there. It
 * is one parameter all the same: stepped once, counted once, saved once.
 * @see Press & Wolf 2017, "Using the Output Embedding to Improve Language Models"
 */
import { type Backward, type Layer, NOTHING, type Parameter, Pass } from "../core/core";
import type { ProductOptions } from "../numbers/engine";
import { describe, ValueError } from "../numbers/errors";
import { Matrix, requireFinite } from "../numbers/matrix";
import {
  nameFrom,
  ownOrShared,
  requireFeatures,
  requireFiniteValues,
  requireInput,
  requireSlopes,
} from "./checks";
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
    this.name = nameFrom("TiedHead", options, "tied-head");
    if (!(embedding instanceof Embedding)) {
      throw new ValueError(
        `${this.owner}: expected the embedding to be tied to, got ${describe(embedding)}.`,
      );
    }
    this.embedding = embedding;
    const { vocabulary } = embedding;
    const given = options.bias ?? new Matrix(vocabulary, 1);
    this.bias = ownOrShared(
      this.owner,
      `${this.name}.bias`,
      "bias (vocabulary × 1)",
      given,
      [vocabulary, 1],
      {
        decays: false,
      },
    );
    this.parameters = [embedding.weights, this.bias];
    this.turnedPlusBias = { turnLeft: true, bias: this.bias.value };
  }

  private get owner(): string {
    return `TiedHead "${this.name}"`;
  }

  outputRows(rows: number | undefined, examples?: number): number {
    requireFeatures(this.owner, this.embedding.width, rows, examples);
    return this.embedding.vocabulary;
  }

  /** (width × m) → (vocabulary × m) */
  forward(input: Matrix, pass: Pass = new Pass()): readonly [Matrix, Backward] {
    requireInput(this.owner, input, pass);
    this.outputRows(input.rows, input.columns);
    requireFinite(this.owner, "the input", input);
    requireFiniteValues(this.owner, this.parameters);
    const { engine } = pass;
    const E = this.embedding.weights;
    const output = pass.take(this.embedding.vocabulary, input.columns);
    engine.product(E.value, input, output, this.turnedPlusBias); // Z = Eᵀ·H + b
    const backward: Backward = pass.wayBack((dZ) => {
      requireSlopes(this.owner, output, dZ);
      engine.sumColumns(dZ, this.bias.gradient, true); // db += Σ columns of dZ
      engine.product(input, dZ, E.gradient, ADD_OUTER); // dE += H·dZᵀ
      if (!pass.inputGradient) return NOTHING;
      const dInput = pass.take(input.rows, input.columns);
      engine.product(E.value, dZ, dInput); // dH = E·dZ
      return dInput;
    });
    return [output, backward];
  }
}
