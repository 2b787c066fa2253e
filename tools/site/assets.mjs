/**
 * Builds what notebook outputs carry into a page, into dist/notebook/assets/:
 *   plotly.js.gz.b64   plotly, packed: the page unpacks it with its own DecompressionStream (see plotly.mjs)
 *   figures.js         the script that draws figures (src/page/figures.ts)
 *   outputs.css        the styles of figures, sliders and tables
 *   weights-by-hand.js the nine sliders (src/page/weights-by-hand.ts)
 *   playground.js/.css the playground: the library, its training thread and its controls (src/page/playground)
 *   writer.js/.css     a network that writes, and the thread in which it does (src/page/writer)
 */
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { packedPlotly, plotlyVersion } from "./plotly.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** @param {string} [out] the folder to write to; dist/notebook/assets of this checkout without it */
export async function buildAssets(out = join(root, "dist/notebook/assets")) {
  const client = join(root, "src/page");
  mkdirSync(out, { recursive: true });

  writeFileSync(join(out, "figures.js"), inlineable(await bundle(join(client, "figures.ts"))));
  copyFileSync(join(client, "outputs.css"), join(out, "outputs.css"));
  writeFileSync(
    join(out, "weights-by-hand.js"),
    inlineable(await bundle(join(client, "weights-by-hand.ts"))),
  );
  for (const widget of ["playground", "writer"]) {
    // The thread's code travels as a string inside the page's: a file of its own could not be opened from disk.
    const thread = await bundle(join(client, widget, "worker.ts"));
    const page = await bundle(join(client, widget, "index.ts"), { WORKER_CODE: JSON.stringify(thread) });
    writeFileSync(join(out, `${widget}.js`), inlineable(page));
    const styles = [join(client, "widgets.css"), join(client, widget, `${widget}.css`)];
    writeFileSync(join(out, `${widget}.css`), styles.map((file) => readFileSync(file, "utf8")).join("\n"));
  }
  writeFileSync(join(out, "plotly.js.gz.b64"), await keptPlotly());
}

/** One minified script. @param {string} entry @param {Record<string, string>} [define] */
async function bundle(entry, define = {}) {
  const { build } = await import("esbuild");
  const result = await build({
    entryPoints: [entry],
    bundle: true,
    minify: true,
    format: "iife",
    target: "es2022",
    define,
    write: false,
    logLevel: "warning",
  });
  return result.outputFiles[0].text;
}

/**
 * Packing plotly takes seconds, and its result changes only with its version and our recipe: keep it outside dist/,
 * which every build replaces.
 */
async function keptPlotly() {
  const recipe = createHash("sha256")
    .update(readFileSync(new URL("plotly.mjs", import.meta.url)))
    .digest("hex");
  const kept = join(
    root,
    "node_modules/.cache/glassbox",
    `plotly-${plotlyVersion}-${recipe.slice(0, 8)}.js.gz.b64`,
  );
  if (existsSync(kept)) return readFileSync(kept);
  const packed = await packedPlotly();
  mkdirSync(dirname(kept), { recursive: true });
  writeFileSync(`${kept}.${process.pid}`, packed);
  renameSync(`${kept}.${process.pid}`, kept);
  return packed;
}

/** A script that stands inside HTML must not contain the text that would end it. @param {string} code */
function inlineable(code) {
  return code.replaceAll("</script", "<\\/script").replaceAll("<!--", "<\\!--");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildAssets();
