/*
 * From scores to a next token. The softmax makes probabilities of the scores; three settings bend them before a token is
 * drawn. A temperature T divides the scores: below 1 the likely becomes likelier, above 1 all become alike, and at 0 the
 * best is certain. Top-k keeps the k best. Top-p keeps the fewest best whose probabilities reach p together. What is left
 * is scaled to sum to 1 again.
 */
import { requireWhole, ShapeError, ValueError } from "../numbers/errors";
import { Matrix, requireFinite, requireMatrix } from "../numbers/matrix";
import { numberIn, type OptionTable, requireOptions, whole } from "../numbers/options";
import { type Random, requireRandom } from "../numbers/random";

export interface DistributionOptions {
  /** 0 or more; 1 when left out. At 0 the token with the highest score is certain; of several, the first. */
  readonly temperature?: number;
  /** Only so many of the best may be drawn; all of them when left out. */
  readonly topK?: number;
  /** Only the fewest best that have this share together, in (0, 1]; all of them when left out. */
  readonly topP?: number;
}

export interface SampleOptions extends DistributionOptions {
  /** The seeded generator that is drawn from; one number a token, at a temperature of 0, too. */
  readonly random: Random;
}

/** For whoever takes these options among others. */
export const DISTRIBUTION_OPTIONS: OptionTable<DistributionOptions> = {
  temperature: numberIn({ from: 0 }),
  topK: whole(1),
  topP: numberIn({ from: 0, openFrom: true, to: 1 }),
};

const SAMPLE_OPTIONS: OptionTable<SampleOptions> = {
  ...DISTRIBUTION_OPTIONS,
  random: (owner, _what, value) => requireRandom(owner, value),
};

/**
 * What a token is drawn from: (vocabulary × m) scores → (vocabulary × m) probabilities, each column by itself.
 * @throws ValueError for NaN and ∞ among the scores, and for settings out of range
 */
export function distribution(logits: Matrix, options: DistributionOptions = {}): Matrix {
  requireScores("distribution", logits);
  requireOptions("distribution", options, DISTRIBUTION_OPTIONS);
  const { rows, columns } = logits;
  const result = new Matrix(rows, columns);
  for (let j = 0; j < columns; j++) bend(logits.column(j), options, result.column(j));
  return result;
}

/** One column of scores → one of probabilities. */
function bend(
  { data: z, rows }: Matrix,
  { temperature = 1, topK = rows, topP = 1 }: DistributionOptions,
  { data: p }: Matrix,
): void {
  const best = Array.from({ length: rows }, (_, i) => i).sort((a, b) => z[b] - z[a] || a - b);
  const largest = z[best[0]];
  // (z − largest)/T, and not z/T: the best stays at 0, however small T is
  const power = (i: number): number => (z[i] === largest ? 1 : Math.exp((z[i] - largest) / temperature));
  let kept = temperature === 0 ? 1 : Math.min(topK, rows);
  const mass = best.slice(0, kept).reduce((sum, i) => sum + power(i), 0);
  if (topP < 1) {
    let sum = 0;
    for (let k = 0; k < kept; k++) {
      sum += power(best[k]) / mass;
      if (sum >= topP) kept = k + 1;
    }
  }
  const rest = best.slice(0, kept).reduce((sum, i) => sum + power(i), 0);
  for (let k = 0; k < kept; k++) p[best[k]] = power(best[k]) / rest;
}

/**
 * Draws a token from the scores of one column, (vocabulary × 1).
 * @returns its id
 */
export function sample(logits: Matrix, options: SampleOptions): number {
  requireScores("sample", logits);
  if (logits.columns !== 1) {
    throw new ShapeError(`sample: expected the scores of one token, (vocabulary × 1), got ${logits.shape}.`);
  }
  requireOptions("sample", options, SAMPLE_OPTIONS, ["random"]);
  const { random, ...settings } = options;
  return drawFrom(distribution(logits, settings), random);
}

/** The id at which the running sum of the probabilities passes a number drawn from [0, 1). */
export function drawFrom({ data: p }: Matrix, random: Random): number {
  let left = random.rand();
  let last = 0;
  for (let i = 0; i < p.length; i++) {
    if (p[i] === 0) continue;
    last = i;
    left -= p[i];
    if (left < 0) return i;
  }
  return last; // the probabilities sum to 1 up to rounding
}

function requireScores(owner: string, logits: unknown): asserts logits is Matrix {
  requireMatrix(owner, logits, "the scores as a Matrix");
  requireWhole(owner, "the number of scores", logits.rows);
  if (logits.columns === 0)
    throw new ShapeError(`${owner}: expected at least one column of scores, got none.`);
  requireFinite(owner, "the scores", logits);
  let widest = 0; // the difference of two scores must be a number, too
  for (let k = 0; k < logits.size; k++) widest = Math.max(widest, Math.abs(logits.data[k]));
  if (widest < 1e300) return;
  throw new ValueError(`${owner}: expected scores below 1e300, got ${widest}.`);
}
