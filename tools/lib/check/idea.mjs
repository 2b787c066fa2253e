// How much of the code that a reader meets is the idea. A line counts by what it does, not by a tag: imports, throws and
// other assertions, drawing, tabulating, printing, formatting and literal prose are plumbing; all the rest is idea.
// Neither is a blank line, a comment, or a line of closing brackets. Folded cells are not met, and exercises, where the
// reader's own lines will stand, are counted apart.
import ts from "typescript";
import { sourceOf } from "../cells.mjs";
import { isOpen } from "../folding.mjs";

/** Modules whose functions show things. */
const SHOWING = "glassbox/notebook";
/** What else tabulates, asserts or formats, of the other modules. */
const PLUMBING_NAMES = /^(agree|compare[A-Z]\w*|loadReference|format[A-Z]\w*|trace[A-Z]\w*)$/;
const FORMATTING_METHODS = new Set([
  "toFixed",
  "toPrecision",
  "toExponential",
  "toLocaleString",
  "padStart",
  "padEnd",
  "join",
]);
/** Properties that a figure or a table reads: with words in them, an object is a label and not a thought. */
const LABELS = new Set(["name", "title", "label", "caption", "alt", "color", "columns", "unit"]);

/**
 * @typedef {"idea" | "plumbing" | "neither"} Kind
 * @typedef {object} Count
 * @property {number} idea open lines
 * @property {number} plumbing open lines
 * @property {number[]} lengths of the open cells, exercises apart
 * @property {{ id: string, lines: number }} longest open cell, exercises among them
 */

/**
 * The kind of every line of every cell of a notebook.
 * @param {readonly string[]} sources of its code cells, in order
 * @returns {Kind[][]}
 */
export function kindsOfLines(sources) {
  const files = sources.map((source, k) =>
    ts.createSourceFile(`${k}.ts`, source, ts.ScriptTarget.ES2022, true, ts.ScriptKind.TS),
  );
  /** Names that stand for plumbing: functions that show or format, figures, rows of a table. */
  const names = new Set(["console"]);
  const types = new Set();
  for (const file of files) for (const statement of file.statements) readImport(statement, names, types);

  /** @type {Set<ts.Node>} */
  let plumbing = new Set();
  // A helper may be declared after its first use, and options feed options: until nothing changes.
  for (let before = -1; before !== names.size + plumbing.size; ) {
    before = names.size + plumbing.size;
    plumbing = new Set();
    const judge = new Judge(names, types, plumbing);
    for (const file of files) judge.visit(file);
    for (const file of files)
      for (const name of labelsOnly(file, files, plumbing, (node) => judge.isProse(node))) names.add(name);
  }
  return files.map((file) => linesOf(file, plumbing));
}

/** @param {ts.Statement} statement @param {Set<string>} names @param {Set<string>} types */
function readImport(statement, names, types) {
  if (!ts.isImportDeclaration(statement) || !ts.isStringLiteral(statement.moduleSpecifier)) return;
  const bindings = statement.importClause?.namedBindings;
  if (!bindings || !ts.isNamedImports(bindings)) return;
  for (const { name } of bindings.elements) {
    if (statement.moduleSpecifier.text === SHOWING) types.add(name.text);
    if (statement.moduleSpecifier.text === SHOWING || PLUMBING_NAMES.test(name.text)) names.add(name.text);
  }
}

class Judge {
  /** @param {Set<string>} names @param {Set<string>} types @param {Set<ts.Node>} plumbing */
  constructor(names, types, plumbing) {
    this.names = names;
    this.types = types;
    this.plumbing = plumbing;
  }

  /** Collect every largest plumbing node. @param {ts.Node} node */
  visit(node) {
    if (this.isStatement(node) || this.isShown(node) || this.isProse(node)) {
      this.plumbing.add(node);
      return;
    }
    ts.forEachChild(node, (child) => this.visit(child));
  }

  /** @param {ts.Node} node @returns {boolean} */
  isStatement(node) {
    if (ts.isImportDeclaration(node) || ts.isThrowStatement(node)) return true;
    if (ts.isExpressionStatement(node)) return this.isShown(node.expression);
    if (ts.isReturnStatement(node))
      return (
        node.expression !== undefined && (this.isShown(node.expression) || this.isProse(node.expression))
      );
    if (ts.isIfStatement(node))
      return this.isBody(node.thenStatement) && (!node.elseStatement || this.isBody(node.elseStatement));
    if (ts.isForStatement(node) || ts.isForOfStatement(node) || ts.isForInStatement(node))
      return this.isBody(node.statement);
    if (ts.isFunctionDeclaration(node)) {
      const shows = node.body !== undefined && this.isBody(node.body);
      if (shows && node.name) this.names.add(node.name.text);
      return shows;
    }
    if (ts.isVariableStatement(node))
      return node.declarationList.declarations.every((declaration) => this.isDeclaration(declaration));
    // `title: "…"`, or `color: palette.blue`, on a line of its own.
    if (ts.isPropertyAssignment(node))
      return this.isShown(node.initializer) || this.isProse(node.initializer);
    return false;
  }

  /** @param {ts.Node} body @returns {boolean} */
  isBody(body) {
    if (!ts.isBlock(body)) return this.isStatement(body);
    return body.statements.length > 0 && body.statements.every((statement) => this.isStatement(statement));
  }

  /** @param {ts.VariableDeclaration} declaration */
  isDeclaration({ name, type, initializer }) {
    const typed = type !== undefined && [...identifiers(type)].some((id) => this.types.has(id.text));
    const labels = ts.isIdentifier(name) && this.names.has(name.text);
    const shown = initializer !== undefined && this.isShown(initializer);
    if (typed || shown || labels) {
      // What `loadReference()` hands over is TensorFlow.js: the code written with it is as much the idea as ours.
      if (initializer !== undefined && /\bloadReference\(/.test(initializer.getText())) return true;
      for (const id of identifiers(name)) this.names.add(id.text);
      return true;
    }
    return initializer !== undefined && this.isProse(initializer);
  }

  /** An expression that shows, tabulates, asserts or formats. @param {ts.Node} node @returns {boolean} */
  isShown(node) {
    if (ts.isCallExpression(node) || ts.isNewExpression(node)) {
      const { expression } = node;
      if (ts.isPropertyAccessExpression(expression)) {
        if (FORMATTING_METHODS.has(expression.name.text)) return true;
        if (this.isShown(expression.expression)) return true;
      }
      if (this.isShown(expression)) return true;
      const callback = node.arguments?.[0];
      if (callback && ts.isArrowFunction(callback)) return this.isShown(callback);
      // `Number(x.toFixed(3))` rounds for a table.
      if (ts.isIdentifier(expression) && expression.text === "Number" && callback)
        return this.isShown(callback);
      return false;
    }
    if (ts.isIdentifier(node)) return this.names.has(node.text) && !isNameOfProperty(node);
    if (ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node))
      return this.isShown(node.expression);
    if (
      ts.isAwaitExpression(node) ||
      ts.isParenthesizedExpression(node) ||
      ts.isAsExpression(node) ||
      ts.isSatisfiesExpression(node) ||
      ts.isSpreadElement(node) ||
      ts.isSpreadAssignment(node)
    )
      return this.isShown(node.expression);
    if (ts.isArrowFunction(node))
      return ts.isBlock(node.body)
        ? this.isBody(node.body)
        : this.isShown(node.body) || this.isProse(node.body);
    if (ts.isConditionalExpression(node))
      return [node.whenTrue, node.whenFalse].every((branch) => this.isShown(branch) || this.isProse(branch));
    if (ts.isTemplateExpression(node)) return true;
    if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken)
      return this.isProse(node.left) || this.isProse(node.right);
    return false;
  }

  /** Words, alone or in lists and objects of nothing else. @param {ts.Node} node @returns {boolean} */
  isProse(node) {
    if (ts.isStringLiteral(node))
      return !ts.isImportDeclaration(node.parent) && !ts.isLiteralTypeNode(node.parent) && !isCompared(node);
    if (ts.isNoSubstitutionTemplateLiteral(node) || ts.isTemplateExpression(node)) return true;
    if (ts.isAsExpression(node) || ts.isParenthesizedExpression(node)) return this.isProse(node.expression);
    const either = (/** @type {ts.Node} */ part) => this.isProse(part) || this.isShown(part);
    if (ts.isArrayLiteralExpression(node)) return node.elements.length > 0 && node.elements.every(either);
    if (ts.isObjectLiteralExpression(node))
      return (
        node.properties.length > 0 &&
        node.properties.every((property) =>
          ts.isPropertyAssignment(property)
            ? either(property.initializer)
            : ts.isShorthandPropertyAssignment(property)
              ? this.names.has(property.name.text)
              : ts.isSpreadAssignment(property) && this.isShown(property.expression),
        )
      );
    return false;
  }
}

/** @param {ts.Node} node @returns {Generator<ts.Identifier>} */
function* identifiers(node) {
  if (ts.isIdentifier(node)) yield node;
  const children = /** @type {ts.Node[]} */ ([]);
  ts.forEachChild(node, (child) => {
    children.push(child);
  });
  for (const child of children) yield* identifiers(child);
}

/** @param {ts.Identifier} node the `b` of `a.b` and of `{ b: 1 }` */
const isNameOfProperty = (node) =>
  (ts.isPropertyAccessExpression(node.parent) && node.parent.name === node) ||
  (ts.isPropertyAssignment(node.parent) && node.parent.name === node);

/** @param {ts.Node} node a word that decides something: `kind === "relu"` */
const isCompared = ({ parent }) =>
  ts.isCaseClause(parent) ||
  (ts.isBinaryExpression(parent) && parent.operatorToken.kind !== ts.SyntaxKind.PlusToken);

/**
 * Names at the top of a cell that stand for labelled objects and are used for nothing but showing: the options of a
 * figure, the frames of a film, the rows of a table.
 * @param {ts.SourceFile} file @param {ts.SourceFile[]} files @param {Set<ts.Node>} plumbing
 * @param {(node: ts.Node) => boolean} isProse
 */
function labelsOnly(file, files, plumbing, isProse) {
  return file.statements
    .filter(ts.isVariableStatement)
    .flatMap(({ declarationList }) => [...declarationList.declarations])
    .filter(({ name, initializer }) => {
      if (!ts.isIdentifier(name) || !initializer || !labelled(initializer, isProse)) return false;
      const uses = files
        .flatMap((other) => [...identifiers(other)])
        .filter((id) => id.text === name.text && id !== name && !isNameOfProperty(id));
      return uses.length > 0 && uses.every((use) => isInside(use, plumbing));
    })
    .map(({ name }) => /** @type {ts.Identifier} */ (name).text);
}

/** Whether an expression makes labelled objects: one, a list of them, or one for each of a list. @param {ts.Node} node @param {(node: ts.Node) => boolean} isProse @returns {boolean} */
function labelled(node, isProse) {
  if (ts.isParenthesizedExpression(node) || ts.isAsExpression(node))
    return labelled(node.expression, isProse);
  if (ts.isObjectLiteralExpression(node))
    return node.properties.some(
      (property) =>
        ts.isPropertyAssignment(property) &&
        ((ts.isIdentifier(property.name) && LABELS.has(property.name.text)) || isProse(property.initializer)),
    );
  if (ts.isArrayLiteralExpression(node))
    return node.elements.length > 0 && node.elements.every((element) => labelled(element, isProse));
  if (ts.isCallExpression(node)) {
    const callback = node.arguments.at(-1);
    return callback !== undefined && ts.isArrowFunction(callback) && labelled(callback.body, isProse);
  }
  if (ts.isBlock(node)) {
    const last = node.statements.at(-1);
    return (
      last !== undefined &&
      ts.isReturnStatement(last) &&
      last.expression !== undefined &&
      labelled(last.expression, isProse)
    );
  }
  return false;
}

/** @param {ts.Node} node @param {Set<ts.Node>} set */
function isInside(node, set) {
  for (let at = node; at; at = at.parent) if (set.has(at)) return true;
  return false;
}

/** @param {ts.SourceFile} file @param {Set<ts.Node>} plumbing @returns {Kind[]} */
function linesOf(file, plumbing) {
  /** @type {Kind[]} */
  const kinds = file.text.split("\n").map(() => "neither");
  const lineAt = (/** @type {number} */ position) => file.getLineAndCharacterOfPosition(position).line;
  const mark = (/** @type {ts.Node} */ node, /** @type {boolean} */ inside) => {
    const covered = inside || plumbing.has(node);
    const children = node.getChildren(file);
    for (const child of children) mark(child, covered);
    const bracket = node.kind >= ts.SyntaxKind.FirstPunctuation && node.kind <= ts.SyntaxKind.LastPunctuation;
    // Operators are thought; brackets, commas and arrows are not.
    if (children.length > 0 || (bracket && /^[()[\]{};,.]|^=>$/.test(node.getText(file)))) return;
    if (node.getStart(file) === node.end) return;
    for (let line = lineAt(node.getStart(file)); line <= lineAt(node.end); line++) {
      if (!covered) kinds[line] = "idea";
      else if (kinds[line] === "neither") kinds[line] = "plumbing";
    }
  };
  mark(file, false);
  return kinds;
}

/** Cells that a reader fills in: they call `todo` or a checker of the course. @param {string} source */
const isExercise = (source) => /\b(todo|check[A-Z]\w*)\(/.test(source);

/** @param {import("../cells.mjs").Notebook} notebook @returns {Count} */
export function countIdeas(notebook) {
  const cells = notebook.cells.filter((cell) => cell.cell_type === "code");
  const kinds = kindsOfLines(cells.map(sourceOf));
  const count = {
    idea: 0,
    plumbing: 0,
    lengths: /** @type {number[]} */ ([]),
    longest: { id: "", lines: 0 },
  };
  cells.forEach((cell, k) => {
    if (!isOpen(cell)) return;
    const lines = sourceOf(cell)
      .split("\n")
      .filter((line) => line.trim() !== "").length;
    if (lines > count.longest.lines) count.longest = { id: cell.id ?? "", lines };
    if (isExercise(sourceOf(cell))) return;
    count.lengths.push(lines);
    for (const kind of kinds[k]) if (kind !== "neither") count[kind]++;
  });
  return count;
}

/** @param {readonly number[]} values */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return (sorted[Math.floor(middle)] + sorted[Math.ceil(middle)]) / 2;
}
