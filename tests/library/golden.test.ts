// Those of Part 0A's numbers that belong to no other file. Each is checked in one place: the generator in random.test,
// activations in activations.test, both passes and dropout in layers.test, losses in losses.test, first weights in
// initializers.test, optimizers in optimizers.test, the spiral's table in training.test. (`npm run crosscheck` reports them all.)
import { activations, binaryAccuracy, Dense, Matrix, predict, sigmoid, step } from "glassbox";
import { expect, test } from "vitest";
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

test("accuracy is a share, not a percentage", () => {
  expect(binaryAccuracy(Matrix.row([0.9, 0.2]), Matrix.row([1, 1]))).toBe(0.5);
});
