// Tests against TensorFlow.js run once a backend: native, WebAssembly, plain JavaScript. A newcomer meets whichever of
// them loads, so all three are held to the same. Only the native one may be missing: then its tests are skipped, and
// say so; where it is owed (CI, or GLASSBOX_REQUIRE_NATIVE=1) they fail.
import { type BackendName, loadReference } from "glassbox/reference";
import { beforeAll, describe } from "vitest";
import { whyNotNative } from "../../tools/lib/setup.mjs";

const owed = Boolean(process.env.CI || process.env.GLASSBOX_REQUIRE_NATIVE);
const missing = owed ? undefined : whyNotNative();
if (missing !== undefined) console.warn(`Skipped against the native TensorFlow.js: ${missing}`);

/** `describe`, once a backend, with that backend loaded before the first test. */
export function describeOnEachBackend(title: string, body: (backend: BackendName) => void): void {
  for (const backend of ["node", "wasm", "cpu"] as const) {
    describe.skipIf(backend === "node" && missing !== undefined)(`${title}, on ${backend}`, () => {
      beforeAll(async () => {
        await loadReference({ backend });
      });
      body(backend);
    });
  }
}
