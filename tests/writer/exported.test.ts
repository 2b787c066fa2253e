// A page as it is exported, with its own policy: the stored writer writes, and a cell that runs there shows another one.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { recordOutputs, writer } from "glassbox/notebook";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { GlassboxPage } from "../../src/page/live";
import { openPage } from "../site/browser";
import { ensureAssets, runExporter, writeNotebook } from "../site/sample";
import { describeInChromium, launchChromium } from "../support/chromium";
import { book, characters, options, small } from "./small";

const source = `import { Characters, gpt, Random, relu } from "glassbox";
import { writer } from "glassbox/notebook";
const book = ${JSON.stringify(book)};
const characters = Characters.of(book);
const network = gpt({ vocabulary: characters.size, width: 8, blocks: 2, heads: 2, context: 12, tied: false, activation: relu, random: new Random(42) });
writer(network, characters, { text: book, kept: ${JSON.stringify(options.kept)}, source: "Made up.", prompt: "the w", floor: 1.1 });`;

let folder: string;
let file: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "glassbox-writer-"));
  await ensureAssets();
  const outputs = recordOutputs(() => writer(small(), characters, options));
  writeNotebook(join(folder, "executed/16-writes.ipynb"), [
    { kind: "markdown", id: "title", source: "# 16 · Writing\n\nIt writes." },
    { kind: "code", id: "live", source, outputs },
  ]);
  const { status, stderr } = runExporter(join(folder, "executed"), join(folder, "site"));
  if (status !== 0) throw new Error(stderr);
  file = join(folder, "site/16-writes.html");
}, 300_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

declare const glassboxPage: GlassboxPage;

describeInChromium("a writer in an exported page", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser?.close());

  test("travels packed, writes, trains, and is shown anew by its cell", { timeout: 120_000 }, async () => {
    expect(readFileSync(file, "utf8")).toMatch(/<script type="application\/json" class="gb-data gb-packed">/);
    const { page, errors, outside, close } = await openPage(browser, file);
    const live = page.locator('.gb-writer[data-gb="drawn"]:visible');
    const part = (name: string) => live.locator(`[data-part="${name}"]`);
    const works = async () => {
      await page.locator(".gb-writer:visible").scrollIntoViewIfNeeded();
      await live.waitFor({ timeout: 30_000 });
      await part("one").click();
      await expect.poll(() => live.getAttribute("data-characters")).toBe("6");
      await page.locator('.gb-writer:visible [data-part="steps"]').selectOption("100");
      await part("train").click();
      await expect.poll(() => live.getAttribute("data-steps"), { timeout: 30_000 }).toBe("100");
    };
    await works();
    const run = await page.evaluate(() => glassboxPage.run(0));
    expect([run.failed, run.difference]).toEqual([false, undefined]);
    await works();
    expect(errors).toEqual([]);
    expect(outside()).toEqual([]);
    await close();
  });
});
