// Strict types of everything: the library without Node or browser, all of src, tests, tools, and the code cells.
import { join } from "node:path";
import { asModule, codeCells, place, readNotebook } from "../cells.mjs";
import { allNotebooks } from "../notebooks.mjs";
import { notebooksFolder, root, typescriptCompiler } from "../paths.mjs";
import { run } from "../run.mjs";

/** @param {string} project a tsconfig, relative to the root @returns {Promise<string[]>} */
export async function checkProject(project) {
  const args = [typescriptCompiler, "--noEmit", "--pretty", "false", "--project", join(root, project)];
  const { status, output } = await run(`types-${project.replaceAll("/", "-")}`, process.execPath, args);
  return status === 0 ? [] : [output.trim()];
}

/**
 * The code cells, a notebook at a time, as strict TypeScript against the library's declarations.
 * @param {Map<string, import("../cells.mjs").CodeCell[]>} [notebooks] by file name
 * @returns {Promise<string[]>}
 */
export async function checkCellTypes(notebooks = courseCells()) {
  const { default: ts } = await import("typescript");
  const modules = new Map(
    [...notebooks].map(([name, cells]) => [join(notebooksFolder, `${name}.ts`), asModule(cells)]),
  );
  /** @type {import("typescript").CompilerOptions} */
  const options = {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    esModuleInterop: true,
    lib: ["lib.es2022.d.ts"],
    types: ["node"],
    typeRoots: [join(root, "node_modules/@types")],
  };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists, readFile } = host;
  // The modules exist in memory only, in the folder of the notebooks, so that imports resolve as they do there.
  host.getSourceFile = (file, ...rest) => {
    const module = modules.get(file);
    return module
      ? ts.createSourceFile(file, module.text, ts.ScriptTarget.ES2022)
      : getSourceFile(file, ...rest);
  };
  host.fileExists = (file) => modules.has(file) || fileExists(file);
  host.readFile = (file) => modules.get(file)?.text ?? readFile(file);

  const program = ts.createProgram([...modules.keys()], options, host);
  const checker = program.getTypeChecker();
  return [...modules].flatMap(([file, { origin }]) => {
    const source = program.getSourceFile(file);
    if (!source) return [];
    const cellAt = (/** @type {number} */ position) =>
      origin[source.getLineAndCharacterOfPosition(position).line];

    /** @type {string[]} */
    const shorthands = [];
    /**
     * The kernel does not rewrite `{ name }` where `name` comes from an earlier cell: it is "not defined" there.
     * @param {import("typescript").Node} node
     */
    const findShorthands = (node) => {
      if (ts.isShorthandPropertyAssignment(node)) {
        const declared = checker.getShorthandAssignmentValueSymbol(node)?.declarations?.[0];
        const here = cellAt(node.getStart(source));
        const there = declared?.getSourceFile() === source && cellAt(declared.getStart(source));
        if (here && there && there.cell !== here.cell) {
          const name = node.name.text;
          shorthands.push(
            `${place(here.cell, here.line)}: the kernel cannot find what an earlier cell calls ${name} behind { ${name} }; write { ${name}: ${name} }`,
          );
        }
      }
      ts.forEachChild(node, findShorthands);
    };
    findShorthands(source);

    const found = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
    const errors = found.flatMap((diagnostic) => {
      const { line, character } = source.getLineAndCharacterOfPosition(diagnostic.start ?? 0);
      const from = origin[line];
      const message = ts.flattenDiagnosticMessageText(diagnostic.messageText, "\n  ");
      if (!from) return [`${file}: ${message}`];
      // A cell that is there to fail may fail here as well.
      if (from.cell.tags.includes("raises-exception")) return [];
      return [`${place(from.cell, from.line, character + 1)}: ${message} (TS${diagnostic.code})`];
    });
    return [...errors, ...shorthands];
  });
}

const courseCells = () => new Map(allNotebooks().map((name) => [name, codeCells(name, readNotebook(name))]));
