// Making TensorFlow.js native. Its own prebuilt library where the host of that answers; else the same library out of
// TensorFlow's Python wheel: its shared libraries and headers go into tfjs-node's folder, and tfjs-node's small C++ binding
// is compiled against them. Python's TensorFlow itself is not installed. Only tfjs-node's folder changes.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, statfsSync, statSync } from "node:fs";
import { request } from "node:https";
import { dirname, join } from "node:path";
import { nodeModules, root, tfjsNode, venvPython } from "../paths.mjs";
import { Problem } from "../problem.mjs";
import { progressLine } from "../progress-line.mjs";
import { looksOffline, run, tail } from "../run.mjs";
import { discard, freshFolder, remove } from "./fresh.mjs";
import { whyNotNative } from "./native.mjs";

/** @typedef {import("../progress-line.mjs").ProgressLine} Line */

const version = "2.21.0";
/** Wheels with the C library, by processor. On ARM the plain package is the one without a GPU. */
const wheels = new Map([
  ["x64", "tensorflow-cpu"],
  ["arm64", "tensorflow"],
]);
/** What the wheel, what is taken out of it and the compilation need for a moment. */
const SPACE = 2.2e9;
/** How long the host of the prebuilt library may take to answer, in milliseconds. */
const PATIENCE = 3000;

/**
 * Make it native, or say why not.
 * @returns {Promise<void>}
 * @throws {Problem} when this machine cannot have it; tfjs-node is then as npm brought it
 */
export async function makeNative() {
  if (!existsSync(join(tfjsNode, "package.json"))) {
    throw new Problem("The package tfjs-node is not installed. npm run setup installs it.");
  }
  const { bavail, bsize } = statfsSync(nodeModules);
  if (bavail * bsize < SPACE) {
    throw new Problem(
      `It takes ${(SPACE / 1e9).toFixed(1)} GB of disk for a moment, and ${((bavail * bsize) / 1e9).toFixed(1)} GB are free.`,
    );
  }
  const line = progressLine("Native TensorFlow.js");
  try {
    if (!(await fetchPrebuilt(line))) await buildFromWheel(line);
    const reason = whyNotNative("--compute");
    if (reason) throw new Problem(`It was made, but it does not work: ${reason}.`);
    line.end("a matrix product and a gradient, computed natively, are right");
  } catch (error) {
    line.fail();
    throw error;
  }
}

/**
 * tfjs-node's own way: a library and a binding, both compiled, from its makers' storage.
 * @param {Line} line
 * @returns {Promise<boolean>} did it work?
 */
async function fetchPrebuilt(line) {
  line.show("asking for its prebuilt library");
  if (!(await answers("https://storage.googleapis.com/"))) return false;
  line.announce("fetching its prebuilt library, about 150 MB, once …");
  const script = join(tfjsNode, "scripts/install.js");
  const { status } = await run("tfjs-node-prebuilt", process.execPath, [script], { cwd: tfjsNode });
  if (status === 0 && whyNotNative("--compute") === undefined) return true;
  for (const part of ["deps", "lib"]) remove(join(tfjsNode, part));
  return false;
}

/** Does the host answer, whatever it says, within seconds? Behind a proxy only the download itself can tell. @param {string} url @returns {Promise<boolean>} */
function answers(url) {
  if (process.env.HTTPS_PROXY || process.env.https_proxy) return Promise.resolve(true);
  return new Promise((resolve) => {
    const asked = request(url, { method: "HEAD", timeout: PATIENCE }, (response) => {
      response.resume();
      resolve(true);
    });
    asked.on("timeout", () => asked.destroy());
    asked.on("error", () => resolve(false));
    asked.on("close", () => resolve(false));
    // A name that does not resolve has no timeout of its own.
    setTimeout(() => asked.destroy(), PATIENCE).unref();
    asked.end();
  });
}

/** @param {Line} line */
async function buildFromWheel(line) {
  const wheel = process.platform === "linux" ? wheels.get(process.arch) : undefined;
  if (!wheel) {
    throw new Problem(
      `Its prebuilt library cannot be fetched, and building it works on 64-bit Linux only; here is ${process.platform} ${process.arch}.`,
    );
  }
  needCompiler();
  const workshop = freshFolder("tensorflow");
  try {
    const file = await download(`${wheel}==${version}`, workshop, line);
    const deps = join(workshop, "deps");
    line.show("taking out the C library and its headers");
    await unpack(file, deps);
    line.show("compiling the binding");
    await build(deps);
  } finally {
    discard(workshop);
  }
}

function needCompiler() {
  const missing = [process.env.CXX ?? "g++", "make"].filter(
    (program) => spawnSync(program, ["--version"], { stdio: "ignore" }).status !== 0,
  );
  if (missing.length > 0) {
    throw new Problem(
      `Its prebuilt library cannot be fetched, and compiling needs ${missing.join(" and ")}, which ${missing.length > 1 ? "are" : "is"} not here (Debian, Ubuntu: apt install g++ make).`,
    );
  }
}

/**
 * Let pip find and fetch the wheel for this machine.
 * @param {string} requirement @param {string} folder
 * @param {Line} line
 * @returns {Promise<string>} the wheel's path
 */
async function download(requirement, folder, line) {
  const into = join(folder, "wheel");
  const temporary = join(folder, "tmp");
  mkdirSync(temporary);
  // By its digest, as every package of Python's.
  const file = [
    "--requirement",
    join(root, `tools/python/${requirement.split("==")[0]}.txt`),
    "--require-hashes",
  ];
  const args = ["-m", "pip", "download", ...file, "--dest", into, "--no-deps", "--only-binary=:all:"];
  // Any Python's wheel holds the same C library: name one that exists, whichever Python is here.
  const target = ["--python-version", "3.12"];
  const patience = [
    "--retries",
    "2",
    "--timeout",
    "60",
    "--no-input",
    "--disable-pip-version-check",
    "--no-color",
  ];
  const meter = downloadMeter(requirement, temporary, line);
  const options = { env: { ...process.env, TMPDIR: temporary }, onText: meter.read };
  const { status, output, log } = await run(
    "tensorflow-wheel",
    venvPython,
    [...args, ...target, ...patience],
    options,
  ).finally(meter.stop);
  if (status !== 0) {
    if (looksOffline(output)) {
      throw new Problem(
        `pip cannot reach its package index to fetch ${requirement}. Connect to the network and run the command again. Details: ${log}`,
      );
    }
    if (/No matching distribution/.test(output)) {
      throw new Problem(
        `There is no wheel of ${requirement} for this machine, or pip cannot reach its package index. Details: ${log}`,
      );
    }
    throw new Problem(`pip could not fetch ${requirement}:\n${tail(output, 4)}\nAll of it: ${log}`);
  }
  const name = readdirSync(into).find((entry) => entry.endsWith(".whl"));
  if (!name) throw new Problem(`pip fetched no wheel for ${requirement}. Details: ${log}`);
  return join(into, name);
}

/**
 * pip's own bar is silent in a pipe, so look at the file it writes.
 * @param {string} title @param {string} folder where pip keeps the unfinished download
 * @param {Line} line
 */
function downloadMeter(title, folder, line) {
  let total = "";
  const timer = setInterval(() => {
    line.show(`fetching ${title}, ${(largestFile(folder) / 1e6).toFixed(0)}${total} MB`);
  }, 300);
  return {
    /** @param {string} text what pip prints, which names the size once */
    read(text) {
      const size = /\(([\d.]+) MB\)/.exec(text)?.[1];
      if (!size || total) return;
      total = ` of ${Number(size).toFixed(0)}`;
      line.announce(`fetching ${title}, ${Number(size).toFixed(0)} MB, once …`);
    },
    stop: () => clearInterval(timer),
  };
}

/** Size of the largest file under a folder that may change while it is read. @param {string} folder @returns {number} */
function largestFile(folder) {
  try {
    const sizes = readdirSync(folder, { withFileTypes: true }).map((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? largestFile(path) : statSync(path).size;
    });
    return Math.max(0, ...sizes);
  } catch {
    // A file that has just been moved away.
    return 0;
  }
}

/** @param {string} wheel @param {string} deps */
async function unpack(wheel, deps) {
  const script = join(root, "tools/python/take_tensorflow.py");
  const { status, output } = await run("tensorflow-unpack", venvPython, [script, wheel, deps]);
  if (status !== 0) throw new Problem(`The TensorFlow wheel could not be unpacked: ${tail(output, 1)}`);
}

/** Put the library in its place and compile against it. A build that fails takes everything away again. @param {string} deps */
async function build(deps) {
  const home = join(tfjsNode, "deps");
  const made = [home, join(tfjsNode, "lib"), join(tfjsNode, "build")];
  const clean = (/** @type {string[]} */ folders) => {
    for (const folder of folders) remove(folder);
  };
  clean(made);
  renameSync(deps, home);
  const builder = join(nodeModules, "@mapbox/node-pre-gyp/bin/node-pre-gyp");
  const args = [builder, "install", "--build-from-source", `--python=${venvPython}`, ...nodeHeaders()];
  const { status, output, log } = await run("tfjs-node", process.execPath, args, { cwd: tfjsNode });
  if (status !== 0) {
    clean(made);
    if (looksOffline(output)) {
      throw new Problem(
        `Node's headers are not beside ${process.execPath} and cannot be downloaded. Install them (Debian, Ubuntu: apt install libnode-dev, or a Node from its own archive, which brings them). Details: ${log}`,
      );
    }
    throw new Problem(`The binding of tfjs-node does not compile:\n${tail(output)}\nAll of it: ${log}`);
  }
  // The headers, eleven thousand files, have done their work.
  clean([join(tfjsNode, "build"), join(home, "include"), ...temporaryFolders()]);
}

/** node-pre-gyp leaves folders like build-tmp-napi-v8 behind. */
function temporaryFolders() {
  return readdirSync(tfjsNode)
    .filter((name) => name.startsWith("build-tmp"))
    .map((name) => join(tfjsNode, name));
}

/** Where Node's own headers lie beside it, node-gyp need not download them. @returns {string[]} */
function nodeHeaders() {
  const prefix = dirname(dirname(process.execPath));
  const file = join(prefix, "include/node/node_version.h");
  if (!existsSync(file)) return [];
  const major = /#define NODE_MAJOR_VERSION (\d+)/.exec(readFileSync(file, "utf8"))?.[1];
  return major === process.versions.node.split(".")[0] ? [`--nodedir=${prefix}`] : [];
}
