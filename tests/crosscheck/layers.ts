/* Every layer: the slope along its input and along each of its parameters, for a random upstream slope. */
import fc from "fast-check";
import {
  type AnyLayer,
  activations,
  BatchNorm,
  type Columns,
  columnsOf,
  Dense,
  Dropout,
  Ids,
  type Layer,
  LayerNorm,
  LogSoftmax,
  Matrix,
  Observe,
  Pass,
  Random,
  Residual,
  Sequential,
  Snapshot,
  Softmax,
  tanh,
  zeroGradients,
} from "glassbox";
import { mirror, reference, toTensor } from "glassbox/reference";
import { exampleInput, layerExamples, makeExample } from "../layers/examples";
import { batches, between, numbers, seeds, setting, sizes } from "./cases";
import { inner, Sides, slopes } from "./numerical";
import {
  type CrossCheck,
  type Difference,
  difference,
  NUMERICAL_TOLERANCE,
  overCases,
  REASONS,
  TFJS_TOLERANCE,
  tfjs,
  worst,
} from "./record";

interface Case {
  readonly seed: number;
  readonly inputs: number;
  readonly outputs: number;
  readonly examples: number;
  readonly setting: number;
}

/** A layer to check, fed by `rows` features. */
interface Subject {
  readonly name: string;
  readonly training?: boolean;
  build(one: Case, random: Random, sides: Sides): AnyLayer;
  /** What goes in; inputs × examples random numbers when left out. */
  input?(one: Case, random: Random): Columns;
}

const dense = (random: Random, inputs: number, outputs: number, name = "dense"): Dense =>
  new Dense(inputs, outputs, {
    name,
    weights: numbers(random, outputs, inputs, 0.7),
    bias: numbers(random, outputs, 1, 0.5),
  });

const scaleAndShift = (random: Random, n: number): { gamma: Matrix; beta: Matrix } => ({
  gamma: between(random, n, 1, 0.5, 2),
  beta: numbers(random, n, 1),
});

const batchNorm = ({ inputs, setting }: Case, random: Random): Layer =>
  new BatchNorm(inputs, {
    ...scaleAndShift(random, inputs),
    runningMean: numbers(random, inputs, 1),
    runningVariance: between(random, inputs, 1, 0.5, 2),
    epsilon: Math.fround(0.01 + setting),
  });

export const layerSubjects: Subject[] = [
  { name: "Dense", build: ({ inputs, outputs }, random) => dense(random, inputs, outputs) },
  ...activations.map((activation) => ({
    name: `Activation ${activation.name}`,
    build: (_one: Case, _random: Random, sides: Sides) => sides.watch(activation),
  })),
  {
    name: "Dropout, training",
    training: true,
    build: ({ setting, seed }) => new Dropout(setting * 0.8, { random: new Random(seed) }),
  },
  {
    name: "Dropout, inference",
    build: ({ setting, seed }) => new Dropout(setting * 0.8, { random: new Random(seed) }),
  },
  { name: "BatchNorm, training", training: true, build: batchNorm },
  { name: "BatchNorm, inference", build: batchNorm },
  {
    name: "LayerNorm",
    build: ({ inputs, setting }, random) =>
      new LayerNorm(inputs, { ...scaleAndShift(random, inputs), epsilon: Math.fround(0.01 + setting) }),
  },
  { name: "Softmax", build: () => new Softmax() },
  { name: "LogSoftmax", build: () => new LogSoftmax() },
  {
    name: "Sequential",
    build: ({ inputs, outputs }, random, sides) =>
      new Sequential([
        dense(random, inputs, 5, "first"),
        sides.watch(tanh),
        dense(random, 5, outputs, "second"),
      ]),
  },
  {
    name: "Sequential, one layer used twice",
    build: ({ inputs }, random, sides) => {
      const shared = dense(random, inputs, inputs, "shared");
      return new Sequential([shared, sides.watch(tanh), shared]);
    },
  },
  {
    name: "Residual",
    build: ({ inputs }, random, sides) =>
      new Residual(new Sequential([dense(random, inputs, inputs, "inner"), sides.watch(tanh)])),
  },
  {
    name: "Observe",
    build: ({ inputs, outputs }, random) => new Observe(dense(random, inputs, outputs), {}),
  },
];

for (const example of layerExamples) {
  layerSubjects.push({
    name: example.name,
    build: (_one, random) => makeExample(example, random),
    input: ({ examples }, random) => exampleInput(example, random, examples),
  });
}

const cases: fc.Arbitrary<Case> = fc.record({
  seed: seeds,
  inputs: sizes,
  outputs: sizes,
  examples: batches,
  setting: setting(0.05, 0.9),
});

/** A case made real: layer, data, upstream slope, and our backward pass. */
function prepare(subject: Subject, one: Case) {
  const random = new Random(one.seed);
  const sides = new Sides();
  const layer = subject.build(one, random, sides);
  const X: Columns = subject.input?.(one, random) ?? numbers(random, one.inputs, one.examples);
  const before = new Snapshot(layer);
  const pass = (): Pass => new Pass({ training: subject.training ?? false });
  const shape: Matrix = columnsOf(layer.forward(X, pass())[0]);
  before.restore();
  const upstream = numbers(random, shape.rows, shape.columns);
  sides.settle();
  return { layer, sides, X, before, upstream, pass };
}

/** Our gradients by name, "input" among them, split into input and parameters. */
function ours({ layer, X, upstream, pass, before, sides }: ReturnType<typeof prepare>) {
  zeroGradients(layer.parameters);
  const [, backward] = layer.forward(X, pass());
  const input: Matrix = backward(upstream)?.clone() ?? new Matrix(0, 0); // ids have no slope
  before.restore();
  sides.settle();
  return { input, parameters: layer.parameters.map(({ gradient }) => gradient.clone()) };
}

const hasNoSlope = (input: Columns | undefined): boolean =>
  input !== undefined && columnsOf(input) instanceof Ids;

const PROBE: Case = { seed: 1, inputs: 3, outputs: 2, examples: 2, setting: 0.5 };

export function checkLayers(): CrossCheck[] {
  return layerSubjects.flatMap((subject) => {
    const { training = false } = subject;
    const probe = subject.build(PROBE, new Random(1), new Sides());
    const parts = (["input", "parameters"] as const).filter((part) =>
      part === "input" ? !hasNoSlope(subject.input?.(PROBE, new Random(1))) : probe.parameters.length > 0,
    );
    return parts.flatMap((part) => {
      const pick = (all: { input: Matrix; parameters: readonly Matrix[] }): readonly Matrix[] =>
        part === "input" ? [all.input] : all.parameters;
      const compare = (a: readonly Matrix[], b: readonly Matrix[]): Difference =>
        worst(a.map((matrix, i) => difference(matrix, b[i])));
      const about = { name: `layer ${subject.name}, ${part}`, kind: "gradient" as const };
      return [
        overCases(
          { ...about, against: tfjs(), tolerance: TFJS_TOLERANCE, reason: REASONS.float32 },
          cases,
          (one) => {
            const prepared = prepare(subject, one);
            const { layer, X, upstream, sides } = prepared;
            const mine = ours(prepared);
            const { tf } = reference();
            const twin = mirror(layer);
            try {
              const theirs = twin.gradients(X, (output) => tf.sum(tf.mul(output, toTensor(upstream))), {
                training,
              });
              if (sides.crossed) return undefined;
              return compare(pick(mine), pick({ ...theirs, parameters: [...theirs.parameters.values()] }));
            } finally {
              twin.dispose();
            }
          },
        ),
        overCases(
          { ...about, against: "numerical", tolerance: NUMERICAL_TOLERANCE, reason: REASONS.numerical },
          cases,
          (one) => {
            const prepared = prepare(subject, one);
            const { layer, X, upstream, sides, pass } = prepared;
            const mine = ours(prepared);
            const still = new Snapshot(layer, { parameters: false }); // each evaluation drops the same units
            const value = (): number => {
              const output: Matrix = columnsOf(layer.forward(X, pass())[0]);
              still.restore();
              sides.settle();
              return inner(output, upstream);
            };
            const measured = {
              input: hasNoSlope(X) ? new Matrix(0, 0) : slopes(value, columnsOf(X) as Matrix),
              parameters: layer.parameters.map((parameter) => slopes(value, parameter.value)),
            };
            if (sides.crossed) return undefined;
            return compare(pick(mine), pick(measured));
          },
        ),
      ];
    });
  });
}
