/**
 * The reference inside a page, in the place of `src/reference/backend.ts`: TensorFlow.js with its plain JavaScript
 * backend, the one that needs neither a file nor a network. The same names, the same words.
 */
import * as plain from "@tensorflow/tfjs-backend-cpu";
import * as core from "@tensorflow/tfjs-core";
import * as layers from "@tensorflow/tfjs-layers";
import { GlassboxError } from "../../index";
import type { BackendName, Reference, TensorFlow } from "../../reference/backend";

export type { BackendName, Reference, TensorFlow } from "../../reference/backend";

/** The reference could not be loaded, or was asked before it was loaded. */
export class BackendError extends GlassboxError {}

/** The parts of TensorFlow.js that a page carries, under the names that the whole has. */
export const tf = {
  ...core,
  ...layers,
  version: { tfjs: core.version_core, "tfjs-backend-cpu": plain.version_cpu },
} as unknown as TensorFlow;

let loaded: Reference | undefined;

export async function loadReference(options: { readonly backend?: BackendName } = {}): Promise<Reference> {
  if (options.backend !== undefined && options.backend !== "cpu") {
    throw new BackendError(
      `loadReference: a page carries the plain JavaScript backend ("cpu") only; "${options.backend}" needs the notebook itself.`,
    );
  }
  if (loaded) return loaded;
  const backend = tf.findBackend("cpu") as { firstUse?: boolean } | null;
  if (backend !== null) backend.firstUse = false;
  await tf.setBackend("cpu");
  await tf.ready();
  const label = `TensorFlow.js ${tf.version.tfjs}, plain JavaScript, float32`;
  loaded = { tf, backend: "cpu", label, why: "inside a page there is no other" };
  return loaded;
}

export function reference(): Reference {
  if (loaded) return loaded;
  throw new BackendError(
    "The reference is not loaded yet. Run `const { tf } = await loadReference()` once, before the first comparison.",
  );
}
