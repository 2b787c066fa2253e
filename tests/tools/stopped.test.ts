// Whoever stops the program that executes notebooks gets one line, not a traceback.
import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { root, venvPython } from "../../tools/lib/paths.mjs";
import { jupyterEnvironment } from "../../tools/lib/setup.mjs";

const folder = mkdtempSync(join(tmpdir(), "glassbox-stopped-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const cell = { cell_type: "code", id: "endless", metadata: {}, execution_count: null, outputs: [] };
const notebook = {
  cells: [{ ...cell, source: "for (;;) {}" }],
  metadata: { kernelspec: { name: "tslab", display_name: "TypeScript", language: "typescript" } },
  nbformat: 4,
  nbformat_minor: 5,
};

test.each(["SIGTERM", "SIGINT"] as const)(
  "%s ends a notebook that runs, in one line, and writes nothing",
  async (signal) => {
    const file = join(folder, "endless.ipynb");
    const out = join(folder, signal);
    writeFileSync(file, JSON.stringify(notebook));
    const child = spawn(venvPython, [join(root, "tools/python/execute.py"), "--out", out, file], {
      env: jupyterEnvironment(),
    });
    let complaints = "";
    child.stderr.on("data", (chunk) => {
      complaints += chunk;
    });
    child.stdout.on("data", (chunk) => {
      if (String(chunk).includes('"cell"')) child.kill(signal); // the cell has begun
    });
    const status = await new Promise((resolve) => child.on("close", resolve));
    expect(complaints).toBe("execute: stopped; the notebook that was running is not written.\n");
    expect(status).toBe(1);
    expect(readdirSync(out)).toEqual([]);
  },
  120_000,
);
