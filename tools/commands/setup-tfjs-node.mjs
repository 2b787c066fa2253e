// npm run setup:tfjs-node: make the native TensorFlow.js work where its own download of libtensorflow cannot be reached.
// The same library is in TensorFlow's Python wheel. Its shared libraries and headers go into tfjs-node's folder, and
// tfjs-node's small C++ binding is compiled against them. Python's TensorFlow itself is not installed.
import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { nodeModules, root, tfjsNode, venvPython } from "../lib/paths.mjs";
import { Problem } from "../lib/problem.mjs";
import { looksOffline, run, step, tail } from "../lib/run.mjs";
import { reinstallPackages, setup, whyNotNative } from "../lib/setup.mjs";

const version = "2.21.0";
/** Wheels with the C library, by processor. On ARM the plain package is the one without a GPU. */
const wheels = new Map([
  ["x64", "tensorflow-cpu"],
  ["arm64", "tensorflow"],
]);

export default async function main() {
  if (isNative()) return;
  const wheel = process.platform === "linux" ? wheels.get(process.arch) : undefined;
  if (!wheel) {
    throw new Problem(
      `This builds on 64-bit Linux only; here is ${process.platform} ${process.arch}. Where its own download works, npm rebuild @tensorflow/tfjs-node installs the native library. Without it the course runs on WebAssembly.`,
    );
  }
  needCompiler();
  await setup();
  if (!existsSync(join(tfjsNode, "package.json"))) {
    await step("Restoring the tfjs-node package", reinstallPackages);
    if (isNative()) return;
  }
  // Beside its destination, so that the last step is a rename.
  const workshop = mkdtempSync(join(nodeModules, ".glassbox-tensorflow-"));
  try {
    const file = await download(`${wheel}==${version}`, workshop);
    const deps = join(workshop, "deps");
    await step("Taking out the C library and its headers", () => unpack(file, deps));
    await step("Compiling the binding", () => build(deps));
  } finally {
    rmSync(workshop, { recursive: true, force: true });
  }
  if (!isNative()) throw new Problem(`It was built, but it does not work: ${whyNotNative("--compute")}.`);
}

/** Say so when it works: a matrix product and a gradient, in a fresh process. */
function isNative() {
  if (whyNotNative("--compute") !== undefined) return false;
  console.log("tfjs-node works: a matrix product and a gradient, computed natively, are right.");
  return true;
}

function needCompiler() {
  const missing = [process.env.CXX ?? "g++", "make"].filter(
    (program) => spawnSync(program, ["--version"], { stdio: "ignore" }).status !== 0,
  );
  if (missing.length > 0) {
    throw new Problem(
      `Compiling the binding needs ${missing.join(" and ")}, which ${missing.length > 1 ? "are" : "is"} not here. Install them (Debian, Ubuntu: apt install g++ make) and run the command again.`,
    );
  }
}

/**
 * Let pip find and fetch the wheel for this machine.
 * @param {string} requirement @param {string} folder
 * @returns {Promise<string>} the wheel's path
 */
async function download(requirement, folder) {
  const into = join(folder, "wheel");
  const temporary = join(folder, "tmp");
  mkdirSync(temporary);
  const args = ["-m", "pip", "download", requirement, "--dest", into, "--no-deps", "--only-binary=:all:"];
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
  const meter = downloadMeter(requirement, temporary);
  const { status, output, log } = await run(
    "tensorflow-wheel",
    venvPython,
    [...args, ...target, ...patience],
    {
      env: { ...process.env, TMPDIR: temporary },
      onText: meter.read,
    },
  );
  meter.stop();
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
 * A line of progress for the download. pip's own bar is silent in a pipe, so look at the file it writes.
 * @param {string} title @param {string} folder where pip keeps the unfinished download
 */
function downloadMeter(title, folder) {
  const started = Date.now();
  const live = process.stdout.isTTY;
  let total = 0;
  let lastTenth = 0;
  const line = (/** @type {number} */ megabytes) =>
    `Downloading ${title}: ${megabytes.toFixed(0)}${total ? ` of ${total.toFixed(0)}` : ""} MB`;
  const timer = setInterval(() => {
    const megabytes = largestFile(folder) / 1e6;
    if (live) process.stdout.write(`\r\x1b[K${line(megabytes)}`);
    else if (total && Math.floor((10 * megabytes) / total) > lastTenth) {
      lastTenth = Math.floor((10 * megabytes) / total);
      console.log(line(megabytes));
    }
  }, 300);
  return {
    /** @param {string} text what pip prints, which names the size once */
    read(text) {
      const size = /\(([\d.]+) MB\)/.exec(text);
      if (size) total = Number(size[1]);
    },
    stop() {
      clearInterval(timer);
      const seconds = ((Date.now() - started) / 1000).toFixed(1);
      console.log(`${live ? "\r\x1b[K" : ""}Downloading ${title}: ${seconds} s`);
    },
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
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
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
  clean([join(tfjsNode, "build"), ...temporaryFolders()]);
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
