// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are cells, as texts
// A page that runs its own cells: from disk, in a real browser, with the network refused and the page's own policy.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { figure, lines, recordOutputs, setup } from "glassbox/notebook";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { GlassboxPage } from "../../src/page/live";
import { axeViolations, openPage } from "../site/browser";
import { type Cell, ensureAssets, runExporter, writeNotebook } from "../site/sample";
import { describeInChromium, launchChromium } from "../support/chromium";

const falling = lines({
  title: "Falling",
  x: "epoch",
  y: "loss (nats)",
  series: [{ name: "loss", x: [0, 1, 2], y: [1, 0.5, 0.25] }],
});
const stream = (content: string) => [{ mimeType: "stream", content }];

const cells: Cell[] = [
  {
    kind: "markdown",
    id: "title",
    source:
      "# 5 · A page that runs\n\n*About 1 minute. Builds on nothing.*\n\nAt the end you will have\n\n- run it.",
  },
  {
    kind: "code",
    id: "setup",
    source:
      'import { Matrix, relu } from "glassbox";\nimport { figure, lines, print, setup } from "glassbox/notebook";\nsetup();',
    outputs: recordOutputs(setup),
  },
  {
    kind: "code",
    id: "forward",
    source:
      "const W: Matrix = Matrix.from([[1, 2], [3, 4]]);\nconst z = W.times(Matrix.column([0.5, -1]));\nprint(String(z.at(0, 0)));",
    outputs: stream("-1.5\n"),
  },
  {
    kind: "code",
    id: "activate",
    source: "const a = z.map((value) => relu.apply(value));\nprint(`a = ${a.at(0, 0)}`);",
    outputs: stream("a = 0\n"),
  },
  {
    kind: "code",
    id: "plot",
    source:
      'figure(lines({ title: "Falling", x: "epoch", y: "loss (nats)", series: [{ name: "loss", x: [0, 1, 2], y: [1, 0.5, 0.25] }] }), { alt: "A curve falls." });',
    outputs: recordOutputs(() => figure(falling, { alt: "A curve falls." })),
  },
  {
    kind: "code",
    id: "reference",
    source:
      'import { loadReference } from "glassbox/reference";\nconst { tf, backend } = await loadReference();\nprint(`${backend}: ${tf.tensor1d([1, 2]).square().sum().arraySync()}`);',
    outputs: stream("cpu: 5\n"),
  },
  {
    kind: "code",
    id: "last",
    source: "const never = 1;\nW.rows",
    outputs: [{ mimeType: "text/plain", content: "2" }],
  },
];

let folder: string;
let file: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "glassbox-live-"));
  await ensureAssets();
  writeNotebook(join(folder, "executed/05-runs.ipynb"), cells);
  const { status, stderr } = runExporter(join(folder, "executed"), join(folder, "site"));
  if (status !== 0) throw new Error(stderr);
  file = join(folder, "site/05-runs.html");
}, 300_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

declare const glassboxPage: GlassboxPage;
const SLOW = { timeout: 240_000 };
const status = (page: Page, id: string) => page.locator(`#cell-${id} .live-status [role=status]`);

describeInChromium("a page that runs", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser?.close());

  test("runs every cell, shows what is stored, and asks the network for nothing", SLOW, async () => {
    const { page, errors, outside, close } = await openPage(browser, file);
    const result = await page.evaluate(() => glassboxPage.runAll());
    expect(result).toEqual({ cells: 6, failed: 0, differing: 0, report: [] });
    await page
      .locator("#cell-plot .live-outputs .gb-canvas .main-svg")
      .first()
      .waitFor({ state: "attached" });
    expect(errors).toEqual([]);
    expect(outside()).toEqual([]);
    await close();
  });

  test("one cell runs with those above it; a changed one differs and says how", SLOW, async () => {
    const { page, close } = await openPage(browser, file);
    const same = await page.evaluate(() => glassboxPage.run(2));
    expect(same).toMatchObject({ failed: false, difference: undefined });
    const changed = await page.evaluate(() =>
      glassboxPage.run(1, "const z = Matrix.column([2.5]);\nprint(String(z.at(0, 0)));"),
    );
    expect(changed.difference).toBe("2.5, stored -1.5");
    const below = await page.evaluate(() => glassboxPage.run(2));
    expect(below.difference).toBe("2.5, stored 0");
    expect(await status(page, "activate").textContent()).toMatch(
      /^Ran in .* Differs from the stored output: 2.5, stored 0\.$/,
    );
    await page.click("#cell-activate .live-status button");
    expect(await page.locator("#cell-activate > .outputs:not(.live-outputs)").isVisible()).toBe(true);
    await page.click('#cell-forward button:has-text("Original")');
    expect(await page.evaluate(() => glassboxPage.run(2))).toMatchObject({ difference: undefined });
    await close();
  });

  test("an endless loop stops, and the next run begins with the cells above", SLOW, async () => {
    const { page, errors, close } = await openPage(browser, file);
    const loop = page.evaluate(() => glassboxPage.run(5, "while (true) {}"));
    await page.locator("#cell-last[aria-busy=true]").waitFor();
    // The page lives meanwhile.
    expect(await page.evaluate(() => document.title)).toContain("A page that runs");
    await page.click(".live-stop");
    await loop;
    expect(await status(page, "last").textContent()).toMatch(/^Stopped\. What the cells had made is gone/);
    expect(await page.evaluate(() => glassboxPage.run(5, "W.rows"))).toMatchObject({
      failed: false,
      difference: undefined,
    });
    expect(errors).toEqual([]);
    await close();
  });

  test("errors name the line; what is not in the page is refused by name", SLOW, async () => {
    const { page, close } = await openPage(browser, file);
    const words = async (source: string) => {
      await page.evaluate((text) => glassboxPage.run(1, text), source);
      return (await page.locator("#cell-forward .live-outputs .stderr").last().textContent()) ?? "";
    };
    expect(await words("const a = 1;\nconst b = ;")).toBe(
      "SyntaxError in this cell, line 2, column 11: Unexpected token",
    );
    expect(await words("const f = () => {\n  throw new RangeError('too far');\n};\n\nf();")).toMatch(
      /^RangeError in this cell, line 2, column \d+: too far\n {4}called from line 5$/,
    );
    expect(await words('import fs from "node:fs";')).toMatch(
      /This page has no module "node:fs"\. Inside a page a cell can import "glassbox"/,
    );
    expect(await words("await Promise.reject(new Error('lost'))")).toMatch(/lost/);
    await page.evaluate(() => glassboxPage.run(1, "Promise.reject(new TypeError('nobody waits'));"));
    await expect.poll(() => status(page, "forward").textContent()).toMatch(/nobody waits/);
    await close();
  });

  test("the editor: Tab indents, Shift-Enter runs and moves on, Escape then Tab leaves", SLOW, async () => {
    const { page, close } = await openPage(browser, file);
    await page.click('#cell-activate button:has-text("Edit")');
    const area = page.locator("#cell-activate textarea");
    await area.waitFor();
    expect(await area.inputValue()).toBe(cells[3]?.source);
    await page.keyboard.press("Control+a");
    await page.keyboard.type("print(7");
    expect(await area.inputValue()).toBe("print(7)"); // brackets close themselves
    await page.keyboard.press("Control+z");
    expect(await area.inputValue()).not.toBe("print(7)");
    await page.keyboard.press("Control+a");
    await page.keyboard.insertText("print(String(7));");
    await page.keyboard.press("Home");
    await page.keyboard.press("Tab");
    expect(await area.inputValue()).toMatch(/^ {2}print\(/);
    await page.keyboard.press("Shift+Enter");
    await expect.poll(() => page.locator("#cell-activate .live-outputs").textContent()).toBe("7\n");
    await area.focus();
    await page.keyboard.press("Escape");
    await page.keyboard.press("Tab");
    expect(await area.evaluate((element) => element === document.activeElement)).toBe(false);
    await close();
  });

  test("changes survive a reload as an offer, and run only once they are taken", SLOW, async () => {
    const { page, close } = await openPage(browser, file);
    await page.evaluate(() => glassboxPage.run(2, "print('mine');"));
    await page.reload();
    await page.locator(".live-banner").waitFor();
    expect(await page.locator(".live-banner").textContent()).toMatch(
      /One cell has a change kept in this browser .* nothing has run/,
    );
    expect(await page.locator("#cell-activate ins").first().textContent()).toBe("+ print('mine');\n");
    expect(await page.evaluate(() => glassboxPage.run(2))).toMatchObject({ difference: undefined });
    await page.click('.live-banner button:has-text("Take")');
    expect(await page.evaluate(() => glassboxPage.run(2))).toMatchObject({
      failed: false,
      outputs: [{ kind: "text", text: "mine\n" }],
    });
    await close();
  });

  test("the page and the notebook are passed on with the changes in them", SLOW, async () => {
    const { page, close } = await openPage(browser, file, { acceptDownloads: true });
    await page.evaluate(() => glassboxPage.run(2, "print('passed </script> on');"));
    await page.click(".live-menu summary");
    const saved = async (text: string, name: string) => {
      const [download] = await Promise.all([
        page.waitForEvent("download"),
        page.click(`.live-panel button:has-text("${text}")`),
      ]);
      const target = join(folder, name);
      await download.saveAs(target);
      return target;
    };
    const notebook = JSON.parse(readFileSync(await saved("notebook", "mine.ipynb"), "utf8"));
    expect(notebook.cells.find(({ id }: { id: string }) => id === "activate")).toMatchObject({
      source: "print('passed </script> on');",
      outputs: [],
    });
    const copy = await saved("this page", "mine.html");
    await close();
    const again = await openPage(browser, copy);
    await again.page.locator(".live-banner").waitFor();
    expect(await again.page.locator(".live-banner").textContent()).toMatch(
      /that this file carries; somebody made it/,
    );
    expect(await again.page.evaluate(() => glassboxPage.runAll())).toMatchObject({
      cells: 6,
      failed: 0,
      differing: 0,
    });
    await again.page.click('.live-banner button:has-text("Take")');
    expect(await again.page.evaluate(() => glassboxPage.run(2))).toMatchObject({
      outputs: [{ kind: "text", text: "passed </script> on\n" }],
    });
    expect(again.errors).toEqual([]);
    await again.close();
  });

  test("a link carries one changed cell, and runs nothing by itself", SLOW, async () => {
    const { page, close } = await openPage(browser, file);
    await page.evaluate(() => glassboxPage.run(2, "print('linked');"));
    await page.click('#cell-activate button:has-text("Link")');
    await page.waitForFunction(() => location.hash.startsWith("#change:activate:"));
    const address = page.url();
    await page.evaluate(() => localStorage.clear());
    await page.goto("about:blank");
    await page.goto(address);
    await page.locator("#cell-activate .live-offer").waitFor();
    expect(await page.locator("#cell-activate .live-offer").textContent()).toMatch(
      /that the link you followed carries/,
    );
    expect(await page.locator(".live-outputs").count()).toBe(0);
    await close();
  });

  test("code of a reader cannot reach out, neither from the thread nor by what it shows", SLOW, async () => {
    const { page, outside, close } = await openPage(browser, file);
    const tries = `import { html } from "glassbox/notebook";
const reached = await fetch("https://example.org/").then(() => "out", () => "refused");
let worker = "refused";
try { importScripts("https://example.org/x.js"); worker = "out"; } catch {}
html('<img src="https://example.org/a.png" onerror="window.hacked = true"><script>window.hacked = true</' + 'script>');
print(reached + " " + worker);`;
    const result = await page.evaluate((text) => glassboxPage.run(1, text), tries);
    expect(JSON.stringify(result.outputs)).toContain("refused refused");
    expect(await page.evaluate(() => (window as unknown as { hacked?: boolean }).hacked)).toBeUndefined();
    expect(outside().filter((url) => !url.startsWith("https://example.org"))).toEqual([]);
    await close();
  });

  test("is accessible with an editor, a run and an offer in it, and on a phone", SLOW, async () => {
    const { page, close } = await openPage(browser, file, { viewport: { width: 390, height: 800 } });
    await page.evaluate(() => glassboxPage.run(2, "print('mine');"));
    await page.click('#cell-activate button:has-text("Edit")');
    await page.locator("#cell-activate textarea").waitFor();
    await page.click(".live-menu summary");
    expect(await axeViolations(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    await close();
  });

  test("--static writes a page whose cells do not run", SLOW, async () => {
    const { status: code } = runExporter(join(folder, "executed"), join(folder, "static"), "--static");
    expect(code).toBe(0);
    const text = readFileSync(join(folder, "static/05-runs.html"), "utf8");
    expect(text).not.toContain("gb-part-thread");
    expect(text).not.toContain("blob: 'wasm");
    console.log(
      `running costs a page ${((readFileSync(file).length - text.length) / 1e6).toFixed(2)} MB, TensorFlow.js in it`,
    );
  });
});
