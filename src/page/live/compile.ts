/**
 * A cell as a module. Types are erased, not checked (sucrase keeps every line where it was), and what a cell declares
 * at its top is shared with the cells after it, as under the tslab kernel: each name becomes a property of the global
 * object that reads and writes the cell's own variable. So later cells simply name it, a cell may be run again, a name
 * may be declared again, and a function goes on seeing the variables of the cell that it was written in.
 */
import { type AnyNode, type ImportDeclaration, type Pattern, parse } from "acorn";
import { transform } from "sucrase";

/** The text of a cell cannot be understood: where, counted from 1, and why. */
export class CellSyntaxError extends Error {
  override readonly name = "SyntaxError";
  constructor(
    readonly why: string,
    readonly line: number,
    readonly column: number,
  ) {
    super(`Line ${line}, column ${column}: ${why}`);
  }
}

/** What a compiled cell calls; the worker puts it on the global object. See `worker.ts`. */
export const HOOK = "__glassboxCell";

/**
 * The cell as a JavaScript module. Line numbers stay: what the module needs stands in front of the first line.
 * @param source TypeScript
 * @throws CellSyntaxError with line and column
 */
export function compileCell(source: string): string {
  const script = eraseTypes(source);
  const edits: Edit[] = [];
  const imports: string[] = [];
  const shared: string[] = [];
  const { body } = parseModule(script);
  for (const statement of body) {
    switch (statement.type) {
      case "ImportDeclaration":
        imports.push(importing(statement, shared));
        edits.push(blank(script, statement.start, statement.end));
        break;
      case "ExportNamedDeclaration":
        if (statement.declaration) {
          edits.push({ from: statement.start, to: statement.declaration.start, text: "" });
          shared.push(...declared(statement.declaration));
        } else edits.push(blank(script, statement.start, statement.end));
        break;
      default:
        shared.push(...declared(statement));
    }
  }
  for (const { start, source: from } of dynamicImports(body)) {
    // import("x") → hook.use("x"): the name of a module means the same in both forms
    edits.push({ from: start, to: from.start, text: `${HOOK}.use(` });
  }
  const last = body.at(-1);
  if (last?.type === "ExpressionStatement") {
    const { start, end } = last.expression;
    edits.push({ from: start, to: start, text: `${HOOK}.value(`, first: true });
    edits.push({ from: end, to: end, text: ")" });
  }
  const names = [...new Set(shared)].map((name) => `${name}: [() => ${name}, ($) => { ${name} = $; }]`);
  const share = names.length > 0 ? `${HOOK}.share({ ${names.join(", ")} }); ` : "";
  return `${share}${imports.map((text) => `${text} `).join("")}${edited(script, edits)}`;
}

function eraseTypes(source: string): string {
  try {
    return transform(source, {
      transforms: ["typescript"],
      // An import that this cell does not use is there for the cells below.
      keepUnusedImports: true,
      disableESTransforms: true,
    }).code;
  } catch (error) {
    throw syntaxError(error);
  }
}

function parseModule(script: string) {
  try {
    return parse(script, { ecmaVersion: "latest", sourceType: "module" });
  } catch (error) {
    throw syntaxError(error);
  }
}

/** Both parsers write the place at the end of their message: "Unexpected token (3:10)". */
function syntaxError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const [, why, line, column] =
    /^(?:Error transforming[^:]*: |.*?Error: )?(.*?) \((\d+):(\d+)\)/s.exec(error.message) ?? [];
  if (why === undefined) return error;
  // acorn counts columns from 0, sucrase from 1
  const { pos } = error as { pos?: number };
  return new CellSyntaxError(
    why,
    Number(line),
    Number(column) + (pos !== undefined && "raisedAt" in error ? 1 : 0),
  );
}

/** `import { a as b } from "m"` → `const { a: b } = await hook.use("m");` */
function importing({ specifiers, source }: ImportDeclaration, shared: string[]): string {
  const from = `await ${HOOK}.use(${JSON.stringify(source.value)});`;
  const parts: string[] = [];
  let whole = "";
  for (const specifier of specifiers) {
    const { name } = specifier.local;
    shared.push(name);
    if (specifier.type === "ImportNamespaceSpecifier") whole = `const ${name} = ${from}`;
    else if (specifier.type === "ImportDefaultSpecifier") parts.push(`default: ${name}`);
    else {
      const { imported } = specifier;
      const key = imported.type === "Identifier" ? imported.name : JSON.stringify(imported.value);
      parts.push(key === name ? name : `${key}: ${name}`);
    }
  }
  const some = parts.length > 0 ? `const { ${parts.join(", ")} } = ${from}` : "";
  return [whole, some].filter(Boolean).join(" ") || from;
}

/** The names that a statement declares for the cells below. */
function declared(statement: AnyNode): string[] {
  if (statement.type === "VariableDeclaration") return statement.declarations.flatMap(({ id }) => bound(id));
  if (statement.type === "FunctionDeclaration" || statement.type === "ClassDeclaration")
    return statement.id ? [statement.id.name] : [];
  return [];
}

/** The names in a pattern: `{ a, b: [c, ...d] }` has a, c and d. */
function bound(pattern: Pattern): string[] {
  switch (pattern.type) {
    case "Identifier":
      return [pattern.name];
    case "ObjectPattern":
      return pattern.properties.flatMap((property) =>
        bound(property.type === "RestElement" ? property.argument : property.value),
      );
    case "ArrayPattern":
      return pattern.elements.flatMap((element) => (element ? bound(element) : []));
    case "RestElement":
      return bound(pattern.argument);
    case "AssignmentPattern":
      return bound(pattern.left);
    default:
      return [];
  }
}

function dynamicImports(root: unknown): { start: number; source: { start: number } }[] {
  const found: { start: number; source: { start: number } }[] = [];
  const walk = (node: unknown): void => {
    if (node === null || typeof node !== "object") return;
    if (Array.isArray(node)) {
      for (const item of node) walk(item);
      return;
    }
    const { type } = node as { type?: string };
    if (type === "ImportExpression") found.push(node as (typeof found)[number]);
    for (const value of Object.values(node)) walk(value);
  };
  walk(root);
  return found;
}

interface Edit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
  /** Before others at the same place. */
  readonly first?: boolean;
}

/** Nothing, over as many lines as before. */
function blank(script: string, from: number, to: number): Edit {
  return { from, to, text: "\n".repeat(script.slice(from, to).split("\n").length - 1) };
}

function edited(script: string, edits: readonly Edit[]): string {
  let text = "";
  let at = 0;
  const inOrder = [...edits].sort((a, b) => a.from - b.from || Number(b.first ?? 0) - Number(a.first ?? 0));
  for (const { from, to, text: piece } of inOrder) {
    text += script.slice(at, from) + piece;
    at = to;
  }
  return text + script.slice(at);
}
