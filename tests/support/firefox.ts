// The other browser, for the tests that look at what only a browser of its own kind can show. playwright-core cannot start
// the Firefox of a distribution; puppeteer-core can. Where there is none the tests are skipped, and say so; where one is
// owed (CI, or GLASSBOX_REQUIRE_FIREFOX=1) they fail.
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { pathToFileURL } from "node:url";
import puppeteer, { type Browser } from "puppeteer-core";
import { describe, test } from "vitest";

const names = ["firefox", "firefox-esr"];
const usual = [
  "/usr/bin/firefox-esr",
  "/usr/bin/firefox",
  "/Applications/Firefox.app/Contents/MacOS/firefox",
  "C:\\Program Files\\Mozilla Firefox\\firefox.exe",
];

/** The browser's path, or undefined. FIREFOX_PATH comes first. */
export function findFirefox(): string | undefined {
  if (process.env.FIREFOX_PATH) return process.env.FIREFOX_PATH;
  const folders = (process.env.PATH ?? "").split(delimiter);
  return [...folders.flatMap((folder) => names.map((name) => join(folder, name))), ...usual].find(existsSync);
}

/** Start the browser, with an empty profile of its own, and no way to the network. The caller closes it. */
export function launchFirefox(): Promise<Browser> {
  return puppeteer.launch({
    browser: "firefox",
    executablePath: findFirefox(),
    headless: true,
    // A proxy that nobody answers, for every address: whatever a page asked for would fail, and be seen.
    extraPrefsFirefox: {
      "network.proxy.type": 1,
      "network.proxy.http": "127.0.0.1",
      "network.proxy.http_port": 9,
      "network.proxy.ssl": "127.0.0.1",
      "network.proxy.ssl_port": 9,
    },
  });
}

/** Opens a file; collects whatever the page asked of the network and complained about. */
export async function openInFirefox(browser: Browser, path: string) {
  const page = await browser.newPage();
  const requests: string[] = [];
  const errors: string[] = [];
  page.on("request", (request) => requests.push(request.url()));
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  page.on("pageerror", (error) => errors.push(String(error)));
  await page.goto(pathToFileURL(path).href);
  const outside = () => requests.filter((url) => !/^(data|blob|file):/.test(url));
  return { page, errors, outside, close: () => page.close() };
}

/** `describe` for tests that need Firefox. */
export function describeInFirefox(title: string, body: () => void): void {
  if (findFirefox()) {
    describe(title, body);
  } else if (process.env.CI || process.env.GLASSBOX_REQUIRE_FIREFOX) {
    describe(title, () => {
      test("needs Firefox", () => {
        throw new Error("No Firefox was found, and here one is required. Install it, or set FIREFOX_PATH.");
      });
    });
  } else {
    console.warn(`Skipped, because no Firefox was found (FIREFOX_PATH names one): ${title}`);
    describe.skip(`${title} (no Firefox)`, body);
  }
}
