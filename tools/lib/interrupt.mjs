// Ctrl-C and its relatives, while another program works for us: it gets the signal too, and we wait for its end. Ending
// first would leave it at work behind the reader's back, in folders that the next command wants.

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

/** @param {NodeJS.Signals} signal */
function passOn(signal) {
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
  if (working.size === 0) for (const signal of signals) process.on(signal, passOn);
  working.add(child);
  const status = await new Promise((resolve) => {
    child.on("error", () => resolve(1));
    child.on("close", (code) => resolve(code ?? 1));
  });
  working.delete(child);
  if (working.size === 0) for (const signal of signals) process.off(signal, passOn);
  if (received) throw new Interrupted(received);
  return status;
}

/** The exit code that shells give to a program ended by this signal. @param {NodeJS.Signals} signal */
export function exitCodeOf(signal) {
  return { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 }[/** @type {"SIGHUP"} */ (signal)] ?? 1;
}
