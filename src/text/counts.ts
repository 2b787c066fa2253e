/*
 * The floor under every model of language: tables of counts. How often does each token occur, and how often each after
 * each? Divided by their sums the counts are probabilities, and these are the best ones for the text that was counted:
 * no table of this size has a lower loss on it. A network that looks back further has to stay below.
 */
import { describe, requireNumber, requireWhole, ShapeError, ValueError } from "../numbers/errors";
import { Ids } from "../numbers/ids";
import { Matrix, requireFinite, requireMatrix } from "../numbers/matrix";
import { numberIn, type OptionTable, requireOptions } from "../numbers/options";
import { Ragged } from "../numbers/ragged";

/** One text, or several whose ends are not neighbours. */
export type Tokens = Ids | Ragged<Ids>;

/** How often each token occurs: (vocabulary × 1). @throws ValueError for an id outside the vocabulary */
export function countUnigrams(tokens: Tokens, vocabulary: number): Matrix {
  const { ids } = read("countUnigrams", tokens, vocabulary);
  const counts = new Matrix(vocabulary, 1);
  for (let t = 0; t < ids.length; t++) counts.data[ids[t]] += 1;
  return counts;
}

/** How often each token comes after each: (next × before), so a column is what follows one token. */
export function countBigrams(tokens: Tokens, vocabulary: number): Matrix {
  const { ids, starts } = read("countBigrams", tokens, vocabulary);
  const counts = new Matrix(vocabulary, vocabulary);
  for (let s = 0; s + 1 < starts.length; s++) {
    for (let t = starts[s] + 1; t < starts[s + 1]; t++) counts.data[ids[t - 1] * vocabulary + ids[t]] += 1;
  }
  return counts;
}

export interface ProbabilityOptions {
  /** Added to every count, so that what was never seen is not impossible; 0 when left out. */
  readonly added?: number;
}

const OPTIONS: OptionTable<ProbabilityOptions> = { added: numberIn({ from: 0 }) };

/** Counts → probabilities, each column by itself. A column without any count says nothing: all entries alike. */
export function probabilities(counts: Matrix, options: ProbabilityOptions = {}): Matrix {
  requireMatrix("probabilities", counts, "counts as a Matrix");
  requireFinite("probabilities", "the counts", counts);
  requireOptions<ProbabilityOptions>("probabilities", options, OPTIONS);
  const { added = 0 } = options;
  const { rows, columns } = counts;
  const result = new Matrix(rows, columns);
  for (let j = 0; j < columns; j++) {
    let sum = 0;
    for (let i = 0; i < rows; i++) {
      const count = counts.data[j * rows + i];
      if (count < 0) throw new ValueError(`probabilities: expected counts of 0 or more, got ${count}.`);
      sum += count + added;
    }
    for (let i = 0; i < rows; i++) {
      result.data[j * rows + i] = sum === 0 ? 1 / rows : (counts.data[j * rows + i] + added) / sum;
    }
  }
  return result;
}

/**
 * How surprised a table is by a text, in nats a token: the mean of −ln p.
 * @param table probabilities of tokens (vocabulary × 1), or of tokens after a token (vocabulary × vocabulary); then only
 *   tokens that have one before them count
 * @returns ∞ when something occurs that the table calls impossible
 */
export function tableLoss(tokens: Tokens, table: Matrix): number {
  requireMatrix("tableLoss", table, "a table of probabilities as a Matrix");
  const { rows: vocabulary, columns } = table;
  if (columns !== 1 && columns !== vocabulary) {
    throw new ShapeError(
      `tableLoss: expected a table of ${vocabulary} × 1 or ${vocabulary} × ${vocabulary}, got ${table.shape}.`,
    );
  }
  const { ids, starts } = read("tableLoss", tokens, vocabulary);
  const looksBack = columns > 1;
  let sum = 0;
  let count = 0;
  for (let s = 0; s + 1 < starts.length; s++) {
    for (let t = starts[s] + (looksBack ? 1 : 0); t < starts[s + 1]; t++) {
      sum -= Math.log(table.data[(looksBack ? ids[t - 1] * vocabulary : 0) + ids[t]]);
      count += 1;
    }
  }
  if (count > 0) return sum / count;
  throw new ValueError("tableLoss: expected at least one token with another before it, got none.");
}

/** Entropy of probabilities in nats: Σ −p·ln p, where 0·ln 0 is 0. No table can be less surprised by what they produce. */
export function entropy(p: Matrix): number {
  requireMatrix("entropy", p, "probabilities as a Matrix");
  let sum = 0;
  for (const each of p.data) {
    requireNumber("entropy", "each probability", each, { from: 0, to: 1 });
    if (each > 0) sum -= each * Math.log(each);
  }
  return sum;
}

/** e^loss: among how many equally likely tokens a model with this loss is choosing, so to speak. */
export function perplexity(loss: number): number {
  return Math.exp(requireNumber("perplexity", "the loss", loss, { from: 0 }));
}

/** A loss in nats as bits: of one token, when it is a loss a token. */
export function bits(loss: number): number {
  return requireNumber("bits", "the loss", loss, { from: 0 }) / Math.LN2;
}

function read(
  owner: string,
  tokens: unknown,
  vocabulary: unknown,
): { ids: Int32Array; starts: ArrayLike<number> } {
  const limit = requireWhole(owner, "the vocabulary", vocabulary);
  const columns: unknown = tokens instanceof Ragged ? tokens.columns : tokens;
  if (!(columns instanceof Ids)) {
    throw new ValueError(`${owner}: expected token ids, as new Ids([…]), got ${describe(tokens)}.`);
  }
  const { data: ids } = columns;
  const stray = ids.findIndex((id) => id < 0 || id >= limit);
  if (stray >= 0) {
    throw new ValueError(
      `${owner}: expected ids from 0 to ${limit - 1}, got ${ids[stray]} at token ${stray}.`,
    );
  }
  return { ids, starts: tokens instanceof Ragged ? tokens.starts : [0, ids.length] };
}
