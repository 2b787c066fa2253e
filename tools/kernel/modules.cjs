// A notebook anywhere on the disk can import glassbox and TensorFlow.js: what its own folders do not have is looked for
// where Glassbox is installed. The compiler does the same in compiler.cjs.
const Module = require("node:module");
const { basename, dirname, join } = require("node:path");

const root = join(__dirname, "../..");
// As a package we lie in the folder where the others are.
const installed = basename(dirname(root)) === "node_modules" ? dirname(root) : join(root, "node_modules");

const own = process.env.NODE_PATH;
process.env.NODE_PATH = own ? `${own}${process.platform === "win32" ? ";" : ":"}${installed}` : installed;
// Node reads the variable at its start only; this is how it reads it. Processes that a cell starts do not inherit it.
/** @type {any} */ (Module)._initPaths();
if (own === undefined) delete process.env.NODE_PATH;
else process.env.NODE_PATH = own;

module.exports = { installed };
