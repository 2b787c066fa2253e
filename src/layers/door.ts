/*
 * The door of every layer, so that the files behind it hold the mathematics. A constructor's options come in through
 * `admit`, its first numbers through `own` and `ownOrShared`, an input through `enter` and the slopes of the way back
 * through the function that `leave` returns. Each comes in two widths: shapes alone, or every number looked at, too.
 */
import { type AnyLayer, type Parameter, Pass, parameter, type Statistic } from "../core/core";
import { inFiles, kindOf } from "../core/kind";
import { DivergenceError, describe, ShapeError, ValueError } from "../numbers/errors";
import { Ids } from "../numbers/ids";
import { Matrix, requireFinite, requireMatrix, requireSameShape } from "../numbers/matrix";
import { type OptionTable, requireOptions } from "../numbers/options";
import { type Columns, columnsOf, Ragged } from "../numbers/ragged";

/** Who complains: `Dense "hidden"`. */
export function ownerOf(layer: AnyLayer): string {
  return `${kindOf(layer)?.title ?? "Layer"} "${layer.name}"`;
}

/**
 * The options of a constructor. Throws for what is no object, a name that is no text, an option that the table does not
 * know, and a value that its check refuses.
 * @returns the layer's name
 */
export function admit<Options extends object>(
  title: string,
  options: Options,
  table: OptionTable<Options>,
  fallback = inFiles(title),
): string {
  const name = nameFrom(title, options, fallback);
  requireOptions(`${title} "${name}"`, options, table);
  return name;
}

/**
 * What every forward pass begins with: a Matrix with at least one feature and one example, as many features as the layer
 * takes, and a real pass.
 */
export function enter(layer: AnyLayer, input: unknown, pass: unknown): asserts input is Matrix {
  if (!(input instanceof Matrix && input.size > 0 && pass instanceof Pass)) {
    return requireInput(ownerOf(layer), input, pass);
  }
  layer.outputRows?.(input.rows, input.columns);
}

/** The same, and no NaN or ∞ in the input, nor in what the layer has learned and remembers. */
export function enterFinite(layer: AnyLayer, input: unknown, pass: unknown): asserts input is Matrix {
  enter(layer, input, pass);
  const owner = ownerOf(layer);
  const { engine } = pass as Pass;
  if (!engine.allFinite(input)) requireFinite(owner, "the input", input);
  requireFiniteValues(owner, layer.parameters);
  requireFiniteValues(owner, layer.statistics ?? []);
}

/** The same for a layer that takes ids: at least one, and each below `limit`. */
export function enterIds(
  layer: AnyLayer,
  input: unknown,
  limit: number,
  pass: unknown,
): asserts input is Ids {
  const owner = ownerOf(layer);
  if (!(input instanceof Ids)) {
    throw new ValueError(`${owner}: expected token ids, as new Ids([…]), got ${describe(input)}.`);
  }
  if (input.length === 0) throw new ShapeError(`${owner}: expected at least one token, got none.`);
  requirePass(owner, pass);
  const stray = input.data.findIndex((id) => id < 0 || id >= limit);
  if (stray >= 0) {
    throw new ValueError(
      `${owner}: expected ids from 0 to ${limit - 1}, got ${input.data[stray]} at token ${stray}.`,
    );
  }
  requireFiniteValues(owner, layer.parameters);
}

/**
 * What every forward pass ends with: its output, and a way back that belongs to this generation of the pass and takes
 * slopes of the output's shape.
 */
export function leave<Slope>(
  layer: AnyLayer,
  pass: Pass,
  output: Matrix,
  backward: (dOutput: Matrix) => Slope,
): readonly [output: Matrix, backward: (dOutput: Matrix) => Slope] {
  const guarded = pass.wayBack((dOutput: Matrix) => {
    if (!fits(dOutput, output)) requireSameShape(`${ownerOf(layer)}, backward`, output, dOutput);
    return backward(dOutput);
  });
  return [output, guarded];
}

/** The same, and none of the slopes is NaN or ∞. */
export function leaveFinite<Slope>(
  layer: AnyLayer,
  pass: Pass,
  output: Matrix,
  backward: (dOutput: Matrix) => Slope,
): readonly [output: Matrix, backward: (dOutput: Matrix) => Slope] {
  return leave(layer, pass, output, (dOutput) => {
    if (!pass.engine.allFinite(dOutput)) {
      requireFinite(`${ownerOf(layer)}, backward`, "the gradient of the output", dOutput);
    }
    return backward(dOutput);
  });
}

function fits(actual: unknown, expected: Matrix): boolean {
  return actual instanceof Matrix && actual.rows === expected.rows && actual.columns === expected.columns;
}

/** A Matrix with at least one feature and one example, and a real pass. */
function requireInput(owner: string, input: unknown, pass: unknown): asserts input is Matrix {
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

function requirePass(owner: string, pass: unknown): void {
  if (!(pass instanceof Pass)) {
    throw new ValueError(`${owner}: expected a Pass as second argument, got ${describe(pass)}.`);
  }
}

/** Throws unless `rows`, where known, is the expected number of features; `examples` is for the message. */
export function requireFeatures(
  layer: AnyLayer,
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
  throw new ShapeError(`${ownerOf(layer)}: expected ${expected} ${features}, got ${rows}.${seen}`);
}

/** Throws when a learned or remembered number is NaN or ∞, and says which. */
export function requireFiniteValues(owner: string, tensors: readonly Statistic[]): void {
  for (const { name, value } of tensors) requireFinite(owner, name, value);
}

/** The name that the options give, or `fallback`. Throws for options that are no object and names that are no text. */
function nameFrom(owner: string, options: unknown, fallback: string): string {
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

/** A parameter of a layer, with a copy of the given numbers, which the caller cannot change. */
export function own(
  layer: AnyLayer,
  name: string,
  given: Matrix,
  [rows, columns]: readonly [rows: number, columns: number],
  options: { decays?: boolean } = {},
): Parameter {
  return parameter(`${layer.name}.${name}`, copyOf(ownerOf(layer), name, given, rows, columns), options);
}

/**
 * The same, unless the given is another layer's Parameter: that is shared then, one matrix, to whose gradient both users
 * add, and which is stepped, counted and saved once.
 * @param shape in words, for messages: "outputs × inputs"
 */
export function ownOrShared(
  layer: AnyLayer,
  name: string,
  shape: string,
  given: Matrix | Parameter,
  [rows, columns]: readonly [rows: number, columns: number],
  options: { decays?: boolean } = {},
): Parameter {
  const owner = ownerOf(layer);
  const what = `${name} (${shape})`;
  if (!isParameter(given)) {
    return parameter(`${layer.name}.${name}`, copyOf(owner, what, given, rows, columns), options);
  }
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
export function overflow(layer: AnyLayer): DivergenceError {
  return new DivergenceError(
    `${ownerOf(layer)}: the numbers overflowed, though everything that went in is finite. ` +
      "They have grown too large; try a smaller learning rate, or clip the gradients.",
  );
}
