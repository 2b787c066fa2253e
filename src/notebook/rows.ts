/**
 * A trace as text: what was computed, the numbers in columns that line up, and what they mean. One string, so that
 * a whole derivation is one output.
 *
 *     layer 1   Z1 = W1·X + b1     (2×2)·(2×1) + (2×1) → (2×1)
 *               W1·X               0.2100   0.4700
 *               A1 = ReLU(Z1)      0.3100   0.6700      nothing was negative, so ReLU changed nothing
 */

import { formatFixed, type Matrix } from "../index";
import { largest } from "./largest";

/** Section (empty to go on with the one above), name, numbers or a note in their place, and a remark. */
export type TraceRow = readonly [
  section: string,
  name: string,
  value?: Matrix | readonly number[] | number | string,
  remark?: string,
];

/**
 * @param digits decimals shown of each number
 * @returns the rows, aligned. A vector stands on one line, whichever way it lies; a matrix keeps its rows.
 */
export function rows(entries: readonly TraceRow[], digits = 4): string {
  const lines = entries.flatMap((entry) => expand(entry, digits));
  const sectionWidth = largest(lines.map(({ section }) => section.length));
  const nameWidth = largest(lines.map(({ name }) => name.length));
  const numberWidth = largest(
    lines.flatMap(({ numbers }) => numbers.map((text) => text.length)),
    0,
  );
  const body = ({ numbers, note }: Line): string =>
    note || numbers.map((text) => text.padStart(numberWidth)).join("   ");
  const bodyWidth = largest(
    lines.filter(({ note }) => note === "").map((line) => body(line).length),
    0,
  );
  return lines
    .map((line) => {
      const indent = sectionWidth === 0 ? "" : `${line.section.padEnd(sectionWidth)}   `;
      return `${indent}${line.name.padEnd(nameWidth)}   ${body(line).padEnd(bodyWidth)}   ${line.remark}`.trimEnd();
    })
    .join("\n");
}

/** A number with a fixed count of decimals: {@link formatFixed}, with three digits where it must be scientific. */
export function fixed(value: number, digits = 4): string {
  return formatFixed(value, digits, 2);
}

interface Line {
  section: string;
  name: string;
  numbers: readonly string[];
  note: string;
  remark: string;
}

function expand([section, name, value, remark = ""]: TraceRow, digits: number): Line[] {
  if (value === undefined || typeof value === "string") {
    return [{ section, name, numbers: [], note: value ?? "", remark }];
  }
  const table = numbersOf(value).map((row) => row.map((entry) => fixed(entry, digits)));
  return table.map((numbers, i) => ({
    section: i === 0 ? section : "",
    name: i === 0 ? name : "",
    numbers,
    note: "",
    remark: i === table.length - 1 ? remark : "",
  }));
}

function numbersOf(value: Matrix | readonly number[] | number): readonly (readonly number[])[] {
  if (typeof value === "number") return [[value]];
  if (!("rows" in value)) return [value];
  return value.columns === 1 ? [value.toRows().flat()] : value.toRows();
}
