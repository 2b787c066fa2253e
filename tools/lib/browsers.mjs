// Where browsers are: one place to look, for the doctor, the screenshots and the tests.
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

/** @typedef {{ name: string, variable: string, names: string[], usual: string[] }} Kind */

/** @type {Kind} */
export const chromiumKind = {
  name: "Chromium",
  variable: "CHROMIUM_PATH",
  names: ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"],
  usual: [
    "/usr/bin/chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
  ],
};

/** @type {Kind} */
export const firefoxKind = {
  name: "Firefox",
  variable: "FIREFOX_PATH",
  names: ["firefox", "firefox-esr"],
  usual: [
    "/usr/bin/firefox-esr",
    "/usr/bin/firefox",
    "/Applications/Firefox.app/Contents/MacOS/firefox",
    "C:\\Program Files\\Mozilla Firefox\\firefox.exe",
  ],
};

/**
 * The programs of this kind, the one to take first. Where its variable names one, it is that one alone, there or not.
 * @param {Kind} kind @returns {string[]}
 */
export function programsOf({ variable, names, usual }) {
  const named = process.env[variable];
  if (named) return [named];
  const folders = (process.env.PATH ?? "").split(delimiter);
  const ending = process.platform === "win32" ? ".exe" : "";
  const onPath = folders.flatMap((folder) => names.map((name) => join(folder, `${name}${ending}`)));
  return [...onPath, ...usual].filter((path) => existsSync(path));
}
