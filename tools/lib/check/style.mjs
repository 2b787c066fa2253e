// Formatting and lint of the sources and of the code cells, both by Biome and by one set of rules.
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  codeCells,
  formatNotebook,
  place,
  readNotebook,
  sourceOf,
  toLines,
  writeNotebook,
} from "../cells.mjs";
import { foldInLab } from "../folding.mjs";
import { allNotebooks } from "../notebooks.mjs";
import { cache, nodeModules, root } from "../paths.mjs";
import { joinUnits } from "../units.mjs";

const biome = join(nodeModules, "@biomejs/biome/bin/biome");

/** @param {string[]} args @param {string} cwd */
function runBiome(args, cwd) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [biome, ...args], {
    cwd,
    encoding: "utf8",
    maxBuffer: 1 << 26,
  });
  return { status: status ?? 1, text: `${stdout}${stderr}` };
}

/** @returns {string[]} */
export function checkSourceStyle() {
  const { status, text } = runBiome(
    ["check", "--error-on-warnings", "--colors=off", "--max-diagnostics=40"],
    root,
  );
  return status === 0 ? [] : [text.trim()];
}

export function fixSourceStyle() {
  return runBiome(["check", "--write", "--colors=off", "--max-diagnostics=0"], root).text.trim();
}

/** What a cell defines, later cells use: seen alone it looks unused. */
const cellRules = {
  correctness: { noUnusedVariables: "off", noUnusedImports: "off", noUnusedFunctionParameters: "off" },
  style: { useImportType: "off" },
};

/** Write each code cell to a file of its own, under Biome's rules for cells. */
function extractCells() {
  const folder = join(cache, `cells-${process.pid}`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const config = JSON.parse(readFileSync(join(root, "biome.json"), "utf8"));
  const { rules } = config.linter;
  const merged = { ...rules };
  for (const [group, settings] of Object.entries(cellRules)) merged[group] = { ...rules[group], ...settings };
  writeFileSync(
    join(folder, "biome.json"),
    JSON.stringify({
      root: true,
      files: { includes: ["**/*.ts"] },
      assist: { enabled: false },
      // As many columns as a cell shows on a page and in JupyterLab without scrolling sideways.
      formatter: { ...config.formatter, lineWidth: 92 },
      javascript: config.javascript,
      linter: { ...config.linter, rules: merged },
    }),
  );
  const files = new Map();
  for (const name of allNotebooks()) {
    for (const cell of codeCells(name, readNotebook(name))) {
      const file = `${name.replace(/\.ipynb$/, "")}.${cell.number}.ts`;
      writeFileSync(join(folder, file), `${cell.source}\n`);
      files.set(file, cell);
    }
  }
  return { folder, files };
}

/** @returns {string[]} */
export function checkCellStyle() {
  const { folder, files } = extractCells();
  try {
    if (files.size === 0) return [];
    const { status, text } = runBiome(
      // The cells by name: left to itself, Biome would also judge the layout of its own settings beside them.
      ["check", "--error-on-warnings", "--reporter=github", "--max-diagnostics=200", ...files.keys()],
      folder,
    );
    // ::error title=lint/style/useConst,file=05.3.ts,line=2,endLine=2,col=1,endColumn=4::message
    const found = [...text.matchAll(/^::\w+ title=([^,]+),file=([^,]+),line=(\d+),.*?col=(\d+).*?::(.*)$/gm)];
    const problems = found.map(([, rule, file, line, column, message]) => {
      const cell = files.get(String(file).replace(/^.*\//, ""));
      const advice = rule === "format" ? "is not formatted; npm run fix does it" : `${message} (${rule})`;
      return cell ? `${place(cell, Number(line), Number(column))}: ${advice}` : `${file}: ${advice}`;
    });
    return status === 0 ? [] : problems.length > 0 ? problems : [text.trim()];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Format the cells in place, fold them as their tags say, and clear what a run left behind. Ids and order stay. @returns {string[]} the notebooks that changed */
export function fixNotebooks() {
  const { folder, files } = extractCells();
  try {
    if (files.size > 0) runBiome(["check", "--write", "--colors=off", "--max-diagnostics=0"], folder);
    const formatted = new Map(
      [...files].map(([file, cell]) => [
        `${cell.notebook}#${cell.number}`,
        readFileSync(join(folder, file), "utf8").replace(/\n$/, ""),
      ]),
    );
    return allNotebooks().filter((name) => {
      const notebook = readNotebook(name);
      const before = formatNotebook(notebook);
      let number = 0;
      for (const cell of notebook.cells) {
        if (cell.cell_type === "markdown") cell.source = toLines(joinUnits(sourceOf(cell)));
        if (cell.cell_type !== "code") continue;
        foldInLab(cell);
        cell.outputs = [];
        cell.execution_count = null;
        if (sourceOf(cell).trim() === "") continue;
        number++;
        const text = formatted.get(`${name}#${number}`);
        if (text !== undefined && text !== sourceOf(cell)) cell.source = toLines(text);
      }
      writeNotebook(name, notebook);
      return formatNotebook(notebook) !== before;
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
