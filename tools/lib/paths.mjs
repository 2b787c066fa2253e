// Every place the tools know, in one list.
import { accessSync, constants, mkdirSync, statSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { shortHash } from "./short-hash.mjs";

export const root = fileURLToPath(new URL("../..", import.meta.url)).replace(/[\\/]$/, "");

const windows = process.platform === "win32";

/** Are we a package in somebody's node_modules, and not a checkout? Then all that we make lies outside of it. */
export const isPackage = basename(dirname(root)) === "node_modules";

export const nodeModules = isPackage ? dirname(root) : join(root, "node_modules");
export const notebooksFolder = join(root, "notebooks");
export const dist = join(root, "dist");

/** May files be made in this folder? @param {string} folder */
export function canBeWritten(folder) {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** A checkout may lie on a disk that nobody can write, or belong to somebody else. */
export const isCheckoutWritable = canBeWritten(root);

/** What the tools keep between runs: logs, executed notebooks, extracted cells. Safe to delete. */
export const cache = workingFolder();
/** Where pages go unless `--to` says otherwise. */
export const site = isCheckoutWritable ? join(root, "site") : join(cache, "site");

/** GLASSBOX_CACHE names it; else it is in the checkout, or, where that cannot be written, where programs keep such things. */
function workingFolder() {
  if (process.env.GLASSBOX_CACHE) return resolve(process.env.GLASSBOX_CACHE);
  if (isCheckoutWritable && !isPackage) return join(root, ".glassbox");
  const name = `glassbox-${shortHash(root)}`;
  const usual = process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache");
  const user = process.getuid?.() ?? "";
  const places = [join(usual, name), join(tmpdir(), `${name}-${user}`)];
  const writable = (/** @type {string} */ place) => {
    try {
      mkdirSync(place, { recursive: true, mode: 0o700 });
      // In a folder for everybody, somebody else may have been there first.
      return canBeWritten(place) && (user === "" || statSync(place).uid === user);
    } catch {
      return false;
    }
  };
  return places.find(writable) ?? /** @type {string} */ (places[0]);
}

/** What a set-up keeps while it works, on the disk of what it makes. */
export const setupFolder = isPackage ? cache : join(root, ".glassbox");
export const logs = join(cache, "logs");
/** Folders of commands that run right now: what a kernel is reached by, with its key, lies there. */
export const runs = join(cache, "runs");
export const executed = join(cache, "executed");

export const venv = isPackage ? join(cache, "venv") : join(root, ".venv");
export const venvPython = join(venv, windows ? "Scripts/python.exe" : "bin/python");
export const requirements = join(root, "tools/python/requirements.txt");
export const executeDriver = join(root, "tools/python/execute.py");
export const exporter = join(root, "tools/site/export.py");

export const typescriptCompiler = join(nodeModules, "typescript/lib/tsc.js");
export const tslab = join(nodeModules, "tslab/bin/tslab");
export const kernelPreload = join(root, "tools/kernel/preload.cjs");
export const tfjsNode = join(nodeModules, "@tensorflow/tfjs-node");
