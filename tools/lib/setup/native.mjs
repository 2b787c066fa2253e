// The native reference, tfjs-node: whether it works here, and how it survives new packages.
import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { root } from "../paths.mjs";
import { remove } from "./fresh.mjs";

/**
 * Does tfjs-node load natively, in a process of its own? Undefined when it does, else the reason.
 * @param {string[]} how `--compute`: let it compute something as well; `--in FOLDER`: the one of that node_modules
 */
export function whyNotNative(...how) {
  const probe = join(root, "tools/lib/native-probe.cjs");
  const env = { ...process.env, TF_CPP_MIN_LOG_LEVEL: "2" };
  const { status, stdout } = spawnSync(process.execPath, [probe, ...how], {
    encoding: "utf8",
    env,
    cwd: root,
  });
  if (status === 0) return undefined;
  return stdout.trim() || "tfjs-node crashed while loading";
}

/**
 * Take the native parts of tfjs-node, which npm does not bring, from an old node_modules to a new one. They are linked,
 * not moved: the old ones work until the new ones do. What does not compute is left behind.
 * @param {string} from @param {string} to
 */
export function carryNative(from, to) {
  const [old, fresh] = [from, to].map((folder) => join(folder, "@tensorflow/tfjs-node"));
  if (!existsSync(join(old, "lib")) || !existsSync(join(old, "deps")) || !existsSync(fresh)) return;
  if (versionOf(old) !== versionOf(fresh)) return;
  const parts = ["deps/lib", "lib"];
  try {
    for (const part of parts) linkTree(join(old, part), join(fresh, part));
    if (whyNotNative("--compute", "--in", to) === undefined) return;
  } catch {
    // A half-made old one. It is made anew where it is wanted.
  }
  for (const part of ["deps", "lib"]) remove(join(fresh, part));
}

/** @param {string} folder */
const versionOf = (folder) => JSON.parse(readFileSync(join(folder, "package.json"), "utf8")).version;

/** @param {string} from @param {string} to */
function linkTree(from, to) {
  if (lstatSync(from).isSymbolicLink()) return symlinkSync(readlinkSync(from), to);
  if (lstatSync(from).isDirectory()) {
    mkdirSync(to, { recursive: true });
    for (const name of readdirSync(from)) linkTree(join(from, name), join(to, name));
    return;
  }
  mkdirSync(dirname(to), { recursive: true });
  try {
    linkSync(from, to);
  } catch {
    cpSync(from, to);
  }
}
