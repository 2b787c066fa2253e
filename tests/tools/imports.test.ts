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

/** What each room may import besides itself. `numbers` stands on nothing. */
const WALLS: Record<string, string[]> = {
  numbers: [],
  activations: ["numbers"],
  initializers: ["numbers"],
  datasets: ["numbers"],
  core: ["activations", "numbers"],
  layers: ["activations", "core", "initializers", "numbers"],
  losses: ["activations", "core", "numbers"],
  optimizers: ["core", "numbers"],
  text: ["core", "numbers"],
  training: ["core", "numbers", "optimizers"],
  inspect: ["activations", "core", "layers", "numbers", "optimizers", "training"],
  serialization: ["activations", "core", "inspect", "layers", "numbers"],
  reference: ["entry"],
  notebook: ["entry"],
  course: ["entry", "notebook"],
  page: ["entry", "notebook", "reference"],
};

/** The room that a source stands in; "entry" for what the package's doors open on: the index files and their like. */
const roomIn = (file: string): string =>
  file === "index.ts" || file === "notebook/index.ts" ? "entry" : (file.split("/")[0] as string);

/** The sources that a source imports, types included. */
function targetsOf(file: string): string[] {
  return specifiers(file).flatMap((name) => {
    if (!name.startsWith(".")) return [];
    const target = relative(src, resolve(src, dirname(file), name)).replaceAll("\\", "/");
    return [`${target}.ts`, `${target}/index.ts`, "index.ts"].filter((one, i) =>
      i < 2 ? files.includes(one) : target === "",
    );
  });
}

/** Ways around, each once, from the first of its members by name. */
function circles(graph: ReadonlyMap<string, readonly string[]>): string[] {
  const done = new Set<string>();
  const found = new Set<string>();
  const visit = (file: string, way: readonly string[]): void => {
    const from = way.indexOf(file);
    if (from >= 0) {
      const around = way.slice(from);
      const first = around.indexOf([...around].sort()[0] as string);
      found.add([...around.slice(first), ...around.slice(0, first), around[first]].join(" → "));
      return;
    }
    if (done.has(file)) return;
    for (const target of graph.get(file) ?? []) visit(target, [...way, file]);
    done.add(file);
  };
  for (const file of graph.keys()) visit(file, []);
  return [...found];
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

  test("the side rooms reach the library through its entry point, and use its door for options", () => {
    const strays = files
      .filter((file) => roomOf(file) !== "library")
      .flatMap((file) =>
        specifiers(file)
          .filter((name) => name.startsWith("."))
          .map((name) => relative(src, resolve(src, dirname(file), name)).replaceAll("\\", "/"))
          .filter(
            (target) =>
              roomOf(`${target}/`) === "library" && !["", "index", "numbers/options"].includes(target),
          )
          .map((target) => `src/${file} imports src/${target}, not src/index`),
      );
    expect(strays).toEqual([]);
  });

  test("no file imports itself by way of others, not even for a type", () => {
    expect(circles(new Map(files.map((file) => [file, targetsOf(file)])))).toEqual([]);
  });

  test("a circle is found, and shown as the way around", () => {
    const around = new Map([
      ["a", ["b", "d"]],
      ["b", ["c"]],
      ["c", ["b"]],
      ["d", ["c"]],
    ]);
    expect(circles(around)).toEqual(["b → c → b"]);
    expect(
      circles(
        new Map([
          ["a", ["b"]],
          ["b", ["c"]],
          ["c", ["a"]],
        ]),
      ),
    ).toEqual(["a → b → c → a"]);
  });

  test("each room of the library imports only the rooms below it", () => {
    const rooms = [...new Set(files.map(roomIn))].filter((room) => room !== "entry");
    expect(rooms.sort()).toEqual(Object.keys(WALLS).sort());
    const strays = files.flatMap((file) => {
      const room = roomIn(file);
      if (room === "entry") return []; // an entry point shows what is in all rooms
      return (
        targetsOf(file)
          .filter((target) => roomIn(target) !== room && !(WALLS[room] as string[]).includes(roomIn(target)))
          // The door for options is open to the side rooms, too.
          .filter((target) => roomOf(file) === "library" || target !== "numbers/options.ts")
          .map((target) => `src/${file} imports src/${target}`)
      );
    });
    expect(strays).toEqual([]);
    expect(circles(new Map(Object.entries(WALLS))), "the rooms themselves").toEqual([]);
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
