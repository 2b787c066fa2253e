// Engines: one line switches, and in float64 no bit of a training run changes.
import { setFlagsFromString } from "node:v8";
import vm from "node:vm";
import {
  Activation,
  Adam,
  AdamW,
  type AnyLayer,
  BatchNorm,
  binaryAccuracy,
  binaryCrossEntropy,
  categoricalCrossEntropyFromLogits,
  Dense,
  DivergenceError,
  Dropout,
  type Engine,
  type FitOptions,
  findLearningRate,
  fit,
  gpt,
  type History,
  Ids,
  LayerNorm,
  Matrix,
  overlappingSpirals,
  plain,
  predict,
  Ragged,
  Random,
  RmsProp,
  relu,
  Sequential,
  StateError,
  sigmoid,
  simd,
  spirals,
  training,
  trainingStep,
  ValueError,
} from "glassbox";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { golden } from "./golden";

setFlagsFromString("--expose-gc");

const engines = new Map<string, Engine>([["plain", plain]]);
const engine = (name: string): Engine => engines.get(name) as Engine;

beforeAll(async () => {
  engines.set("simd64", await simd({ reserve: 64 }));
  engines.set("simd64x2", await simd({ threads: 2, reserve: 64 }));
  engines.set("simd32", await simd({ precision: "float32", reserve: 64 }));
  engines.set("simd32x2", await simd({ precision: "float32", threads: 2, reserve: 64 }));
});
afterAll(() => {
  for (const each of engines.values()) each.close();
});

/** The published network, on an engine. */
function publishedRun(on: Engine): { history: History; network: Sequential; accuracy: number } {
  const { spiral } = golden;
  const random = new Random(42);
  const data = overlappingSpirals({ points: spiral.points, noise: spiral.noise, random });
  const network = new Sequential([
    new Dense(2, spiral.hidden, { random }),
    new Activation(relu),
    new Dense(spiral.hidden, 1, { random }),
    new Activation(sigmoid),
  ]);
  const history = fit(network, {
    ...data,
    loss: binaryCrossEntropy,
    optimizer: new Adam(spiral.learning_rate),
    epochs: spiral.epochs,
    metrics: { accuracy: binaryAccuracy },
    engine: on,
  });
  return { history, network, accuracy: binaryAccuracy(predict(network, data.inputs), data.targets) };
}

const numbersOf = (network: AnyLayer): number[][] => network.parameters.map(({ value }) => [...value.data]);

/** A classifier with everything in it, large enough that threads share its products, trained in mini-batches. */
function classifier(options: Partial<FitOptions> = {}): { network: Sequential; history: History } {
  const random = new Random(5);
  const inputs = random.randnMatrix(50, 203);
  const targets = new Matrix(3, 203).map((_, i, j) => (i === j % 3 ? 1 : 0));
  const network = new Sequential([
    new Dense(50, 130, { random }),
    new Activation(relu),
    new LayerNorm(130),
    new Dropout(0.2, { random: random.clone() }),
    new Dense(130, 37, { random }),
    new Activation(relu),
    new BatchNorm(37),
    new Dense(37, 3, { random }),
  ]);
  const history = fit(network, {
    inputs,
    targets,
    loss: categoricalCrossEntropyFromLogits,
    optimizer: new AdamW(0.01),
    epochs: 6,
    batchSize: 64,
    random,
    sampleWeights: new Matrix(1, 203).map((_, _i, j) => 1 + (j % 2)),
    validation: { inputs, targets },
    clip: { norm: 1 },
    ...options,
  });
  return { network, history };
}

describe("in float64", () => {
  test.each(["simd64", "simd64x2"])("%s gives the published table, to the last bit of plain", (name) => {
    const plainly = publishedRun(plain);
    const fast = publishedRun(engine(name));
    expect(fast.history.loss).toEqual(plainly.history.loss); // a thousand losses, with Object.is
    expect(numbersOf(fast.network)).toEqual(numbersOf(plainly.network));
    expect(fast.accuracy).toBe(plainly.accuracy);
    for (const [epoch, loss] of Object.entries<number>(golden.spiral.loss_every_50)) {
      expect(Math.abs(fast.history.loss[Number(epoch) - 1] - loss), `epoch ${epoch}`).toBeLessThan(1e-5);
    }
  });

  test.each(["simd64", "simd64x2"])("%s trains a network with everything in it to the same bits", (name) => {
    const plainly = classifier();
    const fast = classifier({ engine: engine(name) });
    expect(fast.history).toEqual(plainly.history);
    expect(numbersOf(fast.network)).toEqual(numbersOf(plainly.network));
    expect(fast.network.statistics.map(({ value }) => value.toRows())).toEqual(
      plainly.network.statistics.map(({ value }) => value.toRows()),
    );
  });

  test("an optimizer that knows nothing of engines, and the search for a rate, give the same too", () => {
    const plainly = classifier({ optimizer: new RmsProp(0.01) });
    expect(classifier({ optimizer: new RmsProp(0.01), engine: engine("simd64") }).history).toEqual(
      plainly.history,
    );
    const search = (on?: Engine): unknown => {
      const network = new Sequential([new Dense(2, 8, { random: new Random(1) }), new Activation(sigmoid)]);
      const inputs = new Random(2).randnMatrix(2, 9);
      const targets = Matrix.filled(8, 9, 0.5);
      return findLearningRate(network, { inputs, targets, loss: binaryCrossEntropy, steps: 20, engine: on });
    };
    expect(search(engine("simd64"))).toEqual(search());
  });
});

describe("in float32", () => {
  test.each(["simd32", "simd32x2"])("%s learns what float64 learns", (name) => {
    const random = new Random(42);
    const data = spirals({ random });
    const network = new Sequential([
      new Dense(2, 64, { random }),
      new Activation(relu),
      new Dense(64, 1, { random }),
      new Activation(sigmoid),
    ]);
    const history = fit(network, {
      ...data,
      loss: binaryCrossEntropy,
      optimizer: new Adam(0.1),
      epochs: 1000,
      engine: engine(name),
    });
    expect(binaryAccuracy(predict(network, data.inputs), data.targets)).toBeGreaterThan(0.97);
    expect(history.loss[0]).not.toBe(history.loss[999]);
  });

  test("the first losses differ from float64's by what single precision rounds off", () => {
    const double = classifier({ epochs: 1 }).history.loss[0];
    const single = classifier({ epochs: 1, engine: engine("simd32") }).history.loss[0];
    // Four steps: each sum of up to 203 products is rounded to 24 bits, relative errors of about 1e-7 · √203.
    expect(Math.abs(single - double) / double).toBeLessThan(1e-5);
    expect(single).not.toBe(double);
  });

  test("threads change no bit", () => {
    expect(classifier({ engine: engine("simd32x2") }).history).toEqual(
      classifier({ engine: engine("simd32") }).history,
    );
  });
});

const used = (on: Engine): number => (on as unknown as { kernels: { used: number } }).kernels.used;

describe("a network is asked on an engine", () => {
  const random = new Random(3);
  const small = gpt({ vocabulary: 7, width: 8, blocks: 2, heads: 2, context: 40, random });
  const text = Ragged.of([40, 1, 17].map((length) => new Ids(Array.from({ length }, (_, t) => (t * t) % 7))));
  const { network } = classifier({ epochs: 1 });
  const asked: [string, (on?: Engine) => Matrix][] = [
    ["a GPT", (on) => predict(small, text, { engine: on }).columns],
    ["a classifier", (on) => predict(network, X, { engine: on })],
  ];
  const X = random.randnMatrix(network.parameters[0].value.columns, 33);

  describe.each(asked)("%s", (_name, answer) => {
    test.each(["simd64", "simd64x2"])(
      "gives the bits of the plain engine on %s, which keeps nothing",
      (name) => {
        const before = used(engine(name));
        expect(answer(engine(name))).toEqual(answer());
        expect(used(engine(name))).toBe(before);
      },
    );

    test("gives float32's answer, in ordinary memory, and its weights stay what they are", () => {
      const weights = [...numbersOf(small), ...numbersOf(network)];
      const [single, double] = [answer(engine("simd32")), answer()];
      expect(single.data).toBeInstanceOf(Float64Array);
      expect(single).not.toEqual(double);
      // Sums of up to 203 numbers near 1, rounded to 24 bits, a few of them behind each other.
      expect(single.equals(double, 1e-4)).toBe(true);
      expect([...numbersOf(small), ...numbersOf(network)]).toEqual(weights);
    });
  });

  test.each(["simd64", "simd64x2"])(
    "memory comes back from a question that is interrupted on %s",
    async (name) => {
      const on = engine(name);
      const wide = new Sequential([600, 600].map((units) => new Dense(units, units, { random })));
      const inputs = random.randnMatrix(600, 800);
      const ask = () => predict(wide, inputs, { engine: on });
      const before = used(on);
      // After different times, so that each of its kernels and copies is met.
      for (let time = 40; time < 90; time += 7) {
        expect(() => vm.runInNewContext("for (;;) ask()", { ask }, { timeout: time })).toThrow(/timed out/);
        await new Promise((resolve) => setTimeout(resolve, 5)); // the kernel has turned to the next cell
      }
      expect(ask()).toEqual(predict(wide, inputs));
      // Eight interrupts. One that falls between a block and the list of who has it may leave that one, of 4 MB at most.
      expect(used(on) - before).toBeLessThan(8e6);
    },
  );

  test("memory comes back from a question that fails, and what is no engine is refused by name", () => {
    const on = engine("simd64");
    const before = used(on);
    expect(() =>
      predict(
        network,
        X.map(() => 1e308),
        { engine: on },
      ),
    ).toThrow(DivergenceError);
    expect(used(on)).toBe(before);
    expect(() => predict(network, X, { engine: "simd" as never })).toThrow(/^predict: .*engine/);
    expect(() => predict(network, X, { motor: on } as never)).toThrow(/^predict: .*motor/);
  });
});

describe("the memory of an engine", () => {
  test("holds what is learned while fit runs, in its precision, and gives it all back", () => {
    const on = engine("simd32");
    const before = used(on);
    const network = new Sequential([new Dense(3, 4, { random: new Random(1) }), new Activation(relu)]);
    const options = {
      inputs: new Random(2).randnMatrix(3, 8),
      targets: Matrix.filled(4, 8, 0.5),
      loss: meanOf,
      optimizer: new Adam(0.01),
      epochs: 3,
      batchSize: 5,
      engine: on,
    };
    for (const _epoch of training(network, options)) {
      for (const { value, gradient } of network.parameters) {
        expect([value.data.constructor, gradient.data.constructor]).toEqual([Float32Array, Float32Array]);
      }
      expect(used(on)).toBeGreaterThan(before);
    }
    for (const { value, gradient } of network.parameters) {
      expect([value.data.constructor, gradient.data.constructor]).toEqual([Float64Array, Float64Array]);
    }
    expect(used(on)).toBe(before);
    fit(network, options); // the optimizer's memory went home, too, and comes again
    expect(used(on)).toBe(before);
  });

  test("is given back when a step fails, and after break", () => {
    const on = engine("simd64");
    const before = used(on);
    const explode = new Adam(1e90);
    expect(() => classifier({ engine: on, optimizer: explode, clip: undefined, epochs: 50 })).toThrow();
    expect(used(on)).toBe(before);
    const network = new Sequential([new Dense(2, 1, { random: new Random(1) }), new Activation(sigmoid)]);
    const data = { inputs: new Random(2).randnMatrix(2, 8), targets: Matrix.filled(1, 8, 0.5) };
    const optimizer = new Adam(0.01);
    for (const _epoch of training(network, {
      ...data,
      loss: binaryCrossEntropy,
      optimizer,
      epochs: 9,
      engine: on,
    }))
      break;
    expect(used(on)).toBe(before);
  });

  test("of a single step stays until close, which brings everything home", async () => {
    const on = await simd({ reserve: 16 });
    const network = new Sequential([new Dense(2, 1, { random: new Random(1) }), new Activation(sigmoid)]);
    const X = new Random(2).randnMatrix(2, 8);
    const Y = Matrix.filled(1, 8, 0.5);
    const options = { loss: binaryCrossEntropy, optimizer: new Adam(0.01), engine: on };
    trainingStep(network, X, Y, options);
    const after = used(on);
    for (let step = 0; step < 10; step++) trainingStep(network, X, Y, options);
    expect(used(on)).toBe(after);
    for (let step = 0; step < 10; step++) trainingStep(network, X, Y, { ...options }); // written in the loop
    expect(used(on)).toBe(after);
    const learned = numbersOf(network);
    const shared = network.parameters[0].value.data.buffer;
    on.close();
    expect(numbersOf(network)).toEqual(learned);
    expect(network.parameters[0].value.data.buffer).not.toBe(shared);
  });

  test("that is too small is said in an error, and the network is as it was", async () => {
    const on = await simd({ reserve: 8 });
    const network = new Sequential([new Dense(2000, 2000, { weights: Matrix.identity(2000) })]);
    const inputs = Matrix.filled(2000, 2, 1);
    const options = { inputs, targets: inputs, loss: meanOf, optimizer: new Adam(0.1), epochs: 1 };
    expect(() => fit(network, { ...options, engine: on })).toThrow(StateError);
    expect(() => fit(network, { ...options, engine: on })).toThrow(/8\.0 MB are reserved/);
    expect(network.parameters[0].value.equals(Matrix.identity(2000))).toBe(true);
    expect(network.parameters[0].value.data).toBeInstanceOf(Float64Array);
  });

  test("and the heap are flat over 10,000 steps: no matrix and no typed array is made in one", () => {
    const on = engine("simd64");
    const random = new Random(3);
    const network = new Sequential([
      new Dense(2, 8, { random }),
      new Activation(relu),
      new Dense(8, 1, { random }),
      new Activation(sigmoid),
    ]);
    const inputs = random.randnMatrix(2, 40);
    const targets = new Matrix(1, 40).map((_, _i, j) => (inputs.at(0, j) > 0 ? 1 : 0));
    const run = training(network, {
      inputs,
      targets,
      loss: binaryCrossEntropy,
      optimizer: new Adam(0.001),
      epochs: 5000,
      batchSize: 20,
      random,
      engine: on,
    });
    const collect = vm.runInNewContext("gc") as () => void;
    const seen: { inside: number; buffers: number; heap: number }[] = [];
    for (const { epoch } of run) {
      if (epoch !== 1000 && epoch !== 5000) continue;
      collect();
      const { arrayBuffers, heapUsed } = process.memoryUsage();
      seen.push({ inside: used(on), buffers: arrayBuffers, heap: heapUsed });
    }
    expect(seen[1].inside).toBe(seen[0].inside);
    expect(seen[1].buffers).toBeLessThanOrEqual(seen[0].buffers); // less where an engine of an earlier test was collected
    // A matrix kept a step would be 8,000 × 200 bytes and more. The rest is the test runner's own doing.
    expect(seen[1].heap - seen[0].heap).toBeLessThan(500_000);
  });
});

/** A loss for tests in which only memory matters: the mean of the prediction, whatever it is. */
function meanOf(prediction: Matrix): readonly [number, Matrix] {
  const slope = Matrix.filled(prediction.rows, prediction.columns, 1 / prediction.size);
  return [prediction.sum() / prediction.size, slope];
}

describe("asking for an engine", () => {
  test("refuses what does not exist, by name", async () => {
    await expect(simd({ precision: "float16" as never })).rejects.toThrow(
      '"float64" or "float32", got "float16"',
    );
    await expect(simd({ threads: 0 })).rejects.toThrow("simd: expected threads to be a whole number");
    await expect(simd({ reserve: 5000 })).rejects.toThrow("at most 4096");
    await expect(simd(null as never)).rejects.toThrow(ValueError);
    expect(() => classifier({ engine: simd() as never })).toThrow("Wait for it: await simd()");
    expect(() => classifier({ engine: "simd" as never })).toThrow(
      'expected an engine, such as await simd(), got "simd"',
    );
  });

  test("gives the plain one, with a word, where there is no SIMD", async () => {
    const word = vi.spyOn(console, "warn").mockImplementation(() => {});
    vi.stubGlobal("WebAssembly", undefined);
    expect(await simd()).toBe(plain);
    vi.unstubAllGlobals();
    expect(word).toHaveBeenCalledWith(expect.stringContaining("the plain engine computes instead"));
    const absent = vi.spyOn(process, "getBuiltinModule").mockReturnValue(undefined);
    const one = await simd({ threads: 3, reserve: 8 });
    absent.mockRestore();
    expect(one.name).toBe("simd, float64");
    expect(word).toHaveBeenLastCalledWith(expect.stringContaining("one computes instead of 3"));
    word.mockRestore();
  });

  test("says what it is", () => {
    expect([...engines.values()].map(({ name }) => name)).toEqual([
      "plain",
      "simd, float64",
      "simd, float64, 2 threads",
      "simd, float32",
      "simd, float32, 2 threads",
    ]);
  });
});

describe("a ReLU behind a dense layer", () => {
  const make = (apart: boolean): Sequential => {
    const random = new Random(3);
    const act = apart ? { ...relu } : relu; // a copy is no longer the library's own
    return new Sequential([new Dense(4, 9, { random }), new Activation(act), new Dense(9, 2, { random })]);
  };

  test.each(["plain", "simd64"])(
    "is one pass with it while learning, and the same numbers as apart: %s",
    (name) => {
      const X = new Random(1).randnMatrix(4, 11);
      const run = (apart: boolean): unknown => {
        const network = make(apart);
        const { loss } = fit(network, {
          inputs: X,
          targets: Matrix.filled(2, 11, 0.5),
          loss: categoricalCrossEntropyFromLogits,
          optimizer: new Adam(0.1),
          epochs: 20,
          engine: engine(name),
        });
        return [loss, numbersOf(network)];
      };
      expect(run(false)).toEqual(run(true));
    },
  );

  test("does not hide an infinite input", () => {
    const X = Matrix.filled(4, 3, 1);
    X.set(1, 2, Infinity);
    const network = make(false);
    for (const sign of [1, -1]) {
      X.set(1, 2, sign * Infinity);
      const options = { loss: categoricalCrossEntropyFromLogits, optimizer: new Adam(0.1) };
      expect(() => trainingStep(network, X, Matrix.filled(2, 3, 0.5), options)).toThrow(
        /row 1, column 2 of 4 × 3/,
      );
    }
  });
});
