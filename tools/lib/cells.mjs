// The code cells of the notebooks as TypeScript files, and the way back: from a line of such a file to its cell.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { notebooksFolder } from "./paths.mjs";

/**
 * @typedef {object} Cell as nbformat 4.5 has it
 * @property {string} cell_type
 * @property {string} [id]
 * @property {{ tags?: string[], varies?: string, jupyter?: { source_hidden?: boolean, outputs_hidden?: boolean }, "jp-MarkdownHeadingCollapsed"?: boolean }} metadata
 * @property {string | string[]} source
 * @property {unknown[]} [outputs]
 * @property {number | null} [execution_count]
 *
 * @typedef {{ cells: Cell[], metadata: Record<string, unknown>, nbformat: number, nbformat_minor: number }} Notebook
 *
 * @typedef {object} CodeCell
 * @property {string} notebook file name
 * @property {number} number among the code cells, from 1, as `npm start` counts them
 * @property {string} id
 * @property {string} source
 * @property {string[]} tags
 */

/** @param {string} name @param {string} [folder] @returns {Notebook} */
export function readNotebook(name, folder = notebooksFolder) {
  return JSON.parse(readFileSync(join(folder, name), "utf8"));
}

/** The layout in which notebooks are kept: what Jupyter itself writes, so that a saved notebook shows no noise. @param {Notebook} notebook */
export function formatNotebook(notebook) {
  return `${JSON.stringify(sortKeys(notebook), undefined, 1)}\n`;
}

/** Jupyter writes keys in alphabetical order. @param {unknown} value @returns {unknown} */
function sortKeys(value) {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sortKeys(inner)]));
}

/** @param {string} name @param {Notebook} notebook @param {string} [folder] */
export function writeNotebook(name, notebook, folder = notebooksFolder) {
  writeFileSync(join(folder, name), formatNotebook(notebook));
}

/** @param {Cell} cell */
export const sourceOf = (cell) => (Array.isArray(cell.source) ? cell.source.join("") : cell.source);

/** A source as nbformat keeps it: a list of lines, each with its end. @param {string} text */
export const toLines = (text) => text.split(/(?<=\n)/);

/** @param {string} name @param {Notebook} notebook @returns {CodeCell[]} the code cells that hold code */
export function codeCells(name, notebook) {
  return notebook.cells
    .filter((cell) => cell.cell_type === "code" && sourceOf(cell).trim() !== "")
    .map((cell, index) => ({
      notebook: name,
      number: index + 1,
      id: cell.id ?? "",
      source: sourceOf(cell),
      tags: cell.metadata.tags ?? [],
    }));
}

/** How a message names a place in a cell. @param {CodeCell} cell @param {number} line from 1 @param {number} [column] from 1 */
export function place(cell, line, column) {
  return `notebooks/${cell.notebook}, code cell ${cell.number} (id ${cell.id}), line ${line}${column ? `:${column}` : ""}`;
}

/**
 * A notebook as one module: its cells one after the other, as the kernel sees them.
 * @param {CodeCell[]} cells
 */
export function asModule(cells) {
  /** @type {{ cell: CodeCell, line: number }[]} the cell and line behind each line of the module */
  const origin = [];
  const lines = [];
  for (const cell of cells) {
    cell.source.split("\n").forEach((text, index) => {
      lines.push(text);
      origin.push({ cell, line: index + 1 });
    });
    // A cell may end without a semicolon, and the next one begin with a bracket.
    lines.push(";");
    origin.push({ cell, line: cell.source.split("\n").length });
  }
  return { text: `${lines.join("\n")}\nexport {};\n`, origin };
}
