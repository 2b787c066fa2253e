// Putting what we made into a folder that may hold other people's work. We write beside what is there, keep a list of
// what we wrote, and remove nothing but what is on that list.
import {
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { passing } from "./interrupt.mjs";
import { canBeWritten, root, site } from "./paths.mjs";
import { Problem } from "./problem.mjs";
import { isAlive, remove } from "./setup/fresh.mjs";

/** The list: which files of the folder are ours. */
export const listName = ".glassbox-files.json";

/** The parts of a checkout. Pages do not belong among them, nor between the files of one. */
const partsOfTheCheckout = new Set([
  ".ci",
  ".git",
  ".github",
  ".venv",
  "dist",
  "docs",
  "node_modules",
  "notebooks",
  "src",
  "tests",
  "tools",
]);

/**
 * Refuse a folder that is no place for pages, and files in it that we would have to overwrite. Nothing is touched.
 * @param {string} target
 * @param {{ from?: string, files?: string[] }} [plan] where the notebooks are; what would be written, relative to the target
 */
export function needTarget(target, { from, files = [] } = {}) {
  const there = real(target);
  const refuse = (/** @type {string} */ reason) => {
    throw new Problem(`Pages cannot go to ${target}: ${reason}. Nothing was written. Name another folder.`);
  };
  if (existsSync(there) && !statSync(there).isDirectory()) refuse("it is a file");
  if (!canBeWritten(nearest(there))) refuse(`${nearest(there)} cannot be written`);
  const checkout = real(root);
  if (there === checkout) refuse("it is the checkout itself");
  if (isInside(checkout, there)) refuse("the checkout lies in it");
  const part = isInside(there, checkout) ? relative(checkout, there).split(sep)[0] : undefined;
  if (part && partsOfTheCheckout.has(part)) refuse(`${part} is a part of the checkout`);
  if (from !== undefined) {
    const notebooks = real(from);
    if (there === notebooks) refuse("the notebooks lie there");
    if (isInside(notebooks, there)) refuse(`the notebooks (${from}) lie in it`);
  }
  const ours = ourFiles(there);
  const notebook = namesIn(there).find((name) => name.endsWith(".ipynb") && !ours.has(name));
  if (notebook) refuse(`it holds notebooks (${notebook})`);
  const foreign = files.filter((file) => isForeign(there, file, ours));
  if (foreign.length > 0) {
    const names =
      foreign.slice(0, 5).join(", ") + (foreign.length > 5 ? ` and ${foreign.length - 5} more` : "");
    refuse(
      `${names} ${foreign.length > 1 ? "are" : "is"} there already, and Glassbox did not write ${foreign.length > 1 ? "them" : "it"}`,
    );
  }
}

/**
 * Makes files in a folder of their own, then moves them to their places. When anything fails before the last of them is
 * made, the target is as it was.
 * @param {string} target
 * @param {(fresh: string) => void | Promise<void>} make fills an empty folder on the target's disk
 * @param {{ from?: string, keep?: (file: string) => boolean }} [options] `from` as for needTarget; `keep`: which of the
 *   files that an earlier run wrote stay although this one did not make them
 * @returns {Promise<string[]>} the files of this run, relative to the target
 */
export async function publish(target, make, { from, keep = () => false } = {}) {
  needTarget(target, { from });
  const there = real(target);
  const made = mkdirSync(there, { recursive: true });
  removeLeftovers(there);
  // Inside the target, not beside it: a target may be a disk of its own, and a move must not cross disks.
  const fresh = join(there, `.glassbox-new-${process.pid}`);
  passing(fresh);
  try {
    mkdirSync(fresh);
    await make(fresh);
    const files = filesUnder(fresh);
    needTarget(target, { from, files });
    moveIn(fresh, there, files, keep);
    return files;
  } finally {
    remove(fresh);
    if (made) removeEmpty(there, dirname(made));
  }
}

/** @param {string} fresh @param {string} there @param {string[]} files @param {(file: string) => boolean} keep */
function moveIn(fresh, there, files, keep) {
  const before = ourFiles(there);
  // First the list, with old and new: whenever this ends, it names all that is ours.
  writeList(there, [...new Set([...before, ...files])]);
  for (const file of files) {
    const place = join(there, file);
    mkdirSync(dirname(place), { recursive: true });
    moveFile(join(fresh, file), place);
  }
  const current = new Set(files);
  const kept = [...before].filter((file) => !current.has(file) && keep(file));
  for (const file of before) {
    if (current.has(file) || kept.includes(file)) continue;
    const place = join(there, file);
    if (!lstatSync(place, { throwIfNoEntry: false })?.isFile()) continue;
    unlinkSync(place);
    removeEmpty(dirname(place), there);
  }
  writeList(there, [...files, ...kept]);
}

/** Into its place at once, also where a folder of the target is a disk of its own. @param {string} from @param {string} to */
function moveFile(from, to) {
  try {
    renameSync(from, to);
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== "EXDEV") throw error;
    const beside = join(dirname(to), `.glassbox-new-${process.pid}`);
    passing(beside);
    try {
      copyFileSync(from, beside);
      renameSync(beside, to);
    } finally {
      remove(beside);
    }
  }
}

/**
 * The files of a folder that an earlier run wrote. Where there is no list yet, all of the default site/ is ours, and
 * nothing of any other folder.
 * @param {string} there
 * @returns {Set<string>}
 */
function ourFiles(there) {
  const list = join(there, listName);
  if (!existsSync(list)) return new Set(there === real(site) ? filesUnder(there).filter(isVisible) : []);
  /** @type {unknown} */
  let files;
  try {
    ({ files } = JSON.parse(readFileSync(list, "utf8")));
  } catch {
    files = undefined;
  }
  if (!Array.isArray(files)) {
    throw new Problem(
      `${list} says which files of that folder Glassbox wrote, and cannot be read. Nothing was written. Name another folder, or delete that list and the pages beside it.`,
    );
  }
  // A list can come from anywhere. It speaks of its own folder only.
  return new Set(files.filter((file) => typeof file === "string" && isWithin(there, file)));
}

/** Is the name that of a file below the folder, reached through folders and not through links? @param {string} there @param {string} file */
function isWithin(there, file) {
  if (!isInside(resolve(there, file), there)) return false;
  for (let folder = dirname(join(there, file)); folder !== there; folder = dirname(folder)) {
    if (lstatSync(folder, { throwIfNoEntry: false })?.isSymbolicLink()) return false;
  }
  return true;
}

/** Would writing this file take something from somebody else? @param {string} there @param {string} file @param {Set<string>} ours */
function isForeign(there, file, ours) {
  const parts = file.split("/");
  for (let depth = 1; depth < parts.length; depth++) {
    const folder = lstatSync(join(there, ...parts.slice(0, depth)), { throwIfNoEntry: false });
    if (!folder) return false;
    // A file, or a link to a folder of somebody else's.
    if (!folder.isDirectory()) return true;
  }
  const found = lstatSync(join(there, file), { throwIfNoEntry: false });
  return found !== undefined && (found.isDirectory() || !ours.has(file));
}

/** @param {string} there @param {string[]} files */
function writeList(there, files) {
  const about =
    "What Glassbox wrote here. The next run replaces or removes these files and touches no other.";
  const partial = join(there, `${listName}.${process.pid}`);
  const text = `${JSON.stringify({ about, files: files.sort() }, undefined, 1)}\n`;
  writeFileSync(partial, text);
  renameSync(partial, join(there, listName));
}

/** What a run that was killed left behind. @param {string} there */
function removeLeftovers(there) {
  for (const name of namesIn(there)) {
    const pid = Number(/^\.glassbox-(?:new-|files\.json\.)(\d+)$/.exec(name)?.[1]);
    if (pid && !isAlive(pid)) rmSync(join(there, name), { recursive: true, force: true });
  }
}

/** Remove a folder if it is empty, then its parents, up to and without `end`. @param {string} folder @param {string} end */
function removeEmpty(folder, end) {
  for (let here = folder; here !== end && isInside(here, end); here = dirname(here)) {
    try {
      rmdirSync(here);
    } catch {
      return;
    }
  }
}

/** All files below a folder, with forward slashes. @param {string} folder @returns {string[]} */
function filesUnder(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => !lstatSync(join(folder, name)).isDirectory())
    .map((name) => name.replaceAll(sep, "/"));
}

/** We never write a name with a dot in front but for the list. @param {string} file */
const isVisible = (file) => !file.split("/").some((part) => part.startsWith("."));

/** @param {string} folder */
const namesIn = (folder) => (existsSync(folder) ? readdirSync(folder) : []);

/** @param {string} path @param {string} folder */
function isInside(path, folder) {
  const way = relative(folder, path);
  return way !== "" && way !== ".." && !way.startsWith(`..${sep}`) && resolve(folder, way) === resolve(path);
}

/** The folder itself, or the nearest one around it that is there. @param {string} path @returns {string} */
const nearest = (path) => (existsSync(path) ? path : nearest(dirname(path)));

/** The path without links, also where its end does not exist yet. @param {string} path @returns {string} */
function real(path) {
  const whole = resolve(path);
  if (existsSync(whole)) return realpathSync(whole);
  const parent = dirname(whole);
  return parent === whole ? whole : join(real(parent), basename(whole));
}
