// The course as a reader gets it: every notebook, top to bottom, in our kernel.
import { beforeAll, describe, expect, test } from "vitest";
import { codeCells, readNotebook } from "../tools/lib/cells.mjs";
import { allNotebooks } from "../tools/lib/notebooks.mjs";
import { type Executed, executedNotebooks } from "./support/executed";

let executed: Executed;
beforeAll(async () => {
  executed = await executedNotebooks();
}, 900_000);

describe.each(allNotebooks())("%s", (name) => {
  test("runs to its end, every cell counted", () => {
    const copy = readNotebook(name, executed.folder);
    const counts = copy.cells
      .filter((cell) => cell.cell_type === "code" && cell.source.length > 0)
      .map((cell) => cell.execution_count);
    expect(counts).toEqual(codeCells(name, readNotebook(name)).map((cell) => cell.number));
  });

  // The kernel shows the value of a last line: a history of a training would be screens of braces.
  test("shows no bare object or list", () => {
    const isBare = (output: unknown) => {
      const { text = "" } = output as { text?: string | string[] };
      return /^\s*[{[]\s*$/m.test([text].flat().join(""));
    };
    const bare = readNotebook(name, executed.folder).cells.filter(({ outputs = [] }) => outputs.some(isBare));
    expect(bare.map(({ id }) => id)).toEqual([]);
  });

  // A plain tslab kernel loses output after about 512 messages: half of that is the margin.
  test("keeps under 250 kernel messages", () => {
    expect(executed.runs[name]?.messages).toBeLessThan(250);
  });
});
