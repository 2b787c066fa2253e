// The writer in a real browser, from disk, with the network refused and the policy of a page that runs.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generate, Random } from "glassbox";
import { writerHtml } from "glassbox/notebook";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { packNetwork, unpackNetwork } from "../../src/notebook/writer/packed-network";
import { axeViolations, openPage } from "../site/browser";
import { ensureAssets } from "../site/sample";
import { describeInChromium, launchChromium } from "../support/chromium";
import { characters, options, pageAround, small } from "./small";

const SLOW = { timeout: 60_000 };

const network = small();
let folder: string;
let file: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "glassbox-writer-"));
  await ensureAssets();
  file = join(folder, "writer.html");
  const shown = writerHtml(network, characters, options);
  writeFileSync(file, pageAround(shown));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What Node writes with the weights that the page carries. */
const inNode = (tokens: number, seed: number, temperature: number): string => {
  const again = unpackNetwork(packNetwork(network)) as unknown as typeof network;
  const prompt = characters.encode(options.prompt);
  const random = new Random(seed);
  return characters.decode(generate(again, prompt, { tokens, temperature, context: 12, random }));
};

describeInChromium("the writer", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser?.close());

  async function open(more: Parameters<typeof openPage>[2] = {}) {
    const opened = await openPage(browser, file, more);
    await opened.page.waitForSelector('.gb-writer[data-gb="drawn"]', { timeout: 30_000 });
    return opened;
  }
  const part = (page: Page, name: string) => page.locator(`[data-part="${name}"]`);
  const slide = (page: Page, name: string, value: number) => part(page, name).fill(String(value));
  const has = (page: Page, characters: number) =>
    page.waitForFunction(
      (n) => Number(document.querySelector<HTMLElement>(".gb-writer")?.dataset.characters) >= n,
      characters,
    );
  const steps = (page: Page, least: number) =>
    page.waitForFunction(
      (n) => Number(document.querySelector<HTMLElement>(".gb-writer")?.dataset.steps) >= n,
      least,
    );

  test.each([0, 0.8])(
    "writes what Node writes, at a temperature of %d, and asks for nothing",
    SLOW,
    async (t) => {
      const { page, errors, outside, close } = await open();
      await slide(page, "temperature", t);
      await page.selectOption('[data-part="pace"]', "fast");
      await part(page, "play").click();
      await has(page, options.prompt.length + 60);
      const text = (await part(page, "text").textContent()) ?? "";
      expect(text.slice(0, options.prompt.length + 60)).toBe(options.prompt + inNode(60, 7, t));
      expect(errors).toEqual([]);
      expect(outside()).toEqual([]);
      await close();
    },
  );

  test("one character, a pause, another seed, and over again", SLOW, async () => {
    const { page, close } = await open();
    const length = options.prompt.length;
    await part(page, "one").click();
    await has(page, length + 1);
    await part(page, "one").click();
    await has(page, length + 2);
    expect(await part(page, "text").textContent()).toBe(options.prompt + inNode(2, 7, 0.8));
    await part(page, "seed").fill("3");
    await part(page, "seed").press("Enter");
    await expect.poll(() => part(page, "text").textContent()).toBe(options.prompt);
    await part(page, "play").click();
    await has(page, length + 3);
    expect(await part(page, "play").textContent()).toBe("Pause");
    await part(page, "play").click();
    await expect.poll(() => part(page, "play").textContent()).toBe("Write");
    const text = (await part(page, "text").textContent()) ?? "";
    expect(text).toBe(options.prompt + inNode(text.length - length, 3, 0.8));
    await close();
  });

  test("the sliders change what is drawn from, and say what was cut away", SLOW, async () => {
    const { page, close } = await open();
    const rows = () => part(page, "candidates").locator("li:not([hidden])").allTextContents();
    const first = await rows();
    await slide(page, "topK", 3);
    await expect
      .poll(() => part(page, "filters").textContent())
      .toMatch(new RegExp(`^3 of ${characters.size} characters can be drawn\\. Cut away: \\d+\\.\\d %`));
    expect((await rows()).filter((row) => row.endsWith("cut"))).toHaveLength(first.length - 3);
    const before = (texts: string[]) => texts.map((row) => row.split(" → ")[0]);
    expect(before(await rows())).toEqual(before(first));
    await slide(page, "temperature", 0);
    await expect.poll(rows).toContainEqual(expect.stringMatching(/ → 100\.0 %$/));
    await close();
  });

  test("a written character says what it was chosen from, by keyboard and by mouse", SLOW, async () => {
    const { page, close } = await open();
    for (let k = 1; k <= 4; k++) {
      await part(page, "one").click();
      await has(page, options.prompt.length + k);
    }
    const text = (await part(page, "text").textContent()) ?? "";
    const named = (at: number) => `, and came: ${text[at].replace(" ", "␣")}`;
    await part(page, "text").focus();
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("ArrowLeft");
    await expect.poll(() => part(page, "question").textContent()).toContain(named(text.length - 2));
    await page.keyboard.press("Escape");
    await expect.poll(() => part(page, "question").textContent()).not.toContain("came");
    await part(page, "text")
      .locator("span")
      .nth(text.length - 3)
      .hover();
    await expect.poll(() => part(page, "question").textContent()).toContain(named(text.length - 3));
    expect(await part(page, "candidates").locator(".gb-chosen").count()).toBe(1);
    expect(await part(page, "attention").getAttribute("aria-label")).toMatch(/block 2, head 2: most at “.”/);
    await close();
  });

  test("a prompt and a seed that are none are told, and the text stays", SLOW, async () => {
    const { page, errors, close } = await open();
    await part(page, "prompt").fill("the ß");
    await part(page, "prompt").press("Enter");
    await expect.poll(() => part(page, "message").textContent()).toContain("does not know “ß”, character 5");
    await part(page, "seed").fill("-1");
    await part(page, "seed").press("Enter");
    await expect.poll(() => part(page, "message").textContent()).toMatch(/^The seed is a whole number/);
    expect(await part(page, "text").textContent()).toBe(options.prompt);
    expect(errors).toEqual([]);
    await close();
  });

  test("trains on, and the loss falls; stops; and has its first weights back", SLOW, async () => {
    const { page, errors, close } = await open();
    const rows = () => part(page, "candidates").locator("li:not([hidden])").allTextContents();
    const first = await rows();
    await page.selectOption('[data-part="rate"]', "0.003");
    await part(page, "train").click();
    await steps(page, 300);
    const kept = Number(await page.locator(".gb-writer").getAttribute("data-kept"));
    expect(kept).toBeLessThan(0.8 * Math.log(characters.size)); // it began at ln V
    await expect
      .poll(() => part(page, "learned").textContent())
      .toMatch(/^Step 300: loss \d\.\d{3} in training/);
    // then it writes on, with the new weights
    await has(page, options.prompt.length + 3);
    await part(page, "play").click();
    await part(page, "over").click();
    await expect.poll(() => part(page, "text").textContent()).toBe(options.prompt);
    await expect.poll(() => part(page, "play").textContent()).toBe("Write");
    expect(await rows()).not.toEqual(first);
    await page.selectOption('[data-part="steps"]', "1000");
    await part(page, "train").click();
    await steps(page, 310);
    await part(page, "train").click();
    await expect.poll(() => part(page, "train").textContent()).toBe("Train on");
    expect(Number(await page.locator(".gb-writer").getAttribute("data-steps"))).toBeLessThan(1300);
    await part(page, "published").click();
    await expect.poll(rows).toEqual(first);
    expect(errors).toEqual([]);
    await close();
  });

  test(
    "is accessible, in the dark and on a phone, where nothing is wider than the screen",
    SLOW,
    async () => {
      const { page, close } = await open({ viewport: { width: 390, height: 800 }, colorScheme: "dark" });
      await part(page, "one").click();
      await part(page, "train").click();
      await steps(page, 50);
      expect(await axeViolations(page)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
      await close();
    },
  );

  test("without scripts a sample stands there, and a word", SLOW, async () => {
    const { page, close } = await openPage(browser, file, { javaScriptEnabled: false });
    const words = await page.locator(".gb-writer-still").innerText();
    expect(words).toContain("In the live page it writes on");
    expect(words).toContain(options.prompt);
    await close();
  });
});
