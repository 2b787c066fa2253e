// TypeScript that tools run: bundled with the library's sources into one file, without a type check, in milliseconds.
// So a cross-check or a benchmark always sees the sources as they are, not the last build.
import { spawn } from "node:child_process";
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { cache, nodeModules, root } from "./paths.mjs";
import { setup } from "./setup.mjs";

/**
 * Bundles a TypeScript program and runs its `main` in a process of its own.
 * @param {string} name of the bundled file
 * @param {string} entry a TypeScript file, relative to the root, that exports `main(options)`, which resolves to how many
 *   things went wrong
 * @param {Record<string, unknown>} options for main; what JSON can hold
 * @returns {Promise<number>} the exit code: 1 when anything went wrong
 */
export async function runBundled(name, entry, options) {
  if (!existsSync(join(nodeModules, "esbuild"))) await setup();
  const { build } = await import("esbuild");
  // Of this process alone: two runs at once must not read what the other is writing.
  const outfile = join(cache, "bundles", `${name}-${process.pid}.cjs`);
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
      glassbox: join(root, "src/index.ts"),
      "glassbox/reference": join(root, "src/reference/index.ts"),
    },
  });
  const program = `require(${JSON.stringify(outfile)}).main(${JSON.stringify(options)})
    .then((wrong) => { process.exitCode = wrong > 0 ? 1 : 0; })
    .catch((error) => { console.error(error?.name?.endsWith("Error") ? error.message : error); process.exitCode = 1; })`;
  const child = spawn(process.execPath, ["--enable-source-maps", "-e", program], {
    cwd: root,
    stdio: ["ignore", "inherit", "pipe"],
  });
  let rest = "";
  child.stderr.setEncoding("utf8");
  child.stderr.on("data", (text) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) if (!GREETING.test(line)) process.stderr.write(`${line}\n`);
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      process.stderr.write(rest);
      resolve(code ?? 1);
    });
  }).finally(() => rmSync(outfile, { force: true }));
}

/** What TensorFlow's C library says on every load, before anybody could ask it not to. */
const GREETING = /All log messages before absl::InitializeLog|oneDNN custom operations are on/;
