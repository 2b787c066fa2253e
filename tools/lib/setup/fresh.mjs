// Things that take long to make are made in a folder of their own and moved to their place whole. Whatever stops the
// making, at whatever point, the place holds the old thing or nothing, never half a thing.
import { cpSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { passing, settled } from "../interrupt.mjs";
import { setupFolder } from "../paths.mjs";

/** Beside the places that they move to, so that a move is a rename. */
export const workshop = join(setupFolder, "new");

/**
 * An empty folder of this process. The caller clears it away, finished or not; Ctrl-C does.
 * @param {string} name
 * @param {string} [place] on the disk of the place that it moves to
 */
export function freshFolder(name, place = workshop) {
  const folder = join(place, `${name}-${process.pid}`);
  remove(folder);
  mkdirSync(folder, { recursive: true });
  passing(folder);
  return folder;
}

/**
 * Put a finished folder in the place of an old one. The old one is gone for an instant only, and comes back when the
 * new one cannot be moved.
 * @param {string} fresh
 * @param {string} target
 */
export function replaceFolder(fresh, target) {
  const place = fresh.startsWith(workshop) ? workshop : dirname(fresh);
  const old = join(place, `${basename(target)}-old-${process.pid}`);
  mkdirSync(place, { recursive: true });
  mkdirSync(dirname(target), { recursive: true });
  remove(old);
  try {
    if (existsSync(target)) renameSync(target, old);
  } catch (error) {
    // A folder that is a disk of its own, as in a container, cannot be moved; what is in it can be changed.
    if (!["EBUSY", "EXDEV"].includes(codeOf(error))) throw error;
    return replaceContents(fresh, target);
  }
  try {
    move(fresh, target);
  } catch (error) {
    if (existsSync(old) && !existsSync(target)) renameSync(old, target);
    throw error;
  }
  discard(old);
}

/** The stamp goes first and comes last: in between, the folder does not count. @param {string} fresh @param {string} target */
function replaceContents(fresh, target) {
  const stampsFirst = (/** @type {string[]} */ names) =>
    names.sort((a, b) => Number(b.startsWith(".glassbox")) - Number(a.startsWith(".glassbox")));
  for (const name of stampsFirst(readdirSync(target))) remove(join(target, name));
  for (const name of stampsFirst(readdirSync(fresh)).reverse()) move(join(fresh, name), join(target, name));
}

/** @param {string} from @param {string} to */
function move(from, to) {
  try {
    renameSync(from, to);
  } catch (error) {
    if (codeOf(error) !== "EXDEV") throw error;
    cpSync(from, to, { recursive: true, verbatimSymlinks: true });
    remove(from);
  }
}

/** Remove a folder, patiently: a program that was just stopped may still be writing its last. @param {string} folder */
export function remove(folder) {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  settled(folder);
}

/**
 * Clear away what was made on the way. Where that does not work, the next run sweeps: a program of a program that was just
 * stopped may go on writing for a while, and that must not hide why we are here.
 * @param {string} folder
 */
export function discard(folder) {
  try {
    remove(folder);
  } catch {
    // See above.
  }
}

/** Clear away what runs that were killed left in a folder: entries whose names end in the number of a dead process. @param {string} [folder] */
export function sweep(folder = workshop) {
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) {
    const pid = Number(/-(\d+)$/.exec(name)?.[1]);
    if (!pid || isAlive(pid)) continue;
    // Where somebody is still writing, or may write and we may not, the next run tries again.
    discard(join(folder, name));
  }
}

/** Is there a process of this number? @param {number} pid */
export function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === "EPERM";
  }
}

/** @param {unknown} error */
const codeOf = (error) => /** @type {NodeJS.ErrnoException} */ (error).code ?? "";
