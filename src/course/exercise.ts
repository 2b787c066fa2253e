/** An exercise whose answer is a function: `exercise`. How to write one: README.md beside this file. */

import { Random } from "../index";
import type { Case } from "./case";
import { type Checker, checker, type Hints } from "./checker";
import { examineFunction } from "./examine";
import type { Slip } from "./slip";

export interface FunctionExercise<A extends readonly unknown[]> {
  /** The function's name, as in the stub. */
  readonly name: string;
  /** The names of its arguments. */
  readonly given: readonly string[];
  /** The arguments of one random case with `m` examples (or whatever the sizes count here). */
  readonly drawn: (random: Random, m: number) => readonly [...A];
  /** Which m to draw; [1, 2, 4, 3, 7] when left out. */
  readonly sizes?: readonly number[];
  /** Cases worth naming: zeros, both signs, and a small one in plain numbers. The key stands behind "for". */
  readonly edges?: { readonly [what: string]: readonly [...A] };
  /** The same for inputs where a formula that is right on paper fails; they are spoken of last. */
  readonly extremes?: { readonly [what: string]: readonly [...A] };
  /** The right answer: a matrix, a number, a list, or several by name. */
  readonly reference: (...inputs: A) => unknown;
  readonly slips: readonly Slip<A>[];
  readonly hints: Hints;
  /** The number of examples among the arguments; where it is left out, nothing is said about 1/m. */
  readonly examples?: (...inputs: A) => number;
  /** Largest difference allowed, relative to the largest entry of a case: 1e-9 when left out. */
  readonly tolerance?: number;
  /** Differences below this are rounding, whatever the size: 1e-15 when left out. */
  readonly floor?: number;
  /** What to say when it is right. */
  readonly praise?: string;
}

/** Makes the checker of an exercise whose answer is a function. */
export function exercise<A extends readonly unknown[]>(
  asked: FunctionExercise<A>,
): Checker<(...inputs: A) => unknown> {
  const { name, given, slips, reference, hints } = asked;
  const exam = {
    name,
    given,
    slips,
    reference,
    cases: [...namedCases<A>(asked.edges), ...drawnCases(asked)],
    extremes: namedCases<A>(asked.extremes),
    allowance: { relative: asked.tolerance ?? 1e-9, absolute: asked.floor ?? 1e-15 },
    ...(asked.examples && { examples: asked.examples }),
    ...(asked.praise && { praise: asked.praise }),
  };
  const known = slips.map((slip) => ({
    name: slip.name,
    ...("gives" in slip && { answer: completed(slip.gives, reference) }),
  }));
  return checker(name, hints, known, (readers) => examineFunction(exam, readers));
}

function drawnCases<A extends readonly unknown[]>({
  sizes = [1, 2, 4, 3, 7],
  drawn,
}: FunctionExercise<A>): readonly Case<A>[] {
  const random = new Random(7);
  return sizes.map((m) => ({ inputs: drawn(random, m) as A }));
}

function namedCases<A extends readonly unknown[]>(
  cases: FunctionExercise<A>["edges"] = {},
): readonly Case<A>[] {
  return Object.entries(cases).map(([what, inputs]) => ({ what, inputs: inputs as A }));
}

/** What a slip gives, with the right parts where it names none. */
function completed<A extends readonly unknown[]>(
  gives: (...inputs: A) => unknown,
  reference: (...inputs: A) => unknown,
): (...inputs: A) => unknown {
  return (...inputs) => {
    const [made, right] = [gives(...inputs), reference(...inputs)];
    const named = (value: unknown) =>
      typeof value === "object" && value !== null && value.constructor === Object;
    return named(made) && named(right) ? Object.assign({}, right, made) : made;
  };
}
