// The notebooks of the course: which there are, and which ones an argument like `05` means.
import { existsSync, readdirSync } from "node:fs";
import { notebooksFolder } from "./paths.mjs";
import { Problem } from "./problem.mjs";

/** File names of all notebooks, in the order of the course. @param {string} [folder] */
export function allNotebooks(folder = notebooksFolder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith(".ipynb"))
    .sort();
}

/**
 * The notebooks that the arguments mean: `05`, `5`, `05-backpropagation` and `notebooks/05-backpropagation.ipynb` are one.
 * @param {string[]} wishes none means all
 * @param {string[]} [names]
 */
export function chooseNotebooks(wishes, names = allNotebooks()) {
  if (wishes.length === 0) return names;
  const chosen = wishes.flatMap((wish) => {
    const stem = wish.replace(/^.*[\\/]/, "").replace(/\.ipynb$/, "");
    const number = /^\d$/.test(stem) ? `0${stem}` : stem;
    const found = names.filter((name) => name === `${stem}.ipynb` || name.startsWith(`${number}-`));
    if (found.length === 0) {
      const list = names.map((name) => `  ${name.replace(/\.ipynb$/, "")}`).join("\n");
      throw new Problem(`There is no notebook "${wish}". There are:\n${list || "  none yet"}`);
    }
    return found;
  });
  return names.filter((name) => chosen.includes(name));
}
