// How each notebook ran last time: how long, and from what. It lies beside the executed copies (.glassbox/executed for the
// course), so that the next run begins with the longest, and the tests need not execute what has not changed since.
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { notebooksFolder, root } from "./paths.mjs";
import { fingerprint } from "./stamp.mjs";

/**
 * @typedef {object} NotebookRun
 * @property {number} seconds
 * @property {number} messages that the kernel sent
 * @property {string} [madeFrom] a fingerprint of all that its executed copy hangs on (see `madeFrom`); left out where nobody asked
 */

const nameOfFile = ".runs.json";

/** @param {string} copies the folder of executed copies @returns {Record<string, NotebookRun>} by the notebook's file name */
export function lastRuns(copies) {
  try {
    const runs = Object.entries(JSON.parse(readFileSync(join(copies, nameOfFile), "utf8")));
    return Object.fromEntries(runs.filter(([, run]) => typeof run?.seconds === "number"));
  } catch {
    return {};
  }
}

/** @param {string} copies @param {Record<string, NotebookRun>} runs adds to, or replaces, what is remembered */
export function rememberRuns(copies, runs) {
  try {
    mkdirSync(copies, { recursive: true });
    const file = join(copies, nameOfFile);
    writeFileSync(`${file}.${process.pid}`, JSON.stringify({ ...lastRuns(copies), ...runs }));
    renameSync(`${file}.${process.pid}`, file);
  } catch {
    // It saves time next time; a folder that cannot be written does not stop the work.
  }
}

/** Before notebooks are executed anew: their copies are then no longer what is remembered. @param {string} copies @param {string[]} names */
export function forgetOrigins(copies, names) {
  const last = lastRuns(copies);
  const known = names.filter((name) => last[name]?.madeFrom !== undefined);
  if (known.length === 0) return;
  const without = known.map((name) => [name, { ...last[name], madeFrom: undefined }]);
  rememberRuns(copies, Object.fromEntries(without));
}

/**
 * What the executed copies of the course hang on: the notebook, the library, the kernel and what drives it, all packages,
 * Node and the machine. With the native reference, that is: with another one a notebook shows other digits.
 * @param {string[]} names of notebooks of the course
 * @returns {Record<string, string>} a fingerprint by file name
 */
export function madeFrom(names) {
  const python = ["execute.py", "notebook_file.py", "requirements.txt"].map((file) => `tools/python/${file}`);
  const all = ["src", "tools/kernel", ...python, "tsconfig.json", "tsconfig.base.json", "package-lock.json"];
  const common = fingerprint(
    all.map((path) => join(root, path)),
    [process.version, process.platform, process.arch],
  );
  return Object.fromEntries(
    names.map((name) => [name, fingerprint([join(notebooksFolder, name)], [common])]),
  );
}
