// Which TensorFlow.js backend the notebooks are checked against: native, WebAssembly or plain JavaScript.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cache, canBeWritten, nodeModules, tfjsNode } from "./paths.mjs";
import { Problem } from "./problem.mjs";
import { alone } from "./setup/lock.mjs";
import { makeNative } from "./setup/make-native.mjs";
import { whyNotNative } from "./setup.mjs";
import { fingerprint } from "./stamp.mjs";

/** @typedef {"node" | "wasm" | "cpu"} Reference */

const offer = "npm run setup:tfjs-node tries again.";

/** Why the native reference could not be made, and when. The file goes when it can. */
const refusalFile = join(cache, "native-refused.json");
/** How long a refusal is taken for an answer, in milliseconds: a day. */
const MEMORY = 86_400_000;

/**
 * Make the reference native where it is not. A refusal is remembered for a day: a reader without a network should not
 * wait for it at each start.
 * @param {{ again?: boolean }} [options] `again`: try whatever came of it before
 * @throws {Problem} why it cannot be
 */
export async function makeReferenceNative({ again = false } = {}) {
  if (whyNotNative("--compute") === undefined) return;
  if (!canBeWritten(nodeModules)) throw new Problem(`${nodeModules} cannot be written`);
  await alone(async () => {
    if (whyNotNative("--compute") === undefined) return;
    const refusal = again ? undefined : rememberedRefusal();
    if (refusal) throw new Problem(refusal);
    rmSync(refusalFile, { force: true });
    try {
      await makeNative();
    } catch (error) {
      if (error instanceof Problem) remember(error.message);
      throw error;
    }
  });
}

/** What a refusal depends on, besides the network. */
const here = () =>
  fingerprint([join(tfjsNode, "package.json")], [process.version, process.platform, process.arch]);

function rememberedRefusal() {
  try {
    const { reason, when, where } = JSON.parse(readFileSync(refusalFile, "utf8"));
    return where === here() && Date.now() - when < MEMORY ? String(reason) : undefined;
  } catch {
    return undefined;
  }
}

/** @param {string} reason */
function remember(reason) {
  try {
    mkdirSync(cache, { recursive: true });
    writeFileSync(refusalFile, JSON.stringify({ reason, when: Date.now(), where: here() }));
  } catch {
    // It saves time tomorrow; a full disk does not stop the work today.
  }
}

/** Say so before any work is done. @param {string | undefined} wish @param {string} [where] it was wished */
export function needKnownReference(wish, where = "--reference") {
  if (wish !== undefined && !["node", "wasm", "cpu"].includes(wish)) {
    throw new Problem(`${where} takes node, wasm or cpu, not "${wish}".`);
  }
}

/**
 * Decide on a backend, in words for the reader and as a variable for the kernel. Native, unless asked otherwise: where it
 * is not yet, it is made.
 * @param {string | undefined} [option] `node`, `wasm` or `cpu`; undefined: what GLASSBOX_REFERENCE says; neither: native, or
 *   the fastest that loads
 * @returns {Promise<{ name: Reference, line: string, env: NodeJS.ProcessEnv }>}
 */
export async function chooseReference(option) {
  const wish = option ?? (process.env.GLASSBOX_REFERENCE || undefined);
  needKnownReference(wish, option === undefined ? "GLASSBOX_REFERENCE" : "--reference");
  if (wish === "wasm" || wish === "cpu") {
    return {
      name: wish,
      line: `Reference: TensorFlow.js, ${titles[wish]}, as asked for.`,
      env: { GLASSBOX_REFERENCE: wish },
    };
  }
  try {
    await makeReferenceNative();
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const reason = error.message.replace(/\s*\n\s*/g, " ").replace(/\.$/, "");
    if (wish === "node")
      throw new Problem(`The native TensorFlow.js (tfjs-node) cannot be had: ${reason}. ${offer}`);
    const next = existsSync(join(nodeModules, "@tensorflow/tfjs-backend-wasm")) ? "wasm" : "cpu";
    return {
      name: next,
      line: `Reference: TensorFlow.js, ${titles[next]}, because native cannot be had: ${reason}. ${offer}`,
      env: {},
    };
  }
  return {
    name: "node",
    line: `Reference: TensorFlow.js, ${titles.node}${wish ? ", as asked for" : ""}.`,
    env: wish ? { GLASSBOX_REFERENCE: wish } : {},
  };
}

const titles = { node: "native (tfjs-node)", wasm: "WebAssembly", cpu: "plain JavaScript" };
