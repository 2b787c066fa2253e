// Whatever a cell starts stays that cell's: what it prints later appears under it, and an error that nobody catches is
// reported under it, as an error of that cell.
const { AsyncLocalStorage } = require("node:async_hooks");
const { numberCellsBy } = require("./positions.cjs");
const { tslabFile } = require("./tslab.cjs");

/** @typedef {(text: string | Uint8Array, encoding?: string) => boolean} Write */
/**
 * One run of one cell.
 * @typedef {{ count: number, server?: any, message?: any, display?: unknown, stdout?: Write, stderr?: Write }} Run
 */

const { JupyterHandlerImpl, ZmqServer } = require(tslabFile("jupyter.js"));
const jupyter = require(tslabFile("jupyter.js"));

/** @type {AsyncLocalStorage<Run>} */
const runs = new AsyncLocalStorage();
/** @type {Run | undefined} */
let last;
numberCellsBy(() => last?.count ?? 0);

/** The message that a request came with: tslab hands on its content only. @type {WeakMap<object, { server: any, message: any }>} */
const requests = new WeakMap();
const { handleExecute } = ZmqServer.prototype;
/** @param {unknown} socket @param {any} message */
ZmqServer.prototype.handleExecute = function (socket, message) {
  listen();
  requests.set(message.content, { server: this, message });
  return handleExecute.call(this, socket, message);
};

const { handleExecuteImpl, createWriteToIopub } = JupyterHandlerImpl.prototype;
/** @param {any} request @param {unknown} writeStream @param {unknown} writeDisplayData */
JupyterHandlerImpl.prototype.handleExecuteImpl = function (request, writeStream, writeDisplayData) {
  last = { count: this.execCount + 1, display: writeDisplayData, ...requests.get(request) };
  return runs.run(last, () => handleExecuteImpl.call(this, request, writeStream, writeDisplayData));
};

/** @param {"stdout" | "stderr"} name @param {unknown} writeStream */
JupyterHandlerImpl.prototype.createWriteToIopub = function (name, writeStream) {
  const write = createWriteToIopub.call(this, name, writeStream);
  const run = runs.getStore();
  if (run) run[name] = write;
  return (/** @type {string | Uint8Array} */ text, /** @type {string} */ encoding) =>
    (runs.getStore()?.[name] ?? write)(text, encoding);
};

/** What `display` writes with: tslab's public functions read it each time. */
let lastDisplay = jupyter.lastWriteDisplayData;
Object.defineProperty(jupyter, "lastWriteDisplayData", {
  enumerable: true,
  get: () => runs.getStore()?.display ?? lastDisplay,
  set: (display) => {
    lastDisplay = display;
  },
});

/** In the place of tslab's own listeners, which print to whatever cell is running. */
let listening = false;
function listen() {
  if (listening) return;
  listening = true;
  process.removeAllListeners("uncaughtException");
  process.removeAllListeners("unhandledRejection");
  process.on("uncaughtException", (error) => {
    // A cell that listens itself has caught it.
    if (process.listenerCount("uncaughtException") === 1)
      report(error, "thrown where nothing could catch it");
  });
  process.on("unhandledRejection", (reason) => {
    if (process.listenerCount("unhandledRejection") === 1)
      report(reason, "a rejected promise that nothing awaited");
  });
}

/** @param {unknown} error @param {string} how */
function report(error, how) {
  const run = runs.getStore() ?? last;
  if (!run?.message) return;
  const isError = error instanceof Error;
  const reply = run.message.createReply();
  reply.header.msg_type = "error";
  reply.content = {
    ename: isError ? error.name : "Error",
    evalue: isError ? error.message : String(error),
    traceback: [`Lost error (${how}):`, ...inspect(error).split("\n")],
  };
  reply.signAndSend(run.server.connInfo.key, run.server.iopub);
}

/** @param {unknown} error */
function inspect(error) {
  try {
    return require("node:util").inspect(error);
  } catch {
    return String(error);
  }
}

/**
 * For whoever runs a whole notebook: wait until nothing that cells started with a timer is left, or until `patience`
 * milliseconds are over. Resolves to the number of timers that are.
 */
const timers = () =>
  process.getActiveResourcesInfo().filter((kind) => kind === "Timeout" || kind === "Immediate").length;
/** @type {any} */ (globalThis)[Symbol.for("glassbox.settle")] = async (/** @type {number} */ patience) => {
  const deadline = Date.now() + patience;
  const { setTimeout: pause } = require("node:timers/promises");
  let left = timers();
  while (left > 0 && Date.now() < deadline) {
    // One timer less: our own is not counted while it has not begun.
    await pause(20);
    left = timers();
  }
  return left;
};
