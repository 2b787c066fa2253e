/** One thread with the names that cells have made in it. When it is stopped, they are gone, and the next run begins anew. */
import { type Failure, type FromThread, TEXTS, type ToThread } from "./messages";
import { addressOf, part } from "./parts";

/** What a run has to say while it goes on. */
export interface Listener {
  output(mimeType: string, content: string, place: number | undefined): void;
}

/** How a run ended. */
export type Ended =
  | { readonly how: "done" }
  | { readonly how: "failed"; readonly failure: Failure }
  | { readonly how: "stopped" };

export class Session {
  private thread: Promise<Worker> | undefined;
  private nextRun = 0;
  private readonly runs = new Map<number, { listener: Listener; end(ended: Ended): void }>();
  /** What has run in the present thread, by cell. */
  readonly ran = new Map<number, string>();

  /** @param lost hears of errors that no cell was waiting for */
  constructor(private readonly lost: (cell: number | undefined, failure: Failure) => void) {}

  get busy(): boolean {
    return this.runs.size > 0;
  }

  /** Runs a cell's source. Runs are done one after the other, in the order of asking. */
  async run(cell: number, source: string, listener: Listener): Promise<Ended> {
    const run = this.nextRun++;
    const ended = new Promise<Ended>((end) => this.runs.set(run, { listener, end }));
    const asked = this.thread ?? this.start();
    this.thread = asked;
    let thread: Worker;
    try {
      thread = await asked;
    } catch (error) {
      this.runs.delete(run);
      this.thread = undefined;
      const { message } = error as Error;
      return { how: "failed", failure: { name: "Error", message, through: [] } };
    }
    if (this.runs.has(run)) {
      this.ran.set(cell, source);
      tell(thread, { kind: "run", run, cell, source });
    }
    return ended;
  }

  /** Ends the thread at once, whatever it does. */
  stop(): void {
    void this.thread?.then(
      (thread) => thread.terminate(),
      () => {},
    );
    this.thread = undefined;
    this.ran.clear();
    const runs = [...this.runs.values()];
    this.runs.clear();
    for (const { end } of runs) end({ how: "stopped" });
  }

  private async start(): Promise<Worker> {
    const script = await part("thread");
    if (script === undefined) throw new Error("This page does not carry what runs its cells.");
    const address = addressOf(script);
    const thread = new Worker(address);
    URL.revokeObjectURL(address);
    const digits = await part("digits");
    if (digits !== undefined) tell(thread, { kind: "digits", text: digits });
    for (const name of TEXTS) {
      const text = await part(name);
      if (text !== undefined) tell(thread, { kind: "text", name, text });
    }
    thread.onmessage = ({ data }: MessageEvent<FromThread>) => void this.hear(thread, data);
    return thread;
  }

  private async hear(thread: Worker, message: FromThread): Promise<void> {
    if (message.kind === "output") {
      this.runs.get(message.run)?.listener.output(message.mimeType, message.content, message.place);
    } else if (message.kind === "done") {
      const run = this.runs.get(message.run);
      this.runs.delete(message.run);
      run?.end(message.failure ? { how: "failed", failure: message.failure } : { how: "done" });
    } else if (message.kind === "lost") {
      this.lost(message.cell, message.failure);
    } else {
      const missing =
        "This page does not carry TensorFlow.js, because none of its own cells uses it. The notebook itself has it, in JupyterLab.";
      const script = await part(message.name).catch((error: Error) => error);
      if (typeof script === "string") tell(thread, { kind: "part", name: message.name, script });
      else tell(thread, { kind: "part", name: message.name, missing: script?.message ?? missing });
    }
  }
}

function tell(thread: Worker, message: ToThread): void {
  thread.postMessage(message);
}
