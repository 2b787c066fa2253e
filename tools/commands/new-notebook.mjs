// npm run new:notebook -- 10 "A title" [--to FOLDER]: a notebook of the course's form, ready to be filled in.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { notebooksFolder, root } from "../lib/paths.mjs";
import { Problem } from "../lib/problem.mjs";

const usage = 'npm run new:notebook -- NUMBER "TITLE" [--to FOLDER]';
const template = join(root, "tools/templates/notebook.ipynb");

/** @param {string[]} args */
export default async function main(args) {
  const { values, positionals } = read(args);
  const [number = "", title = ""] = positionals;
  if (positionals.length !== 2 || !/^\d{1,3}$/.test(number) || title.trim() === "") {
    throw new Problem(`A number and a title are needed.\nUsage: ${usage}`);
  }
  const slug = title
    .toLowerCase()
    .normalize("NFKD")
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
  const folder = values.to === undefined ? notebooksFolder : resolve(values.to);
  const file = join(folder, `${number.padStart(2, "0")}-${slug || "notebook"}.ipynb`);
  if (existsSync(file)) throw new Problem(`${file} is there already. Nothing was written.`);
  mkdirSync(dirname(file), { recursive: true });
  // A title stands in JSON.
  const safe = JSON.stringify(title.trim()).slice(1, -1);
  const text = readFileSync(template, "utf8")
    .replaceAll("{{number}}", String(Number(number)))
    .replaceAll("{{title}}", () => safe);
  writeFileSync(file, text, { flag: "wx" });
  console.log(
    `${file}\nnpm run lab opens it; npm start -- ${number} makes its page; npm run fix clears its outputs.`,
  );
}

/** @param {string[]} args */
function read(args) {
  try {
    return parseArgs({ args, allowPositionals: true, options: { to: { type: "string" } } });
  } catch (error) {
    throw new Problem(`${/** @type {Error} */ (error).message.split(". ")[0]}.\nUsage: ${usage}`);
  }
}
