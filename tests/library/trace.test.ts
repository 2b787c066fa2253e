// A trace is read by people: the tests look for the numbers and sentences they will look for, and that columns line up.
import fc from "fast-check";
import {
  Activation,
  Adam,
  BatchNorm,
  binaryCrossEntropy,
  Dense,
  Dropout,
  formatExact,
  formatFixed,
  formatMatrix,
  GradientDescent,
  type Loss,
  Matrix,
  meanSquaredError,
  networkFromJson,
  networkToJson,
  type Optimizer,
  Random,
  Residual,
  RmsProp,
  relu,
  Sequential,
  ShapeError,
  Softmax,
  StateError,
  sigmoid,
  tanh,
  traceBackward,
  traceForward,
  traceNeuron,
  traceStep,
  trainingStep,
  ValueError,
} from "glassbox";
import { describe, expect, test } from "vitest";
import { golden } from "./golden";

const { neuron, forward_pass: pass, backprop } = golden;

const worked = () =>
  new Sequential([
    new Dense(2, 2, { weights: Matrix.from(backprop.W1), bias: Matrix.from(backprop.b1) }),
    new Activation(relu),
    new Dense(2, 1, { weights: Matrix.from(backprop.W2), bias: Matrix.from(backprop.b2) }),
    new Activation(sigmoid),
  ]);
const X = Matrix.from(backprop.X);
const Y = Matrix.from(backprop.Y);

/** The numbers on the first line whose name is exactly `name`, and on the nameless lines below it. */
function numbersAt(trace: string, name: string): number[] {
  const lines = trace.split("\n");
  const start = lines.findIndex((line) => line.slice(10).trim().startsWith(`${name}   `));
  if (start < 0) throw new Error(`no line "${name}" in\n${trace}`);
  const block = [lines[start].slice(lines[start].indexOf(name) + name.length)];
  for (let i = start + 1; i < lines.length && /^\s{12,}[−\d]/.test(lines[i]); i++) block.push(lines[i]);
  return block.flatMap((line) => {
    const shown = line.replace(/\d+×\d+/, "").split(/ {3}(?=[a-zA-Z]|\d+ of )/)[0];
    return (shown.match(/[−\d][\d.e−]*/g) ?? []).map((text) => Number(text.replaceAll("−", "-")));
  });
}

const rounded = (values: readonly number[][] | readonly number[], digits: number) =>
  values.flat().map((value) => Number(value.toFixed(digits)));

describe("a remark tells what a function does, not what it is called", () => {
  /** Functions of the reader's own, under names of the library's. */
  const own = (name: string) => ({ ...tanh, name });
  const network = (activation: typeof tanh) =>
    new Sequential([new Dense(1, 2, { weights: Matrix.column([9, -9]) }), new Activation(activation)]);
  const X = Matrix.from([[1]]);

  test.each(["ReLU", "sigmoid", "linear", "step"])("a tanh that is called %s", (name) => {
    const remarks = (activation: typeof tanh) =>
      [
        traceForward(network(activation), X),
        traceBackward(network(activation), X, Matrix.column([1, 0]), meanSquaredError),
        traceNeuron({ inputs: [1], weights: [9], bias: 0, activation }),
      ]
        .join("\n")
        .replaceAll(activation.name, "f")
        .replaceAll(/ +/g, " ");
    expect(remarks(own(name))).toBe(remarks(own("f")));
  });

  test("the library's own have theirs", () => {
    expect(traceForward(network(relu), X)).toContain("ReLU made 0 of it");
    expect(traceForward(network(sigmoid), X)).toContain("a probability");
    expect(traceNeuron({ inputs: [1], weights: [9], bias: 0, activation: sigmoid })).toContain("% sure");
  });
});

describe("a neuron", () => {
  const loan = {
    inputs: neuron.inputs,
    weights: neuron.weights,
    bias: neuron.bias,
    features: ["income (€)", "credit score", "years employed", "debt (€)"],
    decisions: ["reject", "approve"] as const,
    digits: 2,
  };

  test("is told from its inputs to its decision", () => {
    expect(traceNeuron(loan)).toBe(
      [
        "income (€)       45000  ×   0.00001   =   0.45   pushes towards approve",
        "credit score       680  ×   0.01      =   6.80   pushes towards approve",
        "years employed       3  ×   0.1       =   0.30   pushes towards approve",
        "debt (€)         12000  ×  −0.00005   =  −0.60   pushes towards reject",
        "                                         ─────",
        "weighted sum                              6.95",
        "+ bias                                   −3.00   leans towards reject",
        "z                                         3.95",
        "a = step(z)                               1.00   z is above 0: approve",
      ].join("\n"),
    );
  });

  test("with a sigmoid it says how sure it is", () => {
    const trace = traceNeuron({ inputs: [1], weights: [0], bias: -2, activation: sigmoid });
    expect(trace).toContain("x1");
    expect(trace).toContain("does not matter here");
    expect(trace).toMatch(/a = sigmoid\(z\) +0\.1192 {3}no, and 88\.1 % sure/);
  });

  test("refuses lists that do not fit, and numbers that are none", () => {
    expect(() => traceNeuron({ ...loan, weights: [1] })).toThrow(ShapeError);
    expect(() => traceNeuron({ ...loan, features: ["income"] })).toThrow(/4 inputs, 4 weights and 1 names/);
    expect(() => traceNeuron({ inputs: [], weights: [], bias: 0 })).toThrow(ShapeError);
    expect(() => traceNeuron({ ...loan, inputs: [1, 2, 3, Number.NaN] })).toThrow(/inputs\[3\]/);
    expect(() => traceNeuron({ ...loan, bias: Infinity })).toThrow(/the bias/);
    expect(() => traceNeuron(undefined as never)).toThrow(ValueError);
  });
});

describe("a forward pass", () => {
  const random = new Random(pass.seed);
  const network = new Sequential([
    new Dense(2, 4, { random }),
    new Activation(relu),
    new Dense(4, 1, { random }),
    new Activation(sigmoid),
  ]);
  const trace = traceForward(network, Matrix.from(pass.X), { digits: 8 });

  test("shows the golden numbers to eight digits", () => {
    for (const name of ["W1", "Z1", "W2", "Z2"]) {
      expect(numbersAt(trace, name), name).toEqual(rounded(pass[name], 8));
    }
    expect(numbersAt(trace, "A1 = ReLU(Z1)")).toEqual(rounded(pass.A1, 8));
    expect(numbersAt(trace, "A2 = sigmoid(Z2)")).toEqual([0.51506249, 0.49763646, 0.52460307]);
  });

  test("shows the shapes that make each product possible, and what they mean", () => {
    expect(trace).toContain("(4×2)·(2×3) + (4×1) → (4×3)");
    expect(trace).toContain("(1×4)·(4×3) + (1×1) → (1×3)");
    expect(trace).toContain("3 examples of 2 features");
    expect(trace).toContain("3 of 12 were negative, and ReLU made 0 of them");
    expect(trace).toMatch(/^input +X +2×3 /);
  });

  test("says so when ReLU changed nothing, and lays one example on one line", () => {
    const one = traceForward(worked(), X);
    expect(one).toMatch(
      /A1 = ReLU\(Z1\) +2×1 +0\.3100 +0\.6700 +nothing was negative, so ReLU changed nothing/,
    );
  });

  test("names every kind of layer, and follows nested and observed ones", () => {
    const random = new Random(0);
    const network = new Sequential([
      new BatchNorm(2),
      new Sequential([new Dense(2, 3, { random }), new Activation(tanh)]),
      new Residual(new Dense(3, 3, { random, name: "inside" })),
      new Dropout(0.5, { random }),
      new Softmax(),
    ]);
    const trace = traceForward(network, X);
    for (const line of [
      "N0 = batch-norm(X)",
      "Z1 = W1·N0 + b1",
      "A1 = tanh(Z1)",
      "H1 = residual(A1)",
      "D1 = dropout(H1)",
      "A1 = softmax(D1)",
    ])
      expect(trace).toContain(line);
  });

  test("cuts what no person would read", () => {
    const trace = traceForward(new Dense(2, 40, { random: new Random(1) }), new Random(2).randnMatrix(2, 30));
    expect(trace).toContain("…");
    expect(trace.split("\n").length).toBeLessThan(60);
  });
});

describe("a backward pass", () => {
  const trace = traceBackward(worked(), X, Y, binaryCrossEntropy, { digits: 8 });

  test("shows every golden number to eight digits", () => {
    const names: [string, string][] = [
      ["L = binary cross entropy(A2, Y)", "loss"],
      ["dL/dA2", "dA2"],
      ["sigmoid′(Z2)", "sigmoid_derivative"],
      ["dL/dZ2 = dL/dA2 ⊙ sigmoid′", "dZ2"],
      ["dL/dW2", "dW2"],
      ["dL/db2", "db2"],
      ["dL/dA1 = W2ᵀ·dL/dZ2", "dA1"],
      ["dL/dZ1 = dL/dA1 ⊙ ReLU′", "dZ1"],
      ["dL/dW1", "dW1"],
      ["dL/db1", "db1"],
    ];
    for (const [line, name] of names) {
      expect(numbersAt(trace, line), line).toEqual(rounded([backprop[name]].flat(), 8));
    }
  });

  test("says what the blame means", () => {
    expect(trace).toContain("raising the prediction lowers the loss");
    expect(trace).toContain("raising either weight lowers the loss; the second, 2.2 times as fast");
    expect(trace).toContain("raising any of them lowers the loss; most of all the one at (2, 2)");
  });

  test("leaves the network as it was, gradients included, also when the loss fails", () => {
    const network = worked();
    for (const { gradient } of network.parameters) gradient.fill(7);
    const before = network.parameters.map(({ value, gradient }) => [value.clone(), gradient.clone()]);
    const now = () => network.parameters.map(({ value, gradient }) => [value.clone(), gradient.clone()]);
    traceBackward(network, X, Y, binaryCrossEntropy);
    expect(now()).toEqual(before);
    expect(() => traceBackward(network, X, Matrix.from([[7]]), binaryCrossEntropy)).toThrow(ValueError);
    expect(now()).toEqual(before);
  });

  test("shows a layer that is used twice one use at a time, and sums both at the end", () => {
    const shared = new Dense(1, 1, { weights: Matrix.from([[2]]) });
    const network = new Sequential([shared, shared]);
    // L = (w·(w·x) − y)², x = 3, y = 0: through the outer use 2·12·(w·x) = 144, through the inner 2·12·w·x = 144
    const trace = traceBackward(network, Matrix.from([[3]]), Matrix.from([[0]]), meanSquaredError, {
      digits: 1,
    });
    expect(numbersAt(trace, "dL/dW2")).toEqual([144]);
    expect(numbersAt(trace, "dL/dW1")).toEqual([144]);
    const optimizer = new GradientDescent(0.001);
    traceStep(network, Matrix.from([[3]]), Matrix.from([[0]]), meanSquaredError, optimizer);
    expect(shared.weights.value.at(0, 0)).toBeCloseTo(2 - 0.001 * 288, 12);
  });

  test("tells of closed and saturated units", () => {
    const shut = new Sequential([
      new Dense(1, 2, { weights: Matrix.from([[1], [-1]]) }),
      new Activation(relu),
      new Dense(2, 1, { weights: Matrix.from([[1, 1]]) }),
    ]);
    expect(traceBackward(shut, Matrix.from([[2]]), Matrix.from([[0]]), meanSquaredError)).toContain(
      "1 of 2 let nothing through",
    );
    const flat = new Sequential([new Dense(1, 1, { weights: Matrix.from([[9]]) }), new Activation(sigmoid)]);
    expect(traceBackward(flat, Matrix.from([[1]]), Matrix.from([[0]]), meanSquaredError)).toContain(
      "saturated",
    );
  });
});

describe("a training step", () => {
  test("compares the loss of one and the same pass: with a rate of almost nothing, nothing changes", () => {
    const random = new Random(2);
    const drops = new Random(5);
    const network = new Sequential([
      new Dense(2, 6, { random }),
      new BatchNorm(6, { momentum: 0.5 }),
      new Dropout(0.5, { random: drops }),
      new Dense(6, 1, { random }),
    ]);
    const inputs = random.randnMatrix(2, 5).scale(9);
    const targets = random.randnMatrix(1, 5);
    const twin = networkFromJson(JSON.parse(JSON.stringify(networkToJson(network))));
    const trace = traceStep(network, inputs, targets, meanSquaredError, new GradientDescent(1e-12));
    const [, before, after] = /L before, after +([0-9.]+) +([0-9.]+)/.exec(trace) ?? [];
    expect(Number(before)).toBeGreaterThan(0);
    expect(after).toBe(before);
    // and the network is one step further, no more: its averages have moved once, its generator drew once
    trainingStep(twin, inputs, targets, { loss: meanSquaredError, optimizer: new GradientDescent(1e-12) });
    expect(network.statistics.map(({ value }) => value)).toEqual(
      (twin.statistics ?? []).map(({ value }) => value),
    );
    expect(drops.clone().rand()).toBe(twin.generators?.[0].clone().rand());
  });

  test("gives the formula of the optimizer as it is set, and none for a stranger of that name", () => {
    const trace = (optimizer: Optimizer) =>
      traceStep(worked(), Matrix.column([0.5, 0.8]), Matrix.column([1]), binaryCrossEntropy, optimizer);
    expect(trace(new RmsProp(0.1))).toContain("rate·g/(√s + ε)");
    expect(trace(new RmsProp(0.1, { epsilonInsideRoot: true }))).toContain("rate·g/√(s + ε)");
    expect(trace(new Adam(0.1, { biasCorrection: false }))).toContain("rate·m/(√v + ε)");
    const Stranger = { Adam: class Adam extends GradientDescent {} }.Adam;
    expect(trace(new Stranger(0.1))).toContain("Adam, rate 0.1\n");
  });

  test("shows the golden weights before and after, and the new loss", () => {
    const network = worked();
    const trace = traceStep(network, X, Y, binaryCrossEntropy, new GradientDescent(backprop.learning_rate), {
      digits: 8,
    });
    for (const name of ["W1", "b1", "W2", "b2"]) {
      expect(numbersAt(trace, `${name} before`)).toEqual(rounded(backprop[name], 8));
      expect(numbersAt(trace, `${name} after`)).toEqual(rounded(backprop[`${name}_new`], 8));
    }
    expect(numbersAt(trace, "A2 after")).toEqual(rounded(backprop.A2_new, 8));
    expect(numbersAt(trace, "L before, after")).toEqual(rounded([backprop.loss, backprop.loss_new], 8));
    expect(trace).toContain("the step lowered the loss");
    expect(trace).toContain("w ← w − rate·g");
    network.parameters.forEach(({ value }, i) => {
      expect(value.equals(Matrix.from(backprop[["W1_new", "b1_new", "W2_new", "b2_new"][i]]), 1e-15)).toBe(
        true,
      );
    });
  });

  test("shows what the optimizer remembers", () => {
    const trace = traceStep(worked(), X, Y, binaryCrossEntropy, new Adam(0.1), { digits: 8 });
    expect(numbersAt(trace, "m of W2")).toEqual(
      rounded(
        backprop.dW2[0].map((g: number) => 0.1 * g),
        8,
      ),
    );
    expect(numbersAt(trace, "v of W2")).toEqual(
      rounded(
        backprop.dW2[0].map((g: number) => 0.001 * g * g),
        8,
      ),
    );
  });

  test("says so when the step was too long", () => {
    const trace = traceStep(worked(), X, Matrix.from([[0.7]]), binaryCrossEntropy, new GradientDescent(500));
    expect(trace).toContain("the step raised the loss: it was too long");
    const line = new Dense(1, 1, { weights: Matrix.from([[1]]) });
    const away = traceStep(
      line,
      Matrix.from([[1e150]]),
      Matrix.from([[0]]),
      (p) => [1, p.map(() => 1e3)],
      new GradientDescent(1e30),
    );
    expect(away).toMatch(/NaN +Dense "dense": the numbers overflowed/);
  });

  test("that fails leaves the network as it was", () => {
    const network = worked();
    const before = network.parameters.map(({ value }) => value.clone());
    const bad: Loss = (p) => [1, p.map(() => Number.NaN)];
    expect(() => traceStep(network, X, Y, bad, new Adam(0.1))).toThrow(ValueError);
    expect(network.parameters.map(({ value }) => value)).toEqual(before);
  });

  test("that fails puts averages and generators back as well", () => {
    const random = new Random(4);
    const norm = new BatchNorm(2);
    const network = new Sequential([
      norm,
      new Dropout(0.5, { random }),
      new Dense(2, 1, { weights: Matrix.row([1, 2]) }),
    ]);
    const bad: Loss = () => {
      throw new RangeError("no loss today");
    };
    expect(() =>
      traceStep(network, new Random(1).randnMatrix(2, 5), new Matrix(1, 5), bad, new Adam()),
    ).toThrow("no loss");
    expect(norm.runningMean.toRows()).toEqual([[0], [0]]);
    expect(random.rand()).toBe(new Random(4).rand());
  });
});

test("numbers stand in columns that line up, in every trace", () => {
  fc.assert(
    fc.property(
      fc.nat(),
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 0, max: 8 }),
      (seed, m, digits) => {
        const random = new Random(seed);
        const network = new Sequential([
          new Dense(2, 3, { random }),
          new Activation(tanh),
          new Dense(3, 1, { random }),
        ]);
        const trace = traceStep(
          network,
          random.randnMatrix(2, m),
          random.randnMatrix(1, m),
          meanSquaredError,
          new Adam(0.01),
          { digits },
        );
        // where a block of numbers spans several lines, they end in the same columns
        const ends = (line: string) => [...line.matchAll(/[\d…](?= {3}|$)/g)].map((match) => match.index);
        const lines = trace.split("\n");
        lines.forEach((line, i) => {
          if (i > 0 && /^ {20,}[−\d]/.test(line)) {
            const [first] = ends(line);
            expect(ends(lines[i - 1])).toContain(first);
          }
        });
      },
    ),
    { numRuns: 30 },
  );
});

test("traces refuse what is no network, no data, no loss, no optimizer", () => {
  expect(() => traceForward(relu as never, X)).toThrow(ValueError);
  expect(() => traceForward(new Sequential([]), X)).toThrow(StateError);
  expect(() => traceForward(worked(), [[1]] as never)).toThrow(ValueError);
  expect(() => traceForward(worked(), Matrix.from([[Number.NaN], [1]]))).toThrow(ValueError);
  expect(() => traceForward(worked(), new Matrix(3, 1))).toThrow(ShapeError);
  expect(() => traceForward(worked(), X, { digits: -1 })).toThrow(/digits/);
  expect(() => traceBackward(worked(), X, Y, "mse" as never)).toThrow(/loss function/);
  expect(() => traceStep(worked(), X, Y, binaryCrossEntropy, "adam" as never)).toThrow(/an optimizer/);
});

describe("numbers as text", () => {
  test.each([
    [1.5, 4, "1.5000"],
    [-0.09236961886524894, 4, "−0.0924"],
    [0, 2, "0.00"],
    [-0, 2, "0.00"],
    [-0.00001, 5, "−0.00001"],
    [2.35e-7, 4, "2.350e−7"],
    [-5e-7, 6, "−5.00000e−7"], // a hair below one half of the last digit
    [-1e-9, 2, "−1.0e−9"],
    [123456789012, 2, "1.2e+11"],
    [Infinity, 2, "∞"],
    [-Infinity, 2, "−∞"],
    [Number.NaN, 2, "NaN"],
  ])("%d with %i decimals is %s", (value, digits, text) => {
    expect(formatFixed(value, digits)).toBe(text);
  });

  test("a number that is shown as zero is zero", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true }), fc.nat(12), (value, digits) => {
        if (/^−?[0.]+$/.test(formatFixed(value, digits))) expect(Math.abs(value)).toBe(0);
      }),
    );
  });

  test("exact text is the number itself", () => {
    expect(formatExact(-0.00005)).toBe("−0.00005");
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(Number(formatExact(value).replaceAll("−", "-"))).toBe(value === 0 ? 0 : value);
      }),
    );
  });

  test("a matrix keeps its rows, and its columns line up", () => {
    expect(
      formatMatrix(
        Matrix.from([
          [1, -2.5],
          [10.25, 0],
        ]),
        { digits: 2, indent: "  " },
      ),
    ).toBe("   1.00   −2.50\n  10.25    0.00");
    expect(() => formatMatrix([[1]] as never)).toThrow(ValueError);
    expect(() => formatFixed(1, 21)).toThrow(ValueError);
    expect(() => formatFixed("1" as never)).toThrow(ValueError);
  });
});
