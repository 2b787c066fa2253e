// A stamp is a small file beside a result. It holds a hash of all that the result was made from, so that
// "is this still right?" costs a few milliseconds.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
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

/** @param {string} stampFile @param {string} expected */
export function isStamped(stampFile, expected) {
  return existsSync(stampFile) && readFileSync(stampFile, "utf8").trim() === expected;
}

/** @param {string} stampFile @param {string} value */
export function stamp(stampFile, value) {
  mkdirSync(dirname(stampFile), { recursive: true });
  writeFileSync(stampFile, `${value}\n`);
}
