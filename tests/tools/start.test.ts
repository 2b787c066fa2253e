// npm start as a command: what it prints, what it leaves behind.
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test, vi } from "vitest";
import { chooseNotebooks } from "../../tools/lib/notebooks.mjs";
import { root } from "../../tools/lib/paths.mjs";
import { command } from "../support/command";
import { writeCells } from "../support/notebook";

const folder = mkdtempSync(join(tmpdir(), "glassbox-start-"));
const site = join(folder, "site");
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const start = (...args: string[]) => command(["start", "--from", folder, "--to", site, ...args]);

describe("npm start", { timeout: 180_000 }, () => {
  test("executes, and writes a page", async () => {
    writeCells(join(folder, "01-one.ipynb"), [`console.log("the first", "version");`]);
    const { status, output } = await start("1");
    expect(output).toContain("01-one  1/1 cells");
    expect(status).toBe(0);
    expect(readFileSync(join(site, "01-one.html"), "utf8")).toContain("the first version");
    expect(existsSync(join(site, "index.html"))).toBe(true);
  });

  test("a failing cell is shown with its source and error, and the old page stays", async () => {
    const before = readFileSync(join(site, "01-one.html"), "utf8");
    writeCells(join(folder, "01-one.ipynb"), [
      "const ready = true;",
      `throw new Error("dimension mismatch");`,
    ]);
    const { status, output } = await start();
    expect(status).toBe(1);
    expect(output).toContain("01-one.ipynb, code cell 2 (id cell-2) failed.");
    expect(output).toContain(`    throw new Error("dimension mismatch");`);
    expect(output).toContain("Error: dimension mismatch");
    expect(output).not.toContain("node_modules");
    expect(output).toMatch(/\nIf the same passes on another machine, npm run doctor looks at this one\.\n$/);
    expect(readFileSync(join(site, "01-one.html"), "utf8")).toBe(before);
  });

  test("an unknown notebook lists what there is", async () => {
    const { status, output } = await start("77");
    expect(status).toBe(1);
    expect(output).toBe(
      `There is no notebook "77". There are:\n  01-one\nnpm run doctor looks for the cause.\n`,
    );
  });

  test("an unknown backend or option says what is known", async () => {
    const backend = await start("--reference", "gpu");
    expect(backend).toMatchObject({
      status: 1,
      output: expect.stringMatching(/^--reference takes node, wasm or cpu, not "gpu"\.\n/),
    });
    vi.stubEnv("GLASSBOX_REFERENCE", "gpu");
    const variable = await start();
    vi.unstubAllEnvs();
    expect(variable).toMatchObject({
      status: 1,
      output: expect.stringMatching(/^GLASSBOX_REFERENCE takes node, wasm or cpu, not "gpu"\.\n/),
    });
    const option = await start("--fast");
    expect(option.status).toBe(1);
    expect(option.output).toContain("Usage: npm start");
  });

  test("the forced backend reaches the kernel", async () => {
    writeCells(join(folder, "01-one.ipynb"), [`console.log("backend", process.env.GLASSBOX_REFERENCE);`]);
    const { output } = await start("--reference", "wasm");
    expect(output).toContain("Reference: TensorFlow.js, WebAssembly, as asked for.");
    expect(readFileSync(join(site, "01-one.html"), "utf8")).toContain("backend wasm");
    vi.stubEnv("GLASSBOX_REFERENCE", "cpu");
    const variable = await start();
    vi.unstubAllEnvs();
    expect(variable.output).toContain("Reference: TensorFlow.js, plain JavaScript, as asked for.");
    expect(readFileSync(join(site, "01-one.html"), "utf8")).toContain("backend cpu");
  });
});

test("failing tests end with a line that does not blame the machine first", async () => {
  const tests = mkdtempSync(join(folder, "tests-"));
  symlinkSync(join(root, "node_modules"), join(tests, "node_modules"), "junction");
  writeFileSync(join(tests, "a.test.ts"), 'import { test } from "vitest";\ntest.fails("a", () => {});\n');
  const { status, output } = await command(["test", "--root", tests]);
  expect(output).toMatch(/\nIf the same passes on another machine, npm run doctor looks at this one\.\n$/);
  expect(output).not.toContain("looks for the cause");
  expect(status).toBe(1);
});

describe("naming a notebook", () => {
  const names = ["00-rules.ipynb", "05-backpropagation.ipynb", "08-complete.ipynb"];

  test.each([["05"], ["5"], ["05-backpropagation"], ["notebooks/05-backpropagation.ipynb"]])("%s", (wish) => {
    expect(chooseNotebooks([wish], names)).toEqual(["05-backpropagation.ipynb"]);
  });

  test("none means all, and the order is the course's", () => {
    expect(chooseNotebooks([], names)).toEqual(names);
    expect(chooseNotebooks(["08", "0"], names)).toEqual(["00-rules.ipynb", "08-complete.ipynb"]);
  });
});
