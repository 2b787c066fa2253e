// A real browser for the tests that look at pages. Where there is none they are skipped, and say so; where one is owed
// (CI, or GLASSBOX_REQUIRE_CHROMIUM=1) they fail.
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { type Browser, chromium } from "playwright-core";
import { describe, test } from "vitest";

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];
const usual = [
  "/usr/bin/chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
];

/** The browser's path, or undefined. CHROMIUM_PATH comes first. */
export function findChromium(): string | undefined {
  if (process.env.CHROMIUM_PATH) return process.env.CHROMIUM_PATH;
  const folders = (process.env.PATH ?? "").split(delimiter);
  return [...folders.flatMap((folder) => names.map((name) => join(folder, name))), ...usual].find(existsSync);
}

/** No background traffic: a test that watches for requests must see the page's own only. */
const quiet = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Start the browser, with an empty profile of its own. The caller closes it. */
export function launchChromium(): Promise<Browser> {
  const executablePath = findChromium();
  if (!executablePath) throw new Error("No Chromium was found. Install one, or set CHROMIUM_PATH.");
  return chromium.launch({ executablePath, args: quiet });
}

/** `describe` for tests that need a browser. */
export function describeInChromium(title: string, body: () => void): void {
  if (findChromium()) {
    describe(title, body);
  } else if (process.env.CI || process.env.GLASSBOX_REQUIRE_CHROMIUM) {
    describe(title, () => {
      test("needs Chromium", () => {
        throw new Error("No Chromium was found, and here one is required. Install it, or set CHROMIUM_PATH.");
      });
    });
  } else {
    console.warn(`Skipped, because no Chromium was found (CHROMIUM_PATH names one): ${title}`);
    describe.skip(`${title} (no Chromium)`, body);
  }
}
