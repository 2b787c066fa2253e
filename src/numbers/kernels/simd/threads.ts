/*
 * Several threads for one kernel call, in Node: workers that run the same module in the same, shared memory.
 *
 * A job is a list of parts, each a kernel call of its own; parts write to different places. Whoever is free takes the next
 * part, this thread too, by counting up one number, the ticket. A worker that is asleep or late therefore costs nothing but
 * its help. Every entry of a result is computed by one thread in the usual order: the bits do not depend on the threads.
 *
 *   ticket   job number · 256 + next part; 128 and more: closed, nothing to take
 *   done     parts that are finished
 *   parts    how many there are
 *   asleep   workers that wait to be woken
 */
import type { Kernels, WasmMemory, WasmModule } from "./webassembly";

/** The most parts that a job has. */
export const MOST_PARTS = 64;
/** Numbers of a part: which kernel, then what it is given. */
const NUMBERS = 16;
const CLOSED = 128;

const TICKET = 0;
const DONE = 1;
const PARTS = 2;
const ASLEEP = 3;
const HEADER_BYTES = 64;

/** Bytes of shared memory that the threads talk through. */
export const TALK_BYTES = HEADER_BYTES + MOST_PARTS * NUMBERS * 8;

/** How often a thread looks before it goes to sleep: some tens of microseconds. */
const LOOKS = 20_000;

/**
 * What a worker does: take parts while there are any, look out for the next job for a while, sleep. It is text because
 * a worker begins with a program of its own, and the library must not depend on where its files lie.
 */
const PROGRAM = `
const { parentPort, workerData } = require("node:worker_threads");
const { module, memory, talk, scratch, names } = workerData;
const kernels = new WebAssembly.Instance(module, { env: { memory } }).exports;
kernels.useScratch(scratch);
const calls = names.map((name) => kernels[name]);
const header = new Int32Array(memory.buffer, talk, 4);
const numbers = new Float64Array(memory.buffer, talk + ${HEADER_BYTES}, ${MOST_PARTS * NUMBERS});
let seen = Atomics.load(header, ${TICKET}) >> 8;
parentPort.postMessage("ready");
for (;;) {
  let job = seen;
  for (let looks = 0; job === seen && looks < ${LOOKS}; looks++) job = Atomics.load(header, ${TICKET}) >> 8;
  if (job === seen) {
    Atomics.add(header, ${ASLEEP}, 1);
    const ticket = Atomics.load(header, ${TICKET});
    if (ticket >> 8 === seen) Atomics.wait(header, ${TICKET}, ticket);
    Atomics.sub(header, ${ASLEEP}, 1);
    continue;
  }
  for (;;) {
    const ticket = Atomics.add(header, ${TICKET}, 1);
    seen = ticket >> 8;
    const part = ticket & 255;
    if (part >= ${CLOSED} || part >= Atomics.load(header, ${PARTS})) break;
    const at = part * ${NUMBERS};
    calls[numbers[at]](...numbers.subarray(at + 1, at + ${NUMBERS}));
    Atomics.add(header, ${DONE}, 1);
    Atomics.notify(header, ${DONE});
  }
}
`;

/** The little of Node's worker_threads that is needed. */
interface Worker {
  once(event: "message" | "error", listener: (value: unknown) => void): void;
  unref(): void;
  terminate(): unknown;
}
interface WorkerThreads {
  Worker: new (program: string, options: object) => Worker;
}

/** Node's module for threads, reached without an import, so that the library still loads in a browser. */
export function findWorkerThreads(): WorkerThreads | undefined {
  const node = (globalThis as { process?: { getBuiltinModule?: (name: string) => unknown } }).process;
  return node?.getBuiltinModule?.("node:worker_threads") as WorkerThreads | undefined;
}

/** This thread and its workers. */
export class Threads {
  private readonly header: Int32Array;
  private readonly numbers: Float64Array;
  private readonly workers: Worker[] = [];
  private readonly calls: readonly ((...numbers: number[]) => number)[];
  private readonly places = new Map<string, number>();
  private job = 0;
  private parts = 0;
  /** 1 while this thread has a part in hand. An interrupt may leave it at that: nobody waits for such a part. */
  private inHand = 0;
  private taken = 0;

  constructor(
    private readonly memory: WasmMemory,
    private readonly talk: number,
    kernels: Kernels,
  ) {
    this.header = new Int32Array(memory.buffer, talk, 4);
    this.numbers = new Float64Array(memory.buffer, talk + HEADER_BYTES, MOST_PARTS * NUMBERS);
    this.header[TICKET] = CLOSED;
    const names = Object.keys(kernels);
    this.calls = names.map((name) => kernels[name]);
    for (const [place, name] of names.entries()) this.places.set(name, place);
  }

  /** How many threads there are, this one among them. */
  get count(): number {
    return this.workers.length + 1;
  }

  /** Starts a worker for each address of scratch memory, and waits until all are ready. */
  async start(api: WorkerThreads, module: WasmModule, scratch: readonly number[]): Promise<void> {
    const ready = scratch.map((address) => {
      const workerData = {
        module,
        memory: this.memory,
        talk: this.talk,
        scratch: address,
        names: [...this.places.keys()],
      };
      // Without the flags of this process: what is loaded in front of a notebook's kernel (--require) is not for helpers.
      const worker = new api.Worker(PROGRAM, { eval: true, workerData, execArgv: [] });
      worker.unref(); // a program that has come to its end need not wait for its helpers
      this.workers.push(worker);
      return new Promise<void>((resolve, reject) => {
        worker.once("message", () => resolve());
        worker.once("error", reject);
      });
    });
    // An unreferenced worker does not keep the program alive, not even while it is waited for.
    const patience = keepAlive();
    await Promise.all(ready).finally(() => patience());
  }

  /** Begins a job: the parts of an earlier one that was interrupted are finished first. */
  begin(): void {
    if (this.parts > 0) this.finish();
    this.parts = 0;
  }

  /** Adds a part: a kernel and what it is given. */
  add(
    kernel: string,
    a: number,
    b: number,
    c: number,
    d: number,
    e: number,
    f: number,
    g: number,
    h: number,
    i: number,
    j: number,
    k: number,
    l: number,
    m = 0,
  ): void {
    const { numbers } = this;
    const at = this.parts++ * NUMBERS;
    numbers[at] = this.places.get(kernel) as number;
    numbers[at + 1] = a;
    numbers[at + 2] = b;
    numbers[at + 3] = c;
    numbers[at + 4] = d;
    numbers[at + 5] = e;
    numbers[at + 6] = f;
    numbers[at + 7] = g;
    numbers[at + 8] = h;
    numbers[at + 9] = i;
    numbers[at + 10] = j;
    numbers[at + 11] = k;
    numbers[at + 12] = l;
    numbers[at + 13] = m;
  }

  /** Does all parts, together with whoever is free, and returns when the last is done. */
  run(): void {
    const { header } = this;
    this.job = (this.job + 1) & 0x3fffff;
    Atomics.store(header, DONE, 0);
    Atomics.store(header, PARTS, this.parts);
    Atomics.store(header, TICKET, this.job << 8);
    if (Atomics.load(header, ASLEEP) > 0) Atomics.notify(header, TICKET);
    for (;;) {
      this.inHand = 1;
      const part = Atomics.add(header, TICKET, 1) & 255;
      if (part >= this.parts) break;
      this.call(part);
      Atomics.add(header, DONE, 1);
    }
    this.inHand = 0;
    this.finish();
  }

  /** Closes the job and waits for the parts that others have taken. */
  private finish(): void {
    const { header } = this;
    const ticket = Atomics.exchange(header, TICKET, (this.job << 8) | CLOSED);
    if ((ticket & 255) < CLOSED) this.taken = Math.min(ticket & 255, this.parts) - this.inHand;
    for (let looks = 0; ; looks++) {
      const done = Atomics.load(header, DONE);
      if (done >= this.taken) break;
      if (looks > LOOKS) Atomics.wait(header, DONE, done, 1);
    }
    this.parts = 0;
    this.inHand = 0;
  }

  private call(part: number): void {
    const { numbers } = this;
    const at = part * NUMBERS;
    this.calls[numbers[at]](
      numbers[at + 1],
      numbers[at + 2],
      numbers[at + 3],
      numbers[at + 4],
      numbers[at + 5],
      numbers[at + 6],
      numbers[at + 7],
      numbers[at + 8],
      numbers[at + 9],
      numbers[at + 10],
      numbers[at + 11],
      numbers[at + 12],
      numbers[at + 13],
    );
  }

  /** Ends the workers. */
  close(): void {
    for (const worker of this.workers) worker.terminate();
    this.workers.length = 0;
  }
}

/** Keeps a program alive until the function that it returns is called. */
function keepAlive(): () => void {
  const timers = globalThis as unknown as {
    setInterval(action: () => void, ms: number): unknown;
    clearInterval(timer: unknown): void;
  };
  const timer = timers.setInterval(() => {}, 1000);
  return () => timers.clearInterval(timer);
}
