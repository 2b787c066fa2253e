// Long and heavy, for npm run test:all: a million steps, very large notebooks, many pages, two front ends.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { dist, exporter, notebooksFolder, root, venvPython } from "../tools/lib/paths.mjs";
import { jupyterEnvironment } from "../tools/lib/setup.mjs";
import { command } from "./support/command";

const folder = mkdtempSync(join(tmpdir(), "glassbox-heavy-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeAll(() => command(["setup"]), 600_000);

const markdown = (id: string, source: string) => ({ cell_type: "markdown", id, metadata: {}, source });
const code = (id: string, source: string, text: string) => ({
  cell_type: "code",
  id,
  metadata: {},
  source,
  execution_count: 1,
  outputs: [{ output_type: "stream", name: "stdout", text }],
});

function write(file: string, cells: unknown[]): void {
  const metadata = { kernelspec: { name: "tslab", language: "typescript", display_name: "TypeScript" } };
  writeFileSync(file, JSON.stringify({ cells, metadata, nbformat: 4, nbformat_minor: 5 }));
}

function exportPages(name: string, fill: (from: string) => void): string {
  const [from, out] = [join(folder, name), join(folder, `${name}-pages`)];
  mkdirSync(from);
  fill(from);
  const { status, stderr } = spawnSync(venvPython, [exporter, "--executed", from, "--out", out], {
    encoding: "utf8",
    env: jupyterEnvironment(),
  });
  expect(stderr).toBe("");
  expect(status).toBe(0);
  return out;
}

describe.skipIf(!process.env.GLASSBOX_TEST_ALL)("long and heavy", { timeout: 1_800_000 }, () => {
  test("a million training steps keep to the memory of the first ten thousand", () => {
    const program = `
      const { Adam, Activation, Dense, meanSquaredError, Random, relu, Sequential, trainingStep } = require(${JSON.stringify(dist)});
      const random = new Random(1);
      const network = new Sequential([new Dense(2, 4, { random }), new Activation(relu), new Dense(4, 1, { random })]);
      const task = { loss: meanSquaredError, optimizer: new Adam(0.001) };
      const [inputs, targets] = [random.randnMatrix(2, 8), random.randnMatrix(1, 8)];
      const used = () => { gc(); const { heapUsed, arrayBuffers } = process.memoryUsage(); return heapUsed + arrayBuffers; };
      const step = () => trainingStep(network, inputs, targets, task);
      for (let i = 0; i < 10_000; i++) step();
      const before = used();
      for (let i = 0; i < 1_000_000; i++) step();
      console.log(JSON.stringify({ before, after: used() }));`;
    const { stdout, stderr } = spawnSync(process.execPath, ["--expose-gc", "-e", program], {
      encoding: "utf8",
    });
    expect(stderr).toBe("");
    const { before, after } = JSON.parse(stdout);
    // One leaked number a step would be eight megabytes; the collector itself moves by tens of kilobytes.
    expect(after - before).toBeLessThan(1e6);
  });

  test("a notebook of 500 cells has a page with all of them", () => {
    const out = exportPages("many-cells", (from) =>
      write(
        join(from, "01-many.ipynb"),
        Array.from({ length: 250 }, (_, i) => [
          markdown(`text-${i}`, `## Heading ${i}\n\nA formula: $x_{${i}}^2$.`),
          code(`code-${i}`, `console.log("cell ${i}");`, `cell ${i}\n`),
        ]).flat(),
      ),
    );
    const page = readFileSync(join(out, "01-many.html"), "utf8");
    for (let i = 0; i < 250; i++) expect(page).toContain(`cell ${i}\n`);
  });

  test("50 MB of outputs are all on the page", () => {
    const line = `${"0123456789 ".repeat(9)}\n`;
    const out = exportPages("large", (from) =>
      write(
        join(from, "01-large.ipynb"),
        Array.from({ length: 50 }, (_, i) =>
          code(`code-${i}`, `console.log(${i});`, line.repeat(1e6 / line.length + 1)),
        ),
      ),
    );
    expect(statSync(join(out, "01-large.html")).size).toBeGreaterThan(50e6);
  });

  test("a hundred pages know each other, and the search of each knows all", () => {
    const out = exportPages("many-pages", (from) => {
      for (let i = 0; i < 100; i++) {
        const number = String(i).padStart(3, "0");
        write(join(from, `${number}-page.ipynb`), [
          markdown("title", `# Page ${i}\n\nThe only one that says marmalade${i}.`),
          code("code", `console.log(${i});`, `${i}\n`),
        ]);
      }
    });
    const page = readFileSync(join(out, "050-page.html"), "utf8");
    expect(page).toContain('href="049-page.html"');
    expect(page).toContain('href="051-page.html"');
    const packed = /id="search-index">([^<]*)</.exec(page)?.[1] ?? "";
    const index = packed.startsWith("H4s") ? gunzipSync(Buffer.from(packed, "base64")).toString() : packed;
    for (let i = 0; i < 100; i++) expect(index).toContain(`marmalade${i}`);
    const map = readFileSync(join(out, "index.html"), "utf8");
    expect(map.match(/href="\d{3}-page\.html"/g)?.length).toBeGreaterThanOrEqual(100);
  });

  test("two front ends share a kernel, and nobody gets the other's output", () => {
    const script = join(root, "tests/support/two_front_ends.py");
    const { stdout, stderr } = spawnSync(venvPython, [script, notebooksFolder], {
      encoding: "utf8",
      env: jupyterEnvironment(),
    });
    expect(stdout, stderr).not.toBe("");
    const own = (name: string) => Array.from({ length: 20 }, (_, i) => `${name} ${i}`);
    expect(JSON.parse(stdout)).toEqual(["first", "42", ...own("a"), ...own("b"), "alone 41"]);
  });
});
