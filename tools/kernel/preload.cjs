// Loaded into the kernel before tslab starts (node --require). Two cures, neither of which touches tslab's files.
const { createRequire } = require("node:module");
const util = require("node:util");

// 1. Lost output. The kernel sends each message without waiting for the one before. zeromq.js allows 512 such sends
//    in a session and then refuses: printed lines go missing and cells never end. Without a high-water mark there
//    is no limit to run into. The options must be set before the socket is bound.
const tslabRequire = createRequire(process.argv[1]);
const { Publisher } = tslabRequire("zeromq");
const { bind } = Publisher.prototype;
Object.defineProperty(Publisher.prototype, "bind", {
  configurable: true,
  writable: true,
  /** @this {{ sendHighWaterMark: number, sendTimeout: number }} @param {unknown[]} args */
  value(...args) {
    this.sendHighWaterMark = 0;
    this.sendTimeout = 0;
    return bind.apply(this, args);
  },
});

// 2. tfjs-node calls util.isNullOrUndefined, which Node 23 removed.
if (!("isNullOrUndefined" in util)) {
  Object.assign(util, {
    /** @param {unknown} value */
    isNullOrUndefined: (value) => value === null || value === undefined,
  });
}
