// npm start: set up, execute the notebooks in the kernel, write them as pages to site/.
import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { writeApiReference } from "../lib/api-reference.mjs";
import { describeFailure, executeNotebooks } from "../lib/execute.mjs";
import { allNotebooks, chooseNotebooks } from "../lib/notebooks.mjs";
import { executed, exporter, notebooksFolder, root, site, venvPython } from "../lib/paths.mjs";
import { Problem } from "../lib/problem.mjs";
import { progress } from "../lib/progress.mjs";
import { chooseReference, needKnownReference } from "../lib/reference.mjs";
import { replaceFolder } from "../lib/replace-folder.mjs";
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
  await step("Writing the pages", () => writeSite(copies, to, wishes.length === 0));
  const pages = readdirSync(to).filter((name) => name.endsWith(".html")).length;
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
 * Export every executed notebook to a fresh folder, then swap: a failed export leaves the old pages.
 * @param {string} copies the executed notebooks
 * @param {string} to
 * @param {boolean} whole all notebooks, not just some for a quick look
 */
async function writeSite(copies, to, whole) {
  // Beside its destination, so that the swap is a rename.
  const fresh = `${to}-${process.pid}`;
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { recursive: true });
  try {
    const args = [exporter, "--executed", copies, "--out", fresh];
    const { status, output, log } = await run("export", venvPython, args, {
      env: jupyterEnvironment(),
      cwd: root,
    });
    if (status !== 0) throw new Problem(`The export failed:\n${tail(output, 30)}\nAll of it: ${log}`);
    await writeApiReference(fresh, whole);
    replaceFolder(fresh, to);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}
