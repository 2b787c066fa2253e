// A reader runs a cell again, and again. Nothing may change: each cell, run twice in a row, shows the same both
// times, and what it showed when the notebook was run once. Lines that tell a time say so, and are left out.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Cell, formatNotebook, readNotebook } from "../tools/lib/cells.mjs";
import { describeFailure, executeNotebooks } from "../tools/lib/execute.mjs";
import { allNotebooks } from "../tools/lib/notebooks.mjs";
import { cache } from "../tools/lib/paths.mjs";
import { type Executed, executedNotebooks } from "./support/executed";

// Inside this folder, so that the imports of a notebook are found as they are from notebooks/.
mkdirSync(cache, { recursive: true });
const folder = mkdtempSync(join(cache, "twice-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let once: Executed;
beforeAll(async () => {
  once = await executedNotebooks();
}, 900_000);

describe.each(allNotebooks())("%s", (name) => {
  test("shows the same when every cell is run twice in a row", { timeout: 300_000 }, async () => {
    const notebook = readNotebook(name);
    const doubled = notebook.cells
      .filter(isCode)
      .flatMap((cell) => [cell, { ...cell, id: `${cell.id}-again` }]);
    const file = join(folder, name);
    writeFileSync(file, formatNotebook({ ...notebook, cells: doubled }));

    const failures = await executeNotebooks([file], { out: join(folder, "executed") });
    expect(failures.map(describeFailure)).toEqual([]);

    const shown = outputsById(readNotebook(name, join(folder, "executed")).cells);
    const shownOnce = outputsById(readNotebook(name, once.folder).cells);
    for (const [id, output] of shownOnce) {
      expect(shown.get(id), `cell ${id}, in a second run of the notebook`).toBe(output);
      expect(shown.get(`${id}-again`), `cell ${id}, run again`).toBe(output);
    }
  });
});

function isCode(cell: Cell): boolean {
  return cell.cell_type === "code" && cell.source.length > 0;
}

/** What each cell shows, as one text without what is marked as times. */
function outputsById(cells: readonly Cell[]): Map<string, string> {
  return new Map(cells.filter(isCode).map((cell) => [cell.id ?? "", shown(cell)]));
}

function shown({ outputs = [], metadata }: Cell): string {
  // A plot of times: nothing but that there is one can be held.
  if (/^times/.test(String(metadata.varies))) return `${outputs.length} outputs`;
  const text = (outputs as { text?: string | string[]; data?: Record<string, unknown> }[])
    .map((output) =>
      output.text === undefined ? JSON.stringify(output.data) : [output.text].flat().join(""),
    )
    .join("");
  return (
    text
      .split("\n")
      // A line that gives a measured time differs from run to run.
      .filter((line) => !/\d ms\b/.test(line))
      .join("\n")
  );
}
