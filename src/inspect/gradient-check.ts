/*
 * The second witness: the slope measured instead of derived. Nudge one number up and down by h, see how the loss
 * changes, divide: (L(w + h) − L(w − h))/2h. Slow, and wrong by about h² (truncation) plus 10⁻¹⁶/h (rounding),
 * but it knows nothing of calculus, so it cannot share our mistakes.
 */
import { askLayer, askLoss, requireLayer, requireLoss } from "../core/answers";
import { type AnyLayer, type Backward, type Layer, type Loss, Pass, zeroGradients } from "../core/core";
import { always } from "../core/interrupts";
import { describe, requireNumber, requireText, ValueError } from "../numbers/errors";
import { Ids } from "../numbers/ids";
import { Matrix, requireMatrix, requireSameShape } from "../numbers/matrix";
import { flag, numberIn, type OptionTable, requireOptions } from "../numbers/options";
import { type Columns, columnsOf, Ragged } from "../numbers/ragged";
import { type Random, requireRandom } from "../numbers/random";
import { Snapshot } from "../training/snapshot";

/** One tensor's verdict. */
export interface GradientReport {
  /** The parameter's name, or "input". */
  readonly name: string;
  readonly shape: string;
  readonly analytic: Matrix;
  readonly numerical: Matrix;
  /** Largest |analytic − numerical|. */
  readonly maxAbsolute: number;
  /** The same, relative to the tensor's largest entry. */
  readonly maxRelative: number;
}

/**
 * Central differences of a scalar function along every entry of `at`, which is nudged in place and restored.
 * @param f the function; it reads `at`
 * @param step h, times the size of the entry where that is above 1; about 10⁻⁵ is best in float64
 * @throws ValueError when the function gives something that is not a finite number; `at` is restored all the same
 */
export function numericalGradient(f: () => number, at: Matrix, step = 1e-5): Matrix {
  if (typeof f !== "function")
    throw new ValueError(`numericalGradient: expected a function, got ${describe(f)}.`);
  requireMatrix("numericalGradient", at);
  requireNumber("numericalGradient", "the step", step, { from: 0, openFrom: true });
  return measure("numericalGradient", f, at, step);
}

function measure(owner: string, f: () => number, at: Matrix, step = 1e-5): Matrix {
  const result = new Matrix(at.rows, at.columns);
  let nudged = 0;
  let original = at.data[0];
  const value = (): number => requireNumber(owner, "the function's value", f());
  const nudgeAll = (): void => {
    for (let i = 0; i < at.size; i++) {
      original = at.data[i];
      nudged = i;
      const h = step * Math.max(1, Math.abs(original));
      at.data[i] = original + h;
      const above = value();
      at.data[i] = original - h;
      const below = value();
      at.data[i] = original;
      result.data[i] = (above - below) / (2 * h);
    }
  };
  always(nudgeAll, () => {
    if (at.size > 0) at.data[nudged] = original;
  });
  return result;
}

export interface GradientCheckOptions {
  /** h of the central differences; 1e-5 when left out. */
  readonly step?: number;
  /** Checks the layers as they are while learning: with dropout's mask held still, and batch norm on the batch. */
  readonly training?: boolean;
}

const STEP = numberIn({ from: 0, openFrom: true });
const OPTIONS: OptionTable<GradientCheckOptions> = { step: STEP, training: flag };

/**
 * Compares the hand-written backward pass with the numerical slope, for every parameter and for the input. The network is
 * left as it was: gradients, running averages and generators are put back.
 * @param input X, (features × m), or ids, or sequences of either, as the network takes them
 * @param target Y, (outputs × m), or class numbers; of sequences, side by side
 * @returns a report a parameter, and one for the input at the end, unless it is ids, which have no slope
 */
export function checkGradients<In extends Columns = Matrix, Out extends Matrix | Ragged = Matrix>(
  network: Layer<In, Out>,
  input: In,
  target: Columns,
  loss: Loss,
  options: GradientCheckOptions = {},
): GradientReport[] {
  return check("checkGradients", network, input, columnsOf(target), loss, options);
}

function check(
  owner: string,
  network: AnyLayer,
  input: Columns,
  target: Matrix | Ids,
  loss: Loss,
  options: GradientCheckOptions,
): GradientReport[] {
  requireLayer(owner, "a network", network);
  const tokens = columnsOf(input);
  if (!(tokens instanceof Ids)) requireMatrix(owner, tokens, "the input as a Matrix");
  requireLoss(owner, loss);
  requireOptions(owner, options, OPTIONS);
  const training = options.training ?? false;
  const parameters = [...new Set(network.parameters)];
  const gradients = parameters.map(({ gradient }) => gradient.clone());
  const before = new Snapshot(network, { parameters: false });
  const X = tokens instanceof Ids ? undefined : tokens.clone(); // which is nudged
  const given = X === undefined ? input : input instanceof Ragged ? input.with(X) : X;
  const forward = (): readonly [Matrix, Backward] => {
    before.restore(); // so that dropout draws the same mask every time
    const [output, backward] = askLayer<Columns, Matrix | Ragged>(network, given, new Pass({ training }));
    return [columnsOf(output), backward as Backward];
  };
  const ask = (prediction: Matrix): ReturnType<Loss> => askLoss(owner, loss, prediction, target);
  const value = (): number => ask(forward()[0])[0];
  const compareAll = (): GradientReport[] => {
    zeroGradients(parameters);
    const [prediction, backward] = forward();
    const slope: unknown = backward(ask(prediction)[1]);
    const reports: GradientReport[] = [];
    let dInput: Matrix | undefined;
    if (X !== undefined) {
      requireMatrix(owner, slope, "the backward pass to return dL/dinput as a Matrix");
      dInput = slope.clone();
    }
    for (const { name, value: at, gradient } of parameters) {
      reports.push(compare(name, gradient.clone(), measure(owner, value, at, options.step)));
    }
    if (X !== undefined && dInput !== undefined) {
      reports.push(compare("input", dInput, measure(owner, value, X, options.step)));
    }
    return reports;
  };
  return always(compareAll, () => {
    before.restore();
    parameters.forEach(({ gradient }, i) => {
      gradient.copyFrom(gradients[i]);
    });
  });
}

/**
 * The same for a layer by itself, with a random slope coming from above. Never use ones for that: the outputs of a
 * softmax sum to 1, so a backward pass that returns nothing but zeros would pass.
 * @param random draws the slopes, uniform in [−1, 1)
 */
export function checkLayerGradients<In extends Columns = Matrix, Out extends Matrix | Ragged = Matrix>(
  layer: Layer<In, Out>,
  input: In,
  random: Random,
  options: GradientCheckOptions = {},
): GradientReport[] {
  requireLayer("checkLayerGradients", "a layer", layer);
  if (!(input instanceof Ragged || input instanceof Ids)) {
    requireMatrix("checkLayerGradients", input, "the input as a Matrix");
  }
  requireRandom("checkLayerGradients", random);
  const output: Matrix | Ragged = askLayer(layer, input)[0];
  const { rows, columns } = columnsOf(output);
  const slopes = random.randMatrix(rows, columns).map((u) => 2 * u - 1);
  const weightedSum: Loss = (prediction) => [prediction.hadamard(slopes).sum(), slopes];
  return check("checkLayerGradients", layer, input, slopes, weightedSum, options);
}

/** The largest differences between two tensors of one shape, absolute and relative to the larger tensor. */
export function compare(name: string, analytic: Matrix, numerical: Matrix): GradientReport {
  if (typeof name !== "string") throw new ValueError(`compare: expected a name, got ${describe(name)}.`);
  requireSameShape(`compare, ${requireText("compare", "the name", name)}`, analytic, numerical);
  let maxAbsolute = 0;
  let scale = 0;
  for (let i = 0; i < analytic.size; i++) {
    const a = analytic.data[i];
    const b = numerical.data[i];
    // Math.max would let a NaN on one side pass as "no larger difference"; it is the largest there is
    const difference = Math.abs(a - b);
    if (!(difference <= maxAbsolute)) maxAbsolute = Number.isNaN(difference) ? Infinity : difference;
    scale = Math.max(scale, Math.abs(a), Math.abs(b));
  }
  const maxRelative = maxAbsolute === 0 ? 0 : maxAbsolute === Infinity ? Infinity : maxAbsolute / scale;
  return { name, shape: analytic.shape, analytic, numerical, maxAbsolute, maxRelative };
}
