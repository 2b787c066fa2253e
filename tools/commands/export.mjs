// npm run export -- my.ipynb …: executes notebooks, wherever they lie, and writes each as one page beside it, or into --to.
// The only command that there is in the package, too.
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { areFindings, describeFailure, executeNotebooks } from "../lib/execute.mjs";
import { exportPages, pageOptions, readPageOptions } from "../lib/export-pages.mjs";
import { passing, settled } from "../lib/interrupt.mjs";
import { canBeWritten, isPackage } from "../lib/paths.mjs";
import { Finding, Problem } from "../lib/problem.mjs";
import { progress } from "../lib/progress.mjs";
import { chooseReference } from "../lib/reference.mjs";
import { step } from "../lib/run.mjs";
import { withRunFolder } from "../lib/run-folder.mjs";
import { setup } from "../lib/setup.mjs";

const usage = "export NOTEBOOK.ipynb … [--to FOLDER] [--cell-timeout SECONDS] [--untrusted] [--static]";

/** By this a page is known for ours, and may be replaced. */
const mark = '<meta name="generator" content="Glassbox">';

/** @param {string[]} args */
export default async function main(args) {
  const { notebooks, to, timeout, flags } = readArguments(args);
  const plan = notebooks.map((notebook) => ({
    notebook,
    page: join(to ?? dirname(notebook), `${basename(notebook, ".ipynb")}.html`),
  }));
  for (const { notebook, page } of plan) needPlace(notebook, page);
  await setup();
  const reference = isPackage ? { env: {} } : await chooseReference();

  /** @type {string[]} */
  const complaints = [];
  let found = true;
  await withRunFolder("export", async (folder) => {
    for (const [index, { notebook, page }] of plan.entries()) {
      const [executed, out] = [join(folder, `executed-${index}`), join(folder, `page-${index}`)];
      const failures = await executeNotebooks([notebook], {
        out: executed,
        env: reference.env,
        onEvent: progress(),
        timeout,
      });
      complaints.push(...failures.map(describeFailure));
      found &&= areFindings(failures);
      if (failures.length > 0) continue;
      mkdirSync(out, { recursive: true });
      const options = ["--sources", dirname(notebook), "--title", "Notebook", ...flags];
      const faults = await step("Writing the page", () => exportPages(executed, out, options));
      complaints.push(...faults);
      place(join(out, basename(page)), page);
      console.log(page);
    }
  });
  if (complaints.length > 0) throw new (found ? Finding : Problem)(complaints.join("\n"));
}

/** @param {string[]} args */
function readArguments(args) {
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        to: { type: "string" },
        ...pageOptions,
      },
    });
    if (positionals.length === 0) throw new Error("No notebook is named.");
    return {
      notebooks: positionals.map((path) => resolve(path)),
      to: values.to === undefined ? undefined : resolve(values.to),
      ...readPageOptions(values),
    };
  } catch (error) {
    throw new Problem(`${/** @type {Error} */ (error).message.split(". ")[0]}\nUsage: ${usage}`);
  }
}

/** Before any work: a notebook that is there, and a place for its page that takes nothing from anybody. @param {string} notebook @param {string} page */
function needPlace(notebook, page) {
  if (!notebook.endsWith(".ipynb") || !existsSync(notebook))
    throw new Problem(`There is no notebook ${notebook}.`);
  if (existsSync(page) && !isOurs(page)) {
    throw new Problem(
      `${page} is there already, and Glassbox did not write it. Nothing was done. Name another folder: --to.`,
    );
  }
  let folder = dirname(page);
  while (!existsSync(folder)) folder = dirname(folder);
  if (!canBeWritten(folder))
    throw new Problem(`${folder} cannot be written. Nothing was done. Name another folder: --to.`);
}

/** @param {string} page */
function isOurs(page) {
  const start = Buffer.alloc(4096);
  const file = openSync(page, "r");
  try {
    return start.toString("utf8", 0, readSync(file, start)).includes(mark);
  } finally {
    closeSync(file);
  }
}

/** Beside its place, then there at once. @param {string} made @param {string} page */
function place(made, page) {
  if (!existsSync(made)) return; // The exporter has said why.
  const partial = `${page}.${process.pid}`;
  mkdirSync(dirname(page), { recursive: true });
  passing(partial);
  writeFileSync(partial, readFileSync(made));
  renameSync(partial, page);
  settled(partial);
}
