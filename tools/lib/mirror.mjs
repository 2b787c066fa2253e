// A checkout that cannot be written: what it is to hold, packages and all, is made in a copy of it that can. The copy
// follows the checkout, file by file; what its reader has changed in it stays the reader's.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, sep } from "node:path";
import { untilEnd } from "./interrupt.mjs";
import { cache, isCheckoutWritable, isPackage, notebooksFolder, root } from "./paths.mjs";

/** What is made in a checkout is made anew in the copy. */
const made = new Set([".git", ".glassbox", ".venv", "coverage", "dist", "node_modules", "site"]);

/**
 * Where this checkout can neither be written nor is set up, do the command in a copy.
 * @param {string} command
 * @param {string[]} args
 * @returns {Promise<number | undefined>} the exit code; undefined: the command is to run here
 */
export async function runInCopy(command, args) {
  if (isCheckoutWritable || isPackage) return undefined;
  const { isSetUp } = await import("./setup.mjs");
  if (isSetUp()) {
    console.log(`${root} cannot be written: working files and pages are in ${cache}.`);
    return undefined;
  }
  const copy = join(cache, "checkout");
  console.log(`${root} cannot be written: working in a copy of it, ${copy}.`);
  followFolder(root, copy, (name) => !made.has(name));
  const { GLASSBOX_CACHE: _, ...env } = process.env;
  const child = spawn(process.execPath, [join(copy, "tools/glassbox.cjs"), command, ...args], {
    stdio: "inherit",
    env: { ...env, GLASSBOX_COPY: "1" },
  });
  return untilEnd(child);
}

/** The notebooks where JupyterLab can save them. */
export function notebooksToWorkIn() {
  if (isCheckoutWritable) return notebooksFolder;
  const copies = join(cache, "notebooks");
  followFolder(notebooksFolder, copies);
  console.log(`The notebooks that you work in are copies, in ${copies}. What you change there stays yours.`);
  return copies;
}

/** The list, in the copy: the digest of each file as it was when it was copied. */
const listName = ".glassbox-copied.json";

/**
 * Make a folder hold what another one holds. A file that somebody has changed since it was copied is left alone.
 * @param {string} from @param {string} to
 * @param {(name: string) => boolean} [wanted] which entries of the top are copied
 */
export function followFolder(from, to, wanted = () => true) {
  mkdirSync(to, { recursive: true });
  const list = join(to, listName);
  /** @type {Record<string, string>} */
  const copied = existsSync(list) ? JSON.parse(readFileSync(list, "utf8")) : {};
  const files = readdirSync(from, { withFileTypes: true })
    .filter(({ name }) => wanted(name))
    .flatMap((entry) =>
      entry.isDirectory() ? filesIn(from, entry.name) : entry.isFile() ? [entry.name] : [],
    );
  /** @type {Record<string, string>} */
  const now = {};
  for (const file of files) {
    const [source, target] = [join(from, file), join(to, file)];
    const wantedDigest = digest(source);
    const there = digest(target);
    if (there !== undefined && there !== copied[file] && there !== wantedDigest) {
      // The reader's. It counts as changed until it is as the checkout has it.
      if (copied[file]) now[file] = copied[file];
      continue;
    }
    if (there !== wantedDigest) {
      mkdirSync(dirname(target), { recursive: true });
      copyFileSync(source, `${target}.${process.pid}`);
      renameSync(`${target}.${process.pid}`, target);
    }
    now[file] = /** @type {string} */ (wantedDigest);
  }
  for (const [file, before] of Object.entries(copied)) {
    if (!(file in now) && digest(join(to, file)) === before) rmSync(join(to, file));
  }
  writeFileSync(`${list}.${process.pid}`, JSON.stringify(now));
  renameSync(`${list}.${process.pid}`, list);
}

/** @param {string} top @param {string} folder @returns {string[]} */
function filesIn(top, folder) {
  return readdirSync(join(top, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}${sep}${entry.name}`;
    if (entry.name === "node_modules" || entry.name === ".ipynb_checkpoints") return [];
    return entry.isDirectory() ? filesIn(top, path) : entry.isFile() ? [path] : [];
  });
}

/** @param {string} file */
function digest(file) {
  return existsSync(file) ? createHash("sha256").update(readFileSync(file)).digest("hex") : undefined;
}
