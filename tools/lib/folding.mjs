// Which cells a reader finds folded. The tags say it, for the pages; JupyterLab reads a flag of its own, which follows
// from them. `hide-input`: plumbing, whose output stays in sight. `solution`: code and output wait for a click.

/** @param {import("./cells.mjs").Cell} cell @returns {{ source_hidden: true, outputs_hidden?: true } | undefined} */
export function foldedInLab(cell) {
  const tags = cell.metadata.tags ?? [];
  if (tags.includes("solution") || tags.includes("hide-cell"))
    return { outputs_hidden: true, source_hidden: true };
  return tags.includes("hide-input") ? { source_hidden: true } : undefined;
}

/** Whether a reader sees the code of this cell without a click. @param {import("./cells.mjs").Cell} cell */
export const isOpen = (cell) => cell.cell_type === "code" && foldedInLab(cell) === undefined;

/** Set the flag that JupyterLab reads, and no other: what one reader folded is not kept. @param {import("./cells.mjs").Cell} cell */
export function foldInLab(cell) {
  const folded = foldedInLab(cell);
  delete cell.metadata.jupyter;
  if (folded) cell.metadata.jupyter = folded;
}

/** What is wrong with the folding of a cell. @param {import("./cells.mjs").Cell} cell @param {string} source @returns {string[]} */
export function foldingProblems(cell, source) {
  const folded = foldedInLab(cell);
  const problems = [];
  if (JSON.stringify(cell.metadata.jupyter) !== JSON.stringify(folded))
    problems.push("is not folded in JupyterLab as its tags say; npm run fix puts it right");
  if (folded && !/^\/\/ \S/.test(source))
    problems.push("is folded, and its first line is not a comment that says what is inside");
  return problems;
}
