/** What a run shows, as the page shows the stored outputs: the same elements, the same classes. */
import { GONE } from "../thread";
import { markdownElement } from "./markdown";
import type { Failure } from "./messages";

interface PageHooks {
  /** Made by the script that draws figures; see `notebook/figure.ts`. */
  __glassboxPlotly?: Promise<{ show(figure: Element): void }>;
  __glassboxPlayground?: (host: HTMLElement) => void;
  __glassboxWriter?: (host: HTMLElement) => void;
  __glassboxNine?: (host: HTMLElement) => void;
}

export class LiveOutputs {
  readonly element = document.createElement("div");
  private readonly places = new Map<number, HTMLElement>();
  private stream: { kind: string; element: HTMLElement } | undefined;
  private size = 0;
  private full = false;

  constructor() {
    this.element.className = "outputs live-outputs";
  }

  /** @param place outputs with the same place replace each other */
  add(mimeType: string, content: string, place?: number): void {
    this.size += content.length;
    if (place === undefined && this.size > LIMIT) {
      if (!this.full)
        this.append(
          paragraph(
            "stderr",
            `More output than a page should hold (${LIMIT / 1e6} MB): the rest is not shown.`,
          ),
        );
      this.full = true;
      return;
    }
    const [family, kind] = mimeType.split("/") as [string, string];
    if (family === "stream") {
      if (this.stream?.kind !== kind) {
        const element = document.createElement("pre");
        element.className = kind;
        this.append(element);
        this.stream = { kind, element };
      }
      this.stream.element.append(content);
      return;
    }
    const element = elementOf(mimeType, content);
    const before = place === undefined ? undefined : this.places.get(place);
    if (before) {
      endWidgets(before);
      before.replaceWith(element);
    } else this.append(element);
    if (place !== undefined) this.places.set(place, element);
    if (mimeType === "text/html") enliven(element);
  }

  fail(failure: Failure, here: string): void {
    this.append(paragraph("stderr", failureText(failure, here)));
  }

  /** Takes all of it out of the page, for good. */
  remove(): void {
    endWidgets(this.element);
    this.element.remove();
  }

  private append(element: HTMLElement): void {
    this.stream = undefined;
    this.element.append(element);
  }
}

const LIMIT = 20e6;

/** Whoever has a thread ends it. */
function endWidgets(element: HTMLElement): void {
  for (const widget of element.querySelectorAll(".gb-playground, .gb-writer"))
    widget.dispatchEvent(new Event(GONE));
}

/** "TypeError in line 3: x is not a function" */
export function failureText({ name, message, line, column, cell, through }: Failure, here: string): string {
  const where =
    line === undefined
      ? ""
      : ` in ${cell === undefined ? here : `cell ${cell + 1}`}, line ${line}${column === undefined ? "" : `, column ${column}`}`;
  const calls = through.length > 0 ? `\n    called from ${through.join(", from ")}` : "";
  return `${name}${where}: ${message}${calls}`;
}

function paragraph(className: string, text: string): HTMLElement {
  const element = document.createElement("pre");
  element.className = className;
  element.textContent = text;
  return element;
}

function elementOf(mimeType: string, content: string): HTMLElement {
  if (mimeType === "text/markdown") return markdownElement(content);
  const element = document.createElement(mimeType === "text/plain" ? "pre" : "div");
  if (mimeType === "text/html") {
    element.className = "html";
    element.innerHTML = content;
    // The page has the library and the styles already; and no output may move the reader, or the page's addresses.
    for (const foreign of element.querySelectorAll(".gb-setup, meta, base, link, iframe, object, embed"))
      foreign.remove();
  } else if (/^image\/(png|jpeg)$/.test(mimeType)) {
    const image = new Image();
    image.alt = "";
    image.src = `data:${mimeType};base64,${content}`;
    element.append(image);
  } else {
    element.className = mimeType === "text/plain" ? "stdout" : "prose";
    element.textContent = content;
  }
  return element;
}

/** Scripts do not run in inserted markup: what they would have done is done here, where the page has what it takes. */
function enliven(element: HTMLElement): void {
  const { __glassboxPlotly, __glassboxPlayground, __glassboxWriter, __glassboxNine } =
    window as unknown as PageHooks;
  const kinds: [selector: string, what: string, mount: ((host: HTMLElement) => unknown) | undefined][] = [
    [
      ".gb-figure",
      "figure",
      __glassboxPlotly && ((figure) => __glassboxPlotly.then((drawer) => drawer.show(figure))),
    ],
    [".gb-playground", "playground", __glassboxPlayground],
    [".gb-writer", "writer", __glassboxWriter],
    [".gb-nine", "row of sliders", __glassboxNine],
  ];
  for (const [selector, what, mount] of kinds) {
    for (const host of element.querySelectorAll<HTMLElement>(selector)) {
      if (mount) mount(host);
      else
        host.before(
          paragraph(
            "stderr",
            `This page does not carry what a ${what} needs: none of its own cells shows one.`,
          ),
        );
    }
  }
}
