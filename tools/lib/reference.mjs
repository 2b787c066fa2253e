// Which TensorFlow.js backend the notebooks are checked against: native, WebAssembly or plain JavaScript.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { nodeModules } from "./paths.mjs";
import { Problem } from "./problem.mjs";
import { whyNotNative } from "./setup.mjs";

const offer = "npm run setup:tfjs-node makes it native.";

/** Say so before any work is done. @param {string | undefined} wish */
export function needKnownReference(wish) {
  if (wish !== undefined && !["node", "wasm", "cpu"].includes(wish)) {
    throw new Problem(`--reference takes node, wasm or cpu, not "${wish}".`);
  }
}

/**
 * Decide on a backend, in words for the reader and as a variable for the kernel.
 * @param {string | undefined} wish `node`, `wasm` or `cpu`; undefined: the fastest that loads
 * @returns {{ line: string, env: NodeJS.ProcessEnv }}
 */
export function chooseReference(wish) {
  if (wish === "wasm" || wish === "cpu") {
    return {
      line: `Reference: TensorFlow.js, ${titles[wish]}, as asked for.`,
      env: { GLASSBOX_REFERENCE: wish },
    };
  }
  const reason = whyNotNative();
  if (reason === undefined) {
    const why = wish === "node" ? "as asked for" : "it loads";
    return {
      line: `Reference: TensorFlow.js, ${titles.node}: ${why}.`,
      env: wish ? { GLASSBOX_REFERENCE: wish } : {},
    };
  }
  if (wish === "node") {
    throw new Problem(`The native TensorFlow.js (tfjs-node) does not load: ${reason}. ${offer}`);
  }
  const next = existsSync(join(nodeModules, "@tensorflow/tfjs-backend-wasm")) ? "wasm" : "cpu";
  return {
    line: `Reference: TensorFlow.js, ${titles[next]}, because native does not load (${reason}). ${offer}`,
    env: {},
  };
}

const titles = { node: "native (tfjs-node)", wasm: "WebAssembly", cpu: "plain JavaScript" };
