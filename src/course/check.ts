/**
 * Exercises: the reader writes a function, and the checker runs it against the reference on random cases and says,
 * in plain words, what is wrong. It never throws, so that a notebook with untouched stubs runs to its end.
 *
 *     const checkDense = checkMatrixFunction({
 *       name: "denseForward",
 *       arguments: ["W", "b", "X"],
 *       cases: (random, examples) => [random.randnMatrix(3, 2), random.randnMatrix(3, 1), random.randnMatrix(2, examples)],
 *       reference: (W, b, X) => W.times(X).plus(b),
 *     });
 *     checkDense(denseForward);        // the reader's
 */

import { Matrix, Random } from "../index";
import { screen } from "../notebook/kernel";
import { escapeHtml } from "../notebook/markup";
import { formatNumber } from "../notebook/table";
import { type Answer, allFinite, close, largestDifference, quantities } from "./compare";
import { diagnose, type Finding, type Sample } from "./diagnose";

/** Thrown by an exercise that nobody has written yet. */
export class NotWrittenError extends Error {}

/**
 * Stands in a stub for what the reader will write: `return todo("a column of ones and zeros")`. The checker
 * recognises it and says kindly that there is something to do.
 */
export function todo(what = ""): never {
  throw new NotWrittenError(what ? `Not written yet: ${what}` : "Not written yet.");
}

export interface MatrixExercise<A extends readonly unknown[], R extends Answer> {
  /** The function's name, as in the stub. */
  readonly name: string;
  /** The arguments for one random case with `examples` columns (or whatever a batch is here). */
  readonly cases: (random: Random, examples: number) => readonly [...A];
  /** The right answer. */
  readonly reference: (...inputs: A) => R;
  /** What a single result is called in messages: "dZ"; the function's name and "result" when left out. */
  readonly result?: string;
  /** Names of the arguments, for messages. */
  readonly arguments?: readonly string[];
  /** Batch sizes to try; 1 first, so that "right for one example" can be told. [1, 4, 3, 7, 5] when left out. */
  readonly examples?: readonly number[];
  /** Inputs at the edge, where a naive formula overflows; `name` ends the sentence "…for". */
  readonly extremes?: readonly { readonly name: string; readonly inputs: readonly [...A] }[];
  /** Mistakes worth a word of their own: what one gets by making them, and what to say then. */
  readonly mistakes?: readonly { readonly variant: (...inputs: A) => Answer; readonly message: string }[];
  /** Largest difference allowed, relative to the largest entry; 1e-9 when left out. */
  readonly tolerance?: number;
  /** What to say when it is right, after the numbers. */
  readonly praise?: string;
  /** Seed of the random cases. */
  readonly seed?: number;
}

/** A checker: shows its verdict. `examine` returns it instead, for tests. */
export interface Checker<F> {
  (readersFunction: F): void;
  examine(readersFunction: F): Finding;
}

/** Makes a checker for a function from matrices (or numbers, or lists) to one or several of them. */
export function checkMatrixFunction<A extends readonly unknown[], R extends Answer>(
  exercise: MatrixExercise<A, R>,
): Checker<(...inputs: A) => unknown> {
  const examine = (readersFunction: (...inputs: A) => unknown): Finding => {
    try {
      return examineFunction(exercise, readersFunction);
    } catch (error) {
      if (error instanceof Verdict) return error.finding;
      throw error;
    }
  };
  return checker(exercise.name, examine);
}

export interface NumberExercise {
  /** What is asked for, as it stands in the sentence: "the loss after one step". */
  readonly name: string;
  readonly answer: number;
  /** Largest difference allowed; 1e-6 of the answer when left out. */
  readonly tolerance?: number;
  /** What one gets by a known mistake; a tolerance of its own where it is of another size than the answer. */
  readonly mistakes?: readonly {
    readonly value: number;
    readonly tolerance?: number;
    readonly message: string;
  }[];
  readonly praise?: string;
}

/** Makes a checker for a number the reader works out or predicts. `undefined` and NaN mean: not tried yet. */
export function checkNumber(exercise: NumberExercise): Checker<number | undefined> {
  const { name, answer, mistakes = [], praise = "" } = exercise;
  const tolerance = exercise.tolerance ?? 1e-6 * Math.max(1e-6, Math.abs(answer));
  const near = (a: number, b: number) => Math.abs(a - b) <= tolerance;
  return checker(name, (value) => {
    if (value === undefined || value === null || Number.isNaN(value)) {
      return notWritten("Put your number in the place of `undefined`, and run this cell again.");
    }
    if (typeof value !== "number") return { kind: "not a number", message: `Expected a number for ${name}.` };
    if (near(value, answer))
      return { kind: "right", message: `Right: ${name} is ${formatNumber(answer)}. ${praise}`.trim() };
    const known = mistakes.find(
      (mistake) => Math.abs(value - mistake.value) <= (mistake.tolerance ?? tolerance),
    );
    if (known) return { kind: "known mistake", message: known.message };
    if (near(value, -answer)) return { kind: "sign", message: `The size is right, the sign is not.` };
    const side = value > answer ? "too large" : "too small";
    return { kind: "wrong", message: `Not yet: ${value} is ${side}.` };
  });
}

/** Carries a verdict out of the middle of an examination. */
class Verdict extends Error {
  constructor(readonly finding: Finding) {
    super(finding.message);
  }
}

export function checker<F>(name: string, examine: (readers: F) => Finding): Checker<F> {
  const show = (readers: F): void => screen().show("text/html", verdictHtml(name, examine(readers)));
  return Object.assign(show, { examine });
}

export function verdictHtml(name: string, { kind, message }: Finding): string {
  const [mark, look] =
    kind === "right" ? ["✓", "right"] : kind === "not written" ? ["○", "open"] : ["✗", "wrong"];
  const paragraphs = message.split("\n").map((line) => `<p>${escapeHtml(line)}</p>`);
  paragraphs[0] = `<p><strong>${mark} ${escapeHtml(name)}.</strong> ${escapeHtml(message.split("\n")[0])}</p>`;
  return `<div class="gb-verdict gb-verdict-${look}">${paragraphs.join("")}</div>`;
}

function notWritten(what = "Write the function in this cell, and run it again."): Finding {
  return { kind: "not written", message: `Your turn: nothing is written here yet. ${what}` };
}

function examineFunction<A extends readonly unknown[], R extends Answer>(
  exercise: MatrixExercise<A, R>,
  readers: (...inputs: A) => unknown,
): Finding {
  const { result = "result", tolerance = 1e-9, extremes = [], mistakes = [] } = exercise;
  if (typeof readers !== "function") return notWritten();
  const random = new Random(exercise.seed ?? 7);
  const batches = exercise.examples ?? [1, 4, 3, 7, 5];
  const runs = batches.map((examples) => {
    const inputs = exercise.cases(random, examples) as A;
    return { examples, inputs, ...runBoth(exercise, inputs, readers) };
  });

  const unfit = runs.find(({ got, expected }) => [...expected.keys()].some((key) => !got.has(key)));
  if (unfit)
    return { kind: "wrong", message: missing([...unfit.expected.keys()], [...unfit.got.keys()], result) };

  const agrees = (got: Map<string, Matrix>, expected: Map<string, Matrix>) =>
    [...expected].every(([key, matrix]) => close(got.get(key) as Matrix, matrix, tolerance));
  if (!runs.every(({ got, expected }) => agrees(got, expected))) {
    for (const { variant, message } of mistakes) {
      const same = runs.every(({ got, inputs }) => {
        const slip = attempt(() => quantities(variant(...copy(inputs))));
        return (
          slip !== undefined &&
          [...slip].every(([key, m]) => got.has(key) && close(got.get(key) as Matrix, m, tolerance))
        );
      });
      if (same) return { kind: "known mistake", message };
    }
    const keys = [...runs[0].expected.keys()];
    const bad = keys.filter((key) =>
      runs.some(
        ({ got, expected }) => !close(got.get(key) as Matrix, expected.get(key) as Matrix, tolerance),
      ),
    );
    const good = keys.filter((key) => !bad.includes(key));
    const findings = bad.map((key) =>
      diagnose(
        key || result,
        runs.map(
          ({ got, expected, examples }): Sample => ({
            got: got.get(key) as Matrix,
            expected: expected.get(key) as Matrix,
            examples,
          }),
        ),
        tolerance,
      ),
    );
    const praise =
      good.length > 0 ? [`${good.join(" and ")} ${good.length > 1 ? "are" : "is"} right already.`] : [];
    return {
      kind: findings[0].kind,
      message: [...findings.map(({ message }) => message), ...praise].join("\n"),
    };
  }

  for (const { name: where, inputs } of extremes) {
    const { got, expected } = runBoth(exercise, inputs as A, readers);
    if (!agrees(got, expected)) return extremeFinding(result, where, got, expected);
  }
  return { kind: "right", message: rightMessage(exercise, runs, extremes.length) };
}

interface Run {
  readonly expected: Map<string, Matrix>;
  readonly got: Map<string, Matrix>;
}

function runBoth<A extends readonly unknown[], R extends Answer>(
  exercise: MatrixExercise<A, R>,
  inputs: A,
  readers: (...inputs: A) => unknown,
): Run {
  const { name, result = "result" } = exercise;
  const expected = quantities(exercise.reference(...copy(inputs)));
  if (!expected)
    throw new Error(`checkMatrixFunction "${name}": the reference returns nothing that can be compared.`);
  const given = copy(inputs);
  let answer: unknown;
  try {
    answer = readers(...given);
  } catch (error) {
    if (error instanceof NotWrittenError) throw new Verdict(notWritten());
    const cases = inputs
      .map((input, i) => `${exercise.arguments?.[i] ?? `argument ${i + 1}`} ${describe(input)}`)
      .join(", ");
    const what = error instanceof Error ? error.message : String(error);
    throw new Verdict({ kind: "throws", message: `${name} stopped with an error, for ${cases}:\n${what}` });
  }
  if (answer === undefined || answer === null) throw new Verdict(notWritten());
  const got = quantities(answer);
  if (!got) {
    throw new Verdict({
      kind: "shape",
      message: `${name} returned ${describe(answer)}; expected ${kindOf(expected, result)}.`,
    });
  }
  const changed = given.findIndex((input, i) => input instanceof Matrix && !same(input, inputs[i] as Matrix));
  if (changed >= 0) {
    throw new Verdict({
      kind: "changes its argument",
      message: `${name} writes into its argument ${exercise.arguments?.[changed] ?? changed + 1}. Whoever called it still needs those numbers: work on a copy (clone) or make a new matrix.`,
    });
  }
  return { expected, got };
}

function extremeFinding(
  result: string,
  where: string,
  got: Map<string, Matrix>,
  expected: Map<string, Matrix>,
): Finding {
  const [key, matrix] =
    [...got].find(([name, m]) => !close(m, expected.get(name) as Matrix, 1e-9)) ?? [...got][0];
  const right = expected.get(key) as Matrix;
  const nan = !allFinite(matrix);
  const value = matrix.data.some(Number.isNaN) ? "NaN" : nan ? "∞" : "a wrong number";
  const cure = nan
    ? "The formula is right on paper; on a computer something in it overflows (exp of a large number is ∞, and ∞/∞ is NaN) or underflows to 0 before its logarithm. Rearrange it so that exp only ever sees numbers that are not positive."
    : `Expected ${right.size === 1 ? right.data[0] : "other values"} there.`;
  return {
    kind: "extreme",
    message: `${key || result} is right for ordinary numbers, and ${value} for ${where}. ${cure}`,
  };
}

function rightMessage<A extends readonly unknown[], R extends Answer>(
  exercise: MatrixExercise<A, R>,
  runs: readonly (Run & { examples: number })[],
  extremes: number,
): string {
  const differences = runs.flatMap(({ got, expected }) =>
    [...expected].map(([key, matrix]) => largestDifference(got.get(key) as Matrix, matrix)),
  );
  const sizes = runs.map(({ examples }) => examples);
  const most = Math.max(...differences);
  const precision =
    most === 0 ? "to the last bit" : most < 1e-12 ? "up to rounding" : `up to ${most.toExponential(0)}`;
  const range = Math.min(...sizes) === Math.max(...sizes) ? "" : " of different sizes";
  const edges =
    extremes === 0 ? "" : extremes === 1 ? ", and at the extreme" : `, and at ${extremes} extremes`;
  return `Right: it agrees with the reference ${precision} in ${runs.length} random cases${range}${edges}. ${exercise.praise ?? ""}`.trim();
}

function missing(wanted: readonly string[], got: readonly string[], result: string): string {
  const lacking = wanted.filter((key) => !got.includes(key)).map((key) => key || result);
  const list = wanted[0] === "" ? "one result" : `{ ${wanted.join(", ")} }`;
  return `${lacking.join(" and ")} ${lacking.length > 1 ? "are" : "is"} missing from what you return; expected ${list}.`;
}

function kindOf(expected: Map<string, Matrix>, result: string): string {
  const [[key, matrix]] = expected;
  if (key !== "") return `an object { ${[...expected.keys()].join(", ")} }`;
  return matrix.size === 1 ? "a number" : `${result}, a ${matrix.shape} matrix`;
}

function describe(value: unknown): string {
  if (value instanceof Matrix) return `(${value.shape})`;
  if (Array.isArray(value)) return `(list of ${value.length})`;
  if (typeof value === "number") return `= ${value}`;
  if (typeof value === "object") return "an object without numbers";
  return `a ${typeof value}`;
}

/** The reader's function gets matrices of its own: whatever it does to them, the next run is not affected. */
function copy<A extends readonly unknown[]>(inputs: A): A {
  return inputs.map((input) => (input instanceof Matrix ? input.clone() : input)) as unknown as A;
}

function same(a: Matrix, b: Matrix): boolean {
  return (
    a.rows === b.rows && a.columns === b.columns && a.data.every((entry, i) => Object.is(entry, b.data[i]))
  );
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
