import { type AnyLayer, type Parameter, Pass, parameter, type Statistic } from "../core/core";
import { DivergenceError, describe, ShapeError, ValueError } from "../numbers/errors";
import { Ids } from "../numbers/ids";
import { Matrix, requireFinite, requireMatrix, requireSameShape } from "../numbers/matrix";
import { type Columns, columnsOf, Ragged } from "../numbers/ragged";

/** What every forward pass checks first: a Matrix with at least one feature and one example, and a real pass. */
export function requireInput(owner: string, input: unknown, pass: unknown): asserts input is Matrix {
  requireMatrix(owner, input, "the input as a Matrix");
  if (input.size === 0) {
    throw new ShapeError(`${owner}: expected at least one feature and one example, got ${input.shape}.`);
  }
  requirePass(owner, pass);
}

/** The same for a network of layers: whatever its first layer may take. */
export function requireColumns(owner: string, input: unknown, pass: unknown): asserts input is Columns {
  const columns = input instanceof Ragged ? input.columns : input;
  if (!(columns instanceof Ids)) return requireInput(owner, columns, pass);
  if (columns.length === 0) throw new ShapeError(`${owner}: expected at least one id, got none.`);
  requirePass(owner, pass);
}

/** How many features and columns an input has, for the question how many come out; ids have no features. */
export function sizesOf(input: Columns): [rows: number | undefined, columns: number | undefined] {
  const columns = columnsOf(input);
  return columns instanceof Ids ? [undefined, columns.length] : [columns.rows, columns.columns];
}

export function requirePass(owner: string, pass: unknown): void {
  if (!(pass instanceof Pass)) {
    throw new ValueError(`${owner}: expected a Pass as second argument, got ${describe(pass)}.`);
  }
}

/** What a backward pass checks: slopes of the output's shape, none of them NaN or ∞. */
export function requireSlopes(owner: string, output: Matrix, dOutput: Matrix): void {
  requireSameShape(`${owner}, backward`, output, dOutput);
  requireFinite(`${owner}, backward`, "the gradient of the output", dOutput);
}

/** Throws unless `rows`, where known, is the expected number of features; `examples` is for the message. */
export function requireFeatures(
  owner: string,
  expected: number,
  rows: number | undefined,
  examples?: number,
): void {
  if (rows === expected || rows === undefined) return;
  const features = expected === 1 ? "feature (row)" : "features (rows)";
  const seen =
    examples === undefined
      ? ""
      : ` The input is ${rows} × ${examples}; did you pass examples as rows? Try Matrix.transpose.`;
  throw new ShapeError(`${owner}: expected ${expected} ${features}, got ${rows}.${seen}`);
}

/** Throws when a learned or remembered number is NaN or ∞, and says which. */
export function requireFiniteValues(owner: string, tensors: readonly Statistic[]): void {
  for (const { name, value } of tensors) requireFinite(owner, name, value);
}

/** Throws unless `value` has the two members that make a layer. */
export function requireLayer(owner: string, what: string, value: unknown): asserts value is AnyLayer {
  const layer = value as Partial<AnyLayer> | null | undefined;
  if (typeof layer?.forward === "function" && Array.isArray(layer.parameters)) return;
  throw new ValueError(
    `${owner}: expected ${what}, got ${describe(value)}. ` +
      "An activation function becomes a layer as new Activation(relu).",
  );
}

/** The name that the options give, or `fallback`. Throws for options that are no object and names that are no text. */
export function nameFrom(owner: string, options: unknown, fallback: string): string {
  if (typeof options !== "object" || options === null) {
    throw new ValueError(`${owner}: expected options such as { name: "hidden" }, got ${describe(options)}.`);
  }
  const { name = fallback } = options as { readonly name?: unknown };
  if (typeof name === "string") return name;
  throw new ValueError(`${owner}: expected the name to be text, got ${describe(name)}.`);
}

/** Throws unless `value` is a finite rows × columns matrix; returns a copy, which the caller cannot change. */
export function copyOf(owner: string, what: string, value: unknown, rows: number, columns: number): Matrix {
  requireMatrix(owner, value, `${what} as a Matrix`);
  if (value.rows !== rows || value.columns !== columns) {
    throw new ShapeError(`${owner}: expected ${what} of ${rows} × ${columns}, got ${value.shape}.`);
  }
  requireFinite(owner, what, value);
  return value.clone();
}

/**
 * A parameter of a layer. Of a Matrix it has a copy, which the caller cannot change. A Parameter it shares: one matrix,
 * to whose gradient both users add, and which is stepped, counted and saved once.
 */
export function ownOrShared(
  owner: string,
  name: string,
  what: string,
  given: Matrix | Parameter,
  [rows, columns]: readonly [rows: number, columns: number],
  options: { decays?: boolean } = {},
): Parameter {
  if (!isParameter(given)) return parameter(name, copyOf(owner, what, given, rows, columns), options);
  const { value, gradient } = given;
  if (value.rows !== rows || value.columns !== columns) {
    throw new ShapeError(`${owner}: expected ${what} of ${rows} × ${columns}, got ${value.shape} to share.`);
  }
  requireSameShape(`${owner}, the gradient of ${given.name}`, value, gradient);
  return given;
}

function isParameter(given: unknown): given is Parameter {
  const { value, gradient } = (given ?? {}) as Partial<Parameter>;
  return value instanceof Matrix && gradient instanceof Matrix;
}

/** The error for finite numbers whose result is not: they grew too large, as they do when training diverges. */
export function overflow(owner: string): DivergenceError {
  return new DivergenceError(
    `${owner}: the numbers overflowed, though everything that went in is finite. ` +
      "They have grown too large; try a smaller learning rate, or clip the gradients.",
  );
}
