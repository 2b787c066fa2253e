/*
 * The loop: forward, loss, backward, step; once a mini-batch, and all batches once an epoch.
 *
 * `training` is a generator, one turn an epoch, so that whoever drives it may draw a picture between two epochs,
 * stop, or go on later. `fit` simply runs it to the end.
 */
import type { AnyLayer, Layer } from "../core/core";
import { guarded } from "../core/interrupts";
import { describe, requireWhole, ShapeError, StateError, ValueError } from "../numbers/errors";
import { Ids } from "../numbers/ids";
import { Matrix, requireFinite, requireMatrix } from "../numbers/matrix";
import {
  aFunction,
  anObject,
  anything,
  inside,
  type OptionTable,
  oneOf,
  requireOptions,
} from "../numbers/options";
import { type Columns, columnsOf, countColumns, countExamples, Ragged } from "../numbers/ragged";
import { Random } from "../numbers/random";
import type { Ending, EpochReport, FitOptions, History, ValidationData } from "./contract";
import { EarlyStopping } from "./early-stopping";
import { Run } from "./run";
import { checkStep, checkWeights, STEP_OPTIONS } from "./step";

/**
 * Trains a network to the end and returns the history. When the kernel of a notebook interrupts it, the optimizer has its
 * own rate and (with early stopping) the network its best weights back, as when it is left in any other way.
 * @throws ShapeError and ValueError before the first step, for data that does not fit or is not finite
 * @throws DivergenceError when the loss stops being a number; network and optimizer are then as they were before
 *   the step that failed
 */
export function fit<In extends Columns = Matrix, Out extends Matrix | Ragged = Matrix>(
  network: Layer<In, Out>,
  options: FitOptions<In>,
): History {
  const run = new Run("fit", network, options, checked("fit", network, options));
  const epochs: EpochReport[] = [];
  const finish = (): Ending => {
    const turns = run.turns();
    let turn = turns.next();
    for (; !turn.done; turn = turns.next()) epochs.push(turn.value);
    return turn.value;
  };
  const ending = guarded(finish, run.cut);
  return {
    epochs,
    loss: epochs.map(({ loss }) => loss),
    validationLoss: epochs.flatMap(({ validationLoss }) =>
      validationLoss === undefined ? [] : [validationLoss],
    ),
    ...ending,
  };
}

/**
 * The training loop as a generator: runs one epoch at each `next()`, and yields its report. Leave it with `break`
 * or `return()`, and the optimizer has its own rate and (with early stopping) the network its best weights back.
 *
 * So it is, too, when the kernel of a notebook interrupts the cell; the run is then over, and what an awaiting cell has
 * left of it ends with InterruptedError at its next turn. (A plain tslab kernel tells nobody of the interrupt: there a
 * cell that awaits trains on in the background unless it asks `signal`, and a cell that is stopped between two turns
 * leaves the latest weights instead of the best.)
 * @throws as `fit` does: for bad options at once, not at the first `next()`
 */
export function training<In extends Columns = Matrix, Out extends Matrix | Ragged = Matrix>(
  network: Layer<In, Out>,
  options: FitOptions<In>,
): Generator<EpochReport, Ending, void> {
  const stopping = checked("training", network, options);
  return begin(() => new Run("training", network, options, stopping));
}

/** Begins at the first `next()`. */
function* begin(make: () => Run): Generator<EpochReport, Ending, void> {
  return yield* make().turns();
}

/** What a data set says about itself beside its numbers, so that it can be spread into options. */
export const ABOUT_DATA: OptionTable<{ features: unknown; classes: unknown }> = {
  features: anything,
  classes: anything,
};

const VALIDATION: OptionTable<ValidationData<Columns> & { features: unknown; classes: unknown }> = {
  inputs: anything,
  targets: anything,
  ...ABOUT_DATA,
};

const OPTIONS: OptionTable<FitOptions<Columns> & { features: unknown; classes: unknown }> = {
  ...STEP_OPTIONS,
  inputs: anything,
  targets: anything,
  sampleWeights: anything,
  epochs: anything,
  batchSize: anything,
  random: anything,
  validation: inside(VALIDATION),
  metrics: anObject("an object such as { accuracy: binaryAccuracy }"),
  schedule: aFunction("a schedule such as cosineDecay(0.1, …)"),
  scheduleEvery: oneOf("epoch", "step"),
  earlyStopping: anything,
  onEpoch: aFunction("a function"),
  signal: anObject("an AbortSignal, or an object with aborted"),
  ...ABOUT_DATA,
};

/** Checks all that training needs, before anything is touched. */
function checked(owner: string, network: AnyLayer, options: FitOptions<Columns>): EarlyStopping | undefined {
  requireOptions(owner, options, OPTIONS);
  checkStep(owner, network, options);
  const { inputs, targets, sampleWeights, random, validation, epochs, batchSize } = options;
  checkData(owner, inputs, targets);
  checkSampleWeights(owner, sampleWeights, targets);
  if (validation !== undefined) {
    checkData(`${owner}, validation`, validation.inputs, validation.targets);
    checkRows(owner, "inputs", inputs, validation.inputs);
    checkRows(owner, "targets", targets, validation.targets);
  }
  requireWhole(owner, "epochs", epochs);
  if (batchSize !== undefined) requireWhole(owner, "batchSize", batchSize);
  if (random !== undefined && !(random instanceof Random)) {
    throw new ValueError(`${owner}: expected random to be a Random, got ${describe(random)}.`);
  }
  for (const [name, metric] of Object.entries(options.metrics ?? {})) {
    aFunction("a function such as binaryAccuracy")(owner, `metric "${name}"`, metric);
  }
  if (network.parameters.length === 0) {
    throw new StateError(
      `${owner}: the network "${network.name}" has nothing to learn; it has no parameters.`,
    );
  }
  for (const { name, value } of network.parameters) requireFinite(owner, name, value);
  return options.earlyStopping === undefined
    ? undefined
    : new EarlyStopping(owner, network, options.earlyStopping);
}

function checkRows(owner: string, what: string, expected: Columns, actual: Columns): void {
  const [first, second] = [columnsOf(expected), columnsOf(actual)];
  if (
    first instanceof Ids !== second instanceof Ids ||
    expected instanceof Ragged !== actual instanceof Ragged
  ) {
    throw new ShapeError(
      `${owner}, validation: expected ${what} of the kind that they have for training, got ${describe(actual)}.`,
    );
  }
  if (first instanceof Ids || second instanceof Ids || first.rows === second.rows) return;
  throw new ShapeError(
    `${owner}, validation: expected ${what} with ${first.rows} rows, as for training, got ${second.shape}.`,
  );
}

/** Throws unless there is at least one example, a target for each (or for each token), and no NaN or ∞. */
export function checkData(owner: string, inputs: unknown, targets: unknown): asserts inputs is Columns {
  checkColumns(owner, "the inputs", inputs);
  checkColumns(owner, "the targets", targets);
  if (countExamples(inputs) === 0)
    throw new ShapeError(`${owner}: expected at least one example, got ${shapeOf(inputs)}.`);
  if (targets instanceof Ragged) checkLengths(owner, inputs, targets);
  else if (countColumns(columnsOf(targets)) !== countExamples(inputs)) {
    const unit = inputs instanceof Ragged ? "sequence" : "column";
    throw new ShapeError(
      `${owner}: expected one target a ${unit} of the inputs; the inputs are ${shapeOf(inputs)}, the targets ${shapeOf(targets)}.`,
    );
  }
  for (const [what, value] of [
    ["the inputs", inputs],
    ["the targets", targets],
  ] as const) {
    const columns = columnsOf(value);
    if (columns instanceof Matrix) requireFinite(owner, what, columns);
  }
}

function checkColumns(owner: string, what: string, value: unknown): asserts value is Columns {
  if (value instanceof Ragged || value instanceof Ids) return;
  requireMatrix(owner, value, `${what} as a Matrix`);
}

/** Targets of sequences have a column for each token of the inputs. */
function checkLengths(owner: string, inputs: Columns, targets: Ragged<Matrix> | Ragged<Ids>): void {
  if (!(inputs instanceof Ragged)) {
    throw new ShapeError(
      `${owner}: expected sequences as inputs, as the targets are, got ${describe(inputs)}.`,
    );
  }
  const { starts } = targets;
  if (starts.length === inputs.starts.length && starts.every((start, s) => start === inputs.starts[s]))
    return;
  throw new ShapeError(
    `${owner}: expected one target a token of the inputs, in sequences of the same lengths; ` +
      `the inputs are ${shapeOf(inputs)}, the targets ${shapeOf(targets)}.`,
  );
}

function checkSampleWeights(owner: string, weights: Matrix | Ragged | undefined, targets: Columns): void {
  if (weights === undefined) return;
  if (targets instanceof Ragged !== weights instanceof Ragged) {
    const wanted =
      targets instanceof Ragged ? "sequences, one weight a token" : "a Matrix, one weight an example";
    throw new ShapeError(`${owner}: expected sample weights as ${wanted}, got ${describe(weights)}.`);
  }
  if (targets instanceof Ragged && weights instanceof Ragged)
    checkLengths(`${owner}, sample weights`, targets, weights);
  checkWeights(owner, columnsOf(weights), countColumns(columnsOf(targets)));
}

function shapeOf(value: Columns): string {
  const columns = columnsOf(value);
  const shape = columns instanceof Ids ? `${columns.length} ids` : columns.shape;
  return value instanceof Ragged ? `${shape} in ${value.length} sequences` : shape;
}
