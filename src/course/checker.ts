/** A checker: what a notebook calls with the reader's answer. It shows a verdict and never throws. */

import { screen } from "../notebook/kernel";
import { type Finding, verdictHtml } from "./verdict";

/** A checker: shows its verdict. */
export interface Checker<Answer> {
  (answer: Answer): void;
  /** The verdict itself, for tests. */
  examine(answer: Answer): Finding;
  readonly title: string;
  /** A nudge, then what, then where. */
  readonly hints: Hints;
  /** The mistakes it knows by name, each with an answer that has it where one can be made. */
  readonly slips: readonly KnownSlip<Answer>[];
}

export interface KnownSlip<Answer> {
  readonly name: string;
  readonly answer?: Answer;
}

export type Hints = readonly [nudge: string, what: string, where: string];

export function checker<Answer>(
  title: string,
  hints: Hints,
  slips: readonly KnownSlip<Answer>[],
  examine: (answer: Answer) => Finding,
): Checker<Answer> {
  const show = (answer: Answer): void =>
    screen().show("text/html", verdictHtml(title, examine(answer), hints));
  return Object.assign(show, { examine, title, hints, slips });
}
