/*
 * Several threads for one kernel call, in Node: workers that run the same module in the same, shared memory.
 *
 * A job is a list of parts, each a kernel call of its own; parts write to different places. Every thread has a share of
 * the list that it takes first, the same from job to job, and then helps the others from the end of theirs. So a worker
 * that is asleep or late costs nothing but its help, and what a thread has written lies in the caches of its own processor
 * when the next job asks for it: training a wide network takes about a tenth less time than with parts given to whoever
 * comes first. Every entry of a result is computed by one thread in the usual order: the bits do not depend on the threads.
 *
 *   job      its number
 *   parts    how many there are
 *   asleep   workers that wait to be woken
 *   state    of each part: 4 · job number + OPEN, or + what became of it
 *   answer   of each part: what its kernel returned
 */
import type { Kernels, WasmMemory, WasmModule } from "./webassembly";

/** The most parts that a job has. */
export const MOST_PARTS = 64;
/** Numbers of a part: which kernel, then what it is given. */
const NUMBERS = 16;

const JOB = 0;
const PARTS = 1;
const ASLEEP = 2;
const HEADER_BYTES = 64;
const STATES = HEADER_BYTES;
const ANSWERS = STATES + MOST_PARTS * 4;
const CALLS = ANSWERS + MOST_PARTS * 4;

/** What becomes of a part. It is open, or one thread has taken it; a worker says when it is done. */
const OPEN = 0;
const TAKEN = 1;
const DONE = 2;

/** Bytes of shared memory that the threads talk through. */
export const TALK_BYTES = CALLS + MOST_PARTS * NUMBERS * 8;

/** How often a thread looks before it goes to sleep: some tens of microseconds. */
const LOOKS = 20_000;

/**
 * What a worker does: take parts while there are any, look out for the next job for a while, sleep. It is text because
 * a worker begins with a program of its own, and the library must not depend on where its files lie.
 *
 * A part is taken by turning its state from open to taken: that fails when another thread was faster, and for a worker
 * that comes so late that the states are those of the next job.
 */
const PROGRAM = `
const { parentPort, workerData } = require("node:worker_threads");
const { module, memory, talk, scratch, names, place, threads } = workerData;
const kernels = new WebAssembly.Instance(module, { env: { memory } }).exports;
kernels.useScratch(scratch);
const calls = names.map((name) => kernels[name]);
const header = new Int32Array(memory.buffer, talk, 4);
const states = new Int32Array(memory.buffer, talk + ${STATES}, ${MOST_PARTS});
const answers = new Int32Array(memory.buffer, talk + ${ANSWERS}, ${MOST_PARTS});
const numbers = new Float64Array(memory.buffer, talk + ${CALLS}, ${MOST_PARTS * NUMBERS});
let seen = Atomics.load(header, ${JOB});
parentPort.postMessage("ready");
for (;;) {
  let job = seen;
  for (let looks = 0; job === seen && looks < ${LOOKS}; looks++) job = Atomics.load(header, ${JOB});
  if (job === seen) {
    Atomics.add(header, ${ASLEEP}, 1);
    Atomics.wait(header, ${JOB}, seen);
    Atomics.sub(header, ${ASLEEP}, 1);
    continue;
  }
  seen = job;
  const parts = Atomics.load(header, ${PARTS});
  const first = Math.floor((place * parts) / threads);
  const own = Math.floor(((place + 1) * parts) / threads) - first;
  for (let i = 0; i < parts; i++) {
    const part = i < own ? first + i : (first - 1 - (i - own) + parts) % parts; // its own, then backwards through the rest
    if (Atomics.compareExchange(states, part, 4 * job + ${OPEN}, 4 * job + ${TAKEN}) !== 4 * job + ${OPEN}) continue;
    const at = part * ${NUMBERS};
    answers[part] = calls[numbers[at]](...numbers.subarray(at + 1, at + ${NUMBERS}));
    Atomics.store(states, part, 4 * job + ${DONE});
    Atomics.notify(states, part);
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
  private readonly states: Int32Array;
  private readonly answers: Int32Array;
  private readonly numbers: Float64Array;
  private readonly workers: Worker[] = [];
  private readonly calls: readonly ((...numbers: number[]) => number)[];
  private readonly places = new Map<string, number>();
  private job = 0;
  private parts = 0;

  constructor(
    private readonly memory: WasmMemory,
    private readonly talk: number,
    kernels: Kernels,
  ) {
    this.header = new Int32Array(memory.buffer, talk, 4);
    this.states = new Int32Array(memory.buffer, talk + STATES, MOST_PARTS);
    this.answers = new Int32Array(memory.buffer, talk + ANSWERS, MOST_PARTS);
    this.numbers = new Float64Array(memory.buffer, talk + CALLS, MOST_PARTS * NUMBERS);
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
    const ready = scratch.map((address, i) => {
      const workerData = {
        module,
        memory: this.memory,
        talk: this.talk,
        scratch: address,
        names: [...this.places.keys()],
        place: i + 1,
        threads: scratch.length + 1,
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

  /**
   * Waits for what workers still do of a job that was interrupted: they would write into whatever comes next. Every kernel
   * that is shared where it is large calls this first, whether it is or not.
   */
  settle(): void {
    if (this.parts > 0) this.finish();
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

  /**
   * Does all parts, together with whoever is free, and returns when the last is done.
   * @returns whether every part's kernel answered with something other than 0
   */
  run(): boolean {
    const { header, states, parts } = this;
    this.job = (this.job + 1) & 0x1fffffff;
    for (let part = 0; part < parts; part++) Atomics.store(states, part, 4 * this.job + OPEN);
    Atomics.store(header, PARTS, parts);
    Atomics.store(header, JOB, this.job);
    if (Atomics.load(header, ASLEEP) > 0) Atomics.notify(header, JOB);
    const own = Math.floor(parts / this.count);
    for (let i = 0; i < parts; i++) {
      const part = i < own ? i : parts - 1 - (i - own); // its own, then backwards through the others'
      if (this.takes(part)) this.answers[part] = this.call(part);
    }
    this.finish();
    for (let part = 0; part < parts; part++) if (this.answers[part] === 0) return false;
    return true;
  }

  /**
   * Takes a part before anyone else does. It counts as done at once: nobody waits for this thread, which an interrupt may
   * throw out in the middle.
   */
  private takes(part: number): boolean {
    const open = 4 * this.job + OPEN;
    return Atomics.compareExchange(this.states, part, open, 4 * this.job + DONE) === open;
  }

  /** Closes the job and waits for the parts that others have taken. */
  private finish(): void {
    const { states, parts } = this;
    const taken = 4 * this.job + TAKEN;
    for (let part = 0; part < parts; part++) this.takes(part);
    for (let part = 0; part < parts; part++) {
      for (let looks = 0; Atomics.load(states, part) === taken; looks++) {
        if (looks > LOOKS) Atomics.wait(states, part, taken, 1);
      }
    }
    this.parts = 0;
  }

  private call(part: number): number {
    const { numbers } = this;
    const at = part * NUMBERS;
    return this.calls[numbers[at]](
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
    this.settle(); // nobody else would ever finish what they have in hand
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
