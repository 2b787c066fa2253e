/**
 * The way to the reader's screen.
 *
 * Inside the tslab kernel an output is a message to the front end; everywhere else (tests, scripts, a bundler)
 * there is no screen, and showing something is a no-op. tslab publishes its own `require` on a global while it
 * runs cells. Asking that one, and only when it is there, has two merits: it is certain to be the running
 * kernel's instance, and importing this library elsewhere never loads tslab and its compiler.
 */

/** One place on the screen; showing again in the same place replaces what was there. */
export interface Screen {
  show(mimeType: string, content: string): void;
}

interface TslabModule {
  display: { raw(contentType: string, content: string): void };
  newDisplay(): { raw(contentType: string, content: string): void };
}

const NOWHERE: Screen = { show() {} };

/** The tests put a recorder here; see {@link recordOutputs}. */
let recorder: ((output: RecordedOutput) => void) | undefined;
let recordedPlaces = 0;

/** What {@link recordOutputs} keeps of one output. `place` is set where an output may be replaced later. */
export interface RecordedOutput {
  mimeType: string;
  content: string;
  place?: number;
}

/** A front end that is not a kernel's: a page that runs its own cells. See {@link showThrough}. */
let frontEnd: ((updatable: boolean) => Screen) | undefined;

/**
 * Shows through this from now on, where no kernel runs.
 * @param makeScreen called for each new output; `updatable` when later outputs are to replace it
 */
export function showThrough(makeScreen: (updatable: boolean) => Screen): void {
  frontEnd = makeScreen;
}

/** Where a new output appears: below what the running cell has shown so far. */
export function screen(): Screen {
  if (recorder) return { show: (mimeType, content) => recorder?.({ mimeType, content }) };
  if (frontEnd) return frontEnd(false);
  const tslab = runningKernel();
  return tslab ? screenOf(tslab.display) : NOWHERE;
}

/** A place that can be shown to several times, each time replacing the last: what a progress bar needs. */
export function updatableScreen(): Screen {
  if (recorder) {
    const place = ++recordedPlaces;
    return { show: (mimeType, content) => recorder?.({ mimeType, content, place }) };
  }
  if (frontEnd) return frontEnd(true);
  const tslab = runningKernel();
  return tslab ? screenOf(tslab.newDisplay()) : NOWHERE;
}

/** True while a cell runs in the kernel (or a test listens): false in a script, where nothing would be seen. */
export function hasScreen(): boolean {
  return recorder !== undefined || frontEnd !== undefined || runningKernel() !== undefined;
}

/**
 * Runs `work` and returns what it would have shown, instead of showing it.
 * For tests: nothing reaches the kernel meanwhile, and nothing is lost without one.
 */
export function recordOutputs(work: () => void): RecordedOutput[] {
  const outputs: RecordedOutput[] = [];
  const outer = recorder;
  recorder = (output) => outputs.push(output);
  try {
    work();
  } finally {
    recorder = outer;
  }
  return outputs;
}

function runningKernel(): TslabModule | undefined {
  const hook = (globalThis as { __tslab__?: { require?: (name: string) => unknown } }).__tslab__;
  if (!hook?.require) return undefined;
  try {
    return hook.require("tslab") as TslabModule;
  } catch {
    return undefined;
  }
}

function screenOf(display: { raw(contentType: string, content: string): void }): Screen {
  return {
    show(mimeType, content) {
      try {
        display.raw(mimeType, content);
      } catch (error) {
        // tslab says "Not ready" until its first cell runs; there is no screen yet, so nothing is lost.
        if (!(error instanceof Error && error.message === "Not ready")) throw error;
      }
    },
  };
}
