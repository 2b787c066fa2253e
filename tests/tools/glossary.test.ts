// Every word of the field that a notebook sets in bold, where it is met first, stands in the appendix's glossary.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const folder = join(__dirname, "..", "..", "notebooks");
interface Cell {
  readonly id: string;
  readonly cell_type: string;
  readonly source: string | readonly string[];
}
const cellsOf = (name: string): Cell[] => JSON.parse(readFileSync(join(folder, name), "utf8")).cells;
const textOf = ({ source }: Cell) => (typeof source === "string" ? source : source.join(""));

/** Bold, and no word of the field: headings of boxes and lists, buttons, and what is only stressed. */
const STRESSED = new Set(
  `what the source says, what we measured|engineering note|a warning|function with knobs|the same weights|value|add|sum|
  mean|sign|size|with the same rate|and of ten weights|the first witness|the second|the third witness|no transpose|no 1/m|
  first aid, in this order|when the gradient is the trouble|when the network memorises|the first weights|the last digit|
  the √κ law|descent|both|the second witness|the third|layer 1|layer 2|move the slider|new weights`
    .split("|")
    .map((words) => words.trim()),
);

/** As the glossary writes it: one of a thing, without its owner. */
const singular = (word: string) =>
  word
    .replace(/('s|s')$/, "")
    .replace(/minima$/, "minimum")
    .replace(/([^s])s$/, "$1");

test("every bold word of the field is in the glossary", () => {
  const appendix = cellsOf("09-appendix.ipynb").find(({ id }) => id === "glossary");
  const glossary = appendix ? textOf(appendix).toLowerCase() : "";
  const names = readdirSync(folder).filter((name) => /^(0[0-8]|1\d).*\.ipynb$/.test(name));
  const missing: string[] = [];
  let found = 0;
  for (const name of names)
    for (const cell of cellsOf(name).filter(({ cell_type }) => cell_type === "markdown"))
      for (const [, bold] of textOf(cell).matchAll(/\*\*([^*\n]+)\*\*/g)) {
        const word = bold.toLowerCase().replace(/[.,:;]$/, "");
        // A sentence, or a heading within one, is stressed, not named.
        if (bold.endsWith(".")) continue;
        if (STRESSED.has(word) || /^before you|^about /.test(word) || word.split(" ").length > 4) continue;
        found += 1;
        const stem = /^(saturat|spars|standardis)/.exec(word)?.[0] ?? singular(word);
        if (!glossary.includes(stem)) missing.push(`${name}: ${bold}`);
      }
  expect(missing).toEqual([]);
  expect(found).toBeGreaterThan(100);
});

test("the glossary is in the order of the alphabet, and no word stands twice", () => {
  const appendix = cellsOf("09-appendix.ipynb").find(({ id }) => id === "glossary");
  const rows = (appendix ? textOf(appendix) : "").split("\n").filter((line) => line.startsWith("| "));
  const words = rows.slice(1).map((row) => row.split("|")[1].trim().toLowerCase());
  expect(words.length).toBeGreaterThan(100);
  expect(words).toEqual([...new Set(words)].sort());
});
