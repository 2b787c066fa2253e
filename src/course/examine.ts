/**
 * Judging a reader's function. A cause is named only where it is proved on all cases; else the smallest case that
 * differs is shown, with what came and what was expected, and nothing is guessed.
 */

import { answersOf, attempt, copyOf, type Run } from "./answers";
import { caseText, smallest, whichCase, written, writtenApart } from "./case";
import { causesOf, partOf, subject } from "./causes";
import { allFinite, close, largestDifference, partsOf } from "./compare";
import { describe } from "./describe";
import type { Examination } from "./slip";
import { strayed } from "./stray";
import { type Finding, Verdict } from "./verdict";

/** The verdict on a function. It is the same whenever it is asked again. */
export function examineFunction<A extends readonly unknown[]>(
  exam: Examination<A>,
  readers: (...inputs: A) => unknown,
): Finding {
  const all = verdict({ ...exam, cases: [...exam.cases, ...exam.extremes] }, readers);
  if (all.kind === "right" || all.kind === "slip" || exam.extremes.length === 0) return all;
  // Two mistakes at once, one of which shows at the extremes alone: the other is spoken of first.
  const ordinary = verdict(exam, readers);
  if (ordinary.kind === "right") return all;
  if (ordinary.kind !== "slip") return ordinary;
  const extremes = exam.extremes.map(({ what }) => what).join("; ");
  return {
    ...ordinary,
    message: `${ordinary.message}\nSo much from the ordinary cases. Once they are right, these come next: ${extremes}.`,
  };
}

function verdict<A extends readonly unknown[]>(
  exam: Examination<A>,
  readers: (...inputs: A) => unknown,
): Finding {
  try {
    return judge(exam, readers);
  } catch (error) {
    if (error instanceof Verdict) return error.finding;
    throw error;
  }
}

function judge<A extends readonly unknown[]>(
  exam: Examination<A>,
  readers: (...inputs: A) => unknown,
): Finding {
  if (typeof readers !== "function") {
    return { kind: "type", message: `Expected the function \`${exam.name}\`, got ${describe(readers)}.` };
  }
  const runs = answersOf(exam, readers);
  const keys = [...runs[0].expected.keys()];
  const agrees = ({ got, expected }: Run<A>, key: string) =>
    close(partOf(got, key).matrix, partOf(expected, key).matrix, exam.allowance);
  const bad = keys.filter((key) => !runs.every((run) => agrees(run, key)));
  if (bad.length === 0) return right(exam, runs);
  requireSteady(
    exam,
    readers,
    runs.filter((run) => !bad.every((key) => agrees(run, key))),
  );

  const found = causesOf(exam, readers, runs, bad);
  const slips = found.map(({ slip }) => slip);
  const good = keys.filter((key) => !bad.includes(key));
  const lines = [...found.map(({ words }) => words), ...(good.length > 0 ? [rightAlready(good)] : [])];
  const open = bad.filter((key) => !found.some((cause) => cause.keys.includes(key)));
  if (open.length === 0) return { kind: "slip", slips, message: lines.join("\n") };

  const failing = runs.filter((run) => !open.every((key) => agrees(run, key)));
  const misshapen = failing.filter((run) => open.some((key) => shapesDiffer(run, key)));
  const failed = smallest(misshapen.length > 0 ? misshapen : failing);
  const key =
    open.find((name) => shapesDiffer(failed, name)) ?? open.find((name) => !agrees(failed, name)) ?? open[0];
  const { kind, message } =
    otherShape(failed, key) ??
    notANumber(readers, failed, key) ??
    differs(failed, key, runs.filter((run) => !agrees(run, key)).length, runs.length);
  const means = exam.answers ? `\n(${exam.answers}.)` : "";
  return {
    kind,
    slips,
    message: `${[...lines, message].join("\n")}${means}`,
    shown: shown(exam, failed, key),
  };
}

function differs<A extends readonly unknown[]>(
  { tried }: Run<A>,
  key: string,
  count: number,
  all: number,
): Finding {
  const what = tried.what ? `, ${tried.what}` : "";
  return {
    kind: "differs",
    message: `${subject(key)} differs from the right one in ${count} of ${all} cases. The smallest${what}:`,
  };
}

function shapesDiffer<A extends readonly unknown[]>({ got, expected }: Run<A>, key: string): boolean {
  return partOf(got, key).matrix.shape !== partOf(expected, key).matrix.shape;
}

function otherShape<A extends readonly unknown[]>(
  { tried, got, expected }: Run<A>,
  key: string,
): Finding | undefined {
  const [{ kind, matrix: is }, { matrix: should }] = [partOf(got, key), partOf(expected, key)];
  if (is.shape === should.shape) return undefined;
  const words =
    kind === "list"
      ? `has ${is.size} numbers and should have ${should.size}`
      : `is ${is.shape} and should be ${should.shape}`;
  return { kind: "shape", message: `${subject(key)} ${words}, ${whichCase(tried)}:` };
}

/** NaN and ∞: what was seen on the way there, and nothing that was not. */
function notANumber<A extends readonly unknown[]>(
  readers: (...inputs: A) => unknown,
  { tried, got, expected }: Run<A>,
  key: string,
): Finding | undefined {
  const [is, should] = [partOf(got, key).matrix, partOf(expected, key).matrix];
  if (allFinite(is) || !allFinite(should)) return undefined;
  const nan = is.data.some(Number.isNaN);
  const seen = strayed(() => readers(...copyOf(tried.inputs)));
  const usual = nan
    ? "NaN is what 0/0, ∞ − ∞, 0·∞ and arithmetic with `undefined` give."
    : "∞ is what a division by 0 gives, and what a number beyond 1.8e308 becomes.";
  return {
    kind: "not a number",
    message: `${subject(key)} ${is.size === 1 ? "is" : "contains"} ${nan ? "NaN" : "∞"} ${whichCase(tried)}. ${seen ? `On the way, ${seen}.` : usual}`,
  };
}

function shown<A extends readonly unknown[]>(
  exam: Examination<A>,
  { tried, got, expected }: Run<A>,
  key: string,
): string {
  const [came, wanted] = writtenApart(partOf(got, key), partOf(expected, key));
  return caseText(exam.given, tried, [
    [key ? `your ${key}` : "your answer", came],
    ["expected", wanted],
  ]);
}

function right<A extends readonly unknown[]>({ praise }: Examination<A>, runs: readonly Run<A>[]): Finding {
  const most = runs
    .flatMap(({ got, expected }) =>
      [...expected].map(([key, { matrix }]) => largestDifference(partOf(got, key).matrix, matrix)),
    )
    .reduce((a, b) => Math.max(a, b));
  const precision =
    most === 0
      ? "to the last bit"
      : most < 1e-12
        ? "up to rounding"
        : `to within ${written(Number(most.toPrecision(1)))}`;
  return {
    kind: "right",
    message:
      `Right: it agrees with the reference ${precision} in all ${runs.length} cases. ${praise ?? ""}`.trim(),
  };
}

function rightAlready(good: readonly string[]): string {
  return `${good.map((key) => `\`${key}\``).join(" and ")} ${good.length > 1 ? "are" : "is"} right already.`;
}

/** Asked the same again, an answer must be the same: else no case proves anything. */
function requireSteady<A extends readonly unknown[]>(
  { name }: Examination<A>,
  readers: (...inputs: A) => unknown,
  wrong: readonly Run<A>[],
): void {
  const steady = wrong.every(({ tried, got }) => {
    const again = partsOf(attempt(readers, tried.inputs).answer);
    return [...got].every(([key, { matrix }]) => {
      const second = again?.get(key);
      return second !== undefined && close(second.matrix, matrix, { relative: 0, absolute: 0 });
    });
  });
  if (steady) return;
  throw new Verdict({
    kind: "unsteady",
    message: `\`${name}\`, asked the same twice, answers differently: it keeps something from one call to the next, or draws at random.`,
  });
}
