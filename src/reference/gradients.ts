/*
 * The cross-check of a backward pass: loss, prediction and every gradient, ours against TensorFlow.js's autodiff.
 */
import type { Scalar, Tensor2D } from "@tensorflow/tfjs";
import {
  type Columns,
  columnsOf,
  Ids,
  type Layer,
  type Loss,
  Matrix,
  Pass,
  type Ragged,
  Snapshot,
  zeroGradients,
} from "../index";
import {
  aFunction,
  anObject,
  type Check,
  flag,
  inside,
  madeBy,
  type OptionTable,
  requireOptions,
  text,
} from "../numbers/options";
import { reference, type TensorFlow } from "./backend";
import { columnsCheck } from "./columns";
import {
  COMPARE_OPTIONS,
  type CompareOptions,
  comparePairs,
  type Pair,
  type Report,
  TOLERANCE,
  type Tolerance,
} from "./compare";
import { mirrorLoss, type TensorLoss } from "./losses";
import { mirror } from "./mirror";
import { oneHotColumns, toTensor } from "./tensors";

/** Options of `compareGradients`. */
export interface GradientOptions extends CompareOptions {
  /** Names for the table, by parameter: `{ "hidden.weights": "dW1" }`. Otherwise "d hidden.weights". */
  readonly names?: Readonly<Record<string, string>>;
  /** Tolerances of their own, by parameter (or "input"): `{ "hidden.bias": { absolute: 1e-7, cause, reason } }`. */
  readonly tolerances?: Readonly<Record<string, Partial<Tolerance>>>;
  /** Behave as in training (batch statistics). False when left out. */
  readonly training?: boolean;
  /** One weight an example, 1 × m. */
  readonly weights?: Matrix;
  /** The loss in TensorFlow.js operations, for a loss of your own: examples are rows there. */
  readonly referenceLoss?: (tf: TensorFlow, prediction: Tensor2D, target: Tensor2D) => Scalar;
}

const anyTolerance = inside(TOLERANCE);

const OPTIONS: OptionTable<GradientOptions> = {
  ...COMPARE_OPTIONS,
  names: recordOf(text),
  tolerances: recordOf(anyTolerance),
  training: flag,
  weights: madeBy("a Matrix", Matrix),
  referenceLoss: aFunction("a loss in TensorFlow.js operations"),
};

/** An object whose every value is held to one check. */
function recordOf(check: Check): Check {
  return (owner, what, value) => {
    anObject("an object by parameter")(owner, what, value);
    for (const [name, item] of Object.entries(value as object)) check(owner, `${what}["${name}"]`, item);
  };
}

function checked(
  network: unknown,
  inputs: unknown,
  targets: unknown,
  loss: unknown,
  options: GradientOptions,
): void {
  const owner = "compareGradients";
  anObject("a network")(owner, "network", network);
  for (const [what, matrix] of Object.entries({ inputs, targets })) columnsCheck(owner, what, matrix);
  aFunction("a loss")(owner, "loss", loss);
  requireOptions(owner, options, OPTIONS);
}

/** What all comparisons take. */
function commonOf({ tolerance, absolute, cause, reason, against, noun }: GradientOptions): CompareOptions {
  return { tolerance, absolute, cause, reason, against, noun };
}

/**
 * Runs one forward and one backward pass on both sides, and compares the loss, the prediction, and the gradient
 * of every parameter and of the input.
 * Our gradients are left in the network's parameters, as after any backward pass; nothing else is changed.
 * @param inputs (features × m), or ids, or sequences of either, as the network takes them
 * @param targets (outputs × m), or class numbers; of sequences, side by side
 */
export function compareGradients<In extends Columns = Matrix, Out extends Matrix | Ragged = Matrix>(
  network: Layer<In, Out>,
  inputs: In,
  targets: Columns,
  loss: Loss,
  options: GradientOptions = {},
): Report {
  checked(network, inputs, targets, loss, options);
  const training = options.training ?? false;
  const { tf } = reference();
  const twin = mirror(network); // before our pass, which moves generators and running averages
  let before: Snapshot | undefined;
  try {
    before = new Snapshot(network, { parameters: false });
    zeroGradients(network.parameters);
    const [output, backward] = network.forward(inputs, new Pass({ training }));
    const prediction = columnsOf(output);
    const answers = columnsOf(targets);
    const [value, dPrediction] = loss(prediction, answers as Matrix, { weights: options.weights });
    const dInput = (backward as unknown as (slope: Matrix) => Matrix | undefined)(dPrediction);
    const target = answers instanceof Ids ? oneHotColumns(answers, prediction.rows) : answers;

    const theirLoss: TensorLoss = options.referenceLoss ?? mirrorLoss(loss);
    const theirs = twin.gradients(
      inputs,
      (output) =>
        theirLoss(
          tf,
          output,
          toTensor(target),
          options.weights === undefined ? tf.scalar(1) : toTensor(options.weights),
        ),
      { training },
    );
    const name = (parameter: string): string => ownEntry(options.names, parameter) ?? `d ${parameter}`;
    const pairs: Pair[] = [
      { name: "loss", ours: value, theirs: theirs.value },
      { name: "prediction", ours: prediction, theirs: theirs.prediction },
      ...[...theirs.parameters].map(([parameter, gradient]) => ({
        ...ownEntry(options.tolerances, parameter.name),
        name: name(parameter.name),
        ours: parameter.gradient,
        theirs: gradient,
      })),
      // ids have no slope
      ...(dInput === undefined
        ? []
        : [{ ...options.tolerances?.input, name: name("input"), ours: dInput, theirs: theirs.input }]),
    ];
    return comparePairs("compareGradients", pairs, commonOf(options));
  } finally {
    before?.restore();
    twin.dispose();
  }
}

/** What stands under a name that somebody chose: "constructor" may be one. */
function ownEntry<T>(table: Readonly<Record<string, T>> | undefined, name: string): T | undefined {
  return table !== undefined && Object.hasOwn(table, name) ? table[name] : undefined;
}
