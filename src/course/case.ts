/** One case an answer is tried on, and how it is shown to the reader. */

import { formatMatrix, Matrix } from "../index";
import { formatNumber } from "../notebook/table";
import { largestEntry, type Part } from "./compare";

export interface Case<A extends readonly unknown[] = readonly unknown[]> {
  readonly inputs: A;
  /** What is special about it, to stand behind "for": "a feature that never changes". */
  readonly what?: string;
}

/** How many numbers there are to look at. */
export function caseSize({ inputs }: Case): number {
  return inputs.reduce<number>((sum, input) => sum + numbersIn(input), 0);
}

/** The smallest of them; the first where several are. */
export function smallest<T extends { readonly tried: Case }>(runs: readonly T[]): T {
  return runs.reduce((best, run) => (caseSize(run.tried) < caseSize(best.tried) ? run : best));
}

/** "for a feature that never changes", "in one case". */
export function whichCase({ what }: Case): string {
  return what ? `for ${what}` : "in the case below";
}

/** The inputs by name, then whatever lines follow, aligned. */
export function caseText(
  names: readonly string[],
  { inputs }: Case,
  more: readonly (readonly [name: string, value: string])[] = [],
): string {
  const lines = [
    ...inputs.map((input, i) => [names[i] ?? `argument ${i + 1}`, written(input)] as const),
    ...more,
  ];
  const width = Math.max(...lines.map(([name]) => name.length)) + 3;
  return lines
    .map(([name, value]) => {
      const [first, ...rest] = value.split("\n");
      return [name.padEnd(width) + first, ...rest.map((line) => " ".repeat(width) + line)].join("\n");
    })
    .join("\n");
}

/** Two answers that differ, with as many digits as it takes to see it. */
export function writtenApart(a: Part, b: Part): readonly [string, string] {
  const [left, right] = [a.matrix.toRows(), b.matrix.toRows()];
  const shapes = a.matrix.shape !== b.matrix.shape;
  if (shapes || left.some((row, i) => row.some((x, j) => seenApart(x, right[i][j])))) {
    return [writtenPart(a), writtenPart(b)];
  }
  const i = left.findIndex((row, k) => row.some((x, j) => !Object.is(x, right[k][j])));
  const j = left[i].findIndex((x, k) => !Object.is(x, right[i][k]));
  const where = a.matrix.size === 1 ? "" : ` in row ${i}, column ${j} (counted from 0)`;
  return [`${exact(left[i][j])}${where}`, `${exact(right[i][j])}${where}`];
}

function writtenPart({ kind, matrix }: Part): string {
  return written(kind === "list" ? matrix.toRows().flat() : matrix);
}

/** Whether two numbers look different once they are written: with 4 decimals, or with 3 digits where they are tiny. */
function seenApart(x: number, y: number): boolean {
  if (Object.is(x, y)) return false;
  const [apart, size] = [Math.abs(x - y), Math.max(Math.abs(x), Math.abs(y))];
  return !(apart < 1e-2 * size && (apart < 1e-4 || apart < 1e-4 * size));
}

/** A value as text: matrices entry by entry, where they are small enough to be read. */
export function written(value: unknown): string {
  if (typeof value === "number") return formatNumber(value);
  if (typeof value === "string") return `"${value}"`;
  if (value instanceof Matrix) return writtenMatrix(value);
  if (!Array.isArray(value)) return String(value);
  const entries = value.map((entry) =>
    entry instanceof Matrix && entry.size > 1 ? entry.shape : written(entry),
  );
  return `[${entries.join(", ")}]`;
}

function writtenMatrix(matrix: Matrix): string {
  if (matrix.size === 1) return formatNumber(matrix.at(0, 0));
  const entries = matrix.toRows().flat();
  if (matrix.size > 24) {
    // Not Math.min(...entries): so many arguments would overflow the stack.
    const low = entries.reduce((least, entry) => Math.min(least, entry));
    const high = entries.reduce((most, entry) => Math.max(most, entry));
    return `${matrix.shape}, from ${formatNumber(low)} to ${formatNumber(high)}`;
  }
  // Beside large numbers, what is left of a difference that should be 0 is 0.
  const dust = 1e-14 * largestEntry(matrix);
  const clean = matrix.map((entry) => (Math.abs(entry) < dust ? 0 : entry));
  const tiny = entries.some((entry) => Math.abs(entry) >= dust && entry !== 0 && Math.abs(entry) < 1e-3);
  const lines = tiny
    ? aligned(clean)
    : formatMatrix(clean, { digits: entries.every(Number.isInteger) ? 0 : 4 });
  if (matrix.columns > 1) return lines;
  const column = lines.split("\n").map((line) => line.trim());
  return `${column.join("   ")} (a column)`;
}

function aligned(matrix: Matrix): string {
  return matrix
    .toRows()
    .map((row) => row.map((entry) => formatNumber(entry).padStart(9)).join("  "))
    .join("\n");
}

function exact(value: number): string {
  return String(value).replaceAll("-", "−");
}

function numbersIn(value: unknown): number {
  if (value instanceof Matrix) return value.size;
  return Array.isArray(value) ? value.reduce<number>((sum, entry) => sum + numbersIn(entry), 0) : 1;
}
