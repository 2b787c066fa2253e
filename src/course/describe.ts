/** What something is, in words: for whoever returned one thing where another was asked for. */

import { Matrix } from "../index";
import { written } from "./case";
import type { Part, Parts } from "./compare";

/** As the end of "it returns …". */
export function describe(value: unknown): string {
  if (value === null) return "`null`";
  if (value === undefined) return "nothing (`undefined`)";
  if (value instanceof Matrix) return `a Matrix, ${value.shape}`;
  if (value instanceof Promise) return "a Promise (is the function `async`?)";
  if (Array.isArray(value) || ArrayBuffer.isView(value))
    return describeList(Array.from(value as ArrayLike<unknown>));
  if (typeof value === "number") return `the number ${written(value)}`;
  if (typeof value === "string") return `a text, "${value}"`;
  if (typeof value === "function") return "a function";
  if (typeof value !== "object") return `\`${String(value)}\``;
  const keys = Object.keys(value);
  return keys.length > 0 ? `an object \`{ ${keys.join(", ")} }\`` : "an empty object";
}

function describeList(list: readonly unknown[]): string {
  if (list.length === 0) return "an empty list";
  if (list.some((entry) => Array.isArray(entry)))
    return `a list of ${list.length} list${list.length === 1 ? "" : "s"}`;
  const odd = list.findIndex((entry) => typeof entry !== "number");
  return odd < 0
    ? `a plain list of ${list.length} number${list.length === 1 ? "" : "s"}`
    : `a list with ${describe(list[odd])} in it`;
}

/** What was asked for: "a Matrix, 2 × 3", "an object { w, b }". */
export function describeParts(expected: Parts, given?: unknown): string {
  const single = expected.get("");
  if (single) return describePart(single, given);
  return `an object \`{ ${[...expected.keys()].join(", ")} }\``;
}

/** @param given what came in its place: whoever has a list is told how to make a matrix of it */
export function describePart({ kind, matrix }: Part, given?: unknown): string {
  if (kind === "number") return "a number";
  if (kind === "list") return `a list of ${matrix.size} numbers`;
  const maker = matrix.rows === 1 ? "row" : matrix.columns === 1 ? "column" : undefined;
  const how = maker && Array.isArray(given) ? ` (\`Matrix.${maker}\` makes one of a list)` : "";
  return `a Matrix, ${matrix.shape}${how}`;
}
