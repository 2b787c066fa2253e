// What our kernelspec and driver add to tslab: no message lost, every failure seen.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { readNotebook } from "../../tools/lib/cells.mjs";
import { executeNotebooks } from "../../tools/lib/execute.mjs";
import { writeCells } from "../support/notebook";

const folder = mkdtempSync(join(tmpdir(), "glassbox-kernel-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function execute(name: string, sources: readonly string[], tags: readonly string[] = [], timeout = 60) {
  writeCells(join(folder, `${name}.ipynb`), sources, tags);
  let messages = 0;
  const failure = await executeNotebooks([join(folder, `${name}.ipynb`)], {
    out: join(folder, "out"),
    timeout,
    onEvent(event) {
      if (event.event === "done") messages = event.messages;
    },
  });
  const cells = failure ? [] : readNotebook(`${name}.ipynb`, join(folder, "out")).cells;
  const printed = cells
    .flatMap((cell) => cell.outputs ?? [])
    .map((output) => [(output as { text?: string | string[] }).text ?? []].flat().join(""))
    .join("");
  return { failure, cells, printed, messages };
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

  test("by never ending ends the run", async () => {
    const { failure } = await execute(
      "hangs",
      ["await new Promise(() => setInterval(() => {}, 1000));"],
      [],
      2,
    );
    expect(failure?.error).toContain("still running after 2 s");
  });

  test("on purpose, with the tag raises-exception, does not keep the next one from running", async () => {
    const { failure, cells, printed } = await execute(
      "wanted",
      [`throw new Error("wanted");`, `console.log("after");`],
      ["raises-exception"],
    );
    expect(failure).toBeUndefined();
    expect(printed).toContain("Error: wanted");
    expect(printed).toContain("after\n");
    expect(cells).toHaveLength(2);
  });
});
