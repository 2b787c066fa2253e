// Every place the tools know, in one list.
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../..", import.meta.url)).replace(/[\\/]$/, "");

const windows = process.platform === "win32";

export const nodeModules = join(root, "node_modules");
export const notebooksFolder = join(root, "notebooks");
export const dist = join(root, "dist");
export const site = join(root, "site");

/** What the tools keep between runs: logs, executed notebooks, extracted cells. Safe to delete. */
export const cache = join(root, ".glassbox");
export const logs = join(cache, "logs");
export const executed = join(cache, "executed");

export const venv = join(root, ".venv");
export const venvPython = join(venv, windows ? "Scripts/python.exe" : "bin/python");
export const requirements = join(root, "tools/python/requirements.txt");
export const constraints = join(root, "tools/python/constraints.txt");
export const executeDriver = join(root, "tools/python/execute.py");
export const exporter = join(root, "tools/site/export.py");

export const typescriptCompiler = join(nodeModules, "typescript/lib/tsc.js");
export const tslab = join(nodeModules, "tslab/bin/tslab");
export const kernelPreload = join(root, "tools/kernel/preload.cjs");
export const tfjsNode = join(nodeModules, "@tensorflow/tfjs-node");
