// Pages run in Firefox as they do in Chromium: the thread, the policy, the modules from blobs are another's there.
import { join } from "node:path";
import type { Browser } from "puppeteer-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { GlassboxPage } from "../../src/page/live";
import { codeCells, readNotebook } from "../../tools/lib/cells.mjs";
import { someNotebooks } from "../support/course";
import { exportedCourse } from "../support/executed";
import { describeInFirefox, launchFirefox, openInFirefox } from "../support/firefox";

declare const glassboxPage: GlassboxPage;
const SLOW = { timeout: 600_000 };

describeInFirefox("pages in Firefox", () => {
  let browser: Browser;
  let pages: string;
  beforeAll(async () => {
    ({ pages } = await exportedCourse());
    browser = await launchFirefox();
  }, 900_000);
  afterAll(() => browser?.close());

  const open = (notebook: string) =>
    openInFirefox(browser, join(pages, notebook.replace(/\.ipynb$/, ".html")));

  test.each(someNotebooks())("%s: every cell runs and shows what is stored", SLOW, async (notebook) => {
    const { page, errors, outside, close } = await open(notebook);
    const { passed, ...result } = await page.evaluate(() => glassboxPage.runAll());
    console.log([`${notebook}, Firefox:`, ...passed.map((line) => `  may differ: ${line}`)].join("\n"));
    const cells = codeCells(notebook, readNotebook(notebook)).length;
    expect(result).toEqual({ cells, failed: 0, differing: 0, report: [] });
    expect(errors).toEqual([]);
    expect(outside()).toEqual([]);
    await close();
  });

  test("an endless loop stops, a cell is edited and runs, and nothing gets out", SLOW, async () => {
    const { page, close } = await open("05-backpropagation.ipynb");
    const stopped = await page.evaluate(async () => {
      const loop = glassboxPage.run(1, "while (true) {}");
      await new Promise((go) => setTimeout(go, 1500));
      const alive = document.querySelector("[aria-busy=true]") !== null;
      glassboxPage.stop();
      await loop;
      return alive;
    });
    expect(stopped).toBe(true);
    const cell = await page.evaluate(() => document.querySelectorAll("section.code")[1]?.id ?? "");
    await page.evaluate(() => {
      for (const box of document.querySelectorAll("details")) box.open = true;
    });
    await page.click(`#${cell} button[aria-label="Edit cell 2"]`);
    await page.waitForSelector(`#${cell} textarea`);
    await page.evaluate(async (id) => {
      const area = document.querySelector<HTMLTextAreaElement>(`#${id} textarea`);
      area?.focus();
      area?.select();
    }, cell);
    await page.keyboard.type("print(String(6 * 7));");
    await page.keyboard.down("Control");
    await page.keyboard.press("Enter");
    await page.keyboard.up("Control");
    await page.waitForFunction(
      (id) => document.querySelector(`#${id} .live-outputs`)?.textContent === "42\n",
      {},
      cell,
    );
    const tries = `let reached = "refused", worker = "refused";
try { await fetch("https://example.org/"); reached = "out"; } catch {}
try { importScripts("https://example.org/x.js"); worker = "out"; } catch {}
print(reached + " " + worker);`;
    const result = await page.evaluate((text) => glassboxPage.run(1, text), tries);
    expect(JSON.stringify(result.outputs)).toContain("refused refused");
    await close();
  });
});
