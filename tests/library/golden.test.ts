// Part 0A's numbers, one by one, as the library computes them. (Generator: random.test; optimizers: optimizers.test; the
// spiral's table: training.test; the worked backward pass: trace.test and gradient-check.test.)
import {
  Activation,
  activations,
  binaryAccuracy,
  binaryCrossEntropy,
  countParameters,
  Dense,
  Dropout,
  Matrix,
  meanSquaredError,
  normal,
  Pass,
  predict,
  Random,
  relu,
  Sequential,
  Softmax,
  sigmoid,
  step,
} from "glassbox";
import { describe, expect, test } from "vitest";
import { expectClose, golden } from "./golden";

/** Row after row, as the golden file lists them. */
const entriesOf = (matrix: Matrix) => matrix.toRows().flat();

test("the neuron approves with z = 3.95", () => {
  const { inputs, weights, bias, contributions, weighted_sum, z, decision } = golden.neuron;
  const neuron = new Dense(4, 1, { weights: Matrix.row(weights), bias: Matrix.column([bias]) });
  expectClose(
    inputs.map((x: number, i: number) => x * weights[i]),
    contributions,
    1e-15,
  );
  expectClose(entriesOf(predict(neuron, Matrix.column(inputs))), [z], 1e-14);
  expect(z - bias).toBeCloseTo(weighted_sum, 14);
  expect(step.apply(z)).toBe(decision);
});

test("sigmoid and ReLU at −10, −2, 0, 2, 10", () => {
  for (const [z, a] of Object.entries<number>(golden.sigmoid))
    expectClose([sigmoid.apply(Number(z))], [a], 1e-15);
  for (const [z, a] of Object.entries<number>(golden.relu)) expect(relu.apply(Number(z))).toBe(a);
});

test("softmax chooses class 3 with 0.750, and sums to 1", () => {
  const { scores, probabilities, argmax } = golden.softmax;
  const output = entriesOf(predict(new Softmax(), Matrix.column(scores)));
  expectClose(output, probabilities, 1e-14);
  expect(output.indexOf(Math.max(...output))).toBe(argmax);
  expect(output.reduce((a, b) => a + b)).toBeCloseTo(1, 15);
});

describe("the forward pass of 2 → 4 → 1 with He weights from seed 42", () => {
  const { seed, W1, W2, X, Z1, A1, Z2, A2, parameters } = golden.forward_pass;
  const random = new Random(seed);
  const [first, second] = [new Dense(2, 4, { random }), new Dense(4, 1, { random })];
  const network = new Sequential([first, new Activation(relu), second, new Activation(sigmoid)]);

  test("draws the same weights, and has 17 of them with the biases", () => {
    expectClose(entriesOf(first.weights.value), W1.flat(), 2e-15);
    expectClose(entriesOf(second.weights.value), W2.flat(), 2e-15);
    expect(countParameters(network)).toBe(parameters);
  });

  test("gives the same numbers on the way", () => {
    let current = Matrix.from(X);
    [Z1, A1, Z2, A2].forEach((expected, i) => {
      current = predict(network.layers[i], current);
      expect(current.equals(Matrix.from(expected), 1e-14)).toBe(true);
    });
    expect(entriesOf(current).map((a) => a.toFixed(8))).toEqual(["0.51506249", "0.49763646", "0.52460307"]);
  });
});

test("losses: squared error of three houses, and cross-entropy for right and wrong", () => {
  const { mse, bce_true_1, bce_true_0 } = golden.losses;
  const [loss] = meanSquaredError(Matrix.row(mse.pred), Matrix.row(mse.true));
  expectClose([loss], [mse.mse], 1e-15);
  expect(Math.round(Math.sqrt(loss) * 100_000)).toBe(mse.typical_error_dollars);
  for (const [table, label] of [
    [bce_true_1, 1],
    [bce_true_0, 0],
  ] as const) {
    for (const [p, expected] of Object.entries<number>(table)) {
      expectClose([binaryCrossEntropy(Matrix.row([Number(p)]), Matrix.row([label]))[0]], [expected], 1e-14);
    }
  }
});

test("backpropagation: every gradient of the worked example, and the loss after the step", () => {
  const b = golden.backprop;
  const hidden = new Dense(2, 2, { weights: Matrix.from(b.W1), bias: Matrix.from(b.b1) });
  const output = new Dense(2, 1, { weights: Matrix.from(b.W2), bias: Matrix.from(b.b2) });
  const network = new Sequential([hidden, new Activation(relu), output, new Activation(sigmoid)]);
  const [prediction, backward] = network.forward(Matrix.from(b.X));
  const [loss, dPrediction] = binaryCrossEntropy(prediction, Matrix.from(b.Y));
  expectClose([loss, dPrediction.at(0, 0)], [b.loss, b.dA2[0][0]], 1e-14);
  backward(dPrediction);
  const near = (matrix: Matrix, expected: number[][]) =>
    expectClose(entriesOf(matrix), expected.flat(), 4e-15);
  near(hidden.weights.gradient, b.dW1);
  near(hidden.bias.gradient, b.db1);
  near(output.weights.gradient, b.dW2);
  near(output.bias.gradient, b.db2);
});

test("the vanishing bound: the sigmoid's slope is at most ¼, and ten of them leave 9.5e-7", () => {
  let product = 1;
  for (const expected of golden.vanishing_sigmoid) {
    product *= sigmoid.derivative(0);
    expect(product).toBe(expected);
  }
  for (const { name, derivative } of activations.filter(({ name }) => name === "sigmoid")) {
    for (let z = -8; z <= 8; z += 0.25) expect(derivative(z), name).toBeLessThanOrEqual(0.25);
  }
});

test("initialisation: how ten layers of 256 fade, explode, or keep their size", () => {
  const random = new Random(golden.initialisation.seed);
  const std = ({ data }: Matrix) => {
    const mean = data.reduce((a, b) => a + b, 0) / data.length;
    return Math.sqrt(data.reduce((a, b) => a + (b - mean) ** 2, 0) / data.length);
  };
  for (const { scale, initial_std, std_after_each_layer } of golden.initialisation.cases) {
    let signal = random.randnMatrix(256, 1);
    expectClose([std(signal)], [initial_std], 1e-13);
    for (const expected of std_after_each_layer) {
      const layer = new Dense(256, 256, { random, initializer: normal(scale) });
      signal = predict(new Sequential([layer, new Activation(relu)]), signal);
      expectClose([std(signal)], [expected], 1e-12);
    }
  }
});

test("dropout: the mask and the result of seed 42, and nothing at inference", () => {
  const { seed, activations: values, p, after } = golden.dropout;
  const layer = new Dropout(p, { random: new Random(seed) });
  const input = Matrix.column(values);
  expectClose(entriesOf(layer.forward(input, new Pass({ training: true }))[0]), after, 1e-15);
  expect(predict(layer, input)).toEqual(input);
});

test("accuracy is a share, not a percentage", () => {
  expect(binaryAccuracy(Matrix.row([0.9, 0.2]), Matrix.row([1, 1]))).toBe(0.5);
});
