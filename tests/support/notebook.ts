// Small notebooks for the tests of the tools.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { formatNotebook } from "../../tools/lib/cells.mjs";

/** Write a notebook of code cells, ids `cell-1`, `cell-2`, … */
export function writeCells(
  file: string,
  sources: readonly string[],
  tags: readonly string[] = [],
  kernel = "tslab",
): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(
    file,
    formatNotebook({
      cells: sources.map((source, index) => ({
        cell_type: "code",
        execution_count: null,
        id: `cell-${index + 1}`,
        metadata: tags.length > 0 ? { tags: [...tags] } : {},
        outputs: [],
        source,
      })),
      metadata: { kernelspec: { display_name: "TypeScript", language: "typescript", name: kernel } },
      nbformat: 4,
      nbformat_minor: 5,
    }),
  );
}
