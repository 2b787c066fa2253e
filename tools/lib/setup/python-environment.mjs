// The Python environment: JupyterLab, and what executes and exports notebooks.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import * as paths from "../paths.mjs";
import { Problem } from "../problem.mjs";
import { looksOffline, run, step, tail } from "../run.mjs";
import { fingerprint, isStamped, stamp } from "../stamp.mjs";
import { discard, freshFolder, replaceFolder } from "./fresh.mjs";

const stampName = ".glassbox-stamp";

/** A virtual environment holds absolute paths, so the place of this clone is part of what it was made from. */
const venvFingerprint = () => fingerprint([paths.requirements], [paths.root]);

export function isVenvReady() {
  return existsSync(paths.venvPython) && isStamped(join(paths.venv, stampName), venvFingerprint());
}

/** @param {{ program: string, version: string }} python */
export async function createVenv({ program, version }) {
  if (existsSync(paths.venv) && !existsSync(join(paths.venv, stampName))) {
    throw new Problem(
      `${paths.venv} was not made by Glassbox, or by one that was interrupted. Rename it if it is yours, else delete it, and run the command again.`,
    );
  }
  await step(
    `Creating ${paths.isPackage ? paths.venv : ".venv"} with Python ${version} (JupyterLab, nbconvert, nbclient)`,
    async () => {
      const fresh = freshFolder("venv");
      try {
        await makeEmpty(program, version, fresh);
        await installRequirements(fresh);
        configureLab(fresh);
        const { problem, files } = tryVenv(fresh);
        if (problem)
          throw new Problem(`The Python packages were installed, but they do not load:\n${problem}`);
        pointElsewhere(fresh, paths.venv);
        stamp(join(fresh, stampName), venvFingerprint(), files);
        replaceFolder(fresh, paths.venv);
      } finally {
        discard(fresh);
      }
    },
  );
}

/** @param {string} program @param {string} version @param {string} fresh */
async function makeEmpty(program, version, fresh) {
  const { status, output, log } = await run("venv", program, ["-m", "venv", fresh]);
  if (status === 0) return;
  throw new Problem(
    `${program} (Python ${version}) could not make a virtual environment:\n${tail(output, 4)}\nOn Debian and Ubuntu, apt install python3-venv usually cures it. All of it: ${log}`,
  );
}

/** @param {string} fresh */
async function installRequirements(fresh) {
  // Each file by its digest, and none that would have to be built here: building fetches tools that nobody has pinned.
  const what = ["--requirement", paths.requirements, "--require-hashes", "--only-binary=:all:"];
  const patience = ["--retries", "1", "--timeout", "60", "--disable-pip-version-check", "--no-input"];
  const args = ["-m", "pip", "install", ...what, ...patience];
  const { status, output, log } = await run("pip", pythonOf(fresh), args);
  if (status === 0) return;
  // pip also says "no matching version" when it saw no index at all.
  if (looksOffline(output) || /from versions: none/.test(output)) {
    throw new Problem(
      `pip cannot reach its package index. Connect to the network (behind a proxy: set HTTPS_PROXY) and run the command again. Details: ${log}`,
    );
  }
  if (/DO NOT MATCH THE HASHES/.test(output)) {
    const which = /^\s*(\S+==\S+|\S+) from .*:$/m.exec(output)?.[1] ?? "A Python package";
    throw new Problem(
      `${which} is not the file that was reviewed: its digest is another. Nothing of it was installed. Try another network, and tell us if it stays so. Details: ${log}`,
    );
  }
  throw new Problem(`pip could not install the Python packages:\n${tail(output)}\nAll of it: ${log}`);
}

/** JupyterLab asks at its first start whether it may fetch news. Nobody who came for a course wants that. @param {string} fresh */
function configureLab(fresh) {
  const folder = join(fresh, "etc/jupyter/labconfig");
  mkdirSync(folder, { recursive: true });
  const config = { disabledExtensions: { "@jupyterlab/apputils-extension:announcements": true } };
  writeFileSync(join(folder, "page_config.json"), `${JSON.stringify(config, undefined, 2)}\n`);
}

const question = `
import json, os, sys
import nbclient, nbconvert, nbformat, jupyterlab, jupyter_server, zmq
files = [m.__file__ for m in list(sys.modules.values()) if getattr(m, "__file__", None)]
print(json.dumps([os.path.relpath(f, sys.prefix) for f in files if f.startswith(sys.prefix + os.sep)]))
`;

/**
 * Load what the commands stand on.
 * @param {string} [venv]
 * @returns {{ problem?: string, files: string[] }} what does not load, or the files that were needed, relative to the environment
 */
export function tryVenv(venv = paths.venv) {
  const { status, stdout, stderr, error } = spawnSync(pythonOf(venv), ["-c", question], { encoding: "utf8" });
  if (status === 0) return { files: JSON.parse(stdout.trim().split("\n").at(-1) ?? "[]") };
  return { problem: error?.message ?? (tail(stderr, 1) || "Python crashed"), files: [] };
}

/**
 * The scripts of an environment name its path. Make them name the place it moves to. (On Windows a script is a program
 * with that line and an archive behind it, which is found from its end.)
 * @param {string} fresh @param {string} place
 */
function pointElsewhere(fresh, place) {
  const scripts = dirname(pythonOf(fresh));
  const files = readdirSync(scripts)
    .filter((name) => !/^pythonw?[\d.]*(\.exe)?$/.test(name))
    .map((name) => join(scripts, name));
  for (const file of [...files, join(fresh, "pyvenv.cfg")]) {
    const text = readFileSync(file, "latin1");
    const [from, to] = [fresh, place].map((path) => Buffer.from(path).toString("latin1"));
    if (text.includes(from))
      writeFileSync(
        file,
        text.replaceAll(from, () => to),
        "latin1",
      );
  }
}

/** @param {string} venv */
const pythonOf = (venv) => join(venv, paths.venvPython.slice(paths.venv.length));
