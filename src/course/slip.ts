/** Mistakes that can be foreseen, and the three ways to prove that a reader has made one. */

import type { Case } from "./case";
import type { Allowance } from "./compare";

/**
 * A mistake that can be foreseen. It is named only where it is proved: in all cases, not in one. Its words must be true of
 * everybody who gives this answer.
 */
export type Slip<A extends readonly unknown[]> = Imitated<A> | Undone<A> | Fitted<A>;

/** Proved where the reader's answer is the one that the slip leads to. */
export interface Imitated<A extends readonly unknown[]> {
  /** For the tests, and to tell slips apart: "no 1/m". */
  readonly name: string;
  readonly words: string;
  /** What one gets by it. Of an answer with several parts, those left out are the right ones. */
  readonly gives: (...inputs: A) => unknown;
  /** The part that the words speak of, where the slip shows in others as well: it may then be proved for this part alone. */
  readonly about?: string;
}

/** Proved where the reader's answer, undone, is right. */
export interface Undone<A extends readonly unknown[]> {
  readonly name: string;
  readonly words: string;
  readonly undo: (answer: never, ...inputs: A) => unknown;
}

/** Reads a number off the reader's answer and says what would follow from it; proved as {@link Imitated} is. */
export interface Fitted<A extends readonly unknown[]> {
  readonly name: string;
  readonly fit: (answer: (...inputs: A) => unknown) => Omit<Imitated<A>, "name">;
}

/** What an answer is judged by. */
export interface Examination<A extends readonly unknown[]> {
  readonly name: string;
  /** The names of the arguments. */
  readonly given: readonly string[];
  readonly cases: readonly Case<A>[];
  /** Tried as well, and spoken of last: where a formula that is right on paper fails. */
  readonly extremes: readonly Case<A>[];
  readonly reference: (...inputs: A) => unknown;
  readonly slips: readonly Slip<A>[];
  readonly allowance: Allowance;
  /** The number of examples of a case, where that means something. */
  readonly examples?: (...inputs: A) => number;
  /** What to say when it is right, behind the count of the cases. */
  readonly praise?: string;
  /** What the values mean, where they are not what the reader returns. */
  readonly answers?: string;
}
