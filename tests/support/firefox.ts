// The other browser, for the tests that look at what only a browser of its own kind can show. playwright-core cannot start
// the Firefox of a distribution; puppeteer-core can.
import { pathToFileURL } from "node:url";
import puppeteer, { type Browser } from "puppeteer-core";
import { firefoxKind } from "../../tools/lib/browsers.mjs";
import { describeIn, pathOf } from "./browsers";

/** Start the browser, with an empty profile of its own, and no way to the network. The caller closes it. */
export function launchFirefox(): Promise<Browser> {
  return puppeteer.launch({
    browser: "firefox",
    executablePath: pathOf(firefoxKind),
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

/**
 * What Firefox says of a formula that it lays out while the file is still coming in, and it has one child of two. Whether it
 * does hangs on where the file is cut; of the whole page it is asked here.
 */
const HALF_A_FORMULA = /^(Error: )?Invalid markup: Incorrect number of children/;
const CHILDREN = { mfrac: 2, mroot: 2, msub: 2, msup: 2, msubsup: 3, munder: 2, mover: 2, munderover: 3 };

/** Opens a file; collects whatever the page asked of the network and complained about. */
export async function openInFirefox(browser: Browser, path: string) {
  const page = await browser.newPage();
  const requests: string[] = [];
  const errors: string[] = [];
  page.on("request", (request) => requests.push(request.url()));
  const complain = (text: string) => {
    if (!HALF_A_FORMULA.test(text)) errors.push(text);
  };
  page.on("console", (message) => message.type() === "error" && complain(message.text()));
  page.on("pageerror", (error) => complain(String(error)));
  await page.goto(pathToFileURL(path).href);
  const malformed = await page.evaluate(
    (children) =>
      Object.entries(children).flatMap(([name, count]) =>
        [...document.querySelectorAll(name)]
          .filter((element) => element.childElementCount !== count)
          .map(({ outerHTML }) => `not ${count} children: ${outerHTML.slice(0, 200)}`),
      ),
    CHILDREN,
  );
  errors.push(...malformed);
  const outside = () => requests.filter((url) => !/^(data|blob|file):/.test(url));
  return { page, errors, outside, close: () => page.close() };
}

/** `describe` for tests that need Firefox. */
export const describeInFirefox = (title: string, body: () => void): void =>
  describeIn(firefoxKind, title, body);
