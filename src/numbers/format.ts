/*
 * Numbers as people read them: a fixed count of decimals, so that columns line up; a real minus sign; and a power of
 * ten where the plain form would show only zeros, or digits without end.
 */
import { describe, requireWhole, ValueError } from "./errors";
import { type Matrix, requireMatrix } from "./matrix";
import { requireOptions, text, whole } from "./options";

/**
 * A number with `digits` decimals: "−0.0924". Scientific, "2.35e−7", where rounding would hide it or it has ten digits
 * before the point; "∞" and "NaN" as they are.
 * @param digits from 0 to 20
 * @param scientificDigits decimals of the scientific form, from 0 to 20; one fewer than `digits` when left out
 */
export function formatFixed(value: number, digits = 4, scientificDigits?: number): string {
  const decimals = requireDigits("digits", digits);
  const inScientific = requireDigits("scientificDigits", scientificDigits ?? Math.max(decimals - 1, 1));
  if (typeof value !== "number")
    throw new ValueError(`formatFixed: expected a number, got ${describe(value)}.`);
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  const text = value.toFixed(decimals);
  const hidden = value !== 0 && Number(text) === 0;
  const scientific = hidden || Math.abs(value) >= 1e9;
  return minus(scientific ? value.toExponential(inScientific) : text);
}

/** The shortest text that is exactly this number, with a real minus sign: "0.00001", "−0.00005". */
export function formatExact(value: number): string {
  if (typeof value !== "number")
    throw new ValueError(`formatExact: expected a number, got ${describe(value)}.`);
  return minus(Number.isFinite(value) ? String(value) : formatFixed(value));
}

/**
 * The rows of a matrix as lines, columns aligned.
 * @param options.digits decimals; 4 when left out
 * @param options.indent put before every line
 */
export function formatMatrix(
  matrix: Matrix,
  options: { readonly digits?: number; readonly indent?: string } = {},
): string {
  requireMatrix("formatMatrix", matrix);
  requireOptions<{ digits?: number; indent?: string }>("formatMatrix", options, {
    digits: whole(0, 20),
    indent: text,
  });
  const { digits, indent = "" } = options;
  const texts = matrix.toRows().map((row) => row.map((entry) => formatFixed(entry, digits)));
  const width = widest(texts.flat());
  const lines = texts.map((row) => row.map((text) => text.padStart(width)).join("   "));
  return lines.map((line) => `${indent}${line}`).join("\n");
}

/** Texts of numbers, padded on both sides so that their decimal points stand in one column. */
export function alignPoints(texts: readonly string[]): string[] {
  const parts = texts.map((text) => {
    const point = text.indexOf(".");
    return point < 0 ? [text, ""] : [text.slice(0, point), text.slice(point)];
  });
  const before = widest(parts.map(([whole]) => whole));
  const after = widest(parts.map(([, fraction]) => fraction));
  return parts.map(([whole, fraction]) => whole.padStart(before) + fraction.padEnd(after));
}

/** The length of the longest text; 0 for none. */
export function widest(texts: readonly string[]): number {
  return texts.reduce((most, text) => Math.max(most, text.length), 0);
}

function requireDigits(name: string, count: number): number {
  requireWhole("formatFixed", name, count, 0);
  if (count > 20) throw new ValueError(`formatFixed: expected at most 20 ${name}, got ${count}.`);
  return count;
}

function minus(text: string): string {
  return text.replaceAll("-", "−");
}
