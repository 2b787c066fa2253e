// From a fresh clone to something that runs: npm packages, a Python environment, the kernel, the build. Each step
// leaves a stamp of what it was made from; where the stamp still fits, the step costs one hash.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as paths from "./paths.mjs";
import { Problem } from "./problem.mjs";
import { findPython } from "./python.mjs";
import { replaceFolder } from "./replace-folder.mjs";
import { looksOffline, run, step, tail } from "./run.mjs";
import { embedSimd } from "./simd.mjs";
import { fingerprint, isStamped, stamp } from "./stamp.mjs";

/** Set up whatever is missing or out of date. Says nothing when all is in place. */
export async function setup() {
  // Ask for Python before the long downloads: whoever has none should hear it at once.
  const venvIsFresh = isVenvFresh();
  const python = venvIsFresh ? undefined : findPython();
  await installPackages();
  if (python) await createVenv(python);
  writeKernelspec();
  await buildLibrary();
}

const packageStamp = join(paths.nodeModules, ".glassbox-stamp");

/** The lock file says what should be there; npm's own record in node_modules says what is there. */
export const packageFiles = [
  "package.json",
  "package-lock.json",
  "notebooks/package.json",
  "node_modules/.package-lock.json",
];
const packageFingerprint = () => fingerprint(packageFiles.map((file) => join(paths.root, file)));

/** npm packages, as locked. */
async function installPackages() {
  if (isStamped(packageStamp, packageFingerprint())) return;
  await step("Installing npm packages", reinstallPackages);
}

/**
 * Install scripts stay off: none of the packages needs one, and the one of tfjs-node waits for a download that many
 * networks refuse and then takes the package away. An existing node_modules is completed, not replaced, so that a
 * tfjs-node that was made native stays native.
 */
export async function reinstallPackages() {
  const verb = existsSync(paths.nodeModules) ? ["install", "--no-save"] : ["ci"];
  const quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  const patience = ["--fetch-retries=1", "--fetch-retry-mintimeout=2000", "--fetch-timeout=60000"];
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  const { status, output, log } = await run("npm", npm, [...verb, ...quiet, ...patience]);
  if (status !== 0) {
    if (looksOffline(output)) {
      throw new Problem(
        `npm cannot reach its package registry. Connect to the network (behind a proxy: npm config set proxy …) and run the command again. Details: ${log}`,
      );
    }
    throw new Problem(`npm could not install the packages:\n${tail(output)}\nAll of it: ${log}`);
  }
  stamp(packageStamp, packageFingerprint());
}

const venvStamp = join(paths.venv, ".glassbox-stamp");

/** A virtual environment holds absolute paths, so the place of this clone is part of what it was made from. */
const venvFingerprint = () => fingerprint([paths.requirements, paths.constraints], [paths.root]);

function isVenvFresh() {
  return existsSync(paths.venvPython) && isStamped(venvStamp, venvFingerprint());
}

/** @param {{ program: string, version: string }} python */
async function createVenv({ program, version }) {
  await step(`Creating .venv with Python ${version} (JupyterLab, nbconvert, nbclient)`, async () => {
    const made = await run("venv", program, ["-m", "venv", "--clear", paths.venv]);
    if (made.status !== 0) {
      throw new Problem(
        `${program} (Python ${version}) could not make a virtual environment:\n${tail(made.output, 4)}\nOn Debian and Ubuntu, apt install python3-venv usually cures it. All of it: ${made.log}`,
      );
    }
    const args = [
      "-m",
      "pip",
      "install",
      "--requirement",
      paths.requirements,
      "--constraint",
      paths.constraints,
    ];
    const patience = ["--retries", "1", "--timeout", "60", "--disable-pip-version-check", "--no-input"];
    const { status, output, log } = await run("pip", paths.venvPython, [...args, ...patience]);
    if (status !== 0) {
      // pip also says "no matching version" when it saw no index at all.
      if (looksOffline(output) || /from versions: none/.test(output)) {
        throw new Problem(
          `pip cannot reach its package index. Connect to the network (behind a proxy: set HTTPS_PROXY) and run the command again. Details: ${log}`,
        );
      }
      throw new Problem(`pip could not install the Python packages:\n${tail(output)}\nAll of it: ${log}`);
    }
    configureLab();
    stamp(venvStamp, venvFingerprint());
  });
}

/** JupyterLab asks at its first start whether it may fetch news. Nobody who came for a course wants that. */
function configureLab() {
  const folder = join(paths.venv, "etc/jupyter/labconfig");
  mkdirSync(folder, { recursive: true });
  const config = { disabledExtensions: { "@jupyterlab/apputils-extension:announcements": true } };
  writeFileSync(join(folder, "page_config.json"), `${JSON.stringify(config, undefined, 2)}\n`);
}

/**
 * Our kernelspecs. They have the names of the stock ones, `tslab` and `jslab`: a notebook names such a kernel, gets ours
 * in this .venv and the plain one anywhere else.
 */
function writeKernelspec() {
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
    writeFileSync(file, text);
  }
}

/** @type {[name: string, title: string, language: string, flags: string[]][]} */
const kernels = [
  ["tslab", "TypeScript", "typescript", []],
  ["jslab", "JavaScript", "javascript", ["--js"]],
];

const buildStamp = join(paths.dist, ".glassbox-stamp");
const buildFingerprint = () =>
  fingerprint([
    join(paths.root, "src"),
    join(paths.root, "tsconfig.json"),
    join(paths.root, "tsconfig.base.json"),
    join(paths.nodeModules, "typescript/package.json"),
    join(paths.nodeModules, "plotly.js-dist/package.json"),
    join(paths.root, "tools/site/assets.mjs"),
    join(paths.root, "tools/site/plotly.mjs"),
  ]);

/** src/ to dist/, compiled beside it and moved: a build that fails leaves the old one. @param {boolean} [force] */
export async function buildLibrary(force = false) {
  await embedSimd();
  const wanted = buildFingerprint();
  if (!force && isStamped(buildStamp, wanted)) return;
  await step("Compiling the library", async () => {
    const fresh = `${paths.dist}-${process.pid}`;
    try {
      // The kernel package brings a `tsc` of its own (5.0.4) that can win the name node_modules/.bin/tsc: call ours by path.
      const project = ["--project", join(paths.root, "tsconfig.json"), "--outDir", fresh];
      const { status, output } = await run("build", process.execPath, [paths.typescriptCompiler, ...project]);
      if (status !== 0) throw new Problem(`The library does not compile:\n${output.trimEnd()}`);
      const { buildAssets } = await import("../site/assets.mjs");
      await buildAssets(join(fresh, "notebook/assets"));
      stamp(join(fresh, ".glassbox-stamp"), wanted);
      replaceFolder(fresh, paths.dist);
    } finally {
      rmSync(fresh, { recursive: true, force: true });
    }
  });
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

/**
 * Does tfjs-node load natively, in a process of its own? Undefined when it does, else the reason.
 * @param {string[]} how `--compute`: let it compute something as well
 */
export function whyNotNative(...how) {
  const probe = join(paths.root, "tools/lib/native-probe.cjs");
  const env = { ...process.env, TF_CPP_MIN_LOG_LEVEL: "2" };
  const { status, stdout } = spawnSync(process.execPath, [probe, ...how], {
    encoding: "utf8",
    env,
    cwd: paths.root,
  });
  if (status === 0) return undefined;
  return stdout.trim() || "tfjs-node crashed while loading";
}
