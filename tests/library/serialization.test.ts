// A network survives JSON to the last bit, and a damaged file is told where it is damaged.
import fc from "fast-check";
import {
  Activation,
  type ActivationFunction,
  activations,
  BatchNorm,
  Dense,
  Dropout,
  elu,
  fit,
  GlassboxError,
  GradientDescent,
  type Layer,
  type LayerKind,
  LayerNorm,
  LogSoftmax,
  leakyRelu,
  Matrix,
  meanSquaredError,
  networkFromJson,
  networkToJson,
  Observe,
  Pass,
  predict,
  Random,
  Residual,
  relu,
  Sequential,
  Softmax,
  ValueError,
} from "glassbox";
import { describe, expect, test } from "vitest";

const through = (network: Layer) => networkFromJson(JSON.parse(JSON.stringify(networkToJson(network))));

/** A network with a layer of every kind, a little trained, so that averages have moved. */
function everything(): Sequential {
  const random = new Random(5);
  const network = new Sequential(
    [
      new Dense(3, 4, { random, name: "hidden" }),
      new BatchNorm(4, { momentum: 0.5 }),
      new Activation(leakyRelu(0.2), { name: "leak" }),
      new Residual(
        new Sequential([new Dense(4, 4, { random }), new Activation(elu(0.7))], { name: "inside" }),
      ),
      new Dropout(0.25, { random }),
      new LayerNorm(4, { epsilon: 1e-4 }),
      new Observe(new Dense(4, 2, { random, name: "watched" }), {}),
      new Softmax(),
    ],
    { name: "everything" },
  );
  const inputs = random.randnMatrix(3, 10);
  fit(network, {
    inputs,
    targets: Matrix.filled(2, 10, 0.5),
    loss: meanSquaredError,
    optimizer: new GradientDescent(0.1),
    epochs: 3,
  });
  return network;
}

const numbersOf = (network: Layer) => [
  ...network.parameters.map(({ name, value }) => [name, value]),
  ...(network.statistics ?? []).map(({ name, value }) => [name, value]),
];

describe("there and back", () => {
  test("every number, name and setting survives, and so does the output, to the bit", () => {
    const network = everything();
    const again = through(network);
    expect(numbersOf(again)).toEqual(numbersOf(network));
    const input = new Random(1).randnMatrix(3, 7);
    expect(predict(again, input)).toEqual(predict(network, input));
    expect(again.name).toBe("everything");
    expect(JSON.stringify(networkToJson(again))).toBe(JSON.stringify(networkToJson(network)));
  });

  test("every float64 survives: the smallest, the largest, and −0", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1, maxLength: 20 }),
        (values) => {
          const all = [...values, -0, 5e-324, -Number.MAX_VALUE, 0.1 + 0.2, 1 / 3];
          const network = new Dense(all.length, 1, { weights: Matrix.row(all) });
          const [weights] = through(network).parameters;
          expect(new BigUint64Array(weights.value.data.buffer)).toEqual(
            new BigUint64Array(network.weights.value.data.buffer),
          );
        },
      ),
    );
  });

  test("every activation of the library survives, with its settings", () => {
    for (const activation of [...activations, leakyRelu(0.3), elu(2)]) {
      const again = through(new Activation(activation, { name: "f" }));
      expect(again).toBeInstanceOf(Activation);
      const { activation: found } = again as Activation;
      expect([found.name, found.settings]).toEqual([activation.name, activation.settings]);
      for (const z of [-2, -0.3, 0.4, 3]) expect(found.apply(z)).toBe(activation.apply(z));
    }
    expect(through(new Sequential([new LogSoftmax({ name: "end" })])).name).toBe("network");
  });

  test("a layer that is used twice is one layer again", () => {
    const random = new Random(0);
    const shared = new Dense(2, 2, { random, name: "shared" });
    const network = new Sequential([
      shared,
      new Residual(shared),
      new Sequential([shared, new Dense(2, 1, { random })]),
    ]);
    const again = through(network) as Sequential;
    expect(again.parameters).toHaveLength(4);
    expect((again.layers[1] as Residual).inner).toBe(again.layers[0]);
    expect((again.layers[2] as Sequential).layers[0]).toBe(again.layers[0]);
    const input = random.randnMatrix(2, 3);
    expect(predict(again, input)).toEqual(predict(network, input));
  });

  test("dropout begins its generator anew; layers of one seed share one, or all draw from the given one", () => {
    const random = new Random(9);
    const network = new Sequential([new Dropout(0.5, { random }), new Dropout(0.5, { random })]);
    const mask = (net: Layer) =>
      net.forward(Matrix.filled(1, 40, 1), new Pass({ training: true }))[0].clone();
    const json = networkToJson(network);
    const first = mask(network);
    expect(mask(networkFromJson(json))).toEqual(first);
    const given = new Random(1);
    const other = networkFromJson(json, { random: given });
    expect(other.generators).toEqual([given]);
    expect(mask(other)).not.toEqual(first);
  });

  test("the form is simple enough to read", () => {
    const network = new Sequential([
      new Dense(2, 1, { weights: Matrix.from([[0.5, -0]]), name: "only" }),
      new Activation(relu),
    ]);
    expect(networkToJson(network)).toEqual({
      format: "glassbox network",
      version: 1,
      network: {
        kind: "sequential",
        name: "network",
        layers: [
          {
            kind: "dense",
            name: "only",
            options: { inputs: 2, outputs: 1 },
            weights: { weights: [[0.5, "-0"]], bias: [[0]] },
          },
          { kind: "activation", name: "ReLU", options: { function: "ReLU" } },
        ],
      },
    });
  });

  test("layers and activations of your own go along when you say how", () => {
    class Twice implements Layer {
      readonly parameters = [];
      constructor(readonly name = "twice") {}
      forward(input: Matrix): readonly [Matrix, (d: Matrix) => Matrix] {
        return [input.scale(2), (d) => d.scale(2)];
      }
    }
    class KnownTwice extends Twice {
      static readonly kind: LayerKind<KnownTwice> = {
        title: "KnownTwice",
        write: () => ({}),
        read: ({ name }) => new KnownTwice(name),
      };
    }
    const cube: ActivationFunction = { ...relu, name: "cube", apply: (z) => z ** 3 };
    expect(() => networkToJson(new Twice("mine"))).toThrow(
      'got a value of type Twice "mine". Give its class a static kind.',
    );
    const network = new Sequential([new KnownTwice("mine"), new Activation(cube)]);
    expect(() => networkToJson(network)).toThrow('got "cube". Try { activations: […] }');
    const own = { layers: [KnownTwice], activations: [cube] };
    const json = networkToJson(network, own);
    expect(json.network.layers?.[0]).toEqual({ kind: "known-twice", name: "mine" });
    const again = networkFromJson(json, own) as Sequential;
    expect(again.layers[0]).toBeInstanceOf(KnownTwice);
    expect((again.layers[1] as Activation).activation).toBe(cube);
    expect(() => networkFromJson(json, { layers: [KnownTwice] })).toThrow(
      /network\.layers\[1\]\.options\.function/,
    );
    expect(() => networkFromJson(json, { activations: [cube] })).toThrow(/got "known-twice"/);
  });
});

describe("what is not written", () => {
  test("a network with NaN or ∞ in it", () => {
    const network = new Dense(1, 1, { weights: Matrix.from([[1]]), name: "sick" });
    network.weights.value.set(0, 0, Number.NaN);
    expect(() => networkToJson(network)).toThrow(
      /networkToJson: expected finite numbers in sick\.weights, got NaN/,
    );
  });

  test("things that are no network", () => {
    for (const bad of [undefined, null, 3, {}, relu, []]) {
      expect(() => networkToJson(bad as never)).toThrow(ValueError);
    }
  });
});

// biome-ignore lint/suspicious/noExplicitAny: files are damaged in every way, which no type allows.
type Damage = (file: any) => void;

describe("a damaged file is told where, what was expected and what was found", () => {
  test.each<[string, Damage, RegExp]>([
    [
      "another format",
      (f) => {
        f.format = "keras";
      },
      /expected format "glassbox network" at file, got "keras"/,
    ],
    [
      "a later version",
      (f) => {
        f.version = 2;
      },
      /expected version 1 at file, got 2/,
    ],
    [
      "no network",
      (f) => {
        delete f.network;
      },
      /expected an object at network, got undefined/,
    ],
    [
      "an unknown kind",
      (f) => {
        f.network.layers[0].kind = "conv";
      },
      /expected one of activation, .*dense, .* at network\.layers\[0\]\.kind, got "conv"/,
    ],
    [
      "no kind",
      (f) => {
        delete f.network.kind;
      },
      /at network\.kind, got undefined/,
    ],
    [
      "a name that is none",
      (f) => {
        f.network.layers[0].name = 3;
      },
      /expected text at network\.layers\[0\]\.name, got 3/,
    ],
    [
      "layers that are no list",
      (f) => {
        f.network.layers = {};
      },
      /an array of layers at network\.layers/,
    ],
    [
      "a layer that is null",
      (f) => {
        f.network.layers[1] = null;
      },
      /an object at network\.layers\[1\], got null/,
    ],
    [
      "a missing size",
      (f) => {
        delete f.network.layers[0].options.inputs;
      },
      /a number at network\.layers\[0\]\.options\.inputs, got undefined/,
    ],
    [
      "a size as text",
      (f) => {
        f.network.layers[0].options.inputs = "3";
      },
      /options\.inputs, got "3"/,
    ],
    [
      "no options",
      (f) => {
        f.network.layers[0].options = [];
      },
      /an object at network\.layers\[0\]\.options/,
    ],
    [
      "no weights",
      (f) => {
        delete f.network.layers[0].weights;
      },
      /an object at network\.layers\[0\]\.weights/,
    ],
    [
      "a missing matrix",
      (f) => {
        delete f.network.layers[0].weights.bias;
      },
      /4 rows of 1 numbers at network\.layers\[0\]\.weights\.bias, got undefined/,
    ],
    [
      "a row too few",
      (f) => {
        f.network.layers[0].weights.weights.pop();
      },
      /4 rows of 3 numbers at .*weights\.weights, got an array of 3/,
    ],
    [
      "a number too many",
      (f) => {
        f.network.layers[0].weights.weights[2].push(1);
      },
      /3 numbers at .*weights\.weights\[2\], got an array of 4/,
    ],
    [
      "a number that became null",
      (f) => {
        f.network.layers[0].weights.bias[3][0] = null;
      },
      /a finite number at network\.layers\[0\]\.weights\.bias\[3\]\[0\], got null/,
    ],
    [
      "a number as text",
      (f) => {
        f.network.layers[0].weights.bias[0][0] = "1";
      },
      /bias\[0\]\[0\], got "1"/,
    ],
    [
      "an unknown function",
      (f) => {
        f.network.layers[2].options.function = "swish";
      },
      /one of step, .* at network\.layers\[2\]\.options\.function, got "swish"/,
    ],
    [
      "a function from the prototype",
      (f) => {
        f.network.layers[2].options.function = "constructor";
      },
      /got "constructor"/,
    ],
    [
      "a setting that is missing",
      (f) => {
        delete f.network.layers[2].options.alpha;
      },
      /options\.alpha, got undefined/,
    ],
    [
      "a setting out of range",
      (f) => {
        f.network.layers[2].options.alpha = 7;
      },
      /leakyRelu: expected alpha/,
    ],
    [
      "two layers in a residual",
      (f) => {
        f.network.layers[3].layers.push(f.network.layers[0]);
      },
      /exactly one layer at network\.layers\[3\]\.layers, got an array of 2/,
    ],
    [
      "a rate out of range",
      (f) => {
        f.network.layers[4].options.rate = 1;
      },
      /Dropout "dropout": expected the rate/,
    ],
    [
      "a seed that is none",
      (f) => {
        f.network.layers[4].options.seed = -1;
      },
      /seed/,
    ],
    [
      "a negative variance",
      (f) => {
        f.network.layers[1].weights.runningVariance[0][0] = -1;
      },
      /BatchNorm/,
    ],
    [
      "layers that do not fit together",
      (f) => {
        f.network.layers.shift();
        f.network.layers.pop();
        f.network.layers[5].options.inputs = 5;
        f.network.layers[5].weights.weights = [
          [1, 2, 3, 4, 5],
          [1, 2, 3, 4, 5],
        ];
      },
      /expected 5 features/,
    ],
    [
      "a layer again that was not there",
      (f) => {
        f.network.layers[7] = { kind: "again", name: "x", options: { layer: 99 } };
      },
      /the number of a layer before this one at network\.layers\[7\]\.options\.layer, got 99/,
    ],
    [
      "a network inside itself",
      (f) => {
        f.network.layers[7] = { kind: "again", name: "x", options: { layer: 0 } };
      },
      /before this one/,
    ],
  ])("%s", (_, damage, message) => {
    const file = JSON.parse(JSON.stringify(networkToJson(everything())));
    damage(file);
    expect(() => networkFromJson(file)).toThrow(GlassboxError);
    expect(() => networkFromJson(file)).toThrow(message);
  });

  test("text that was not parsed, and things that are no file", () => {
    expect(() => networkFromJson("{}")).toThrow("Try JSON.parse.");
    for (const bad of [undefined, null, 7, [], true]) expect(() => networkFromJson(bad)).toThrow(ValueError);
    expect(() => networkFromJson({})).toThrow(/format/);
  });

  test("whatever is done to a file, it loads or is refused by name", () => {
    const text = JSON.stringify(networkToJson(everything()));
    const junk = fc.oneof(
      fc.constant(undefined),
      fc.constant(null),
      fc.string(),
      fc.double(),
      fc.boolean(),
      fc.constant([]),
      fc.constant({}),
      fc.constant([[1]]),
    );
    fc.assert(
      fc.property(fc.array(fc.nat(50), { minLength: 1, maxLength: 7 }), junk, (way, value) => {
        const file = JSON.parse(text);
        // follows the numbers into the tree and replaces what it finds there
        let at = file;
        for (const step of way.slice(0, -1)) {
          const keys = Object.keys(at);
          const next = keys.length === 0 ? undefined : at[keys[step % keys.length]];
          if (typeof next !== "object" || next === null) break;
          at = next;
        }
        const keys = Object.keys(at);
        if (keys.length > 0) at[keys[way[way.length - 1] % keys.length]] = value;
        try {
          const network = networkFromJson(file);
          expect(network.parameters.every(({ value: w }) => w.data.every(Number.isFinite))).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(GlassboxError);
        }
      }),
      { numRuns: 1000 },
    );
  });
});

describe("a file that would be endless to read or to run", () => {
  const dense = {
    kind: "dense",
    name: "d",
    options: { inputs: 1, outputs: 1 },
    weights: { weights: [[1]], bias: [[0]] },
  };
  const file = (network: object) => ({ format: "glassbox network", version: 1, network });

  test("is refused: a block used twice, thirty levels deep", () => {
    let block: object = dense;
    // in the order of the file the outermost of n blocks is layer 0, so the inner block of level k is number k
    for (let level = 29; level >= 0; level--) {
      const again = { kind: "again", name: "b", options: { layer: level + 1 } };
      block = { kind: "sequential", name: "b", layers: [block, again] };
    }
    const text = JSON.stringify(file(block));
    expect(text.length).toBeLessThan(5000);
    expect(() => networkFromJson(JSON.parse(text))).toThrow(ValueError);
    expect(() => networkFromJson(JSON.parse(text))).toThrow(/expected at most 100000 layers in a pass/);
  });

  test("is refused: three thousand layers inside one another, in a file or in memory", () => {
    let nested: object = dense;
    let network: Layer = new Dense(1, 1, { weights: Matrix.from([[1]]) });
    for (let level = 0; level < 3000; level++) nested = { kind: "sequential", name: "s", layers: [nested] };
    for (let level = 0; level < 300; level++) network = new Sequential([network]);
    expect(() => networkFromJson(file(nested))).toThrow(/expected at most 200 layers inside one another/);
    expect(() => networkToJson(network)).toThrow(/expected at most 200 layers inside one another/);
  });

  test("but a layer that is used a hundred times is fine", () => {
    const again = { kind: "again", name: "d", options: { layer: 1 } };
    const layers = [dense, ...Array.from({ length: 99 }, () => again)];
    const network = networkFromJson(file({ kind: "sequential", name: "s", layers }));
    expect(predict(network, Matrix.from([[5]])).data[0]).toBe(5);
  });
});
