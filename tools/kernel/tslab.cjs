// The tslab that is about to start: process.argv[1] is its command.
const { createRequire } = require("node:module");
const { dirname, join } = require("node:path");
const { realpathSync } = require("node:fs");

const command = realpathSync(process.argv[1]);

/** Resolves as tslab itself would. */
const tslabRequire = createRequire(command);

/** The folder of tslab's own code. */
const tslabFolder = dirname(dirname(command));

module.exports = {
  tslabRequire,
  tslabFolder,
  tslabFile: (/** @type {string} */ name) => join(tslabFolder, "dist", name),
};
