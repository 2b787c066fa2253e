// Running notebooks through tools/python/execute.py, which does the work and reports it line by line.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { executeDriver, root, venvPython } from "./paths.mjs";
import { jupyterEnvironment } from "./setup.mjs";

/**
 * @typedef {{ event: "notebook", notebook: string, cells: number }} NotebookEvent
 * @typedef {{ event: "cell", notebook: string, cell: number, id: string }} CellEvent
 * @typedef {{ event: "done", notebook: string, seconds: number, messages: number }} DoneEvent
 * @typedef {{ event: "warning", notebook: string, message: string }} WarningEvent
 * @typedef {{ event: "failed", notebook: string, cell: number, id: string, source: string, error: string }} FailedEvent
 * @typedef {NotebookEvent | CellEvent | DoneEvent | WarningEvent | FailedEvent} ExecutionEvent
 */

/**
 * Execute notebooks in their kernels, in order. One that fails does not keep the others from running.
 * @param {string[]} notebooks paths
 * @param {object} options
 * @param {string} options.out folder for the executed copies
 * @param {NodeJS.ProcessEnv} [options.env] reaches the kernel
 * @param {(event: ExecutionEvent) => void} [options.onEvent]
 * @param {number} [options.timeout] seconds that one cell may take; 0: as long as it likes
 * @returns {Promise<FailedEvent[]>} the failures, one for each notebook that did not run to its end
 */
export async function executeNotebooks(notebooks, { out, env = {}, onEvent, timeout = 600 }) {
  const args = [executeDriver, "--out", out, "--timeout", String(timeout), ...notebooks];
  const child = spawn(venvPython, args, {
    cwd: root,
    env: { ...jupyterEnvironment(), ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const closed = new Promise((resolve) => child.on("close", resolve));
  // Whoever stops us stops the driver too, which then shuts the kernel down. Ctrl-C reaches it by itself.
  const stop = () => {
    child.kill("SIGTERM");
    process.exit(143);
  };
  process.once("SIGTERM", stop);
  let complaints = "";
  child.stderr.on("data", (chunk) => {
    complaints += chunk;
  });

  /** @type {FailedEvent[]} */
  const failures = [];
  for await (const line of createInterface({ input: child.stdout })) {
    /** @type {ExecutionEvent} */
    const event = JSON.parse(line);
    if (event.event === "failed") failures.push(event);
    onEvent?.(event);
  }
  const status = await closed;
  process.off("SIGTERM", stop);
  if (status !== 0 && failures.length === 0) {
    throw new Error(`The notebook driver ended unexpectedly:\n${complaints}`);
  }
  return failures;
}

/** A failure as a reader wants it: which cell, what it says, what went wrong. @param {FailedEvent} failure */
export function describeFailure({ notebook, cell, id, source, error }) {
  if (cell === 0) return error;
  const indented = source.replace(/^/gm, "    ");
  return `${notebook}, code cell ${cell} (id ${id}) failed.\n\n${indented}\n\n${error}`;
}
