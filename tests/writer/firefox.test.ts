// The writer in Firefox: its thread from a blob, the policy, the keys and the pictures are another's there.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generate, Random } from "glassbox";
import { writerHtml } from "glassbox/notebook";
import type { Browser, Page } from "puppeteer-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { packNetwork, unpackNetwork } from "../../src/notebook/writer/packed-network";
import { ensureAssets } from "../site/sample";
import { describeInFirefox, launchFirefox, openInFirefox } from "../support/firefox";
import { characters, options, pageAround, small } from "./small";

const SLOW = { timeout: 120_000 };

const network = small();
let folder: string;
let file: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "glassbox-writer-"));
  await ensureAssets();
  file = join(folder, "writer.html");
  const shown = writerHtml(network, characters, options);
  writeFileSync(file, pageAround(`<details open><summary>Live</summary>${shown}</details>`));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describeInFirefox("the writer in Firefox", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchFirefox();
  }, 120_000);
  afterAll(() => browser?.close());

  const textOf = (page: Page, name: string): Promise<string> =>
    page.evaluate((part) => document.querySelector(`[data-part="${part}"]`)?.textContent ?? "", name);
  const datum = (page: Page, name: string): Promise<string | undefined> =>
    page.evaluate((key) => document.querySelector<HTMLElement>(".gb-writer")?.dataset[key], name);
  const press = (page: Page, name: string): Promise<void> => page.click(`[data-part="${name}"]`);

  test(
    "writes what Node writes, learns, answers to keys, rests when folded, and asks for nothing",
    SLOW,
    async () => {
      const { page, errors, outside, close } = await openInFirefox(browser, file);
      await page.waitForSelector('.gb-writer[data-gb="drawn"]');
      await press(page, "play");
      const length = options.prompt.length + 20;
      await expect
        .poll(async () => (await textOf(page, "text")).length, { timeout: 30_000 })
        .toBeGreaterThanOrEqual(length);
      await press(page, "play");
      await expect.poll(() => datum(page, "doing")).toBe("nothing");
      const again = unpackNetwork(packNetwork(network)) as unknown as typeof network;
      const prompt = characters.encode(options.prompt);
      const expected = generate(again, prompt, {
        tokens: 20,
        temperature: 0.8,
        context: 12,
        random: new Random(7),
      });
      expect((await textOf(page, "text")).slice(0, length)).toBe(
        options.prompt + characters.decode(expected),
      );

      await page.focus('[data-part="text"]');
      await page.keyboard.press("ArrowLeft");
      await expect.poll(() => textOf(page, "question")).toContain(", and came: ");
      await page.keyboard.press("Escape");

      await page.select('[data-part="rate"]', "0.003");
      await page.select('[data-part="steps"]', "100");
      await press(page, "train");
      await expect.poll(() => datum(page, "steps"), { timeout: 60_000 }).toBe("100");
      expect(Number(await datum(page, "kept"))).toBeLessThan(Math.log(characters.size)); // where it began

      await expect.poll(() => datum(page, "doing")).toBe("writing"); // with what it has learned
      await page.click("summary");
      await expect.poll(() => datum(page, "doing")).toBe("nothing");
      expect(errors).toEqual([]);
      expect(outside()).toEqual([]);
      await close();
    },
  );
});
