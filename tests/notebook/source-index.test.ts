// The index of the appendix is read from the sources; it must find everything, and the right line of it.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import * as library from "glassbox";
import { librarySources, sourceOf } from "glassbox/notebook";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../../", import.meta.url));
const lineAt = (file: string, line: number) => readFileSync(`${root}${file}`, "utf8").split("\n")[line - 1];

test("everything that can be imported has a file and a line that declares it", () => {
  const sources = librarySources();
  expect(sources.map(({ name }) => name).sort()).toEqual(Object.keys(library).sort());
  for (const { name, file, line } of sources) {
    expect(lineAt(file, line), `${file}:${line}`).toMatch(new RegExp(`^export .*\\b${name}\\b`));
  }
});

test("methods are found inside their class", () => {
  for (const name of ["Matrix.times", "Matrix.from", "Random.randn", "Dense.forward", "Adam.step"]) {
    const { file, line } = sourceOf(name);
    expect(lineAt(file, line), `${file}:${line}`).toMatch(new RegExp(`^ {2}.*\\b${name.split(".")[1]}\\b`));
  }
});

test("the summary is the first sentence of the documentation, up to a colon", () => {
  expect(sourceOf("relu").summary).toBe("Rectified linear unit, max(0, z).");
  expect(sourceOf("sigmoid").summary).toBe("Logistic sigmoid, σ(z) = 1/(1 + e⁻ᶻ).");
});

test("where only the file says what it is about, its first sentence stands in; an initial ends no sentence", () => {
  expect(sourceOf("circles").summary).toMatch(/^A circle\b.*\.$/);
  expect(sourceOf("handwrittenDigits").summary).toMatch(/Alpaydin/);
  for (const { name, summary } of librarySources()) expect(summary, name).not.toMatch(/^(@|$)/);
});

test("a name that does not exist stops the index instead of spoiling it", () => {
  expect(() => sourceOf("reluu")).toThrow(/exports nothing called "reluu"/);
  expect(() => sourceOf("Matrix.multiply")).toThrow(/Matrix has nothing called "multiply"/);
});
