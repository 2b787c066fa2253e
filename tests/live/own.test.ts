// A notebook of one's own, by the command that its author uses: its page runs, and what is passed on runs again.
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import type { GlassboxPage } from "../../src/page/live";
import { openPage } from "../site/browser";
import { describeInChromium, launchChromium } from "../support/chromium";
import { command } from "../support/command";
import { writeCells } from "../support/notebook";

declare const glassboxPage: GlassboxPage;
const folder = mkdtempSync(join(tmpdir(), "glassbox-own-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const start = (from: string, to: string) =>
  command(["start", "--from", join(folder, from), "--to", join(folder, to)]);

describeInChromium("a notebook of one's own", () => {
  test("gives a page that runs; the notebook that its reader downloads runs again", {
    timeout: 900_000,
  }, async () => {
    writeCells(join(folder, "mine/01-own.ipynb"), [
      'import { Matrix } from "glassbox";\nconst W = Matrix.from([[1, 2], [3, 4]]);\nconsole.log("trace", W.at(0, 0) + W.at(1, 1));',
      "// what Node prints of a value\nconst steps = Array.from({ length: 120 }, (_, i) => ({ step: i, loss: 1 / (i + 1) }));\n({ W, steps });",
      'import { cpus } from "node:os";\nconsole.log("processors:", cpus().length > 0);',
    ]);
    expect(await start("mine", "pages")).toMatchObject({ status: 0 });
    const browser = await launchChromium();
    const { page, errors, outside, close } = await openPage(browser, join(folder, "pages/01-own.html"), {
      acceptDownloads: true,
    });
    const needsNode = page.locator("#cell-cell-3 .live-status [role=status]");
    expect(await needsNode.textContent()).toMatch(/^This cell needs Node \(node:os\)/);
    expect(await page.evaluate(() => glassboxPage.runAll())).toMatchObject({
      cells: 3,
      failed: 1,
      differing: 0,
      report: [expect.stringMatching(/cell 3 .*This page has no module "node:os"/)],
    });
    await page.evaluate(() => glassboxPage.run(0, 'const W = 7;\nconsole.log("changed", W);'));
    await page.click(".live-menu summary");
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.click('.live-panel button:has-text("notebook")'),
    ]);
    await download.saveAs(join(folder, "downloaded.ipynb"));
    expect(errors).toEqual([]);
    expect(outside()).toEqual([]);
    await close();
    await browser.close();
    rmSync(join(folder, "mine/01-own.ipynb"));
    copyFileSync(join(folder, "downloaded.ipynb"), join(folder, "mine/01-own.ipynb"));
    expect(await start("mine", "again")).toMatchObject({ status: 0 });
    expect(readFileSync(join(folder, "again/01-own.html"), "utf8")).toContain("changed 7");
  });
});
