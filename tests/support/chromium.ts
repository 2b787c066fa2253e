// A real browser for the tests that look at pages.
import { type Browser, chromium } from "playwright-core";
import { chromiumKind } from "../../tools/lib/browsers.mjs";
import { describeIn, pathOf } from "./browsers";

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
  return chromium.launch({ executablePath: pathOf(chromiumKind), args: quiet });
}

/** `describe` for tests that need a browser. */
export const describeInChromium = (title: string, body: () => void): void =>
  describeIn(chromiumKind, title, body);
