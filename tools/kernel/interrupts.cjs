// An interrupt reaches everything that the cells so far have started. tslab stops a cell that computes, without `finally`,
// and lets one that awaits run on. So the library is given a hook (src/core/interrupts.ts says what it does with it): to
// be told of an interrupt, to ask whether the asking code belongs to a cell that was interrupted, and to run work in
// such a way that an interrupt comes out of it as an error.
const { AsyncLocalStorage } = require("node:async_hooks");
const vm = require("node:vm");

let interrupts = 0;
/** How many interrupts there had been when the running cell began; whatever it starts inherits the number. */
const cells = new AsyncLocalStorage();
/** @type {Set<() => void>} */
const callbacks = new Set();

function interrupted() {
  interrupts += 1;
  for (const callback of [...callbacks]) {
    try {
      callback();
    } catch (error) {
      console.error(error);
    }
  }
}

// A cell that awaits: tslab's own listener ends the waiting, this one ends the rest.
process.on("SIGINT", interrupted);

/** An interrupt passes through several of these on its way out; it is one all the same. @type {WeakSet<object>} */
const known = new WeakSet();

/** @template T @param {() => T} run @returns {T} */
function watching(run) {
  try {
    return run();
  } catch (error) {
    const { code } = /** @type {{ code?: unknown }} */ (error ?? {});
    if (code === "ERR_SCRIPT_EXECUTION_INTERRUPTED" && !known.has(/** @type {object} */ (error))) {
      known.add(/** @type {object} */ (error));
      interrupted();
    }
    throw error;
  }
}

// A cell that computes: tslab runs it with this function, and with `breakOnSigint`.
const { runInThisContext } = vm;
/** @param {string} code @param {any} options */
vm.runInThisContext = (code, options) => {
  const run = () => runInThisContext(code, options);
  return options?.breakOnSigint ? cells.run(interrupts, () => watching(run)) : run();
};

/** @type {(() => unknown)[]} */
const waiting = [];
const next = Symbol.for("glassbox.kernel.next");
Object.defineProperty(globalThis, next, { value: () => waiting.pop()?.() });
const script = new vm.Script(`globalThis[Symbol.for("${next.description}")]()`);

/** @type {import("../../src/core/interrupts").Kernel} */
const hook = {
  run(work) {
    return watching(() => {
      waiting.push(work);
      return script.runInThisContext({ breakOnSigint: true });
    });
  },
  interrupted() {
    const began = cells.getStore();
    return began !== undefined && began !== interrupts;
  },
  onInterrupt(callback) {
    const own = () => callback();
    callbacks.add(own);
    return () => callbacks.delete(own);
  },
};
Object.defineProperty(globalThis, Symbol.for("glassbox.kernel"), { value: hook });
