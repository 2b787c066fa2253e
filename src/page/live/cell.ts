/** One code cell of the page: its tools, its editor, what it shows now, and what it showed when the page was written. */
import { difference, type Shown, shownIn, VARIED } from "./compare";
import { differenceElement } from "./difference-view";
import type { CellEditor, EditorWishes } from "./editor";
import { type Failure, foreignModules } from "./messages";
import { failureText, LiveOutputs } from "./outputs";

/** What a cell asks of the page around it. */
export interface Around {
  run(cell: Cell): void;
  runAndMoveOn(cell: Cell): void;
  changed(cell: Cell): void;
  link(cell: Cell): void;
  editor(wishes: EditorWishes): Promise<CellEditor>;
}

export interface Result {
  readonly failed: boolean;
  /** In words; undefined when the run shows what the page was written with. */
  readonly difference: string | undefined;
  /** What differs and may, in words. */
  readonly passed: readonly string[];
}

export class Cell {
  readonly id: string;
  /** Why the numbers of its output are not the same twice; undefined for most. */
  readonly varies: string | undefined;
  /** What runs: the original, or the reader's change. */
  source: string;
  private original: string;
  private readonly details: HTMLDetailsElement;
  private readonly code: HTMLElement;
  private readonly tools = document.createElement("div");
  private readonly run: HTMLButtonElement;
  private readonly edit: HTMLButtonElement;
  private readonly reset: HTMLButtonElement;
  private readonly link: HTMLButtonElement;
  private readonly status = document.createElement("p");
  private readonly said = document.createElement("span");
  private readonly swap: HTMLButtonElement;
  private readonly stored: HTMLElement | undefined;
  private storedShown: Shown[] | undefined;
  private live: LiveOutputs | undefined;
  private editor: CellEditor | undefined;
  private offer: HTMLElement | undefined;

  constructor(
    readonly index: number,
    readonly section: HTMLElement,
    private readonly around: Around,
  ) {
    this.id = section.id.replace(/^cell-/, "");
    this.varies = section.dataset.varies;
    this.details = section.querySelector("details.source") as HTMLDetailsElement;
    this.code = this.details.querySelector(".highlight") as HTMLElement;
    this.original = (this.code.querySelector("pre")?.textContent ?? "").replace(/\n$/, "");
    this.source = this.original;
    this.stored = section.querySelector<HTMLElement>(":scope > .outputs") ?? undefined;
    const name = `cell ${index + 1}`;
    this.run = button("Run", `Run ${name}`, () => around.run(this));
    this.edit = button("Edit", `Edit ${name}`, () => void this.openEditor(true));
    this.link = button("Link", `Copy a link that carries the change of ${name}`, () => around.link(this));
    this.reset = button("Original", `Back to the original of ${name}`, () => this.toOriginal());
    this.swap = button("Show the stored output", `Show the stored output of ${name}`, () =>
      this.showStored(this.stored?.hidden ?? false),
    );
    this.tools.className = "live-tools";
    this.tools.append(this.run, this.edit, this.reset, this.link);
    this.code.before(this.tools);
    this.status.className = "live-status live-only";
    this.said.setAttribute("role", "status");
    this.status.append(this.said, this.swap);
    this.status.hidden = true;
    this.details.after(this.status);
    const foreign = foreignModules(this.source);
    if (foreign.length > 0)
      this.say(
        `This cell needs Node (${foreign.join(", ")}), which a page does not have: it runs in JupyterLab. What it showed there stands here.`,
      );
    this.swap.hidden = true;
    this.showChanged();
  }

  get changed(): boolean {
    return this.source !== this.original;
  }

  /** The exact text of the notebook, once it is unpacked. */
  know(original: string): void {
    if (!this.changed) this.source = original;
    this.original = original;
  }

  async openEditor(focus: boolean): Promise<void> {
    this.details.open = true;
    if (!this.editor) {
      this.edit.disabled = true;
      try {
        this.editor = await this.around.editor({
          label: `Code of cell ${this.index + 1}. Tab indents; Escape, then Tab, leaves.`,
          source: this.source,
          changed: (source) => {
            this.source = source;
            this.showChanged();
            this.around.changed(this);
          },
          run: () => this.around.run(this),
          runAndMoveOn: () => this.around.runAndMoveOn(this),
        });
      } catch (error) {
        this.say((error as Error).message);
        return;
      } finally {
        this.edit.disabled = false;
      }
      this.code.after(this.editor.element);
      this.code.hidden = true;
      this.edit.hidden = true;
    }
    if (focus) this.editor.focus();
  }

  private toOriginal(): void {
    this.restore();
    this.run.focus();
  }

  restore(): void {
    this.setSource(this.original);
    this.say("This is the original again.");
  }

  /** Replaces the text, in the editor as well. */
  setSource(source: string): void {
    this.source = source;
    this.editor?.set(source);
    this.showChanged();
    this.around.changed(this);
  }

  private showChanged(): void {
    this.section.classList.toggle("live-changed", this.changed);
    this.reset.hidden = !this.changed;
    this.link.hidden = !this.changed;
  }

  /** Shows a change that comes from elsewhere, as a difference; it becomes the cell's text when the reader takes it. */
  propose(source: string, origin: string): void {
    this.offer?.remove();
    if (source === this.source) return;
    const box = document.createElement("div");
    box.className = "live-offer live-only";
    const words = document.createElement("p");
    words.textContent = `A change of this cell, ${origin}. It is not part of the original.`;
    const done = () => {
      box.remove();
      this.offer = undefined;
    };
    const take = button("Take the change", `Take the change of cell ${this.index + 1}`, () => {
      done();
      this.setSource(source);
      void this.openEditor(true);
    });
    const leave = button("Leave the original", `Leave the original of cell ${this.index + 1}`, () => {
      done();
      this.around.changed(this);
      this.run.focus();
    });
    take.classList.add("live-take");
    box.append(words, differenceElement(this.source, source), take, leave);
    this.details.after(box);
    this.offer = box;
    for (
      let folded = this.section.closest("details");
      folded;
      folded = folded.parentElement?.closest("details") ?? null
    )
      folded.open = true;
  }

  get proposal(): boolean {
    return this.offer !== undefined;
  }

  takeProposal(): void {
    this.offer?.querySelector<HTMLButtonElement>(".live-take")?.click();
  }

  dropProposal(): void {
    this.offer?.remove();
    this.offer = undefined;
  }

  /** A run begins. @returns where its outputs go */
  begin(): LiveOutputs {
    const outputs = new LiveOutputs();
    this.section.setAttribute("aria-busy", "true");
    this.editor?.mark();
    this.say("Running …");
    this.swap.hidden = true;
    return outputs;
  }

  /** A run that nobody asked for by itself: a cell above one that was. Only a failure is shown. */
  endQuietly(outputs: LiveOutputs, failure: Failure | undefined): void {
    this.section.removeAttribute("aria-busy");
    if (failure) {
      this.show(outputs);
      this.fail(outputs, failure);
    } else if (this.live === undefined) this.say("Has run, for the cells below.");
    else this.say("Has run again, for the cells below.");
  }

  end(outputs: LiveOutputs, failure: Failure | undefined, seconds: number): Result {
    this.section.removeAttribute("aria-busy");
    this.storedShown ??= this.stored ? shownIn(this.stored) : [];
    this.show(outputs);
    if (failure) {
      this.fail(outputs, failure);
      return { failed: true, difference: undefined, passed: [] };
    }
    const passed = new Set<string>();
    const look = { varies: this.varies !== undefined, passed };
    const found = difference(shownIn(outputs.element), this.storedShown, look);
    const time = `Ran in ${seconds < 10 ? seconds.toFixed(2) : seconds.toFixed(0)} s.`;
    if (found !== undefined) this.say(`${time} Differs from the stored output: ${found}.`);
    else if (this.varies && passed.size > 0)
      this.say(`${time} The numbers of this output vary: ${this.varies}.`);
    else this.say(`${time} The same as the stored output.`);
    this.section.classList.toggle("live-differs", found !== undefined);
    this.swap.hidden = this.stored === undefined;
    const because = this.varies && passed.has(VARIED) ? [...passed, this.varies] : [...passed];
    return { failed: false, difference: found, passed: because.filter((why) => why !== VARIED) };
  }

  stopped(): void {
    this.section.removeAttribute("aria-busy");
    this.say("Stopped. What the cells had made is gone; the next run starts with the cells above it.");
  }

  private fail(outputs: LiveOutputs, failure: Failure): void {
    outputs.fail(failure, "this cell");
    this.section.classList.add("live-differs");
    this.say(failureText(failure, "this cell").split("\n")[0] ?? "It failed.");
    this.swap.hidden = this.stored === undefined;
    this.details.open = true;
    if (failure.line !== undefined && failure.cell === undefined) this.editor?.mark(failure.line);
  }

  private show(outputs: LiveOutputs): void {
    this.live?.remove();
    this.live = outputs;
    this.section.append(outputs.element);
    this.showStored(false);
  }

  private showStored(stored: boolean): void {
    if (this.stored) this.stored.hidden = !stored;
    if (this.live) this.live.element.hidden = stored && this.stored !== undefined;
    this.swap.textContent = stored ? "Show this run" : "Show the stored output";
    this.swap.setAttribute("aria-label", `${this.swap.textContent} of cell ${this.index + 1}`);
  }

  say(text: string): void {
    this.said.textContent = text;
    this.status.hidden = text === "";
  }

  outputs(): Element | undefined {
    return this.live?.element;
  }

  moveTo(): void {
    this.section.scrollIntoView({ block: "nearest" });
    if (this.editor) this.editor.focus();
    else this.run.focus();
  }
}

function button(text: string, label: string, click: () => void): HTMLButtonElement {
  const element = document.createElement("button");
  element.type = "button";
  element.className = "tool";
  element.textContent = text;
  element.setAttribute("aria-label", label);
  element.addEventListener("click", click);
  return element;
}
