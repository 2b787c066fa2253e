// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are cells, as texts
// A page that runs its own cells: from disk, in a real browser, with the network refused and the page's own policy.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { figure, lines, markdown, playground, recordOutputs, setup, weightsByHand } from "glassbox/notebook";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { GlassboxPage } from "../../src/page/live";
import { dist } from "../../tools/lib/paths.mjs";
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

const small = { data: "xor", points: 60, hidden: [3], seed: 5 } as const;
const nine = { input: [0.5, 0.8], label: 1, weights: [0.1, 0.2, 0.1, 0.3, 0.4, 0.2, 0.5, 0.6, 0.3] } as const;
const said =
  "The rate is $\\eta$; **it** matters:\n\n| formula | `code` |\n|---|---|\n| $\\eta$ | a \\| b<br>c |";

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
    outputs: stream("2\n"),
  },
  {
    kind: "code",
    id: "play",
    source:
      'import { playground } from "glassbox/notebook";\nplayground({ data: "xor", points: 60, hidden: [3], seed: 5 });',
    outputs: recordOutputs(() => playground(small)),
  },
  {
    kind: "code",
    id: "nine",
    source: `import { weightsByHand } from "glassbox/notebook";\nweightsByHand(${JSON.stringify(nine)});`,
    outputs: recordOutputs(() => weightsByHand(nine)),
  },
  {
    kind: "code",
    id: "said",
    source: `import { markdown } from "glassbox/notebook";\nmarkdown(${JSON.stringify(said)});`,
    outputs: recordOutputs(() => markdown(said)),
  },
  {
    kind: "code",
    id: "node",
    source: 'import { cpus } from "node:os";\nprint(String(cpus().length > 0));',
    outputs: stream("true\n"),
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
    expect(result).toEqual({
      cells: 10,
      failed: 1,
      differing: 0,
      report: [expect.stringMatching(/^cell 10 \(node\): Error.*This page has no module "node:os"/)],
      passed: [],
    });
    await page
      .locator("#cell-plot .live-outputs .gb-canvas .main-svg")
      .first()
      .waitFor({ state: "attached" });
    expect(errors).toEqual([]);
    expect(outside()).toEqual([]);
    await close();
  });

  test("a cell that needs Node says so in its place, before it runs and when it has", SLOW, async () => {
    const { page, close } = await openPage(browser, file);
    expect(await status(page, "node").textContent()).toMatch(/^This cell needs Node \(node:os\)/);
    expect(await page.locator("#cell-node > .outputs").textContent()).toContain("true");
    const words = async (source: string) => {
      await page.evaluate((text) => glassboxPage.run(9, text), source);
      return (await page.locator("#cell-node .live-outputs .stderr").last().textContent()) ?? "";
    };
    expect(await words("Buffer.from('a');")).toMatch(/Buffer is not defined: a page has no Node/);
    expect(await words("require('fs');")).toMatch(/require is not defined: a page has no Node/);
    await close();
  });

  test("SIMD trains in the page, with the same float64 bits as plain loops", SLOW, async () => {
    const { page, close } = await openPage(browser, file);
    const source = `import { Adam, Dense, Activation, binaryCrossEntropyFromLogits, fit, Random, Sequential, simd, spirals, tanh } from "glassbox";
const trained = async (engine) => {
  const random = new Random(3);
  const { inputs, targets } = spirals({ points: 100, random });
  const network = new Sequential([new Dense(2, 17, { random }), new Activation(tanh), new Dense(17, 1, { random })]);
  fit(network, { inputs, targets, loss: binaryCrossEntropyFromLogits, optimizer: new Adam(0.01), epochs: 20, batchSize: 32, random, engine });
  return network.parameters.flatMap(({ value }) => Array.from(value.data));
};
const engine = await simd();
const [fast, plain] = [await trained(engine), await trained(undefined)];
print(engine.constructor.name + " " + engine.precision + " " + fast.length + " " + fast.every((value, i) => Object.is(value, plain[i])) + " " + fast.some((value) => value !== 0));`;
    const result = await page.evaluate((text) => glassboxPage.run(1, text), source);
    expect(result.outputs).toEqual([
      { kind: "text", text: expect.stringMatching(/^Simd\w* float64 69 true true\n$/) },
    ]);
    await close();
  });

  test(
    "the playground writes its run as the code of its cell, and a cell opens its setting in the playground",
    SLOW,
    async () => {
      const { page, errors, close } = await openPage(browser, file);
      const stored = page.locator("#cell-play .gb-playground");
      await stored.scrollIntoViewIfNeeded();
      const atStep = (host: string, least: number) =>
        page.waitForFunction(
          ([selector, n]) =>
            Number(document.querySelector<HTMLElement>(selector as string)?.dataset.step) >= Number(n),
          [host, least] as const,
        );
      await atStep("#cell-play .gb-playground", 0);
      for (let step = 1; step <= 3; step++) {
        await stored.locator('[data-part="step"]').click();
        await atStep("#cell-play .gb-playground", step);
      }
      const numbers = (await stored.locator('[data-part="numbers"]').textContent()) ?? "";
      await stored.locator('[data-part="code"]').click();
      await page.click("#cell-play .live-take");
      await page.locator("#cell-play textarea").first().waitFor();
      const reproduced = await page.evaluate(() => glassboxPage.run(6));
      expect(reproduced.failed).toBe(false);
      const [, loss, right] = /loss ([\d.]+), ([\d.]+) % right/.exec(numbers) ?? [];
      expect(JSON.stringify(reproduced.outputs)).toContain(
        `Step 3. Training: loss ${loss}, ${right} % right`,
      );
      // And the other way round.
      await page.evaluate(() =>
        glassboxPage.run(6, 'playground({ data: "circles", points: 80, hidden: [2, 2], seed: 9 });'),
      );
      const live = page.locator("#cell-play .live-outputs .gb-playground");
      await live.scrollIntoViewIfNeeded();
      await atStep("#cell-play .live-outputs .gb-playground", 0);
      expect(await live.locator('[data-part="controls"]').textContent()).toContain("circles");
      expect(
        await live.evaluate((host) =>
          JSON.parse(host.querySelector(".gb-playground-setting")?.textContent ?? ""),
        ),
      ).toMatchObject({ data: "circles", hidden: [2, 2], seed: 9 });
      expect(errors).toEqual([]);
      await close();
    },
  );

  test("sliders live, and markdown is set with the formulas that the page has", SLOW, async () => {
    const { page, close } = await openPage(browser, file);
    await page.evaluate(() => glassboxPage.run(7));
    const sliders = page.locator("#cell-nine .live-outputs .gb-nine");
    const before = await sliders.locator(".gb-nine-loss").textContent();
    await sliders.locator('[data-part="step"]').click();
    expect(await sliders.locator(".gb-nine-loss").textContent()).not.toBe(before);
    expect(await page.evaluate(() => glassboxPage.run(8))).toMatchObject({ difference: undefined });
    const prose = page.locator("#cell-said .live-outputs .prose");
    expect(await prose.locator(".katex").count()).toBe(2);
    expect(await prose.locator("td").nth(1).innerHTML()).toBe("a | b<br>c");
    await page.evaluate(() =>
      glassboxPage.run(8, "markdown('A new one, $\\\\zeta$, and <b>no markup</b>.');"),
    );
    expect(await prose.textContent()).toBe("A new one, $\\zeta$, and <b>no markup</b>.");
    await close();
  });

  test("what a page does not carry is named", SLOW, async () => {
    const { page, close } = await openPage(browser, file);
    const result = await page.evaluate(() =>
      glassboxPage.run(1, 'import { handwrittenDigits } from "glassbox";\nhandwrittenDigits();'),
    );
    expect(JSON.stringify(result.outputs)).toMatch(/this page does not carry the digits/);
    const text = await page.evaluate(() =>
      glassboxPage.run(1, 'import { mobyDick } from "glassbox/notebook";\nmobyDick();'),
    );
    expect(JSON.stringify(text.outputs)).toMatch(/mobyDick: this page does not carry that text/);
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
      cells: 10,
      failed: 1,
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

  test.each(["light", "dark"] as const)(
    "is accessible with an editor, a run and an offer in it, and on a phone, %s",
    SLOW,
    async (colorScheme) => {
      for (const viewport of [
        { width: 390, height: 800 },
        { width: 1280, height: 900 },
      ]) {
        const { page, close } = await openPage(browser, file, { viewport, colorScheme });
        await page.evaluate(() => glassboxPage.run(2, "print('mine');"));
        await page.evaluate(() => glassboxPage.run(1, "throw new Error('red');"));
        await page.click('#cell-activate button:has-text("Edit")');
        await page.locator("#cell-activate textarea").waitFor();
        await page.reload();
        await page.locator(".live-offer").first().waitFor();
        await page.evaluate(() => glassboxPage.run(4));
        await page.click('#cell-setup button:has-text("Edit")');
        await page.locator("#cell-setup textarea").waitFor();
        await page.click(".live-menu summary");
        expect(await axeViolations(page)).toEqual([]);
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(
          viewport.width,
        );
        await page.evaluate(() => localStorage.clear());
        await close();
      }
    },
  );

  test("--static writes a page whose cells do not run", SLOW, async () => {
    const { status: code } = runExporter(join(folder, "executed"), join(folder, "static"), "--static");
    expect(code).toBe(0);
    const text = readFileSync(join(folder, "static/05-runs.html"), "utf8");
    expect(text).not.toContain("gb-part-thread");
    expect(text).not.toContain("blob: 'wasm");
    const costs = readFileSync(file).length - text.length;
    const tensorflow = readFileSync(join(dist, "live/tensorflow.gz.b64")).length;
    console.log(
      `running costs a page ${(costs / 1e6).toFixed(2)} MB with TensorFlow.js in it, ${((costs - tensorflow) / 1e6).toFixed(2)} MB without`,
    );
    expect(costs).toBeLessThan(0.9e6);
    expect(costs - tensorflow).toBeLessThan(0.4e6);
  });
});
