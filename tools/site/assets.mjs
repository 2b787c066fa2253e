/**
 * Builds what notebook outputs carry into a page, into dist/notebook/assets/:
 *   plotly.js.gz.b64   plotly, minified, gzipped, in base64: the page unpacks it with its own DecompressionStream
 *   figures.js         the script that draws figures (src/notebook/client/figures.ts)
 *   outputs.css        the styles of figures, sliders and tables
 *
 * Plotly becomes an immediately invoked function that assigns one global. As the UMD module it is published as, it
 * would register with require.js wherever a page has loaded that (nbconvert's own template does), and never appear.
 */
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const root = fileURLToPath(new URL("../..", import.meta.url));
const require = createRequire(import.meta.url);

/** @param {string} [out] the folder to write to; dist/notebook/assets of this checkout without it */
export async function buildAssets(out = join(root, "dist/notebook/assets")) {
  const { build } = await import("esbuild");
  const client = join(root, "src/notebook/client");
  mkdirSync(out, { recursive: true });

  const page = await build({
    entryPoints: [join(client, "figures.ts")],
    bundle: true,
    minify: true,
    format: "iife",
    target: "es2022",
    write: false,
    logLevel: "warning",
  });
  writeFileSync(join(out, "figures.js"), inlineable(page.outputFiles[0].text));
  copyFileSync(join(client, "outputs.css"), join(out, "outputs.css"));
  writeFileSync(join(out, "plotly.js.gz.b64"), await packedPlotly(build));
}

/**
 * Packing plotly takes seconds and its result changes only with its version: keep it outside dist/, which every build
 * empties.
 * @param {typeof import("esbuild").build} build
 */
async function packedPlotly(build) {
  const entry = require.resolve("plotly.js-dist");
  const { version } = JSON.parse(readFileSync(join(dirname(entry), "package.json"), "utf8"));
  const kept = join(root, "node_modules/.cache/glassbox", `plotly-${version}.js.gz.b64`);
  if (existsSync(kept)) return readFileSync(kept);
  const result = await build({
    entryPoints: [entry],
    bundle: true,
    minify: true,
    format: "iife",
    globalName: "GlassboxPlotly",
    target: "es2022",
    legalComments: "none",
    write: false,
    logLevel: "error",
  });
  const licence = `/* plotly.js ${version}, MIT licence, https://plotly.com/javascript */\n`;
  const packed = gzipSync(licence + result.outputFiles[0].text, { level: 9 }).toString("base64");
  mkdirSync(dirname(kept), { recursive: true });
  writeFileSync(kept, packed);
  return packed;
}

/** A script that stands inside HTML must not contain the text that would end it. @param {string} code */
function inlineable(code) {
  return code.replaceAll("</script", "<\\/script").replaceAll("<!--", "<\\!--");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildAssets();
