// A folder that lives as long as a command: for what nobody else is to read, such as how a kernel is reached, with its key.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { passing } from "./interrupt.mjs";
import { runs } from "./paths.mjs";
import { remove, sweep } from "./setup/fresh.mjs";

/**
 * Do something with a folder that is gone afterwards, whatever ends it.
 * @template T
 * @param {string} name
 * @param {(folder: string) => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withRunFolder(name, work) {
  mkdirSync(runs, { recursive: true, mode: 0o700 });
  const folder = join(runs, `${name}-${process.pid}`);
  mkdirSync(folder, { mode: 0o700, recursive: true });
  passing(folder);
  try {
    return await work(folder);
  } finally {
    remove(folder);
  }
}

/** What commands that were killed left behind. */
export const sweepRuns = () => sweep(runs);
