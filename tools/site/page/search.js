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
    return rows.map(([page, chapter, anchor, heading, prose, code]) => {
      const low = { prose: plain(prose), code: plain(code), heading: plain(heading) };
      return { page, chapter, anchor, heading, prose, code, low };
    });
  }

  /** Without accents and capitals; as long as the original, so that places in one are places in the other. */
  function plain(text) {
    return [...text].map((c) => (c.normalize("NFD")[0] ?? c).toLowerCase().slice(0, c.length)).join("");
  }

  /**
   * Every word must occur, as the beginning of a word. Headings count more, and so does a phrase; what is said counts
   * more than what is written in code.
   */
  function score({ low }, words, phrase) {
    let total = 0;
    for (const { pattern } of words) {
      const inHeading = low.heading.search(pattern) >= 0;
      const inProse = low.prose.match(pattern)?.length ?? 0;
      const inCode = low.code.search(pattern) >= 0;
      if (!inHeading && !inProse && !inCode) return 0;
      total += (inHeading ? 12 : 0) + Math.min(4, inProse) + (inCode ? 0.5 : 0);
    }
    if (words.length > 1 && (low.prose.includes(phrase) || low.heading.includes(phrase))) total += 10;
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
    link.href = section.page + (section.anchor ? `#${encodeURIComponent(section.anchor)}` : "");
    const heading = document.createElement("strong");
    heading.textContent = section.heading;
    const chapter = document.createElement("small");
    chapter.textContent = section.heading === section.chapter ? "" : section.chapter;
    const snippet = document.createElement("span");
    snippet.className = "snippet";
    snippet.append(...excerpt(section, words));
    link.append(heading, chapter, snippet);
    // A place in this very page: nothing is loaded, so the dialog has to go by itself.
    link.addEventListener("click", () => dialog.close());
    item.append(link);
    return item;
  }

  /** A stretch of text around the first word found, with the words marked: of prose, or of code where prose has none. */
  function excerpt({ prose, code, low }, words) {
    const find = (where) =>
      words
        .flatMap(({ pattern }) =>
          [...where.matchAll(pattern)].map((match) => [match.index, match.index + match[0].length]),
        )
        .sort((a, b) => a[0] - b[0]);
    const inProse = find(low.prose);
    const inCode = inProse.length > 0 ? [] : find(low.code);
    const text = inCode.length > 0 ? code : prose;
    const spans = inCode.length > 0 ? inCode : inProse;
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
    try {
      sections ??= await unpack();
    } catch {
      const missing = typeof DecompressionStream === "undefined";
      const why = missing
        ? "This browser is too old to unpack the index"
        : "The index of this page cannot be read";
      said.textContent = `${why}, so nothing can be searched here. The browser's own search finds what is on this page.`;
      input.disabled = true;
      return;
    }
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
