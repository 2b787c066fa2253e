/*
 * What a cross-check is: one quantity or family of quantities, computed by the library and by a witness that shares
 * nothing with it, on many generated cases; the largest difference found, what was allowed, and why.
 */
import fc from "fast-check";
import type { Matrix } from "glassbox";
import { judge, reference } from "glassbox/reference";

export type Kind = "value" | "gradient" | "trajectory" | "curve" | "golden";
export type Witness = "tfjs-node" | "tfjs-wasm" | "tfjs-cpu" | "numerical" | "numpy";

/** One line of the report; exactly what `--json` prints. */
export interface CrossCheck {
  readonly name: string;
  readonly kind: Kind;
  readonly against: Witness;
  /** Largest |ours − theirs|. */
  readonly maxAbs: number;
  /** The same relative to the largest entry of the tensor it was found in. */
  readonly maxRel: number;
  readonly tolerance: number;
  readonly reason: string;
  readonly pass: boolean;
}

/** A difference found in one case. */
export interface Difference {
  readonly maxAbs: number;
  readonly maxRel: number;
}

/** Bars of the project: what single gradients are held to. */
export const NUMERICAL_TOLERANCE = 1e-7;
export const TFJS_TOLERANCE = 1e-5;

export const REASONS = {
  float32:
    "float32: TensorFlow.js rounds each operation to 2^-24 = 6e-8; some hundred roundings stay below 1e-5",
  numerical:
    "five-point central differences in float64: truncation about 1e-14, rounding about 1e-11 of the value; " +
    "a case is drawn again when any evaluation falls on another side of a kink, or nearer than 1e-4 to one",
  float64:
    "the same formula written another way in float64: only the order of the roundings (1e-16 each) differs",
  exact: "no rounding on the way that could differ",
} as const;

/** The name under which the loaded backend is a witness. */
export function tfjs(): Witness {
  return `tfjs-${reference().backend}`;
}

/** The difference between two tensors, relative to the largest entry of either. NaN is an infinite difference. */
export function difference(ours: Matrix | ArrayLike<number>, theirs: Matrix | ArrayLike<number>): Difference {
  const a = "data" in ours ? (ours as Matrix).data : (ours as ArrayLike<number>);
  const b = "data" in theirs ? (theirs as Matrix).data : (theirs as ArrayLike<number>);
  if (a.length !== b.length) return { maxAbs: Number.POSITIVE_INFINITY, maxRel: Number.POSITIVE_INFINITY };
  const { maxAbsolute, maxRelative } = judge(a, b, { tolerance: 0, cause: "", reason: "" });
  return { maxAbs: maxAbsolute, maxRel: maxRelative };
}

/** The larger of several differences, measure by measure. */
export function worst(differences: readonly Difference[]): Difference {
  return {
    maxAbs: Math.max(0, ...differences.map(({ maxAbs }) => maxAbs)),
    maxRel: Math.max(0, ...differences.map(({ maxRel }) => maxRel)),
  };
}

/** A finished record of one difference. */
export function record(
  about: Pick<CrossCheck, "name" | "kind" | "against" | "tolerance" | "reason">,
  { maxAbs, maxRel }: Difference,
): CrossCheck {
  const { name, kind, against, tolerance, reason } = about;
  return { name, kind, against, maxAbs, maxRel, tolerance, reason, pass: maxRel <= tolerance };
}

let share = 1;

/** How many of the cases to generate, from 0 to 1: a test that only asks whether all is well makes do with fewer. */
export function setEffort(part: number): void {
  share = part;
}

/** All cases come from one seed, so that the report is the same each time. */
const SEED = 20240229;

/**
 * Measures over generated cases and keeps the largest difference. A case that fails is shrunk to a small one, which
 * is added to the reason. `measure` returns undefined for a case that says nothing (a kink too near): another one is
 * drawn.
 */
export function overCases<T>(
  about: Pick<CrossCheck, "name" | "kind" | "against" | "tolerance" | "reason">,
  cases: fc.Arbitrary<T>,
  measure: (one: T) => Difference | undefined,
  runs = 25,
): CrossCheck {
  let largest: Difference = { maxAbs: 0, maxRel: 0 };
  const result = fc.check(
    fc.property(cases, (one) => {
      const found = measure(one);
      fc.pre(found !== undefined);
      largest = worst([largest, found as Difference]);
      return (found as Difference).maxRel <= about.tolerance;
    }),
    { seed: SEED, numRuns: Math.ceil(runs * share), maxSkipsPerRun: 20 },
  );
  if (!result.failed) return record(about, largest);
  const why =
    result.counterexample === null
      ? `only ${result.numRuns - result.numSkips} of ${runs} cases could be used`
      : `${String(result.errorInstance ?? "differs")} for ${JSON.stringify(result.counterexample)}`;
  return { ...record({ ...about, reason: `${about.reason}; FAILS: ${why}` }, largest), pass: false };
}
