// What is remembered of a notebook's last run, beside its executed copy.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { executeNotebooks } from "../../tools/lib/execute.mjs";
import { allNotebooks } from "../../tools/lib/notebooks.mjs";
import { forgetOrigins, lastRuns, madeFrom, rememberRuns } from "../../tools/lib/runs.mjs";
import { writeCells } from "../support/notebook";

const folder = mkdtempSync(join(tmpdir(), "glassbox-runs-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("adds up from run to run; what a copy was made from is forgotten as it is made anew", () => {
  rememberRuns(folder, { "01.ipynb": { seconds: 1, messages: 10, madeFrom: "a" } });
  rememberRuns(folder, { "02.ipynb": { seconds: 2, messages: 20, madeFrom: "b" } });
  forgetOrigins(folder, ["02.ipynb", "03.ipynb"]);
  expect(lastRuns(folder)).toEqual({
    "01.ipynb": { seconds: 1, messages: 10, madeFrom: "a" },
    "02.ipynb": { seconds: 2, messages: 20 },
  });
});

test("a file that was cut off is nothing remembered", () => {
  const cut = mkdtempSync(join(folder, "cut-"));
  writeFileSync(join(cut, ".runs.json"), '{"01.ipy');
  expect(lastRuns(cut)).toEqual({});
  rememberRuns(cut, { "01.ipynb": { seconds: 1, messages: 1 } });
  expect(Object.keys(lastRuns(cut))).toEqual(["01.ipynb"]);
});

test.each(["null", "5", '"text"', "[]", '{"01.ipynb":null,"02.ipynb":{}}'])(
  "%s is nothing remembered",
  (text) => {
    const odd = mkdtempSync(join(folder, "odd-"));
    writeFileSync(join(odd, ".runs.json"), text);
    expect(lastRuns(odd)).toEqual({});
    forgetOrigins(odd, ["01.ipynb"]);
    rememberRuns(odd, { "01.ipynb": { seconds: 1, messages: 1 } });
    expect(Object.keys(lastRuns(odd))).toEqual(["01.ipynb"]);
  },
);

test("every notebook of the course has an origin of its own, the same each time it is asked for", () => {
  const origins = madeFrom(allNotebooks());
  expect(new Set(Object.values(origins)).size).toBe(allNotebooks().length);
  expect(madeFrom(allNotebooks())).toEqual(origins);
});

test("a run says what its copy was made from only when it came to its end", { timeout: 60_000 }, async () => {
  const out = mkdtempSync(join(folder, "out-"));
  const notebooks = ["good", "bad"].map((name) => join(folder, `${name}.ipynb`));
  writeCells(notebooks[0], ["1 + 1"]);
  writeCells(notebooks[1], ["throw new Error()"]);
  const origins = { "good.ipynb": "g", "bad.ipynb": "b" };
  rememberRuns(out, { "bad.ipynb": { seconds: 1, messages: 1, madeFrom: "b" } });
  expect(await executeNotebooks(notebooks, { out, origins })).toHaveLength(1);
  expect(lastRuns(out)).toMatchObject({ "good.ipynb": { madeFrom: "g" } });
  expect(lastRuns(out)["bad.ipynb"]).not.toHaveProperty("madeFrom");
});
