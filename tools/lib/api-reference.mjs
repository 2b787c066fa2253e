// The API reference: typedoc's pages, made from the docstrings, made anew only when the sources have changed.
import { cpSync, existsSync } from "node:fs";
import { join } from "node:path";
import { cache, nodeModules, root } from "./paths.mjs";
import { Problem } from "./problem.mjs";
import { run, step, tail } from "./run.mjs";
import { discard, freshFolder, replaceFolder } from "./setup/fresh.mjs";
import { fingerprint, isStamped, stamp } from "./stamp.mjs";

const made = join(cache, "api");
const stampFile = join(cache, "api.stamp");

/**
 * Put the reference into `site`/api.
 * @param {string} site
 * @param {boolean} current make it anew when the sources have changed; otherwise any that is there will do
 */
export async function writeApiReference(site, current) {
  const sources = fingerprint([
    join(root, "src"),
    join(root, "typedoc.json"),
    join(root, "package-lock.json"),
  ]);
  if (!existsSync(made) || (current && !isStamped(stampFile, sources))) {
    await step("Writing the API reference", async () => {
      // Beside its place, and moved there whole: an interrupted typedoc leaves the old reference as it was.
      const fresh = freshFolder("api", join(cache, "new"));
      try {
        const typedoc = join(nodeModules, "typedoc/bin/typedoc");
        const args = [typedoc, "--out", fresh, "--logLevel", "Warn"];
        const { status, output, log } = await run("api", process.execPath, args, { cwd: root });
        if (status !== 0)
          throw new Problem(`The API reference failed:\n${tail(output, 30)}\nAll of it: ${log}`);
        replaceFolder(fresh, made);
      } finally {
        discard(fresh);
      }
    });
    stamp(stampFile, sources);
  }
  cpSync(made, join(site, "api"), { recursive: true });
}
