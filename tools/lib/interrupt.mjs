// Ctrl-C and its relatives. While another program works for us, it gets the signal too, and we wait for its end: ending
// first would leave it at work behind the reader's back, in folders that the next command wants. While there are folders
// that only exist until the command ends, they go before it does.
import { rmSync } from "node:fs";

/** The reader stopped the command. What was half-made is cleared away on the way out. */
export class Interrupted extends Error {
  /** @param {NodeJS.Signals} signal */
  constructor(signal) {
    super(
      "Stopped. What was finished is kept, what was half-made is cleared away; run the command again to go on.",
    );
    this.name = "Interrupted";
    this.signal = signal;
  }
}

/** @type {NodeJS.Signals[]} */
const signals = process.platform === "win32" ? ["SIGINT", "SIGTERM"] : ["SIGINT", "SIGTERM", "SIGHUP"];

/** How long a program may take to end before it is ended, in milliseconds. */
const PATIENCE = 15_000;

/** @type {Set<import("node:child_process").ChildProcess>} */
const working = new Set();
/** @type {NodeJS.Signals | undefined} */
let received;
/** @type {Set<string>} folders and files that no command leaves behind */
const brief = new Set();
let listening = false;

/**
 * A folder or file that is to be gone when this command is, however it ends. (What a kill leaves, the next one sweeps away.)
 * @param {string} path
 */
export function passing(path) {
  brief.add(path);
  listen();
}

/** It is gone, or has moved to its place. @param {string} path */
export function settled(path) {
  brief.delete(path);
  unlisten();
}

function listen() {
  if (listening) return;
  listening = true;
  for (const signal of signals) process.on(signal, passOn);
  process.on("exit", clearAway);
}

/** A command with nothing to wait for and nothing to clear away ends as any program does. */
function unlisten() {
  if (!listening || working.size > 0 || brief.size > 0) return;
  listening = false;
  for (const signal of signals) process.off(signal, passOn);
  process.off("exit", clearAway);
}

function clearAway() {
  for (const path of brief) {
    try {
      rmSync(path, { recursive: true, force: true, maxRetries: 3, retryDelay: 100 });
    } catch {
      // The next command sweeps it away.
    }
  }
}

/** @param {NodeJS.Signals} signal */
function passOn(signal) {
  if (working.size === 0) {
    console.error(new Interrupted(signal).message);
    process.exit(exitCodeOf(signal));
  }
  // A second Ctrl-C means it.
  const how = received === undefined ? signal : "SIGKILL";
  received ??= signal;
  for (const child of working) {
    // From a terminal the child has it already. Another one does no harm.
    child.kill(how);
    setTimeout(() => child.kill("SIGKILL"), PATIENCE).unref();
  }
}

/**
 * Wait for a program that was just started, whatever signals arrive.
 * @param {import("node:child_process").ChildProcess} child
 * @returns {Promise<number>} its exit code; 1 when a signal ended it
 * @throws {Interrupted} after its end, when a signal arrived
 */
export async function untilEnd(child) {
  listen();
  working.add(child);
  const status = await new Promise((resolve) => {
    child.on("error", () => resolve(1));
    child.on("close", (code) => resolve(code ?? 1));
  });
  working.delete(child);
  unlisten();
  if (received) throw new Interrupted(received);
  return status;
}

/** The exit code that shells give to a program ended by this signal. @param {NodeJS.Signals} signal */
export function exitCodeOf(signal) {
  return { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 }[/** @type {"SIGHUP"} */ (signal)] ?? 1;
}
