// tfjs-node calls util.isNullOrUndefined, which Node 23 removed.
const util = require("node:util");

if (!("isNullOrUndefined" in util)) {
  Object.assign(util, {
    /** @param {unknown} value */
    isNullOrUndefined: (value) => value === null || value === undefined,
  });
}
