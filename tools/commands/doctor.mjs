// npm run doctor: each thing that the commands stand on, a line each: fine, or what to do. Changes nothing.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, statfsSync } from "node:fs";
import { dirname, join } from "node:path";
import { chromiumKind, programsOf } from "../lib/browsers.mjs";
import {
  cache,
  canBeWritten,
  isCheckoutWritable,
  isPackage,
  nodeModules,
  root,
  venv,
} from "../lib/paths.mjs";
import { Problem } from "../lib/problem.mjs";
import { findPython } from "../lib/python.mjs";
import { arePackagesReady, tryPackages } from "../lib/setup/packages.mjs";
import { isVenvReady, tryVenv } from "../lib/setup/python-environment.mjs";
import { whyNotNative } from "../lib/setup.mjs";

/** What the packages, the environment and the native reference take, in bytes. */
const SPACE = 2.2e9;

/**
 * @typedef {object} Finding
 * @property {"fine" | "without" | "broken"} state `without`: the commands work, something optional is not there
 * @property {string} text
 */

/** @type {[what: string, look: () => Finding][]} */
const examinations = [
  ["Node", () => fine(`${process.versions.node} (${process.platform} ${process.arch})`)],
  [
    "Python",
    () => {
      try {
        const { program, version } = findPython();
        return fine(`${version} (${program}), with its venv module`);
      } catch (error) {
        if (!(error instanceof Problem)) throw error;
        return isVenvReady() ? without(error.message) : broken(error.message);
      }
    },
  ],
  ["permissions", () => firstThatCannotBeWritten()],
  [
    "disk",
    () => {
      const { bavail, bsize } = statfsSync(isPackage ? nearest(cache) : root);
      const free = `${((bavail * bsize) / 1e9).toFixed(1)} GB free`;
      const isSetUp = (isPackage || arePackagesReady()) && isVenvReady();
      if (isSetUp || bavail * bsize > SPACE) return fine(free);
      return broken(`${free}; a set-up from nothing takes up to ${(SPACE / 1e9).toFixed(1)} GB. Make room.`);
    },
  ],
  ["proxy", () => proxy()],
  [
    "npm packages, kernel, compiler",
    () => {
      if (isPackage) {
        const { problem } = tryPackages();
        return problem
          ? broken(`they do not load (${problem}). Install the package again.`)
          : fine("they load");
      }
      if (!existsSync(nodeModules)) return broken("not installed yet: npm run setup");
      const { problem } = tryPackages();
      if (problem) return broken(`they do not load (${problem}). Delete node_modules and run npm run setup.`);
      return arePackagesReady()
        ? fine("they load")
        : broken("they are not the ones asked for: npm run setup");
    },
  ],
  [
    "Python environment",
    () => {
      if (!existsSync(venv))
        return isPackage
          ? without("not made yet: the first export makes it")
          : broken("not made yet: npm run setup");
      const { problem } = tryVenv();
      if (problem)
        return broken(
          isPackage
            ? `it does not load (${problem}). Delete ${venv}; the next export makes it anew.`
            : `it does not load (${problem}). Delete .venv and run npm run setup.`,
        );
      return isVenvReady() ? fine("it loads") : broken("it is not the one asked for: npm run setup");
    },
  ],
  [
    "kernelspec",
    () => {
      const again = isPackage ? "the next export writes it" : "npm run setup writes it";
      const file = join(venv, "share/jupyter/kernels/tslab/kernel.json");
      if (!existsSync(venv)) return without("comes with the Python environment");
      if (!existsSync(file)) return broken(`it is not there: ${again}`);
      const [node, , preload] = JSON.parse(readFileSync(file, "utf8")).argv;
      const gone = [node, preload].find((part) => !existsSync(part));
      return gone ? broken(`it names ${gone}, which is gone: ${again}`) : fine("it is in its place");
    },
  ],
  ["C++ compiler, for the native reference", () => compiler()],
  [
    "native reference",
    () => {
      const reason = whyNotNative("--compute");
      if (!reason) return fine("it computes a matrix product and a gradient");
      // A package makes nothing of its own: there npm has brought it, or has not.
      if (isPackage) return without(`${reason}. Notebooks are checked against WebAssembly.`);
      return without(
        `${reason}. The course runs on WebAssembly as well. The next npm start makes it native, or npm run setup:tfjs-node now: a download of 150 to 270 MB, once.`,
      );
    },
  ],
  ["Chromium, for tests and screenshots", () => chromium()],
];

export default async function main() {
  const findings = examinations.map(([what, look]) => {
    const finding = look();
    const mark = { fine: "fine   ", without: "without", broken: "BROKEN " }[finding.state];
    console.log(`${mark}  ${what}: ${finding.text.replace(/\s*\n\s*/g, " ")}`);
    return finding;
  });
  const count = findings.filter(({ state }) => state === "broken").length;
  if (count > 0) process.exitCode = 1;
  else console.log("Everything that the commands need is here.");
}

/** @param {string} text @returns {Finding} */
const fine = (text) => ({ state: "fine", text });
/** @param {string} text @returns {Finding} */
const without = (text) => ({ state: "without", text });
/** @param {string} text @returns {Finding} */
const broken = (text) => ({ state: "broken", text });

/** @returns {Finding} */
function firstThatCannotBeWritten() {
  if (!isCheckoutWritable || isPackage) {
    if (canBeWritten(nearest(cache))) return fine(`working files are in ${cache}`);
    return broken(`${cache} cannot be written. Let GLASSBOX_CACHE name a folder that can.`);
  }
  const places = [cache, nodeModules, venv].filter(existsSync);
  const closed = places.find((place) => !canBeWritten(place));
  if (closed === undefined) return fine("this folder can be written");
  return broken(`${closed} cannot be written. Allow it, or delete it and run npm run setup.`);
}

/** @param {string} path @returns {string} */
const nearest = (path) => (existsSync(path) ? path : nearest(dirname(path)));

/** Without one, the reference can be native only where its makers' host answers. @returns {Finding} */
function compiler() {
  const missing = [process.env.CXX ?? "g++", "make"].filter(
    (program) => spawnSync(program, ["--version"], { stdio: "ignore" }).status !== 0,
  );
  if (missing.length === 0) return fine("g++ and make");
  return without(
    `${missing.join(" and ")} not found. Needed once, where the prebuilt library cannot be fetched (Debian, Ubuntu: apt install g++ make).`,
  );
}

/** A proxy that is set and does not answer costs every download its time. @returns {Finding} */
function proxy() {
  const said = proxies();
  if (!said) return fine("none is set");
  const address = ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "npm_config_proxy"]
    .map((name) => process.env[name])
    .find(Boolean);
  const knock = `
    const { hostname, port, protocol } = new URL(process.argv[1]);
    const socket = require("node:net").connect(Number(port) || (protocol === "https:" ? 443 : 80), hostname);
    socket.on("connect", () => process.exit(0)).on("error", () => process.exit(1));
    setTimeout(() => process.exit(1), 3000);`;
  const { status } = spawnSync(process.execPath, ["-e", knock, String(address)], { stdio: "ignore" });
  return status === 0
    ? fine(said)
    : broken(`${said} does not answer. Correct the variable, or unset it; downloads wait for it in vain.`);
}

function proxies() {
  const names = ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "npm_config_proxy"];
  // A proxy's address can hold a password.
  const hide = (/** @type {string} */ address) => address.replace(/\/\/[^@/]*@/, "//…@");
  return names
    .flatMap((name) => (process.env[name] ? [`${name}=${hide(process.env[name])}`] : []))
    .join(", ");
}

/** @returns {Finding} */
function chromium() {
  const named = process.env.CHROMIUM_PATH;
  const programs = programsOf(chromiumKind);
  for (const program of programs) {
    const { status, stdout } = spawnSync(program, ["--version"], { encoding: "utf8", timeout: 20_000 });
    if (status === 0 && stdout.trim() !== "") return fine(stdout.trim());
  }
  // There it opens a window and tells nothing.
  if (!named && process.platform === "win32" && programs[0]) return fine(programs[0]);
  if (named) return broken(`CHROMIUM_PATH names ${named}, which does not run. Name another, or unset it.`);
  return without(
    "none was found; tests that need it are skipped. Install Chromium or Chrome, or set CHROMIUM_PATH.",
  );
}
