// Exits 0 when tfjs-node loads here; otherwise says why on one line. Run in a process of its own, because a native
// library that does not fit can take the whole process with it.
const util = require("node:util");

if (!("isNullOrUndefined" in util)) {
  Object.assign(util, {
    /** @param {unknown} value */
    isNullOrUndefined: (value) => value === null || value === undefined,
  });
}

try {
  require.resolve("@tensorflow/tfjs-node/package.json");
  require("@tensorflow/tfjs-node");
} catch (error) {
  const { code, message } = /** @type {NodeJS.ErrnoException} */ (error);
  if (code === "MODULE_NOT_FOUND" && message.includes("tfjs-node/package.json")) {
    console.log("tfjs-node is not installed");
  } else if (/napi-v\d+.*tfjs_binding/s.test(message)) {
    console.log("its native library is not built");
  } else {
    console.log(message.split("\n")[0]);
  }
  process.exitCode = 1;
}
