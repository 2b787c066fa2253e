/*
 * What all optimizers share: the checks before a step, and numbers kept beside each parameter.
 *
 * A step happens as a whole or not at all. Everything that could go wrong is checked before the first number is
 * written: rates and gradients are held to a size at which no update can overflow, so that weights which are
 * finite before a step are finite after it.
 */
import type { Parameter } from "../core/core";
import { refuseInterrupted } from "../core/interrupts";
import { weightsChange } from "../core/weights";
import type { Engine } from "../numbers/engine";
import { describe, requireNumber, requireText, ValueError } from "../numbers/errors";
import { plain } from "../numbers/kernels/plain-engine";
import { Matrix, requireFinite, requireMatrix, requireSameShape } from "../numbers/matrix";

/** No sensible rate comes near; with gradients below 10¹⁵⁴ it keeps every product inside float64. */
const LARGEST_RATE = 1e100;

/** Checks a learning rate as a constructor takes it: greater than 0. */
export function requireRate(owner: string, rate: unknown): number {
  return requireNumber(owner, "the learning rate", rate, { from: 0, openFrom: true, to: LARGEST_RATE });
}

/** Checks the share of its past that a running mean or sum keeps, in [0, 1). */
export function requireMemory(owner: string, what: string, value: unknown): number {
  return requireNumber(owner, what, value, { from: 0, to: 1, openTo: true });
}

/** Checks the small number that keeps a division finite: greater than 0. */
export function requireEpsilon(owner: string, value: unknown): number {
  return requireNumber(owner, "epsilon", value, { from: 1e-150, to: 1 });
}

/**
 * What every optimizer does before it changes anything.
 * @param learningRate the rate of this step; a schedule may have brought it down to 0
 * @returns each parameter once, however often it is listed
 * @throws ValueError for a rate below 0 or not a number, for NaN or ∞ in a gradient or a weight, and for a gradient
 *   so large that its square overflows; InterruptedError in what an interrupted cell has left running. Nothing has
 *   been changed then
 */
export function checkedParameters(
  owner: string,
  learningRate: number,
  parameters: readonly Parameter[],
  engine: Engine = plain,
): readonly Parameter[] {
  refuseInterrupted(owner);
  requireNumber(owner, "the learning rate", learningRate, { from: 0, to: LARGEST_RATE });
  requireParameters(owner, parameters);
  for (const { name, value, gradient } of parameters) {
    if (!engine.allSquaresFinite(gradient)) throw exploded(owner, `the gradient of ${name}`, gradient);
    if (!engine.allFinite(value)) requireFinite(owner, name, value);
  }
  weightsChange();
  return distinct(parameters);
}

/** Throws ValueError unless `parameters` is an array of parameters whose gradients fit their values. */
export function requireParameters(owner: string, parameters: unknown): asserts parameters is Parameter[] {
  if (!Array.isArray(parameters)) {
    throw new ValueError(
      `${owner}: expected an array of parameters, such as network.parameters, got ${describe(parameters)}.`,
    );
  }
  for (let i = 0; i < parameters.length; i++) {
    const parameter: Parameter | undefined = parameters[i];
    const place = `${owner}, parameter ${i}`;
    requireMatrix(place, parameter?.value, "its value as a Matrix");
    requireMatrix(place, parameter?.gradient, "its gradient as a Matrix");
    const name = requireText(place, "its name", parameter.name);
    requireSameShape(`${owner}, the gradient of ${name}`, parameter.value, parameter.gradient);
  }
}

/** Each parameter once: one that is used twice is listed twice, and still stepped once. */
export function distinct(parameters: readonly Parameter[]): readonly Parameter[] {
  for (let i = 1; i < parameters.length; i++) {
    if (parameters.indexOf(parameters[i]) < i) return [...new Set(parameters)];
  }
  return parameters;
}

/** The error for a gradient in which an entry, or its square, is not a finite number. */
function exploded(owner: string, what: string, matrix: Matrix): ValueError {
  requireFinite(owner, what, matrix); // says which entry is no number
  const largest = matrix.data.reduce((most, entry) => Math.max(most, Math.abs(entry)), 0);
  return new ValueError(
    `${owner}: ${what} has exploded; its largest entry is ${largest.toExponential(1)}, and its square overflows. ` +
      "Try a smaller learning rate, or clip the gradients.",
  );
}

/** What is kept beside one parameter: how often it was stepped, and matrices of its shape by name. */
export type Kept<Name extends string> = { steps: number } & { readonly [name in Name]: Matrix };

/** An optimizer's memory: for each parameter matrices of its shape, made when it is first stepped. */
export class Memory<Name extends string> {
  private kept = new WeakMap<Parameter, Kept<Name>>();

  /**
   * @param names what is kept
   * @param initial the number that all of it begins with
   */
  constructor(
    private readonly names: readonly Name[],
    private readonly initial = 0,
  ) {}

  /** What is kept beside `parameter`; the very matrices, for the optimizer to write into. */
  of(parameter: Parameter): Kept<Name> {
    let kept = this.kept.get(parameter);
    if (kept === undefined) {
      const { rows, columns } = parameter.value;
      const matrices = this.names.map((name) => [name, Matrix.filled(rows, columns, this.initial)]);
      kept = { steps: 0, ...Object.fromEntries(matrices) } as Kept<Name>;
      this.kept.set(parameter, kept);
    }
    return kept;
  }

  /** The very matrices kept beside `parameter`, in the order of their names; none before its first step. */
  matricesOf(parameter: Parameter): readonly Matrix[] {
    const known = this.kept.get(parameter);
    return known === undefined ? [] : this.names.map((name) => known[name]);
  }

  /** Copies of what is kept, to be shown; as it will begin, for a parameter that was never stepped. */
  show(parameter: Parameter): Readonly<Record<Name, Matrix>> {
    requireMatrix("stateOf", parameter?.value, "a parameter, whose value is a Matrix");
    const known = this.kept.get(parameter);
    const { rows, columns } = parameter.value;
    const copies = this.names.map((name) => [
      name,
      known?.[name].clone() ?? Matrix.filled(rows, columns, this.initial),
    ]);
    return Object.fromEntries(copies) as Record<Name, Matrix>;
  }

  /** Forgets everything. */
  clear(): void {
    this.kept = new WeakMap();
  }
}
