// Where an error happened, in the reader's terms: the line of the cell as written, not as compiled, and files by their
// names, without the folders of the machine.
const { SourceMap } = require("node:module");
const { basename, isAbsolute, relative } = require("node:path");
const { fileURLToPath } = require("node:url");
const vm = require("node:vm");
const { maps } = require("./compiler.cjs");
const { tslabFolder } = require("./tslab.cjs");

/** tslab puts this line before every cell that it compiles. */
const LINES_BEFORE = 1;

/** @typedef {{ line: number, column: number }} Position from 1 */

/** By the name of a cell's script: where a position in it lies in the cell. @type {Map<string, (position: Position) => Position | undefined>} */
const cells = new Map();
let count = 0;

const { runInThisContext } = vm;
/** @param {string} code @param {any} options */
vm.runInThisContext = (code, options) => {
  const wrapper = /^\((?:async )?function\(exports, require\) \{ /.exec(code);
  if (!wrapper || !options?.breakOnSigint) return runInThisContext(code, options);
  const name = `cell ${number()}`;
  cells.set(name, inCell(wrapper[0].length, JSON.parse(maps.toModern), JSON.parse(maps.toCommon)));
  // Node would put the compiled line above the error.
  return runInThisContext(code, { ...options, filename: name, displayErrors: false });
};

/** The number of the cell that is compiled now: cells.cjs knows the kernel's count. */
let number = () => ++count;

/**
 * Two maps in a row, behind a first line that was indented by the wrapper.
 * @param {number} indent @param {any} toModern @param {any} toCommon
 * @returns {(position: Position) => Position | undefined}
 */
function inCell(indent, toModern, toCommon) {
  /** @type {{ common: SourceMap, modern: SourceMap } | undefined} */
  let read;
  return ({ line, column }) => {
    read ??= { common: new SourceMap(toCommon), modern: new SourceMap(toModern) };
    const modern = read.common.findEntry(line - 1, column - 1 - (line === 1 ? indent : 0));
    if (!("originalLine" in modern)) return undefined;
    const own = read.modern.findEntry(modern.originalLine, modern.originalColumn);
    if (!("originalLine" in own)) return undefined;
    return { line: own.originalLine + 1 - LINES_BEFORE, column: own.originalColumn + 1 };
  };
}

/**
 * A frame as text, or undefined for one of the kernel's own.
 * @param {NodeJS.CallSite} site @param {number} index @param {NodeJS.CallSite[]} sites
 */
function frame(site, index, sites) {
  const text = String(site);
  const place = site.getFileName();
  if (!place) return text;
  if (place.startsWith("node:")) return undefined;
  const file = place.startsWith("file:") ? fileURLToPath(place) : place;
  const at = { line: site.getLineNumber() ?? 0, column: site.getColumnNumber() ?? 0 };
  const own = cells.get(file);
  if (own) {
    // The call of the function that the cell was wrapped in.
    if (sites[index + 1]?.getFileName() === "node:vm") return undefined;
    const { line, column } = own(at) ?? at;
    return nameless(text).replace(`${file}:${at.line}:${at.column}`, `${file}:${line}:${column}`);
  }
  if (!isAbsolute(file)) return text;
  if (file.startsWith(tslabFolder) || file.startsWith(__dirname)) return undefined;
  return text.replace(place, shown(file));
}

/** Without the names that tslab has brought in: the function that a cell became, the object of its variables. @param {string} text */
function nameless(text) {
  const match = /^(?:async )?(?:Object\.)?<anonymous> \((cell .*)\)$/.exec(text);
  return match?.[1] ?? text.replace(/^(async )?Proxy\./, "$1");
}

/** A file as a reader may see it. @param {string} file */
function shown(file) {
  const inPackages = file.split(/[\\/]node_modules[\\/]/);
  if (inPackages.length > 1) return inPackages[inPackages.length - 1];
  const fromNotebook = relative(process.cwd(), file);
  if (!fromNotebook.startsWith("..") && !isAbsolute(fromNotebook)) return fromNotebook;
  const dist = /[\\/](dist[\\/].*)$/.exec(file);
  return file.startsWith(root) && dist ? `glassbox/${dist[1]}` : basename(file);
}
const root = require("node:path").dirname(require("node:path").dirname(__dirname));

/** @param {unknown} error */
function title(error) {
  try {
    return Error.prototype.toString.call(error);
  } catch {
    return "Error";
  }
}

Error.prepareStackTrace = (error, sites) =>
  [
    title(error),
    ...sites
      .map(frame)
      .filter((text) => text !== undefined)
      .map((text) => `    at ${text}`),
  ].join("\n");

module.exports = {
  /** @param {() => number} counter */
  numberCellsBy(counter) {
    number = counter;
  },
};
