/*
 * Writing: the network reads what is there, a token is drawn from what it expects next, and joins the text; and so on. A
 * network that keeps states (keys and values, or a hidden state) reads each token once; one without would read the whole
 * text again for each new one. Both say the same.
 */
import { requireLayer } from "../core/answers";
import { type Layer, Pass } from "../core/core";
import { refuseInterrupted } from "../core/interrupts";
import { weightChanges } from "../core/weights";
import { describe, StateError, ValueError } from "../numbers/errors";
import { Ids } from "../numbers/ids";
import { Matrix } from "../numbers/matrix";
import { flag, type OptionTable, requireOptions, whole } from "../numbers/options";
import { Ragged } from "../numbers/ragged";
import { requireRandom } from "../numbers/random";
import { DISTRIBUTION_OPTIONS, distribution, drawFrom, type SampleOptions } from "./sampling";

export interface GenerateOptions extends SampleOptions {
  /** How many tokens are written at most. */
  readonly tokens: number;
  /** A token that ends the text, such as the end of a line; it is written. None when left out. */
  readonly end?: number;
  /** The network sees only so many tokens at a time, the last ones; all of them when left out. */
  readonly context?: number;
  /** False: the whole text is read again for each token. True when left out: states are kept. */
  readonly cache?: boolean;
}

const OPTIONS: OptionTable<GenerateOptions> = {
  ...DISTRIBUTION_OPTIONS,
  random: (owner, _what, value) => requireRandom(owner, value),
  tokens: whole(0),
  end: whole(0),
  context: whole(1),
  cache: flag,
};

/** A token as it was written, with what it was drawn from. */
export interface Written {
  readonly id: number;
  /** (vocabulary × 1): the probabilities, after temperature, top-k and top-p. */
  readonly distribution: Matrix;
  /** (vocabulary × 1): the scores before them. */
  readonly logits: Matrix;
}

/** A network that reads token ids and scores what comes next, such as `gpt` makes. */
export type Writer = Layer<Ragged<Ids>, Ragged>;

/**
 * Writes on from a prompt, and returns the new tokens.
 * @param network sequences of ids → scores, (vocabulary × tokens)
 * @param prompt at least one token
 * @throws ValueError for a prompt without a token, ids that the network does not know, and settings out of range
 */
export function generate(network: Writer, prompt: Ids, options: GenerateOptions): Ids {
  return new Ids([...writing(network, prompt, options, "generate")].map(({ id }) => id));
}

/** The same, token by token: for (const { id } of generating(network, prompt, { … })). */
export function generating(network: Writer, prompt: Ids, options: GenerateOptions): Generator<Written, void> {
  return writing(network, prompt, options, "generating");
}

function writing(
  network: Writer,
  prompt: Ids,
  options: GenerateOptions,
  owner: string,
): Generator<Written, void> {
  requireLayer(owner, "a network", network);
  if (!(prompt instanceof Ids)) {
    throw new ValueError(
      `${owner}: expected a prompt of token ids, as new Ids([…]), got ${describe(prompt)}.`,
    );
  }
  if (prompt.length === 0)
    throw new ValueError(`${owner}: expected a prompt of at least one token, got none.`);
  requireOptions(owner, options, OPTIONS, ["random", "tokens"]);
  if (options.cache !== false && (network.start === undefined || network.next === undefined)) {
    throw new StateError(`${owner}: expected a network with start and next, or { cache: false }.`);
  }
  return write(network, prompt, options, owner);
}

function* write(
  network: Writer,
  prompt: Ids,
  { random, tokens, end, context = Number.MAX_SAFE_INTEGER, cache = true, ...settings }: GenerateOptions,
  owner: string,
): Generator<Written, void> {
  const text = [...prompt.data];
  const pass = new Pass();
  let state: unknown;
  let unread = 0; // tokens that the state has not seen
  let changes = weightChanges();
  for (let written = 0; written < tokens; written++) {
    refuseInterrupted(owner);
    pass.restart();
    // Where the first token falls out of sight, everything that was computed with it is of no use any more.
    const slides = text.length > context;
    // A state that other weights have left is of no use either: the network may have been trained since.
    if (changes !== weightChanges()) state = undefined;
    changes = weightChanges();
    let scores: Matrix;
    if (cache && !slides) {
      if (state === undefined) {
        state = network.start?.();
        unread = text.length;
      }
      scores = network.next?.(new Ids(text.slice(text.length - unread)), state, pass) as Matrix;
    } else {
      const seen = Ragged.of([new Ids(text.slice(Math.max(0, text.length - context)))]);
      scores = network.forward(seen, pass)[0].columns;
    }
    unread = 1;
    if (written === 0) requireEnd(owner, end, scores.rows);
    const logits = Matrix.column(scores.column(scores.columns - 1).data);
    const chances = distribution(logits, settings);
    const id = drawFrom(chances, random);
    text.push(id);
    yield { id, distribution: chances, logits };
    if (id === end) return;
  }
}

/** An end that the network cannot write would never come. */
function requireEnd(owner: string, end: number | undefined, vocabulary: number): void {
  if (end === undefined || end < vocabulary) return;
  throw new ValueError(`${owner}: expected an end from 0 to ${vocabulary - 1}, got ${end}.`);
}
