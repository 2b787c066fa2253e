/**
 * What makes an exported page run its own cells (see docs/pages.md), into one folder:
 *   live.js, live.css   the buttons, the comparison with the stored outputs; runs as the page opens, and is small
 *   thread.gz.b64       the thread that runs cells: the library, the notebook side, the eraser of types
 *   editor.gz.b64       the editor
 *   carried.json        the names of the packages in them, for the list of licences
 *   tensorflow.gz.b64   TensorFlow.js with its plain backend, and the reference; only pages that use it carry it
 *   digits.gz.b64       the handwritten digits; only pages that use them carry them
 * The packed parts are unpacked when they are first needed.
 */
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const root = fileURLToPath(new URL("../..", import.meta.url));
const live = join(root, "src/page/live");

/** What needs Node in a kernel has a twin for the page. By the file that is imported, relative to src/. */
const TWINS = new Map([
  ["notebook/assets", "assets.ts"],
  ["notebook/still/still", "still.ts"],
  ["notebook/source-index", "sources.ts"],
  ["reference/backend", "backend.ts"],
  ["datasets/handwritten-digits-data", "digits.ts"],
  ["notebook/texts", "texts.ts"],
]);

/** Parts of the eraser of types that erasing types does not need: other languages, other module systems, source maps. */
const UNNEEDED =
  /[\\/](?:JSXTransformer|FlowTransformer|JestHoistTransformer|React\w+Transformer|CJSImport(?:Transformer|Processor)|computeSourceMap|Options)$/;

/** @type {import("esbuild").Plugin} */
const onlyTypes = {
  name: "only types",
  setup(build) {
    build.onResolve({ filter: UNNEEDED }, ({ importer, path }) =>
      /[\\/]sucrase[\\/]/.test(importer) ? { path, namespace: "unneeded" } : undefined,
    );
    build.onLoad({ filter: /.*/, namespace: "unneeded" }, () => ({
      contents:
        "export default class {} export const validateOptions = () => {}, startsWithLowerCase = () => false;",
    }));
  },
};

/** @type {import("esbuild").Plugin} */
const twins = {
  name: "twins",
  setup(build) {
    build.onResolve({ filter: /^\./ }, ({ path, resolveDir, importer }) => {
      if (dirname(importer) === live && basename(importer) !== "thread.ts") return undefined;
      const wanted = join(resolveDir, path).slice(join(root, "src/").length).replaceAll("\\", "/");
      const twin = TWINS.get(wanted);
      return twin === undefined ? undefined : { path: join(live, twin) };
    });
  },
};

/** The part with TensorFlow.js meets the one library that the thread already has: `instanceof` holds across them. */
/** @type {import("esbuild").Plugin} */
const oneLibrary = {
  name: "one library",
  setup(build) {
    const entry = join(root, "src/index");
    build.onResolve({ filter: /^\.\.?(\/|$)/ }, ({ path, resolveDir }) => {
      const wanted = join(resolveDir, path).replace(/\/$/, "");
      return wanted === entry || wanted === dirname(entry)
        ? { path: "glassbox", namespace: "shared" }
        : undefined;
    });
    build.onLoad({ filter: /.*/, namespace: "shared" }, () => ({
      contents: "module.exports = globalThis.__glassbox;",
      loader: "js",
    }));
  },
};

/** @param {string} out */
export async function buildLive(out) {
  mkdirSync(out, { recursive: true });
  const define = {
    SOURCE_INDEX: JSON.stringify(await sourceIndex()),
    "process.env.GLASSBOX_REFERENCE": '""',
  };
  const client = await bundle("index.ts", { format: "iife" });
  writeFileSync(
    join(out, "live.js"),
    client.replaceAll("</script", "<\\/script").replaceAll("<!--", "<\\!--"),
  );
  copyFileSync(join(live, "live.css"), join(out, "live.css"));
  writeFileSync(
    join(out, "thread.gz.b64"),
    pack(await bundle("thread.ts", { format: "iife", plugins: [twins, onlyTypes], define })),
  );
  writeFileSync(join(out, "digits.gz.b64"), pack(await digits()));
  writeFileSync(
    join(out, "editor.gz.b64"),
    pack(await bundle("editor.ts", { format: "esm", loader: { ".css": "text" } })),
  );
  const tensorflow = await bundle("tensorflow.ts", { format: "esm", plugins: [oneLibrary, twins], define });
  writeFileSync(join(out, "tensorflow.gz.b64"), pack(tensorflow));
  writeFileSync(join(out, "carried.json"), JSON.stringify([...carried].sort()));
}

/** The digits as they stand in the library. */
async function digits() {
  const text = await readFile(join(root, "src/datasets/handwritten-digits-data.ts"), "utf8");
  const [, lines] = /** @type {RegExpExecArray} */ (/DIGITS = `([^`]*)`/.exec(text));
  return lines.trim();
}

/** Every entry that `sourceOf` can be asked for: what the library exports, and the members of its classes. */
async function sourceIndex() {
  const { build } = await import("esbuild");
  const folder = join(root, "src/notebook");
  const bundled = await build({
    stdin: {
      contents:
        'export { librarySources, sourceOf } from "./source-index"; export * as library from "../index";',
      resolveDir: folder,
    },
    bundle: true,
    platform: "node",
    format: "cjs",
    define: { __dirname: JSON.stringify(folder) },
    write: false,
    logLevel: "error",
  });
  const module = { exports: /** @type {any} */ ({}) };
  new Function("module", "exports", "require", bundled.outputFiles[0].text)(
    module,
    module.exports,
    createRequire(import.meta.url),
  );
  const { library, librarySources, sourceOf } = module.exports;
  const members = Object.entries(library).flatMap(([owner, value]) =>
    typeof value === "function" && value.prototype
      ? [...Object.getOwnPropertyNames(value.prototype), ...Object.getOwnPropertyNames(value)]
          .filter((name) => !["constructor", "length", "name", "prototype"].includes(name))
          .map((name) => `${owner}.${name}`)
      : [],
  );
  const known = members.flatMap((name) => {
    try {
      return [sourceOf(name)];
    } catch {
      return []; // written in another class, which it extends
    }
  });
  return [...librarySources(), ...known];
}

/** The packages that have come into any bundle: their licences travel with the page. @type {Set<string>} */
const carried = new Set();

/** @param {string} entry @param {import("esbuild").BuildOptions} options */
async function bundle(entry, options) {
  const { build } = await import("esbuild");
  const result = await build({
    entryPoints: [join(live, entry)],
    bundle: true,
    minify: true,
    // Errors are told by their class's name.
    keepNames: entry !== "index.ts",
    target: "es2022",
    platform: "browser",
    legalComments: "none",
    metafile: true,
    write: false,
    logLevel: "error",
    ...options,
  });
  for (const file of Object.keys(/** @type {import("esbuild").Metafile} */ (result.metafile).inputs)) {
    const name = /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1];
    if (name) carried.add(name);
  }
  return /** @type {import("esbuild").OutputFile[]} */ (result.outputFiles)[0].text;
}

/** @param {string} text */
function pack(text) {
  return gzipSync(text, { level: 9 }).toString("base64");
}
