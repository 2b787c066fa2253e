import {
  Activation,
  AdaGrad,
  Adam,
  AdamW,
  binaryAccuracy,
  binaryCrossEntropy,
  binaryCrossEntropyFromLogits,
  Dense,
  fit,
  GradientDescent,
  l1,
  l1l2,
  l2,
  Momentum,
  Nesterov,
  type Optimizer,
  overlappingSpirals,
  Random,
  type Regularizer,
  RmsProp,
  relu,
  Sequential,
  sigmoid,
} from "glassbox";
import { agree, compareCurves, reference, trainReference } from "glassbox/reference";
import { describe, expect, test } from "vitest";
import golden from "../golden/part-0a.json";
import { describeOnEachBackend } from "../support/backends";

const smooth = (random: Random) =>
  new Sequential([
    new Dense(2, 6, { random, name: "1" }),
    new Activation(sigmoid),
    new Dense(6, 1, { random, name: "2" }),
  ]);

/** A small network and twenty random points for it to learn. */
function lesson(seed: number) {
  const random = new Random(seed);
  const network = smooth(random);
  const points = { inputs: random.randnMatrix(2, 20), targets: random.randMatrix(1, 20) };
  return { network, options: { ...points, loss: binaryCrossEntropyFromLogits } };
}

describeOnEachBackend("the same training run on both sides", () => {
  const optimizers: Record<string, () => Optimizer> = {
    "gradient descent": () => new GradientDescent(0.5),
    momentum: () => new Momentum(0.1, { momentum: 0.8 }),
    Nesterov: () => new Nesterov(0.1, { momentum: 0.8 }),
    RMSProp: () => new RmsProp(0.01, { decay: 0.95, epsilon: 1e-4 }),
    "RMSProp, epsilon inside": () => new RmsProp(0.01, { epsilon: 1e-4, epsilonInsideRoot: true }),
    AdaGrad: () => new AdaGrad(0.1, { initialSum: 0.2, epsilon: 1e-3 }),
    "AdaGrad, as TensorFlow.js": () =>
      new AdaGrad(0.1, { initialSum: 0.1, epsilon: 1e-7, epsilonInsideRoot: true }),
    Adam: () => new Adam(0.02, { beta1: 0.8, beta2: 0.95, epsilon: 1e-6 }),
    AdamW: () => new AdamW(0.02, { weightDecay: 0.5 }),
  };
  for (const [name, make] of Object.entries(optimizers)) {
    test(`has the same curve and ends at the same weights: ${name}`, () => {
      const { network, options: task } = lesson(3);
      const options = { ...task, epochs: 30, batchSize: 8, random: new Random(9) };
      const before = reference().tf.memory().numTensors;
      const optimizer = make();
      const theirs = trainReference(network, { ...options, optimizer });
      expect(reference().tf.memory().numTensors).toBe(before);
      const ours = fit(network, { ...options, optimizer });
      const report = compareCurves(ours.loss, theirs.loss, { tolerance: 2e-5 });
      expect(() => agree(report)).not.toThrow();
      expect(report.rows[0].maxAbsolute).toBeGreaterThan(0);
      for (const parameter of network.parameters) {
        expect(theirs.parameters.get(parameter)?.equals(parameter.value, 1e-4)).toBe(true);
      }
      expect(theirs.predict(task.inputs).equals(network.forward(task.inputs)[0], 1e-4)).toBe(true);
      expect(reference().tf.memory().numTensors).toBe(before);
    });
  }

  const prices: Record<string, Regularizer> = {
    l1: l1(0.003),
    l2: l2(0.02),
    l1l2: l1l2(0.001, 0.01),
  };
  for (const [name, regularizer] of Object.entries(prices)) {
    test(`pays the same price for its weights: ${name}`, () => {
      const { network, options: task } = lesson(5);
      const options = { ...task, optimizer: new Momentum(0.1), epochs: 40, regularizer, clip: { norm: 0.5 } };
      const theirs = trainReference(network, options);
      const free = trainReference(network, { ...options, regularizer: undefined });
      const ours = fit(network, options);
      expect(() => agree(compareCurves(ours.loss, theirs.loss, { tolerance: 2e-5 }))).not.toThrow();
      expect(compareCurves(ours.loss, free.loss, { tolerance: 2e-5 }).agrees).toBe(false);
      for (const parameter of network.parameters) {
        expect(theirs.parameters.get(parameter)?.equals(parameter.value, 1e-4)).toBe(true);
      }
    });
  }

  test("refuses what it could only guess at", () => {
    const { network, options: task } = lesson(1);
    const options = { ...task, optimizer: new Momentum(0.1), epochs: 1 };
    const { strengths: _, ...unknown } = { ...l2(0.1), name: "own" };
    expect(() => trainReference(network, { ...options, regularizer: unknown })).toThrow(
      'no TensorFlow.js counterpart is known for the regularizer "own"',
    );
    const stopping = { ...options, earlyStopping: { patience: 1 } };
    expect(() => trainReference(network, stopping)).toThrow("history.epochs.length");
  });

  test("tf.train.adam itself, for the asking, is close too", () => {
    const { network, options: task } = lesson(3);
    const options = { ...task, optimizer: new Adam(0.02), epochs: 30 };
    const theirs = trainReference(network, { ...options, builtInAdam: true });
    expect(() =>
      agree(compareCurves(fit(network, options).loss, theirs.loss, { tolerance: 1e-4 })),
    ).not.toThrow();
  });

  test("the spiral of the golden file stays with the golden curve", () => {
    const random = new Random(42);
    const { inputs, targets } = overlappingSpirals({ random });
    const network = new Sequential([
      new Dense(2, 64, { random }),
      new Activation(relu),
      new Dense(64, 1, { random }),
      new Activation(sigmoid),
    ]);
    const theirs = trainReference(network, {
      inputs,
      targets,
      loss: binaryCrossEntropy,
      optimizer: new Adam(0.1),
      epochs: 50,
      metrics: { accuracy: binaryAccuracy },
    });
    for (const [epoch, loss] of Object.entries(golden.spiral.loss_every_50)) {
      if (Number(epoch) <= 50) expect(Math.abs(theirs.loss[Number(epoch) - 1] - loss)).toBeLessThan(1e-6);
    }
    expect(theirs.epochs[49].metrics.accuracy).toBeGreaterThan(0.6);
  });
});

describe("two curves", () => {
  test("are compared window by window, each with its tolerance", () => {
    const ours = [3, 2, 1, 0.5];
    const theirs = [3, 2, 1.001, 0.6];
    const windows = [
      { to: 2, tolerance: 0 },
      { to: 4, tolerance: 0.2 },
    ];
    const report = compareCurves(ours, theirs, { windows, against: "a friend" });
    expect(report.rows.map((row) => row.name)).toEqual(["loss, epochs 1 to 2", "loss, epochs 3 to 4"]);
    expect(report.agrees).toBe(true);
    expect(compareCurves(ours, theirs, { tolerance: 1e-3, against: "a friend" }).agrees).toBe(false);
  });

  test("of different lengths, or windows that leave some out, are refused", () => {
    expect(() => compareCurves([1], [1, 2])).toThrow("one length");
    expect(() => compareCurves([1, 2], [1, 2], { windows: [{ to: 1 }] })).toThrow("up to epoch 2");
  });

  test("with NaN in one of them disagree", () => {
    expect(compareCurves([1, Number.NaN], [1, Number.NaN], { against: "a friend" }).agrees).toBe(false);
  });
});
