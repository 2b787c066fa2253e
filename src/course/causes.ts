/** Which mistakes are proved: the exercise's own slips first, then those that any exercise may have. */

import { copyOf, type Run } from "./answers";
import { allFinite, close, type Part, type Parts, partsOf } from "./compare";
import type { Examination, Imitated, Slip, Undone } from "./slip";
import { provenCause } from "./undo";

/** A proved cause, and the parts of the answer that it explains. */
export interface Found {
  readonly keys: readonly string[];
  readonly slip: string;
  readonly words: string;
}

/** Causes that explain everything that is wrong, or else causes for single parts of the answer. */
export function causesOf<A extends readonly unknown[]>(
  exam: Examination<A>,
  readers: (...inputs: A) => unknown,
  runs: readonly Run<A>[],
  bad: readonly string[],
): readonly Found[] {
  const keys = [...runs[0].expected.keys()];
  const same = (got: Part, made: Part) => close(got.matrix, made.matrix, exam.allowance);
  const imitations = exam.slips.flatMap((slip) => {
    const imitated = imitation(slip, readers);
    if (!imitated) return [];
    const made = runs.map(({ tried }) => imitate(imitated, tried.inputs));
    // A number read off the answer that is none explains nothing: the answer is NaN, and so would be everything.
    return "fit" in slip && made.some(hasNoNumbers) ? [] : [{ slip: imitated, made }];
  });
  const matches = (made: readonly (Parts | undefined)[], key: string) =>
    runs.every(({ got, expected }, i) => {
      const parts = made[i];
      return parts !== undefined && same(partOf(got, key), parts.get(key) ?? partOf(expected, key));
    });
  const touches = (made: readonly (Parts | undefined)[], key: string) =>
    runs.some(({ expected }, i) => {
      const part = made[i]?.get(key);
      return part !== undefined && !same(part, partOf(expected, key));
    });

  const whole = imitations.find(({ made }) => keys.every((key) => matches(made, key)));
  if (whole) return [{ keys: bad, slip: whole.slip.name, words: whole.slip.words }];
  const undone = exam.slips.find((slip): slip is Undone<A> => "undo" in slip && mends(exam, runs, slip));
  if (undone) return [{ keys: bad, slip: undone.name, words: undone.words }];
  const exchanged = exchange(exam, runs, bad);
  if (exchanged) return [exchanged];

  return bad.flatMap((key): Found[] => {
    // A slip that touches several parts may speak of all of them: of one alone it proves nothing.
    const own = imitations.find(
      ({ slip, made }) =>
        matches(made, key) &&
        (slip.about === key || keys.every((other) => touches(made, other) === (other === key))),
    );
    if (own) return [{ keys: [key], slip: own.slip.name, words: own.slip.words }];
    const samples = runs.map(({ tried: { inputs }, got, expected }) => ({
      got: partOf(got, key),
      expected: partOf(expected, key),
      inputs,
      ...(exam.examples && { m: exam.examples(...inputs) }),
    }));
    const cause = provenCause(samples, exam.allowance, exam.given);
    return cause ? [{ keys: [key], slip: cause.slip, words: cause.words(subject(key)) }] : [];
  });
}

/** "Your answer", or "Your `dW`". */
export function subject(key: string): string {
  return key ? `Your \`${key}\`` : "Your answer";
}

export function partOf(parts: Parts, key: string): Part {
  return parts.get(key) as Part;
}

function imitation<A extends readonly unknown[]>(
  slip: Slip<A>,
  readers: (...inputs: A) => unknown,
): Imitated<A> | undefined {
  if ("gives" in slip) return slip;
  return "fit" in slip ? { name: slip.name, ...slip.fit(readers) } : undefined;
}

/** What the slip leads to; undefined where it cannot be made, and so was not made by the reader either. */
function imitate<A extends readonly unknown[]>(slip: Imitated<A>, inputs: A): Parts | undefined {
  try {
    return partsOf(slip.gives(...copyOf(inputs)));
  } catch {
    return undefined;
  }
}

function hasNoNumbers(parts: Parts | undefined): boolean {
  return parts === undefined || [...parts.values()].some(({ matrix }) => !allFinite(matrix));
}

/** True where the answer, undone, is right in every case. */
function mends<A extends readonly unknown[]>(
  exam: Examination<A>,
  runs: readonly Run<A>[],
  { undo }: Undone<A>,
): boolean {
  return runs.every(({ tried, got, expected }) => {
    try {
      const made = partsOf(undo(asReturned(got) as never, ...copyOf(tried.inputs)));
      return [...expected].every(([key, { matrix }]) => {
        const part = made?.get(key);
        return part !== undefined && close(part.matrix, matrix, exam.allowance);
      });
    } catch {
      return false;
    }
  });
}

function asReturned(parts: Parts): unknown {
  const value = ({ kind, matrix }: Part): unknown => {
    if (kind === "number") return matrix.at(0, 0);
    return kind === "list" ? Array.from(matrix.data) : matrix;
  };
  const single = parts.get("");
  return single ? value(single) : Object.fromEntries([...parts].map(([key, part]) => [key, value(part)]));
}

/** Two parts, each of which is the other's right answer. */
function exchange<A extends readonly unknown[]>(
  exam: Examination<A>,
  runs: readonly Run<A>[],
  [a, b, ...others]: readonly string[],
): Found | undefined {
  if (b === undefined || others.length > 0) return undefined;
  const is = ({ got, expected }: Run<A>, key: string, other: string) =>
    close(partOf(got, key).matrix, partOf(expected, other).matrix, exam.allowance);
  if (!runs.every((run) => is(run, a, b) && is(run, b, a))) return undefined;
  const words = `\`${a}\` and \`${b}\` have changed places: each is the other's right answer.`;
  return { keys: [a, b], slip: "exchanged", words };
}
