/**
 * Plotly, cut down to what the course draws, minified, gzipped, in base64.
 *
 * The published plotly.js-dist is one function of ten megabytes, in which every module stands as
 * `var require_x = __commonJS({…})` and `lib/index.js` registers all fifty kinds of traces. Three small changes let
 * esbuild leave out what is not used: the modules become the top level of a file, their wrappers are marked as free
 * of side effects, and only our traces are registered. That makes 0.57 MB of 1.47 MB (gzipped). The package
 * plotly.js would allow the same by imports, for two hundred more packages in node_modules.
 *
 * The result is an immediately invoked function that assigns one global. As the UMD module it is published as, it
 * would register with require.js wherever a page has loaded that (nbconvert's own template does), and never appear.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";

/** Beside scatter, which is part of the core. */
export const TRACES = new Set(["bar", "heatmap", "histogram", "contour", "scatter3d", "surface"]);

const entry = createRequire(import.meta.url).resolve("plotly.js-dist");

export const plotlyVersion = JSON.parse(readFileSync(join(dirname(entry), "package.json"), "utf8")).version;

/** @returns {Promise<string>} */
export async function packedPlotly() {
  const { build } = await import("esbuild");
  const result = await build({
    stdin: { contents: onlyOurTraces(readFileSync(entry, "utf8")), resolveDir: dirname(entry) },
    bundle: true,
    minify: true,
    format: "iife",
    globalName: "GlassboxPlotly",
    target: "es2022",
    legalComments: "eof",
    write: false,
    logLevel: "error",
  });
  const licence = `/* plotly.js ${plotlyVersion}, MIT licence, https://plotly.com/javascript */\n`;
  return gzipSync(licence + result.outputFiles[0].text, { level: 9 }).toString("base64");
}

/** @param {string} source */
function onlyOurTraces(source) {
  const modules = between(source, "var Plotly = (() => {", "return require_index();");
  const registration = between(
    modules.slice(modules.lastIndexOf('"lib/index.js"')),
    "Plotly.register([",
    "]);",
  );
  const ours = [...registration.matchAll(/require_([a-z0-9]+?)\d*\(\)/g)]
    .filter(([, name]) => TRACES.has(name))
    .map(([call]) => call);
  if (ours.length !== TRACES.size) throw changed(`it registers ${ours.join(", ")}`);
  const pure = modules.replace(/= __(commonJS|esm)\(/g, "= /* @__PURE__ */ __$1(");
  return `${pure.replace(registration, ours.join(", "))}\nmodule.exports = require_index();`;
}

/** @param {string} text @param {string} open @param {string} close */
function between(text, open, close) {
  const start = text.indexOf(open) + open.length;
  const end = text.lastIndexOf(close);
  if (start < open.length || end < start) throw changed(`"${open}" … "${close}" is not in it`);
  // The registration list ends at the first close, the modules at the last.
  return text.slice(start, open.startsWith("Plotly.register") ? text.indexOf(close, start) : end);
}

/** @param {string} what */
function changed(what) {
  return new Error(
    `plotly.js-dist ${plotlyVersion} is not built the way tools/site/plotly.mjs expects: ${what}.`,
  );
}
