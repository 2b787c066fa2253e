/*
 * Who may look at whom, as a table of ones and zeros: entry (u, t) is 1 where token t sees token u. Whatever the table is
 * for (a window of the last few tokens, sentences that are packed into one sequence, a piece of text that is not to be
 * read), one thing must hold: each token sees at least one, since the weights of a query sum to 1.
 */
import { describe, ShapeError, ValueError } from "../numbers/errors";
import { Matrix } from "../numbers/matrix";

/**
 * Throws unless `mask` is a square matrix of ones and zeros in which every token sees one at least.
 * @param causal whether later tokens are hidden besides
 */
export function requireMask(owner: string, mask: unknown, causal: boolean): asserts mask is Matrix {
  if (!(mask instanceof Matrix)) {
    throw new ValueError(
      `${owner}: expected the mask as a Matrix of ones and zeros, keys × queries, got ${describe(mask)}.`,
    );
  }
  if (mask.rows !== mask.columns || mask.size === 0) {
    throw new ShapeError(`${owner}: expected a mask of tokens × tokens, got ${mask.shape}.`);
  }
  const stray = mask.data.findIndex((entry) => entry !== 0 && entry !== 1);
  if (stray >= 0) {
    const [u, t] = [stray % mask.rows, Math.floor(stray / mask.rows)];
    throw new ValueError(
      `${owner}: expected 1 in the mask where a token is seen and 0 where it is hidden, got ${mask.data[stray]} ` +
        `for token ${t} looking at token ${u}.`,
    );
  }
  for (let t = 0; t < mask.columns; t++) {
    const first = firstSeen(mask, t);
    if (first < mask.rows && !(causal && first > t)) continue;
    const among = causal && first < mask.rows ? "none but later ones, which causal attention hides" : "none";
    throw new ValueError(
      `${owner}: expected a mask that lets each token see at least one, got one that lets token ${t} see ${among}.`,
    );
  }
}

/** The same for the sequences of an input: none is longer than the mask, and in a short one each token still sees one. */
export function requireSeen(owner: string, mask: Matrix, starts: Int32Array): void {
  for (let s = 0; s + 1 < starts.length; s++) {
    const length = starts[s + 1] - starts[s];
    requireRoom(owner, mask, length);
    for (let t = 0; t < length; t++) {
      if (firstSeen(mask, t) < length) continue;
      throw new ValueError(
        `${owner}: expected a mask that lets each token see at least one of its sequence, got one that lets token ${t} ` +
          `of sequence ${s}, which has ${length} ${length === 1 ? "token" : "tokens"}, see none.`,
      );
    }
  }
}

/** Throws for a sequence that is longer than the mask. */
export function requireRoom(owner: string, mask: Matrix, length: number): void {
  if (length <= mask.rows) return;
  throw new ShapeError(
    `${owner}: expected sequences of at most ${mask.rows} tokens, as many as the mask has, got one of ${length}.`,
  );
}

/** The first token that token t sees, by the mask alone; as many as there are when it sees none. */
function firstSeen({ rows, data }: Matrix, t: number): number {
  let u = 0;
  while (u < rows && data[t * rows + u] === 0) u++;
  return u;
}
