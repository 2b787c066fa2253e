// npm start: set up, execute the notebooks in the kernel, write them as pages to site/.
import { readdirSync, rmSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { writeApiReference } from "../lib/api-reference.mjs";
import { areFindings, describeFailure, executeNotebooks } from "../lib/execute.mjs";
import { executedFolder } from "../lib/executed.mjs";
import { exportPages, pageOptions, readPageOptions } from "../lib/export-pages.mjs";
import { allNotebooks, chooseNotebooks } from "../lib/notebooks.mjs";
import { notebooksFolder, site } from "../lib/paths.mjs";
import { Finding, Problem } from "../lib/problem.mjs";
import { progress } from "../lib/progress.mjs";
import { needTarget, publish } from "../lib/publish.mjs";
import { chooseReference, needKnownReference } from "../lib/reference.mjs";
import { step } from "../lib/run.mjs";
import { madeFrom } from "../lib/runs.mjs";
import { setup } from "../lib/setup.mjs";

const usage =
  "npm start [-- 05 08 …] [--reference node|wasm|cpu] [--from FOLDER] [--to FOLDER] [--title TITLE] [--cell-timeout SECONDS] [--untrusted] [--static]";

/** @param {string[]} args */
export default async function main(args) {
  const { wishes, reference: wish, from, to, timeout, title, flags } = readArguments(args);
  const names = allNotebooks(from);
  const notebooks = chooseNotebooks(wishes, names);
  needKnownReference(wish);
  if (notebooks.length === 0) throw new Problem(`There are no notebooks in ${from}.`);
  // Before any work: a folder that is no place for pages.
  needTarget(to, { from, files: [...notebooks.map(pageOf), "index.html"] });
  await setup();
  const reference = await chooseReference(wish);
  console.log(reference.line);

  const copies = executedFolder(from);
  const origins = from === notebooksFolder && reference.name === "node" ? madeFrom(notebooks) : undefined;
  const failures = await executeNotebooks(
    notebooks.map((name) => join(from, name)),
    { out: copies, env: reference.env, onEvent: progress(), timeout, origins },
  );
  const complaints = failures.map(describeFailure);

  // A notebook that was renamed or removed leaves no page behind.
  for (const name of readdirSync(copies))
    if (!names.includes(name) && !name.startsWith(".")) rmSync(join(copies, name));
  // One that failed keeps the page of its last good run; the others get theirs.
  if (failures.length < notebooks.length) {
    // The map of the course names every notebook, also one that has no page yet.
    const map = from === notebooksFolder ? ["--course", from] : [];
    const options = [...map, "--sources", from, "--title", title, ...flags];
    const whole = wishes.length === 0;
    const { files, faults } = await step("Writing the pages", () =>
      writeSite(copies, { from, to, whole, names, options }),
    );
    complaints.push(...faults);
    const pages = files.filter((name) => /^[^/]+\.html$/.test(name)).length;
    console.log(`${pages} pages in ${to}. Open ${join(to, "index.html")}`);
  }
  if (complaints.length > 0) throw new (areFindings(failures) ? Finding : Problem)(complaints.join("\n"));
}

/** @param {string[]} args */
function readArguments(args) {
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        reference: { type: "string" },
        from: { type: "string" },
        to: { type: "string" },
        title: { type: "string" },
        ...pageOptions,
      },
    });
    const from = values.from ? resolve(values.from) : notebooksFolder;
    return {
      wishes: positionals,
      reference: values.reference,
      from,
      to: values.to ? resolve(values.to) : site,
      // A site has the name that its owner gives it, or that of the folder the notebooks are in.
      title: values.title ?? (from === notebooksFolder ? "Glassbox" : basename(from)),
      ...readPageOptions(values),
    };
  } catch (error) {
    if (error instanceof Problem) throw error;
    throw new Problem(`${/** @type {Error} */ (error).message.split(". ")[0]}.\nUsage: ${usage}`);
  }
}

/**
 * Export every executed notebook, then move the pages to their places: a failed export leaves the old ones.
 * @param {string} copies the executed notebooks
 * @param {{ from: string, to: string, whole: boolean, names: string[], options: string[] }} how `whole`: all notebooks,
 *   not just some for a quick look; `names`: the notebooks there are, whose pages stay where no new one is made; `options`:
 *   for the exporter
 * @returns {Promise<{ files: string[], faults: string[] }>} the files written, and what the pages could not show as it
 *   was meant, a line each
 */
async function writeSite(copies, { from, to, whole, names, options }) {
  const pages = names.map(pageOf);
  /** @type {string[]} */
  let faults = [];
  const make = async (/** @type {string} */ fresh) => {
    // At the same time, on a core each. Both have ended, well or not, before the folder may go.
    const ends = await Promise.allSettled([
      exportPages(copies, fresh, options),
      from === notebooksFolder && writeApiReference(fresh, whole),
    ]);
    const failed = ends.find((end) => end.status === "rejected");
    if (failed) throw failed.reason;
    if (ends[0].status === "fulfilled") faults = ends[0].value;
  };
  const files = await publish(to, make, { from, keep: (file) => pages.includes(file) });
  return { files, faults };
}

/** @param {string} notebook */
const pageOf = (notebook) => notebook.replace(/\.ipynb$/, ".html");
