// The library, compiled: src/ to dist/, with what the pages need.
import { join } from "node:path";
import * as paths from "../paths.mjs";
import { Problem } from "../problem.mjs";
import { run, step } from "../run.mjs";
import { embedSimd } from "../simd.mjs";
import { fingerprint, isStamped, stamp } from "../stamp.mjs";
import { freshFolder, remove, replaceFolder } from "./fresh.mjs";

const buildStamp = join(paths.dist, ".glassbox-stamp");
const buildFingerprint = () =>
  fingerprint([
    join(paths.root, "src"),
    join(paths.root, "tsconfig.json"),
    join(paths.root, "tsconfig.base.json"),
    join(paths.nodeModules, "typescript/package.json"),
    join(paths.nodeModules, "plotly.js-dist/package.json"),
    join(paths.root, "tools/site/assets.mjs"),
    join(paths.root, "tools/site/plotly.mjs"),
    join(paths.root, "tools/site/live.mjs"),
  ]);

/** What the notebooks import. */
const essentials = ["", "notebook/", "reference/"].flatMap((room) => [
  `${room}index.js`,
  `${room}index.d.ts`,
]);

export function isLibraryReady() {
  return isStamped(buildStamp, buildFingerprint());
}

/** src/ to dist/, compiled beside it and moved: a build that fails leaves the old one. @param {boolean} [force] */
export async function buildLibrary(force = false) {
  await embedSimd();
  const wanted = buildFingerprint();
  if (!force && isStamped(buildStamp, wanted)) return;
  await step("Compiling the library", async () => {
    const fresh = freshFolder("dist");
    try {
      // The kernel package brings a `tsc` of its own (5.0.4) that can win the name node_modules/.bin/tsc: call ours by path.
      const project = ["--project", join(paths.root, "tsconfig.json"), "--outDir", fresh];
      const { status, output } = await run("build", process.execPath, [paths.typescriptCompiler, ...project]);
      if (status !== 0) throw new Problem(`The library does not compile:\n${output.trimEnd()}`);
      const { buildAssets } = await import("../../site/assets.mjs");
      await buildAssets(join(fresh, "notebook/assets"));
      const { buildLive } = await import("../../site/live.mjs");
      await buildLive(join(fresh, "live"));
      stamp(join(fresh, ".glassbox-stamp"), wanted, essentials);
      replaceFolder(fresh, paths.dist);
    } finally {
      remove(fresh);
    }
  });
}
