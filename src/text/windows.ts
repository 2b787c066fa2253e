/*
 * Batches of a long text. A network that says the next token at every place learns from a window of n + 1 tokens at n
 * places at once: its inputs are the first n, its targets the same moved by one.
 */
import { describe, requireWhole, ValueError } from "../numbers/errors";
import { Ids } from "../numbers/ids";
import { type OptionTable, requireOptions, whole } from "../numbers/options";
import { Ragged } from "../numbers/ragged";
import { type Random, requireRandom } from "../numbers/random";

/** Tokens, and at each place the token that comes next. */
export interface NextTokens {
  readonly inputs: Ragged<Ids>;
  readonly targets: Ragged<Ids>;
}

export interface WindowsOptions {
  /** How many tokens a window has. */
  readonly length: number;
  /** How many windows a batch has. */
  readonly sequences: number;
  /** Where windows begin is drawn from it. Left out: the text is cut into so many parts, and each is read from its beginning. */
  readonly random?: Random;
}

const OPTIONS: OptionTable<WindowsOptions> = {
  length: whole(1, 1_000_000),
  sequences: whole(1, 10_000),
  random: (owner, _what, value) => requireRandom(owner, value),
};

/** A batch of more tokens is a slip: no network here could take it. */
const MOST = 10_000_000;

/** Windows of a text, batch after batch, in buffers that are used again. */
export class Windows {
  readonly length: number;
  readonly sequences: number;
  /** True when the batch that `next` gave began at the beginning of the text's parts: states that are handed on end there. */
  begins = false;
  private readonly random: Random | undefined;
  private readonly batch: NextTokens;
  /** How many tokens of each part have been read. */
  private read = 0;
  private readonly part: number;

  /** @param ids the text as tokens; kept, not copied */
  constructor(
    private readonly ids: Ids,
    options: WindowsOptions,
  ) {
    if (!(ids instanceof Ids)) {
      throw new ValueError(`Windows: expected token ids, as new Ids([…]), got ${describe(ids)}.`);
    }
    requireOptions<WindowsOptions>("Windows", options, OPTIONS, ["length", "sequences"]);
    const { length, sequences, random } = options;
    this.length = length;
    this.sequences = sequences;
    this.random = random;
    this.part = random === undefined ? Math.floor((ids.length - 1) / sequences) : ids.length - 1;
    if (this.part < length) {
      throw new ValueError(
        `Windows: expected at least ${random === undefined ? sequences * length + 1 : length + 1} tokens, got ${ids.length}.`,
      );
    }
    if (length * sequences > MOST) {
      throw new ValueError(
        `Windows: expected at most ${MOST} tokens a batch, got ${sequences} windows of ${length}.`,
      );
    }
    const starts = Int32Array.from({ length: sequences + 1 }, (_, s) => s * length);
    const empty = (): Ragged<Ids> => new Ragged(Ids.over(new Int32Array(sequences * length)), starts);
    this.batch = { inputs: empty(), targets: empty() };
  }

  /** The next batch; valid until the one after it. */
  next(): NextTokens {
    const { ids, length, sequences, part, random } = this;
    const { inputs, targets } = this.batch;
    if (this.read + length > part) this.read = 0; // what is left of each part is too short for a window
    this.begins = random === undefined && this.read === 0;
    for (let s = 0; s < sequences; s++) {
      const from = random === undefined ? s * part + this.read : random.randint(0, ids.length - length);
      for (let t = 0; t < length; t++) {
        inputs.columns.data[s * length + t] = ids.data[from + t];
        targets.columns.data[s * length + t] = ids.data[from + t + 1];
      }
    }
    if (random === undefined) this.read += length;
    return this.batch;
  }
}

/**
 * Whole sequences as inputs and targets: each without its last token, and without its first.
 * @throws ValueError for a sequence of fewer than two tokens
 */
export function nextTokens(sequences: readonly Ids[]): NextTokens {
  if (!Array.isArray(sequences) || sequences.length === 0) {
    throw new ValueError(`nextTokens: expected an array of ids, at least one, got ${describe(sequences)}.`);
  }
  for (let s = 0; s < sequences.length; s++) {
    const one: unknown = sequences[s];
    if (!(one instanceof Ids))
      throw new ValueError(`nextTokens: expected ids at ${s}, got ${describe(one)}.`);
    requireWhole("nextTokens", `the number of tokens at ${s}`, one.length, 2);
  }
  const part = (from: number, to: number): Ragged<Ids> =>
    Ragged.of(sequences.map(({ data }) => Ids.over(data.subarray(from, data.length + to))));
  return { inputs: part(0, -1), targets: part(1, 0) };
}
