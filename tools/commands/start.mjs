// npm start: set up, execute the notebooks in the kernel, write them as pages to site/.
import { readdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { writeApiReference } from "../lib/api-reference.mjs";
import { describeFailure, executeNotebooks } from "../lib/execute.mjs";
import { allNotebooks, chooseNotebooks } from "../lib/notebooks.mjs";
import { executed, exporter, notebooksFolder, root, site, venvPython } from "../lib/paths.mjs";
import { Problem } from "../lib/problem.mjs";
import { progress } from "../lib/progress.mjs";
import { needTarget, publish } from "../lib/publish.mjs";
import { chooseReference, needKnownReference } from "../lib/reference.mjs";
import { run, step, tail } from "../lib/run.mjs";
import { jupyterEnvironment, setup } from "../lib/setup.mjs";
import { fingerprint } from "../lib/stamp.mjs";

const usage = "npm start [-- 05 08 …] [--reference node|wasm|cpu] [--from FOLDER] [--to FOLDER]";

/** @param {string[]} args */
export default async function main(args) {
  const { wishes, reference: wish, from, to } = readArguments(args);
  const names = allNotebooks(from);
  const notebooks = chooseNotebooks(wishes, names);
  needKnownReference(wish);
  if (notebooks.length === 0) throw new Problem(`There are no notebooks in ${from}.`);
  // Before any work: a folder that is no place for pages.
  needTarget(to, { from, files: [...notebooks.map(pageOf), "index.html"] });
  await setup();
  const reference = chooseReference(wish);
  console.log(reference.line);

  const copies = from === notebooksFolder ? executed : `${executed}-${fingerprint([], [from]).slice(0, 8)}`;
  const failure = await executeNotebooks(
    notebooks.map((name) => join(from, name)),
    { out: copies, env: reference.env, onEvent: progress() },
  );
  if (failure) throw new Problem(describeFailure(failure));

  // A notebook that was renamed or removed leaves no page behind.
  for (const name of readdirSync(copies)) if (!names.includes(name)) rmSync(join(copies, name));
  const whole = wishes.length === 0;
  const files = await step("Writing the pages", () => writeSite(copies, { from, to, whole, names }));
  const pages = files.filter((name) => /^[^/]+\.html$/.test(name)).length;
  console.log(`${pages} pages in ${to}. Open ${join(to, "index.html")}`);
}

/** @param {string[]} args */
function readArguments(args) {
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { reference: { type: "string" }, from: { type: "string" }, to: { type: "string" } },
    });
    return {
      wishes: positionals,
      reference: values.reference,
      from: values.from ? resolve(values.from) : notebooksFolder,
      to: values.to ? resolve(values.to) : site,
    };
  } catch (error) {
    throw new Problem(`${/** @type {Error} */ (error).message.split(". ")[0]}.\nUsage: ${usage}`);
  }
}

/**
 * Export every executed notebook, then move the pages to their places: a failed export leaves the old ones.
 * @param {string} copies the executed notebooks
 * @param {{ from: string, to: string, whole: boolean, names: string[] }} options `whole`: all notebooks, not just some for
 *   a quick look; `names`: the notebooks there are, whose pages stay in a run of some
 * @returns {Promise<string[]>} the files written
 */
function writeSite(copies, { from, to, whole, names }) {
  const pages = names.map(pageOf);
  const keep = (/** @type {string} */ file) => !whole && pages.includes(file);
  const make = async (/** @type {string} */ fresh) => {
    const args = [exporter, "--executed", copies, "--out", fresh];
    const { status, output, log } = await run("export", venvPython, args, {
      env: jupyterEnvironment(),
      cwd: root,
    });
    if (status !== 0) throw new Problem(`The export failed:\n${tail(output, 30)}\nAll of it: ${log}`);
    await writeApiReference(fresh, whole);
  };
  return publish(to, make, { from, keep });
}

/** @param {string} notebook */
const pageOf = (notebook) => notebook.replace(/\.ipynb$/, ".html");
