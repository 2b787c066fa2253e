// Comforts of the page. Without any of this it can be read, folded and printed.
(() => {
  const root = document.documentElement;
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];

  // ---- light, dark, or as the system ----
  const signs = { system: "◐", light: "☀", dark: "☾" };
  const theme = document.getElementById("theme");
  const showTheme = () => {
    const now = root.dataset.theme ?? "system";
    theme.textContent = signs[now];
    theme.setAttribute("aria-label", `Colours: ${now === "system" ? "as the system" : now}`);
    theme.title = theme.getAttribute("aria-label");
  };
  theme.addEventListener("click", () => {
    // From the system's colours first to the other ones: every click but the last of a round changes something.
    const light = matchMedia("(prefers-color-scheme: light)").matches;
    const themes = light ? ["system", "dark", "light"] : ["system", "light", "dark"];
    const next = themes[(themes.indexOf(root.dataset.theme ?? "system") + 1) % themes.length];
    if (next === "system") delete root.dataset.theme;
    else root.dataset.theme = next;
    try {
      if (next === "system") localStorage.removeItem("glassbox-theme");
      else localStorage.setItem("glassbox-theme", next);
    } catch {}
    showTheme();
  });
  showTheme();

  // ---- all code at once: the plumbing too, then none of it, then the ideas alone as at the start ----
  const foldAll = document.getElementById("fold-all");
  const sources = all("details.source").map((source) => ({ source, idea: source.open }));
  const steps = [
    { does: "Show all code", open: () => true },
    { does: "Fold all code", open: () => false },
    { does: "Show the ideas", open: ({ idea }) => idea },
  ].filter(({ does }) => does !== "Show the ideas" || sources.some(({ idea }) => !idea));
  // Where nothing is folded, all of it is shown already.
  let next = sources.some(({ idea }) => !idea) ? 0 : 1;
  const offer = () => {
    foldAll.textContent = steps[next].does;
  };
  foldAll?.addEventListener("click", () => {
    for (const entry of sources) entry.source.open = steps[next].open(entry);
    next = (next + 1) % steps.length;
    offer();
  });
  if (foldAll) offer();

  // ---- copy ----
  for (const block of all(".highlight")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "tool copy";
    button.textContent = "Copy";
    button.setAttribute("aria-label", "Copy this code");
    button.addEventListener("click", async () => {
      const text = block.querySelector("pre").textContent.trimEnd();
      button.textContent = (await copy(text)) ? "Copied" : "Not allowed";
      setTimeout(() => {
        button.textContent = "Copy";
      }, 1500);
    });
    block.append(button);
  }

  async function copy(text) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      // A page from disk may not use the clipboard directly; selecting and copying still works.
      const area = document.createElement("textarea");
      area.value = text;
      document.body.append(area);
      area.select();
      const done = document.execCommand("copy");
      area.remove();
      return done;
    }
  }

  // ---- frames of other people's outputs are as high as what is in them: only they can say ----
  addEventListener("message", ({ source, data }) => {
    const height = Number(data?.glassboxHeight);
    const frame = all("iframe.foreign").find((one) => one.contentWindow === source);
    if (frame && height > 0) frame.style.height = `${Math.min(Math.ceil(height), 4000)}px`;
  });

  // ---- the keyboard reaches whatever scrolls sideways ----
  const reachable = () => {
    for (const box of all("pre, .wide, .formula, .gb-table")) {
      if (box.scrollWidth > box.clientWidth + 1) box.tabIndex = 0;
      else box.removeAttribute("tabindex");
    }
  };
  reachable();
  addEventListener("resize", reachable);
  document.addEventListener("toggle", reachable, true);

  // ---- a link into something folded opens it ----
  const unescaped = (text) => {
    try {
      return decodeURIComponent(text);
    } catch {
      return text; // "%" as it is: somebody typed the address
    }
  };
  const openTarget = () => {
    const target = document.getElementById(unescaped(location.hash.slice(1)));
    for (let box = target?.closest("details"); box; box = box.parentElement.closest("details"))
      box.open = true;
    if (target?.closest("details")) target.scrollIntoView();
  };
  addEventListener("hashchange", openTarget);
  if (location.hash) openTarget();

  // ---- on paper, code and solutions are open, as they were on screen afterwards ----
  let opened = [];
  addEventListener("beforeprint", () => {
    opened = all("details.source:not([open]), details.folded:not([open])");
    for (const box of opened) box.open = true;
  });
  addEventListener("afterprint", () => {
    for (const box of opened) box.open = false;
  });

  // ---- on a phone the contents would fill the first screen: there they begin closed ----
  const contents = document.querySelector(".contents details");
  if (contents && matchMedia("(max-width: 71.99rem)").matches) contents.open = false;

  // ---- the contents follow the scroll ----
  const links = new Map(all(".contents a").map((a) => [decodeURIComponent(a.hash.slice(1)), a]));
  const headings = [...links.keys()].map((id) => document.getElementById(id)).filter(Boolean);
  let current;
  const follow = () => {
    const line = innerHeight * 0.3;
    let here = headings[0];
    for (const heading of headings) if (heading.getBoundingClientRect().top < line) here = heading;
    if (innerHeight + scrollY >= root.scrollHeight - 4) here = headings.at(-1);
    if (!here || here === current) return;
    current = here;
    for (const a of links.values()) a.removeAttribute("aria-current");
    const link = links.get(here.id);
    link.setAttribute("aria-current", "true");
    const side = link.closest(".contents");
    if (side.scrollHeight > side.clientHeight) {
      const offset = link.offsetTop - side.clientHeight / 2;
      side.scrollTo({ top: offset });
    }
  };
  let waiting = false;
  addEventListener(
    "scroll",
    () => {
      if (waiting) return;
      waiting = true;
      requestAnimationFrame(() => {
        waiting = false;
        follow();
      });
    },
    { passive: true },
  );
  follow();
})();
