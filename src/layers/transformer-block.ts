/*
 * A block of a transformer: first the tokens look at each other (attention), then each thinks by itself (a feed-forward
 * layer), and what either finds is added to the token. The norm stands before each of the two, inside the branch, so that
 * the token itself passes by untouched; or, as in the first transformer, after each sum, where it stands in everybody's way.
 *
 *   before   X ← X + attention(norm(X))       X ← X + feedForward(norm(X))
 *   after    X ← norm(X + attention(X))       X ← norm(X + feedForward(X))
 */
import type { ActivationFunction } from "../activations/activation-function";
import { geluTanh } from "../activations/gelu-tanh";
import { requireLayer } from "../core/answers";
import type { AnyLayer } from "../core/core";
import type { LayerEntry, LayerKind } from "../core/kind";
import { type Initializer, normal } from "../initializers/initializers";
import { describe, requireWhole, ShapeError, ValueError } from "../numbers/errors";
import { aFunction, flag, numberIn, type OptionTable, oneOf, text, whole } from "../numbers/options";
import type { Ragged } from "../numbers/ragged";
import { drawnOrNot, type Random, requireRandom } from "../numbers/random";
import { Activation, requireActivation } from "./activation";
import { Dense } from "./dense";
import { admit } from "./door";
import { LayerNorm } from "./layer-norm";
import { Residual } from "./residual";
import { SelfAttention, type SelfAttentionOptions } from "./self-attention";
import { Sequential } from "./sequential";

export interface TransformerBlockOptions
  extends Pick<
    SelfAttentionOptions,
    "name" | "random" | "initializer" | "heads" | "causal" | "rotary" | "scale"
  > {
  /** Units of the feed-forward layer; four times the width when left out. */
  readonly hidden?: number;
  /** Between the two halves of the feed-forward layer; `geluTanh`, as in GPT-2, when left out. */
  readonly activation?: ActivationFunction;
  /** Where the norms stand; "before" when left out. */
  readonly norm?: "before" | "after";
  /** The norms' ε; 1e-5, as in GPT-2, when left out. */
  readonly epsilon?: number;
  /** Another layer in place of the attention. */
  readonly attention?: AnyLayer;
  /** Another layer in place of Dense, activation, Dense, such as a SwiGlu. */
  readonly feedForward?: AnyLayer;
  /** Others in place of the two LayerNorms. */
  readonly norms?: readonly [AnyLayer, AnyLayer];
}

const aLayer = (owner: string, what: string, value: unknown): void =>
  requireLayer(owner, `a layer as ${what}`, value);

/** For whoever takes some of these options, too. */
export const BLOCK_OPTIONS: OptionTable<TransformerBlockOptions> = {
  name: text,
  random: (owner, _what, value) => requireRandom(owner, value),
  initializer: aFunction("an initializer such as normal(0.02)"),
  heads: whole(1),
  causal: flag,
  rotary: flag,
  scale: numberIn({}),
  hidden: whole(1),
  activation: (owner, _what, value) => requireActivation(value, owner),
  norm: oneOf("before", "after"),
  epsilon: numberIn({ from: 0, openFrom: true }),
  attention: aLayer,
  feedForward: aLayer,
  norms(owner, what, value) {
    const two = Array.isArray(value) && value.length === 2;
    if (!two) throw new ShapeError(`${owner}: expected two layers as ${what}, got ${describe(value)}.`);
    for (const [i, layer] of value.entries()) aLayer(owner, `${what}[${i}]`, layer);
  },
};

/**
 * (width × tokens) → (width × tokens): a Sequential of the parts above.
 * @see Vaswani et al. 2017, "Attention Is All You Need"; Xiong et al. 2020, "On Layer Normalization in the Transformer
 *   Architecture", on where the norms stand
 */
export class TransformerBlock extends Sequential<Ragged, Ragged> {
  readonly width: number;
  readonly norm: "before" | "after";
  readonly attention: AnyLayer;
  readonly feedForward: AnyLayer;
  readonly norms: readonly [AnyLayer, AnyLayer];

  /** @param width features of a token */
  constructor(width: number, options: TransformerBlockOptions = {}) {
    const name = admit("TransformerBlock", options, BLOCK_OPTIONS);
    requireWhole(`TransformerBlock "${name}"`, "the width", width);
    requireOfUse(`TransformerBlock "${name}"`, options);
    const { norm = "before", epsilon = 1e-5 } = options;
    const {
      norms = [
        new LayerNorm(width, { name: `${name}.norm1`, epsilon }),
        new LayerNorm(width, { name: `${name}.norm2`, epsilon }),
      ],
    } = options;
    // parts of another width are told so now, before anything is drawn
    for (const part of [options.attention, options.feedForward, ...norms]) part?.outputRows?.(width);
    const [attention, feedForward] = drawnOrNot(options.random, () => [
      options.attention ?? attentionOf(width, name, options),
      options.feedForward ?? feedForwardOf(width, name, options),
    ]);
    super(
      norm === "before"
        ? [
            around([norms[0], attention], `${name}.around1`),
            around([norms[1], feedForward], `${name}.around2`),
          ]
        : [
            around([attention], `${name}.around1`),
            norms[0],
            around([feedForward], `${name}.around2`),
            norms[1],
          ],
      { name },
    );
    this.width = width;
    this.norm = norm;
    this.attention = attention;
    this.feedForward = feedForward;
    this.norms = norms;
    this.outputRows(width);
  }

  // biome-ignore lint/suspicious/noExplicitAny: a block takes sequences, and the kind of its base class is of one that takes matrices
  static override readonly kind: LayerKind<any> = {
    title: "TransformerBlock",
    letter: "X",
    write(layer, inside) {
      const { width, norm, attention, feedForward, norms } = layer as TransformerBlock;
      return {
        options: { width, norm },
        layers: [attention, feedForward, ...norms].map((part) => inside(part)),
      };
    },
    read(entry: LayerEntry) {
      const norm = entry.text("norm");
      entry.expect(norm === "before" || norm === "after", "before or after", norm, "options.norm");
      const layers = entry.layers();
      entry.expect(layers.length === 4, "attention, feed-forward and two norms", layers, "layers");
      const [attention, feedForward, ...norms] = layers;
      return new TransformerBlock(entry.number("width"), {
        name: entry.name,
        norm: norm as TransformerBlock["norm"],
        attention,
        feedForward,
        norms: norms as [AnyLayer, AnyLayer],
      });
    },
    twin: (layer, x, { apply }) =>
      (layer as TransformerBlock).layers.reduce((input, next) => apply(next, input), x),
  };
}

/** Which options say how a part is made. */
const MAKING = {
  attention: ["heads", "causal", "rotary", "scale"],
  feedForward: ["hidden", "activation"],
  norms: ["epsilon"],
} as const;

/** An option of a part that is given would be passed over in silence: it is refused. */
function requireOfUse(owner: string, options: TransformerBlockOptions): void {
  for (const part of ["attention", "feedForward", "norms"] as const) {
    if (options[part] === undefined) continue;
    for (const name of MAKING[part]) {
      const value = options[name];
      if (value === undefined) continue;
      throw new ValueError(
        `${owner}: expected no ${name} beside ${part}, which has its own, got ${describe(value)}.`,
      );
    }
  }
}

function around(layers: readonly AnyLayer[], name: string): AnyLayer {
  const [first] = layers;
  const inner =
    layers.length === 1 ? first : new Sequential<Ragged, Ragged>(layers, { name: `${name}.branch` });
  return new Residual<Ragged>(inner, { name });
}

function attentionOf(width: number, name: string, options: TransformerBlockOptions): AnyLayer {
  const { random, initializer, heads, causal, rotary, scale } = options;
  return new SelfAttention(width, {
    name: `${name}.attention`,
    random,
    initializer,
    heads,
    causal,
    rotary,
    scale,
  });
}

function feedForwardOf(width: number, name: string, options: TransformerBlockOptions): AnyLayer {
  const {
    random,
    initializer = normal(0.02) as Initializer,
    hidden = 4 * width,
    activation = geluTanh,
  } = options;
  return new Sequential(
    [
      new Dense(width, hidden, { name: `${name}.up`, random: random as Random, initializer }),
      new Activation(activation, { name: `${name}.activation` }),
      new Dense(hidden, width, { name: `${name}.down`, random: random as Random, initializer }),
    ],
    { name: `${name}.feedForward` },
  );
}
