// The library, compiled: src/ to dist/, with what the pages need.
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { licencesForPages } from "../licences.mjs";
import * as paths from "../paths.mjs";
import { Problem } from "../problem.mjs";
import { run, step } from "../run.mjs";
import { embedSimd } from "../simd.mjs";
import { fingerprint, isStamped, stamp } from "../stamp.mjs";
import { discard, freshFolder, replaceFolder } from "./fresh.mjs";

const typeface = join(paths.nodeModules, "@fontsource-variable/source-serif-4");
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
    join(paths.root, "tools/lib/licences.mjs"),
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
      mkdirSync(join(fresh, "fonts"));
      for (const style of ["normal", "italic"]) {
        const file = `source-serif-4-latin-wght-${style}.woff2`;
        copyFileSync(join(typeface, "files", file), join(fresh, "fonts", file));
      }
      // What an exported page says at its foot. It lies with the build, because a package has no other place for it.
      writeFileSync(join(fresh, "licences.json"), JSON.stringify(licencesForPages(fresh)));
      stamp(join(fresh, ".glassbox-stamp"), wanted, essentials);
      replaceFolder(fresh, paths.dist);
    } finally {
      discard(fresh);
    }
  });
}
