// Executed notebooks become pages: what every command that writes pages does, and the options that each of them takes.
import { exporter, root, venvPython } from "./paths.mjs";
import { Problem } from "./problem.mjs";
import { run, tail } from "./run.mjs";
import { jupyterEnvironment } from "./setup.mjs";

/** The exporter's exit code when every page is written that could be, and something is wrong with one of them. */
const exportedWithFaults = 3;

/** For `parseArgs`. */
export const pageOptions = /** @type {const} */ ({
  "cell-timeout": { type: "string", default: "600" },
  untrusted: { type: "boolean" },
  static: { type: "boolean" },
});

/**
 * @param {{ "cell-timeout": string, untrusted?: boolean, static?: boolean }} values as `parseArgs` read them
 * @returns {{ timeout: number, flags: string[] }} seconds for each cell, and what the exporter is told
 */
export function readPageOptions(values) {
  const timeout = values["cell-timeout"];
  if (!/^\d{1,7}$/.test(timeout)) {
    throw new Problem(`--cell-timeout takes whole seconds (0: no limit), not "${timeout}".`);
  }
  const flags = [...(values.untrusted ? ["--untrusted"] : []), ...(values.static ? ["--static"] : [])];
  return { timeout: Number(timeout), flags };
}

/**
 * Writes a page for every executed notebook.
 * @param {string} executed their folder @param {string} out @param {string[]} options for the exporter
 * @returns {Promise<string[]>} what the pages cannot show as it was meant, a line each
 */
export async function exportPages(executed, out, options) {
  const args = [exporter, "--executed", executed, "--out", out, ...options];
  const { status, output, log } = await run("export", venvPython, args, {
    env: jupyterEnvironment(),
    cwd: root,
  });
  if (status !== 0 && status !== exportedWithFaults)
    throw new Problem(`The export failed:\n${tail(output, 30)}\nAll of it: ${log}`);
  return output.split("\n").filter((line) => line.startsWith("export: "));
}
