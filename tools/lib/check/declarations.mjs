// The declarations in dist/ as the kernel's older TypeScript reads them. A newer compiler writes types that the older one
// does not know, and it takes some of them for `any` without a word: then the notebooks are checked against nothing.
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, relative } from "node:path";
import { dist, root } from "../paths.mjs";

/** @param {string} [folder] @returns {string[]} */
export function checkDeclarations(folder = dist) {
  /** @type {typeof import("typescript")} */
  const ts = createRequire(import.meta.url)("@tslab/typescript-for-tslab");
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".d.ts"))
    .map((file) => join(folder, file));

  const program = ts.createProgram(files, {
    strict: true,
    noEmit: true,
    skipLibCheck: false,
    target: ts.ScriptTarget.ES2020,
    module: ts.ModuleKind.CommonJS,
    moduleResolution: ts.ModuleResolutionKind.NodeJs,
    esModuleInterop: true,
    types: ["node"],
    typeRoots: [join(root, "node_modules/@types")],
  });
  const checker = program.getTypeChecker();

  return files.flatMap((file) => {
    const source = program.getSourceFile(file);
    if (!source) return [`${relative(root, file)} was not read`];
    const at = (/** @type {number} */ position) => {
      const { line, character } = source.getLineAndCharacterOfPosition(position);
      return `${relative(root, file)}:${line + 1}:${character + 1}`;
    };
    const problems = [
      ...program.getSyntacticDiagnostics(source),
      ...program.getSemanticDiagnostics(source),
    ].map(
      (diagnostic) =>
        `${at(diagnostic.start ?? 0)}: ${ts.flattenDiagnosticMessageText(diagnostic.messageText, "\n  ")} (TypeScript ${ts.version})`,
    );
    for (const match of readFileSync(file, "utf8").matchAll(/\b\w+Array<ArrayBuffer(Like)?>/g)) {
      problems.push(
        `${at(match.index)}: ${match[0]} means nothing to TypeScript ${ts.version}; annotate the type in the source`,
      );
    }
    /** @param {import("typescript").Node} node */
    const visit = (node) => {
      // A name that resolves to `any` where nobody wrote `any`.
      if (ts.isTypeReferenceNode(node) && checker.getTypeAtLocation(node).flags & ts.TypeFlags.Any) {
        problems.push(`${at(node.getStart(source))}: ${node.getText(source)} turns into any`);
      }
      ts.forEachChild(node, visit);
    };
    visit(source);
    return problems;
  });
}
