/** Tables: numbers in columns that line up, as HTML for the page or as text for a trace. */

import { formatExact } from "../index";
import { screen } from "./kernel";
import { largest } from "./largest";
import { escapeHtml } from "./markup";
import {
  anything,
  type Check,
  flag,
  inside,
  listOf,
  type OptionTable,
  oneOf,
  requireOptions,
  text,
  whole,
} from "./options";
import { fixed } from "./rows";

/** What stands in a cell. Text from data is safe: it is escaped. */
export type Cell = string | number | boolean | null | undefined | ToneCell;

/** A cell with a meaning: good and bad are coloured and say so in words; strong is what the table is about. */
export interface ToneCell {
  readonly text: string | number;
  readonly tone: "good" | "bad" | "strong" | "quiet";
}

export interface Column {
  readonly label: string;
  /** Decimals for every number in the column; without it, up to six significant digits each. */
  readonly digits?: number;
  /** Numbers stand right and text left, unless this says otherwise. */
  readonly align?: "left" | "right" | "center";
}

export interface TableOptions {
  readonly columns: readonly (string | Column)[];
  readonly rows: readonly (readonly Cell[])[];
  /** A sentence above the table: what it shows. */
  readonly caption?: string;
  /** The first column names the rows: true when left out. */
  readonly rowNames?: boolean;
}

const TONE: OptionTable<ToneCell> = {
  text: (owner, what, value) => (typeof value === "number" ? anything : text)(owner, what, value),
  tone: oneOf("good", "bad", "strong", "quiet"),
};

const COLUMN: OptionTable<Column> = {
  label: text,
  digits: whole(0, 20),
  align: oneOf("left", "right", "center"),
};

const cell: Check = (owner, what, value) => {
  if (value === null || ["undefined", "string", "number", "boolean"].includes(typeof value)) return;
  inside(TONE, ["text", "tone"], "text, a number, true, false, or { text, tone }")(owner, what, value);
};

const column: Check = (owner, what, value) => {
  if (typeof value === "string") return;
  inside(COLUMN, ["label"], "a heading, or a column such as { label, digits }")(owner, what, value);
};

const OPTIONS: OptionTable<TableOptions> = {
  columns: listOf("columns", column, 1),
  rows: listOf("rows", listOf("cells", cell)),
  caption: text,
  rowNames: flag,
};

/** Shows a table. */
export function table(options: TableOptions): void {
  screen().show("text/html", markup("table", options));
}

/** The table as an HTML string. */
export function tableHtml(options: TableOptions): string {
  return markup("tableHtml", options);
}

function markup(owner: string, options: TableOptions): string {
  requireOptions(owner, options, OPTIONS, ["columns", "rows"]);
  const { columns, rows, caption, rowNames = true } = options;
  const heads = columns.map(asColumn);
  const aligns = heads.map((column, j) => column.align ?? (isNumeric(rows, j) ? "right" : "left"));
  const headRow = heads.map(
    // A corner without a word in it is a cell, not a heading.
    ({ label }, j) =>
      label === "" ? "<td></td>" : `<th scope="col" class="gb-${aligns[j]}">${escapeHtml(label)}</th>`,
  );
  const bodyRows = rows.map((row) => {
    const cells = heads.map((column, j) => {
      const text = escapeHtml(cellText(row[j], column));
      const tone = isTone(row[j]) ? ` gb-${row[j].tone}` : "";
      const tag = j === 0 && rowNames ? "th" : "td";
      return `<${tag}${tag === "th" ? ' scope="row"' : ""} class="gb-${aligns[j]}${tone}">${text}</${tag}>`;
    });
    return `<tr>${cells.join("")}</tr>`;
  });
  return [
    '<div class="gb-table"><table>',
    caption ? `<caption>${escapeHtml(caption)}</caption>` : "",
    `<thead><tr>${headRow.join("")}</tr></thead>`,
    `<tbody>${bodyRows.join("\n")}</tbody>`,
    "</table></div>",
  ].join("");
}

/** The table as aligned text, ready for `print`. */
export function textTable(options: TableOptions): string {
  requireOptions("textTable", options, OPTIONS, ["columns", "rows"]);
  const { columns, rows, caption } = options;
  const heads = columns.map(asColumn);
  const right = heads.map(
    (column, j) => (column.align ?? (isNumeric(rows, j) ? "right" : "left")) === "right",
  );
  const texts = [
    heads.map(({ label }) => label),
    ...rows.map((row) => heads.map((c, j) => cellText(row[j], c))),
  ];
  const widths = heads.map((_, j) => largest(texts.map((row) => [...row[j]].length)));
  const lines = texts.map((row) =>
    row
      .map((text, j) => pad(text, widths[j], right[j]))
      .join("   ")
      .trimEnd(),
  );
  return [...(caption ? [caption] : []), ...lines].join("\n");
}

/**
 * A number as a table shows it: a real minus sign, and a power of ten where the plain form would be unreadable.
 * @param digits decimals; without it, up to six significant digits and no trailing zeros
 */
export function formatNumber(value: number, digits?: number): string {
  if (digits !== undefined || !Number.isFinite(value)) return fixed(value, digits);
  const size = Math.abs(value);
  if (size >= 1e9 || (size > 0 && size < 1e-4)) return value.toExponential(2).replaceAll("-", "−");
  return formatExact(Number(value.toPrecision(6)));
}

function asColumn(column: string | Column): Column {
  return typeof column === "string" ? { label: column } : column;
}

function isTone(cell: Cell): cell is ToneCell {
  return typeof cell === "object" && cell !== null;
}

function content(cell: Cell): Exclude<Cell, ToneCell> {
  return isTone(cell) ? cell.text : cell;
}

function isNumeric(rows: TableOptions["rows"], j: number): boolean {
  const cells = rows.map((row) => content(row[j])).filter((cell) => cell !== undefined && cell !== null);
  return cells.length > 0 && cells.every((cell) => typeof cell === "number");
}

function cellText(cell: Cell, column: Column): string {
  const inner = content(cell);
  if (inner === undefined || inner === null) return "";
  if (typeof inner === "number") return formatNumber(inner, column.digits);
  if (typeof inner === "boolean") return inner ? "yes" : "no";
  return inner;
}

function pad(text: string, width: number, right: boolean): string {
  const space = " ".repeat(Math.max(0, width - [...text].length));
  return right ? space + text : text + space;
}
