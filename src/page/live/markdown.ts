/**
 * Markdown that a cell shows, as elements: headings, paragraphs, lists, tables, code, emphasis, links. Text stays text:
 * HTML in it is shown as it is written, but for `<br>`. A formula that the page already has is set as it is there (the page
 * carries no typesetter); another one is shown as TeX.
 */

export function markdownElement(text: string): HTMLElement {
  const prose = document.createElement("div");
  prose.className = "prose";
  blocks(text.split("\n"), prose, formulas(document));
  return prose;
}

/** The formulas of a page, by their TeX; KaTeX leaves it beside each. "$" before it: set on a line of its own. */
type Formulas = (tex: string, display: boolean) => Node | undefined;

function formulas(page: ParentNode): Formulas {
  let known: Map<string, Element> | undefined;
  return (tex, display) => {
    if (known === undefined) {
      known = new Map();
      for (const note of page.querySelectorAll("annotation[encoding='application/x-tex']")) {
        const set = note.closest(".katex-display") ?? note.closest(".katex");
        if (set) known.set(`${set.matches(".katex-display") ? "$" : ""}${note.textContent}`, set);
      }
    }
    return known.get(`${display ? "$" : ""}${tex}`)?.cloneNode(true);
  };
}

function blocks(lines: readonly string[], into: HTMLElement, set: Formulas): void {
  let i = 0;
  const take = (belongs: (line: string) => boolean): string[] => {
    const from = i;
    while (i < lines.length && belongs(lines[i] as string)) i += 1;
    return lines.slice(from, i);
  };
  while (i < lines.length) {
    const line = lines[i] as string;
    const heading = /^(#{1,6})\s+(.*?)\s*#*$/.exec(line);
    const fence = /^(```+|~~~+)/.exec(line);
    if (line.trim() === "") i += 1;
    else if (fence) {
      i += 1;
      const code = take((text) => !text.startsWith(fence[1] as string));
      i += 1;
      const pre = add(into, "pre");
      add(pre, "code").textContent = code.join("\n");
    } else if (heading) {
      i += 1;
      inline(heading[2] as string, add(into, `h${heading[1]?.length}` as "h2"), set);
    } else if (line.includes("|") && /^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$/.test(lines[i + 1] ?? "")) {
      table(
        take((text) => text.includes("|")),
        into,
        set,
      );
    } else if (ITEM.test(line)) {
      const list = add(into, /^\s*\d/.test(line) ? "ol" : "ul");
      const items: string[] = [];
      for (const text of take((next) => next.trim() !== "")) {
        if (ITEM.test(text)) items.push(text.replace(ITEM, ""));
        else items[items.length - 1] += ` ${text.trim()}`;
      }
      for (const item of items) inline(item, add(list, "li"), set);
    } else if (line.startsWith(">")) {
      const quoted = take((text) => text.startsWith(">")).map((text) => text.replace(/^> ?/, ""));
      blocks(quoted, add(into, "blockquote"), set);
    } else {
      const text = take((next) => next.trim() !== "" && !/^(#{1,6}\s|```|~~~|>)/.test(next));
      inline(text.join("\n"), add(into, "p"), set);
    }
  }
}

const ITEM = /^\s*(?:[-*+]|\d+[.)])\s+/;

function table(lines: readonly string[], into: HTMLElement, set: Formulas): void {
  const [head = "", ruler = "", ...rows] = lines;
  const sides = cellsOf(ruler).map((cell) => {
    if (/^:-+:$/.test(cell)) return "center";
    return /-:$/.test(cell) ? "right" : /^:-/.test(cell) ? "left" : "";
  });
  const wide = add(into, "div");
  wide.className = "wide";
  const element = add(wide, "table");
  const row = (section: HTMLElement, line: string, tag: "th" | "td"): void => {
    const tr = add(section, "tr");
    cellsOf(line).forEach((text, column) => {
      const cell = add(tr, tag === "th" && text !== "" ? "th" : "td");
      if (cell.tagName === "TH") cell.scope = "col";
      cell.style.textAlign = sides[column] ?? "";
      inline(text, cell, set);
    });
  };
  row(add(element, "thead"), head, "th");
  const body = add(element, "tbody");
  for (const line of rows) row(body, line, "td");
}

function cellsOf(line: string): string[] {
  return line
    .trim()
    .replace(/^\|/, "")
    .replace(/(?<!\\)\|$/, "")
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim().replaceAll("\\|", "|"));
}

/** In the order of precedence: code, formulas, escapes, links, strong, emphasis, line breaks. */
const INLINE =
  /(?<tick>`+)(?<code>.+?)\k<tick>(?!`)|\$\$(?<display>[^$]+)\$\$|(?<![$\\])\$(?<tex>(?!\s)(?:\\.|[^\\$`])+?(?<!\s))\$(?![\d$])|\\(?<escaped>[!-/:-@[-`{-~])|\[(?<label>[^\]]+)\]\((?<url>[^)\s]+)\)|\*\*(?<strong>.+?)\*\*|(?<![\w*])[*_](?<em>[^\s*_](?:.*?[^\s*_])?)[*_](?!\w)|(?<br><br\s*\/?>| {2,}\n)/gs;

function inline(text: string, into: HTMLElement, set: Formulas): void {
  let at = 0;
  for (const match of text.matchAll(INLINE)) {
    into.append(text.slice(at, match.index));
    at = match.index + match[0].length;
    const { code, display, tex, escaped, label, url, strong, em } = match.groups ?? {};
    if (code !== undefined) add(into, "code").textContent = code.replace(/^ (.+) $/s, "$1");
    else if (display !== undefined || tex !== undefined) formula(display, tex, into, set);
    else if (escaped !== undefined) into.append(escaped);
    else if (label !== undefined) link(label, url ?? "", into, set);
    else if (strong !== undefined) inline(strong, add(into, "strong"), set);
    else if (em !== undefined) inline(em, add(into, "em"), set);
    else add(into, "br");
  }
  into.append(text.slice(at));
}

function formula(
  display: string | undefined,
  tex: string | undefined,
  into: HTMLElement,
  set: Formulas,
): void {
  const body = display ?? tex ?? "";
  const known = set(body, display !== undefined);
  if (known) into.append(known);
  else add(into, "code").textContent = display === undefined ? `$${body}$` : `$$${body}$$`;
}

/** To another page, or to an address; nothing that would run. */
function link(label: string, url: string, into: HTMLElement, set: Formulas): void {
  if (/^[a-z][a-z0-9+.-]*:/i.test(url) && !/^(https?|mailto):/i.test(url)) {
    inline(label, into, set);
    return;
  }
  const element = add(into, "a");
  element.href = url.replace(/^([^:#?]+)\.ipynb(?=#|$)/, "$1.html");
  inline(label, element, set);
}

function add<K extends keyof HTMLElementTagNameMap>(into: HTMLElement, tag: K): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  into.append(element);
  return element;
}
