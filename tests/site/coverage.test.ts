// The table of what is covered and where: every cell it points to must exist, and every part must be in it.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readNotebook } from "../../tools/lib/cells.mjs";
import { allNotebooks } from "../../tools/lib/notebooks.mjs";
import { root } from "../../tools/lib/paths.mjs";

const coverage: Record<string, [item: string, cells: string[]][]> = JSON.parse(
  readFileSync(join(root, "tools/site/coverage.json"), "utf8"),
);

test("covers every part of the course", () => {
  const parts = allNotebooks()
    .map((name) => name.replace(/\.ipynb$/, ""))
    .filter((name) => /^(0[0-8]|1[0-7])/.test(name));
  expect(Object.keys(coverage).sort()).toEqual(parts.sort());
});

test.each(Object.entries(coverage))("%s has every cell that the table points to", (name, items) => {
  const ids = new Set(readNotebook(`${name}.ipynb`).cells.map(({ id }) => id));
  expect(items.flatMap(([, cells]) => cells).filter((id) => !ids.has(id))).toEqual([]);
});
