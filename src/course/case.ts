/** One case an answer is tried on, and how it is shown to the reader. */

import { formatMatrix, Matrix } from "../index";
import { formatNumber } from "../notebook/table";

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
export function writtenApart(a: Matrix, b: Matrix): readonly [string, string] {
  const [left, right] = [a.toRows(), b.toRows()];
  const visible = a.shape !== b.shape || left.some((row, i) => row.some((x, j) => seenApart(x, right[i][j])));
  if (visible) return [written(a), written(b)];
  const i = left.findIndex((row, k) => row.some((x, j) => !Object.is(x, right[k][j])));
  const j = left[i].findIndex((x, k) => !Object.is(x, right[i][k]));
  const where = a.size === 1 ? "" : ` in row ${i}, column ${j} (counted from 0)`;
  return [`${exact(left[i][j])}${where}`, `${exact(right[i][j])}${where}`];
}

/** Whether two numbers look different once they are written: with 4 decimals, or with 3 digits where they are tiny. */
function seenApart(x: number, y: number): boolean {
  if (Object.is(x, y)) return false;
  const [apart, size] = [Math.abs(x - y), Math.max(Math.abs(x), Math.abs(y))];
  return !(apart < 1e-2 * size && (apart < 1e-4 || apart < 1e-4 * size));
}

/** A value as text: matrices with their shape, where they are small enough to be read. */
export function written(value: unknown): string {
  if (typeof value === "number") return formatNumber(value);
  if (value instanceof Matrix) {
    if (value.size === 1) return formatNumber(value.at(0, 0));
    if (value.size > 24)
      return `${value.shape}, from ${formatNumber(Math.min(...value.data))} to ${formatNumber(Math.max(...value.data))}`;
    const whole = value.data.every(Number.isInteger);
    const tiny = value.data.some((entry) => entry !== 0 && Math.abs(entry) < 1e-3);
    const text = tiny ? aligned(value) : formatMatrix(value, { digits: whole ? 0 : 4 });
    return value.rows === 1 || value.columns > 1
      ? text
      : `${text
          .split("\n")
          .map((line) => line.trim())
          .join("   ")} (a column)`;
  }
  if (Array.isArray(value)) {
    const inner = value.map((entry) => (entry instanceof Matrix ? entry.shape : written(entry)));
    return `[${inner.join(", ")}]`;
  }
  if (typeof value === "string") return `"${value}"`;
  return String(value);
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
