/*
 * Whole networks, of depth 1 to 6: the gradient of every tensor, and training curves of 300 steps. Between them they
 * hold every kind of layer, and several losses and optimizers.
 */
import fc from "fast-check";
import {
  Adam,
  AdamW,
  BatchNorm,
  binaryCrossEntropy,
  binaryCrossEntropyFromLogits,
  categoricalCrossEntropyFromLogits,
  Dense,
  Dropout,
  elu,
  fit,
  GradientDescent,
  gelu,
  geluTanh,
  huber,
  type Layer,
  LayerNorm,
  type Loss,
  leakyRelu,
  type Matrix,
  Momentum,
  meanSquaredError,
  Nesterov,
  type Optimizer,
  Pass,
  Random,
  Residual,
  RmsProp,
  relu,
  Sequential,
  Snapshot,
  sigmoid,
  softplus,
  tanh,
  zeroGradients,
} from "glassbox";
import { mirror, mirrorLoss, reference, toTensor, trainReference } from "glassbox/reference";
import { between, numbers, oneHotColumns, seeds } from "./cases";
import { Sides, slopes } from "./numerical";
import {
  type CrossCheck,
  difference,
  NUMERICAL_TOLERANCE,
  overCases,
  REASONS,
  TFJS_TOLERANCE,
  tfjs,
  worst,
} from "./record";

type Width = (low: number, high: number) => number;
type DenseMaker = (inputs: number, outputs: number, name: string) => Dense;

interface Architecture {
  readonly name: string;
  readonly inputs: number;
  /** Runs in training mode: batch statistics, dropped units. */
  readonly training?: boolean;
  /** Biases whose slope is exactly 0 on paper, because batch norm subtracts them again. */
  readonly silent?: readonly string[];
  readonly loss: Loss;
  readonly optimizer: () => Optimizer;
  layers(dense: DenseMaker, width: Width, sides: Sides, random: Random): Layer[];
  targets(random: Random, outputs: number, examples: number): Matrix;
}

const classes = (random: Random, outputs: number, examples: number): Matrix =>
  oneHotColumns(random, outputs, examples);
const labels = (random: Random, outputs: number, examples: number): Matrix =>
  random.randMatrix(outputs, examples).map((u) => (u < 0.5 ? 0 : 1));

export const architectures: readonly Architecture[] = [
  {
    name: "depth 1, logits",
    inputs: 4,
    loss: categoricalCrossEntropyFromLogits,
    optimizer: () => new GradientDescent(0.5),
    layers: (dense, width) => [dense(4, width(2, 5), "1")],
    targets: classes,
  },
  {
    name: "depth 2, ReLU and sigmoid",
    inputs: 2,
    loss: binaryCrossEntropy,
    optimizer: () => new Adam(0.01),
    layers(dense, width, sides) {
      const hidden = width(4, 16);
      return [dense(2, hidden, "1"), sides.watch(relu), dense(hidden, 1, "2"), sides.watch(sigmoid)];
    },
    targets: labels,
  },
  {
    name: "depth 3, tanh and ELU, regression",
    inputs: 3,
    loss: huber(1),
    optimizer: () => new Momentum(0.02, { momentum: 0.8 }),
    layers(dense, width, sides) {
      const [a, b] = [width(3, 8), width(3, 8)];
      return [dense(3, a, "1"), sides.watch(tanh), dense(a, b, "2"), sides.watch(elu(1)), dense(b, 2, "3")];
    },
    targets: (random, outputs, examples) => numbers(random, outputs, examples),
  },
  {
    name: "depth 4, batch norm and leaky ReLU",
    inputs: 3,
    training: true,
    silent: ["1.bias", "2.bias", "3.bias"],
    loss: categoricalCrossEntropyFromLogits,
    optimizer: () => new Nesterov(0.02, { momentum: 0.7 }),
    layers(dense, width, sides) {
      const [a, b, c] = [width(3, 7), width(3, 7), width(3, 7)];
      const block = (inputs: number, outputs: number, name: string): Layer[] => [
        dense(inputs, outputs, name),
        new BatchNorm(outputs, { name: `norm${name}`, epsilon: 0.01 }),
        sides.watch(leakyRelu(0.2)),
      ];
      return [...block(3, a, "1"), ...block(a, b, "2"), ...block(b, c, "3"), dense(c, 3, "4")];
    },
    targets: classes,
  },
  {
    name: "depth 5, residual, layer norm and GELU",
    inputs: 4,
    loss: meanSquaredError,
    optimizer: () => new AdamW(0.003, { weightDecay: 0.1 }),
    layers(dense, width, sides) {
      const n = width(4, 7);
      const block = (name: string, activation = gelu): Layer =>
        new Residual(
          new Sequential([
            new LayerNorm(n, { name: `norm${name}` }),
            dense(n, n, `${name}a`),
            sides.watch(activation),
            dense(n, n, `${name}b`),
          ]),
        );
      return [dense(4, n, "1"), block("2"), block("3", geluTanh), dense(n, 2, "4")];
    },
    targets: (random, outputs, examples) => between(random, outputs, examples, -1, 1),
  },
  {
    name: "depth 6, dropout, softplus and sigmoid",
    inputs: 3,
    training: true,
    loss: binaryCrossEntropyFromLogits,
    optimizer: () => new RmsProp(0.005, { decay: 0.95, epsilon: 0.01 }),
    layers(dense, width, sides, random) {
      const n = [width(3, 7), width(3, 7), width(3, 7), width(3, 7), width(3, 7)];
      return [
        dense(3, n[0], "1"),
        sides.watch(softplus),
        dense(n[0], n[1], "2"),
        sides.watch(tanh),
        new Dropout(0.25, { random: new Random(random.randint(0, 1000)) }),
        dense(n[1], n[2], "3"),
        sides.watch(elu(1)),
        dense(n[2], n[3], "4"),
        sides.watch(tanh),
        dense(n[3], n[4], "5"),
        sides.watch(sigmoid),
        dense(n[4], 2, "6"),
      ];
    },
    targets: labels,
  },
];

const cases = fc.record({ seed: seeds, examples: fc.integer({ min: 5, max: 20 }) });
type Case = { readonly seed: number; readonly examples: number };

/** A network of one of the architectures, and its data: widths, weights and numbers all from the seed. */
function prepare(architecture: Architecture, { seed, examples }: Case) {
  const random = new Random(seed);
  const sides = new Sides();
  const width: Width = (low, high) => random.randint(low, high + 1);
  const dense: DenseMaker = (inputs, outputs, name) =>
    new Dense(inputs, outputs, {
      name,
      weights: numbers(random, outputs, inputs, Math.sqrt(1.5 / inputs)),
      bias: numbers(random, outputs, 1, 0.3),
    });
  const network = new Sequential(architecture.layers(dense, width, sides, random));
  const X = numbers(random, architecture.inputs, examples);
  const outputs = network.outputRows(architecture.inputs) as number;
  const Y = architecture.targets(random, outputs, examples);
  const still = new Snapshot(network, { parameters: false });
  const pass = (): Pass => new Pass({ training: architecture.training ?? false });
  const forward = (): readonly [number, Matrix, (d: Matrix) => Matrix] => {
    const [prediction, backward] = network.forward(X, pass());
    still.restore();
    if (architecture.name.includes("regression")) sides.note(prediction.minus(Y), [-1, 1]); // Huber's kinks
    sides.settle();
    const [value, slope] = architecture.loss(prediction, Y);
    return [value, slope, backward];
  };
  return { network, sides, X, Y, forward };
}

function gradients(architecture: Architecture): CrossCheck[] {
  const { training = false, silent = [], loss } = architecture;
  const name = `network ${architecture.name}`;
  const silence =
    silent.length === 0
      ? ""
      : "; biases before a batch norm have no slope on paper: theirs is compared on the scale of their layer's weights";
  const measure = (
    one: Case,
    theirsOf: (prepared: ReturnType<typeof prepare>) => { input: Matrix; parameters: readonly Matrix[] },
  ) => {
    const prepared = prepare(architecture, one);
    const { network, sides, forward } = prepared;
    zeroGradients(network.parameters);
    const [, slope, backward] = forward();
    const input = backward(slope).clone();
    const mine = network.parameters.map(({ gradient }) => gradient.clone());
    const theirs = theirsOf(prepared);
    if (sides.crossed) return undefined;
    return worst([
      difference(input, theirs.input),
      ...network.parameters.map((parameter, i) => {
        if (!silent.includes(parameter.name)) return difference(mine[i], theirs.parameters[i]);
        const scale = mine[i - 1].map(Math.abs).data.reduce((most, x) => Math.max(most, x), 0);
        const { maxAbs } = difference(mine[i], theirs.parameters[i]);
        return { maxAbs, maxRel: maxAbs / scale };
      }),
    ]);
  };
  return [
    overCases(
      {
        name: `${name}, every gradient`,
        kind: "gradient",
        against: tfjs(),
        tolerance: TFJS_TOLERANCE,
        reason: REASONS.float32 + silence,
      },
      cases,
      (one) =>
        measure(one, ({ network, X, Y }) => {
          const { tf } = reference();
          const twin = mirror(network);
          try {
            const { input, parameters } = twin.gradients(
              X,
              (output) => mirrorLoss(loss)(tf, output, toTensor(Y), tf.scalar(1)),
              { training },
            );
            return { input, parameters: [...parameters.values()] };
          } finally {
            twin.dispose();
          }
        }),
      8,
    ),
    overCases(
      {
        name: `${name}, every gradient`,
        kind: "gradient",
        against: "numerical",
        tolerance: NUMERICAL_TOLERANCE,
        reason: REASONS.numerical + silence,
      },
      cases,
      (one) =>
        measure(one, ({ network, X, forward }) => {
          const value = (): number => forward()[0];
          return {
            input: slopes(value, X),
            parameters: network.parameters.map((parameter) => slopes(value, parameter.value)),
          };
        }),
      8,
    ),
  ];
}

function curves(architecture: Architecture): CrossCheck {
  return overCases(
    {
      name: `network ${architecture.name}, 300 steps`,
      kind: "curve",
      against: tfjs(),
      tolerance: TFJS_TOLERANCE,
      reason:
        "float32: 300 steps of training build on each other's roundings; relative to the largest loss of the curve",
    },
    cases,
    (one) => {
      const { network, X, Y } = prepare(architecture, one);
      const options = {
        inputs: X,
        targets: Y,
        loss: architecture.loss,
        optimizer: architecture.optimizer(),
        epochs: 300,
      };
      const theirs = trainReference(network, options);
      return difference(fit(network, options).loss, theirs.loss);
    },
    3,
  );
}

export function checkNetworks(): CrossCheck[] {
  return architectures.flatMap((architecture) => [...gradients(architecture), curves(architecture)]);
}
