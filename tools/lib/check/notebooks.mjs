// How a notebook is kept in the repository: no outputs, no counts, stable ids, one layout, folded as its tags say.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { formatNotebook, sourceOf } from "../cells.mjs";
import { foldingProblems } from "../folding.mjs";
import { allNotebooks } from "../notebooks.mjs";
import { notebooksFolder } from "../paths.mjs";
import { joinUnits } from "../units.mjs";

/** @param {string} [folder] @returns {string[]} */
export function checkNotebooks(folder = notebooksFolder) {
  return allNotebooks(folder).flatMap((name) => {
    const text = readFileSync(join(folder, name), "utf8");
    return checkNotebook(text).map((problem) => `notebooks/${name}: ${problem}`);
  });
}

/** @param {string} text of the file @returns {string[]} */
export function checkNotebook(text) {
  /** @type {import("../cells.mjs").Notebook} */
  let notebook;
  try {
    notebook = JSON.parse(text);
  } catch (error) {
    return [`is not JSON: ${/** @type {Error} */ (error).message}`];
  }
  const problems = [];
  const seen = new Set();
  const kernel = /** @type {{ name?: string } | undefined} */ (notebook.metadata.kernelspec)?.name;
  if (kernel !== "tslab") problems.push(`names the kernel "${kernel}", not "tslab"`);
  if (notebook.nbformat !== 4 || notebook.nbformat_minor < 5)
    problems.push("is not of nbformat 4.5, which has cell ids");

  notebook.cells.forEach((cell, index) => {
    const where = `cell ${index + 1}${cell.id ? ` (id ${cell.id})` : ""}`;
    if (!cell.id) problems.push(`${where} has no id`);
    else if (!/^[\w-]{1,64}$/.test(cell.id)) problems.push(`${where} has an id that nbformat does not allow`);
    else if (seen.has(cell.id)) problems.push(`${where} has the id of an earlier cell`);
    seen.add(cell.id);
    // A sentence, a heading or a formula has more; a stand-in that was never written has not.
    if (cell.cell_type === "markdown" && sourceOf(cell).trim().length < 12)
      problems.push(`${where} says nothing but "${sourceOf(cell).trim()}"`);
    if (cell.cell_type === "markdown" && joinUnits(sourceOf(cell)) !== sourceOf(cell))
      problems.push(`${where} lets a number and its unit part at the end of a line; npm run fix joins them`);
    if (cell.cell_type !== "code") return;
    for (const problem of foldingProblems(cell, sourceOf(cell))) problems.push(`${where} ${problem}`);
    if (!Array.isArray(cell.outputs)) problems.push(`${where} has no list of outputs`);
    else if (cell.outputs.length > 0) problems.push(`${where} carries outputs; npm run fix clears them`);
    if (cell.execution_count !== null)
      problems.push(`${where} carries an execution count; npm run fix clears it`);
  });
  if (problems.length === 0 && text !== formatNotebook(notebook)) {
    problems.push("is not in the layout that Jupyter writes; npm run fix puts it right");
  }
  return problems;
}
