// Every page of the course runs: all cells, from disk, in a real browser with the network refused, and each shows what
// the page was written with. Every exercise can be done in its page.
import { statSync } from "node:fs";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { GlassboxPage } from "../../src/page/live";
import { codeCells, readNotebook } from "../../tools/lib/cells.mjs";
import { openPage } from "../site/browser";
import { describeInChromium, launchChromium } from "../support/chromium";
import { someNotebooks } from "../support/course";
import { exportedCourse } from "../support/executed";
import { wrongAnswer } from "./exercises";

declare const glassboxPage: GlassboxPage;
const SLOW = { timeout: 600_000 };

describeInChromium("the course in its pages", () => {
  let browser: Browser;
  let pages: string;
  beforeAll(async () => {
    ({ pages } = await exportedCourse());
    browser = await launchChromium();
  }, 900_000);
  afterAll(() => browser?.close());

  describe.each(someNotebooks())("%s", (notebook) => {
    const file = () => join(pages, notebook.replace(/\.ipynb$/, ".html"));
    const cells = codeCells(notebook, readNotebook(notebook));

    const exercises = cells.flatMap((cell, index) => {
      const solution = cells.find(({ id }) => id === cell.id.replace(/^exercise-/, "solution-"));
      return cell.id.startsWith("exercise-") && solution
        ? [{ id: cell.id, index, solution: solution.source }]
        : [];
    });

    test(
      "every cell runs and shows what is stored; every exercise waits, takes its solution, and tells a wrong answer why",
      SLOW,
      async () => {
        const { page, errors, outside, close } = await openPage(browser, file());
        const painted = await page.evaluate(() =>
          Math.round(performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? Number.NaN),
        );
        const began = performance.now();
        const { passed, ...result } = await page.evaluate(() => glassboxPage.runAll());
        const seconds = (performance.now() - began) / 1000;
        console.log(
          [
            `${notebook}: ${(statSync(file()).size / 1e6).toFixed(2)} MB, first paint after ${painted} ms, all cells in ${seconds.toFixed(1)} s`,
            ...passed.map((line) => `  may differ: ${line}`),
          ].join("\n"),
        );
        expect(result).toEqual({ cells: cells.length, failed: 0, differing: 0, report: [] });

        // As a reader who has come to the end and turns to the exercises.
        const verdict = async (id: string, index: number, source?: string) => {
          const { failed } = await page.evaluate(
            ([at, text]) => glassboxPage.run(at as number, text as string | undefined),
            [index, source] as const,
          );
          expect(failed, id).toBe(false);
          const box = page.locator(`#cell-${id} .live-outputs .gb-verdict`).first();
          return [await box.getAttribute("class"), (await box.textContent()) ?? ""] as const;
        };
        for (const { id, index, solution } of exercises) {
          expect((await verdict(id, index))[0], `${id}, untouched`).toMatch(/gb-verdict-open/);
          expect((await verdict(id, index, solution))[0], `${id}, solved`).toMatch(/gb-verdict-right/);
          const [look, words] = await verdict(id, index, wrongAnswer(solution));
          expect(look, `${id}, wrong`).toMatch(/gb-verdict-wrong/);
          expect(words.length, `${id}: ${words}`).toBeGreaterThan(40);
        }
        expect(errors).toEqual([]);
        expect(outside()).toEqual([]);
        await close();
      },
    );
  });

  test("a wrong backward pass turns the verdict red, the right one green again", SLOW, async () => {
    const notebook = "05-backpropagation.ipynb";
    const cells = codeCells(notebook, readNotebook(notebook));
    const { page, close } = await openPage(browser, join(pages, "05-backpropagation.html"));
    const at = (id: string) => cells.findIndex((cell) => cell.id === id);
    const sourceOf = (id: string) => cells[at(id)]?.source as string;
    const run = (id: string, source?: string) =>
      page.evaluate(([index, text]) => glassboxPage.run(index as number, text as string | undefined), [
        at(id),
        source,
      ] as const);
    // The witness is the library in the one case, TensorFlow.js in the other.
    for (const [id, wrong, witness] of [
      ["backward-pass", (text: string) => text.replace("a - truth", "truth - a"), "library-check"],
      ["step-6", (text: string) => text.replace("X.transpose()", "X.transpose().scale(2)"), "tfjs-check"],
    ] as const) {
      const right = sourceOf(id);
      expect(wrong(right)).not.toBe(right);
      await run(id, wrong(right));
      const red = await run(witness);
      expect(red.failed, witness).toBe(true);
      expect(JSON.stringify(red.outputs)).toMatch(/DIFFERS/);
      expect(await page.locator(`#cell-${witness}`).getAttribute("class")).toMatch(/live-differs/);
      await run(id, right);
      const green = await run(witness);
      expect(green).toMatchObject({ failed: false, difference: undefined });
      expect(JSON.stringify(green.outputs)).toMatch(/(\d+) of \1 tensors agree/);
      expect(await page.locator(`#cell-${witness}`).getAttribute("class")).not.toMatch(/live-differs/);
    }
    await close();
  });
});
