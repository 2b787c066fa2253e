// No output is lost. The kernel sends each message without waiting for the one before. zeromq.js allows 512 such sends
// in a session and then refuses: printed lines go missing and cells never end. Without a high-water mark there is no
// limit to run into. The options must be set before the socket is bound.
const { tslabRequire } = require("./tslab.cjs");

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
