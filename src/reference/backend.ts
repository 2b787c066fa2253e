/*
 * Which TensorFlow.js to ask. Three are tried, the fastest first: the native library (tfjs-node), WebAssembly,
 * plain JavaScript. All three compute in float32, with code that shares nothing with ours.
 */
import { createRequire } from "node:module";
import type * as TensorFlowNamespace from "@tensorflow/tfjs";
import { GlassboxError, ValueError } from "../index";
import { oneOf, requireOptions } from "../numbers/options";

/** The whole of TensorFlow.js, as `import * as tf` would give it. */
export type TensorFlow = typeof TensorFlowNamespace;

/** Who computes: the native TensorFlow library, WebAssembly, or plain JavaScript. */
export type BackendName = "node" | "wasm" | "cpu";

/** TensorFlow.js, loaded and ready. */
export interface Reference {
  /** The library itself: `const { tf } = await loadReference()`, then write TensorFlow.js code. */
  readonly tf: TensorFlow;
  readonly backend: BackendName;
  /** For captions: "TensorFlow.js 4.22.0, native, float32". */
  readonly label: string;
  /** Why this backend and not a faster one, in one sentence. */
  readonly why: string;
}

/** The reference could not be loaded, or was asked before it was loaded. */
export class BackendError extends GlassboxError {}

const BACKENDS: readonly BackendName[] = ["node", "wasm", "cpu"];
const REGISTERED: Record<BackendName, string> = { node: "tensorflow", wasm: "wasm", cpu: "cpu" };
const WORDS: Record<BackendName, string> = { node: "native", wasm: "WebAssembly", cpu: "plain JavaScript" };

// Compiled to CommonJS and, under test, run as a module: a require of our own works in both.
const load = createRequire(__filename);

let loaded: Reference | undefined;

/**
 * Loads TensorFlow.js: native where it loads, else WebAssembly, else plain JavaScript.
 * @param options `backend` forces one; so does the environment variable GLASSBOX_REFERENCE=node|wasm|cpu
 * @throws BackendError when a forced backend does not load: a forced choice never falls back
 */
export async function loadReference(options: { readonly backend?: BackendName } = {}): Promise<Reference> {
  requireOptions<{ backend?: BackendName }>("loadReference", options, { backend: oneOf(...BACKENDS) });
  const forced = options.backend ?? (process.env.GLASSBOX_REFERENCE || undefined);
  if (forced !== undefined) return loadForced(forced, options.backend === undefined);
  if (loaded !== undefined && loaded.tf.getBackend() === REGISTERED[loaded.backend]) return loaded;

  const reasons: string[] = [];
  for (const backend of BACKENDS) {
    try {
      const tf = await start(backend);
      const why =
        reasons.length === 0 ? "the fastest of the three, and it loads" : `${reasons.join("; ")}. ${ADVICE}`;
      loaded = describeReference(tf, backend, why);
      return loaded;
    } catch (error) {
      reasons.push(`${WORDS[backend]} does not load: ${firstLine(error)}`);
    }
  }
  throw new BackendError(
    `loadReference: no TensorFlow.js backend loads. ${reasons.join("; ")}. Try npm install.`,
  );
}

/**
 * The reference that `loadReference` chose.
 * @throws BackendError before it has been loaded
 */
export function reference(): Reference {
  if (loaded === undefined) {
    throw new BackendError(
      "The reference is not loaded yet. Run `const { tf } = await loadReference()` once, before the first comparison.",
    );
  }
  return loaded;
}

const ADVICE = "npm run setup:tfjs-node makes the native one work.";

async function loadForced(forced: string, byEnvironment: boolean): Promise<Reference> {
  const backend = BACKENDS.find((name) => name === forced);
  const origin = byEnvironment ? "GLASSBOX_REFERENCE" : "loadReference";
  if (backend === undefined) {
    throw new ValueError(`${origin}: expected "node", "wasm" or "cpu", got ${JSON.stringify(forced)}.`);
  }
  const why = byEnvironment ? `forced by GLASSBOX_REFERENCE=${backend}` : "asked for by name";
  try {
    const tf = await start(backend);
    loaded = describeReference(tf, backend, why);
    return loaded;
  } catch (error) {
    const advice = backend === "node" ? ` ${ADVICE}` : "";
    throw new BackendError(
      `${origin}: the ${WORDS[backend]} backend was asked for and does not load: ${firstLine(error)}.${advice}`,
    );
  }
}

function describeReference(tf: TensorFlow, backend: BackendName, why: string): Reference {
  return { tf, backend, label: `TensorFlow.js ${tf.version.tfjs}, ${WORDS[backend]}, float32`, why };
}

async function start(backend: BackendName): Promise<TensorFlow> {
  const tf: TensorFlow = backend === "node" ? loadNative() : load("@tensorflow/tfjs");
  if (backend === "wasm") load("@tensorflow/tfjs-backend-wasm"); // registers itself
  // The plain backend greets its first use with an advertisement for another package.
  const plain = tf.findBackend("cpu") as { firstUse?: boolean } | null;
  if (plain !== null) plain.firstUse = false;
  if (!(await tf.setBackend(REGISTERED[backend]))) throw new Error("it does not initialise");
  await tf.ready();
  return tf;
}

function loadNative(): TensorFlow {
  // It logs while it loads. Set before, and only where nobody chose otherwise.
  process.env.TF_CPP_MIN_LOG_LEVEL ??= "3";
  // Node 23 removed a function that tfjs-node calls.
  const util = load("node:util") as { isNullOrUndefined?: (value: unknown) => boolean };
  util.isNullOrUndefined ??= (value) => value === null || value === undefined;
  return load("@tensorflow/tfjs-node");
}

function firstLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return (message.split("\n")[0] ?? message).replace(/[.:]?\s*$/, "");
}
