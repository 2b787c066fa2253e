// The course itself, executed and exported: what must hold for every single page.
import { statSync } from "node:fs";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { allNotebooks } from "../../tools/lib/notebooks.mjs";
import { describeInChromium, launchChromium } from "../support/chromium";
import { runsAll, someNotebooks } from "../support/course";
import { exportedCourse } from "../support/executed";
import { axeViolations, drawAll, openPage } from "./browser";

/** More would be slow to open, and slow to send: what it shows, and what runs its cells (TensorFlow.js in it). */
const LARGEST = 2.5e6 + 0.9e6;

const pageOf = (notebook: string): string => notebook.replace(/\.ipynb$/, ".html");
const sampled = new Set([...someNotebooks().map(pageOf), "index.html"]);

describeInChromium("every page of the course", () => {
  let browser: Browser;
  let out: string;

  beforeAll(async () => {
    const { pages, status, stderr, stdout } = await exportedCourse();
    out = pages;
    expect(stderr).toBe("");
    expect(status).toBe(0);
    console.log(stdout);
    browser = await launchChromium();
  }, 900_000);

  afterAll(() => browser?.close());

  for (const name of [...allNotebooks().map(pageOf), "index.html"]) {
    test(`${name}: nothing asked of the network, every plot drawn, every formula set, no barrier that axe knows, in the light and in the dark, nothing cut off`, async () => {
      const path = join(out, name);
      expect(statSync(path).size).toBeLessThan(LARGEST);
      const { page, errors, outside, close } = await openPage(browser, path, { colorScheme: "light" });
      await drawAll(page);
      expect(outside()).toEqual([]);
      expect(errors).toEqual([]);
      expect(await page.locator(".gb-figure:not([data-gb=drawn])").count()).toBe(0);
      expect(await page.locator(".gb-figure:not(:has(.gb-still))").count()).toBe(0);
      const words = await page.locator(".gb-figure .gb-alt, .gb-figure .gb-beside").allTextContents();
      expect(words.length).toBeGreaterThanOrEqual(await page.locator(".gb-figure").count());
      expect(words.filter((text) => text.trim().length < 40)).toEqual([]);
      expect(await page.locator(".katex-error").count()).toBe(0);
      const prose = (await page.locator(".prose :is(p, li, td)").allInnerTexts()).join("\n");
      expect(prose.match(/\$\$|\\(frac|sum|partial|mathrm)\b/)).toBe(null);
      // The pages are made of the same parts: in a short run a sample stands for all.
      if (runsAll || sampled.has(name)) {
        expect(await axeViolations(page), "light").toEqual([]);
        // What another scheme changes is colours; figures take a moment to follow.
        const paper = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
        const light = await paper();
        await page.emulateMedia({ colorScheme: "dark" });
        expect(await paper()).not.toBe(light);
        const contrast = () => axeViolations(page, ["color-contrast", "link-in-text-block"]);
        await expect.poll(contrast, { message: "dark", timeout: 20_000 }).toEqual([]);
      }
      await page.setViewportSize({ width: 390, height: 800 });
      expect(
        await page.evaluate(() => document.documentElement.scrollWidth - innerWidth),
      ).toBeLessThanOrEqual(0);
      await close();
    }, 240_000);
  }

  test("the map has the parts of the course, and a part's last page leads to the next part", async () => {
    const numbers = allNotebooks().map((name) => name.slice(0, 2));
    const lessons = numbers.filter((number) => number !== "09");
    const { page, close } = await openPage(browser, join(out, "index.html"));
    expect(await page.locator("h2.part").allInnerTexts()).toEqual([
      "Part 0A · From one neuron to a trained network",
      "Part 0B · From sequences to a small GPT",
      "To look up",
    ]);
    expect(await page.locator(".map .number").allInnerTexts()).toEqual([...lessons, "09"]);
    expect(await page.locator(".lead").innerText()).toContain(`${lessons.length} notebooks and an appendix`);
    await page.goto(`file://${join(out, "08-the-complete-picture.html")}`);
    const next = lessons[lessons.indexOf("08") + 1];
    expect(await page.locator(".neighbours a").last().getAttribute("href")).toMatch(new RegExp(`^${next}-`));
    await close();
  }, 60_000);
});
