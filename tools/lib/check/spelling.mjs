// The spelling of the prose, by cspell. Words of our own stand in tools/spelling.json.
import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readNotebook, sourceOf } from "../cells.mjs";
import { allNotebooks } from "../notebooks.mjs";
import { cache, nodeModules, root } from "../paths.mjs";

/** @returns {string[]} */
export function checkSpelling() {
  const folder = join(cache, `spelling-${process.pid}`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  try {
    // One file a cell, so that a message names the cell.
    for (const name of allNotebooks()) {
      for (const cell of readNotebook(name).cells) {
        if (cell.cell_type !== "markdown") continue;
        writeFileSync(join(folder, `${name}, cell ${cell.id}.md`), sourceOf(cell));
      }
    }
    const cspell = join(nodeModules, "cspell/bin.mjs");
    const config = join(root, "tools/spelling.json");
    const args = [cspell, "lint", "--config", config, "--no-progress", "--no-summary", "--no-color"];
    const { status, stdout, stderr } = spawnSync(process.execPath, [...args, "--root", folder, "**/*.md"], {
      encoding: "utf8",
      cwd: folder,
    });
    const lines = stdout.split("\n").filter(Boolean);
    return status === 0 || lines.length > 0 ? lines : [stderr.trim()];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
