// Does tfjs-node work here? Exits 0 when it does, otherwise says why on one line. Run in a process of its own, because
// a native library that does not fit can take the whole process with it. `--compute` also puts it to work; `--in FOLDER`
// looks in that node_modules.
const { createRequire } = require("node:module");
const { join } = require("node:path");
const util = require("node:util");

if (!("isNullOrUndefined" in util)) {
  // tfjs-node calls it; Node 23 removed it.
  Object.assign(util, {
    /** @param {unknown} value */
    isNullOrUndefined: (value) => value === null || value === undefined,
  });
}

const at = process.argv.indexOf("--in");
const load = at < 0 ? require : createRequire(join(process.argv[at + 1] ?? "", "any.js"));

try {
  load.resolve("@tensorflow/tfjs-node/package.json");
  const tf = load("@tensorflow/tfjs-node");
  if (process.argv.includes("--compute")) compute(tf);
} catch (error) {
  const { code, message } = /** @type {NodeJS.ErrnoException} */ (error);
  if (code === "MODULE_NOT_FOUND" && message.includes("tfjs-node/package.json")) {
    console.log("tfjs-node is not installed");
  } else if (/tfjs_binding\.node\) can not be found/.test(message)) {
    console.log("its native library is not built");
  } else {
    console.log(message.split("\n")[0]);
  }
  process.exitCode = 1;
}

/** A matrix product and a gradient whose values are known. @param {typeof import("@tensorflow/tfjs")} tf */
function compute(tf) {
  if (tf.getBackend() !== "tensorflow") throw new Error(`the backend is ${tf.getBackend()}, not tensorflow`);
  const left = tf.tensor2d([
    [1, 2],
    [3, 4],
  ]);
  const right = tf.tensor2d([
    [5, 6],
    [7, 8],
  ]);
  expect("a matrix product", left.matMul(right).dataSync(), [19, 22, 43, 50]);
  // d(x³)/dx = 3x²
  const cube = tf.grad((x) => x.pow(tf.scalar(3, "int32")).sum());
  expect("a gradient", cube(tf.tensor1d([1, 2, 3])).dataSync(), [3, 12, 27]);
}

/** @param {string} what @param {ArrayLike<number>} actual @param {number[]} expected */
function expect(what, actual, expected) {
  const same = expected.every((value, index) => Math.abs(value - (actual[index] ?? Number.NaN)) < 1e-4);
  if (!same) throw new Error(`${what} came out as ${Array.from(actual)}, not ${expected}`);
}
