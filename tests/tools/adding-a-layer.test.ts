// The walk for a newcomer is held to what is there: its files, its commands, and the three places that it names.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const page = readFileSync(join(root, "docs/adding-a-layer.md"), "utf8");
const source = (file: string): string => readFileSync(join(root, file), "utf8");

/** Every text file under a folder, from the root. */
const filesUnder = (folder: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => /\.(ts|mjs|css)$/.test(file))
    .map((file) => join(folder, file).replaceAll("\\", "/"));

describe("docs/adding-a-layer.md", () => {
  test("names files that exist", () => {
    const links = [...page.matchAll(/\]\((\.\.\/[^)]+)\)/g)].map(([, path]) => path);
    expect(links.length).toBeGreaterThan(7);
    for (const link of links) expect(existsSync(resolve(root, dirname("docs/x"), link)), link).toBe(true);
  });

  test("shows code that stands there", () => {
    const layer = source("src/layers/rms-norm.ts");
    for (const line of [
      "enterFinite(this, input, pass);",
      "return leaveFinite(this, pass, output, (dOutput) => {",
    ]) {
      expect(page).toContain(line);
      expect(layer).toContain(line);
    }
    expect(layer).toContain("epsilon: numberIn({ from: 0, openFrom: true }),");
    expect(source("src/layers/index.ts")).toContain('export * from "./rms-norm";');
    expect(source("tests/layers/examples.ts")).toContain('name: "RmsNorm",');
  });

  test("counts the places right: no other file of the library names the layer", () => {
    const naming = filesUnder("src").filter((file) => /rms-?norm/i.test(source(file)));
    expect(naming.filter((file) => !file.startsWith("src/course/")).sort()).toEqual([
      "src/layers/index.ts",
      "src/layers/rms-norm.ts",
    ]);
    // Exercises and whole networks may use it; they are no place where a layer is registered.
    const tests = filesUnder("tests").filter(
      (file) =>
        !/^tests\/(exercises|sequences|notebooks-numbers)\b/.test(file) && /RmsNorm/.test(source(file)),
    );
    expect(tests.sort()).toEqual([
      "tests/layers/examples.ts",
      "tests/layers/rms-norm.test.ts",
      "tests/tools/adding-a-layer.test.ts",
    ]);
  });

  test("names commands that package.json has", () => {
    const { scripts } = JSON.parse(source("package.json")) as { scripts: Record<string, string> };
    const commands = [...page.matchAll(/npm (?:run )?([a-z:]+)/g)].map(([, name]) => name);
    expect(commands.length).toBeGreaterThan(2);
    for (const name of commands) expect(Object.keys(scripts)).toContain(name);
  });

  test("is where CONTRIBUTING sends the newcomer", () => {
    expect(source("CONTRIBUTING.md")).toContain("(docs/adding-a-layer.md)");
  });
});
