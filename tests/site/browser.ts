// A page from disk in Chromium, with the network refused.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";

/** Opens a file; collects whatever the page asked for and complained about. */
export async function openPage(browser: Browser, path: string, options: BrowserContextOptions = {}) {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    offline: true,
    ...options,
  });
  const page = await context.newPage();
  const requests: string[] = [];
  const errors: string[] = [];
  page.on("request", (request) => requests.push(request.url()));
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  page.on("pageerror", (error) => errors.push(error.message));
  const url = pathToFileURL(path).href;
  await page.goto(url);
  // Fonts inside the page are requests to the browser, but not to the network.
  const outside = () => requests.filter((to) => to.split("#")[0] !== url && !/^(data|blob):/.test(to));
  return { page, errors, outside, close: () => context.close() };
}

/** Opens what is folded away and walks down the page, as a reader would: figures are drawn when they come near. */
export async function drawAll(page: Page): Promise<void> {
  await page.evaluate(() => {
    for (const box of document.querySelectorAll("details")) box.open = true;
  });
  const figures = page.locator(".gb-figure");
  for (let i = 0; i < (await figures.count()); i++) {
    await figures.nth(i).scrollIntoViewIfNeeded();
    await figures.nth(i).locator(".gb-canvas :is(.main-svg, canvas)").first().waitFor({ state: "attached" });
  }
}

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

interface Axe {
  run(options: object): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }>;
}

/**
 * What axe-core finds wrong for readers who see little, hear the page, or use no mouse.
 * @param rules only these; all that are on by default when left out
 */
export async function axeViolations(page: Page, rules?: readonly string[]): Promise<string[]> {
  await page.evaluate(axe);
  const options = { resultTypes: ["violations"], ...(rules && { runOnly: { type: "rule", values: rules } }) };
  return page.evaluate(async (options) => {
    const { violations } = await (globalThis as unknown as { axe: Axe }).axe.run(options);
    return violations.map(
      ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(" | ")}`,
    );
  }, options);
}
