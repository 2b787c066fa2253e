/** Calling a reader's function in every case. What cannot be compared with the reference ends the examination here. */

import { Matrix } from "../index";
import { type Case, caseSize, caseText, smallest, whichCase } from "./case";
import { close, type Part, type Parts, partsOf } from "./compare";
import { describe, describePart, describeParts } from "./describe";
import type { Examination } from "./slip";
import { NotWrittenError } from "./todo";
import { type Kind, Verdict } from "./verdict";

/** One case, what came and what should have come. */
export interface Run<A extends readonly unknown[]> {
  readonly tried: Case<A>;
  readonly got: Parts;
  readonly expected: Parts;
}

/** What the function answers in every case. */
export function answersOf<A extends readonly unknown[]>(
  exam: Examination<A>,
  readers: (...inputs: A) => unknown,
): readonly Run<A>[] {
  const { name, given } = exam;
  const tries = exam.cases.map((tried) => ({ tried, ...attempt(readers, tried.inputs) }));
  const end = (kind: Kind, message: string, tried?: Case): never => {
    throw new Verdict({ kind, message, ...(tried && { shown: caseText(given, tried) }) });
  };

  const unwritten = tries.filter(({ error }) => error instanceof NotWrittenError);
  if (unwritten.length === tries.length) throw new Verdict(notWritten());
  if (unwritten.length > 0) {
    const { tried } = smallest(unwritten);
    end(
      "not written",
      `A part of \`${name}\` is not written yet: \`todo\` is reached ${whichCase(tried)}.`,
      tried,
    );
  }

  const failed = tries.filter(({ error }) => error !== undefined);
  if (failed.length > 0) {
    const { tried, error } = smallest(failed);
    const where = failed.length === tries.length ? "" : ` ${whichCase(tried)}`;
    end("throws", `\`${name}\` stopped with an error${where}:\n${messageOf(error)}`, tried);
  }

  const changed = tries.find(({ changes }) => changes >= 0);
  if (changed) {
    end(
      "changes its argument",
      `\`${name}\` writes into its argument \`${given[changed.changes] ?? changed.changes + 1}\`. Whoever called it still needs those numbers: work on a copy (\`clone\`), or make a new matrix.`,
    );
  }

  const empty = tries.filter(({ answer }) => answer === undefined);
  if (empty.length === tries.length) {
    end("returns nothing", `\`${name}\` returns nothing (\`undefined\`). Is a \`return\` missing?`);
  }
  if (empty.length > 0) {
    const { tried } = smallest(empty);
    const way = "One way through it ends without a `return`.";
    end("returns nothing", `\`${name}\` returns nothing (\`undefined\`) ${whichCase(tried)}. ${way}`, tried);
  }

  // The largest case first: what is of the wrong kind is told by the shape that says most.
  const runs = new Map<Case<A>, Run<A>>();
  for (const { tried, answer } of [...tries].sort((a, b) => caseSize(b.tried) - caseSize(a.tried))) {
    const expected = partsOf(exam.reference(...copyOf(tried.inputs)));
    if (!expected)
      throw new Error(`The exercise "${name}": its reference returns nothing that can be compared.`);
    runs.set(tried, { tried, expected, got: fitting(name, answer, expected) });
  }
  return tries.map(({ tried }) => runs.get(tried) as Run<A>);
}

export function notWritten(what = "Write the function in this cell, and run it again."): {
  readonly kind: Kind;
  readonly message: string;
} {
  return { kind: "not written", message: `Your turn: nothing is written here yet. ${what}` };
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The parts of an answer, where each is of the kind that was asked for. Shapes are not looked at. */
export function fitting(name: string, answer: unknown, expected: Parts): Parts {
  const wanted = describeParts(expected);
  const single = expected.get("");
  if (single) return new Map([["", fit(`\`${name}\` returns ${describe(answer)}`, answer, single)]]);
  if (typeof answer !== "object" || answer === null || answer instanceof Matrix || Array.isArray(answer)) {
    return wrongType(`\`${name}\` returns ${describe(answer)}; expected ${wanted}.`);
  }
  const values = answer as Record<string, unknown>;
  const missing = [...expected.keys()].filter((key) => values[key] === undefined);
  if (missing.length > 0) {
    const list = missing.map((key) => `\`${key}\``).join(" and ");
    const verb = missing.length > 1 ? "are" : "is";
    return wrongType(`${list} ${verb} missing: \`${name}\` returns ${describe(answer)}; expected ${wanted}.`);
  }
  return new Map(
    [...expected].map(([key, right]) => [
      key,
      fit(`\`${key}\` is ${describe(values[key])}`, values[key], right),
    ]),
  );
}

/** A list is no matrix, however many numbers it has: that is said before anybody speaks of shapes. */
function fit(what: string, value: unknown, expected: Part): Part {
  const got = partsOf(value)?.get("");
  if (got?.kind === expected.kind) return got;
  const oneNumber = got?.matrix.size === 1 && expected.matrix.size === 1;
  if (got && oneNumber && got.kind !== "list" && expected.kind !== "list") return got;
  return wrongType(`${what}; expected ${describePart(expected, value)}.`);
}

function wrongType(message: string): never {
  throw new Verdict({ kind: "type", message });
}

/** Calls the function with inputs of its own, so that whatever it does to them touches nobody else. */
export function attempt<A extends readonly unknown[]>(
  readers: (...inputs: A) => unknown,
  inputs: A,
): { readonly answer?: unknown; readonly error?: unknown; readonly changes: number } {
  const given = copyOf(inputs);
  try {
    const answer = readers(...given);
    return { answer, changes: given.findIndex((input, i) => !same(input, inputs[i])) };
  } catch (error) {
    return { error: error ?? new Error(String(error)), changes: -1 };
  }
}

export function copyOf<A extends readonly unknown[]>(inputs: A): A {
  const one = (input: unknown): unknown => {
    if (input instanceof Matrix) return input.clone();
    return Array.isArray(input) ? input.map(one) : input;
  };
  return inputs.map(one) as unknown as A;
}

function same(a: unknown, b: unknown): boolean {
  if (a instanceof Matrix && b instanceof Matrix) return close(a, b, { relative: 0, absolute: 0 });
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((entry, i) => same(entry, b[i]));
  }
  return Object.is(a, b);
}
