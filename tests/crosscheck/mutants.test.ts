import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { transformSync } from "esbuild";
import { describe, expect, test } from "vitest";
import { mistakes } from "../../tools/mutants/mistakes.mjs";
import { seed, testsFor } from "../../tools/mutants/run.mjs";

const at = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

describe("the mistakes of npm run mutants", () => {
  test("are many, and no two are the same", () => {
    expect(mistakes.length).toBeGreaterThanOrEqual(60);
    const distinct = new Set(mistakes.map(({ file, find, replace }) => `${file}\n${find}\n${replace}`));
    expect(distinct.size).toBe(mistakes.length);
  });

  test.each(mistakes)("fits the library as it is: $file, $what", (mistake) => {
    const source = readFileSync(at(`src/${mistake.file}`), "utf8");
    expect(seed(mistake, source)).not.toBe(source);
    // What does not even compile is noticed whatever the tests are worth. (AssemblyScript's own compiler says so itself.)
    if (!mistake.file.includes("/assembly/")) {
      expect(() => transformSync(seed(mistake, source), { loader: "ts" })).not.toThrow();
    }
    for (const file of testsFor(mistake.file)) expect(existsSync(at(file)), file).toBe(true);
  });

  test("one that no longer fits is told, not skipped", () => {
    const mistake = { file: "core.ts", what: "a slip", find: "nowhere", replace: "" };
    expect(() => seed(mistake, "text")).toThrow(/"a slip" no longer fits src\/core\.ts.*0 times/);
    expect(() => seed(mistake, "nowhere nowhere")).toThrow(/2 times/);
  });
});
