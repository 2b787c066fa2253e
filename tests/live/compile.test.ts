// A cell of TypeScript becomes a module whose names the cells after it can see.
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { CellSyntaxError, compileCell, HOOK } from "../../src/page/live/compile";

/** Runs cells one after the other, as the thread does, without a thread. */
async function runAll(cells: string[]): Promise<Record<string, unknown>> {
  const scope: Record<string, unknown> = {};
  const values: unknown[] = [];
  const hook = {
    share(names: Record<string, [() => unknown, (value: unknown) => void]>) {
      for (const [name, [get, set]] of Object.entries(names))
        Object.defineProperty(scope, name, { get, set, configurable: true, enumerable: true });
    },
    use: (name: string) => Promise.resolve({ name, relu: "relu", default: "whole" }),
    value: (value: unknown) => {
      values.push(value);
      return value;
    },
  };
  const AsyncFunction = (async () => {}).constructor as new (
    ...parts: string[]
  ) => (...values: unknown[]) => Promise<void>;
  for (const cell of cells) {
    // A module is strict and a `with` is not: names of earlier cells come through a function around it.
    const known = Object.keys(scope);
    const body = `with (scope) { return (async () => { ${compileCell(cell)} })(); }`;
    await new AsyncFunction("scope", HOOK, body)(scope, hook);
    expect(known.every((name) => name in scope)).toBe(true);
  }
  return { ...scope, values };
}

test("types are erased and every line stays where it was", () => {
  const cell =
    "interface Shape { rows: number }\nfunction area<T extends Shape>(shape: T): number {\n  return (shape as Shape).rows!;\n}\nthrow new Error('line 5');";
  expect(
    compileCell(cell)
      .split("\n")
      .findIndex((line) => line.includes("line 5")),
  ).toBe(4);
});

test("imports become what the page has, used by this cell or not, over as many lines", () => {
  const compiled = compileCell('import {\n  relu,\n  type Matrix,\n  tanh as th,\n} from "glassbox";\nlast;');
  expect(compiled).toContain(`const { relu, tanh: th } = await ${HOOK}.use("glassbox");`);
  expect(compiled.split("\n").findIndex((line) => line.includes("last"))).toBe(5);
  expect(compileCell('import * as tf from "@tensorflow/tfjs";')).toContain("const tf = await");
  expect(compileCell('const { relu } = await import("glassbox");')).toContain(
    `await ${HOOK}.use("glassbox")`,
  );
  expect(compileCell('import type { Matrix } from "glassbox";')).not.toContain("use(");
});

test("names are shared with later cells, and may be declared again", async () => {
  const { total, again } = await runAll([
    "const [first, { second = 2, ...rest }] = [1, {}];",
    "let total = first + second;",
    "total = total + 1;",
    "function again() { return total; }",
    "const first = 'declared again';",
  ]);
  expect(total).toBe(4);
  expect((again as () => number)()).toBe(4);
});

test("a function goes on seeing the variables of its own cell", async () => {
  const { read, add } = await runAll([
    "let count = 1; function read() { return count; } function add() { count += 1; }",
    "add();",
    "let count = 100;",
  ]);
  expect((read as () => number)()).toBe(2);
  (add as () => void)();
  expect((read as () => number)()).toBe(3);
});

test("the value of the last line is shown; a declaration has none", async () => {
  const { values } = await runAll(["1 + 1", "const a = 5;", "a;"]);
  expect(values).toEqual([2, 5]);
});

describe("a text that is no program", () => {
  const wrong: [source: string, line: number, column: number][] = [
    ["const a = ;", 1, 11],
    ["let a = 1;\nlet a = 2;", 2, 5],
    ["let x: = 3;", 1, 8],
    ["\n\nreturn 3", 3, 1],
  ];
  test.each(wrong)("%j is refused with its place", (source, line, column) => {
    try {
      compileCell(source);
      expect.unreachable("it was compiled");
    } catch (error) {
      expect(error).toBeInstanceOf(CellSyntaxError);
      expect([(error as CellSyntaxError).line, (error as CellSyntaxError).column]).toEqual([line, column]);
    }
  });
});

test("every code cell of the course compiles", () => {
  const folder = new URL("../../notebooks/", import.meta.url);
  const notebooks = readdirSync(folder).filter((file) => file.endsWith(".ipynb"));
  expect(notebooks.length).toBeGreaterThan(0);
  for (const file of notebooks) {
    const { cells } = JSON.parse(readFileSync(new URL(file, folder), "utf8"));
    for (const { cell_type, source, id } of cells) {
      if (cell_type !== "code") continue;
      expect(() => compileCell([source].flat().join("")), `${file}, cell "${id}"`).not.toThrow();
    }
  }
});
