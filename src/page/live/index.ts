/**
 * Makes the page the notebook: every code cell can be edited and run, from disk, without a network. This script is
 * small and does little until a reader asks; the thread, the editor and TensorFlow.js are unpacked when first needed.
 */

import { unpackFigures } from "../packed";
import { Cell, type Result } from "./cell";
import { type Shown, shownIn } from "./compare";
import type { CellEditor, EditorWishes } from "./editor";
import { type Changes, carried, download, fromLink, Keeper, toLink, withChanges } from "./keep";
import type { Failure } from "./messages";
import { addressOf, part } from "./parts";
import { Session } from "./session";

/** For tests, and for whoever embeds a page: `globalThis.glassboxPage`. See docs/pages.md. */
export interface GlassboxPage {
  /** How many code cells there are. */
  readonly cells: number;
  /** Runs every cell, in order, in a fresh thread. */
  runAll(): Promise<{
    readonly cells: number;
    readonly failed: number;
    readonly differing: number;
    /** One line for each cell that failed or differs. */
    readonly report: readonly string[];
    /** One line for each cell that shows other digits than stored, and may: which, and why. */
    readonly passed: readonly string[];
  }>;
  /** Runs one cell (from 0), those above it first where they have not run. @param source instead of the cell's own */
  run(
    index: number,
    source?: string,
  ): Promise<{
    readonly failed: boolean;
    readonly difference: string | undefined;
    readonly outputs: readonly Shown[];
  }>;
  /** Ends whatever runs, at once. */
  stop(): void;
}

interface Notebook {
  readonly cells: readonly {
    readonly id: string;
    readonly cell_type: string;
    source: string | readonly string[];
  }[];
}

// The page as it was written, before anything is added to it: what "download this page" begins with.
const written = () => `<!doctype html>\n${pristine}`;
const pristine = document.documentElement.outerHTML.replace(/ data-(?:gb|theme)="\w*"/g, "");

const sections = [...document.querySelectorAll<HTMLElement>("section.code")].filter((section) =>
  section.querySelector("details.source .highlight"),
);
const packedNotebook = document.getElementById("gb-part-notebook")?.textContent ?? "";
const name = document.querySelector<HTMLElement>("main")?.dataset.page ?? "page";
const keeper = new Keeper(name, fingerprint(packedNotebook));

const session = new Session(heardLate);
/** Grows with every stop: what was waiting to run then does not run any more. */
let generation = 0;
let tail: Promise<unknown> = Promise.resolve();
const stop = element("button", "Stop", "live-stop");
const menu = element("details", "", "live-menu");

const around = {
  run: (cell: Cell) => void runWithAbove(cell),
  runAndMoveOn: (cell: Cell) => {
    void runWithAbove(cell);
    cells[cell.index + 1]?.moveTo();
  },
  changed: () => {
    if (!keeper.save(changesNow()))
      tellReader(
        "This browser keeps nothing for this page: download it, or the notebook, to keep your changes.",
      );
    showMenu();
  },
  link: async (cell: Cell) => {
    location.hash = await toLink(cell.id, cell.source);
    const copied = await navigator.clipboard?.writeText(location.href).then(
      () => true,
      () => false,
    );
    cell.say(
      `The address of this page now carries this cell's change${copied ? "; it has been copied" : "; copy it from the address bar"}.`,
    );
  },
  editor: async (wishes: EditorWishes): Promise<CellEditor> => (await editorPart()).cellEditor(wishes),
};
const cells = sections.map((section, index) => new Cell(index, section, around));

// ---- running ----

async function notebook(): Promise<Notebook | undefined> {
  const text = await part("notebook");
  return text === undefined ? undefined : (JSON.parse(text) as Notebook);
}

/** The cells' exact texts: those in the page have lost blank lines at their ends. */
const textsKnown = once(async () => {
  const sources = new Map((await notebook())?.cells.map(({ id, source }) => [id, [source].flat().join("")]));
  for (const cell of cells) {
    const source = sources.get(cell.id);
    if (source !== undefined) cell.know(source);
  }
});

/** The numbers of the stored figures, which a run is compared with. */
const figuresKnown = once(() => unpackFigures(document));

const editorPart = once(async () => {
  const script = await part("editor");
  if (script === undefined) throw new Error("This page does not carry the editor.");
  await textsKnown();
  const address = addressOf(script);
  try {
    return (await import(address)) as typeof import("./editor");
  } finally {
    URL.revokeObjectURL(address);
  }
});

/** After everything that was asked for before, unless it is stopped meanwhile. */
function inTurn<T>(work: () => Promise<T>): Promise<T | undefined> {
  const asked = generation;
  const turn = tail.then(() => (asked === generation ? work() : undefined));
  tail = turn.catch(() => {});
  busyUntil(tail);
  return turn;
}

function runWithAbove(cell: Cell): Promise<Result | undefined> {
  const asked = generation;
  return inTurn(async () => {
    for (const above of cells.slice(0, cell.index)) {
      if (asked !== generation) return undefined;
      if (session.ran.get(above.index) !== above.source) await execute(above, true);
    }
    return asked === generation ? execute(cell, false) : undefined;
  });
}

async function execute(cell: Cell, quietly: boolean): Promise<Result | undefined> {
  await Promise.allSettled([textsKnown(), figuresKnown()]);
  const outputs = cell.begin();
  const began = performance.now();
  const ended = await session.run(cell.index, cell.source, {
    output: (mimeType, content, place) => outputs.add(mimeType, content, place),
  });
  if (ended.how === "stopped") {
    cell.stopped();
    return undefined;
  }
  const failure = ended.how === "failed" ? ended.failure : late.get(cell.index);
  late.delete(cell.index);
  if (quietly) {
    cell.endQuietly(outputs, failure);
    return { failed: failure !== undefined, difference: undefined, passed: [] };
  }
  return cell.end(outputs, failure, (performance.now() - began) / 1000);
}

/** Errors that no cell was waiting for, while their cell still ran. */
const late = new Map<number, Failure>();
function heardLate(index: number | undefined, failure: Failure): void {
  if (index === undefined) {
    tellReader(`${failure.name}: ${failure.message}`);
    return;
  }
  late.set(index, failure);
  cells[index]?.say(`${failure.name}, which no cell was waiting for: ${failure.message}`);
}

function runAll() {
  stopAll();
  return inTurn(async () => {
    const asked = generation;
    const report: string[] = [];
    const passed: string[] = [];
    let failed = 0;
    let differing = 0;
    for (const cell of cells) {
      if (asked !== generation) break;
      const result = await execute(cell, false);
      if (result?.failed) failed += 1;
      if (result?.difference !== undefined) differing += 1;
      const name = `cell ${cell.index + 1} (${cell.id})`;
      if (result?.failed || result?.difference !== undefined)
        report.push(`${name}: ${result.difference ?? cell.outputs()?.lastElementChild?.textContent}`);
      if (result?.passed.length) passed.push(`${name}: ${result.passed.join("; ")}`);
    }
    tellReader(
      `${cells.length} cells have run: ${failed === 0 ? "none failed" : `${failed} failed`}, ${
        differing === 0 ? "all show what the page was written with" : `${differing} show something else`
      }.`,
    );
    return { cells: cells.length, failed, differing, report, passed };
  });
}

function stopAll(): void {
  generation += 1;
  tail = Promise.resolve();
  session.stop();
  late.clear();
  stop.hidden = true;
}

let waitingFor: Promise<unknown> | undefined;
function busyUntil(end: Promise<unknown>): void {
  stop.hidden = false;
  waitingFor = end;
  void end.then(() => {
    if (waitingFor === end) stop.hidden = true;
  });
}

// ---- keeping and passing on ----

function changesNow(): Changes {
  return Object.fromEntries(cells.filter(({ changed }) => changed).map(({ id, source }) => [id, source]));
}

function offerChanges(changes: Changes, origin: string): void {
  const concerned = cells.filter(({ id }) => Object.hasOwn(changes, id));
  for (const cell of concerned) cell.propose(changes[cell.id] as string, origin);
  const open = concerned.filter(({ proposal }) => proposal);
  if (open.length === 0) return;
  const banner = element("div", "", "live-banner");
  banner.setAttribute("role", "region");
  banner.setAttribute("aria-label", "Changes of this page");
  const words = element(
    "p",
    `${open.length === 1 ? "One cell has" : `${open.length} cells have`} a change ${origin}. The page shows the original until you take ${open.length === 1 ? "it" : "them"}; nothing has run.`,
  );
  const take = element("button", "Take all changes", "tool");
  const leave = element("button", "Leave the original", "tool");
  take.addEventListener("click", () => {
    for (const cell of open) cell.takeProposal();
    banner.remove();
  });
  leave.addEventListener("click", () => {
    for (const cell of open) cell.dropProposal();
    keeper.save(changesNow());
    banner.remove();
  });
  banner.append(words, take, leave);
  document.querySelector("main")?.prepend(banner);
}

async function downloadNotebook(): Promise<void> {
  const text = await notebook();
  if (!text) return tellReader("This page does not carry its notebook.");
  const changes = changesNow();
  for (const cell of text.cells)
    if (Object.hasOwn(changes, cell.id)) cell.source = changes[cell.id] as string;
  download(`${name}.ipynb`, "application/x-ipynb+json", `${JSON.stringify(text, undefined, 1)}\n`);
}

function downloadPage(): void {
  download(`${name}.html`, "text/html", withChanges(written(), changesNow()));
}

function resetPage(): void {
  stopAll();
  for (const cell of cells) if (cell.changed) cell.restore();
  keeper.save({});
  tellReader("Every cell is the original again.");
}

// ---- the menu ----

const told = element("p", "", "live-told");
told.setAttribute("role", "status");

function tellReader(text: string): void {
  told.textContent = text;
  menu.classList.add("live-has-news");
}

function showMenu(): void {
  const count = cells.filter(({ changed }) => changed).length;
  changedCount.textContent =
    count === 0
      ? "No cell is changed."
      : `${count === 1 ? "One cell is" : `${count} cells are`} changed, and kept in this browser.`;
  reset.disabled = count === 0;
}

const changedCount = element("p", "");
const reset = element("button", "All cells back to the original", "tool");

function buildMenu(): void {
  const bar = document.querySelector(".topbar");
  if (!bar) return;
  const summary = element("summary", "Run");
  const panel = element("div", "", "live-panel");
  const all = element("button", "Run all cells", "tool");
  const ipynb = element("button", "Download my notebook (.ipynb)", "tool");
  const html = element("button", "Download this page with my changes", "tool");
  all.addEventListener("click", () => void runAll());
  ipynb.addEventListener("click", () => void downloadNotebook());
  html.addEventListener("click", downloadPage);
  reset.addEventListener("click", resetPage);
  panel.append(
    element(
      "p",
      "Every cell of this page runs here, in this browser: nothing is sent anywhere. Types are erased, not checked. Shift-Enter runs a cell and goes on.",
    ),
    all,
    told,
    changedCount,
    reset,
    ipynb,
    html,
  );
  menu.append(summary, panel);
  stop.addEventListener("click", stopAll);
  stop.hidden = true;
  const before = bar.querySelector("#fold-all, #search-open");
  bar.insertBefore(menu, before);
  bar.insertBefore(stop, before);
  document.addEventListener("click", ({ target }) => {
    if (menu.open && !menu.contains(target as Node)) menu.open = false;
  });
  menu.addEventListener("keydown", ({ key }) => {
    if (key !== "Escape") return;
    menu.open = false;
    summary.focus();
  });
  showMenu();
}

function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  text: string,
  className = "",
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  if (text) made.textContent = text;
  if (className) made.className = className;
  if (made instanceof HTMLButtonElement) made.type = "button";
  return made;
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make().catch((error) => {
      made = undefined;
      throw error;
    });
    return made;
  };
}

/** Tells versions of a page apart; not for secrets (FNV-1a, 32 bits). */
function fingerprint(text: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash >>> 0).toString(16);
}

if (cells.length > 0) {
  stop.classList.add("tool");
  document.documentElement.classList.add("live");
  buildMenu();
  const offers = async (): Promise<void> => {
    const linked = await fromLink(location.hash);
    const foreign = carried();
    const own = keeper.saved();
    if (Object.keys(linked ?? {}).length + Object.keys(foreign).length + Object.keys(own).length > 0)
      await textsKnown().catch(() => {});
    if (Object.keys(foreign).length > 0)
      offerChanges(foreign, "that this file carries; somebody made it and passed it on");
    offerChanges(own, "kept in this browser from an earlier visit");
    if (linked) {
      offerChanges(linked, "that the link you followed carries");
      cells.find(({ id }) => Object.hasOwn(linked, id))?.moveTo();
    }
  };
  // What a copy carries stands behind this script.
  document.addEventListener("DOMContentLoaded", () => void offers());
  const page: GlassboxPage = {
    cells: cells.length,
    runAll: async () =>
      (await runAll()) ?? { cells: cells.length, failed: 0, differing: 0, report: ["stopped"], passed: [] },
    async run(index, source) {
      const cell = cells[index];
      if (cell === undefined)
        throw new Error(`glassboxPage.run: expected a cell from 0 to ${cells.length - 1}, got ${index}.`);
      if (source !== undefined) {
        await textsKnown().catch(() => {});
        cell.setSource(source);
      }
      const result = await runWithAbove(cell);
      const shown = cell.outputs();
      return {
        failed: result?.failed ?? true,
        difference: result?.difference,
        outputs: shown ? shownIn(shown) : [],
      };
    },
    stop: stopAll,
  };
  Object.assign(globalThis, {
    glassboxPage: page,
    /** A playground offers its run as the code of the cell that shows it; see `page/playground`. */
    __glassboxOffer(host: HTMLElement, source: string): boolean {
      const cell = cells.find(({ section }) => section.contains(host));
      cell?.propose(source, "that its playground has written: the run as code");
      cell?.moveTo();
      return cell !== undefined;
    },
  });
}
