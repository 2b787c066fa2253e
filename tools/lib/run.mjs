// Running other programs: quietly into a log, with one line on the screen that says what goes on and how long it took.
import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { logs, root } from "./paths.mjs";

/**
 * @typedef {object} Outcome
 * @property {number} status exit code; 1 when the program could not be started
 * @property {string} output all it printed, both streams
 * @property {string} log the file that keeps the output
 */

/**
 * Run a program to its end and keep what it prints.
 * @param {string} name of the log file
 * @param {string} program
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, onText?: (text: string) => void }} [options]
 * @returns {Promise<Outcome>}
 */
export function run(name, program, args, { cwd = root, env = process.env, onText } = {}) {
  const log = join(logs, `${name}.log`);
  return new Promise((resolve) => {
    let output = "";
    const child = spawn(program, args, {
      cwd,
      env,
      stdio: ["ignore", "pipe", "pipe"],
      shell: needsShell(program),
    });
    const keep = (/** @type {Buffer} */ chunk) => {
      output += chunk.toString();
      onText?.(chunk.toString());
    };
    child.stdout.on("data", keep);
    child.stderr.on("data", keep);
    const finish = (/** @type {number} */ status) => {
      mkdirSync(logs, { recursive: true });
      writeFileSync(log, output);
      resolve({ status, output, log });
    };
    child.on("error", (error) => {
      output += error.message;
      finish(1);
    });
    child.on("close", (status) => finish(status ?? 1));
  });
}

/** On Windows npm is a batch file, which only a shell can start. @param {string} program */
function needsShell(program) {
  return process.platform === "win32" && /\.(cmd|bat)$/i.test(program);
}

/**
 * Announce a step, do it, and say how long it took.
 * @template T
 * @param {string} title
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function step(title, work) {
  const started = Date.now();
  const live = process.stdout.isTTY;
  if (live) process.stdout.write(`${title} … `);
  try {
    const result = await work();
    const seconds = `${((Date.now() - started) / 1000).toFixed(1)} s`;
    console.log(live ? seconds : `${title}: ${seconds}`);
    return result;
  } catch (error) {
    console.log(live ? "failed" : `${title}: failed`);
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
