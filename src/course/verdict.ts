/** What a checker found, and how it is said: as HTML in the notebook, as plain text elsewhere. */

import { escapeHtml } from "../notebook/markup";

export type Kind =
  | "right"
  /** The stub stands as it was. */
  | "not written"
  /** A cause, proved: see README.md. */
  | "slip"
  | "throws"
  | "returns nothing"
  /** Something else than what was asked for: a list for a matrix, a text for a number. */
  | "type"
  | "shape"
  | "changes its argument"
  /** Asked the same twice, it answers differently. */
  | "unsteady"
  | "not a number"
  /** Wrong, and no cause could be proved: the smallest case that differs is shown. */
  | "differs";

export interface Finding {
  readonly kind: Kind;
  /** The names of the causes that were proved. */
  readonly slips?: readonly string[];
  /** Sentences; names of code stand between backticks, and a line break begins a paragraph. */
  readonly message: string;
  /** A case with its numbers, aligned. */
  readonly shown?: string;
}

/** Carries a finding out of the middle of an examination. */
export class Verdict extends Error {
  constructor(readonly finding: Finding) {
    super(finding.message);
  }
}

const MARKS: Readonly<Partial<Record<Kind, readonly [mark: string, look: string]>>> = {
  right: ["✓", "right"],
  "not written": ["○", "open"],
};

/**
 * The verdict as a box. Hints stand folded below whatever is not right, each inside the one before, so that a reader takes no
 * more of them than needed.
 */
export function verdictHtml(name: string, finding: Finding, hints: readonly string[] = []): string {
  const [mark, look] = MARKS[finding.kind] ?? ["✗", "wrong"];
  const paragraphs = finding.message.split("\n").map(typeset);
  paragraphs[0] = `<strong>${mark} ${escapeHtml(name)}.</strong> ${paragraphs[0]}`;
  const body = paragraphs.map((paragraph) => `<p>${paragraph}</p>`).join("");
  const shown = finding.shown ? `<pre>${escapeHtml(finding.shown)}</pre>` : "";
  const folded = finding.kind === "right" ? "" : hintsHtml(hints);
  return `<div class="gb-verdict gb-verdict-${look}">${body}${shown}${folded}</div>`;
}

/** The verdict as plain text, without marks around the code. Hints are left out: nothing can be folded here. */
export function verdictText(name: string, finding: Finding): string {
  const [mark] = MARKS[finding.kind] ?? ["✗"];
  const lines = [`${mark} ${name}. ${finding.message.replaceAll("`", "")}`, finding.shown ?? ""];
  return lines.filter((line) => line !== "").join("\n");
}

function hintsHtml(hints: readonly string[]): string {
  return hints.reduceRight((inner, hint, k) => {
    const summary = k === 0 ? "a hint" : k === 1 ? "more" : "where exactly";
    return `<details class="gb-hint"><summary>${summary}</summary><p>${typeset(hint)}</p>${inner}</details>`;
  }, "");
}

/** Escaped, with what stands between backticks as code. */
function typeset(text: string): string {
  return escapeHtml(text).replace(/`([^`]+)`/g, "<code>$1</code>");
}
