// What npm run check says about notebooks and declarations that are not as they should be.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { asModule, type CodeCell, formatNotebook, toLines } from "../../tools/lib/cells.mjs";
import { checkDeclarations } from "../../tools/lib/check/declarations.mjs";
import { checkNotebook } from "../../tools/lib/check/notebooks.mjs";
import { checkCellTypes } from "../../tools/lib/check/types.mjs";
import { cache } from "../../tools/lib/paths.mjs";
import { joinUnits } from "../../tools/lib/units.mjs";

const cell = (number: number, source: string, tags: string[] = []): CodeCell => ({
  notebook: "99-sample.ipynb",
  number,
  id: `cell-${number}`,
  source,
  tags,
});
const typesOf = (...cells: CodeCell[]) => checkCellTypes(new Map([["99-sample.ipynb", cells]]));

describe("the types of code cells", { timeout: 60_000 }, () => {
  test("cells share what they declare, and may end without a semicolon", async () => {
    expect(
      await typesOf(cell(1, "const rates = [0.1, 0.2]"), cell(2, "[...rates].map((rate) => rate * 2)")),
    ).toEqual([]);
  });

  test("an error names notebook, cell, id and the line in the cell", async () => {
    const [problem, ...others] = await typesOf(
      cell(1, "const a = 1;"),
      cell(2, `console.log(a);\nconst b: number = "x";`),
    );
    expect(problem).toMatch(
      /^notebooks\/99-sample\.ipynb, code cell 2 \(id cell-2\), line 2:7: .*not assignable.*TS2322/,
    );
    expect(others).toEqual([]);
  });

  test("they are strict", async () => {
    expect(await typesOf(cell(1, "function twice(x) { return 2 * x; }"))).toHaveLength(1);
  });

  test("a cell that is tagged to fail may", async () => {
    expect(await typesOf(cell(1, `const b: number = "x";`, ["raises-exception"]))).toEqual([]);
  });

  test("a name of an earlier cell behind a shorthand is seen, where the kernel would not find it", async () => {
    const problems = await typesOf(
      cell(1, `import { join } from "node:path";\nconst a = 1;`),
      cell(2, "const b = 2;\nconsole.log({ join, a, b });"),
    );
    expect(problems).toEqual([
      expect.stringContaining("write { join: join }"),
      expect.stringContaining("write { a: a }"),
    ]);
    expect(await typesOf(cell(1, `import { join } from "node:path";\nconsole.log({ join });`))).toEqual([]);
  });

  test("a module knows the cell behind each of its lines", () => {
    const { text, origin } = asModule([cell(1, "a;\nb;"), cell(2, "c;")]);
    const line = text.split("\n").indexOf("c;");
    expect(origin[line]).toMatchObject({ cell: { number: 2 }, line: 1 });
  });
});

describe("notebooks as they are kept", () => {
  const notebook = () => ({
    cells: [
      {
        cell_type: "code",
        execution_count: null as number | null,
        id: "one",
        metadata: {},
        outputs: [] as unknown[],
        source: toLines("const a = 1;\nconst b = 2;"),
      },
    ],
    metadata: { kernelspec: { display_name: "TypeScript", language: "typescript", name: "tslab" } },
    nbformat: 4,
    nbformat_minor: 5,
  });

  test("a clean one passes", () => {
    expect(checkNotebook(formatNotebook(notebook()))).toEqual([]);
  });

  test("outputs and counts are named", () => {
    const dirty = notebook();
    Object.assign(dirty.cells[0] ?? {}, { outputs: [{ output_type: "stream" }], execution_count: 3 });
    expect(checkNotebook(formatNotebook(dirty))).toEqual([
      "cell 1 (id one) carries outputs; npm run fix clears them",
      "cell 1 (id one) carries an execution count; npm run fix clears it",
    ]);
  });

  test("missing and repeated ids are named", () => {
    const [first] = notebook().cells;
    const twice = { ...notebook(), cells: [first, first, { ...first, id: undefined }] };
    expect(checkNotebook(JSON.stringify(twice))).toEqual([
      "cell 2 (id one) has the id of an earlier cell",
      "cell 3 has no id",
    ]);
  });

  const folded = (tag: string, jupyter: object | undefined, source: string) => {
    const { cells, ...rest } = notebook();
    const metadata = { tags: [tag], ...(jupyter && { jupyter }) };
    return checkNotebook(formatNotebook({ ...rest, cells: [{ ...cells[0], metadata, source }] } as never));
  };

  test("a cell that the pages fold is folded in JupyterLab, and says what is inside", () => {
    expect(folded("hide-input", { source_hidden: true }, "// The table\nconst a = 1;")).toEqual([]);
    const both = { outputs_hidden: true, source_hidden: true };
    expect(folded("solution", both, "// Solution\nconst a = 1;")).toEqual([]);
    expect(folded("hide-input", undefined, "// The table\nconst a = 1;")).toEqual([
      expect.stringContaining("is not folded in JupyterLab"),
    ]);
    expect(folded("other", { source_hidden: true }, "const a = 1;")).toEqual([
      expect.stringContaining("is not folded in JupyterLab as its tags say"),
    ]);
    expect(folded("solution", { source_hidden: true }, "// Solution")).toHaveLength(1);
    expect(folded("hide-input", { source_hidden: true }, "const a = 1;")).toEqual([
      expect.stringContaining("not a comment that says what is inside"),
    ]);
  });

  test("a number and its unit stay on one line, in prose and not in code", () => {
    expect(joinUnits("95 % in 20 ms, 5 s; 5 so, `5 ms`, $5 %$, 7 bits.")).toBe(
      "95\u00a0% in 20\u00a0ms, 5\u00a0s; 5 so, `5 ms`, $5 %$, 7\u00a0bits.",
    );
    const { cells, ...rest } = notebook();
    const prose = { cell_type: "markdown", id: "prose", metadata: {}, source: toLines("95 % are right") };
    expect(checkNotebook(formatNotebook({ ...rest, cells: [...cells, prose] } as never))).toEqual([
      expect.stringContaining("lets a number and its unit part"),
    ]);
  });

  test("a cell of prose says something", () => {
    const { cells, ...rest } = notebook();
    const saying = (text: string) => {
      const prose = { cell_type: "markdown", id: "prose", metadata: {}, source: toLines(text) };
      return checkNotebook(formatNotebook({ ...rest, cells: [...cells, prose] } as never));
    };
    expect(saying("## The masks")).toEqual([]);
    for (const text of ["", "X", " TODO\n"])
      expect(saying(text)).toEqual([expect.stringContaining("says nothing but")]);
  });

  test("another layout is named", () => {
    expect(checkNotebook(JSON.stringify(notebook()))).toEqual([expect.stringContaining("layout")]);
  });
});

describe("declarations as the kernel's TypeScript reads them", { timeout: 60_000 }, () => {
  let declarations: string;
  beforeAll(() => {
    mkdirSync(cache, { recursive: true });
    declarations = mkdtempSync(join(cache, "declarations-"));
  });
  afterAll(() => rmSync(declarations, { recursive: true, force: true }));

  test("a typed array with a parameter is an error", () => {
    writeFileSync(
      join(declarations, "index.d.ts"),
      "export declare const values: Float64Array<ArrayBuffer>;\n",
    );
    expect(checkDeclarations(declarations).join("\n")).toContain("Float64Array<ArrayBuffer> means nothing");
  });

  test("a type that turns into any is an error", () => {
    writeFileSync(
      join(declarations, "index.d.ts"),
      `import type { Nothing } from "./nowhere";\nexport declare const value: Nothing;\n`,
    );
    expect(checkDeclarations(declarations).join("\n")).toContain("Nothing turns into any");
  });
});
