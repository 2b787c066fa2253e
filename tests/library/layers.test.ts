// Layers: what they compute, the way back against the numerical witness, their modes, their buffers, their doors.
import fc from "fast-check";
import {
  Activation,
  BatchNorm,
  countParameters,
  Dense,
  DivergenceError,
  Dropout,
  elu,
  fit,
  GlassboxError,
  GradientDescent,
  gelu,
  type Layer,
  LayerNorm,
  LogSoftmax,
  leakyRelu,
  linear,
  logSoftmax,
  Matrix,
  meanSquaredError,
  Observe,
  observed,
  Pass,
  predict,
  Random,
  Recorder,
  Residual,
  relu,
  Sequential,
  ShapeError,
  Softmax,
  StateError,
  sigmoid,
  softmax,
  summarize,
  tanh,
  ValueError,
  zeroGradients,
} from "glassbox";
import { describe, expect, test } from "vitest";
import { expectClose, golden } from "./golden";
import { entries, expectGradients } from "./witness";

const training = (): Pass => new Pass({ training: true });
const seeds = fc.integer({ min: 0, max: 1e6 });
const sizes = fc.integer({ min: 1, max: 5 });

/** A dense layer with random weights and, unlike a fresh one, random biases. */
function dense(inputs: number, outputs: number, random: Random, name = "dense"): Dense {
  return new Dense(inputs, outputs, {
    name,
    weights: entries(random, outputs, inputs),
    bias: entries(random, outputs, 1),
  });
}

/** A normalisation with a random scale and shift, and for batch norm random running averages. */
function batchNorm(features: number, random: Random): BatchNorm {
  return new BatchNorm(features, {
    gamma: entries(random, features, 1),
    beta: entries(random, features, 1),
    runningMean: entries(random, features, 1),
    runningVariance: entries(random, features, 1).map((v) => v * v + 0.1),
    epsilon: 0.01,
  });
}

function layerNorm(features: number, random: Random): LayerNorm {
  const gamma = entries(random, features, 1);
  return new LayerNorm(features, { gamma, beta: entries(random, features, 1), epsilon: 0.01 });
}

/** Every layer of the library, for rows × anything. */
const makers: { name: string; make: (rows: number, random: Random) => Layer }[] = [
  { name: "Dense", make: (rows, random) => dense(rows, 3, random) },
  { name: "Activation", make: () => new Activation(tanh) },
  { name: "Dropout", make: (_rows, random) => new Dropout(0.4, { random }) },
  { name: "Residual", make: (rows, random) => new Residual(dense(rows, rows, random)) },
  { name: "BatchNorm", make: batchNorm },
  { name: "LayerNorm", make: layerNorm },
  { name: "Softmax", make: () => new Softmax() },
  { name: "LogSoftmax", make: () => new LogSoftmax() },
  { name: "Observe", make: (rows, random) => new Observe(dense(rows, 2, random), {}) },
  {
    name: "Sequential",
    make: (rows, random) =>
      new Sequential([
        dense(rows, 4, random),
        new Activation(gelu),
        batchNorm(4, random),
        dense(4, 2, random),
      ]),
  },
];

describe("every backward pass agrees with the numerical witness", () => {
  const smooth = makers.filter(({ name }) => name !== "Dropout");
  test.each(smooth)("$name, at inference", ({ make }) => {
    fc.assert(
      fc.property(seeds, sizes, sizes, (seed, rows, columns) => {
        const random = new Random(seed);
        const layer = make(rows, random);
        expectGradients(layer, entries(random, rows, columns), random);
      }),
      { numRuns: 40 },
    );
  });

  test.each(smooth)("$name, while training", ({ make }) => {
    fc.assert(
      // with two examples a normalised batch is ±1 whatever the input, and the slope nearly 0: three at least
      fc.property(seeds, sizes, fc.integer({ min: 3, max: 7 }), (seed, rows, columns) => {
        const random = new Random(seed);
        const layer = make(rows, random);
        expectGradients(layer, entries(random, rows, columns), random, { training: true });
      }),
      { numRuns: 40 },
    );
  });

  test("Dropout, while training, for one mask", () => {
    fc.assert(
      fc.property(seeds, sizes, sizes, (seed, rows, columns) => {
        const random = new Random(seed);
        const generator = new Random(seed + 1);
        const start = generator.clone();
        const layer = new Dropout(0.4, { random: generator });
        const redraw = (): void => {
          generator.copyFrom(start);
        };
        expectGradients(layer, entries(random, rows, columns), random, { training: true, redraw });
      }),
      { numRuns: 40 },
    );
  });

  test("every activation as a layer, in the middle of a network", () => {
    for (const activation of [sigmoid, tanh, relu, leakyRelu(0.2), elu(1.3), gelu]) {
      const random = new Random(11);
      const network = new Sequential([dense(3, 4, random), new Activation(activation), dense(4, 2, random)]);
      expectGradients(network, entries(random, 3, 5), random);
    }
  });
});

describe("every layer keeps the contract of a pass", () => {
  test.each(makers)("$name meets its own buffers again, once a first step has measured them", ({ make }) => {
    const random = new Random(3);
    const layer = make(4, random);
    const pass = training();
    const X = entries(random, 4, 6);
    const U = entries(random, 8, 6);
    const taken: Matrix[][] = [[], [], []];
    const take = pass.take.bind(pass);
    let step = 0;
    pass.take = (rows, columns) => {
      const matrix = take(rows, columns);
      taken[step].push(matrix);
      return matrix;
    };
    const results = [0, 1, 2].map((turn) => {
      step = turn;
      pass.restart();
      const [output, backward] = layer.forward(X, pass);
      const dInput = backward(new Matrix(output.rows, 6, U.data.slice(0, output.size)));
      return [output, dInput];
    });
    expect(taken[0].length).toBeGreaterThan(0);
    expect(taken[2].length).toBe(taken[0].length);
    taken[1].forEach((matrix, i) => {
      expect(taken[2][i]).toBe(matrix);
    });
    expect(results[2][0]).toBe(results[1][0]);
    expect(results[2][1]).toBe(results[1][1]);
  });

  test.each(makers)("$name does not rely on clean buffers", ({ make }) => {
    for (const passOf of [training, () => new Pass()]) {
      const run = (dirty: boolean): unknown => {
        const random = new Random(8);
        const layer = make(3, random);
        const pass = passOf();
        const take = pass.take.bind(pass);
        if (dirty) pass.take = (rows, columns) => take(rows, columns).fill(Number.NaN);
        const [output, backward] = layer.forward(entries(random, 3, 4), pass);
        const dInput = backward(entries(random, output.rows, 4));
        return [output, dInput, ...layer.parameters.map(({ gradient }) => gradient)].map((m) => m.toRows());
      };
      expect(run(true)).toEqual(run(false));
    }
  });

  // all but dropout, which draws another mask at each look
  const steady = makers.filter(({ name }) => name !== "Dropout");
  test.each(steady)("$name used twice in one network collects both slopes", ({ make }) => {
    const random = new Random(21);
    const layer = make(3, random);
    const between = dense(layer.outputRows?.(3) ?? 3, 3, random);
    const network = new Sequential([layer, between, layer]);
    expect(network.parameters.length).toBe(layer.parameters.length + 2);
    expectGradients(network, entries(random, 3, 6), random, { training: true });
  });

  test("Dense used twice in one network collects both slopes", () => {
    const random = new Random(22);
    const layer = dense(3, 3, random);
    const network = new Sequential([layer, new Activation(tanh), layer]);
    expect(countParameters(network)).toBe(12);
    expectGradients(network, entries(random, 3, 2), random);
  });

  test.each(makers)(
    "$name refuses what is no matrix, empty, or not finite, and slopes that do not fit",
    ({ make }) => {
      for (const passOf of [training, () => new Pass()]) {
        const random = new Random(5);
        const layer = make(3, random);
        const X = entries(random, 3, 4);
        const call = (input: unknown, pass: unknown = passOf()) =>
          layer.forward(input as Matrix, pass as Pass);
        for (const input of [undefined, null, 7, "x", [[1], [2], [3]], {}, X.toRows()]) {
          expect(() => call(input)).toThrow(ValueError);
        }
        expect(() => call(new Matrix(3, 0))).toThrow(ShapeError);
        expect(() => call(X, 7)).toThrow(ValueError);
        const [output, backward] = layer.forward(X, passOf());
        expect(() => backward(new Matrix(output.rows + 1, 4))).toThrow(ShapeError);
        expect(() => backward(new Matrix(output.rows, 5))).toThrow(ShapeError);
        expect(() => backward([1] as never)).toThrow(ValueError);
      }
    },
  );

  test.each(makers.filter(({ name }) => name !== "Activation"))(
    "$name lets no NaN through, forward or back, and changes nothing when it refuses",
    ({ make }) => {
      for (const passOf of [training, () => new Pass()]) {
        const random = new Random(6);
        const layer = make(3, random);
        const X = entries(random, 3, 4);
        const [output, backward] = layer.forward(X, passOf());
        zeroGradients(layer.parameters);
        const before = snapshot(layer, random);
        for (const bad of [Number.NaN, Infinity, -Infinity]) {
          for (let k = 0; k < X.size; k++) {
            const broken = X.clone();
            broken.data[k] = bad;
            expect(() => layer.forward(broken, passOf())).toThrow(GlassboxError);
          }
          const slopes = new Matrix(output.rows, 4);
          slopes.data[output.rows * 2] = bad;
          expect(() => backward(slopes)).toThrow(GlassboxError);
        }
        expect(snapshot(layer, random)).toEqual(before);
      }
    },
  );

  test("Activation refuses NaN at inference; while training it hands NaN on, for the loss to report", () => {
    const layer = new Activation(relu);
    const X = Matrix.from([[1, Number.NaN]]);
    expect(() => layer.forward(X)).toThrow(
      'Activation "ReLU": expected finite numbers in the input, got NaN',
    );
    expect(layer.forward(X, training())[0].toRows()).toEqual([[1, Number.NaN]]);
  });

  /** Everything that a failed call must leave alone: values, gradients, statistics, and where the generator stands. */
  function snapshot(layer: Layer, random: Random): unknown {
    return [
      ...layer.parameters.flatMap(({ value, gradient }) => [value.toRows(), gradient.toRows()]),
      ...(layer.statistics ?? []).map(({ value }) => value.toRows()),
      random.clone().rand(),
    ];
  }
});

describe("Dense", () => {
  test("is W·X + b, by the definition", () => {
    fc.assert(
      fc.property(seeds, sizes, sizes, sizes, (seed, inputs, outputs, m) => {
        const random = new Random(seed);
        const layer = dense(inputs, outputs, random);
        const X = entries(random, inputs, m);
        const Z = predict(layer, X);
        expect(Z.shape).toBe(`${outputs} × ${m}`);
        for (let i = 0; i < outputs; i++) {
          for (let j = 0; j < m; j++) {
            let z = layer.bias.value.at(i, 0);
            for (let k = 0; k < inputs; k++) z += layer.weights.value.at(i, k) * X.at(k, j);
            expect(Math.abs(Z.at(i, j) - z)).toBeLessThan(1e-13);
          }
        }
      }),
    );
  });

  test("reproduces the published forward pass of 2 → 4 → 1 with He weights of seed 42", () => {
    const expected = golden.forward_pass;
    const random = new Random(expected.seed);
    const hidden = new Dense(2, 4, { random });
    const output = new Dense(4, 1, { random });
    expectClose(hidden.weights.value.toRows().flat(), expected.W1.flat(), 1e-15);
    // the published network draws its second weights from the same stream, scaled by √(2/4)
    expectClose(output.weights.value.toRows().flat(), expected.W2.flat(), 1e-15);
    const network = new Sequential([hidden, new Activation(relu), output, new Activation(sigmoid)]);
    expect(countParameters(network)).toBe(expected.parameters);
    expectClose(predict(network, Matrix.from(expected.X)).data, expected.A2.flat(), 1e-15);
  });

  test("reproduces every published gradient of the worked 2 → 2 → 1 example", () => {
    const g = golden.backprop;
    const hidden = new Dense(2, 2, { weights: Matrix.from(g.W1), bias: Matrix.from(g.b1) });
    const output = new Dense(2, 1, { weights: Matrix.from(g.W2), bias: Matrix.from(g.b2) });
    const pass = new Pass();
    const [Z1, backZ1] = hidden.forward(Matrix.from(g.X), pass);
    const [A1, backA1] = new Activation(relu).forward(Z1, pass);
    const [Z2, backZ2] = output.forward(A1, pass);
    const [A2, backA2] = new Activation(sigmoid).forward(Z2, pass);
    for (const [mine, theirs] of [
      [Z1, g.Z1],
      [A1, g.A1],
      [Z2, g.Z2],
      [A2, g.A2],
    ]) {
      expectClose(mine.toRows().flat(), theirs.flat(), 1e-15);
    }
    const dZ2 = backA2(Matrix.from(g.dA2));
    const dA1 = backZ2(dZ2);
    const dZ1 = backA1(dA1);
    backZ1(dZ1);
    for (const [mine, theirs] of [
      [dZ2, g.dZ2],
      [output.weights.gradient, g.dW2],
      [output.bias.gradient, g.db2],
      [dA1, g.dA1],
      [dZ1, g.dZ1],
      [hidden.weights.gradient, g.dW1],
      [hidden.bias.gradient, g.db1],
    ]) {
      expectClose(mine.toRows().flat(), theirs.flat(), 1e-15);
    }
  });

  test("skips its input's slope when nobody asks, and only then", () => {
    const random = new Random(1);
    const network = new Sequential([dense(2, 3, random), new Activation(tanh), dense(3, 1, random)]);
    const X = entries(random, 2, 4);
    const U = entries(random, 1, 4);
    const [, asked] = network.forward(X, new Pass({ training: true }));
    const full = asked(U);
    expect(full.shape).toBe("2 × 4");
    const gradients = network.parameters.map(({ gradient }) => gradient.toRows());
    zeroGradients(network.parameters);
    const [, notAsked] = network.forward(X, new Pass({ training: true, inputGradient: false }));
    expect(notAsked(U).shape).toBe("0 × 0");
    expect(network.parameters.map(({ gradient }) => gradient.toRows())).toEqual(gradients);
  });

  test("copies the weights it is given", () => {
    const weights = Matrix.from([[1, 2]]);
    const layer = new Dense(2, 1, { weights });
    weights.fill(9);
    expect(layer.weights.value.toRows()).toEqual([[1, 2]]);
  });

  test("its biases do not decay, its weights do", () => {
    const layer = new Dense(2, 1, { random: new Random(1) });
    expect([layer.weights.decays, layer.bias.decays]).toEqual([true, false]);
  });

  test("says what is wrong with an input, and what to try", () => {
    const layer = new Dense(2, 4, { name: "hidden", random: new Random(1) });
    expect(() => predict(layer, new Matrix(3, 500))).toThrow(
      new ShapeError(
        'Dense "hidden": expected 2 features (rows), got 3. The input is 3 × 500; did you pass examples as rows? Try Matrix.transpose.',
      ),
    );
    layer.weights.value.set(2, 1, Number.NaN);
    expect(() => predict(layer, new Matrix(2, 3))).toThrow(
      'Dense "hidden": expected finite numbers in hidden.weights, got NaN at row 2, column 1 of 4 × 2.',
    );
  });

  test("notices a broken number wherever it is: in any input, weight or bias", () => {
    fc.assert(
      fc.property(
        seeds,
        sizes,
        sizes,
        sizes,
        fc.constantFrom(Number.NaN, Infinity, -Infinity),
        (seed, i, o, m, bad) => {
          const random = new Random(seed);
          const layer = dense(i, o, random);
          const X = entries(random, i, m);
          for (const target of [X, layer.weights.value, layer.bias.value]) {
            for (let k = 0; k < target.size; k++) {
              const good = target.data[k];
              target.data[k] = bad;
              expect(() => layer.forward(X)).toThrow(ValueError);
              target.data[k] = good;
            }
          }
          layer.forward(X);
        },
      ),
    );
  });

  test("says that numbers overflowed when all that went in was finite", () => {
    const layer = new Dense(1, 1, { weights: Matrix.from([[1e200]]) });
    expect(() => predict(layer, Matrix.from([[1e200]]))).toThrow(DivergenceError);
  });

  test("refuses sizes, options and weights that make no layer, before it draws", () => {
    const random = new Random(7);
    const next = random.clone().rand();
    for (const size of [0, -1, 1.5, Number.NaN, Infinity, "2", undefined, null]) {
      expect(() => new Dense(size as never, 1, { random })).toThrow(ValueError);
      expect(() => new Dense(1, size as never, { random })).toThrow(ValueError);
    }
    expect(() => new Dense(2, 1)).toThrow(
      "expected a seeded generator to draw the weights from, got undefined",
    );
    for (const options of [null, 7, { name: 7, random }, { random: 42 }, { random, initializer: "he" }]) {
      expect(() => new Dense(2, 1, options as never)).toThrow(ValueError);
    }
    expect(() => new Dense(2, 1, { random, bias: [1] as never })).toThrow(ValueError);
    expect(() => new Dense(2, 1, { random, bias: new Matrix(2, 1) })).toThrow(
      "expected bias (outputs × 1) of 1 × 1, got 2 × 1",
    );
    expect(() => new Dense(2, 1, { weights: new Matrix(2, 1) })).toThrow(ShapeError);
    expect(() => new Dense(2, 1, { weights: Matrix.from([[1, Infinity]]) })).toThrow(ValueError);
    expect(() => new Dense(2, 1, { random, initializer: () => new Matrix(1, 1) })).toThrow(ShapeError);
    expect(random.rand()).toBe(next);
  });
});

describe("Sequential", () => {
  test("is its layers one after another", () => {
    const random = new Random(4);
    const [a, b] = [dense(2, 3, random), dense(3, 2, random)];
    const X = entries(random, 2, 5);
    expect(predict(new Sequential([a, b]), X).equals(predict(b, predict(a, X)))).toBe(true);
    expect(predict(new Sequential([new Sequential([a]), b]), X).equals(predict(b, predict(a, X)))).toBe(true);
  });

  test("refuses layers that do not fit together when it is made", () => {
    const random = new Random(4);
    const make =
      (...layers: Layer[]) =>
      () =>
        new Sequential(layers);
    const message = 'Dense "second": expected 5 features (rows), got 3.';
    const second = dense(5, 1, random, "second");
    expect(make(dense(2, 3, random), second)).toThrow(new ShapeError(message));
    const between = [
      new Activation(relu),
      new Dropout(0.1, { random }),
      new Softmax(),
      new LogSoftmax(),
      new Residual(new Activation(tanh)),
      new Observe(new Activation(tanh), {}),
      new Sequential([new Activation(linear)]),
      new BatchNorm(3),
      new LayerNorm(3),
    ];
    expect(make(dense(2, 3, random), ...between, second)).toThrow(message);
    expect(make(dense(2, 3, random), new Residual(dense(5, 5, random)))).toThrow(ShapeError);
    expect(make(dense(2, 3, random), ...between)).not.toThrow();
    expect(make(new BatchNorm(2), dense(3, 1, random))).toThrow(ShapeError);
  });

  test("a layer of the reader's own needs only forward and parameters", () => {
    const own: Layer = {
      name: "first two rows",
      parameters: [],
      forward: (input) => [new Matrix(2, input.columns, input.data.slice(0, 2 * input.columns)), (d) => d],
    };
    const random = new Random(4);
    const network = new Sequential([dense(3, 4, random), own, dense(2, 1, random)]);
    expect(predict(network, entries(random, 3, 2)).shape).toBe("1 × 2");
  });

  test("asks every layer before the first one moves", () => {
    const random = new Random(9);
    const norm = new BatchNorm(2);
    const network = new Sequential([new Dropout(0.5, { random }), norm, dense(2, 1, new Random(1))]);
    const next = random.clone().rand();
    expect(() => network.forward(new Matrix(3, 4).fill(1), training())).toThrow(ShapeError);
    const mixed = new Sequential([new Dropout(0.5, { random }), dense(2, 1, new Random(1))]);
    expect(() => mixed.forward(new Matrix(3, 4).fill(1), training())).toThrow(ShapeError);
    expect(random.rand()).toBe(next);
    expect(norm.runningMean.toRows()).toEqual([[0], [0]]);
  });

  test("refuses what is no list of layers, and a network without any", () => {
    for (const layers of [undefined, null, 7, "x", [relu], [null], [{}], [new Activation(relu), 7]]) {
      expect(() => new Sequential(layers as never)).toThrow(ValueError);
    }
    expect(() => new Sequential([relu as never])).toThrow(
      "An activation function becomes a layer as new Activation(relu).",
    );
    expect(() => predict(new Sequential([]), new Matrix(1, 1))).toThrow(StateError);
    expect(() => new Activation(leakyRelu as never)).toThrow(
      "Does it want to be called first, as leakyRelu()?",
    );
  });
});

describe("Dropout", () => {
  test("gives the published mask and result for seed 42 and rate 0.3", () => {
    const { seed, activations, p, after } = golden.dropout;
    const layer = new Dropout(p, { random: new Random(seed) });
    const [output] = layer.forward(Matrix.column(activations), training());
    expectClose(output.data, after, 1e-15);
  });

  test("keeps an entry where rand() > rate, drawn row after row, and divides it by 1 − rate", () => {
    fc.assert(
      fc.property(
        seeds,
        sizes,
        sizes,
        fc.double({ min: 0.05, max: 0.95, noNaN: true }),
        (seed, rows, columns, rate) => {
          const layer = new Dropout(rate, { random: new Random(seed) });
          const X = entries(new Random(seed + 1), rows, columns);
          const uniforms = new Random(seed).randMatrix(rows, columns);
          const expected = X.map((x, i, j) => (uniforms.at(i, j) > rate ? x / (1 - rate) : 0));
          expect(layer.forward(X, training())[0].equals(expected, 1e-12)).toBe(true);
        },
      ),
    );
  });

  test("keeps the expected value and drops the given share", () => {
    const layer = new Dropout(0.3, { random: new Random(1) });
    const [output] = layer.forward(new Matrix(100, 1000).fill(2), training());
    const share = output.data.filter((x) => x === 0).length / output.size;
    expect(Math.abs(share - 0.3)).toBeLessThan(0.005); // the standard error is 0.0015
    expect(Math.abs(output.sum() / output.size - 2)).toBeLessThan(0.02);
  });

  test("draws a new mask at every training pass", () => {
    const layer = new Dropout(0.5, { random: new Random(1) });
    const X = new Matrix(10, 10).fill(1);
    const [first] = layer.forward(X, training());
    expect(layer.forward(X, training())[0].equals(first)).toBe(false);
  });

  test("is the identity at inference, and draws nothing", () => {
    const random = new Random(1);
    const next = random.clone().rand();
    const layer = new Dropout(0.5, { random });
    const X = entries(new Random(2), 3, 4);
    const [output, backward] = layer.forward(X);
    expect(output.equals(X)).toBe(true);
    expect(backward(X).equals(X)).toBe(true);
    expect(random.rand()).toBe(next);
    expect(new Dropout(0, { random }).forward(X, training())[0].equals(X)).toBe(true);
  });

  test("refuses rates outside [0, 1) and what is no generator", () => {
    const random = new Random(1);
    for (const rate of [-0.1, 1, 1.5, Number.NaN, Infinity, "0.5", undefined]) {
      expect(() => new Dropout(rate as never, { random })).toThrow(ValueError);
    }
    for (const options of [undefined, null, {}, { random: 42 }, { random: Math.random }]) {
      expect(() => new Dropout(0.5, options as never)).toThrow(ValueError);
    }
  });
});

describe("Residual", () => {
  test("is X + f(X)", () => {
    const random = new Random(2);
    const inner = dense(3, 3, random);
    const X = entries(random, 3, 4);
    expect(predict(new Residual(inner), X).equals(X.plus(predict(inner, X)))).toBe(true);
  });

  test("around a layer that gives 0, slopes pass undiminished", () => {
    const inner = new Dense(3, 3, { weights: new Matrix(3, 3) });
    const U = entries(new Random(2), 3, 4);
    const [, backward] = new Residual(inner).forward(entries(new Random(3), 3, 4));
    expect(backward(U).equals(U)).toBe(true);
  });

  test("as the first layer, skips its input's slope when nobody asks, and still learns", () => {
    const random = new Random(2);
    const layer = new Residual(dense(3, 3, random));
    const [, backward] = layer.forward(entries(random, 3, 4), new Pass({ inputGradient: false }));
    expect(backward(entries(random, 3, 4)).shape).toBe("0 × 0");
    expect(layer.parameters[0].gradient.norm()).toBeGreaterThan(0);
  });

  test("refuses a layer inside that does not keep the number of rows", () => {
    const random = new Random(2);
    const layer = new Residual(dense(3, 2, random, "narrow"));
    expect(() => predict(layer, new Matrix(3, 1))).toThrow(
      'Residual "residual": expected "narrow" to give as many rows as it takes, 3, got 2.',
    );
    const own: Layer = { name: "own", parameters: [], forward: () => [new Matrix(1, 1), (d) => d] };
    expect(() => predict(new Residual(own), new Matrix(3, 1))).toThrow(ShapeError);
    expect(() => new Residual(relu as never)).toThrow(ValueError);
  });
});

describe("BatchNorm", () => {
  test("while training, brings every feature to mean 0 and variance 1, then scales and shifts it", () => {
    fc.assert(
      fc.property(seeds, sizes, fc.integer({ min: 3, max: 9 }), (seed, n, m) => {
        const random = new Random(seed);
        const X = entries(random, n, m).scale(7);
        const layer = new BatchNorm(n, { epsilon: 1e-12 });
        const [Y] = layer.forward(X, training());
        for (let i = 0; i < n; i++) {
          const { mean, standardDeviation } = summarize(Matrix.row(Y.toRows()[i]));
          expect(Math.abs(mean)).toBeLessThan(1e-12);
          expect(Math.abs(standardDeviation - 1)).toBeLessThan(1e-6);
        }
        layer.gamma.value.fill(3);
        layer.beta.value.fill(-2);
        const scaled = Y.map((y) => 3 * y - 2);
        expect(layer.forward(X, training())[0].equals(scaled, 1e-12)).toBe(true);
      }),
    );
  });

  test("adds epsilon to the variance, under the root", () => {
    const layer = new BatchNorm(1, { epsilon: 3 });
    const [Y] = layer.forward(Matrix.from([[2, 4]]), training()); // mean 3, variance 1, √(1 + 3) = 2
    expect(Y.toRows()).toEqual([[-0.5, 0.5]]);
  });

  test("moves its running averages by 1 − momentum of the way, with the variance divided by m", () => {
    const layer = new BatchNorm(1, { momentum: 0.75, runningMean: Matrix.from([[10]]) });
    layer.forward(Matrix.from([[2, 4, 4, 6]]), training()); // mean 4, variance 2
    expect(layer.runningMean.data[0]).toBeCloseTo(0.75 * 10 + 0.25 * 4, 14);
    expect(layer.runningVariance.data[0]).toBeCloseTo(0.75 * 1 + 0.25 * 2, 14);
  });

  test("at inference, uses the running averages and leaves them alone", () => {
    const layer = new BatchNorm(1, {
      runningMean: Matrix.from([[5]]),
      runningVariance: Matrix.from([[3]]),
      epsilon: 1,
    });
    expect(predict(layer, Matrix.from([[9, 5]])).toRows()).toEqual([[2, 0]]);
    expect([layer.runningMean.data[0], layer.runningVariance.data[0]]).toEqual([5, 3]);
  });

  test("offers its running averages as statistics, through a network as well", () => {
    const layer = new BatchNorm(2, { name: "norm" });
    const network = new Sequential([new Residual(new Observe(layer, {}))]);
    expect(network.statistics.map(({ name }) => name)).toEqual(["norm.runningMean", "norm.runningVariance"]);
    expect(network.statistics[0].value).toBe(layer.runningMean);
    expect(layer.parameters.map(({ name, decays }) => [name, decays])).toEqual([
      ["norm.gamma", false],
      ["norm.beta", false],
    ]);
  });

  test("takes a batch of one as at inference, with running averages that stay where they are", () => {
    const averages = { runningMean: Matrix.column([5, 6]), runningVariance: Matrix.column([3, 8]) };
    const layer = new BatchNorm(2, { ...averages, epsilon: 1, gamma: Matrix.column([2, 3]) });
    const lone = Matrix.column([7, 12]);
    const [Y, backward] = layer.forward(lone, training());
    expect(Y.toRows()).toEqual([[2], [6]]);
    expect(Y.toRows()).toEqual(predict(layer, lone).toRows());
    expect(backward(Matrix.column([1, 1])).toRows()).toEqual([[1], [1]]); // γ/√(σ² + ε)
    expect(layer.runningMean.equals(averages.runningMean)).toBe(true);
    expect(layer.runningVariance.equals(averages.runningVariance)).toBe(true);
  });

  test("is not led astray by a last batch of one", () => {
    const X = new Random(4).randnMatrix(1, 33).scale(2.75); // 32 and one more
    const spread = summarize(X).standardDeviation ** 2;
    const layer = new BatchNorm(1, { momentum: 0.9 });
    fit(new Sequential([layer]), {
      inputs: X,
      targets: X,
      loss: meanSquaredError,
      optimizer: new GradientDescent(1e-3),
      epochs: 200,
      batchSize: 16,
      random: new Random(5),
    });
    // batches of 16 have on average 15/16 of the whole variance, and the memory reaches back over some ten of them
    expect(layer.runningVariance.data[0] / spread).toBeGreaterThan(0.75);
    expect(layer.runningVariance.data[0] / spread).toBeLessThan(1.15);
  });

  test("refuses options out of range, and numbers too large to square, before its averages move", () => {
    for (const options of [
      { momentum: 1 },
      { momentum: -0.1 },
      { epsilon: 0 },
      { epsilon: Number.NaN },
      { gamma: [1, 1] as never },
      { runningVariance: Matrix.column([1, -1]) },
    ]) {
      expect(() => new BatchNorm(2, options)).toThrow(ValueError);
    }
    expect(() => new BatchNorm(2, { beta: new Matrix(1, 2) })).toThrow(ShapeError);
    expect(() => new BatchNorm(0)).toThrow(ValueError);
    const layer = new BatchNorm(1);
    expect(() => layer.forward(Matrix.from([[1e200, -1e200]]), training())).toThrow(DivergenceError);
    expect([layer.runningMean.data[0], layer.runningVariance.data[0]]).toEqual([0, 1]);
    layer.runningMean.fill(Number.NaN);
    expect(() => predict(layer, Matrix.from([[1]]))).toThrow(ValueError);
  });
});

describe("LayerNorm", () => {
  test("brings every example to mean 0 and variance 1, then scales and shifts each feature", () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 2, max: 6 }), sizes, (seed, n, m) => {
        const random = new Random(seed);
        const X = entries(random, n, m).scale(5);
        const layer = new LayerNorm(n, { epsilon: 1e-12 });
        const Y = predict(layer, X);
        for (const column of Y.transpose().toRows()) {
          const { mean, standardDeviation } = summarize(Matrix.row(column));
          expect(Math.abs(mean)).toBeLessThan(1e-12);
          expect(Math.abs(standardDeviation - 1)).toBeLessThan(1e-6);
        }
        const gamma = entries(random, n, 1);
        const beta = entries(random, n, 1);
        const scaled = new LayerNorm(n, { epsilon: 1e-12, gamma, beta });
        expect(predict(scaled, X).equals(Y.hadamard(gamma).plus(beta), 1e-12)).toBe(true);
        expect(scaled.forward(X, training())[0].equals(predict(scaled, X))).toBe(true);
      }),
    );
  });

  test("adds epsilon to the variance, under the root", () => {
    const layer = new LayerNorm(2, { epsilon: 3 });
    expect(predict(layer, Matrix.column([2, 4])).toRows()).toEqual([[-0.5], [0.5]]);
  });

  test("looks at no other example", () => {
    const random = new Random(3);
    const layer = layerNorm(4, random);
    const X = entries(random, 4, 3);
    const alone = predict(layer, X.pickColumns([1]));
    expect(predict(layer, X).pickColumns([1]).equals(alone)).toBe(true);
  });

  test("refuses options out of range and numbers too large to square", () => {
    for (const epsilon of [0, -1, Number.NaN])
      expect(() => new LayerNorm(2, { epsilon })).toThrow(ValueError);
    expect(() => new LayerNorm(2, { gamma: new Matrix(3, 1) })).toThrow(ShapeError);
    expect(() => predict(new LayerNorm(2), Matrix.column([1e200, 0]))).toThrow(DivergenceError);
  });
});

describe("Softmax and LogSoftmax", () => {
  test("are the functions of the same name", () => {
    const Z = entries(new Random(3), 4, 5);
    expect(predict(new Softmax(), Z).equals(softmax(Z))).toBe(true);
    expect(predict(new LogSoftmax(), Z).equals(logSoftmax(Z))).toBe(true);
  });
});

describe("Observe", () => {
  test("changes no number, and shows each one", () => {
    const random = new Random(3);
    const inner = dense(3, 2, random);
    const X = entries(random, 3, 4);
    const U = entries(random, 2, 4);
    const [plain, plainBack] = inner.forward(X);
    const dX = plainBack(U);
    const seen: unknown[] = [];
    const layer = new Observe(inner, {
      onForward: ({ layer: name, training: learning, input, output }) => {
        seen.push([name, learning, input.toRows(), output.toRows()]);
      },
      onBackward: ({ dOutput, dInput, input }) => {
        seen.push([input.toRows(), dOutput.toRows(), dInput.toRows()]);
      },
    });
    const [output, backward] = layer.forward(X, training());
    expect(output.equals(plain)).toBe(true);
    expect(backward(U).equals(dX)).toBe(true);
    expect(seen).toEqual([
      ["dense", true, X.toRows(), plain.toRows()],
      [X.toRows(), U.toRows(), dX.toRows()],
    ]);
    expect(layer.parameters).toBe(inner.parameters);
  });

  test("a recorder keeps a summary a pass for every layer, equal names told apart", () => {
    const random = new Random(3);
    const network = new Sequential([
      dense(2, 3, random, "hidden"),
      new Activation(relu),
      dense(3, 3, random, "more"),
      new Activation(relu),
    ]);
    const recorder = new Recorder();
    const watched = observed(network, recorder);
    const X = entries(random, 2, 5);
    expect(predict(watched, X).equals(predict(network, X))).toBe(true);
    const [output, backward] = watched.forward(X);
    const U = entries(random, 3, 5);
    backward(U);
    expect([...recorder.layers.keys()]).toEqual(["hidden", "ReLU", "more", "ReLU 2"]);
    const last = recorder.layers.get("ReLU 2");
    expect(last?.activations.length).toBe(2);
    expect(last?.activations[1]).toEqual(summarize(output));
    expect(last?.gradients).toEqual([summarize(U)]);
    recorder.clear();
    expect(recorder.layers.size).toBe(0);
  });

  test("a summary is what its names say", () => {
    expect(
      summarize(
        Matrix.from([
          [0, 3],
          [0, -7],
        ]),
      ),
    ).toEqual({
      mean: -1,
      standardDeviation: Math.sqrt((1 + 16 + 1 + 36) / 4),
      norm: Math.sqrt(58),
      smallest: -7,
      largest: 3,
      zeros: 0.5,
    });
    expect(() => summarize(new Matrix(0, 3))).toThrow(ShapeError);
  });

  test("refuses what is no layer, no observer and no network", () => {
    expect(() => new Observe(relu as never, {})).toThrow(ValueError);
    expect(() => new Observe(new Activation(relu), undefined as never)).toThrow(ValueError);
    expect(() => observed(new Activation(relu) as never, {})).toThrow(ValueError);
  });
});
