/*
 * Whoever takes options refuses, by name, one that it does not know, a word that is none of its words, and a value of
 * another kind. Walks over every function and class that takes any: the types say which these are, so that a new one
 * cannot be left out.
 */
import * as library from "glassbox";
import { Matrix, Random } from "glassbox";
import * as notebook from "glassbox/notebook";
import * as reference from "glassbox/reference";
import { beforeAll, describe, expect, test } from "vitest";
import { type LayerExample, layerExamples } from "../layers/examples";
import { type Anything, catalog } from "./catalog";
import { takersOfOptions } from "./takers";

const { GlassboxError } = library;

/** A right call: what is called, with what, and which argument holds the options. */
interface Right {
  readonly call: (...args: Anything[]) => unknown;
  readonly args: () => Anything[];
  /** The last when left out. */
  readonly at?: number;
  /** Options inside the options that have names of their own, by path. */
  readonly inside?: readonly (readonly (string | number)[])[];
  /** Options whose value is anybody's business. */
  readonly free?: readonly string[];
}

/** From the catalog of right calls. */
function known(name: string, more: Partial<Right> = {}): [string, Right] {
  const found = catalog.find(([entry]) => entry === name || entry === `new ${name}`);
  if (found === undefined) throw new Error(`no entry for ${name}`);
  const [, create] = found;
  const args = (): Anything[] => create().args;
  return [name, { call: (...given) => create().run(...given), args, ...more }];
}

/** From the examples of the layers, of which one may have several. */
function fromExample({ name, arguments: args }: LayerExample): [string, Right] {
  // biome-ignore lint/suspicious/noExplicitAny: any class of the library
  const made: new (...args: any[]) => unknown = (library as any)[name];
  return [name, { call: (...given) => new made(...given), args: () => args(new Random(1)) }];
}

const square = [
  [0, 1],
  [1, 0],
];
const axes = { title: "A picture", x: "x", y: { title: "y", type: "linear", range: [0, 1], ticks: [0, 1] } };
const grid = { x: [0, 1], y: [0, 1] };
const points = { inputs: Matrix.from(square), targets: Matrix.row([0, 1]) };
const walk = { name: "Adam", color: "#000", points: square, dash: "dot", symbol: "square", width: 3 };
const frames = [{ name: "1", z: square }];
const tableOptions = {
  columns: ["name", { label: "n", digits: 2, align: "left" }],
  rows: [["a", { text: "1", tone: "good" }]],
  caption: "A table",
  rowNames: true,
};
const flat = { data: [{ type: "scatter", x: [1], y: [1] }], layout: {} };
const looks = { alt: "A point", caption: "One point.", height: 300 };
const setting = { weights: [1, 0, 0, 0, 1, 0, 1, 1, 0], input: [1, 0], label: 1 };
const playgroundOptions = { ...playgroundDefaults(), caption: "A playground" };

function writerArgs(): Anything[] {
  const tiny = library.gpt({
    vocabulary: 2,
    width: 2,
    blocks: 1,
    context: 2,
    random: new library.Random(1),
  });
  const words = { text: "abba", kept: "baab", source: "made up", prompt: "a", caption: "A writer" };
  const numbers = { floor: 0.5, seed: 1, temperature: 1, topK: 2, topP: 0.5 };
  return [tiny, library.Characters.of("ab"), { ...words, ...numbers }];
}

function playgroundDefaults(): Anything {
  const numbers = {
    points: 20,
    noise: 0.1,
    hidden: [2],
    rate: 0.1,
    strength: 0,
    batch: 0,
    heldBack: 0.2,
    seed: 1,
  };
  const words = { data: "xor", activation: "relu", loss: "hinge", optimizer: "adam", regularizer: "l1" };
  return { ...numbers, ...words, own: [[0, 0, 1]] };
}

const curve = {
  name: "a",
  x: [0, 1],
  y: [0, 1],
  color: "#000",
  dash: "dash",
  width: 1,
  points: "only",
  symbol: "x",
};

/** What TensorFlow.js is compared with. */
const network = () => new library.Sequential([new library.Dense(2, 1, { random: new Random(1) })]);
const data = () => ({ inputs: Matrix.from(square), targets: Matrix.row([0, 1]) });
const tolerance = { tolerance: 1e-3, absolute: 1e-3, cause: "float32", reason: "it is short" };
const common = { ...tolerance, against: "us", noun: "tensor" };
const course = () => ({
  ...data(),
  sampleWeights: Matrix.row([1, 1]),
  loss: library.meanSquaredError,
  optimizer: new library.Adam(0.1),
  epochs: 1,
  batchSize: 2,
  random: new Random(1),
  metrics: { error: library.meanSquaredError.length === 0 ? undefined : library.rSquared },
  schedule: library.constantRate(0.1),
  scheduleEvery: "step",
  clip: { value: 1, norm: 1 },
  regularizer: library.l2(0.1),
  builtInAdam: false,
});

const calls: Readonly<Record<string, readonly [string, Right][]>> = {
  "": [
    ...[
      "circles",
      "fraud",
      "loans",
      "moons",
      "noisySine",
      "rings",
      "spirals",
      "overlappingSpirals",
      "xor",
    ].map((name) => known(name)),
    ...["Adam", "AdamW", "AdaGrad", "Momentum", "Nesterov", "RmsProp", "parameter", "Pass"].map((name) =>
      known(name),
    ),
    ...["Activation", "BatchNorm", "Dense", "Dropout", "LayerNorm", "LogSoftmax", "Residual"].map((name) =>
      known(name),
    ),
    ...["Sequential", "Softmax", "Observe"].map((name) => known(name)),
    ...layerExamples.map(fromExample),
    ...["gpt", "distribution", "sample", "generate", "generating"].map((name) => known(name)),
    ...["meanSquaredError", "meanAbsoluteError", "hinge", "binaryCrossEntropy"].map((name) => known(name)),
    ...["binaryCrossEntropyFromLogits", "categoricalCrossEntropy", "categoricalCrossEntropyFromLogits"].map(
      (name) => known(name),
    ),
    known("huber"),
    ...["precision", "recall", "f1", "checkGradients", "checkLayerGradients", "formatMatrix"].map((name) =>
      known(name),
    ),
    // the last argument is the step that the schedule is asked about
    ...["stepDecay", "exponentialDecay", "cosineDecay", "warmUp", "oneCycle"].map((name) =>
      known(name, { at: 1 }),
    ),
    known("fit", { inside: [["clip"], ["earlyStopping"], ["validation"]] }),
    known("training", { inside: [["clip"], ["earlyStopping"], ["validation"]] }),
    known("trainingStep", { inside: [["clip"]] }),
    known("findLearningRate"),
    known("predict"),
    known("probabilities"),
    known("Windows"),
    known("Snapshot"),
    known("networkToJson"),
    known("networkFromJson"),
    known("traceNeuron"),
    known("traceForward"),
    known("traceBackward"),
    known("traceStep"),
  ],
  "notebook/": [
    ["figure", { call: notebook.figure, args: () => [flat, looks] }],
    ["figureHtml", { call: notebook.figureHtml, args: () => [flat, looks] }],
    [
      "film",
      { call: notebook.film, args: () => ["rate", [{ name: "1", figure: flat }], { start: 0, play: 100 }] },
    ],
    ["playground", { call: notebook.playground, args: () => [playgroundOptions] }],
    ["playgroundHtml", { call: notebook.playgroundHtml, args: () => [playgroundOptions] }],
    ["weightsByHand", { call: notebook.weightsByHand, args: () => [setting] }],
    ["weightsByHandHtml", { call: notebook.weightsByHandHtml, args: () => [setting] }],
    ["writer", { call: notebook.writer, args: writerArgs }],
    ["writerHtml", { call: notebook.writerHtml, args: writerArgs }],
    [
      "activationCurve",
      { call: notebook.activationCurve, args: () => [library.relu, { from: -1, to: 1, flat: 0.1 }] },
    ],
    ["bars", { call: notebook.bars, args: () => [{ ...axes, labels: ["a"], values: [1], color: "#000" }] }],
    [
      "categoryMap",
      {
        call: notebook.categoryMap,
        args: () => [
          {
            ...axes,
            grid,
            categories: [{ name: "a", color: "#000" }],
            frames,
            label: "year",
            start: 0,
            overlay: [{ x: [1] }],
          },
        ],
        inside: [["y"], ["grid"], ["categories", 0], ["frames", 0]],
      },
    ],
    [
      "scatter",
      {
        call: notebook.scatter,
        args: () => [
          {
            ...axes,
            points,
            names: ["a", "b"],
            region: { ...grid, z: square },
            size: 6,
            opacity: 1,
            interleave: false,
            square: true,
          },
        ],
        inside: [["region"]],
      },
    ],
    [
      "regionFilm",
      {
        call: notebook.regionFilm,
        args: () => [
          { ...axes, points, names: ["a", "b"], grid, frames, label: "epoch", size: 6, square: true },
        ],
        inside: [["grid"], ["frames", 0]],
      },
    ],
    [
      "computationGraph",
      {
        call: notebook.computationGraph,
        args: () => [
          {
            title: "A graph",
            nodes: [{ id: "a", label: "a", value: "1", x: 0, y: 0, kind: "value" }],
            edges: [["a", "a"]],
            backward: false,
          },
        ],
        inside: [["nodes", 0]],
      },
    ],
    [
      "heatMap",
      {
        call: notebook.heatMap,
        args: () => [
          {
            ...axes,
            z: square,
            rowNames: ["a", "b"],
            columnNames: ["a", "b"],
            scale: "signed",
            digits: 2,
            quantity: "weight",
          },
        ],
      },
    ],
    [
      "histogramRows",
      {
        call: notebook.histogramRows,
        args: () => [
          {
            title: "Rows",
            x: "x",
            rows: [{ name: "a", values: [1, 2], color: "#000", note: "n" }],
            range: [0, 3],
            bins: 4,
          },
        ],
        inside: [["rows", 0]],
      },
    ],
    [
      "landscape",
      {
        call: notebook.landscape,
        args: () => [
          {
            ...axes,
            height: "loss",
            ground: { ...grid, z: square },
            walks: [walk],
            contours: { start: 0, end: 1, size: 0.1 },
            note: "n",
          },
        ],
        inside: [["ground"], ["walks", 0], ["contours"]],
      },
    ],
    [
      "terrain",
      {
        call: notebook.terrain,
        args: () => [
          {
            title: "A hill",
            x: "x",
            y: "y",
            z: "z",
            height: (x: number, y: number) => x * y,
            grid,
            walks: [walk],
            eye: { x: 1, y: 1, z: 1 },
          },
        ],
        inside: [["grid"], ["walks", 0], ["eye"]],
      },
    ],
    [
      "lines",
      {
        call: notebook.lines,
        args: () => [{ ...axes, series: [curve], labels: "direct" }],
        inside: [["y"], ["series", 0]],
      },
    ],
    [
      "networkDiagram",
      {
        call: notebook.networkDiagram,
        args: () => [
          {
            title: "A network",
            weights: [Matrix.from(square)],
            activations: [Matrix.from(square), Matrix.from(square)],
            inputNames: ["a", "b"],
            outputNames: ["c", "d"],
            label: "example",
          },
        ],
      },
    ],
    [
      "neuronLine",
      {
        call: notebook.neuronLine,
        args: () => [
          {
            ...axes,
            reach: 1,
            neurons: [{ name: "a", weights: [1, 1], bias: 0 }],
            label: "w",
            start: 0,
            points: Matrix.from(square),
            names: ["no", "yes"],
          },
        ],
        inside: [["neurons", 0]],
      },
    ],
    [
      "unitMaps",
      {
        call: notebook.unitMaps,
        args: () => [{ title: "Maps", x: "x", y: "y", grid, maps: frames, points, columns: 2 }],
        inside: [["grid"], ["maps", 0]],
      },
    ],
    [
      "attentionMaps",
      {
        call: notebook.attentionMaps,
        args: () => [
          {
            title: "Maps",
            tokens: ["a", "b"],
            pairs: [
              {
                name: "K",
                slope: "dK",
                forward: Matrix.from(square),
                backward: Matrix.from(square),
                shares: [Matrix.from(square), Matrix.from(square)],
              },
            ],
          },
        ],
        inside: [["pairs", 0]],
      },
    ],
    [
      "planeWarp",
      {
        call: notebook.planeWarp,
        args: () => [
          {
            ...axes,
            points,
            names: ["a", "b"],
            warp: (x: number, y: number) => [x, y],
            from: 0,
            to: 1,
            line: square,
          },
        ],
      },
    ],
    [
      "waterfall",
      {
        call: notebook.waterfall,
        args: () => [{ ...axes, terms: [{ label: "a", value: 1 }], total: "z", digits: 2 }],
        inside: [["terms", 0]],
      },
    ],
    ...Object.entries({
      table: notebook.table,
      tableHtml: notebook.tableHtml,
      textTable: notebook.textTable,
    }).map(([name, call]): [string, Right] => [
      name,
      {
        call,
        args: () => [tableOptions],
        inside: [
          ["columns", 1],
          ["rows", 0, 1],
        ],
      },
    ]),
  ],
  "reference/": [
    [
      "compareTensors",
      {
        call: reference.compareTensors,
        args: () => [[{ name: "a", ours: 1, theirs: 1 }], common],
      },
    ],
    ["makeReport", { call: reference.makeReport, args: () => [[], common] }],
    [
      "compareCurves",
      {
        call: reference.compareCurves,
        args: () => [[1], [1], { ...common, name: "loss", windows: [{ ...tolerance, to: 1 }] }],
        inside: [["windows", 0]],
      },
    ],
    [
      "mirrorOptimizer",
      {
        call: (optimizer, variables, options) =>
          reference.mirrorOptimizer(optimizer, variables, options).dispose(),
        args: () => [new library.Adam(), new Map(), { builtInAdam: true }],
      },
    ],
    [
      "compareGradients",
      {
        call: reference.compareGradients,
        args: () => [
          network(),
          data().inputs,
          data().targets,
          library.meanSquaredError,
          {
            ...common,
            names: { "dense.weights": "dW" },
            tolerances: { "dense.bias": { absolute: 1e-6 } },
            training: true,
            weights: Matrix.row([1, 1]),
          },
        ],
        inside: [["tolerances", "dense.bias"]],
      },
    ],
    [
      "toLayersModel",
      {
        call: (net, options) => reference.toLayersModel(net, options).dispose(),
        args: () => [network(), { inputs: 2 }],
      },
    ],
    [
      "fromLayersModel",
      {
        call(net, options) {
          const model = reference.toLayersModel(net);
          try {
            return reference.fromLayersModel(model, options);
          } finally {
            model.dispose();
          }
        },
        args: () => [network(), { name: "back", random: new Random(1) }],
      },
    ],
    [
      "trainReference",
      { call: reference.trainReference, args: () => [network(), course()], inside: [["clip"]] },
    ],
    [
      "referenceTraining",
      {
        call: (net, options) => [...reference.referenceTraining(net, options)],
        args: () => [network(), course()],
        inside: [["clip"]],
      },
    ],
  ],
};

/** Take their options elsewhere in a way of their own. */
const elsewhere: Readonly<Record<string, string>> = {
  simd: "asynchronous; in engines.test.ts",
  loadReference: "asynchronous; below",
  NotWrittenError: "an error",
};

const every = Object.values(calls).flat();

/** Puts a changed object in the place of what stands at a path. */
function changed(
  args: Anything[],
  path: readonly (string | number)[],
  change: (old: Anything) => unknown,
): Anything[] {
  const [key, ...rest] = path;
  const copy: Anything = Array.isArray(args) ? [...args] : { ...(args as object) };
  copy[key] = rest.length === 0 ? change(copy[key]) : changed(copy[key], rest, change);
  return copy;
}

/** What a call throws. */
function complaint(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    return error instanceof GlassboxError ? error.message : `not ours: ${String(error)}`;
  }
  return "accepted";
}

/** "lines", or "weightsByHand" where its HTML was asked for. */
const ownerOf = (name: string): string => `(?:Layer|${name}|${name.replace(/Html$/, "")})`;

describe.each(every)("%s", (name, { call, args, at, inside = [], free = [] }) => {
  const last = at ?? args().length - 1;
  const places = [[last], ...inside.map((path) => [last, ...path])];
  const spoiled = (path: readonly (string | number)[], change: (old: Anything) => unknown): string =>
    complaint(() => call(...changed(args(), path, change)));
  const optionsAt = (path: readonly (string | number)[]): Anything =>
    path.reduce((value: Anything, key) => value[key], args());
  const owner = ownerOf(name);

  test("takes what is right", () => {
    expect(complaint(() => call(...args()))).toBe("accepted");
  });

  test("refuses an unknown option by its name, and says what a misspelt one means", () => {
    for (const path of places) {
      const strange = spoiled(path, (options) => ({ ...options, glassbxo: 1 }));
      if (name !== "Observe")
        expect(strange).toMatch(new RegExp(`^${owner}\\b.*: expected no options? .*got "glassbxo"\\.`));
      for (const key of Object.keys(optionsAt(path))) {
        const message = spoiled(path, ({ [key]: value, ...others }) => ({ ...others, [`${key}x`]: value }));
        expect(message, `${path.slice(1).join(".")} ${key}`).toMatch(
          new RegExp(`^${owner}\\b.*got "${key}x"\\.( Did you mean \\w+\\?)?$`),
        );
      }
    }
  });

  test("refuses a value of another kind by the option's name", () => {
    for (const path of places) {
      for (const key of Object.keys(optionsAt(path))) {
        if (free.includes(key)) continue;
        for (const wrong of [Symbol("wrong"), null]) {
          const message = spoiled(path, (options) => ({ ...options, [key]: wrong }));
          expect(message, `${path.slice(1).join(".")} ${key}`).toMatch(
            new RegExp(`^${owner}\\b.*(Symbol|null|undefined)`),
          );
        }
      }
    }
  });

  test("refuses options that are none", () => {
    for (const path of places) {
      for (const wrong of [5, null, "options"]) {
        const message = spoiled(path, () => wrong);
        // an axis and a heading may be text, a cell a number or empty as well
        const isShort = path.length > 1 && message === "accepted";
        if (!isShort) expect(message, String(wrong)).toMatch(new RegExp(`^${owner}\\b.*: expected `));
      }
    }
  });
});

describe("words", () => {
  const words: [string, readonly (string | number)[]][] = [
    ["fit", ["scheduleEvery"]],
    ["lines", ["labels"]],
    ["lines", ["series", 0, "dash"]],
    ["lines", ["y", "type"]],
    ["heatMap", ["scale"]],
    ["computationGraph", ["nodes", 0, "kind"]],
    ["table", ["columns", 1, "align"]],
    ["table", ["rows", 0, 1, "tone"]],
    ["landscape", ["walks", 0, "dash"]],
    ["trainReference", ["scheduleEvery"]],
    ...["data", "activation", "loss", "optimizer", "regularizer"].map((key): [string, readonly string[]] => [
      "playground",
      [key],
    ]),
  ];
  test.each(words)("%s refuses a word that is none for %j, and lists those that are", (name, path) => {
    const [, right] = every.find(([entry]) => entry === name) as [string, Right];
    const last = right.at ?? right.args().length - 1;
    const message = complaint(() => right.call(...changed(right.args(), [last, ...path], () => "nonsens")));
    expect(message).toMatch(
      new RegExp(`^${name}\\b.*: expected ${path[path.length - 1]} to be ".*", got "nonsens"\\.`),
    );
  });

  test("trainingLoop knows its steps, and nothing from the prototype", () => {
    expect(() => notebook.trainingLoopHtml("forwards" as never, "")).toThrow('got "forwards"');
    expect(() => notebook.trainingLoopHtml("constructor" as never, "")).toThrow('got "constructor"');
  });

  test("loadReference knows three backends", async () => {
    await expect(reference.loadReference({ backend: "webgl" as never })).rejects.toThrow(
      'loadReference: expected backend to be "node" or "wasm" or "cpu", got "webgl".',
    );
    await expect(reference.loadReference({ beckend: "cpu" } as never)).rejects.toThrow(
      "Did you mean backend?",
    );
  });
});

test("nobody who takes options is missing here", () => {
  const rooms = Object.keys(calls);
  const listed = new Set([...every.map(([name]) => name), ...Object.keys(elsewhere)]);
  expect(takersOfOptions(...rooms).filter((name) => !listed.has(name))).toEqual([]);
}, 120_000);

beforeAll(async () => {
  await reference.loadReference({ backend: "cpu" });
});
