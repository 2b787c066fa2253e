/**
 * The thread that runs the cells of a page. The page never waits for it, and an endless loop ends with it. A cell is a
 * module made from its own text; what it imports is inside the page; it can reach nothing else.
 */
import * as glassbox from "../../index";
import * as notebook from "../../notebook";
import { showThrough } from "../../notebook/kernel";
import { CellSyntaxError, compileCell, HOOK } from "./compile";
import { receiveDigits } from "./digits";
import { formatted, inspect } from "./inspect";
import { type Failure, type FromThread, MODULES, type PartName, type ToThread } from "./messages";
import { receiveText } from "./texts";

// Kept here: a cell may call a variable of its own `postMessage`.
const post = (message: FromThread): void => send(message);
const send = (self.postMessage as (message: unknown) => void).bind(self);
const global = globalThis as unknown as Record<string, unknown>;

/** The libraries of the course, by the name that a cell imports them by. */
const modules: Record<string, () => unknown> = {
  glassbox: () => glassbox,
  "glassbox/notebook": () => notebook,
  "glassbox/reference": async () => (await part("tensorflow")).reference,
  "@tensorflow/tfjs": async () => (await part("tensorflow")).tf,
  // The page brings one TensorFlow.js, whatever name it is asked by.
  "@tensorflow/tfjs-node": async () => (await part("tensorflow")).tf,
};

let running: { run: number; cell: number } | undefined;
let places = 0;
/** Which cell a module's address belongs to, so that a stack trace can be read. */
const cellAt = new Map<string, number>();

showThrough((updatable) => {
  const place = updatable ? ++places : undefined;
  // Asked here, not when something is shown: a cell's late output still belongs to that cell.
  const run = running?.run;
  return { show: (mimeType, content) => output(run, mimeType, content, place) };
});

function output(run: number | undefined, mimeType: string, content: string, place?: number): void {
  if (run !== undefined) post({ kind: "output", run, mimeType, content, place });
}

const written =
  (mimeType: string) =>
  (...values: unknown[]): void =>
    output(running?.run, mimeType, `${formatted(values)}\n`);
for (const name of ["log", "info", "debug", "dir", "table"] as const)
  console[name] = written("stream/stdout");
for (const name of ["warn", "error", "trace"] as const) console[name] = written("stream/stderr");

Object.defineProperty(global, HOOK, {
  value: {
    /** Makes a cell's names known to the cells below. */
    share(names: Record<string, [get: () => unknown, set: (value: unknown) => void]>): void {
      for (const [name, [get, set]] of Object.entries(names)) {
        try {
          Object.defineProperty(global, name, {
            get: () => currentValue(name, get),
            set,
            configurable: true,
            enumerable: true,
          });
        } catch {
          // The browser owns a few names for good (`undefined`, `NaN`); a cell may still use them for itself.
        }
      }
    },
    use(name: string): unknown {
      const load = Object.hasOwn(modules, name) ? modules[name] : undefined;
      if (load) return load();
      throw new Error(
        `This page has no module "${name}". Inside a page a cell can import ${MODULES.map((known) => `"${known}"`).join(", ")}; everything else needs the notebook itself, in JupyterLab.`,
      );
    },
    /** The value of a cell's last line is shown, as in a kernel. */
    value(value: unknown): unknown {
      if (value !== undefined && value !== null) lastValue = [value];
      return value;
    },
  },
});
/** A cell that failed half-way has declared names that never got a value. */
function currentValue(name: string, get: () => unknown): unknown {
  try {
    return get();
  } catch {
    throw new ReferenceError(`${name} has no value yet: the cell that declares it did not get that far.`);
  }
}
// An object, lest a compiler take it for always empty: only cells fill it.
/** What the cell's last line gave: one value, or none. */
let lastValue: unknown[] = [];

interface TensorFlowPart {
  readonly reference: unknown;
  readonly tf: unknown;
}
const parts = new Map<PartName, Promise<TensorFlowPart>>();
const waiting = new Map<PartName, { resolve(part: TensorFlowPart): void; reject(error: Error): void }>();

function part(name: PartName): Promise<TensorFlowPart> {
  const known = parts.get(name);
  if (known) return known;
  const loading = new Promise<TensorFlowPart>((resolve, reject) => waiting.set(name, { resolve, reject }));
  parts.set(name, loading);
  post({ kind: "need", name });
  return loading;
}

async function receivePart(message: Extract<ToThread, { kind: "part" }>): Promise<void> {
  const asked = waiting.get(message.name);
  waiting.delete(message.name);
  if (asked === undefined) return;
  if ("missing" in message) {
    parts.delete(message.name);
    asked.reject(new Error(message.missing));
    return;
  }
  try {
    global.__glassbox = glassbox; // the part's own imports of the library find it here
    await importText(message.script);
    asked.resolve(global.__glassboxTensorFlow as TensorFlowPart);
  } catch (error) {
    parts.delete(message.name);
    asked.reject(error as Error);
  }
}

/** Runs a text as a module. A blob's address is the only form that a page from disk allows. */
async function importText(script: string, known?: (address: string) => void): Promise<void> {
  const address = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
  known?.(address);
  try {
    await import(/* @vite-ignore */ address);
  } finally {
    URL.revokeObjectURL(address);
  }
}

async function runCell(run: number, cell: number, source: string): Promise<void> {
  running = { run, cell };
  lastValue = [];
  let failure: Failure | undefined;
  try {
    await importText(compileCell(source), (address) => cellAt.set(address, cell));
    for (const value of lastValue) output(run, "stream/stdout", `${formatted([value])}\n`);
  } catch (error) {
    failure = failureOf(error, cell);
  }
  // A promise that failed without being awaited is reported by the browser in a task of its own: wait for that one.
  await new Promise((resolve) => setTimeout(resolve, 0));
  post({ kind: "done", run, failure });
}

const NODE_NAMES =
  /^(?:require|process|Buffer|__dirname|__filename|module|exports|global|setImmediate) is not defined$/;

function failureOf(error: unknown, cell: number | undefined): Failure {
  if (error instanceof CellSyntaxError) {
    const { name, why, line, column } = error;
    return { name, message: why, line, column, through: [] };
  }
  if (!(error instanceof Error))
    return { name: "Error", message: `${inspect(error)} was thrown`, through: [] };
  const frames = [...(error.stack ?? "").matchAll(/(blob:[^\s)]+?):(\d+):(\d+)/g)].flatMap(
    ([, address, line, column]) => {
      const at = cellAt.get(address as string);
      return at === undefined ? [] : [{ cell: at, line: Number(line), column: Number(column) }];
    },
  );
  const [first, ...rest] = frames;
  return {
    name: error.name,
    message: NODE_NAMES.test(error.message)
      ? `${error.message}: a page has no Node; this needs the notebook itself, in JupyterLab.`
      : error.message,
    line: first?.line,
    column: first?.column,
    cell: first && first.cell !== cell ? first.cell : undefined,
    through: rest.map((frame) =>
      frame.cell === cell ? `line ${frame.line}` : `cell ${frame.cell + 1}, line ${frame.line}`,
    ),
  };
}

/** The cell whose lines are in the error's trace; else the one that runs. */
function lost(error: unknown): void {
  const traced = /(blob:[^\s)]+?):\d+:\d+/.exec((error as Error)?.stack ?? "")?.[1];
  const cell = (traced === undefined ? undefined : cellAt.get(traced)) ?? running?.cell;
  post({ kind: "lost", cell, failure: failureOf(error, cell) });
}
self.addEventListener("unhandledrejection", (event) => {
  event.preventDefault();
  lost(event.reason);
});
self.addEventListener("error", (event) => {
  event.preventDefault();
  lost(event.error ?? new Error(event.message));
});

let queue: Promise<void> = Promise.resolve();
self.addEventListener("message", ({ data: message }: MessageEvent<ToThread>) => {
  if (message.kind === "part") void receivePart(message);
  else if (message.kind === "digits") receiveDigits(message.text);
  else if (message.kind === "text") receiveText(message.name, message.text);
  else queue = queue.then(() => runCell(message.run, message.cell, message.source));
});
