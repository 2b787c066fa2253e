/**
 * Where things are written down: from the name of anything in the library to its file and line, read from the
 * sources themselves, so that an index can never be out of date.
 */

import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import * as library from "../index";

/** One thing in the library. */
export interface SourceEntry {
  /** "relu", or "Matrix.times" for a method. */
  readonly name: string;
  /** From the root of the project: "src/activations/relu.ts". */
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  /** "src/activations/relu.ts:8" */
  readonly place: string;
  /** The first sentence of its documentation; empty where there is none. */
  readonly summary: string;
}

/** The sources lie beside dist/, which this file is compiled into; under test it is itself a source. */
const ROOT = join(__dirname, "..", "..");
const SIDES = new Set(["notebook", "reference", "page", "course"]);

const EXPORT =
  /^export (?:default )?(?:abstract )?(?:async )?(?:const|let|function\*?|class|interface|type) (\w+)/;

/**
 * Finds a name that the library exports, or one of a class's methods.
 * @param name "relu", "Dense", "Matrix.times"
 * @throws Error when no such thing is written anywhere: an index with a stale entry should not print it
 */
export function sourceOf(name: string): SourceEntry {
  const [owner, member] = name.split(".");
  const found = declarations().get(owner);
  if (found === undefined) throw new Error(`sourceOf: the library exports nothing called "${owner}".`);
  if (member === undefined) return entry(name, found.file, found.line, found.lines);
  const pattern = new RegExp(`^ {2}(?:static |readonly |get |\\*)*${member}\\b[^.]*[({:]`);
  const line = found.lines.findIndex((text, i) => i > found.line && pattern.test(text));
  if (line < 0) throw new Error(`sourceOf: ${owner} has nothing called "${member}".`);
  return entry(name, found.file, line, found.lines);
}

/** Everything that a program can import from the library (types aside), in the order of files and lines. */
export function librarySources(): SourceEntry[] {
  return Object.keys(library)
    .map(sourceOf)
    .sort((a, b) => a.file.localeCompare(b.file, "en") || a.line - b.line);
}

interface Declaration {
  readonly file: string;
  /** Counted from 0. */
  readonly line: number;
  readonly lines: readonly string[];
}

let known: Map<string, Declaration> | undefined;

function declarations(): Map<string, Declaration> {
  if (known !== undefined) return known;
  known = new Map();
  for (const file of sourceFiles(join(ROOT, "src"))) {
    const lines = readFileSync(file, "utf8").split("\n");
    for (let line = 0; line < lines.length; line++) {
      const name = EXPORT.exec(lines[line])?.[1];
      if (name === undefined || known.has(name)) continue;
      known.set(name, { file: relative(ROOT, file).split(sep).join("/"), line, lines });
    }
  }
  return known;
}

function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((item) => !(item.isDirectory() && SIDES.has(item.name)))
    .sort((a, b) => a.name.localeCompare(b.name, "en"))
    .flatMap((item) => {
      const path = join(folder, item.name);
      if (item.isDirectory()) return sourceFiles(path);
      return item.name.endsWith(".ts") && item.name !== "index.ts" ? [path] : [];
    });
}

function entry(name: string, file: string, line: number, lines: readonly string[]): SourceEntry {
  const summary = summaryAbove(lines, line) || summaryOfFile(lines);
  return { name, file, line: line + 1, place: `${file}:${line + 1}`, summary };
}

/** The first sentence of the comment that ends right above `line`. */
function summaryAbove(lines: readonly string[], line: number): string {
  if (!lines[line - 1]?.trimEnd().endsWith("*/")) return "";
  let first = line - 1;
  while (first > 0 && !lines[first].includes("/**")) first -= 1;
  return firstSentence(lines.slice(first, line));
}

/** The first sentence of the comment that opens the file: one idea a file, so it is about the same thing. */
function summaryOfFile(lines: readonly string[]): string {
  if (!lines[0].startsWith("/*")) return "";
  return firstSentence(lines.slice(0, lines.findIndex((text) => text.includes("*/")) + 1));
}

/** Up to a full stop (not that of an initial, "E. Alpaydin") or a colon; without tags such as @see. */
function firstSentence(comment: readonly string[]): string {
  const text = comment
    .map((part) => part.replace(/^\s*\/?\*+\/?\s?/, "").replace(/\s*\*\/\s*$/, ""))
    .join(" ")
    .split(/(?:^|\s)@\w/)[0]
    .trim();
  return (/^.*?(?<!\b[A-Z])[.:](?=\s|$)/.exec(text)?.[0] ?? text).replace(/:$/, ".");
}
