/**
 * Writes and trains in a thread of its own, so that the page never waits: a little, then a view, and on when the page has
 * drawn it.
 */
import { type Engine, simd } from "../../index";
import { WriterModel } from "../../notebook/writer/model";
import type { FromWriter, ToWriter } from "./messages";

const scope = self as unknown as {
  postMessage(message: FromWriter): void;
  onmessage: (event: { data: ToWriter }) => void;
};

/** Milliseconds of work between two looks into the mailbox. */
const TURN = 30;
/** So many steps make a point of the curve: not so many milliseconds, or each machine would print another mean. */
const POINT = 5;
/** So many steps from one question about kept text to the next: some points. */
const ASK = 25;

let model: WriterModel | undefined;
let doing: "nothing" | "writing" | "training" = "nothing";
let every = 0;
let due = 0;
let pointed: number | undefined;
let head = 0;
let pageIsReady = true;
/** What the page has of the text: so many characters, of this beginning. */
let sent = 0;
let training = { left: 0, rate: 0.001 };
/** Characters, and the milliseconds that they took: from the cache, and where the text has grown beyond the context. */
const paces = noPaces();

// One after the other: the first one waits for the engine.
let before: Promise<void> = Promise.resolve();
scope.onmessage = ({ data: message }) => {
  before = before.then(async () => {
    try {
      await hear(message);
    } catch (error) {
      refuse(error);
    }
  });
};

async function hear(message: ToWriter): Promise<void> {
  if (message.kind === "open") {
    model = new WriterModel(message.data, message.setting, await engine());
    scope.postMessage({ kind: "opened", heads: model.heads });
    show();
  }
  if (model === undefined) return;
  switch (message.kind) {
    case "begin":
      model.begin(message.setting);
      sent = 0;
      pointed = undefined;
      show();
      break;
    case "change":
      model.change(message.setting);
      if (doing === "nothing") show();
      break;
    case "write":
      every = message.every;
      if (doing !== "writing") start("writing");
      break;
    case "one":
      doing = "nothing";
      write();
      show();
      break;
    case "pause":
      doing = "nothing";
      show();
      break;
    case "look":
      pointed = message.at;
      if (doing !== "writing") show();
      break;
    case "head":
      head = message.head;
      if (doing !== "writing") show();
      break;
    case "pace":
      every = message.every;
      due = performance.now();
      break;
    case "train":
      training = { left: message.steps, rate: message.rate };
      every = message.every;
      if (model.steps === 0) report(undefined);
      start("training");
      break;
    case "weights":
      model.restore(message.which);
      if (doing === "training") doing = "nothing";
      scope.postMessage({ kind: "restored", which: message.which });
      show();
      break;
    case "drawn":
      pageIsReady = true;
  }
}

/** Vectors where the page may compile them, plain loops where not. */
async function engine(): Promise<Engine | undefined> {
  try {
    return await simd({ precision: "float32", reserve: 64 });
  } catch {
    return undefined; // a policy that forbids WebAssembly: the same numbers, more slowly
  }
}

/** Counts the beginnings: of two that go on at once only the later one does. */
let begun = 0;

function start(what: "writing" | "training"): void {
  doing = what;
  due = performance.now();
  begun += 1;
  show();
  goOn(begun);
}

function goOn(mine: number): void {
  const wait = doing === "writing" && every > 0 ? Math.max(0, due - performance.now()) : 0;
  setTimeout(() => {
    if (mine !== begun || doing === "nothing") return;
    try {
      if (doing === "writing") writeOn();
      else trainOn();
    } catch (error) {
      doing = "nothing";
      refuse(error);
      show();
    }
    if (mine === begun && doing !== "nothing") goOn(mine);
  }, wait);
}

function noPaces() {
  const none = () => ({ characters: 0, milliseconds: 0 });
  return { cached: none(), read: none() };
}

function write(): void {
  if (model === undefined) return;
  const pace = model.lengths.text > model.context ? paces.read : paces.cached;
  const began = performance.now();
  pace.characters += model.write(1);
  pace.milliseconds += performance.now() - began;
}

function speedOf({ characters, milliseconds }: ReturnType<typeof noPaces>["cached"]): number | undefined {
  return milliseconds > 0 ? (1000 * characters) / milliseconds : undefined;
}

function writeOn(): void {
  if (!pageIsReady || model === undefined) return;
  const now = performance.now();
  if (every > 0) {
    if (now < due) return;
    due = Math.max(due + every, now);
    write();
  } else while (performance.now() < now + TURN && !model.full) write();
  if (model.full) doing = "nothing";
  show();
}

function trainOn(): void {
  if (!pageIsReady || model === undefined) return;
  const losses: number[] = [];
  do {
    losses.push(...model.train(1, training.rate));
    training.left -= 1;
  } while (training.left > 0 && model.steps % POINT !== 0);
  report(losses.reduce((a, b) => a + b) / losses.length);
  if (training.left > 0) return;
  // And now it writes, with what it has learned.
  start("writing");
}

function report(loss: number | undefined): void {
  if (model === undefined) return;
  const asks = model.steps % ASK === 0 || training.left <= 0;
  if (loss !== undefined) pageIsReady = false;
  scope.postMessage({
    kind: "learned",
    learned: {
      steps: model.steps,
      training: loss,
      kept: asks ? model.keptLoss() : undefined,
      left: training.left,
    },
  });
}

function show(): void {
  if (model === undefined) return;
  pageIsReady = false;
  const { text: length, prompt } = model.lengths;
  const from = Math.min(sent, length);
  sent = length;
  // While it writes: the character that was written last. At rest: the one that would come.
  const at = pointed ?? (doing === "writing" && length > prompt ? length - 1 : length);
  scope.postMessage({
    kind: "view",
    view: {
      from,
      text: model.writtenFrom(from),
      prompt,
      look: model.look(at, head),
      head,
      speed: { cached: speedOf(paces.cached), read: speedOf(paces.read) },
      full: model.full,
      doing,
    },
  });
}

function refuse(error: unknown): void {
  scope.postMessage({ kind: "refused", why: error instanceof Error ? error.message : String(error) });
}
