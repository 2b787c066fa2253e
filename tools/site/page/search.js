// Full-text search over the course, in the page: the index is unpacked when it is first asked for.
(() => {
  const dialog = document.getElementById("search");
  const input = dialog.querySelector("input");
  const said = document.getElementById("search-said");
  const found = document.getElementById("search-found");
  const MOST = 30;
  let sections;

  async function unpack() {
    const packed = document.getElementById("search-index").textContent;
    const bytes = Uint8Array.from(atob(packed), (character) => character.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    const rows = JSON.parse(await new Response(stream).text());
    return rows.map(([page, chapter, anchor, heading, text]) => {
      return { page, chapter, anchor, heading, text, low: plain(text), lowHeading: plain(heading) };
    });
  }

  /** Without accents and capitals; as long as the original, so that places in one are places in the other. */
  function plain(text) {
    return [...text].map((c) => (c.normalize("NFD")[0] ?? c).toLowerCase().slice(0, c.length)).join("");
  }

  /** Every word must occur, as the beginning of a word; headings count more, and so does a phrase. */
  function score(section, words, phrase) {
    let total = 0;
    for (const { pattern } of words) {
      const inHeading = section.lowHeading.search(pattern) >= 0;
      const inText = section.low.match(pattern)?.length ?? 0;
      if (!inHeading && !inText) return 0;
      total += (inHeading ? 12 : 0) + Math.min(4, inText);
    }
    if (words.length > 1 && (section.low.includes(phrase) || section.lowHeading.includes(phrase)))
      total += 10;
    return total;
  }

  function look() {
    const phrase = plain(input.value.trim());
    const words = phrase
      .split(/\s+/)
      .filter(Boolean)
      .map((word) => ({
        pattern: new RegExp(`(?<![\\p{L}\\p{N}])${word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}`, "gu"),
      }));
    found.replaceChildren();
    if (words.length === 0) {
      said.textContent = "";
      return;
    }
    const hits = sections
      .map((section) => ({ section, points: score(section, words, phrase) }))
      .filter(({ points }) => points > 0)
      .sort((a, b) => b.points - a.points);
    const shown = hits.slice(0, MOST);
    said.textContent =
      hits.length === 0 ? "Nothing found." : `${hits.length} section${hits.length === 1 ? "" : "s"} found.`;
    found.append(...shown.map(({ section }) => result(section, words)));
  }

  function result(section, words) {
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.href = section.page + (section.anchor ? `#${section.anchor}` : "");
    const heading = document.createElement("strong");
    heading.textContent = section.heading;
    const chapter = document.createElement("small");
    chapter.textContent = section.heading === section.chapter ? "" : section.chapter;
    const snippet = document.createElement("span");
    snippet.append(...excerpt(section, words));
    link.append(heading, chapter, snippet);
    // A place in this very page: nothing is loaded, so the dialog has to go by itself.
    link.addEventListener("click", () => dialog.close());
    item.append(link);
    return item;
  }

  /** A stretch of text around the first word found, with the words marked. */
  function excerpt({ text, low }, words) {
    const spans = words
      .flatMap(({ pattern }) =>
        [...low.matchAll(pattern)].map((match) => [match.index, match.index + match[0].length]),
      )
      .sort((a, b) => a[0] - b[0]);
    const center = spans[0]?.[0] ?? 0;
    const from = center < 60 ? 0 : text.indexOf(" ", center - 50) + 1;
    const to = Math.min(text.length, from + 190);
    const parts = [from > 0 ? "…" : ""];
    let at = from;
    for (const [start, end] of spans) {
      if (start < at || end > to) continue;
      const mark = document.createElement("mark");
      mark.textContent = text.slice(start, end);
      parts.push(text.slice(at, start), mark);
      at = end;
    }
    parts.push(text.slice(at, to), to < text.length ? "…" : "");
    return parts;
  }

  async function open() {
    if (!dialog.open) dialog.showModal();
    input.select();
    sections ??= await unpack();
    look();
  }

  document.getElementById("search-open").addEventListener("click", open);
  input.addEventListener("input", () => sections && look());
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  dialog.addEventListener("keydown", (event) => {
    const links = [...found.querySelectorAll("a")];
    const place = links.indexOf(document.activeElement);
    if (event.key === "ArrowDown") (links[place + 1] ?? links.at(-1))?.focus();
    else if (event.key === "ArrowUp") (links[place - 1] ?? input).focus();
    else if (event.key === "Enter" && document.activeElement === input) links[0]?.click();
    else if (event.key === "Escape")
      dialog.close(); // at once: the field would take the first one to empty itself
    else return;
    event.preventDefault();
  });
  addEventListener("keydown", (event) => {
    const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
    if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    open();
  });
})();
