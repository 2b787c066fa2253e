// What our kernelspec and driver add to tslab: no message lost, every failure seen.
import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { readNotebook } from "../../tools/lib/cells.mjs";
import { describeFailure, executeNotebooks } from "../../tools/lib/execute.mjs";
import { kernelPreload, root, tslab, venvPython } from "../../tools/lib/paths.mjs";
import { writeCells } from "../support/notebook";

const folder = mkdtempSync(join(tmpdir(), "glassbox-kernel-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Options {
  readonly tags?: readonly string[];
  readonly timeout?: number;
  readonly kernel?: string;
  readonly env?: NodeJS.ProcessEnv;
}

async function execute(name: string, sources: readonly string[], options: Options = {}) {
  const { tags = [], timeout = 60, kernel = "tslab", env = {} } = options;
  writeCells(join(folder, `${name}.ipynb`), sources, tags, kernel);
  let messages = 0;
  const warnings: string[] = [];
  const [failure] = await executeNotebooks([join(folder, `${name}.ipynb`)], {
    out: join(folder, "out"),
    timeout,
    env,
    onEvent(event) {
      if (event.event === "warning") warnings.push(event.message);
      if (event.event === "done") messages = event.messages;
    },
  });
  const cells = failure ? [] : readNotebook(`${name}.ipynb`, join(folder, "out")).cells;
  const printedBy = cells.map((cell) =>
    (cell.outputs ?? [])
      .map((output) => [(output as { text?: string | string[] }).text ?? []].flat().join(""))
      .join(""),
  );
  return { failure, cells, printedBy, printed: printedBy.join(""), messages, warnings };
}

describe("the kernel", { timeout: 120_000 }, () => {
  test("loses none of 2,000 messages, and every cell ends", async () => {
    const sources = Array.from(
      { length: 20 },
      (_, cell) => `for (let i = 0; i < 100; i++) console.log("line", ${cell} * 100 + i);`,
    );
    const { failure, cells, printed, messages } = await execute("many", sources);
    expect(failure).toBeUndefined();
    expect(printed).toBe(Array.from({ length: 2000 }, (_, line) => `line ${line}\n`).join(""));
    expect(messages).toBeGreaterThanOrEqual(2000);
    expect(cells.map((cell) => cell.execution_count)).toEqual(sources.map((_, index) => index + 1));
  });

  test("has util.isNullOrUndefined, whatever the Node", async () => {
    const { printed } = await execute("util", [`console.log(require("util").isNullOrUndefined(null));`]);
    expect(printed).toBe("true\n");
  });

  test("knows the names of earlier cells wherever they stand", async () => {
    const { failure, printed } = await execute("names", [
      "const inputs = [1, 2];\nlet b = 0;\ninterface Result { loss: number }\nconst loss = 7;",
      [
        "const options = { inputs, nested: inputs.map((i) => ({ i, inputs })) };",
        "const result: Result = { loss };",
        "const { loss: own } = result;",
        "({ loss: b } = result);",
        "({ b = 5 } = {} as { b?: number });",
        "console.log(JSON.stringify([options, own, b]));",
      ].join("\n"),
      "console.log(b);",
    ]);
    expect(failure).toBeUndefined();
    const nested = [1, 2].map((i) => ({ i, inputs: [1, 2] }));
    expect(printed).toBe(`${JSON.stringify([{ inputs: [1, 2], nested }, 7, 5])}\n5\n`);
  });

  test("finds glassbox and TensorFlow.js from a folder that has neither", async () => {
    const { failure, printed } = await execute("outside", [
      [
        'import { Matrix } from "glassbox";',
        'import * as tf from "@tensorflow/tfjs";',
        "const one: number = Matrix.from([[1]]).at(0, 0);",
        "console.log(one, typeof tf.tensor);",
      ].join("\n"),
    ]);
    expect(failure).toBeUndefined();
    expect(printed).toBe("1 function\n");
  });

  test("does not mind packages that change while a notebook is open", async () => {
    const types = join(folder, "node_modules/@types");
    mkdirSync(join(types, "old"), { recursive: true });
    writeFileSync(join(types, "old/index.d.ts"), "export {};");
    writeFileSync(join(types, "old/package.json"), "{}");
    const { failure, printed } = await execute("packages", [
      'import { Matrix } from "glassbox"; import * as fs from "node:fs";',
      `for (const name of ["a", "b", "c"]) {
  fs.mkdirSync("node_modules/@types/" + name + "/inside", { recursive: true });
  fs.writeFileSync("node_modules/@types/" + name + "/inside/index.d.ts", "export {};");
  fs.appendFileSync("node_modules/@types/old/index.d.ts", "export {};");
  fs.writeFileSync("node_modules/@types/old/package.json", JSON.stringify({ name, version: "1.0.0" }));
  await new Promise((resolve) => setTimeout(resolve, 200));
}`,
      "console.log(Matrix.from([[1]]).rows);",
    ]);
    expect(failure).toBeUndefined();
    expect(printed).toBe("1\n");
  });

  test("runs JavaScript as well", async () => {
    const { failure, printed, cells } = await execute(
      "script",
      ["let x = 2;", "x **= 5; console.log({ x });"],
      {
        kernel: "jslab",
      },
    );
    expect(failure).toBeUndefined();
    expect(printed).toBe("{ x: 32 }\n");
    expect(cells).toHaveLength(2);
  });

  test("shows what a cell prints later under that cell", async () => {
    const { failure, printedBy, warnings } = await execute("late", [
      `setTimeout(() => console.log("late"), 200); console.log("first");`,
      `await new Promise((go) => setTimeout(go, 400)); console.log("second");`,
      `void setTimeout(() => console.log("after the end"), 100);`,
    ]);
    expect(failure).toBeUndefined();
    expect(printedBy).toEqual(["first\nlate\n", "second\n", "after the end\n"]);
    expect(warnings).toEqual([]);
  });

  test("waits for timers for a moment only, and then says so", async () => {
    const { failure, warnings } = await execute("ticks", ["setInterval(() => {}, 50);"]);
    expect(failure).toBeUndefined();
    expect(warnings).toEqual([expect.stringContaining("timers were still running")]);
  });

  test("waits for the rest of an output while anything comes, and not for ever", () => {
    const script = `
import asyncio, sys
sys.path.insert(0, ${JSON.stringify(join(root, "tools/python"))})
import execute
execute.SILENCE = 0.4

class Client:
    messages = 0

async def main():
    client = Client()
    async def slow(count):
        for _ in range(count):
            await asyncio.sleep(0.1)
            client.messages += 1
    await execute.UntilSilent(client, asyncio.ensure_future(slow(15)))
    print("whole")
    try:
        await execute.UntilSilent(client, asyncio.ensure_future(asyncio.sleep(60)))
    except execute.OutputLost:
        print("lost")
asyncio.run(main())`;
    const { stdout, stderr } = spawnSync(venvPython, ["-c", script], { encoding: "utf8" });
    expect(stderr).toBe("");
    expect(stdout).toBe("whole\nlost\n");
  });
});

describe("an error", { timeout: 120_000 }, () => {
  test("names the lines of the cell as written, and no folder of this machine", async () => {
    const { failure } = await execute("lines", [
      "interface A { a: number }\n\n// two lines that compiling drops\nfunction f({ a }: A): void {\n  throw new Error(String(a));\n}",
      `import { Matrix } from "glassbox";\ntype B = number;\n\n\nconst one: B = 1;\n[one].map((a) => f({ a }));`,
    ]);
    expect(failure?.error.split("\n")).toEqual([
      "Error: 1",
      "    at f (cell 1:5:9)",
      "    at cell 2:6:18",
      "    at Array.map (<anonymous>)",
      "    at cell 2:6:7",
    ]);
  });

  test("after an await, too, and in a library", async () => {
    const { failure } = await execute("lines-later", [
      `import { Matrix } from "glassbox";\ninterface A { a: number }\n\nawait null;\nMatrix.from([[1], [1, 2]]);`,
    ]);
    expect(failure?.error).toMatch(
      /at (Function|Matrix)\.from \(glassbox\/dist\/.*\.js:\d+:\d+\)\n {4}at cell 1:5:8$/m,
    );
    expect(failure?.error).not.toContain(root);
  });

  test("printed by the cell itself names no folder either, nor does one from a missing package", async () => {
    const { failure } = await execute("folders", [
      `const text = new Error("mine").stack ?? "";\nif (text.includes(${JSON.stringify(root)})) throw new Error("a folder");\nrequire("not-here");`,
    ]);
    expect(failure?.error).toContain("Cannot find module 'not-here'");
    expect(failure?.error).not.toContain(folder);
    expect(failure?.error).not.toContain(root);
  });
});

describe("an error that nobody catches", { timeout: 120_000 }, () => {
  const lost: [string, string, string][] = [
    ["rejected", `async function train() { throw new Error("gone"); }\ntrain();`, "a rejected promise"],
    ["thrown", `setTimeout(() => { throw new Error("gone"); }, 300);`, "thrown where nothing could catch it"],
    [
      "rejected-later",
      `setTimeout(() => void Promise.reject(new Error("gone")), 300);`,
      "a rejected promise",
    ],
  ];
  test.each(lost)("(%s) ends the run, and is that of the cell that began it", async (name, source, how) => {
    const { failure } = await execute(`lost-${name}`, [
      "1;",
      source,
      "await new Promise((go) => setTimeout(go, 600));",
      "4;",
    ]);
    expect(failure).toMatchObject({ cell: 2, id: "cell-2", source });
    expect(failure?.error).toContain(how);
    expect(failure?.error).toContain("Error: gone");
    expect(failure?.error).toContain("cell 2:");
  });

  test.each(lost)("(%s) in the last cell does so as well", async (name, source) => {
    const { failure } = await execute(`last-${name}`, ["1;", source]);
    expect(failure).toMatchObject({ cell: 2, source });
  });

  test("is no matter where the cell listens itself", async () => {
    const { failure, printed } = await execute("listens", [
      `process.on("unhandledRejection", (reason) => console.log("caught", reason));\nvoid Promise.reject(5);`,
      "await new Promise((go) => setTimeout(go, 100));",
    ]);
    expect(failure).toBeUndefined();
    expect(printed).toBe("caught 5\n");
  });
});

test("a kernel ends with whoever started it, even if that is killed", { timeout: 60_000 }, async () => {
  const start = `
    const { spawn } = require("node:child_process");
    const connection = { ip: "127.0.0.1", transport: "tcp", key: "", signature_scheme: "hmac-sha256" };
    for (const name of ["shell", "iopub", "stdin", "control", "hb"]) connection[name + "_port"] = 0;
    require("node:fs").writeFileSync("connection.json", JSON.stringify(connection));
    const kernel = ["--require", ${JSON.stringify(kernelPreload)}, ${JSON.stringify(tslab)}, "kernel", "--config-path=connection.json"];
    console.log(spawn(process.execPath, kernel, { stdio: "pipe" }).pid);`;
  const parent = spawn(process.execPath, ["-e", start], { cwd: folder });
  const kernel = await new Promise<number>((resolve) =>
    parent.stdout.on("data", (text) => resolve(Number(text))),
  );
  const lives = () => {
    try {
      return process.kill(kernel, 0);
    } catch {
      return false;
    }
  };
  await new Promise((resolve) => setTimeout(resolve, 3000)); // it has started
  expect(lives()).toBe(true);
  parent.kill("SIGKILL");
  while (lives()) await new Promise((resolve) => setTimeout(resolve, 100));
});

describe("a notebook file", { timeout: 120_000 }, () => {
  const good = { nbformat: 4, nbformat_minor: 5, metadata: {}, cells: [] };
  const faults: [string, string, string][] = [
    ["empty.ipynb", "", "is empty"],
    ["merged.ipynb", '{\n<<<<<<< HEAD\n"cells": [],\n=======\n>>>>>>> other\n}', "marks of a merge"],
    ["half.ipynb", '{"cells": [', "is not JSON: line 1"],
    ["other.ipynb", '{"name": "package"}', "not a notebook"],
    ["nameless.ipynb", JSON.stringify(good), "names no kernel"],
    [
      "julia.ipynb",
      JSON.stringify({ ...good, metadata: { kernelspec: { name: "julia-1.9" } } }),
      'kernel "julia-1.9"',
    ],
    [
      "shape.ipynb",
      JSON.stringify({ ...good, cells: [{ cell_type: "code", source: 5 }] }),
      "breaks the format",
    ],
  ];

  test("with a fault costs one line that names it, and none of the others their run", async () => {
    for (const [name, text] of faults) writeFileSync(join(folder, name), text);
    writeCells(join(folder, "well.ipynb"), [`console.log("well");`]);
    const marked = readFileSync(join(folder, "well.ipynb"), "utf8");
    writeFileSync(join(folder, "mark.ipynb"), `\uFEFF${marked}`);
    const done: string[] = [];
    const failures = await executeNotebooks(
      [...faults.map(([name]) => name), "well.ipynb", "mark.ipynb"].map((name) => join(folder, name)),
      { out: join(folder, "out"), onEvent: (event) => event.event === "done" && done.push(event.notebook) },
    );
    const said = failures.map(describeFailure);
    faults.forEach(([name, , what], index) => {
      expect(said[index]).toContain(name);
      expect(said[index]).toContain(what);
      expect(said[index].split("\n")).toHaveLength(1);
    });
    expect(said).toHaveLength(faults.length);
    // Two run at a time, so either may be done first.
    expect(done.sort()).toEqual(["mark.ipynb", "well.ipynb"]);
  });
});

describe("a cell that fails", { timeout: 120_000 }, () => {
  test("by an exception ends the run and is named", async () => {
    const { failure } = await execute("throws", ["1;", `throw new Error("no such gradient");`, "3;"]);
    expect(failure).toMatchObject({ notebook: "throws.ipynb", cell: 2, id: "cell-2" });
    expect(failure?.source).toContain("no such gradient");
    expect(failure?.error).toContain("Error: no such gradient");
  });

  test("by a rejected promise ends the run", async () => {
    const { failure } = await execute("rejects", [`await Promise.reject(new Error("too late"));`]);
    expect(failure?.error).toContain("too late");
  });

  test("by a type error ends the run", async () => {
    const { failure } = await execute("types", [`const rate: number = "fast";`]);
    expect(failure?.error).toContain("not assignable");
  });

  test("by ending the kernel ends the run", async () => {
    const { failure } = await execute("exits", ["process.exit(3);"]);
    expect(failure?.error).toContain("kernel ended");
  });

  test("by taking all memory ends the run, and says what the limit is", async () => {
    const { failure } = await execute(
      "memory",
      ["const kept: number[][] = [];\nfor (;;) kept.push(Array.from({ length: 1e5 }, (_, i) => i / 3));"],
      { env: { NODE_OPTIONS: "--max-old-space-size=200" } },
    );
    expect(failure?.error).toMatch(/needs more memory than the kernel may use \(\d+ MB\)/);
    expect(failure?.cell).toBe(1);
  });

  test("by never ending ends the run", async () => {
    const { failure } = await execute("hangs", ["await new Promise(() => setInterval(() => {}, 1000));"], {
      timeout: 2,
    });
    expect(failure?.error).toContain("still running after 2 s");
  });

  test("on purpose, with the tag raises-exception, does not keep the next one from running", async () => {
    const { failure, cells, printed } = await execute(
      "wanted",
      [`throw new Error("wanted");`, `console.log("after");`],
      { tags: ["raises-exception"] },
    );
    expect(failure).toBeUndefined();
    expect(printed).toContain("Error: wanted");
    expect(printed).toContain("after\n");
    expect(cells).toHaveLength(2);
  });
});
