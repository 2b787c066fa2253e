/*
 * A GPT: tokens become columns, their places are added, blocks look and think, and a head says what may come next. It is a
 * Sequential of layers that are all in this folder; this file only puts them in their order.
 */

import { normal } from "../initializers/initializers";
import { ValueError } from "../numbers/errors";
import type { Ids } from "../numbers/ids";
import { flag, type OptionTable, requireOptions, whole } from "../numbers/options";
import type { Ragged } from "../numbers/ragged";
import { drawnOrNot, type Random, requireRandom } from "../numbers/random";
import { Dense } from "./dense";
import { Embedding } from "./embedding";
import { LayerNorm } from "./layer-norm";
import { LearnedPositions } from "./positions";
import { Sequential } from "./sequential";
import { TiedHead } from "./tied-head";
import { BLOCK_OPTIONS, TransformerBlock, type TransformerBlockOptions } from "./transformer-block";

export interface GptOptions
  extends Pick<
    TransformerBlockOptions,
    "heads" | "hidden" | "activation" | "norm" | "epsilon" | "scale" | "initializer"
  > {
  /** How many different tokens there are. */
  readonly vocabulary: number;
  /** Features of a token. */
  readonly width: number;
  /** How many blocks, one behind the other. */
  readonly blocks: number;
  /** The longest sequence. */
  readonly context: number;
  /** True, as when left out: the head scores with the columns that the tokens came in by. */
  readonly tied?: boolean;
  /** The seeded generator that the first weights are drawn from. */
  readonly random: Random;
}

const OPTIONS: OptionTable<GptOptions> = {
  vocabulary: whole(2),
  width: whole(1),
  blocks: whole(1, 1000),
  heads: whole(1),
  context: whole(1),
  hidden: BLOCK_OPTIONS.hidden,
  activation: BLOCK_OPTIONS.activation,
  norm: BLOCK_OPTIONS.norm,
  epsilon: BLOCK_OPTIONS.epsilon,
  scale: BLOCK_OPTIONS.scale,
  initializer: BLOCK_OPTIONS.initializer,
  tied: flag,
  random: (owner, _what, value) => requireRandom(owner, value),
};

/**
 * Sequences of token ids → the scores of what comes next, (vocabulary × tokens). With the norms before, one more stands in
 * front of the head.
 * @throws ValueError for heads that do not divide the width, and for options that are none
 * @see Radford et al. 2019, "Language Models are Unsupervised Multitask Learners"
 */
export function gpt(options: GptOptions): Sequential<Ragged<Ids>, Ragged> {
  requireOptions("gpt", options, OPTIONS, ["vocabulary", "width", "blocks", "context", "random"]);
  const { vocabulary, width, blocks, heads = 1, context, tied = true, random } = options;
  const { hidden, activation, norm = "before", epsilon = 1e-5, scale, initializer = normal(0.02) } = options;
  if (width % heads !== 0) {
    throw new ValueError(`gpt: expected heads that divide the width, ${width}, got ${heads}.`);
  }
  return drawnOrNot(random, () => {
    const embedding = new Embedding(vocabulary, width, { name: "tokens", random, initializer });
    const positions = new LearnedPositions(context, width, { name: "positions", random, initializer });
    const middle = Array.from(
      { length: blocks },
      (_, i) =>
        new TransformerBlock(width, {
          name: `block${i + 1}`,
          heads,
          hidden,
          activation,
          norm,
          epsilon,
          scale,
          random,
          initializer,
        }),
    );
    const last = norm === "before" ? [new LayerNorm(width, { name: "norm", epsilon })] : [];
    const head = tied
      ? new TiedHead(embedding, { name: "head" })
      : new Dense(width, vocabulary, { name: "head", random, initializer });
    return new Sequential<Ragged<Ids>, Ragged>([embedding, positions, ...middle, ...last, head], {
      name: "gpt",
    });
  });
}
