/**
 * From a wrong answer to the mistake behind it, in plain words. Each diagnosis must hold in every case that went
 * wrong: a function that is twice too large once and right the next time is not "off by a factor of two".
 */

import type { Matrix } from "../index";
import { formatNumber } from "../notebook/table";
import { allFinite, close, factor, sameShape } from "./compare";

/** One quantity in one case: what it should be, what it was, and how many examples there were. */
export interface Sample {
  readonly expected: Matrix;
  readonly got: Matrix;
  readonly examples: number;
}

export type Kind =
  | "right"
  | "not written"
  | "throws"
  | "not a number"
  | "shape"
  | "transposed"
  | "sign"
  | "factor"
  | "offset"
  | "batch"
  | "known mistake"
  | "changes its argument"
  | "extreme"
  | "wrong";

export interface Finding {
  readonly kind: Kind;
  readonly message: string;
}

/** @param name what the quantity is called in the message: "dW" */
export function diagnose(name: string, samples: readonly Sample[], tolerance: number): Finding {
  const wrong = samples.filter(({ expected, got }) => !close(got, expected, tolerance));
  const first = wrong[0];
  const all = (test: (sample: Sample) => boolean) => wrong.every(test);
  const yours = `Your ${name}`;

  if (wrong.some(({ expected, got }) => allFinite(expected) && !allFinite(got))) {
    const bad = wrong.find(({ got }) => !allFinite(got)) ?? first;
    const what = bad.got.data.some(Number.isNaN) ? "NaN" : "∞";
    return {
      kind: "not a number",
      message: `${yours} contains ${what}, on ordinary numbers. Look for a division by zero, a logarithm of something that is not positive, or an entry that was never set.`,
    };
  }

  if (all(({ expected, got }) => !sameShape(expected, got) && close(got.transpose(), expected, tolerance))) {
    return {
      kind: "transposed",
      message: `${yours} has the right numbers, transposed: it is ${first.got.shape} and should be ${first.expected.shape}. Which of the factors wants a transpose, or has one too many?`,
    };
  }
  const odd = wrong.find(({ expected, got }) => !sameShape(expected, got));
  if (odd) return shapeFinding(yours, odd, wrong, tolerance);

  // Square matrices have one shape either way round.
  if (all(({ expected, got }) => close(got.transpose(), expected, tolerance))) {
    return {
      kind: "transposed",
      message: `${yours} has the right numbers, but rows and columns have changed places.`,
    };
  }

  const ratios = wrong.map(({ expected, got }) => factor(got, expected, tolerance));
  if (ratios.every((k): k is number => k !== undefined)) {
    const finding = factorFinding(yours, ratios, wrong);
    if (finding) return finding;
  }

  const offset = first.got.data[0] - first.expected.data[0];
  if (
    offset !== 0 &&
    all(({ expected, got }) =>
      close(
        got.map((x) => x - offset),
        expected,
        tolerance,
      ),
    )
  ) {
    return {
      kind: "offset",
      message: `${yours} is off by the same amount everywhere: each entry is ${formatNumber(Math.abs(offset))} too ${offset > 0 ? "large" : "small"}. Something is added that should not be, or forgotten.`,
    };
  }

  const single = samples.filter(({ examples }) => examples === 1);
  if (single.length > 0 && all(({ examples }) => examples > 1) && wrong.length < samples.length) {
    return {
      kind: "batch",
      message: `${yours} is right for one example and wrong for a batch of ${first.examples}. With one column, a sum over the examples, a mean, and the last column are all the same; here they are not. ${placeOfError(first, tolerance)}`,
    };
  }

  return { kind: "wrong", message: `${yours} is not right yet. ${placeOfError(first, tolerance)}` };
}

function shapeFinding(yours: string, odd: Sample, wrong: readonly Sample[], tolerance: number): Finding {
  const { expected, got, examples } = odd;
  const shapes = `${yours} is ${got.shape} and should be ${expected.shape}.`;
  const flat = wrong.filter((sample) => !sameShape(sample.expected, sample.got));
  const perExample = flat.every(
    (s) => s.expected.columns === 1 && s.got.columns === s.examples && s.got.rows === s.expected.rows,
  );
  if (perExample && examples > 1) {
    const summed = flat.every((s) => close(s.got.sumColumns(), s.expected, tolerance));
    return {
      kind: "shape",
      message: summed
        ? `${shapes} You have one column an example; summed over the examples they are exactly right. The same parameter served every example, so it collects from each.`
        : `${shapes} You have one column for each of the ${examples} examples; the parameter is shared by all of them, so their contributions belong together.`,
    };
  }
  return {
    kind: "shape",
    message: `${shapes} Write the shapes beside each factor: the inner ones must meet, the outer ones remain.`,
  };
}

function factorFinding(
  yours: string,
  ratios: readonly number[],
  wrong: readonly Sample[],
): Finding | undefined {
  const near = (a: number, b: number) => Math.abs(a - b) <= 1e-6 * Math.max(Math.abs(a), Math.abs(b));
  const every = (rule: (m: number) => number) => ratios.every((k, i) => near(k, rule(wrong[i].examples)));
  const batches = wrong.some(({ examples }) => examples > 1);
  const m = wrong.find(({ examples }) => examples > 1)?.examples ?? 1;

  if (every(() => -1)) {
    return {
      kind: "sign",
      message: `${yours} has every number right and every sign wrong. One minus is missing, or one too many.`,
    };
  }
  const opposite = ratios.every((k) => k < 0) ? " and points the wrong way" : "";
  const direction = opposite
    ? `${yours} has the right numbers up to a factor${opposite}`
    : `${yours} has the right direction`;
  if (batches && every((n) => (opposite ? -n : n))) {
    return {
      kind: "factor",
      message: `${direction}, and every entry is ${m} times too large; the batch has ${m} columns. The loss is a mean, so its gradient carries a 1/m. Where would it go?`,
    };
  }
  if (batches && every((n) => (opposite ? -1 : 1) / n)) {
    return {
      kind: "factor",
      message: `${direction}, and every entry is ${m} times too small; the batch has ${m} columns. A 1/m stands here that belongs elsewhere, or stands twice.`,
    };
  }
  const k = ratios[0];
  if (!ratios.every((ratio) => near(ratio, k))) return undefined;
  const size = Math.abs(k);
  const how =
    size > 1 ? `${formatNumber(size)} times too large` : `${formatNumber(1 / size)} times too small`;
  return {
    kind: "factor",
    message: `${direction}, and every entry is ${how}, in every case. Which constant is missing, or stands twice?`,
  };
}

/** Where to look: the first entry that differs, and how many do. */
function placeOfError({ expected, got }: Sample, tolerance: number): string {
  const scale = Math.max(...Array.from(expected.data, Math.abs), 1e-12);
  const differing = [...expected.data.keys()].filter(
    (i) => !(Math.abs(got.data[i] - expected.data[i]) <= tolerance * scale),
  );
  const i = differing[0] ?? 0;
  const numbers = `yours is ${formatNumber(got.data[i])}, and it should be ${formatNumber(expected.data[i])}`;
  if (expected.size === 1) return `On the first case that differs, ${numbers}.`;
  const where = `row ${Math.floor(i / expected.columns)}, column ${i % expected.columns}`;
  const count =
    differing.length === expected.size
      ? "No entry agrees"
      : `${expected.size - differing.length} of ${expected.size} entries agree`;
  return `${count}; the first that differs is ${where} (counted from 0): ${numbers}.`;
}
