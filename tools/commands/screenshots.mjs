// npm run screenshots [-- FOLDER [05 …]]: every page of site/ in light, in dark and as wide as a phone, as PNGs to look at.
// npm run screenshots -- --readme: the picture in the README, docs/runs.png, of a page of site/ while it runs.
import { existsSync, readdirSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";
import { chromiumKind, programsOf } from "../lib/browsers.mjs";
import { cache, root, site } from "../lib/paths.mjs";
import { Problem } from "../lib/problem.mjs";
import { publish } from "../lib/publish.mjs";

/** @type {{ name: string, width: number, colorScheme: "light" | "dark" }[]} */
const looks = [
  { name: "light", width: 1280, colorScheme: "light" },
  { name: "dark", width: 1280, colorScheme: "dark" },
  { name: "phone", width: 390, colorScheme: "light" },
];

/** Taller pictures than this cannot be shown; a longer page becomes several. */
const TALLEST = 8000;

/** @param {string[]} args */
export default async function main([out = join(cache, "screenshots"), ...wishes]) {
  if (!existsSync(site)) throw new Problem("There are no pages yet. Run npm start first.");
  if (out === "--readme") {
    await shootRun(join(root, "docs/runs.png"));
    return;
  }
  const pages = readdirSync(site).filter(
    (name) => name.endsWith(".html") && (wishes.length === 0 || wishes.some((wish) => name.startsWith(wish))),
  );
  const browser = await launch();
  try {
    const make = async (/** @type {string} */ fresh) => {
      for (const look of looks) {
        for (const name of pages) await shoot(browser, name, look, fresh);
      }
    };
    // Pictures of pages that were not asked for this time stay.
    await publish(resolve(out), make, { keep: () => wishes.length > 0 });
  } finally {
    await browser.close();
  }
  console.log(`${pages.length} pages, ${looks.length} looks each, in ${out}`);
}

/**
 * @param {import("playwright-core").Browser} browser
 * @param {string} name
 * @param {{ name: string, width: number, colorScheme: "light" | "dark" }} look
 * @param {string} out
 */
async function shoot(browser, name, { name: look, width, colorScheme }, out) {
  const context = await browser.newContext({ viewport: { width, height: 1000 }, colorScheme, offline: true });
  const page = await context.newPage();
  await page.goto(pathToFileURL(join(site, name)).href);
  const figures = page.locator(".gb-figure:visible");
  for (let i = 0; i < (await figures.count()); i++) {
    await figures.nth(i).scrollIntoViewIfNeeded();
    await figures.nth(i).locator(".gb-canvas :is(.main-svg, canvas)").first().waitFor({ state: "attached" });
  }
  const playgrounds = page.locator(".gb-playground");
  for (let i = 0; i < (await playgrounds.count()); i++) {
    await playgrounds.nth(i).scrollIntoViewIfNeeded();
    await page.locator(".gb-playground[data-step]").nth(i).waitFor();
  }
  const writers = page.locator(".gb-writer");
  for (let i = 0; i < (await writers.count()); i++) {
    await writers.nth(i).scrollIntoViewIfNeeded();
    await page.locator('.gb-writer[data-gb="drawn"]').nth(i).waitFor();
  }
  const height = await page.evaluate(() => {
    scrollTo(0, 0);
    return document.documentElement.scrollHeight;
  });
  for (let top = 0, part = 1; top < height; top += TALLEST, part++) {
    const clip = { x: 0, y: top, width, height: Math.min(TALLEST, height - top) };
    const file = `${name.replace(/\.html$/, "")}-${look}${height > TALLEST ? `-${part}` : ""}.png`;
    await page.screenshot({ path: join(out, file), fullPage: true, clip });
  }
  await context.close();
}

/** An exercise of notebook 5, done in the page with one mistake: the code, and what the checker says. @param {string} file */
async function shootRun(file) {
  const browser = await launch();
  try {
    const page = await browser.newPage({ viewport: { width: 1000, height: 1200 }, colorScheme: "light" });
    await page.goto(pathToFileURL(join(site, "05-backpropagation.html")).href);
    const cell = page.locator("#cell-exercise-dense");
    await cell.scrollIntoViewIfNeeded();
    await cell.getByRole("button", { name: "Edit" }).click();
    const area = cell.locator("textarea");
    await area.focus();
    await page.keyboard.press("Control+a");
    await page.keyboard.insertText(MISTAKEN);
    await page.keyboard.press("Control+Enter");
    await cell.locator(".live-outputs .gb-verdict-wrong").waitFor({ timeout: 60_000 });
    await cell.locator(".live-outputs summary").first().click();
    await page.evaluate(() => {
      const focused = document.activeElement;
      if (focused instanceof HTMLElement) focused.blur();
    });
    const box = /** @type {{ x: number, y: number, width: number, height: number }} */ (
      await cell.boundingBox()
    );
    const margin = 16;
    const clip = {
      x: Math.max(0, box.x - margin),
      y: box.y - margin,
      width: box.width + 2 * margin,
      height: box.height + 2 * margin,
    };
    await page.screenshot({ path: file, clip });
  } finally {
    await browser.close();
  }
  console.log(`${file}, ${(statSync(file).size / 1e3).toFixed(0)} kB`);
}

const MISTAKEN = `function denseBackward(W: Matrix, X: Matrix, dZ: Matrix) {
  const m = X.columns;
  return {
    dW: dZ.times(X.transpose()).scale(1 / m),
    db: dZ.sumColumns(),
    dX: W.transpose().times(dZ),
  };
}
checkDenseBackward(denseBackward);`;

function launch() {
  const [executablePath] = programsOf(chromiumKind);
  if (!executablePath) throw new Problem("No Chromium was found. Install one, or set CHROMIUM_PATH.");
  return chromium.launch({
    executablePath,
    args: [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-background-networking",
      "--disable-sync",
    ],
  });
}
