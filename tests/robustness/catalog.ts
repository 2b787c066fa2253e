/*
 * Every public call, with arguments that are right. The fuzzer spoils one or two of them and calls.
 *
 * An entry makes fresh arguments each time, and says what must not change when the call fails: networks, optimizers
 * and generators are looked at before and after.
 */
import * as g from "glassbox";
import {
  type AnyLayer,
  type Layer,
  type Loss,
  type Matrix,
  type Optimizer,
  type Parameter,
  Pass,
  Random,
} from "glassbox";
import { exampleInput, layerExamples, makeExample } from "../layers/examples";

// biome-ignore lint/suspicious/noExplicitAny: the whole point is to pass what the types forbid
export type Anything = any;

/** One call: its arguments, and how to make it. */
export interface Call {
  /** Options among them may be spoiled key by key, matrices entry by entry. */
  readonly args: Anything[];
  run(this: Call, ...args: Anything[]): unknown;
  /** What a failed call must leave as it was. */
  readonly guard?: readonly (Layer | Optimizer | Random | Matrix)[];
  /** Parameters of an optimizer whose memory must not move. */
  readonly remembered?: readonly Parameter[];
  /** The first argument is whose method is called: its parameters may be spoiled, itself not. */
  readonly method?: boolean;
  /** True once the part of the call that may not change anything is over. */
  passed?: boolean;
  /** Works on numbers as they come: NaN in gives NaN out, as a plain sum does. */
  readonly carriesNaN?: boolean;
}

type Writing = Parameters<typeof g.generate>;

const random = (): Random => new Random(5);
const numbers = (rows: number, columns: number): Matrix => new Random(9).randnMatrix(rows, columns);
const unit = (rows: number, columns: number): Matrix => new Random(9).randMatrix(rows, columns);
const labels = (rows: number, columns: number): Matrix => unit(rows, columns).map((u) => (u < 0.5 ? 0 : 1));
const oneHot = (): Matrix => g.oneHot([0, 2, 1, 2], 3);
const probabilities = (): Matrix => g.softmax(numbers(3, 4));

/** A small network with every kind of layer that learns, drops or remembers. */
export function network(): g.Sequential {
  const weights = new Random(3);
  return new g.Sequential([
    new g.Dense(2, 4, { random: weights, name: "hidden" }),
    new g.BatchNorm(4),
    new g.Activation(g.tanh),
    new g.Dropout(0.3, { random: new Random(8) }),
    new g.Residual(
      new g.Sequential([new g.LayerNorm(4), new g.Dense(4, 4, { random: weights, name: "inner" })]),
    ),
    new g.Dense(4, 1, { random: weights, name: "output" }),
  ]);
}

/** Two plain layers: what the traces can tell. */
function plain(): g.Sequential {
  const weights = new Random(3);
  return new g.Sequential([
    new g.Dense(2, 3, { random: weights }),
    new g.Activation(g.relu),
    new g.Dense(3, 1, { random: weights }),
    new g.Activation(g.sigmoid),
  ]);
}

/** Parameters with a gradient each. */
function parameters(): Parameter[] {
  return [
    [2, 3],
    [2, 1],
  ].map(([rows, columns], i) => {
    const one = g.parameter(`p${i}`, numbers(rows, columns));
    one.gradient.copyFrom(numbers(rows, columns).scale(0.5));
    return one;
  });
}

/** A layer's forward pass and, when that succeeds, its backward pass. */
function layerCalls(
  name: string,
  make: () => AnyLayer,
  rows?: number,
  input: () => g.Columns = () => numbers(rows ?? 1, 3),
): [string, () => Call][] {
  return [false, true].map((training) => [
    `${name}, ${training ? "training" : "inference"}`,
    () => {
      const layer = make();
      return {
        args: [layer, input(), new Pass({ training }), numbers(layer.outputRows?.(rows) ?? rows ?? 1, 3)],
        guard: [layer],
        method: true,
        // while training, a second look at every slope would slow each step down: the next layer or the optimizer looks
        carriesNaN: training && layer instanceof g.Activation,
        run(this: Call, self: AnyLayer, input: g.Columns, pass: Pass, upstream: Matrix) {
          const [output, backward] = self.forward(input, pass);
          this.passed = true; // units have been dropped and averages moved, as they should
          return [output, backward(upstream)];
        },
      };
    },
  ]);
}

function optimizerCalls(name: string, make: () => Optimizer): [string, () => Call] {
  return [
    `${name}.step`,
    () => {
      const optimizer = make();
      const list = parameters();
      optimizer.step(list);
      return {
        args: [optimizer, [...list]],
        method: true,
        guard: [optimizer, ...list.map(({ value }) => value)],
        remembered: list,
        run(self: Optimizer, given: Parameter[]) {
          self.step(given);
          return list.map(({ value }) => value);
        },
      };
    },
  ];
}

function lossCalls(
  name: string,
  loss: Loss,
  prediction: () => Matrix,
  target: () => Matrix,
): [string, () => Call] {
  return [
    name,
    () => ({
      args: [prediction(), target(), { weights: unit(1, prediction().columns), pass: new Pass() }],
      run: (p: Matrix, y: Matrix, options: g.LossOptions) => loss(p, y, options),
    }),
  ];
}

/** A call of a plain function whose result is data. */
function plainCall(
  name: string,
  args: () => Anything[],
  run?: (...args: Anything[]) => unknown,
): [string, () => Call] {
  const call = run ?? ((g as Anything)[name] as (...args: Anything[]) => unknown);
  return [name, () => ({ args: args(), run: call })];
}

function priced(regularizer: g.Regularizer, list: Parameter[]): number {
  regularizer.addGradient(list);
  return regularizer.penalty(list);
}

/** A call that makes a class. */
function making(name: string, args: () => Anything[]): [string, () => Call] {
  return [`new ${name}`, () => ({ args: args(), run: (...given) => new (g as Anything)[name](...given) })];
}

/** A schedule, made and asked a few times. */
function schedule(name: string, args: () => Anything[]): [string, () => Call] {
  return [
    name,
    () => ({
      args: [...args(), 3],
      run(...given) {
        const step = given.pop();
        return (g as Anything)[name](...given)(step);
      },
    }),
  ];
}

/** An initializer, made (where it is made) and drawn from. */
function initializer(name: string, settings?: () => Anything[]): [string, () => Call] {
  return [
    name,
    () => ({
      args: [...(settings?.() ?? []), 3, 2, random()],
      run(...given) {
        const [outputs, inputs, generator] = given.splice(-3);
        const made = settings === undefined ? (g as Anything)[name] : (g as Anything)[name](...given);
        return made(outputs, inputs, generator);
      },
    }),
  ];
}

function training(name: "fit" | "training"): [string, () => Call] {
  return [
    name,
    () => {
      const net = network();
      const optimizer = new g.Adam(0.01);
      const order = random();
      return {
        args: [
          net,
          {
            inputs: numbers(2, 6),
            targets: labels(1, 6),
            sampleWeights: unit(1, 6),
            loss: g.binaryCrossEntropyFromLogits,
            optimizer,
            epochs: 2,
            batchSize: 4,
            random: order,
            validation: { inputs: numbers(2, 4), targets: labels(1, 4) },
            metrics: { accuracy: g.binaryAccuracy },
            schedule: g.cosineDecay(0.1, { steps: 5 }),
            scheduleEvery: "step",
            clip: { value: 1, norm: 2 },
            regularizer: g.l2(0.01),
            earlyStopping: { patience: 2 },
          },
        ],
        run: (self: Layer, options: g.FitOptions) =>
          name === "fit" ? g.fit(self, options) : [...g.training(self, options)],
      };
    },
  ];
}

/** What only keeps what it was given: whoever computes with it looks at the numbers. */
function keeping([name, make]: [string, () => Call]): [string, () => Call] {
  return [name, () => ({ ...make(), carriesNaN: true })];
}

function same(entry: [string, () => Call]): [string, () => Call] {
  return entry;
}

const sized = (): Anything => ({ points: 20, noise: 0.1, random: random() });

/** Every call by name. */
export const catalog: readonly [string, () => Call][] = [
  // matrices
  making("Matrix", () => [2, 3, new Float64Array(6)]),
  ...(
    [
      ["plus", () => [numbers(2, 3)]],
      ["minus", () => [numbers(2, 3)]],
      ["hadamard", () => [numbers(2, 3)]],
      ["times", () => [numbers(3, 2)]],
      ["scale", () => [2]],
      ["at", () => [1, 2]],
      ["set", () => [1, 2, 0.5]],
      ["fill", () => [1]],
      ["copyFrom", () => [numbers(2, 3)]],
      ["pickColumns", () => [[0, 2]]],
      ["map", () => [Math.abs]],
      ["equals", () => [numbers(2, 3), 0.1]],
      ["clone", () => []],
      ["transpose", () => []],
      ["sum", () => []],
      ["sumColumns", () => []],
      ["norm", () => []],
      ["toRows", () => []],
    ] as [string, () => Anything[]][]
  ).map(([method, args]): [string, () => Call] => [
    `Matrix.${method}`,
    () => ({
      args: [numbers(2, 3), ...args()],
      method: true,
      carriesNaN: true,
      run: (self, ...given) => (self as Anything)[method](...given),
    }),
  ]),
  ["Matrix.from", () => ({ args: [numbers(2, 2).toRows()], carriesNaN: true, run: g.Matrix.from })],
  ["Matrix.zeros", () => ({ args: [2, 3], run: g.Matrix.zeros })],
  ["Matrix.filled", () => ({ args: [2, 3, 1], carriesNaN: true, run: g.Matrix.filled })],
  ["Matrix.identity", () => ({ args: [2], run: g.Matrix.identity })],
  ["Matrix.column", () => ({ args: [[1, 2]], carriesNaN: true, run: g.Matrix.column })],
  ["Matrix.row", () => ({ args: [[1, 2]], carriesNaN: true, run: g.Matrix.row })],

  // generators
  making("Random", () => [42]),
  ...(
    [
      ["uniform", () => [0, 1]],
      ["randint", () => [0, 9]],
      ["shuffle", () => [[1, 2, 3]]],
      ["permutation", () => [5]],
      ["randMatrix", () => [2, 3]],
      ["randnMatrix", () => [2, 3]],
      ["copyFrom", () => [new Random(3)]],
      ["clone", () => []],
      ["rand", () => []],
      ["randn", () => []],
      ["uint32", () => []],
    ] as [string, () => Anything[]][]
  ).map(([method, args]): [string, () => Call] => [
    `Random.${method}`,
    () => {
      const self = random();
      return {
        args: args(),
        guard: [self],
        carriesNaN: method === "shuffle",
        run: (...given) => (self as Anything)[method](...given),
      };
    },
  ]),

  // activations
  plainCall(
    "elu",
    () => [0.5, 1.5],
    (alpha, z) => g.elu(alpha).apply(typeof z === "number" && Number.isFinite(z) ? z : -1),
  ),
  plainCall(
    "leakyRelu",
    () => [0.1, 1.5],
    (alpha, z) => g.leakyRelu(alpha).apply(typeof z === "number" && Number.isFinite(z) ? z : -1),
  ),
  plainCall("softmax", () => [numbers(3, 2), new g.Matrix(3, 2)]),
  plainCall("logSoftmax", () => [numbers(3, 2), new g.Matrix(3, 2)]),

  plainCall("sinusoidalPositions", () => [5, 3, 100]),
  plainCall(
    "gpt",
    () => [
      {
        vocabulary: 5,
        width: 4,
        blocks: 1,
        heads: 2,
        context: 6,
        hidden: 3,
        activation: g.tanh,
        norm: "before",
        epsilon: 0.1,
        scale: 0.5,
        initializer: g.normal(0.5),
        tied: true,
        random: random(),
      },
    ],
    (options) => g.gpt(options).parameters.length,
  ),

  // text
  plainCall("distribution", () => [numbers(4, 2), { temperature: 0.5, topK: 3, topP: 0.9 }]),
  plainCall("sample", () => [numbers(4, 1), { temperature: 0.5, topK: 3, topP: 0.9, random: random() }]),
  ...(
    [
      ["generate", (...args) => g.generate(...(args as Writing)).data],
      ["generating", (...args) => g.generating(...(args as Writing))],
    ] as [string, (...args: Anything[]) => Iterable<unknown>][]
  ).map(([name, call]) =>
    plainCall(
      name,
      () => [
        g.gpt({ vocabulary: 5, width: 4, blocks: 1, heads: 2, context: 6, random: random() }),
        new g.Ids([1, 2]),
        {
          tokens: 3,
          temperature: 0.5,
          topK: 3,
          topP: 0.9,
          end: 4,
          context: 5,
          cache: true,
          random: random(),
        },
      ],
      (...args) => [...call(...args)].length,
    ),
  ),

  // core
  [
    "new Pass",
    () => ({ args: [{ training: true, inputGradient: false }], carriesNaN: true, run: (o) => new Pass(o) }),
  ],
  plainCall(
    "new Ids",
    () => [[0, 2, 1]],
    (ids) => new g.Ids(ids),
  ),
  plainCall(
    "Ragged",
    () => [new g.Ids([0, 2, 1]), Int32Array.of(0, 1, 3), 1],
    (ids, starts, s) => {
      const all = new g.Ragged<g.Ids>(ids, starts);
      return g.Ragged.of([all.sequence(s), g.columnsOf(all)]).length;
    },
  ),
  plainCall(
    "Pass.take",
    () => [2, 3],
    (rows, columns) => new Pass().take(rows, columns).fill(0),
  ),
  keeping(plainCall("parameter", () => ["w", numbers(2, 2), { decays: false }])),
  plainCall("zeroGradients", () => [parameters()]),
  plainCall("countParameters", () => [network()]),
  ["predict", () => ({ args: [network(), numbers(2, 3), { engine: g.plain }], run: g.predict })],

  // datasets
  plainCall("circles", () => [sized()]),
  plainCall("moons", () => [sized()]),
  plainCall("xor", () => [sized()]),
  plainCall("xorTable", () => []),
  plainCall("spirals", () => [sized()]),
  plainCall("overlappingSpirals", () => [sized()]),
  plainCall("fraud", () => [sized()]),
  plainCall("rings", () => [{ ...sized(), points: 21, classes: 3 }]),
  plainCall("noisySine", () => [{ ...sized(), to: 6 }]),
  plainCall("loans", () => [{ applicants: 20, noise: 0.1, debt: true, random: random() }]),
  plainCall("loanScore", () => [[45000, 680, 3]]),
  plainCall("iris", () => []),
  plainCall("handwrittenDigits", () => []),
  plainCall("oneHot", () => [[0, 1, 2], 3]),
  plainCall("pickExamples", () => [{ inputs: numbers(2, 4), targets: labels(1, 4) }, [0, 2]]),
  plainCall("validationSplit", () => [{ inputs: numbers(2, 8), targets: labels(1, 8) }, 0.25, random()]),
  making("Standardizer", () => [numbers(2, 5)]),
  plainCall(
    "Standardizer.apply",
    () => [numbers(2, 5), numbers(2, 3)],
    (data, inputs) => new g.Standardizer(data).apply(inputs),
  ),
  plainCall(
    "Standardizer.undo",
    () => [numbers(2, 5), numbers(2, 3)],
    (data, inputs) => new g.Standardizer(data).undo(inputs),
  ),

  // formats
  plainCall("formatFixed", () => [1.5, 3, 2]),
  plainCall("formatExact", () => [1.5]),
  plainCall("formatMatrix", () => [numbers(2, 2), { digits: 3, indent: " " }]),

  // gradient checks
  plainCall(
    "numericalGradient",
    () => [numbers(2, 2), 1e-5],
    (at, step) => g.numericalGradient(() => (at instanceof g.Matrix ? at.sum() : 0), at, step),
  ),
  [
    "checkGradients",
    () => {
      const net = plain();
      return {
        args: [net, numbers(2, 3), labels(1, 3), g.binaryCrossEntropy, { step: 1e-5, training: false }],
        guard: [net],
        run: g.checkGradients,
      };
    },
  ],
  [
    "checkLayerGradients",
    () => {
      const net = plain();
      return {
        args: [net, numbers(2, 3), random(), { step: 1e-5 }],
        guard: [net],
        run: g.checkLayerGradients,
      };
    },
  ],
  ["compare", () => ({ args: ["w", numbers(2, 2), numbers(2, 2)], carriesNaN: true, run: g.compare })],

  // initializers
  initializer("zeros"),
  initializer("heNormal"),
  initializer("heUniform"),
  initializer("xavierNormal"),
  initializer("xavierUniform"),
  initializer("lecunNormal"),
  initializer("lecunUniform"),
  initializer("constant", () => [0.1]),
  initializer("normal", () => [0.1]),
  initializer("uniform", () => [-0.1, 0.1]),

  // layers
  making("Dense", () => [2, 3, { name: "d", random: random(), initializer: g.heNormal }]),
  [
    "new Dense, given weights",
    () => ({
      args: [2, 3, { weights: numbers(3, 2), bias: numbers(3, 1) }],
      run: (inputs, outputs, options) => new g.Dense(inputs, outputs, options),
    }),
  ],
  making("Activation", () => [g.relu, { name: "a" }]),
  making("Dropout", () => [0.3, { name: "drop", random: random() }]),
  making("BatchNorm", () => [
    2,
    {
      name: "b",
      momentum: 0.9,
      epsilon: 0.01,
      gamma: numbers(2, 1),
      beta: numbers(2, 1),
      runningMean: numbers(2, 1),
      runningVariance: unit(2, 1),
    },
  ]),
  making("LayerNorm", () => [2, { name: "l", epsilon: 0.01, gamma: numbers(2, 1), beta: numbers(2, 1) }]),
  making("Softmax", () => [{ name: "s" }]),
  making("LogSoftmax", () => [{ name: "s" }]),
  making("Sequential", () => [[new g.Activation(g.relu)], { name: "n" }]),
  making("Residual", () => [new g.Activation(g.relu), { name: "r" }]),
  keeping(making("Observe", () => [new g.Activation(g.relu), { onForward() {} }, { name: "o" }])),
  making("Recorder", () => []),
  keeping(plainCall("observed", () => [plain(), new g.Recorder()])),
  plainCall("summarize", () => [numbers(2, 3)]),
  ...layerCalls("Dense.forward", () => new g.Dense(2, 3, { random: random() }), 2),
  ...layerCalls("Activation.forward", () => new g.Activation(g.sigmoid), 2),
  ...layerCalls("Dropout.forward", () => new g.Dropout(0.4, { random: random() }), 2),
  ...layerCalls("BatchNorm.forward", () => new g.BatchNorm(2), 2),
  ...layerCalls("LayerNorm.forward", () => new g.LayerNorm(2), 2),
  ...layerCalls("Softmax.forward", () => new g.Softmax(), 3),
  ...layerCalls("LogSoftmax.forward", () => new g.LogSoftmax(), 3),
  ...layerCalls("Residual.forward", () => new g.Residual(new g.Dense(2, 2, { random: random() })), 2),
  ...layerCalls(
    "Observe.forward",
    () => new g.Observe(new g.Dense(2, 2, { random: random() }), new g.Recorder()),
    2,
  ),
  ...layerCalls("Sequential.forward", network, 2),
  ...layerExamples.flatMap((example) => [
    (example.keeps ? keeping : same)(making(example.name, () => example.arguments(random()))),
    ...layerCalls(
      `${example.name}.forward`,
      () => makeExample(example, random()),
      example.features,
      () => exampleInput(example, random(), 3),
    ),
  ]),

  // texts
  plainCall("countUnigrams", () => [new g.Ids([0, 2, 1]), 3]),
  plainCall("countBigrams", () => [new g.Ids([0, 2, 1]), 3]),
  plainCall("probabilities", () => [unit(3, 3), { added: 1 }]),
  keeping(plainCall("tableLoss", () => [new g.Ids([0, 2, 1]), unit(3, 3)])),
  plainCall("entropy", () => [unit(3, 1)]),
  plainCall("perplexity", () => [2]),
  plainCall("bits", () => [2]),
  making("Windows", () => [new g.Ids([0, 1, 2, 3, 4]), { length: 2, sequences: 1, random: random() }]),
  making("Characters", () => [["a", "b"]]),
  making("BytePairs", () => [new g.Characters(["a", "b"]), []]),
  ["BytePairs.learn", () => ({ args: ["abab", 1], run: g.BytePairs.learn })],
  plainCall("nextTokens", () => [[new g.Ids([0, 1]), new g.Ids([2, 3])]]),

  // losses
  lossCalls(
    "meanSquaredError",
    g.meanSquaredError,
    () => numbers(2, 4),
    () => numbers(2, 4).scale(2),
  ),
  lossCalls(
    "meanAbsoluteError",
    g.meanAbsoluteError,
    () => numbers(2, 4),
    () => numbers(2, 4).scale(2),
  ),
  lossCalls(
    "hinge",
    g.hinge,
    () => numbers(2, 4),
    () => labels(2, 4).map((y) => 2 * y - 1),
  ),
  lossCalls(
    "binaryCrossEntropy",
    g.binaryCrossEntropy,
    () => unit(2, 4),
    () => labels(2, 4),
  ),
  lossCalls(
    "binaryCrossEntropyFromLogits",
    g.binaryCrossEntropyFromLogits,
    () => numbers(2, 4),
    () => labels(2, 4),
  ),
  lossCalls("categoricalCrossEntropy", g.categoricalCrossEntropy, probabilities, oneHot),
  lossCalls(
    "categoricalCrossEntropyFromLogits",
    g.categoricalCrossEntropyFromLogits,
    () => numbers(3, 4),
    oneHot,
  ),
  plainCall(
    "huber",
    () => [1.5, numbers(2, 4), numbers(2, 4).scale(2), { weights: unit(1, 4) }],
    (delta, p, y, options) => g.huber(delta)(p, y, options),
  ),

  // metrics
  plainCall("binaryAccuracy", () => [unit(1, 4), labels(1, 4), 0.5]),
  plainCall("accuracy", () => [probabilities(), oneHot()]),
  plainCall("argmax", () => [numbers(3, 4)]),
  plainCall("confusionMatrix", () => [probabilities(), oneHot(), 0.5]),
  plainCall("precision", () => [unit(1, 4), labels(1, 4), { threshold: 0.5, positive: 1 }]),
  plainCall("recall", () => [unit(1, 4), labels(1, 4), { threshold: 0.5, positive: 1 }]),
  plainCall("f1", () => [unit(1, 4), labels(1, 4), { threshold: 0.5, positive: 1 }]),
  plainCall("rocCurve", () => [unit(1, 6), labels(1, 6)]),
  plainCall("auc", () => [unit(1, 6), labels(1, 6)]),
  plainCall("rSquared", () => [numbers(1, 6), numbers(1, 6).scale(2)]),

  // optimizers
  making("GradientDescent", () => [0.1]),
  making("Momentum", () => [0.1, { momentum: 0.9 }]),
  making("Nesterov", () => [0.1, { momentum: 0.9 }]),
  making("RmsProp", () => [0.1, { decay: 0.9, epsilon: 1e-8, epsilonInsideRoot: true }]),
  making("AdaGrad", () => [0.1, { initialSum: 0.1, epsilon: 1e-8, epsilonInsideRoot: true }]),
  making("Adam", () => [0.1, { beta1: 0.9, beta2: 0.99, epsilon: 1e-8, biasCorrection: true }]),
  making("AdamW", () => [0.1, { beta1: 0.9, beta2: 0.99, epsilon: 1e-8, weightDecay: 0.1 }]),
  optimizerCalls("GradientDescent", () => new g.GradientDescent(0.1)),
  optimizerCalls("Momentum", () => new g.Momentum(0.1)),
  optimizerCalls("Nesterov", () => new g.Nesterov(0.1)),
  optimizerCalls("RmsProp", () => new g.RmsProp(0.1)),
  optimizerCalls("AdaGrad", () => new g.AdaGrad(0.1)),
  optimizerCalls("Adam", () => new g.Adam(0.1)),
  optimizerCalls("AdamW", () => new g.AdamW(0.1)),
  [
    "Adam.step, with a spoiled rate",
    () => {
      const optimizer = new g.Adam(0.1);
      const list = parameters();
      return {
        args: [0.1],
        guard: list.map(({ value }) => value),
        run(rate: number) {
          optimizer.learningRate = rate;
          optimizer.step(list);
          return list.map(({ value }) => value);
        },
      };
    },
  ],
  plainCall("clipGradientsByValue", () => [parameters(), 0.5]),
  plainCall("clipGradientsByNorm", () => [parameters(), 0.5]),
  plainCall("gradientNorm", () => [parameters()]),
  plainCall(
    "l1",
    () => [0.1, parameters()],
    (strength, list) => priced(g.l1(strength), list),
  ),
  plainCall(
    "l2",
    () => [0.1, parameters()],
    (strength, list) => priced(g.l2(strength), list),
  ),
  plainCall(
    "l1l2",
    () => [0.1, 0.2, parameters()],
    (first, second, list) => priced(g.l1l2(first, second), list),
  ),

  // schedules
  schedule("constantRate", () => [0.1]),
  schedule("stepDecay", () => [0.1, { every: 5, factor: 0.5 }]),
  schedule("exponentialDecay", () => [0.1, { every: 5, factor: 0.5 }]),
  schedule("cosineDecay", () => [0.1, { steps: 5, floor: 0.01 }]),
  schedule("warmUp", () => [g.constantRate(0.1), { steps: 5 }]),
  schedule("oneCycle", () => [0.1, { steps: 10, climb: 0.3, start: 0.1, end: 0.01 }]),

  // training
  training("fit"),
  training("training"),
  [
    "trainingStep",
    () => {
      const net = network();
      const optimizer = new g.Adam(0.01);
      g.trainingStep(net, numbers(2, 4), labels(1, 4), { loss: g.binaryCrossEntropyFromLogits, optimizer });
      return {
        args: [
          net,
          numbers(2, 6),
          labels(1, 6),
          {
            loss: g.binaryCrossEntropyFromLogits,
            optimizer,
            regularizer: g.l2(0.01),
            clip: { value: 1, norm: 2 },
            weights: unit(1, 6),
          },
        ],
        guard: [net, optimizer],
        remembered: net.parameters,
        run: g.trainingStep,
      };
    },
  ],
  [
    "findLearningRate",
    () => {
      const net = network();
      return {
        args: [
          net,
          {
            inputs: numbers(2, 6),
            targets: labels(1, 6),
            loss: g.binaryCrossEntropyFromLogits,
            optimizer: (rate: number) => new g.Adam(rate),
            from: 1e-4,
            to: 1,
            steps: 5,
            batchSize: 4,
            random: random(),
          },
        ],
        guard: [net],
        run: g.findLearningRate,
      };
    },
  ],
  plainCall(
    "Snapshot",
    () => [network(), { parameters: true, generators: true }],
    (net, options) => {
      const snapshot = new g.Snapshot(net, options);
      snapshot.save();
      snapshot.restore();
    },
  ),

  // saving
  plainCall("networkToJson", () => [network(), { activations: [] }]),
  plainCall("networkFromJson", () => [
    JSON.parse(JSON.stringify(g.networkToJson(network()))),
    { random: random() },
  ]),

  // traces
  plainCall("traceNeuron", () => [
    { inputs: [1, 2], weights: [0.5, -0.5], bias: 0.1, activation: g.step, features: ["a", "b"], digits: 3 },
  ]),
  plainCall("traceForward", () => [plain(), numbers(2, 1), { digits: 4 }]),
  ["traceBackward", () => traceCall(g.traceBackward)],
  [
    "traceStep",
    () => {
      const net = plain();
      const optimizer = new g.Adam(0.1);
      return {
        args: [
          net,
          numbers(2, 1),
          labels(1, 1),
          g.binaryCrossEntropy,
          optimizer,
          { digits: 4, lossName: "loss" },
        ],
        guard: [net, optimizer],
        remembered: net.parameters,
        run: g.traceStep,
      };
    },
  ],
];

function traceCall(run: (...args: Anything[]) => unknown): Call {
  const net = plain();
  return {
    args: [net, numbers(2, 1), labels(1, 1), g.binaryCrossEntropy, { digits: 4, lossName: "loss" }],
    guard: [net],
    run,
  };
}

/** Exports that are no calls, or that other entries call. */
export const covered: Readonly<Record<string, string>> = {
  CLIP: "a number",
  columnsOf: "called by the entry of Ragged",
  kindOf: "asks a layer for what its class says; what is no layer has no kind",
  layerKinds: "takes nothing; its list is called in every-layer.test.ts",
  NOTHING: "an empty matrix",
  activations: "a list",
  erf: "NaN in gives NaN out, as with every function of one number",
  erfc: "NaN in gives NaN out, as with every function of one number",
  gelu: "a value; its layer is called",
  activationKind: "looks up whatever it is given, and knows only the library's own",
  geluTanh: "a value; its layer is called",
  linear: "a value; its layer is called",
  relu: "a value; its layer is called",
  sigmoid: "a value; its layer is called",
  softplus: "a value; its layer is called",
  step: "a value; its layer is called",
  tanh: "a value; its layer is called",
  GlassboxError: "an error",
  ShapeError: "an error",
  ValueError: "an error",
  StateError: "an error",
  DivergenceError: "an error",
  InterruptedError: "an error",
  plain: "a value; it is called as an engine, in engines.test.ts",
  simd: "asynchronous; its options are refused by name in engines.test.ts",
};
