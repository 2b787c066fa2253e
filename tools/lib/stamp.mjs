// A stamp is a small file beside a result. It holds a hash of all that the result was made from, and the sizes of the
// files that the result cannot do without, so that "is this still right, and still there?" costs a few milliseconds.
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, relative } from "node:path";
import { root } from "./paths.mjs";

/**
 * One hash of files and folders (by name and content) and of plain strings.
 * @param {string[]} paths files or folders; a missing one counts as missing
 * @param {string[]} [words] anything else the result depends on
 */
export function fingerprint(paths, words = []) {
  const hash = createHash("sha256");
  for (const path of paths.flatMap(filesUnder)) {
    hash.update(`${relative(root, path)}\0`);
    hash.update(existsSync(path) ? readFileSync(path) : "missing");
    hash.update("\0");
  }
  for (const word of words) hash.update(`${word}\0`);
  return hash.digest("hex");
}

/** @param {string} path @returns {string[]} the file itself, or all files of the folder in a fixed order */
function filesUnder(path) {
  if (!existsSync(path) || !statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .sort()
    .flatMap((name) => filesUnder(join(path, name)));
}

/**
 * Does the stamp say this, and are the files that it vouches for all there, each in its size?
 * @param {string} stampFile @param {string} expected
 */
export function isStamped(stampFile, expected) {
  if (!existsSync(stampFile)) return false;
  const [value, ...parts] = readFileSync(stampFile, "utf8").trim().split("\n");
  return (
    value === expected &&
    parts.every((part) => {
      const [, size, file] = /** @type {string[]} */ (/^(\d+) (.*)$/.exec(part) ?? []);
      return sizeOf(join(dirname(stampFile), file ?? "")) === Number(size);
    })
  );
}

/**
 * @param {string} stampFile @param {string} value
 * @param {string[]} [parts] files that must be there for the result to work, relative to the stamp's folder
 */
export function stamp(stampFile, value, parts = []) {
  const folder = dirname(stampFile);
  mkdirSync(folder, { recursive: true });
  const sizes = parts.map((file) => `${sizeOf(join(folder, file))} ${file}`);
  writeFileSync(`${stampFile}.${process.pid}`, `${[value, ...sizes].join("\n")}\n`);
  renameSync(`${stampFile}.${process.pid}`, stampFile);
}

/** @param {string} file */
const sizeOf = (file) => statSync(file, { throwIfNoEntry: false })?.size;
