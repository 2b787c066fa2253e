// The writer under strain: strange vocabularies, hasty fingers, outputs that are replaced, folded away or printed.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Characters, gpt, Random } from "glassbox";
import { writerHtml } from "glassbox/notebook";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { LONGEST } from "../../src/notebook/writer/model";
import { axeViolations, openPage } from "../site/browser";
import { ensureAssets } from "../site/sample";
import { describeInChromium, launchChromium } from "../support/chromium";
import { characters, options, POLICY, pageAround, small } from "./small";

const SLOW = { timeout: 60_000 };

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "glassbox-strain-"));
  await ensureAssets();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A page with these outputs. */
function pageOf(name: string, body: string, policy = POLICY): string {
  const file = join(folder, `${name}.html`);
  writeFileSync(file, pageAround(body, policy));
  return file;
}

const part = (page: Page, name: string) => page.locator(`[data-part="${name}"]`);
const text = (page: Page) => part(page, "text").textContent();
/** How many pixels of a canvas are painted. */
const painted = (page: Page, name: string): Promise<number> =>
  part(page, name).evaluate((canvas: HTMLCanvasElement) => {
    const { data } = (canvas.getContext("2d") as CanvasRenderingContext2D).getImageData(
      0,
      0,
      canvas.width,
      canvas.height,
    );
    let count = 0;
    for (let i = 3; i < data.length; i += 4) if (data[i] > 0) count += 1;
    return count;
  });

describeInChromium("the writer under strain", () => {
  let browser: Browser;
  let plain: string;
  beforeAll(async () => {
    browser = await launchChromium();
    plain = pageOf("plain", writerHtml(small(), characters, options));
  });
  afterAll(() => browser?.close());

  async function open(file = plain, more: Parameters<typeof openPage>[2] = {}) {
    const opened = await openPage(browser, file, more);
    await opened.page.waitForSelector('.gb-writer[data-gb="drawn"]', { timeout: 30_000 });
    return opened;
  }

  test(
    "names what cannot be seen, keeps markup as text, and a line end survives the field of the prompt",
    SLOW,
    async () => {
      const strange = '<b>&"\n\t\r\u0000\u0007\u00a0\u200f\u202e\u0301\u05d0\u{1f40b}\ud83dx</script>';
      const vocabulary = Characters.of(strange);
      const network = gpt({
        vocabulary: vocabulary.size,
        width: 4,
        blocks: 1,
        context: 8,
        random: new Random(1),
      });
      const book = strange.repeat(30);
      const html = writerHtml(network, vocabulary, {
        text: book,
        source: "",
        prompt: "\n<b>",
        temperature: 2,
      });
      const { page, errors, close } = await open(pageOf("strange", html));
      expect(await part(page, "prompt").inputValue()).toBe("⏎<b>");
      await page.selectOption('[data-part="pace"]', "fast");
      await part(page, "play").click();
      await expect.poll(async () => ((await text(page)) ?? "").length).toBeGreaterThan(400);
      await part(page, "play").click();
      await part(page, "over").click();
      await expect.poll(() => text(page)).toBe("\n<b>");
      expect(await part(page, "message").textContent()).toBe("");
      const signs = await part(page, "candidates").locator("li:not([hidden]) b").allTextContents();
      const known = new Set([
        "␣",
        "⏎",
        "⇥",
        "␍",
        "U+0000",
        "U+0007",
        "U+00A0",
        "U+200F",
        "U+202E",
        "U+D83D",
        "◌\u0301",
      ]);
      for (const sign of signs) expect(known.has(sign) || vocabulary.all.includes(sign), sign).toBe(true);
      expect(signs.some((sign) => sign.startsWith("U+"))).toBe(true);
      expect(await page.locator(".gb-writer b b, .gb-writer-views script").count()).toBe(0);
      expect(errors).toEqual([]);
      await close();
    },
  );

  test(
    "with one head, one block and a long context: rows, a map, and nothing too wide on a phone",
    SLOW,
    async () => {
      const network = gpt({
        vocabulary: characters.size,
        width: 2,
        blocks: 1,
        context: 400,
        random: new Random(1),
      });
      const { page, errors, close } = await open(
        pageOf("long", writerHtml(network, characters, { ...options, kept: undefined, floor: undefined })),
        { viewport: { width: 390, height: 800 } },
      );
      await page.selectOption('[data-part="pace"]', "fast");
      await part(page, "play").click();
      await expect
        .poll(async () => ((await text(page)) ?? "").length, { timeout: 30_000 })
        .toBeGreaterThan(420);
      await part(page, "play").click();
      await expect.poll(() => part(page, "play").textContent()).toBe("Write");
      expect(await part(page, "head").locator("option").allTextContents()).toEqual(["block 1, head 1"]);
      // 400 places in 350 pixels: each is narrower than one, and still there
      expect(await painted(page, "attention")).toBeGreaterThan(2000);
      expect(await painted(page, "map")).toBeGreaterThan(10_000);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
      expect(errors).toEqual([]);
      await close();
    },
  );

  test("shows one head over all places: an upper triangle, whose head is chosen", SLOW, async () => {
    const { page, close } = await open();
    const label = () => part(page, "map").getAttribute("aria-label");
    await expect
      .poll(label)
      .toMatch(/^Where block 1, head 1 looks from each of the last 5 places, a column a place/);
    await part(page, "head").selectOption("3");
    await expect.poll(label).toMatch(/^Where block 2, head 2 looks/);
    await part(page, "one").click();
    await expect.poll(label).toMatch(/last 6 places/);
    // the lower left is empty: nobody looks ahead
    const corner = await part(page, "map").evaluate((canvas: HTMLCanvasElement) => {
      const scale = canvas.height / canvas.getBoundingClientRect().height;
      const at = (x: number, y: number) =>
        (canvas.getContext("2d") as CanvasRenderingContext2D).getImageData(x * scale, y * scale, 1, 1)
          .data[3];
      // cells of 26 pixels behind 15 for the letters: place 1 looks at place 5; place 5 at place 1
      return [at(15 + 13, 15 + 4.5 * 26), at(15 + 4.5 * 26, 15 + 13)];
    });
    expect(corner[0]).toBe(0);
    expect(corner[1]).toBeGreaterThan(0);
    await close();
  });

  test("survives hasty fingers: every button and slider, hundreds of times, in any order", SLOW, async () => {
    const { page, errors, close } = await open();
    await page.evaluate(() => {
      let seed = 1;
      const random = (n: number): number => {
        seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
        return Math.floor((seed / 0x80000000) * n);
      };
      const all = (selector: string) => [
        ...document.querySelectorAll<HTMLInputElement>(`.gb-writer ${selector}`),
      ];
      const [buttons, sliders, selects] = [all("button"), all('input[type="range"]'), all("select")];
      const fire = (element: HTMLElement, kind: string) =>
        element.dispatchEvent(new Event(kind, { bubbles: true }));
      for (let k = 0; k < 400; k++) {
        const what = random(6);
        if (what < 4) buttons[random(buttons.length)].click();
        else if (what === 4) {
          const slider = sliders[random(sliders.length)];
          slider.value = String(
            Number(slider.min) + random(101) * 0.01 * (Number(slider.max) - Number(slider.min)),
          );
          fire(slider, "input");
        } else {
          const select = selects[random(selects.length)] as unknown as HTMLSelectElement;
          select.selectedIndex = random(select.options.length);
          fire(select, "change");
        }
      }
    });
    // Whatever was pressed: one click each brings it to rest, and it starts over as on the first day.
    await part(page, "one").click();
    await expect.poll(() => part(page, "play").textContent()).toBe("Write");
    await part(page, "published").click();
    for (const [name, value] of [
      ["temperature", "0.8"],
      ["topK", String(characters.size)],
      ["topP", "1"],
    ])
      await part(page, name).fill(value);
    await part(page, "over").click();
    await expect.poll(() => text(page)).toBe(options.prompt);
    const fresh = await open();
    for (const one of [page, fresh.page]) {
      await part(one, "one").click();
      await expect.poll(async () => ((await text(one)) ?? "").length).toBe(options.prompt.length + 1);
    }
    expect(await text(page)).toBe(await text(fresh.page));
    expect(await part(page, "message").textContent()).toBe("");
    expect(errors).toEqual([]);
    await fresh.close();
    await close();
  });

  test("holds so many characters, and no more, and says so", SLOW, async () => {
    const { page, close } = await open();
    await page.selectOption('[data-part="pace"]', "fast");
    await part(page, "play").click();
    await expect
      .poll(() => part(page, "message").textContent(), { timeout: 40_000 })
      .toMatch(/no longer text/);
    const elements = () => page.evaluate(() => document.querySelectorAll(".gb-writer *").length);
    const before = await elements();
    expect(await part(page, "text").locator("span").count()).toBe(LONGEST);
    await part(page, "play").click();
    await part(page, "one").click();
    await page.waitForTimeout(200);
    expect(await elements()).toBe(before);
    await close();
  });

  test("two on a page are two: neither writes into the other, and they have names", SLOW, async () => {
    const one = writerHtml(small(1), characters, { ...options, caption: "The first" });
    const two = writerHtml(small(2), characters, { ...options, caption: "The second" });
    const { page, errors, close } = await open(pageOf("two", one + two));
    const second = page.locator(".gb-writer").nth(1);
    await second.scrollIntoViewIfNeeded();
    await page.locator('.gb-writer[data-gb="drawn"]').nth(1).waitFor();
    await second.locator('[data-part="one"]').click();
    await expect.poll(() => second.getAttribute("data-characters")).toBe("6");
    expect(await page.locator(".gb-writer").first().getAttribute("data-characters")).toBe("5");
    expect(await axeViolations(page)).toEqual([]);
    await page.getByRole("region", { name: "The second" }).waitFor();
    expect(errors).toEqual([]);
    await close();
  });

  test("rests while it is folded away, and its pictures are there when it opens", SLOW, async () => {
    const file = pageOf(
      "folded",
      `<details><summary>Live</summary>${writerHtml(small(), characters, options)}</details>`,
    );
    const { page, close } = await openPage(browser, file);
    const fold = (open: boolean) =>
      page.evaluate((is) => {
        (document.querySelector("details") as HTMLDetailsElement).open = is;
      }, open);
    await fold(true);
    await page.waitForSelector('.gb-writer[data-gb="drawn"]');
    await part(page, "play").click();
    await expect.poll(() => part(page, "play").textContent()).toBe("Pause");
    await fold(false);
    await expect.poll(() => page.locator(".gb-writer").getAttribute("data-doing")).toBe("nothing");
    const written = await text(page);
    await page.waitForTimeout(300);
    expect(await text(page)).toBe(written);
    await fold(true);
    await expect.poll(() => painted(page, "attention")).toBeGreaterThan(1000);
    await close();
  });

  test("its pictures fit when only the place around it gets narrower", SLOW, async () => {
    const { page, close } = await open();
    await page.evaluate(() => {
      (document.querySelector("main") as HTMLElement).style.width = "500px";
    });
    const fits = () =>
      part(page, "attention").evaluate(
        (canvas: HTMLCanvasElement) => canvas.width - Math.round(canvas.clientWidth * devicePixelRatio),
      );
    await expect.poll(fits).toBe(0);
    await close();
  });

  test(
    "ends its thread when another run replaces it, and rests when it is taken out of the page",
    SLOW,
    async () => {
      const { page, close } = await open();
      await page.selectOption('[data-part="steps"]', "1000");
      await part(page, "train").click();
      await expect.poll(() => page.workers().length).toBe(1);
      await page.evaluate(() => {
        document.querySelector(".gb-writer")?.dispatchEvent(new Event("glassbox-gone"));
        document.querySelector(".gb-writer")?.remove();
      });
      await expect.poll(() => page.workers().length).toBe(0);
      await close();

      const other = await open();
      await other.page.evaluate(() => {
        Object.assign(globalThis, { away: document.querySelector(".gb-writer") });
      });
      await part(other.page, "play").click();
      await expect.poll(() => part(other.page, "play").textContent()).toBe("Pause");
      const doing = () =>
        other.page.evaluate(() => (globalThis as unknown as { away: HTMLElement }).away.dataset.doing);
      await other.page.evaluate(() => (globalThis as unknown as { away: HTMLElement }).away.remove());
      await expect.poll(doing).toBe("nothing");
      // JupyterLab brings it back
      await other.page.evaluate(() =>
        document.querySelector("main")?.append((globalThis as unknown as { away: HTMLElement }).away),
      );
      await part(other.page, "play").click();
      await expect.poll(doing).toBe("writing");
      await other.close();
    },
  );

  test("trains on in a tab that nobody looks at", SLOW, async () => {
    const { page, close } = await open();
    // A hidden tab has no frames: whoever waits for one waits for ever.
    await page.evaluate(() => {
      Object.defineProperty(document, "hidden", { value: true, configurable: true });
      globalThis.requestAnimationFrame = () => 0;
      document.dispatchEvent(new Event("visibilitychange"));
    });
    await page.selectOption('[data-part="steps"]', "100");
    await part(page, "train").click();
    await expect
      .poll(() => page.locator(".gb-writer").getAttribute("data-steps"), { timeout: 30_000 })
      .toBe("100");
    await close();
  });

  test("with less motion: bars and heads rest while it writes, and follow when it rests", SLOW, async () => {
    const { page, close } = await open(plain, { reducedMotion: "reduce" });
    const question = () => part(page, "question").textContent();
    const first = await question();
    const before = await part(page, "attention").getAttribute("aria-label");
    await part(page, "play").click();
    await expect
      .poll(async () => ((await text(page)) ?? "").length)
      .toBeGreaterThan(options.prompt.length + 8);
    expect([await question(), await part(page, "attention").getAttribute("aria-label")]).toEqual([
      first,
      before,
    ]);
    expect(await page.locator(".gb-writer").getAttribute("data-doing")).toBe("writing");
    await part(page, "play").click();
    await expect.poll(question).not.toBe(first);
    await close();
  });

  test("a finger's tap chooses a character, and the next tap lets it go", SLOW, async () => {
    const { page, close } = await open(plain, {
      viewport: { width: 390, height: 800 },
      hasTouch: true,
      isMobile: true,
    });
    await part(page, "one").tap();
    await expect.poll(async () => ((await text(page)) ?? "").length).toBe(options.prompt.length + 1);
    const letter = part(page, "text").locator("span").last();
    await letter.tap();
    await expect.poll(() => part(page, "question").textContent()).toContain(", and came: ");
    await page.waitForTimeout(200);
    expect(await part(page, "text").locator(".gb-picked").count()).toBe(1);
    await letter.tap();
    await expect.poll(() => part(page, "question").textContent()).not.toContain("came");
    await close();
  });

  test(
    "by keys alone: every control is reached in order, with a frame around it, and what was written is read aloud",
    SLOW,
    async () => {
      const { page, close } = await open();
      const order: (string | undefined)[] = [];
      for (let k = 0; k < 17; k++) {
        await page.keyboard.press("Tab");
        const [name, outline] = await page.evaluate(() => {
          const activeElement = document.activeElement as HTMLElement;
          return [activeElement.dataset.part, getComputedStyle(activeElement).outlineStyle];
        });
        if (name !== undefined) expect([name, outline]).toEqual([name, "solid"]);
        order.push(name);
      }
      expect(order.slice(0, 15)).toEqual(
        "play one over pace prompt seed temperature topK topP text head train steps rate published".split(
          " ",
        ),
      );
      await part(page, "one").focus();
      await page.keyboard.press("Enter");
      await expect.poll(() => part(page, "heard").textContent()).toMatch(/^The network wrote: .$/s);
      // As in JupyterLab, where Enter does nothing by itself in a field.
      await page.evaluate(() => {
        document.addEventListener(
          "keydown",
          (event) => event.key === "Enter" && event.preventDefault(),
          true,
        );
      });
      await part(page, "prompt").focus();
      await page.keyboard.press("End");
      await page.keyboard.type("h");
      await page.keyboard.press("Enter");
      await expect.poll(() => text(page)).toBe(`${options.prompt}h`);
      await part(page, "temperature").focus();
      await page.keyboard.press("ArrowRight");
      expect(await part(page, "temperature").getAttribute("aria-valuetext")).toBe("0.85");
      await close();
    },
  );

  test("on paper: the whole text, in dark ink, without buttons", SLOW, async () => {
    const { page, close } = await open(plain, { colorScheme: "dark" });
    await page.selectOption('[data-part="pace"]', "fast");
    await part(page, "play").click();
    await expect.poll(async () => ((await text(page)) ?? "").length).toBeGreaterThan(1200);
    await part(page, "play").click();
    await page.emulateMedia({ media: "print" });
    await expect.poll(() => part(page, "play").isVisible()).toBe(false);
    expect(await part(page, "text").evaluate((element) => element.scrollHeight - element.clientHeight)).toBe(
      0,
    );
    await close();
  });

  test("where the page allows no thread, the still text stays, with a word", SLOW, async () => {
    const file = pageOf(
      "threadless",
      writerHtml(small(), characters, options),
      POLICY.replace("worker-src blob:", "worker-src 'none'"),
    );
    const { page, close } = await openPage(browser, file);
    await expect.poll(() => page.locator(".gb-writer-still").innerText()).toMatch(/thread|Worker/);
    await close();
  });

  test("new weights are those of gpt with the seed, and it says so", SLOW, async () => {
    const { page, close } = await open();
    await part(page, "seed").fill("42");
    await part(page, "seed").press("Enter");
    const rows = () => part(page, "candidates").locator("li:not([hidden])").allTextContents();
    const own = await rows(); // those of `small()`, which were drawn with 42 and never trained
    await part(page, "train").click();
    await expect
      .poll(() => page.locator(".gb-writer").getAttribute("data-steps"), { timeout: 30_000 })
      .toBe("300");
    await part(page, "one").click();
    await part(page, "untrained").click();
    await part(page, "over").click();
    await expect
      .poll(() => part(page, "learned").textContent())
      .toMatch(/^New weights, as gpt draws them with the seed 42/);
    await expect.poll(rows).toEqual(own);
    await close();
  });
});
