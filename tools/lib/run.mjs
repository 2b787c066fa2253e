// Running other programs: quietly into a log, with one line on the screen that says what goes on and how long it took.
import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { untilEnd } from "./interrupt.mjs";
import { logs, root } from "./paths.mjs";
import { DiskFull, isFull } from "./problem.mjs";

/**
 * @typedef {object} Outcome
 * @property {number} status exit code; 1 when the program could not be started
 * @property {string} output all it printed, both streams
 * @property {string} log the file that keeps the output, or why there is none
 */

/**
 * Run a program to its end and keep what it prints.
 * @param {string} name of the log file
 * @param {string} program
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, onText?: (text: string) => void }} [options]
 * @returns {Promise<Outcome>}
 */
export async function run(name, program, args, { cwd = root, env = process.env, onText } = {}) {
  const child = spawn(program, args, {
    cwd,
    env,
    stdio: ["ignore", "pipe", "pipe"],
    shell: needsShell(program),
  });
  let output = "";
  const keep = (/** @type {Buffer} */ chunk) => {
    output += chunk.toString();
    onText?.(chunk.toString());
  };
  child.stdout.on("data", keep);
  child.stderr.on("data", keep);
  child.on("error", (error) => {
    output += error.message;
  });
  const status = await untilEnd(child);
  if (status !== 0 && isFull(output)) throw new DiskFull();
  return { status, output, log: writeLog(name, output) };
}

/** A log is a help, not a duty: where it cannot be written, the command goes on. @param {string} name @param {string} output */
function writeLog(name, output) {
  const log = join(logs, `${name}.log`);
  try {
    mkdirSync(logs, { recursive: true });
    writeFileSync(log, output);
    return log;
  } catch (error) {
    return `(no log: ${/** @type {Error} */ (error).message})`;
  }
}

/** On Windows npm is a batch file, which only a shell can start. @param {string} program */
function needsShell(program) {
  return process.platform === "win32" && /\.(cmd|bat)$/i.test(program);
}

/** The step whose line stands on the screen and waits for its time. */
let open = "";

/**
 * Announce a step, do it, and say how long it took. Several may go on at a time: whose line is no longer the last gets
 * another for its end.
 * @template T
 * @param {string} title
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function step(title, work) {
  const started = Date.now();
  const live = process.stdout.isTTY;
  if (live) process.stdout.write(`${open && "\n"}${title} … `);
  if (live) open = title;
  const end = (/** @type {string} */ outcome) => {
    console.log(live && open === title ? outcome : `${open && "\n"}${title}: ${outcome}`);
    open = "";
  };
  try {
    const result = await work();
    end(`${((Date.now() - started) / 1000).toFixed(1)} s`);
    return result;
  } catch (error) {
    end("failed");
    throw error;
  }
}

/** Did this output come from a registry that could not be reached? @param {string} output */
export function looksOffline(output) {
  return /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ENETUNREACH|EHOSTUNREACH|ETIMEDOUT|ERR_SOCKET_TIMEOUT|NewConnectionError|Failed to establish a new connection|name resolution|Network is unreachable|Connection refused|Read timed out|ConnectTimeoutError|Max retries exceeded|ProxyError/i.test(
    output,
  );
}

/** The last lines of an output, for an error message. @param {string} output @param {number} [count] */
export function tail(output, count = 12) {
  return output.trimEnd().split("\n").slice(-count).join("\n");
}
