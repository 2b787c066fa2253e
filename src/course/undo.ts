/**
 * Causes that any exercise may have, each proved by undoing it: the sign is "the" mistake only if turning it makes the
 * reader's own answer equal the reference in every case. What is said is what was proved, and no more.
 */

import type { Matrix } from "../index";
import { formatNumber } from "../notebook/table";
import { type Allowance, close, type Part, partOf } from "./compare";

/** One part of the answer in one case. */
export interface Sample {
  readonly got: Part;
  readonly expected: Part;
  readonly inputs: readonly unknown[];
  /** The number of examples, where the exercise has any. */
  readonly m?: number;
}

export interface Cause {
  readonly slip: string;
  /** @param yours the subject of the sentence, singular: "Your dW" */
  readonly words: (yours: string) => string;
}

type Attempt = (
  samples: readonly Sample[],
  allowance: Allowance,
  given: readonly string[],
) => Cause | undefined;

/** The first cause of the list below that can be proved. */
export function provenCause(
  samples: readonly Sample[],
  allowance: Allowance,
  given: readonly string[],
): Cause | undefined {
  for (const attempt of ATTEMPTS) {
    const cause = attempt(samples, allowance, given);
    if (cause) return cause;
  }
  return undefined;
}

type Undo = (got: Matrix, sample: Sample) => Matrix | undefined;

/** True where undoing makes the answer right in every case. */
function mended(samples: readonly Sample[], allowance: Allowance, undo: Undo): boolean {
  return samples.every((sample) => {
    const right = undo(sample.got.matrix, sample);
    return right !== undefined && close(right, sample.expected.matrix, allowance);
  });
}

function fixed(slip: string, words: (yours: string) => string, undo: Undo): Attempt {
  return (samples, allowance) => (mended(samples, allowance, undo) ? { slip, words } : undefined);
}

/** The first case whose shapes differ, or else the first. */
function telling(samples: readonly Sample[]): Sample {
  return samples.find(({ got, expected }) => got.matrix.shape !== expected.matrix.shape) ?? samples[0];
}

const unchanged: Attempt = (samples, allowance, given) => {
  const k = samples[0].inputs.findIndex((_, i) =>
    samples.every(({ got, inputs }) => {
      const input = partOf(inputs[i]);
      return input !== undefined && close(got.matrix, input.matrix, allowance);
    }),
  );
  const input = `\`${given[k] ?? k + 1}\``;
  return k < 0
    ? undefined
    : { slip: "unchanged", words: (yours) => `${yours} is ${input} as it came in, unchanged.` };
};

const constant: Attempt = (samples, allowance) => {
  const first = samples[0].got.matrix;
  const always = (sample: Sample) =>
    sample.got.matrix.data.every((entry) => Number.isFinite(entry) && entry === first.data[0]);
  if (samples.length < 3 || !samples.every(always)) return undefined;
  if (mended(samples, allowance, (got) => got)) return undefined;
  const value = formatNumber(first.data[0]);
  return { slip: "constant", words: (yours) => `${yours} is ${value} in every case, whatever comes in.` };
};

const transposed: Attempt = (samples, allowance) => {
  if (!mended(samples, allowance, (got) => got.transpose())) return undefined;
  const { got, expected } = telling(samples);
  const shapes =
    got.matrix.shape === expected.matrix.shape
      ? ""
      : `: it is ${got.matrix.shape} and should be ${expected.matrix.shape}`;
  return {
    slip: "transposed",
    words: (yours) =>
      `${yours} has the right numbers with rows and columns exchanged${shapes}. Transposed, it is right.`,
  };
};

const perExample: Attempt = (samples, allowance) => {
  if (!mended(samples, allowance, (got) => got.sumColumns())) return undefined;
  const { got, expected } = telling(samples);
  return {
    slip: "not summed",
    words: (yours) =>
      `${yours} is ${got.matrix.shape} and should be ${expected.matrix.shape}: you have one column for each example. Summed over ` +
      "the columns, it is right: the same parameter served every example, so it collects from each.",
  };
};

/** The k with got = k·expected in every case. */
function commonFactor(samples: readonly Sample[]): number | undefined {
  let best: { size: number; k: number } | undefined;
  for (const { got, expected } of samples) {
    if (got.matrix.shape !== expected.matrix.shape) return undefined;
    expected.matrix.data.forEach((entry, i) => {
      const size = Math.abs(entry);
      if (Number.isFinite(size) && size > (best?.size ?? 0)) best = { size, k: got.matrix.data[i] / entry };
    });
  }
  return best && Number.isFinite(best.k) && best.k !== 0 ? best.k : undefined;
}

const byExamples: Attempt = (samples, allowance) => {
  const batches = new Set(samples.map(({ m }) => m).filter((m) => m !== undefined && m > 1));
  if (batches.size < 2 || samples.some(({ m }) => m === undefined)) return undefined;
  const m = ({ m: count = 1 }: Sample) => count;
  const rules: readonly (readonly [string, Undo, string])[] = [
    [
      "m times too large",
      (got, s) => got.scale(1 / m(s)),
      "m times too large, m being the number of columns: a 1/m is missing, or an m too many",
    ],
    [
      "m times too small",
      (got, s) => got.scale(m(s)),
      "m times too small, m being the number of columns: a 1/m too many, or an m missing",
    ],
    [
      "m times too large, sign",
      (got, s) => got.scale(-1 / m(s)),
      "m times too large, m being the number of columns, and has the opposite sign",
    ],
    [
      "m times too small, sign",
      (got, s) => got.scale(-m(s)),
      "m times too small, m being the number of columns, and has the opposite sign",
    ],
  ];
  const rule = rules.find(([, undo]) => mended(samples, allowance, undo));
  return rule && { slip: rule[0], words: (yours) => `${yours} has every entry ${rule[2]}.` };
};

const byFactor: Attempt = (samples, allowance) => {
  const k = commonFactor(samples);
  if (k === undefined || !mended(samples, allowance, (got) => got.scale(1 / k))) return undefined;
  if (Math.abs(k + 1) < 1e-9) {
    return {
      slip: "sign",
      words: (yours) =>
        `${yours} has every number right and every sign wrong: one minus is missing, or one too many.`,
    };
  }
  const size = Math.abs(k);
  const how =
    size > 1 ? `${formatNumber(size)} times too large` : `${formatNumber(1 / size)} times too small`;
  const opposite = k < 0 ? ", with the opposite sign" : "";
  return {
    slip: "factor",
    words: (yours) =>
      `${yours} is right but for one constant factor: every number is ${how}${opposite}, in every case.`,
  };
};

const byOffset: Attempt = (samples, allowance) => {
  const { got, expected } = samples[0];
  const offset = got.matrix.data[0] - expected.matrix.data[0];
  if (!Number.isFinite(offset)) return undefined;
  if (!mended(samples, allowance, (matrix) => matrix.map((entry) => entry - offset))) return undefined;
  const how = `${formatNumber(Math.abs(offset))} too ${offset > 0 ? "large" : "small"}`;
  return {
    slip: "offset",
    words: (yours) => `${yours} is off by one constant: every number is ${how}, in every case.`,
  };
};

/** Not undone but recognised: the size of the right answer can be given back no sign. */
const unsigned: Attempt = (samples, allowance) =>
  samples.every(({ got, expected }) => close(got.matrix, expected.matrix.map(Math.abs), allowance))
    ? {
        slip: "sign lost",
        words: (yours) => `${yours} has every size right, but never a minus: the sign is lost.`,
      }
    : undefined;

const ATTEMPTS: readonly Attempt[] = [
  unchanged,
  constant,
  transposed,
  perExample,
  byExamples,
  byFactor,
  byOffset,
  unsigned,
  fixed(
    "one minus",
    (yours) => `${yours} is 1 minus the right one, in every case.`,
    (got) => got.map((x) => 1 - x),
  ),
  fixed(
    "upside down",
    (yours) => `${yours} is upside down: 1 divided by it is right, in every case.`,
    (got) => got.map((x) => 1 / x),
  ),
  fixed(
    "root too many",
    (yours) => `${yours} is the root of the right one, in every case.`,
    (got) => (got.data.every((x) => x >= 0) ? got.map((x) => x * x) : undefined),
  ),
  fixed(
    "root missing",
    (yours) => `${yours} is the square of the right one: a root is missing.`,
    (got) => (got.data.every((x) => x >= 0) ? got.map(Math.sqrt) : undefined),
  ),
];
