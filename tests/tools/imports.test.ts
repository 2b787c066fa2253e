// The library is a pure value: it imports nothing but itself, so it runs in a browser, a worker or a kernel alike.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { describe, expect, test } from "vitest";

const src = fileURLToPath(new URL("../../src", import.meta.url));

/** The sources under src/, as paths relative to it, with the room each one lives in. */
const files = readdirSync(src, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts"))
  .map((file) => file.replaceAll("\\", "/"));

/** `library` for src proper, or the name of a side folder. */
const roomOf = (file: string) => /^(reference|notebook|page|course)\//.exec(file)?.[1] ?? "library";

/** Every module specifier in a source: imports, re-exports, dynamic imports and require calls. */
function specifiers(file: string): string[] {
  const text = readFileSync(join(src, file), "utf8")
    .replace(/\/\*[\s\S]*?\*\//g, "")
    .replace(/^\s*\/\/.*$/gm, "")
    // A worker's program is a text here: what it asks for is not imported by the file that holds it.
    .replace(/`(?:[^`\\]|\\.)*`/g, "``");
  const pattern = /\b(?:from|import|require)\s*\(?\s*["']([^"'\n]+)["']/g;
  return [...text.matchAll(pattern)].map((match) => match[1] as string);
}

describe("imports point one way only", () => {
  test("the library proper imports nothing from outside itself", () => {
    const strays = files
      .filter((file) => roomOf(file) === "library")
      .flatMap((file) =>
        specifiers(file)
          .filter((name) => {
            if (!name.startsWith(".")) return true;
            const target = relative(src, resolve(src, dirname(file), name)).replaceAll("\\", "/");
            return target.startsWith("..") || roomOf(`${target}/`) !== "library";
          })
          .map((name) => `src/${file} imports ${name}`),
      );
    expect(strays).toEqual([]);
  });

  test("the side rooms reach the library through its entry point", () => {
    const strays = files
      .filter((file) => roomOf(file) !== "library")
      .flatMap((file) =>
        specifiers(file)
          .filter((name) => name.startsWith("."))
          .map((name) => relative(src, resolve(src, dirname(file), name)).replaceAll("\\", "/"))
          .filter((target) => roomOf(`${target}/`) === "library" && target !== "" && target !== "index")
          .map((target) => `src/${file} imports src/${target}, not src/index`),
      );
    expect(strays).toEqual([]);
  });

  test("the library bundles for a browser", async () => {
    const result = await build({
      entryPoints: [join(src, "index.ts")],
      bundle: true,
      platform: "browser",
      format: "esm",
      write: false,
      logLevel: "silent",
    });
    expect(result.errors).toEqual([]);
    expect(result.warnings).toEqual([]);
    expect(result.outputFiles[0]?.text.length).toBeGreaterThan(0);
  });
});
