// The exported page in a real browser, opened from disk with the network refused.
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, BrowserContextOptions } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { dist } from "../../tools/lib/paths.mjs";
import { describeInChromium, launchChromium } from "../support/chromium";
import { drawAll, openPage } from "./browser";
import { cells, EVIL, ensureAssets, runExporter, runStockExporter, writeNotebook } from "./sample";

// Each export starts a Python, and pages unpack a library: seconds where it is quiet, far more where it is not.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 300_000 });

let folder: string;
let exported: ReturnType<typeof runExporter>;
const page05 = () => join(folder, "site/05-slope.html");

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "glassbox-site-"));
  await ensureAssets();
  writeNotebook(join(folder, "executed/05-slope.ipynb"));
  writeNotebook(join(folder, "executed/06-next.ipynb"), [
    { kind: "markdown", id: "title", source: "# 6 · Optimization\n\n*About 30 minutes.*\n\nWhich way down?" },
  ]);
  exported = runExporter(join(folder, "executed"), join(folder, "site"));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("the exporter", () => {
  test("writes a page a notebook and an index, and says how large they are", () => {
    expect(exported.stderr).toBe("");
    expect(exported.stdout).toMatch(/05-slope\.html {2}\d\.\d\d MB/);
    expect(exported.stdout).toMatch(/index\.html/);
    expect(statSync(page05()).size).toBeLessThan(2.5e6);
  });

  test("puts the licences of what pages carry at the foot of each, in whole", () => {
    const { lines, texts } = JSON.parse(readFileSync(join(dist, "licences.json"), "utf8"));
    expect(lines.join("\n")).toMatch(/katex[\s\S]*plotly\.js-dist/);
    const plain = (html: string) =>
      html
        .replace(/&#34;/g, '"')
        .replace(/&#39;/g, "'")
        .replace(/&lt;/g, "<")
        .replace(/&gt;/g, ">")
        .replace(/&amp;/g, "&");
    for (const name of ["05-slope.html", "index.html"]) {
      const foot = plain(
        /<footer class="licences">[\s\S]*<\/footer>/.exec(
          readFileSync(join(folder, "site", name), "utf8"),
        )?.[0] ?? "",
      );
      for (const text of [...lines, ...texts]) expect(foot).toContain(text.trim());
    }
  });

  test("gives the same bytes each time", () => {
    runExporter(join(folder, "executed"), join(folder, "again"));
    for (const name of ["05-slope.html", "06-next.html", "index.html"]) {
      expect(readFileSync(join(folder, "again", name))).toEqual(readFileSync(join(folder, "site", name)));
    }
  });

  test("shows a formula that is wrong as it was written, says where, and writes every other page", () => {
    const wrong = join(folder, "wrong");
    writeNotebook(join(wrong, "05-slope.ipynb"), [
      { kind: "markdown", id: "sums", source: "A formula: $\\frac{1}{$" },
    ]);
    writeNotebook(join(wrong, "06-next.ipynb"));
    const { status, stderr } = runExporter(wrong, join(folder, "wrong-site"));
    expect(status).toBe(3);
    expect(stderr).toMatch(
      /^export: 05-slope\.ipynb, cell "sums": the formula \$\\frac\{1\}\{\$ is shown as it was/,
    );
    expect(stderr.trimEnd().split("\n")).toHaveLength(1);
    expect(readFileSync(join(folder, "wrong-site/05-slope.html"), "utf8")).toContain(">$\\frac{1}{$</code>");
    expect(readFileSync(join(folder, "wrong-site/06-next.html"), "utf8")).toContain("The chain rule");
  });

  test("folds what stands under a collapsed heading, and nothing after it", () => {
    writeNotebook(join(folder, "deeper/05-slope.ipynb"), [
      { kind: "markdown", id: "title", source: "# 5 · Slopes" },
      { kind: "markdown", id: "aside", source: "### Go deeper: <b>", collapsed: true },
      { kind: "markdown", id: "inside", source: "A side road." },
      { kind: "markdown", id: "outside", source: "### On\n\nThe way on." },
    ]);
    runExporter(join(folder, "deeper"), join(folder, "deeper-site"));
    const page = readFileSync(join(folder, "deeper-site/05-slope.html"), "utf8");
    const fold = /<details class="folded deeper">(.*?)<\/details>/s.exec(page)?.[1] ?? "";
    expect(fold).toContain("<summary>Go deeper: &lt;b&gt;</summary>");
    expect(fold).toContain('id="cell-inside"');
    expect(fold).not.toContain('id="cell-outside"');
    expect(page).toContain('id="cell-outside"');
  });

  test("exports only what it is asked to, and links what is there", () => {
    const out = join(folder, "some");
    runExporter(join(folder, "executed"), out, "06");
    const page = readFileSync(join(out, "06-next.html"), "utf8");
    expect(page).not.toContain('href="05-slope.html"');
    expect(readFileSync(join(out, "index.html"), "utf8")).toContain("Following the slope");
  });
});

describeInChromium("an exported page", () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await launchChromium();
  });

  afterAll(() => browser?.close());

  const open = (path: string, options?: BrowserContextOptions) => openPage(browser, path, options);

  test("asks for nothing and complains about nothing", async () => {
    const { page, errors, outside, close } = await open(page05());
    await drawAll(page);
    expect(outside()).toEqual([]);
    expect(errors).toEqual([]);
    await close();
  });

  test("draws figures when they come near, and not before", async () => {
    const { page, close } = await open(page05(), { viewport: { width: 1280, height: 200 } });
    const last = page.locator("#cell-film .gb-figure");
    await page
      .locator("#cell-plot .main-svg")
      .first()
      .waitFor({ state: "attached", timeout: 5000 })
      .catch(() => {});
    expect(await last.getAttribute("data-gb")).toBe("waiting");
    await last.scrollIntoViewIfNeeded();
    await last.locator(".main-svg").first().waitFor({ state: "attached" });
    expect(await last.getAttribute("data-gb")).toBe("drawn");
    await close();
  });

  test("typesets every formula, and keeps its MathML", async () => {
    const { page, close } = await open(page05());
    expect(await page.locator(".katex").count()).toBeGreaterThanOrEqual(6);
    expect(await page.locator(".katex-error").count()).toBe(0);
    expect(await page.locator(".katex-mathml math").count()).toBeGreaterThanOrEqual(6);
    const prose = await page.locator(".prose").allInnerTexts();
    expect(prose.join(" ")).not.toMatch(/\$/);
    const fonts = await page.evaluate(async () => {
      await document.fonts.ready;
      return [...document.fonts].filter((font) => font.status === "loaded").map((font) => font.family);
    });
    expect(fonts).toEqual(expect.arrayContaining(["KaTeX_Main", "KaTeX_Math", "KaTeX_AMS"]));
    expect(
      await page.evaluate(() => [...document.fonts].some((font) => font.family === "KaTeX_Fraktur")),
    ).toBe(false);
    await close();
  });

  test("shows execution counts", async () => {
    const { page, close } = await open(page05());
    const counts = await page.locator(".count").allInnerTexts();
    const expected = cells.filter(({ kind }) => kind === "code").map((_, i) => `[${i + 1}]`);
    // Those inside folded cells are there, but have no rendered text.
    expect(counts.filter(Boolean)).toEqual(expected.filter((count) => counts.includes(count)));
    expect(counts.slice(0, 7)).toEqual(expected.slice(0, 7));
    await close();
  });

  test("never lets text from data become markup", async () => {
    const { page, close } = await open(page05());
    await drawAll(page);
    expect(await page.evaluate(() => "hacked" in window)).toBe(false);
    expect(await page.locator("figcaption").first().innerText()).toContain(EVIL);
    expect(await page.locator("img[src=x]").count()).toBe(0);
    await close();
  });

  test("runs its own scripts only, and connects to nothing, even if markup got in", async () => {
    const { page, errors, close } = await open(page05());
    await drawAll(page);
    expect(errors).toEqual([]);
    await page.evaluate(async () => {
      document.body.insertAdjacentHTML("beforeend", '<img src="data:," onerror="window.hacked = 1">');
      const script = document.createElement("script");
      script.textContent = "window.hacked = 2";
      document.body.append(script);
      await fetch("https://example.org").catch(() => {});
      await new Promise((resolve) => setTimeout(resolve, 200));
    });
    expect(await page.evaluate(() => "hacked" in window)).toBe(false);
    const refused = ["inline event handler", "inline script", "connect-src"];
    for (const what of refused) {
      expect(errors.some((error) => error.includes(what) && error.includes("Content Security Policy"))).toBe(
        true,
      );
    }
    await close();
  });

  test("steps through frames with the slider, by keyboard too", async () => {
    const { page, close } = await open(page05());
    await drawAll(page);
    const slider = page.locator(".gb-slider input");
    await slider.focus();
    // A film opens on its first frame: its end may be the answer to a question above it.
    expect(await slider.getAttribute("aria-valuetext")).toBe("slope 1");
    await page.keyboard.press("ArrowRight");
    expect(await slider.getAttribute("aria-valuetext")).toBe("slope 2");
    expect(await page.locator(".gb-slider button").getAttribute("aria-label")).toBe(
      "Play through every slope",
    );
    await close();
  });

  test("draws the figures whatever comes first, the library or a figure", async () => {
    const reversed = [...cells].reverse();
    writeNotebook(join(folder, "reversed/05-slope.ipynb"), reversed);
    runExporter(join(folder, "reversed"), join(folder, "reversed-site"));
    const { page, errors, close } = await open(join(folder, "reversed-site/05-slope.html"));
    await drawAll(page);
    expect(errors).toEqual([]);
    await close();
  });

  test("opens the index, which leads to every page", async () => {
    const { page, errors, outside, close } = await open(join(folder, "site/index.html"));
    expect(await page.locator(".map a .title").allInnerTexts()).toEqual([
      "Following the slope",
      "Optimization",
    ]);
    expect(await page.locator(".map .facts").first().innerText()).toBe(
      "About 20 minutes · builds on notebook 4",
    );
    expect(await page.locator(".map .summary").first().innerText()).toBe("A weighted vote.");
    await page.locator(".map a").first().click();
    await page.locator('a[rel="next"]').click();
    await page.getByRole("link", { name: "The course" }).click();
    expect(page.url()).toMatch(/index\.html$/);
    expect([errors, outside().filter((url) => !url.startsWith("file:"))]).toEqual([[], []]);
    await close();
  });

  test("is a page with plots in nbconvert's own export, too", async () => {
    const { status } = runStockExporter(join(folder, "executed/05-slope.ipynb"), join(folder, "stock"));
    expect(status).toBe(0);
    const { page, close } = await open(join(folder, "stock/05-slope.html"));
    await drawAll(page);
    expect(await page.locator(".gb-figure[data-gb=drawn]").count()).toBe(3);
    expect(await page.evaluate(() => "hacked" in window)).toBe(false);
    await close();
  });

  test("draws beside a require.js that got there first", async () => {
    const html = readFileSync(page05(), "utf8");
    const requirejs =
      "<script>window.define = Object.assign(() => {}, { amd: {} }); window.require = () => {};</script>";
    const path = join(folder, "require.html");
    writeFileSync(path, html.replace("<head>", `<head>${requirejs}`));
    const { page, errors, close } = await open(path);
    await drawAll(page);
    expect(errors).toEqual([]);
    await close();
  });
});
