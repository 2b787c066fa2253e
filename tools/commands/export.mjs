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
import { describeFailure, executeNotebooks } from "../lib/execute.mjs";
import { passing, settled } from "../lib/interrupt.mjs";
import { canBeWritten, exporter, isPackage, root, venvPython } from "../lib/paths.mjs";
import { Problem } from "../lib/problem.mjs";
import { progress } from "../lib/progress.mjs";
import { chooseReference } from "../lib/reference.mjs";
import { run, step, tail } from "../lib/run.mjs";
import { withRunFolder } from "../lib/run-folder.mjs";
import { jupyterEnvironment, setup } from "../lib/setup.mjs";

const usage = "export NOTEBOOK.ipynb … [--to FOLDER] [--cell-timeout SECONDS] [--untrusted] [--static]";

/** By this a page is known for ours, and may be replaced. */
const mark = '<meta name="generator" content="Glassbox">';

/** The exporter's exit code when every page is written that could be, and something is wrong with one of them. */
const exportedWithFaults = 3;

/** @param {string[]} args */
export default async function main(args) {
  const { notebooks, to, timeout, flags } = readArguments(args);
  const plan = notebooks.map((notebook) => ({
    notebook,
    page: join(to ?? dirname(notebook), `${basename(notebook, ".ipynb")}.html`),
  }));
  for (const { notebook, page } of plan) needPlace(notebook, page);
  await setup();
  const reference = isPackage ? { env: {} } : await chooseReference(undefined);

  /** @type {string[]} */
  const complaints = [];
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
      if (failures.length > 0) continue;
      const faults = await step("Writing the page", () => write(executed, out, dirname(notebook), flags));
      complaints.push(...faults);
      place(join(out, basename(page)), page);
      console.log(page);
    }
  });
  if (complaints.length > 0) throw new Problem(complaints.join("\n"));
}

/** @param {string[]} args */
function readArguments(args) {
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        to: { type: "string" },
        "cell-timeout": { type: "string", default: "600" },
        untrusted: { type: "boolean" },
        static: { type: "boolean" },
      },
    });
    if (positionals.length === 0) throw new Error("No notebook is named.");
    if (!/^\d{1,7}$/.test(values["cell-timeout"])) {
      throw new Error(`--cell-timeout takes whole seconds (0: no limit), not "${values["cell-timeout"]}".`);
    }
    return {
      notebooks: positionals.map((path) => resolve(path)),
      to: values.to === undefined ? undefined : resolve(values.to),
      timeout: Number(values["cell-timeout"]),
      flags: [...(values.untrusted ? ["--untrusted"] : []), ...(values.static ? ["--static"] : [])],
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

/**
 * @param {string} executed @param {string} out @param {string} sources @param {string[]} flags
 * @returns {Promise<string[]>} what the page cannot show as it was meant
 */
async function write(executed, out, sources, flags) {
  mkdirSync(out, { recursive: true });
  const args = [
    exporter,
    "--executed",
    executed,
    "--out",
    out,
    "--sources",
    sources,
    "--title",
    "Notebook",
    ...flags,
  ];
  const { status, output, log } = await run("export", venvPython, args, {
    env: jupyterEnvironment(),
    cwd: root,
  });
  if (status !== 0 && status !== exportedWithFaults)
    throw new Problem(`The export failed:\n${tail(output, 30)}\nAll of it: ${log}`);
  return output.split("\n").filter((line) => line.startsWith("export: "));
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
