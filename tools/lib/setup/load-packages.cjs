// Do the npm packages in FOLDER/node_modules work? Loads the kernel as our kernelspec starts it, compiles a line with
// each compiler, sets a formula. Prints the files that took part, relative to node_modules, as JSON. Run in a process of
// its own: a native part that does not fit can take the process with it.
const { createRequire } = require("node:module");
const { dirname, join, relative, sep } = require("node:path");

const [folder, preload, asPackage] = process.argv.slice(2);
const load = createRequire(join(folder, "package.json"));
const nodeModules = asPackage ? dirname(folder) : join(folder, "node_modules");

// The preload finds tslab by the program's name.
process.argv[1] = join(nodeModules, "tslab/bin/tslab");
require(preload);
load("tslab/dist/main.js");
if (!asPackage) {
  load("typescript").transpile("const a: number = 1;");
  load("esbuild").transformSync("const a: number = 1;", { loader: "ts" });
}
load("katex").renderToString("x^2");

const files = Object.keys(require.cache)
  .map((file) => relative(nodeModules, file))
  .filter((file) => !file.startsWith(".."));
console.log(
  JSON.stringify(
    [...files, "tslab/bin/tslab", "typescript/lib/tsc.js"].map((file) => file.split(sep).join("/")),
  ),
);
