// A reader runs a cell again, and again. Nothing may change: each cell, run twice in a row, shows the same both
// times, and what it showed when the notebook was run once. Lines that tell a time say so, and are left out.
//
// Nor may a notebook need our kernel: the second run is under the one that `tslab install` makes, as on a reader's
// machine. Where it went wrong there, a run in ours (of one of them) tells which of the two was the cause.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Cell, formatNotebook, readNotebook } from "../tools/lib/cells.mjs";
import { describeFailure, executeNotebooks, type FailedEvent } from "../tools/lib/execute.mjs";
import { allNotebooks } from "../tools/lib/notebooks.mjs";
import { cache, nodeModules, tslab, venvPython } from "../tools/lib/paths.mjs";
import { runsAll, trained } from "./support/course";
import { type Executed, executedNotebooks } from "./support/executed";

// Inside this folder, so that the imports of a notebook are found as they are from notebooks/.
mkdirSync(cache, { recursive: true });
const folder = mkdtempSync(join(cache, "twice-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Where Jupyter finds the kernel of a plain tslab. */
const jupyter = join(folder, "plain/share/jupyter");

let once: Executed;
beforeAll(async () => {
  once = await executedNotebooks();
  execFileSync(process.execPath, [
    tslab,
    "install",
    "--python",
    venvPython,
    "--prefix",
    join(folder, "plain"),
    "--binary",
    join(nodeModules, ".bin/tslab"),
  ]);
  const spec = JSON.parse(readFileSync(join(jupyter, "kernels/tslab/kernel.json"), "utf8"));
  expect(spec.argv).not.toContain("--require"); // which is how ours begins
}, 900_000);

const kernels: [kernel: string, notebooks: string[], env: NodeJS.ProcessEnv][] = [
  ["a plain tslab kernel", runsAll ? allNotebooks() : trained(), { JUPYTER_PATH: jupyter }],
  ["our kernel", trained(), {}],
];

describe.each(kernels)("under %s", (kernel, names, env) => {
  const out = join(folder, kernel);
  let failures: FailedEvent[];

  beforeAll(async () => {
    const doubled = join(folder, `${kernel}, to run`);
    mkdirSync(doubled);
    for (const name of names) writeFileSync(join(doubled, name), withEachCellTwice(name));
    // TensorFlow.js on one thread: its tensors are small here, other tests have the other processor, the digits are the same.
    const threads = { TF_NUM_INTRAOP_THREADS: "1", TF_NUM_INTEROP_THREADS: "1" };
    failures = await executeNotebooks(
      names.map((name) => join(doubled, name)),
      { out, env: { ...threads, ...env } },
    );
  }, 3_000_000);

  test.each(names)("%s shows the same when every cell is run twice in a row", (name) => {
    expect(failures.filter(({ notebook }) => notebook === name).map(describeFailure)).toEqual([]);
    const shown = outputsById(readNotebook(name, out).cells);
    const shownOnce = outputsById(readNotebook(name, once.folder).cells);
    for (const [id, output] of shownOnce) {
      expect(shown.get(id), `cell ${id}, in a second run of the notebook`).toBe(output);
      expect(shown.get(`${id}-again`), `cell ${id}, run again`).toBe(output);
    }
  });
});

function withEachCellTwice(name: string): string {
  const notebook = readNotebook(name);
  const cells = notebook.cells.filter(isCode).flatMap((cell) => [cell, { ...cell, id: `${cell.id}-again` }]);
  return formatNotebook({ ...notebook, cells });
}

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
    // A plain tslab trips, and goes on, when files change in node_modules, as other tests change them. Ours does not
    // (tests/tools/kernel.test.ts).
    .filter((text) => !text.startsWith("UncaughtException: Error: Unexpected pending rebuildTimer"))
    .join("");
  return (
    text
      .split("\n")
      // A line that gives a measured time differs from run to run.
      .filter((line) => !/\d ms\b/.test(line))
      .join("\n")
  );
}
