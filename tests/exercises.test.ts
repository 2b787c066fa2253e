// Every exercise of the course, as its reader meets it: the stub waits politely, the solution passes.
import * as glassbox from "glassbox";
import * as book from "glassbox/notebook";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { codeCells, readNotebook } from "../tools/lib/cells.mjs";
import { allNotebooks } from "../tools/lib/notebooks.mjs";

const modules: Record<string, unknown> = { glassbox, "glassbox/notebook": book, "glassbox/reference": {} };

/** Runs a cell behind the notebook's imports, as the kernel would, and returns what it shows. */
function show(imports: string, cell: string): string {
  const { outputText } = ts.transpileModule(`${imports}\n${cell}`, {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
  });
  const run = new Function("require", "exports", outputText);
  const outputs = book.recordOutputs(() => run((name: string) => modules[name], {}));
  return outputs.map(({ content }) => content).join("\n");
}

const exercises = allNotebooks().flatMap((name) => {
  const cells = codeCells(name, readNotebook(name));
  const imports = cells.flatMap(({ source }) => source.match(/^import [^;]*;$/gm) ?? []).join("\n");
  const solutions = cells.filter(({ tags }) => tags.includes("solution"));
  return solutions.map((solution) => {
    const stub = cells.find(({ id }) => id === solution.id.replace(/^solution-/, "exercise-"));
    return { title: `${name}, ${solution.id}`, name, imports, stub: stub?.source, solution: solution.source };
  });
});

test("the course has at least twenty exercises, two or more a notebook", () => {
  expect(exercises.length).toBeGreaterThanOrEqual(20);
  for (const name of allNotebooks().filter((notebook) => /^0[0-8]/.test(notebook))) {
    expect(exercises.filter((exercise) => exercise.name === name).length, name).toBeGreaterThanOrEqual(2);
  }
});

describe.each(exercises)("$title", ({ imports, stub, solution }) => {
  test("waits while the stub is untouched", () => {
    expect(stub, "a stub with the solution's id").toBeDefined();
    expect(show(imports, stub as string)).toContain("gb-verdict-open");
  });

  test("accepts its own solution", () => {
    expect(show(imports, solution)).toContain("gb-verdict-right");
  });
});
