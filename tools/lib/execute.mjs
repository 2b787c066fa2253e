// Running notebooks through tools/python/execute.py, which does the work and reports it line by line. Several run at a
// time, each in a kernel of its own, those that take longest first.
import { spawn } from "node:child_process";
import { statSync } from "node:fs";
import { availableParallelism } from "node:os";
import { basename } from "node:path";
import { createInterface } from "node:readline";
import { Interrupted, untilEnd } from "./interrupt.mjs";
import { executeDriver, root, venvPython } from "./paths.mjs";
import { DiskFull, isFull, Problem } from "./problem.mjs";
import { withRunFolder } from "./run-folder.mjs";
import { forgetOrigins, lastRuns, rememberRuns } from "./runs.mjs";
import { jupyterEnvironment } from "./setup.mjs";

/**
 * @typedef {{ event: "notebook", notebook: string, cells: number }} NotebookEvent
 * @typedef {{ event: "cell", notebook: string, cell: number, id: string }} CellEvent
 * @typedef {{ event: "done", notebook: string, seconds: number, messages: number }} DoneEvent
 * @typedef {{ event: "warning", notebook: string, message: string }} WarningEvent
 * @typedef {{ event: "failed", notebook: string, cell: number, id: string, source: string, error: string }} FailedEvent
 * @typedef {NotebookEvent | CellEvent | DoneEvent | WarningEvent | FailedEvent} ExecutionEvent
 */

/** A kernel keeps one processor busy, and two of them a good gigabyte of memory. */
const AT_ONCE = Math.min(2, availableParallelism());

/**
 * Execute notebooks in their kernels. One that fails does not keep the others from running.
 * @param {string[]} notebooks paths
 * @param {object} options
 * @param {string} options.out folder for the executed copies
 * @param {NodeJS.ProcessEnv} [options.env] reaches the kernel
 * @param {(event: ExecutionEvent) => void} [options.onEvent]
 * @param {number} [options.timeout] seconds that one cell may take; 0: as long as it likes
 * @param {number} [options.atOnce] how many may run at a time
 * @param {Record<string, string>} [options.origins] what each is made from, to be remembered beside its copy (runs.mjs)
 * @returns {Promise<FailedEvent[]>} the failures, one for each notebook that did not run to its end, in the order given
 */
export async function executeNotebooks(
  notebooks,
  { out, env = {}, onEvent, timeout = 600, atOnce = AT_ONCE, origins = {} },
) {
  const names = notebooks.map((path) => basename(path));
  const waiting = heaviestFirst(notebooks, out);
  forgetOrigins(out, names);
  /** @type {FailedEvent[]} */
  const failures = [];
  const listen = (/** @type {ExecutionEvent} */ event) => {
    if (event.event === "failed") failures.push(event);
    if (event.event === "done") {
      const { notebook, seconds, messages } = event;
      rememberRuns(out, { [notebook]: { seconds, messages, madeFrom: origins[notebook] } });
    }
    onEvent?.(event);
  };
  const options = ["--out", out, "--timeout", String(timeout)];
  const ends = await withRunFolder("kernels", (connections) => {
    const drive = () => driver([...options, "--connections", connections], env, waiting, listen);
    return Promise.allSettled(Array.from({ length: Math.min(atOnce, notebooks.length) }, drive));
  });
  const broken = ends.filter((end) => end.status === "rejected").map(({ reason }) => reason);
  if (broken.length > 0) throw broken.find((error) => error instanceof Interrupted) ?? broken[0];
  return failures.sort((a, b) => names.indexOf(a.notebook) - names.indexOf(b.notebook));
}

/**
 * One driver, which is handed notebooks one by one until none is waiting.
 * @param {string[]} options
 * @param {NodeJS.ProcessEnv} env
 * @param {string[]} waiting
 * @param {(event: ExecutionEvent) => void} listen
 */
async function driver(options, env, waiting, listen) {
  const child = spawn(venvPython, [executeDriver, ...options], {
    cwd: root,
    env: { ...jupyterEnvironment(), ...env },
    stdio: ["pipe", "pipe", "pipe"],
  });
  let complaints = "";
  child.stderr.on("data", (chunk) => {
    complaints += chunk;
  });
  // A driver that died says so by its exit code; that nobody reads what we hand it is no news.
  child.stdin.on("error", () => {});
  let failed = false;
  const handOver = () => {
    const next = waiting.shift();
    if (next === undefined) child.stdin.end();
    else child.stdin.write(`${next}\n`);
  };
  // Ctrl-C ends the notebook that runs. No other is begun.
  const stop = () => waiting.splice(0);
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, stop);
  try {
    const end = untilEnd(child);
    handOver();
    for await (const line of createInterface({ input: child.stdout })) {
      /** @type {ExecutionEvent} */
      const event = JSON.parse(line);
      listen(event);
      if (event.event === "failed") failed = true;
      if (event.event === "failed" || event.event === "done") handOver();
    }
    const status = await end;
    if (status === 0 || failed) return;
    if (isFull(complaints)) throw new DiskFull();
    const told = /^execute: (.*)$/m.exec(complaints)?.[1];
    if (told) throw new Problem(told);
    throw new Error(`The notebook driver ended unexpectedly:\n${complaints}`);
  } finally {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.off(signal, stop);
  }
}

/** By the time they took, or, where one has never run, by their size. @param {string[]} notebooks @param {string} out */
function heaviestFirst(notebooks, out) {
  const last = lastRuns(out);
  const known = notebooks.every((path) => basename(path) in last);
  const weight = (/** @type {string} */ path) =>
    known ? (last[basename(path)]?.seconds ?? 0) : (statSync(path, { throwIfNoEntry: false })?.size ?? 0);
  return [...notebooks].sort((a, b) => weight(b) - weight(a));
}

/** Did a cell fail in each, and not the way to it? Then the notebooks are at fault. @param {FailedEvent[]} failures */
export const areFindings = (failures) => failures.every(({ cell }) => cell > 0);

/** A failure as a reader wants it: which cell, what it says, what went wrong. @param {FailedEvent} failure */
export function describeFailure({ notebook, cell, id, source, error }) {
  if (cell === 0) return error;
  const indented = source.replace(/^/gm, "    ");
  return `${notebook}, code cell ${cell} (id ${id}) failed.\n\n${indented}\n\n${error}`;
}
