// Reading a page: finding the way, folding, searching, colours, paper, phone, keyboard, screen reader.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { describeInChromium, launchChromium } from "../support/chromium";
import { axeViolations, drawAll, openPage } from "./browser";
import { ensureAssets, runExporter, writeNotebook } from "./sample";

// Each export starts a Python, and pages unpack a library: seconds where it is quiet, far more where it is not.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 300_000 });

describeInChromium("a reader", () => {
  let browser: Browser;
  let folder: string;
  const site = (name: string) => join(folder, "site", name);
  const open = (name: string, options?: BrowserContextOptions) => openPage(browser, site(name), options);

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "glassbox-reading-"));
    await ensureAssets();
    writeNotebook(join(folder, "executed/05-slope.ipynb"));
    writeNotebook(join(folder, "executed/06-next.ipynb"), [
      {
        kind: "markdown",
        id: "title",
        source: "# 6 · Optimization\n\n*About 30 minutes.*\n\nWhich way down?",
      },
      { kind: "markdown", id: "valley", source: "## A narrow valley\n\nMomentum rolls through the ravine." },
    ]);
    const long = "More to read.\n\n".repeat(30);
    writeNotebook(join(folder, "executed/07-größe.ipynb"), [
      { kind: "markdown", id: "title", source: "# 7 · Größe" },
      { kind: "markdown", id: "tex", source: `## From $2 \\to 4$\n\n${long}` },
      { kind: "markdown", id: "accent", source: `## Größe 50 %\n\n${long}` },
    ]);
    runExporter(join(folder, "executed"), join(folder, "site"));
    browser = await launchChromium();
  });

  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test("sees in the contents where on the page they are", async () => {
    const { page, close } = await open("05-slope.html", { viewport: { width: 1280, height: 500 } });
    expect(await page.locator(".contents a").allInnerTexts()).toEqual([
      "The chain rule",
      expect.stringMatching(/^A step of/),
      "What to keep",
    ]);
    expect(await page.locator(".contents a[aria-current]").innerText()).toBe("The chain rule");
    await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
    await page.locator(".contents a[aria-current]", { hasText: "What to keep" }).waitFor();
    await close();
  });

  test("folds one cell, or all of them", async () => {
    const { page, close } = await open("05-slope.html");
    const code = page.locator("#cell-trace .highlight");
    await page.locator("#cell-trace summary").click();
    expect(await code.isVisible()).toBe(false);
    expect(await page.locator("#cell-trace .gist").innerText()).toBe("The trace");
    const plumbing = page.locator("#cell-hidden-code .highlight");
    await page.getByRole("button", { name: "Show all code" }).click();
    expect(await plumbing.isVisible()).toBe(true);
    await page.getByRole("button", { name: "Fold all code" }).click();
    expect(await page.locator("#cell-plot .highlight").isVisible()).toBe(false);
    expect(await page.locator("#cell-plot .gb-figure").isVisible()).toBe(true);
    await page.getByRole("button", { name: "Show the ideas" }).click();
    expect(await code.isVisible()).toBe(true);
    expect(await plumbing.isVisible()).toBe(false);
    await close();
  });

  test("finds set-up code and solutions folded", async () => {
    const { page, close } = await open("05-slope.html");
    expect(await page.locator("#cell-hidden-code .highlight").isVisible()).toBe(false);
    expect(await page.locator("#cell-hidden-cell").isVisible()).toBe(false);
    expect(await page.locator("#cell-solution").isVisible()).toBe(false);
    await page.getByText("Solution", { exact: true }).click();
    expect(await page.locator("#cell-solution .highlight").isVisible()).toBe(true);
    await close();
  });

  test("follows a link into something folded, which opens", async () => {
    const { page, close } = await open("05-slope.html");
    await page.evaluate(() => {
      location.hash = "#cell-solution";
    });
    await page.locator("#cell-solution .highlight").waitFor({ state: "visible" });
    expect(await page.locator("#cell-solution .highlight").isVisible()).toBe(true);
    await close();
  });

  test("copies a cell's code", async () => {
    const { page, close } = await open("05-slope.html", {
      permissions: ["clipboard-read", "clipboard-write"],
    });
    await page.locator("#cell-plot .highlight").hover();
    await page.locator("#cell-plot").getByRole("button", { name: "Copy this code" }).click();
    await page.locator("#cell-plot .copy", { hasText: "Copied" }).waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe("figure(falling);");
    await close();
  });

  test("searches the whole course from any page", async () => {
    const { page, errors, outside, close } = await open("05-slope.html");
    await page.keyboard.press("/");
    await page.getByRole("searchbox").fill("ravine mom");
    await page.locator("#search-found a").first().waitFor();
    expect(await page.locator("#search-found a").count()).toBe(1);
    expect(await page.locator("#search-found a").innerText()).toContain("A narrow valley");
    expect(await page.locator("#search-found mark").allInnerTexts()).toEqual(["Mom", "ravine"]);
    expect(errors.concat(outside())).toEqual([]);
    await page.keyboard.press("Enter");
    await page.waitForURL(/06-next\.html#A-narrow-valley$/);
    await page.keyboard.press("/");
    await page.getByRole("searchbox").fill("nothing like this");
    await page.getByText("Nothing found.").waitFor();
    await page.keyboard.press("Escape");
    expect(await page.getByRole("searchbox").isVisible()).toBe(false);
    await close();
  });

  test("finds what is said before what is written, and no TeX", async () => {
    const { page, close } = await open("05-slope.html");
    await page.keyboard.press("/");
    const search = page.getByRole("searchbox");
    const first = page.locator("#search-found a").first();
    await search.fill("answer");
    await first.waitFor();
    expect(await first.locator(".snippet").innerText()).toContain("const answer = 42;");
    await search.fill("uphill");
    await page.getByText("1 section found.").waitFor();
    expect(await first.locator(".snippet").innerText()).toBe("The slope points uphill.");
    await search.fill("sigma");
    await page.getByText("Nothing found.").waitFor();
    await close();
  });

  test("is told why where the browser cannot unpack the index", async () => {
    const { page, errors, close } = await open("06-next.html");
    await page.evaluate(() => Reflect.deleteProperty(window, "DecompressionStream"));
    await page.keyboard.press("/");
    await page.getByText("This browser is too old to unpack the index").waitFor();
    expect(errors).toEqual([]);
    await close();
  });

  test("is told that a copy was made only when it was", async () => {
    const { page, close } = await open("05-slope.html");
    await page.evaluate(() => {
      Object.defineProperty(navigator, "clipboard", {
        value: { writeText: () => Promise.reject(new Error("no")) },
      });
      document.execCommand = () => false;
    });
    await page.locator("#cell-plot .highlight").hover();
    await page.locator("#cell-plot").getByRole("button", { name: "Copy this code" }).click();
    await page.locator("#cell-plot .copy", { hasText: "Not allowed" }).waitFor();
    expect(await page.locator("#cell-plot .copy").textContent()).toContain("Not allowed");
    await close();
  });

  for (const colorScheme of ["light", "dark"] as const) {
    test(`sees something happen at the first click on the colours, on a ${colorScheme} system`, async () => {
      const { page, close } = await open("06-next.html", { colorScheme });
      const before = await paper(page);
      await page.locator("#theme").click();
      expect(await paper(page)).not.toBe(before);
      await close();
    });
  }

  test("sees the contents follow to a heading with a formula or a letter with an accent", async () => {
    const { page, close } = await open("07-größe.html", { viewport: { width: 1280, height: 300 } });
    expect(await page.locator("main h2").evaluateAll((all) => all.map(({ id }) => id))).toEqual([
      "From-$2-\\to-4$",
      "Größe-50-%",
    ]);
    for (const [index, text] of [/From/, /Größe/].entries()) {
      const link = page.locator(".contents a", { hasText: text });
      await link.click();
      await page.locator(".contents a[aria-current]", { hasText: text }).waitFor();
      expect(
        await page
          .locator("main h2")
          .nth(index)
          .evaluate((h) => h.getBoundingClientRect().top),
      ).toBeLessThan(200);
    }
    await close();
  });

  const paper = (page: Page) => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const ink = (page: Page) =>
    page
      .locator(".gb-canvas .xtick text")
      .first()
      .evaluate((text) => getComputedStyle(text).fill);

  test("gets the system's colours, and can choose others, which figures follow", async () => {
    const { page, close } = await open("05-slope.html", { colorScheme: "dark" });
    await drawAll(page);
    const dark = [await paper(page), await ink(page)];
    const button = page.locator("#theme");
    await button.click(); // light
    await page.waitForTimeout(200);
    const light = [await paper(page), await ink(page)];
    expect(light).not.toEqual(dark);
    expect(await button.getAttribute("aria-label")).toBe("Colours: light");
    await page.reload();
    expect(await paper(page)).toBe(light[0]);
    await close();
  });

  test("prints everything that is to be read, and no buttons", async () => {
    const { page, close } = await open("05-slope.html");
    await page.emulateMedia({ media: "print" });
    for (const hidden of [".topbar", ".contents", ".neighbours"]) {
      expect(await page.locator(hidden).isVisible()).toBe(false);
    }
    expect(await page.locator("#cell-trace .highlight").isVisible()).toBe(true);
    expect((await page.pdf()).length).toBeGreaterThan(10_000);
    // Folded code and solutions are opened for the paper, and folded again afterwards.
    expect(await page.locator("#cell-solution .highlight").isVisible()).toBe(false);
    await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
    for (const cell of ["#cell-solution", "#cell-hidden-code"]) {
      expect(await page.locator(`${cell} .highlight`).isVisible()).toBe(true);
    }
    await page.evaluate(() => dispatchEvent(new Event("afterprint")));
    expect(await page.locator("#cell-solution .highlight").isVisible()).toBe(false);
    await close();
  });

  test("is not moved about when they ask for less motion", async () => {
    const scrolling = async (reducedMotion: "reduce" | "no-preference") => {
      const { page, close } = await open("05-slope.html", { reducedMotion });
      const behaviour = await page.evaluate(() => getComputedStyle(document.documentElement).scrollBehavior);
      await close();
      return behaviour;
    };
    expect(await scrolling("no-preference")).toBe("smooth");
    expect(await scrolling("reduce")).toBe("auto");
  });

  test("has nothing cut off on a phone", async () => {
    const { page, close } = await open("05-slope.html", {
      viewport: { width: 390, height: 800 },
      hasTouch: true,
    });
    expect(await page.locator(".contents ol").isVisible()).toBe(false);
    await drawAll(page);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(
      0,
    );
    await close();
  });

  test("can read without any script", async () => {
    const { page, close } = await open("05-slope.html", { javaScriptEnabled: false });
    expect(await page.locator("#cell-trace .highlight").isVisible()).toBe(true);
    expect(await page.locator(".gb-still").count()).toBe(3);
    expect(await page.locator(".gb-still").first().isVisible()).toBe(true);
    expect(await page.locator(".katex").first().isVisible()).toBe(true);
    await close();
  });

  test("reaches with the keyboard whatever scrolls sideways", async () => {
    const { page, close } = await open("05-slope.html");
    expect(await page.locator("#cell-trace .highlight pre").getAttribute("tabindex")).toBe("0");
    expect(await page.locator("#cell-plot .highlight pre").getAttribute("tabindex")).toBe(null);
    await page.keyboard.press("Tab");
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Skip to the text");
    await close();
  });

  for (const name of ["05-slope.html", "index.html"]) {
    for (const colorScheme of ["light", "dark"] as const) {
      test(`meets no barrier that axe knows, in ${name}, ${colorScheme}`, async () => {
        const { page, close } = await open(name, { colorScheme });
        await drawAll(page);
        expect(await axeViolations(page)).toEqual([]);
        await close();
      });
    }
  }
});
