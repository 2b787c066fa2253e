// docs/faults.md is the table of tests/support/fault-table.ts, and each of its rows is held by a test.
// GLASSBOX_WRITE=1 writes the file.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "../../tools/lib/paths.mjs";
import { faults, faultsDocument } from "../support/fault-table";

const file = join(root, "docs/faults.md");

test("the committed table is the one that the tests hold", () => {
  if (process.env.GLASSBOX_WRITE) writeFileSync(file, faultsDocument());
  expect(readFileSync(file, "utf8")).toBe(faultsDocument());
});

test("there are forty rows at least, and a test names each", () => {
  const folder = join(root, "tests/tools");
  const tests = readdirSync(folder)
    .filter((name) => name.endsWith(".test.ts"))
    .map((name) => readFileSync(join(folder, name), "utf8"))
    .join("\n");
  expect(Object.keys(faults).length).toBeGreaterThanOrEqual(40);
  for (const name of Object.keys(faults)) expect(tests, name).toContain(`"${name}"`);
});
