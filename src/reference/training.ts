/*
 * The same training run, over there: same data, same first weights, same order of examples, same formula of the
 * optimizer; TensorFlow.js's forward pass, its slopes, its float32. Then the two loss curves are laid on each other.
 */
import type { NamedTensorMap, Scalar, Tensor2D, Variable } from "@tensorflow/tfjs";
import {
  type AnyLayer,
  type Columns,
  columnsOf,
  type FitOptions,
  Ids,
  type Layer,
  Matrix,
  type Parameter,
  Ragged,
  Random,
  ValueError,
} from "../index";
import {
  aFunction,
  anObject,
  anything,
  finite,
  inside,
  listOf,
  madeBy,
  numberIn,
  type OptionTable,
  oneOf,
  requireOptions,
  text,
  whole,
} from "../numbers/options";
import { reference, type TensorFlow } from "./backend";
import { columnsCheck } from "./columns";
import {
  COMPARE_OPTIONS,
  type CompareOptions,
  judge,
  makeReport,
  pickTolerance,
  type Report,
  TOLERANCE,
  type Tolerance,
} from "./compare";
import { mirrorLoss, type TensorLoss } from "./losses";
import { type Mirror, type MirrorWeights, mirror, startsOf, toInput } from "./mirror";
import {
  MIRROR_OPTIMIZER_OPTIONS,
  type MirrorOptimizer,
  type MirrorOptimizerOptions,
  mirrorOptimizer,
} from "./optimizers";
import { mirrorRegularizer, type TensorPenalty } from "./regularizers";
import { oneHotColumns, scoped, slopesOf, toTensor } from "./tensors";

/**
 * What `fit` takes. Validation, callbacks and signals are left to our side. Early stopping is refused, because the
 * two runs would not be the same: give the epochs that ours took, `history.epochs.length`.
 */
export interface ReferenceTrainingOptions
  extends Pick<
      FitOptions,
      | "loss"
      | "optimizer"
      | "epochs"
      | "batchSize"
      | "random"
      | "metrics"
      | "schedule"
      | "scheduleEvery"
      | "clip"
      | "regularizer"
    >,
    MirrorOptimizerOptions {
  /** (features × m), or ids, or sequences of either, as the network takes them. */
  readonly inputs: Columns;
  /** (outputs × m), or class numbers; for sequences, sequences of the same lengths. */
  readonly targets: Columns;
  readonly sampleWeights?: Matrix | Ragged;
  /** The loss in TensorFlow.js operations, for a loss of your own: examples are rows there. */
  readonly referenceLoss?: (tf: TensorFlow, prediction: Tensor2D, target: Tensor2D) => Scalar;
}

/** One epoch over there. Loss and metrics are those of the forward passes, before each batch's update. */
export interface ReferenceEpoch {
  /** 1 for the first. */
  readonly epoch: number;
  readonly loss: number;
  readonly metrics: Readonly<Record<string, number>>;
}

/** A finished training run over there. */
export interface ReferenceHistory {
  readonly epochs: readonly ReferenceEpoch[];
  /** The loss of each epoch. */
  readonly loss: readonly number[];
  /** The weights it ended with, in our shapes, by our parameters. */
  readonly parameters: ReadonlyMap<Parameter, Matrix>;
  /** The trained network's output, of sequences side by side, computed by TensorFlow.js. */
  predict(input: Columns): Matrix;
}

/**
 * Trains a copy of the network in TensorFlow.js and returns its history. Network, optimizer and generator stay as
 * they are: give the same options to `fit` afterwards, and the two runs begin alike.
 * @throws ValueError for a layer, a loss or an optimizer that has no counterpart there
 */
export function trainReference<In = Matrix, Out = Matrix>(
  network: Layer<In, Out>,
  options: ReferenceTrainingOptions,
): ReferenceHistory {
  checked("trainReference", network, options);
  const epochs: ReferenceEpoch[] = [];
  const run = turns(network, options);
  for (;;) {
    const turn = run.next();
    if (turn.done) {
      const weights = turn.value;
      return {
        epochs,
        loss: epochs.map(({ loss }) => loss),
        parameters: weights.parameters,
        predict(input) {
          const twin = mirror(network, weights);
          try {
            return twin.predict(input);
          } finally {
            twin.dispose();
          }
        },
      };
    }
    epochs.push(turn.value);
  }
}

/**
 * The same as a generator, one turn an epoch, for whoever draws in between. Returns the final weights.
 * @throws as `trainReference` does: for bad options at once, not at the first `next()`
 */
export function referenceTraining<In = Matrix, Out = Matrix>(
  network: Layer<In, Out>,
  options: ReferenceTrainingOptions,
): Generator<ReferenceEpoch, MirrorWeights, void> {
  checked("referenceTraining", network, options);
  return turns(network, options);
}

const positive = numberIn({ from: 0, openFrom: true });

/** All that `fit` takes, and what is ours. What only looks on has nothing to do here, and may be there. */
const OPTIONS: OptionTable<FitOptions & ReferenceTrainingOptions & { features: unknown; classes: unknown }> =
  {
    ...MIRROR_OPTIMIZER_OPTIONS,
    inputs: columnsCheck,
    targets: columnsCheck,
    sampleWeights: columnsCheck,
    loss: aFunction("a loss"),
    optimizer: anObject("an optimizer"),
    epochs: whole(),
    batchSize: whole(),
    random: madeBy("a Random", Random),
    metrics: anObject("an object such as { accuracy: binaryAccuracy }"),
    schedule: aFunction("a schedule such as cosineDecay(0.1, …)"),
    scheduleEvery: oneOf("epoch", "step"),
    clip: inside<NonNullable<FitOptions["clip"]>>({ value: positive, norm: positive }),
    regularizer: anObject("a regularizer such as l2(0.01)"),
    referenceLoss: aFunction("a loss in TensorFlow.js operations"),
    earlyStopping(owner) {
      throw new ValueError(
        `${owner}: earlyStopping has no counterpart here; give the epochs that our run took, history.epochs.length.`,
      );
    },
    validation: anything,
    onEpoch: anything,
    signal: anything,
    engine: anything,
    features: anything,
    classes: anything,
  };

function checked(owner: string, network: unknown, options: ReferenceTrainingOptions): void {
  anObject("a network")(owner, "network", network);
  requireOptions<FitOptions & ReferenceTrainingOptions & { features: unknown; classes: unknown }>(
    owner,
    options,
    OPTIONS,
    ["inputs", "targets", "optimizer", "epochs"],
  );
  const { inputs, targets } = options;
  const [many, answers] = [countOf(columnsOf(inputs)), countOf(columnsOf(targets))];
  if (many === 0 || answers !== many) {
    throw new ValueError(
      `${owner}: expected as many targets as inputs, at least one; got ${many} and ${answers}.`,
    );
  }
  if (inputs instanceof Ragged && !(targets instanceof Ragged)) {
    throw new ValueError(`${owner}: expected targets as sequences, as the inputs are.`);
  }
}

function countOf(columns: Matrix | Ids): number {
  return columns instanceof Ids ? columns.length : columns.columns;
}

/** Some of the examples, in this order: columns, ids, or whole sequences. */
function pick<Kind extends Columns>(from: Kind, order: Int32Array): Kind {
  if (from instanceof Matrix) return from.pickColumns(order) as Kind;
  if (from instanceof Ids) return new Ids(Array.from(order, (j) => from.data[j])) as Kind;
  const sequences = from as Ragged<Matrix | Ids>;
  return Ragged.of(Array.from(order, (s) => sequences.sequence(s))) as Ragged<Matrix | Ids> as Kind;
}

function* turns(
  network: AnyLayer,
  options: ReferenceTrainingOptions,
): Generator<ReferenceEpoch, MirrorWeights, void> {
  const { tf } = reference();
  const { inputs, targets, sampleWeights, optimizer, schedule, metrics = {} } = options;
  const theirLoss: TensorLoss = options.referenceLoss ?? mirrorLoss(options.loss);
  const m = inputs instanceof Ragged ? inputs.length : countOf(inputs as Matrix | Ids);
  const theirPenalty = options.regularizer === undefined ? undefined : mirrorRegularizer(options.regularizer);
  const batchSize = Math.min(options.batchSize ?? m, m);
  const order = Int32Array.from({ length: m }, (_, i) => i);
  const twin = mirror(network);
  // The same twin of a generator for the order of the examples and for dropout, if they share one.
  const random = options.random === undefined ? undefined : twin.generator(options.random);
  let theirOptimizer: MirrorOptimizer | undefined;
  try {
    const theirs = mirrorOptimizer(optimizer, twin.variables, { builtInAdam: options.builtInAdam });
    theirOptimizer = theirs;
    let step = 0;
    for (let epoch = 1; epoch <= options.epochs; epoch++) {
      random?.shuffle(order);
      let lossSum = 0;
      let weightSum = 0; // of the examples seen: their number when all count alike
      const predictions: Matrix[] = [];
      for (let from = 0; from < m; from += batchSize) {
        const places = order.subarray(from, Math.min(from + batchSize, m));
        const X = pick<Columns>(inputs, places);
        const Y = columnsOf(pick<Columns>(targets, places));
        const weights = sampleWeights && columnsOf(pick<Matrix | Ragged>(sampleWeights, places));
        const weight = weights?.sum() ?? countOf(Y);
        if (weight === 0) continue; // nothing to learn from, as on our side
        const rate =
          schedule?.(options.scheduleEvery === "step" ? step : epoch - 1) ?? optimizer.learningRate;
        const { value, prediction } = tensorStep(
          tf,
          twin,
          { X, Y, weights },
          theirLoss,
          theirPenalty,
          (gradients) => {
            theirs.step(clipped(tf, gradients, options.clip), rate);
          },
        );
        lossSum += value * weight;
        weightSum += weight;
        if (Object.keys(metrics).length > 0) predictions.push(prediction());
        step += 1;
      }
      const measured = Object.entries(metrics).map(([name, metric]) => [
        name,
        metric(sideBySide(predictions), columnsOf(pick<Columns>(targets, order)) as Matrix),
      ]);
      yield { epoch, loss: lossSum / weightSum, metrics: Object.fromEntries(measured) };
    }
    return twin.read();
  } finally {
    theirOptimizer?.dispose();
    twin.dispose();
  }
}

/** The columns of several matrices, one behind the other. */
function sideBySide(parts: readonly Matrix[]): Matrix {
  const all = new Matrix(
    parts[0].rows,
    parts.reduce((sum, { columns }) => sum + columns, 0),
  );
  let at = 0;
  for (const part of parts) {
    for (let j = 0; j < part.columns; j++, at++) {
      for (let i = 0; i < part.rows; i++) all.set(i, at, part.at(i, j));
    }
  }
  return all;
}

/** Gradients cut to [−value, value], then scaled to at most the length `norm`, all together. */
function clipped(tf: TensorFlow, gradients: NamedTensorMap, clip: FitOptions["clip"]): NamedTensorMap {
  const result = { ...gradients };
  if (clip?.value !== undefined) {
    for (const name in result) result[name] = tf.clipByValue(result[name], -clip.value, clip.value);
  }
  if (clip?.norm !== undefined) {
    const squares = Object.values(result).map((gradient) => tf.sum(tf.square(gradient)));
    const scale = tf.minimum(1, tf.div(clip.norm, tf.sqrt(tf.addN(squares))));
    for (const name in result) result[name] = tf.mul(result[name], scale);
  }
  return result;
}

/** Forward, loss, slopes, update: one step, with nothing left behind but the new weights. */
function tensorStep(
  tf: TensorFlow,
  twin: Mirror,
  { X, Y, weights }: { X: Columns; Y: Matrix | Ids; weights: Matrix | undefined },
  loss: TensorLoss,
  penalty: TensorPenalty | undefined,
  update: (gradients: NamedTensorMap) => void,
): { readonly value: number; prediction(): Matrix } {
  return scoped(() => {
    const x = toInput(X);
    const w = weights === undefined ? tf.scalar(1) : toTensor(weights);
    let output: Float32Array = new Float32Array(0);
    let rows = 0;
    // What is reported is the loss alone, as on our side; what is differentiated is the loss and the penalty.
    let lossAlone = 0;
    const { grads } = slopesOf(
      () => {
        const prediction = twin.apply(x, { training: true, starts: startsOf(X) });
        output = prediction.dataSync() as Float32Array;
        rows = prediction.shape[1];
        const y = toTensor(Y instanceof Ids ? oneHotColumns(Y, rows) : Y);
        const value = loss(tf, prediction, y, w);
        lossAlone = value.dataSync()[0];
        return penalty === undefined ? value : tf.add(value, penalty(tf, twin));
      },
      [...twin.variables.values()] as Variable[],
    );
    update(grads);
    return {
      value: lossAlone,
      prediction: () => new Matrix(rows, output.length / rows, Float64Array.from(output)),
    };
  });
}

/** A stretch of a curve with a tolerance of its own. */
export interface CurveWindow extends Partial<Tolerance> {
  /** Last epoch of the stretch, counted from 1. */
  readonly to: number;
}

/** Options of `compareCurves`. */
export interface CurveOptions extends CompareOptions {
  /** What the curve shows: "loss". */
  readonly name?: string;
  /** Stretches in order; one for the whole curve when left out. */
  readonly windows?: readonly CurveWindow[];
}

const OPTIONS_OF_CURVES: OptionTable<CurveOptions> = {
  ...COMPARE_OPTIONS,
  name: text,
  windows: listOf(
    "windows { to, tolerance, cause, reason }",
    inside<CurveWindow>({ ...TOLERANCE, to: finite }, ["to"]),
    1,
  ),
};

/** What float32 does to a training run of some hundred steps on smooth ground. */
export const FLOAT32_CURVE: Tolerance = {
  tolerance: 1e-3,
  cause: "float32",
  reason:
    "TensorFlow.js computes in float32, 6e-8 a rounding; each step passes the differences of all steps before " +
    "it on, and magnifies them where the loss is steep.",
};

/**
 * Lays two curves on each other, one row a stretch: the largest difference in it, relative to the stretch's largest
 * value.
 * @param ours one number an epoch, as `history.loss`
 * @param theirs the same from the other side
 */
export function compareCurves(
  ours: readonly number[],
  theirs: readonly number[],
  options: CurveOptions = {},
): Report {
  const curve = listOf("numbers, one an epoch");
  for (const [what, side] of Object.entries({ ours, theirs })) curve("compareCurves", what, side);
  requireOptions("compareCurves", options, OPTIONS_OF_CURVES);
  if (ours.length !== theirs.length || ours.length === 0) {
    throw new ValueError(
      `compareCurves: expected two curves of one length, got ${ours.length} and ${theirs.length} epochs.`,
    );
  }
  const { windows = [{ to: ours.length }], name = "loss" } = options;
  let from = 0;
  const rows = windows.map((window) => {
    const to = Math.min(window.to, ours.length);
    if (!(to > from)) {
      throw new ValueError(
        `compareCurves: expected windows in growing order, got one to ${window.to} after ${from}.`,
      );
    }
    const limit = pickTolerance(window, { ...FLOAT32_CURVE, ...definedOnly(options) });
    const row = {
      name: `${name}, epochs ${from + 1} to ${to}`,
      shape: `${to - from} numbers`,
      ...limit,
      ...judge(ours.slice(from, to), theirs.slice(from, to), limit),
    };
    from = to;
    return row;
  });
  if (from < ours.length) {
    throw new ValueError(
      `compareCurves: expected windows up to epoch ${ours.length}, the last one ends at ${from}.`,
    );
  }
  return makeReport(rows, { against: options.against, noun: options.noun ?? "stretch" });
}

function definedOnly({ tolerance, cause, reason }: Partial<Tolerance>): Partial<Tolerance> {
  return {
    ...(tolerance === undefined ? {} : { tolerance }),
    ...(cause === undefined ? {} : { cause }),
    ...(reason === undefined ? {} : { reason }),
  };
}
