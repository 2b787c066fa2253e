// TypeScript that tools run: bundled with the library's sources into one file, without a type check, in milliseconds.
// So a cross-check or a benchmark always sees the sources as they are, not the last build.

import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { cache, nodeModules, root } from "./paths.mjs";
import { setup } from "./setup.mjs";

/**
 * @param {string} name of the bundled file
 * @param {string} entry a TypeScript file, relative to the root
 * @param {string} [source] the folder that "glassbox" stands for
 * @returns {Promise<any>} its exports
 */
export async function bundle(name, entry, source = join(root, "src")) {
  if (!existsSync(join(nodeModules, "esbuild"))) await setup();
  const { build } = await import("esbuild");
  const outfile = join(cache, "bundles", `${name}.cjs`);
  await build({
    entryPoints: [join(root, entry)],
    outfile,
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    sourcemap: "inline",
    logLevel: "error",
    external: ["@tensorflow/*", "fast-check"],
    alias: {
      glassbox: join(source, "index.ts"),
      "glassbox/reference": join(source, "reference/index.ts"),
    },
  });
  return createRequire(import.meta.url)(outfile);
}
