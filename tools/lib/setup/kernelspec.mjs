// Our kernelspecs, and the environment in which they are found.
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as paths from "../paths.mjs";

/** @type {[name: string, title: string, language: string, flags: string[]][]} */
const kernels = [
  ["tslab", "TypeScript", "typescript", []],
  ["jslab", "JavaScript", "javascript", ["--js"]],
];

/**
 * They have the names of the stock ones, `tslab` and `jslab`: a notebook names such a kernel, gets ours in this .venv and
 * the plain one anywhere else.
 */
export function writeKernelspecs() {
  for (const [name, display_name, language, flags] of kernels) {
    const folder = join(paths.venv, "share/jupyter/kernels", name);
    const file = join(folder, "kernel.json");
    const spec = {
      argv: [
        process.execPath,
        "--require",
        paths.kernelPreload,
        paths.tslab,
        "kernel",
        ...flags,
        "--config-path={connection_file}",
      ],
      display_name,
      language,
      // TensorFlow's C library greets on stderr; the notebook is no place for that.
      env: { TF_CPP_MIN_LOG_LEVEL: "2" },
    };
    const text = `${JSON.stringify(spec, undefined, 2)}\n`;
    if (existsSync(file) && readFileSync(file, "utf8") === text) continue;
    mkdirSync(folder, { recursive: true });
    writeFileSync(`${file}.part`, text);
    renameSync(`${file}.part`, file);
  }
}

/** The environment in which the venv's Python should find our kernel, and no other of the same name. */
export function jupyterEnvironment() {
  const { JUPYTER_PATH: _ignored, ...env } = process.env;
  return {
    ...env,
    JUPYTER_PREFER_ENV_PATH: "1",
    JUPYTER_PLATFORM_DIRS: "1",
    PYTHONUTF8: "1",
    // Python's debugger, which JupyterLab brings along, warns about frozen modules otherwise.
    PYDEVD_DISABLE_FILE_VALIDATION: "1",
  };
}
