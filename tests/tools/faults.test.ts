// Rows of the table of faults (docs/faults.md) that a command shows: notebooks, their pages, arguments, folders. One run of
// `npm start` meets most of the notebooks.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { listName } from "../../tools/lib/publish.mjs";
import { type CommandResult, command } from "../support/command";
import { expectFault, type FaultName } from "../support/fault-table";
import { writeCells } from "../support/notebook";

const base = mkdtempSync(join(tmpdir(), "glassbox-faults-"));
afterAll(() => rmSync(base, { recursive: true, force: true }));

const good = { nbformat: 4, nbformat_minor: 5, metadata: {}, cells: [] };
const text = (source: string) => ({ cell_type: "markdown", id: "text", metadata: {}, source });
const showing = (html: string) => [
  `const { display } = require("tslab");\ndisplay.html(${JSON.stringify(html)});`,
];

/** Files, and cells of notebooks, by the row that they stand for. */
const files: Partial<Record<FaultName, string>> = {
  "notebook-empty": "",
  "notebook-merged": '{\n<<<<<<< HEAD\n"cells": [],\n=======\n>>>>>>> other\n}',
  "notebook-half": '{"cells": [',
  "notebook-other": '{"name": "package"}',
  "notebook-nameless": JSON.stringify(good),
  "notebook-julia": JSON.stringify({ ...good, metadata: { kernelspec: { name: "julia-1.9" } } }),
  "notebook-shape": JSON.stringify({ ...good, cells: [{ cell_type: "code", source: 5 }] }),
};
const cells: Partial<Record<FaultName, readonly string[]>> = {
  "cell-throws": ["1;", `throw new Error("no such gradient");`],
  "cell-rejects": [`await Promise.reject(new Error("too late"));`],
  "cell-type": [`const rate: number = "fast";`],
  "cell-exits": ["process.exit(3);"],
  "cell-lost": [`void Promise.reject(new Error("gone"));`],
  "cell-timer": [`setTimeout(() => { throw new Error("gone"); }, 300);`],
  "cell-package": [`require("not-here");`],
  "page-script": showing('<script src="https://example.org/plot.js"></script>'),
};
const texts: Partial<Record<FaultName, string>> = {
  "page-picture": "![a cat](cat.png)",
  "page-remote": "![a cat](https://example.org/cat.png)",
  "page-formula": "A formula: $\\frac{1}{$",
};

describe("notebooks with faults, in one run", { timeout: 600_000 }, () => {
  let result: CommandResult;
  const from = join(base, "faulty");
  const out = join(base, "pages");

  beforeAll(async () => {
    await command(["setup"]);
    mkdirSync(from);
    for (const [name, content] of Object.entries(files)) writeFileSync(join(from, `${name}.ipynb`), content);
    for (const [name, sources] of Object.entries(cells)) writeCells(join(from, `${name}.ipynb`), sources);
    for (const [name, source] of Object.entries(texts)) {
      const metadata = { kernelspec: { name: "tslab", language: "typescript", display_name: "TypeScript" } };
      writeFileSync(
        join(from, `${name}.ipynb`),
        JSON.stringify({ ...good, metadata, cells: [text(source)] }),
      );
    }
    writeCells(join(from, "well.ipynb"), [`console.log("all is well");`]);
    result = await command(["start", "--from", from, "--to", out, "--reference", "cpu"]);
  }, 600_000);

  test.each([...Object.keys(files), ...Object.keys(cells), ...Object.keys(texts)] as FaultName[])(
    "%s",
    (name) => {
      expectFault(name, result);
      expect(result.output).toContain(`${name}.ipynb`);
    },
  );

  test("the others have their pages", () => {
    expect(readFileSync(join(out, "well.html"), "utf8")).toContain("all is well");
    expect(result.output).toMatch(/npm run doctor looks for the cause\.\n$/);
  });
});

describe("cells without an end, or without measure", { timeout: 300_000 }, () => {
  const start = (name: string, options: string[] = [], env: NodeJS.ProcessEnv = {}) =>
    command(
      [
        "start",
        "--from",
        join(base, name),
        "--to",
        join(base, `${name}-out`),
        "--reference",
        "cpu",
        ...options,
      ],
      { env: { ...process.env, ...env } },
    );

  test("cell-forever", async () => {
    writeCells(join(base, "forever/01.ipynb"), ["while (true);"]);
    expectFault("cell-forever", await start("forever", ["--cell-timeout", "5"]));
  });

  test("cell-memory", async () => {
    writeCells(join(base, "memory/01.ipynb"), [
      "const kept: number[][] = [];\nwhile (true) kept.push(new Array(1e5).fill(1.5));",
    ]);
    expectFault("cell-memory", await start("memory", [], { NODE_OPTIONS: "--max-old-space-size=300" }));
  });
});

describe("arguments", { timeout: 120_000 }, () => {
  const rows: [FaultName, string[]][] = [
    ["argument-notebook", ["start", "77"]],
    ["argument-reference", ["start", "--reference", "gpu"]],
    ["argument-option", ["start", "--fast"]],
    ["argument-timeout", ["start", "--cell-timeout", "soon"]],
    ["argument-from", ["start", "--from", join(base, "nowhere")]],
    ["argument-command", ["sart"]],
    ["argument-crosscheck", ["crosscheck", "--reference", "gpu"]],
  ];
  test.each(rows)("%s", async (name, args) => {
    expectFault(name, await command(args));
  });
});

describe("--to", { timeout: 120_000 }, () => {
  const from = join(base, "own/mine");
  const rows: [FaultName, () => string][] = [
    ["to-own", () => from],
    ["to-around", () => dirname(from)],
    ["to-checkout", () => "."],
    ["to-sources", () => "src"],
    [
      "to-file",
      () => {
        writeFileSync(join(base, "file.txt"), "mine");
        return join(base, "file.txt");
      },
    ],
    [
      "to-notebooks",
      () => {
        writeCells(join(base, "others/05.ipynb"), ["1;"]);
        return join(base, "others");
      },
    ],
    [
      "to-page",
      () => {
        mkdirSync(join(base, "theirs"));
        writeFileSync(join(base, "theirs/index.html"), "mine");
        return join(base, "theirs");
      },
    ],
    [
      "to-list",
      () => {
        mkdirSync(join(base, "list"));
        writeFileSync(join(base, "list", listName), "<<<<<<< merge");
        return join(base, "list");
      },
    ],
  ];
  test.each(rows)("%s", async (name, to) => {
    writeCells(join(from, "01-one.ipynb"), ["1;"]);
    expectFault(name, await command(["start", "--from", from, "--to", to()]));
  });
});
