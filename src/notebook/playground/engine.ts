/*
 * A training run that can be looked at while it goes on. It is the library and nothing else: the data, the network,
 * the loss and the optimizer that a setting names, and a step function. Who draws, and where, is not known here.
 */
import {
  Activation,
  AdaGrad,
  Adam,
  AdamW,
  binaryCrossEntropyFromLogits,
  circles,
  type Dataset,
  Dense,
  GradientDescent,
  gelu,
  heNormal,
  hinge,
  type Layer,
  type Loss,
  l1,
  l2,
  leakyRelu,
  linear,
  Matrix,
  Momentum,
  meanSquaredError,
  moons,
  Nesterov,
  type Optimizer,
  overlappingSpirals,
  Pass,
  pickExamples,
  Random,
  RmsProp,
  relu,
  Sequential,
  type StepOptions,
  sigmoid,
  spirals,
  tanh,
  trainingStep,
  ValueError,
  validationSplit,
  xavierNormal,
  xor,
} from "../../index";
import { completeSetting, type Setting } from "./setting";

/** The plane is shown from −EXTENT to EXTENT in both directions. */
export const EXTENT = 1.5;

/** What there is to see at one moment. Plain numbers: it travels between threads. */
export interface View {
  readonly step: number;
  /** Epochs so far, in parts: 2.5 after half of the third. */
  readonly epoch: number;
  readonly trainingLoss: number;
  /** Undefined when nothing is held back. */
  readonly validationLoss: number | undefined;
  /** Shares from 0 to 1. */
  readonly trainingAccuracy: number;
  readonly validationAccuracy: number | undefined;
  /** Length of the last step's weight gradient, first layer first; empty before the first step. */
  readonly gradientNorms: readonly number[];
  /** P(class 1) on a square grid, row by row from y = −EXTENT, `side` numbers a row. */
  readonly region: Float32Array;
  readonly side: number;
  /** For each hidden layer up to `MAPS` units, each on a grid of MAP_SIDE × MAP_SIDE. */
  readonly units: readonly (readonly Float32Array[])[];
}

/** How many units of a layer are shown, and how finely. */
export const MAPS = 8;
export const MAP_SIDE = 16;

const activationFunctions = { relu, tanh, sigmoid, leakyRelu: leakyRelu(), gelu, linear };

/** One run: built from a setting, moved on by `steps`, looked at by `view`. */
export class Engine {
  readonly setting: Setting;
  readonly training: Dataset;
  readonly validation: Dataset | undefined;
  readonly network: Sequential;
  private readonly loss: Loss;
  private readonly stepOptions: StepOptions;
  private readonly order: Int32Array;
  private readonly random: Random;
  private readonly looking = new Pass();
  /** Examples a step. */
  readonly batchSize: number;
  private cursor = 0;
  private step = 0;

  /** @throws ValueError for a setting out of range, or without points of both kinds to learn from */
  constructor(given: Partial<Setting>) {
    this.setting = completeSetting(given);
    const { setting } = this;
    this.random = new Random(setting.seed);
    const all = dataOf(setting, this.random);
    const parts =
      setting.heldBack > 0 && all.inputs.columns >= 5
        ? validationSplit(all, setting.heldBack, this.random)
        : undefined;
    this.training = parts?.training ?? all;
    this.validation = parts?.validation;
    this.network = networkOf(setting, this.random);
    this.loss = lossOf(setting);
    const regularizer = { none: undefined, l1: l1(setting.strength), l2: l2(setting.strength) }[
      setting.regularizer
    ];
    this.stepOptions = {
      loss: this.loss,
      optimizer: optimizerOf(setting),
      regularizer,
    };
    const m = this.training.inputs.columns;
    this.batchSize = setting.batch === 0 ? m : Math.min(setting.batch, m);
    this.order = Int32Array.from({ length: m }, (_, i) => i);
  }

  /**
   * Takes `count` steps.
   * @throws DivergenceError when the loss stops being a number; the weights of the step before are kept
   */
  steps(count: number): void {
    for (let k = 0; k < count; k++) {
      const { inputs, targets } = this.nextBatch();
      trainingStep(this.network, inputs, targets, this.stepOptions);
      this.step += 1;
    }
  }

  private nextBatch(): Dataset {
    const m = this.order.length;
    const { batchSize } = this;
    if (batchSize === m) return this.training;
    if (this.cursor + batchSize > m) this.cursor = 0; // the rest of an epoch waits for the next shuffle
    if (this.cursor === 0) this.random.shuffle(this.order);
    const chosen = this.order.subarray(this.cursor, this.cursor + batchSize);
    this.cursor += batchSize;
    return pickExamples(this.training, chosen);
  }

  /** What there is to see now. @param side points along each side of the region's grid */
  view(side = 40): View {
    const [trainingLoss, trainingAccuracy] = this.judge(this.training);
    const held = this.validation === undefined ? undefined : this.judge(this.validation);
    const dense = this.network.layers.filter((layer): layer is Dense => layer instanceof Dense);
    return {
      step: this.step,
      epoch: (this.step * this.batchSize) / this.order.length,
      trainingLoss,
      validationLoss: held?.[0],
      trainingAccuracy,
      validationAccuracy: held?.[1],
      gradientNorms: this.step === 0 ? [] : dense.map(({ weights }) => weights.gradient.norm()),
      region: this.region(side),
      side,
      units: this.unitMaps(),
    };
  }

  private judge({ inputs, targets }: Dataset): [loss: number, accuracy: number] {
    this.looking.restart();
    const [prediction] = this.network.forward(inputs, this.looking);
    const [loss] = this.loss(prediction, targets, { pass: this.looking });
    const border = this.setting.loss === "squaredError" ? 0.5 : 0;
    let right = 0;
    for (let j = 0; j < targets.columns; j++)
      if (prediction.data[j] > border === targets.data[j] > 0) right += 1;
    return [loss, right / targets.columns];
  }

  private region(side: number): Float32Array {
    this.looking.restart();
    const [prediction] = this.network.forward(gridOf(side), this.looking);
    return Float32Array.from(prediction.data, (score) => this.probability(score));
  }

  /** What an output means: a logit, a probability, or a score with its borders at −1 and 1. */
  private probability(score: number): number {
    if (this.setting.loss === "crossEntropy") return sigmoid.apply(score);
    return Math.min(1, Math.max(0, this.setting.loss === "hinge" ? (score + 1) / 2 : score));
  }

  private unitMaps(): Float32Array[][] {
    this.looking.restart();
    const maps: Float32Array[][] = [];
    const { layers } = this.network;
    let values = gridOf(MAP_SIDE);
    // every hidden layer is a dense layer and its activation; what follows the last pair is the output
    layers.slice(0, 2 * this.setting.hidden.length).forEach((layer: Layer, i) => {
      values = layer.forward(values, this.looking)[0];
      if (i % 2 === 0) return;
      const shown = Math.min(MAPS, values.rows);
      const row = (unit: number): Float32Array =>
        Float32Array.from({ length: values.columns }, (_, j) => values.at(unit, j));
      maps.push(Array.from({ length: shown }, (_, unit) => row(unit)));
    });
    return maps;
  }
}

const grids = new Map<number, Matrix>();

/** The points of a square grid over the plane, (2 × side²), row by row from the bottom. */
export function gridOf(side: number): Matrix {
  const known = grids.get(side);
  if (known !== undefined) return known;
  const grid = new Matrix(2, side * side);
  const at = (k: number): number => -EXTENT + (2 * EXTENT * k) / (side - 1);
  for (let i = 0; i < side; i++) {
    for (let j = 0; j < side; j++) {
      grid.data[2 * (i * side + j)] = at(j);
      grid.data[2 * (i * side + j) + 1] = at(i);
    }
  }
  grids.set(side, grid);
  return grid;
}

/** The points a setting asks for, with labels 0 and 1, or −1 and 1 where the loss wants them so. */
function dataOf(setting: Setting, random: Random): Dataset {
  const { points, noise, own } = setting;
  const made = { spirals, overlappingSpirals, circles, moons, xor, own: undefined }[setting.data]?.({
    points,
    noise,
    random,
  });
  const middle = MIDDLES[setting.data];
  const ready = made && middle ? { ...made, inputs: centred(made.inputs, middle) } : made;
  const count = (ready?.inputs.columns ?? 0) + own.length;
  if (count < 2)
    throw new ValueError(
      "playground: expected at least two points to learn from, got fewer. Click into the plane to add some.",
    );
  const inputs = new Matrix(2, count);
  const targets = new Matrix(1, count);
  const put = (j: number, x: number, y: number, label: number): void => {
    inputs.data[2 * j] = x;
    inputs.data[2 * j + 1] = y;
    targets.data[j] = setting.loss === "hinge" ? 2 * label - 1 : label;
  };
  for (let j = 0; j < count - own.length; j++) {
    if (ready !== undefined) put(j, ready.inputs.at(0, j), ready.inputs.at(1, j), ready.targets.at(0, j));
  }
  own.forEach(([x, y, label], k) => {
    put(count - own.length + k, x, y, label);
  });
  return { inputs, targets };
}

/** Data that lie elsewhere: where their middle is, and how far they reach from it where the others reach 1. */
const MIDDLES: Partial<Record<Setting["data"], readonly [x: number, y: number, reach: number]>> = {
  moons: [0.5, 0.25, 1.25],
  xor: [0.5, 0.5, 0.625],
};

function centred(inputs: Matrix, [x, y, reach]: readonly [number, number, number]): Matrix {
  return inputs.map((value, feature) => (value - (feature === 0 ? x : y)) / reach);
}

function networkOf(setting: Setting, random: Random): Sequential {
  const f = activationFunctions[setting.activation];
  const initializer = ["relu", "leakyRelu", "gelu"].includes(setting.activation) ? heNormal : xavierNormal;
  const layers: Layer[] = [];
  let inputs = 2;
  for (const [k, units] of setting.hidden.entries()) {
    layers.push(
      new Dense(inputs, units, { random, initializer, name: `hidden ${k + 1}` }),
      new Activation(f),
    );
    inputs = units;
  }
  layers.push(new Dense(inputs, 1, { random, initializer, name: "output" }));
  if (setting.loss === "squaredError") layers.push(new Activation(sigmoid));
  return new Sequential(layers);
}

function optimizerOf({ optimizer, rate }: Setting): Optimizer {
  switch (optimizer) {
    case "gradientDescent":
      return new GradientDescent(rate);
    case "momentum":
      return new Momentum(rate);
    case "nesterov":
      return new Nesterov(rate);
    case "rmsProp":
      return new RmsProp(rate);
    case "adaGrad":
      return new AdaGrad(rate);
    case "adam":
      return new Adam(rate);
    case "adamW":
      return new AdamW(rate);
  }
}

function lossOf({ loss }: Setting): Loss {
  return { crossEntropy: binaryCrossEntropyFromLogits, squaredError: meanSquaredError, hinge }[loss];
}
