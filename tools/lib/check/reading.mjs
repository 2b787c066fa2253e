// How long a notebook takes, without its exercises and what is folded under a heading: 200 words and 25 open lines of
// code a minute.

import { sourceOf } from "../cells.mjs";
import { isOpen } from "../folding.mjs";

const WORDS_A_MINUTE = 200;
const LINES_A_MINUTE = 25;
/** A formula on a line of its own is read about as slowly as so many words. */
const WORDS_OF_A_FORMULA = 10;

/** @param {import("../cells.mjs").Notebook} notebook @returns {number} minutes */
export function readingMinutes(notebook) {
  let words = 0;
  let lines = 0;
  let exercises = false;
  /** The rank of the collapsed heading that the cell stands under, or 0. */
  let folded = 0;
  for (const cell of notebook.cells) {
    const source = sourceOf(cell);
    const rank = cell.cell_type === "markdown" ? (/^#+(?= )/.exec(source)?.[0].length ?? 0) : 0;
    if (rank > 0 && rank <= (folded || Infinity))
      folded = cell.metadata["jp-MarkdownHeadingCollapsed"] === true ? rank : 0;
    if (folded > 0) continue;
    if (cell.cell_type === "markdown" && /^## /m.test(source)) exercises = /^## Your turn/m.test(source);
    // What stands above "Your turn" in the same cell is still read.
    const [read] = cell.cell_type === "markdown" ? source.split(/^## Your turn/m) : [source];
    if (cell.cell_type === "markdown" && (!exercises || read !== source)) words += countWords(read);
    if (!exercises && isOpen(cell)) lines += source.split("\n").filter((line) => line.trim() !== "").length;
  }
  return words / WORDS_A_MINUTE + lines / LINES_A_MINUTE;
}

/** What the notebook itself says: "*About 12 minutes. …*". @param {import("../cells.mjs").Notebook} notebook */
export function statedMinutes(notebook) {
  const first = notebook.cells.find((cell) => cell.cell_type === "markdown");
  const found = first && /(\d+)\sminutes/.exec(sourceOf(first));
  return found ? Number(found[1]) : undefined;
}

/** @param {string} markdown */
export function countWords(markdown) {
  const display = markdown.match(/\$\$[\s\S]*?\$\$/g) ?? [];
  const text = markdown.replace(/\$\$[\s\S]*?\$\$/g, " ").replace(/\$[^$\n]+\$/g, "formula");
  return (text.match(/[\p{L}\p{N}][^\s|]*/gu) ?? []).length + WORDS_OF_A_FORMULA * display.length;
}
