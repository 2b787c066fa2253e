// A folder of notebooks with a fault each: every page that can be written is there, and each fault is one line.
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { describeInChromium, launchChromium } from "../support/chromium";
import { openPage } from "./browser";
import { hostile, LAST, PIXEL, writeHostile } from "./hostile";
import { ensureAssets, runExporter } from "./sample";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 300_000 });

let folder: string;
let exported: ReturnType<typeof runExporter>;
const page = (name: string) => readFileSync(join(folder, "site", `${name}.html`), "utf8");

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "glassbox-hostile-"));
  await ensureAssets();
  writeHostile(join(folder, "mine"));
  exported = runExporter(join(folder, "mine"), join(folder, "site"), "--title", "Mine & yours");
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("a folder of hostile notebooks", () => {
  test("ends with the exit code for faults, and tells each in one line", () => {
    const lines = exported.stderr.trimEnd().split("\n");
    const expected = hostile.flatMap(({ name, faults = [] }) => faults.map((fault) => ({ name, fault })));
    for (const { name, fault } of expected) {
      expect(
        lines.filter((line) => line.startsWith(`export: ${name}.ipynb`) && fault.test(line)),
      ).toHaveLength(1);
    }
    expect(lines.filter((line) => !line.startsWith("export: "))).toEqual([]);
    expect(lines).toHaveLength(expected.length);
    expect(exported.status).toBe(3);
  });

  test.each(hostile.filter(({ lost }) => !lost))(
    "$name has its page",
    ({ name, cells, shows = [], hides = [] }) => {
      const text = page(name);
      const body = text.slice(text.indexOf("<main"), text.indexOf("</main>"));
      expect(body).not.toBe("");
      for (const part of shows) expect(body).toMatch(part instanceof RegExp ? part : literally(part));
      for (const part of hides) expect(body).not.toMatch(part instanceof RegExp ? part : literally(part));
      if (cells && cells.length > 0) expect(body).toContain(LAST);
    },
  );

  test.each(hostile.filter(({ lost }) => lost))("$name has none, and is not on the index", ({ name }) => {
    expect(existsSync(join(folder, "site", `${name}.html`))).toBe(false);
    expect(page("index")).not.toContain(`${name}.html`);
  });

  test("the index has the owner's title, counts the notebooks and numbers none of them", () => {
    const index = page("index");
    expect(index).toContain("<h1>Mine &amp; yours</h1>");
    expect(index).not.toContain("Glassbox</a>");
    expect(index).not.toContain("Nine notebooks");
    expect(index).toContain(`${hostile.filter(({ lost }) => !lost).length} notebooks.`);
    expect(index).toContain(
      '<span class="number"></span>\n<span class="title">A quick look at my data</span>',
    );
    expect(index).toContain('href="50%25%20off%20%231%3F.html"');
  });

  test("--untrusted leaves text, tables and pictures, and no script but the page's own", () => {
    const out = join(folder, "untrusted");
    runExporter(join(folder, "mine"), out, "--untrusted");
    for (const name of ["scripts", "travel", "kinds", "unbalanced"]) {
      const text = readFileSync(join(out, `${name}.html`), "utf8");
      const body = text.slice(text.indexOf("<main"), text.indexOf("</main>"));
      expect(body).not.toMatch(/<script|<iframe|<style|\son\w+=|<button/);
      expect(body).toContain(LAST);
    }
    expect(readFileSync(join(out, "kinds.html"), "utf8")).toContain('class="gb-still"');
    expect(readFileSync(join(out, "local-image.html"), "utf8")).toContain(PIXEL);
  });
});

describeInChromium("a page of a hostile notebook", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser?.close());
  const open = (name: string) => openPage(browser, join(folder, "site", `${name}.html`));

  test.each(hostile.filter(({ lost, cells }) => !lost && cells?.length))(
    "$name keeps its cells apart",
    async ({ name, cells: written = [] }) => {
      const { page, outside, close } = await open(name);
      const cells = await page.locator("main > section, main > details").count();
      expect(await page.locator("main > section").last().innerText()).toBe(LAST);
      expect(cells).toBe(written.length + (name.startsWith("A") ? 1 : 2));
      expect(outside()).toEqual([]);
      await close();
    },
  );

  test("runs other people's scripts in frames, which grow with what is in them", async () => {
    const { page, close } = await open("scripts");
    const frames = page.locator("iframe.foreign");
    expect(await frames.count()).toBe(3);
    await page.frameLocator("iframe.foreign >> nth=0").getByText("spoken in a frame").waitFor();
    const button = page.frameLocator("iframe.foreign >> nth=1").getByRole("button");
    await button.click();
    expect(await button.innerText()).toBe("pressed");
    await page.frameLocator("iframe.foreign >> nth=2").getByText("from JavaScript").waitFor();
    const heights = () =>
      page.evaluate(() => [...document.querySelectorAll("iframe")].map((frame) => frame.clientHeight));
    await expect.poll(async () => Math.max(...(await heights())), { timeout: 20_000 }).toBeLessThan(120);
    expect(await page.evaluate(() => "hacked" in window)).toBe(false);
    await close();
  });

  test("stays where it is, whatever it says", async () => {
    const { page, outside, close } = await open("travel");
    const opened: unknown[] = [];
    page.context().on("page", (other) => opened.push(other));
    await page.waitForTimeout(1500);
    expect(page.url()).toContain("travel.html");
    expect(outside()).toEqual([]);
    expect(opened).toEqual([]);
    await close();
  });

  test("draws a figure from plotly", async () => {
    const { page, close } = await open("kinds");
    const figure = page.locator(".gb-figure").first();
    await figure.scrollIntoViewIfNeeded();
    await figure.locator(".main-svg").first().waitFor({ state: "attached" });
    expect(await figure.locator(".main-svg").count()).toBeGreaterThan(0);
    await close();
  });
});

const literally = (text: string) => new RegExp(text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
