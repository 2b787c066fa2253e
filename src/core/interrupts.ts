/*
 * What is put right when a notebook's kernel interrupts a cell.
 *
 * A kernel stops a cell that computes at any instant, and runs no `finally` on the way out. A cell that awaits is not
 * stopped at all: the kernel turns its back on it, and it runs on. So there are three helpers:
 *
 *   guarded(work, whenKilled)   work, and whenKilled if the kernel stops it in the middle
 *   always(work, tidyUp)        work, then tidyUp: a `finally` that also holds when the kernel kills
 *   refuseInterrupted(owner)    ends what an interrupted cell has left running, at its next step
 *
 * The course's own kernel offers a hook, with which all of this is certain. Elsewhere `guarded` queues a task before it
 * begins: a task cannot run before the code that queued it has ended, so if it finds the work unfinished, the work was
 * killed. And an interrupted cell that awaits runs on there, as in any program.
 */
import { GlassboxError } from "../numbers/errors";

/** The cell that this code belongs to was interrupted. */
export class InterruptedError extends GlassboxError {}

/** What a kernel may offer on `globalThis[Symbol.for("glassbox.kernel")]`. */
export interface Kernel {
  /** Runs work in such a way that an interrupt is thrown out of it as an error, which `finally` sees. */
  run<T>(work: () => T): T;
  /** True for code that a cell has started which was interrupted since. */
  interrupted(): boolean;
  /** Calls back at each interrupt, until the function that it returns is called. */
  onInterrupt(callback: () => void): () => void;
}

const HOOK = Symbol.for("glassbox.kernel");

function kernel(): Kernel | undefined {
  return (globalThis as { [HOOK]?: Kernel })[HOOK];
}

/**
 * Does `work`; calls `whenKilled` if the kernel stops it in the middle. Errors that the work throws are not its business.
 * @param brief true for work so short that nobody will want to stop it: watching for that costs half a millisecond
 * @returns what `work` returns
 */
export function guarded<T>(work: () => T, whenKilled: () => void, brief = false): T {
  let running = true;
  const killed = (): void => {
    if (!running) return;
    running = false;
    whenKilled();
  };
  const hook = kernel();
  const cancel = afterwards(killed);
  const forget = hook?.onInterrupt(killed);
  try {
    return hook === undefined || brief ? work() : hook.run(work);
  } finally {
    running = false;
    cancel();
    forget?.();
  }
}

/**
 * Does `work`, then `tidyUp`, however the work ends: it returns, it throws, or the kernel kills it.
 * @returns what `work` returns
 */
export function always<T>(work: () => T, tidyUp: () => void): T {
  let untidy = true;
  const once = (): void => {
    if (untidy) tidyUp();
    untidy = false;
  };
  try {
    return guarded(work, once);
  } finally {
    once();
  }
}

/** Work in turns shorter than this is not watched turn by turn: whoever interrupts it waits for the end of the turn. */
const SHORT = 20; // milliseconds

/**
 * `guarded` for work that comes in turns, between which others may run. Watching begins and ends with a moment in which
 * Node loses an interrupt; so only turns that last are watched.
 */
export class GuardedTurns {
  private last = Number.POSITIVE_INFINITY;

  run<T>(work: () => T, whenKilled: () => void): T {
    const began = Date.now();
    try {
      return guarded(work, whenKilled, this.last < SHORT);
    } finally {
      this.last = Date.now() - began;
    }
  }
}

/** Throws InterruptedError in code that an interrupted cell has left running. */
export function refuseInterrupted(owner: string): void {
  if (kernel()?.interrupted() !== true) return;
  throw new InterruptedError(`${owner}: the cell was interrupted; what had been learned by then stays.`);
}

/**
 * Calls back at an interrupt, where the kernel tells of it. It does not keep the callback alive.
 * @returns a function that ends it
 */
export function onInterrupt(callback: () => void): () => void {
  const weak = new WeakRef(callback);
  return kernel()?.onInterrupt(() => weak.deref()?.()) ?? (() => {});
}

/**
 * Queues a task that runs as soon as the code that is running now has ended, in whatever way.
 * @returns a function that takes it back
 */
export function afterwards(task: () => void): () => void {
  const { setImmediate, clearImmediate, setTimeout, clearTimeout } = globalThis as unknown as Queues;
  if (setImmediate !== undefined && clearImmediate !== undefined) {
    const ticket = setImmediate(task);
    return () => clearImmediate(ticket);
  }
  const ticket = setTimeout?.(task, 0);
  return () => clearTimeout?.(ticket);
}

/** What Node and browsers have, and the language does not. */
interface Queues {
  readonly setImmediate?: (task: () => void) => unknown;
  readonly clearImmediate?: (ticket: unknown) => void;
  readonly setTimeout?: (task: () => void, delay: number) => unknown;
  readonly clearTimeout?: (ticket: unknown) => void;
}
