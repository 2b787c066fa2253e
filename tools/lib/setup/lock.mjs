// One set-up at a time: two commands that start at once in a fresh clone must not both fetch everything.
import {
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  statSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { hostname } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { setupFolder } from "../paths.mjs";
import { isAlive } from "./fresh.mjs";

/** The holder of a lock touches it this often, in milliseconds… */
const BEAT = 2000;
/** …and one that was not touched for so long has no holder, even if a process of its number lives. */
const SILENCE = 60_000;

/**
 * Do something while nobody else who asks for the same lock does.
 * @template T
 * @param {() => Promise<T>} work
 * @param {{ file?: string, onWait?: (pid: number | undefined) => void }} [options] `onWait`: told once, when somebody else holds it
 * @returns {Promise<T>}
 */
export async function alone(work, { file = join(setupFolder, "setup.lock"), onWait } = {}) {
  mkdirSync(dirname(file), { recursive: true });
  for (let told = false; !take(file); ) {
    const holder = read(file);
    if (holder && isGone(file, holder)) {
      takeAway(file, holder.text);
      continue;
    }
    if (holder && !told) {
      onWait?.(holder.pid);
      told = true;
    }
    await pause(200);
  }
  const beat = setInterval(() => {
    try {
      utimesSync(file, new Date(), new Date());
    } catch {
      // Gone, or not ours to touch: the lock has done what it could.
    }
  }, BEAT);
  const release = () => {
    if (read(file)?.pid === process.pid) unlinkSync(file);
  };
  process.on("exit", release);
  try {
    return await work();
  } finally {
    clearInterval(beat);
    process.off("exit", release);
    release();
  }
}

/** Written in full beside its place, then linked: nobody ever reads half a lock. @param {string} file */
function take(file) {
  const own = `${file}.${process.pid}`;
  writeFileSync(own, JSON.stringify({ pid: process.pid, host: hostname(), since: Date.now() }));
  try {
    linkSync(own, file);
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === "EEXIST") return false;
    // A disk without links: create it in place, which is nearly as good.
    try {
      writeFileSync(file, readFileSync(own), { flag: "wx" });
      return true;
    } catch (second) {
      if (/** @type {NodeJS.ErrnoException} */ (second).code === "EEXIST") return false;
      throw second;
    }
  } finally {
    unlinkSync(own);
  }
}

/** @param {string} file @returns {{ pid?: number, host?: string, text: string } | undefined} undefined: there is no lock */
function read(file) {
  let text = "";
  try {
    text = readFileSync(file, "utf8");
    return { ...JSON.parse(text), text };
  } catch (error) {
    // A lock that cannot be read has an unknown holder.
    return error instanceof SyntaxError ? { text } : undefined;
  }
}

/** @param {string} file @param {{ pid?: number, host?: string }} holder */
function isGone(file, { pid, host }) {
  if (pid && host === hostname() && !isAlive(pid)) return true;
  try {
    return Date.now() - statSync(file).mtimeMs > SILENCE;
  } catch {
    return false;
  }
}

/** Remove a lock without a holder, and no other: somebody may have taken it since we looked. @param {string} file @param {string} text */
function takeAway(file, text) {
  const aside = `${file}.gone-${process.pid}`;
  try {
    renameSync(file, aside);
  } catch {
    return;
  }
  if (read(aside)?.text !== text) {
    try {
      linkSync(aside, file);
    } catch {
      // A third has it by now.
    }
  }
  unlinkSync(aside);
}
