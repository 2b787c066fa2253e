// npm start: set up, execute the notebooks in the kernel, write them as pages to site/.
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { describeFailure, executeNotebooks } from "../lib/execute.mjs";
import { allNotebooks, chooseNotebooks } from "../lib/notebooks.mjs";
import { cache, executed, exporter, notebooksFolder, root, site, venvPython } from "../lib/paths.mjs";
import { Problem } from "../lib/problem.mjs";
import { progress } from "../lib/progress.mjs";
import { chooseReference } from "../lib/reference.mjs";
import { run, step, tail } from "../lib/run.mjs";
import { jupyterEnvironment, setup } from "../lib/setup.mjs";

const usage = "npm start [-- 05 08 …] [--reference node|wasm|cpu]";

/** @param {string[]} args */
export default async function main(args) {
  const { wishes, reference: wish } = readArguments(args);
  const notebooks = chooseNotebooks(wishes);
  await setup();
  const reference = chooseReference(wish);
  console.log(reference.line);

  const failure = await executeNotebooks(
    notebooks.map((name) => join(notebooksFolder, name)),
    { out: executed, env: reference.env, onEvent: progress() },
  );
  if (failure) throw new Problem(describeFailure(failure));

  await step("Writing the pages", writeSite);
  const pages = readdirSync(site).filter((name) => name.endsWith(".html")).length;
  console.log(`${pages} pages in ${site}. Open ${join(site, "index.html")}`);
}

/** @param {string[]} args */
function readArguments(args) {
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { reference: { type: "string" } },
    });
    return { wishes: positionals, reference: values.reference };
  } catch (error) {
    throw new Problem(`${/** @type {Error} */ (error).message}\nUsage: ${usage}`);
  }
}

/** Export every executed notebook to a folder beside site/, then swap: a failed export leaves the old pages. */
async function writeSite() {
  // A notebook that was renamed or removed leaves no page behind.
  const names = allNotebooks();
  for (const name of readdirSync(executed)) if (!names.includes(name)) rmSync(join(executed, name));

  const fresh = join(cache, `site-${process.pid}`);
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { recursive: true });
  try {
    const args = [exporter, "--executed", executed, "--out", fresh];
    const { status, output, log } = await run("export", venvPython, args, {
      env: jupyterEnvironment(),
      cwd: root,
    });
    if (status !== 0) throw new Problem(`The export failed:\n${tail(output, 30)}\nAll of it: ${log}`);
    const old = `${fresh}-old`;
    if (existsSync(site)) renameSync(site, old);
    renameSync(fresh, site);
    rmSync(old, { recursive: true, force: true });
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}
