// The finder sweeps, suggests, and leaves no trace.
import {
  Activation,
  Adam,
  BatchNorm,
  binaryCrossEntropyFromLogits,
  Dense,
  Dropout,
  findLearningRate,
  fit,
  Matrix,
  meanSquaredError,
  moons,
  Random,
  relu,
  Sequential,
  ShapeError,
  ValueError,
} from "glassbox";
import { describe, expect, test } from "vitest";

const data = moons({ points: 100, random: new Random(1) });
const make = (random = new Random(2)) =>
  new Sequential([
    new Dense(2, 16, { random }),
    new BatchNorm(16),
    new Activation(relu),
    new Dropout(0.1, { random }),
    new Dense(16, 1, { random }),
  ]);
const options = { ...data, loss: binaryCrossEntropyFromLogits };

describe("the learning-rate finder", () => {
  test("sweeps from the first rate to the last by one factor, and stops when the loss runs away", () => {
    const { trials } = findLearningRate(make(), { ...options, from: 1e-4, to: 1e4, steps: 81 });
    expect(trials[0].rate).toBe(1e-4);
    trials.forEach(({ rate }, i) => {
      if (i > 0) expect(rate / trials[i - 1].rate).toBeCloseTo(10 ** (8 / 80), 9);
    });
    expect(trials.length).toBeLessThan(81);
  });

  test("suggests a rate that trains: lower loss than a hundredth and a hundred times of it", () => {
    const { suggestion } = findLearningRate(make(), {
      ...options,
      to: 100,
      optimizer: (rate) => new Adam(rate),
    });
    const lossWith = (rate: number) =>
      fit(make(), { ...options, optimizer: new Adam(rate), epochs: 40 }).loss.at(-1) as number;
    const good = lossWith(suggestion);
    expect(good).toBeLessThan(lossWith(suggestion / 100));
    expect(good).toBeLessThan(lossWith(suggestion * 100));
  });

  test("knows the edge of plain descent on a bowl: 2 over the curvature", () => {
    // L = (w·x + b − y)² has the curvature 2(x² + 1) = 10; beyond a rate of 0.2 it diverges
    const line = new Dense(1, 1, { weights: Matrix.from([[3]]) });
    const { trials, suggestion } = findLearningRate(line, {
      inputs: Matrix.from([[2]]),
      targets: Matrix.from([[1]]),
      loss: meanSquaredError,
      from: 1e-3,
      to: 10,
      steps: 40,
    });
    expect(trials.at(-1)?.rate).toBeLessThan(2); // the running mean is a little late
    expect(suggestion).toBeGreaterThan(0.002);
    expect(suggestion).toBeLessThan(0.2);
  });

  test("leaves weights, averages and every generator as they were", () => {
    const random = new Random(7);
    const network = make(random);
    const shuffle = new Random(3);
    const state = () => [
      ...network.parameters.map(({ value }) => value.clone()),
      ...network.statistics.map(({ value }) => value.clone()),
      random.clone().rand(),
      shuffle.clone().rand(),
    ];
    const before = state();
    const run = () => findLearningRate(network, { ...options, batchSize: 16, random: shuffle });
    const first = run();
    expect(state()).toEqual(before);
    expect(run()).toEqual(first);
    expect(network.parameters.every(({ gradient }) => gradient.data.every((g) => g === 0))).toBe(true);
  });

  test("refuses what it cannot sweep", () => {
    const network = make();
    expect(() => findLearningRate(network, { ...options, from: 0 })).toThrow(/from/);
    expect(() => findLearningRate(network, { ...options, from: 1, to: 1 })).toThrow(
      /to be a number greater than 1/,
    );
    expect(() => findLearningRate(network, { ...options, steps: 1 })).toThrow(/steps/);
    expect(() => findLearningRate(network, { ...options, optimizer: new Adam() as never })).toThrow(
      /\(rate\) => new Adam/,
    );
    expect(() => findLearningRate(network, { ...options, inputs: new Matrix(2, 3) })).toThrow(ShapeError);
    expect(() => findLearningRate(network, undefined as never)).toThrow(ValueError);
    expect(() => findLearningRate(undefined as never, options)).toThrow(ValueError);
    expect(() => findLearningRate(network, { ...options, random: 3 as never })).toThrow(ValueError);
  });
});
