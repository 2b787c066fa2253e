import {
  Activation,
  BatchNorm,
  binaryCrossEntropyFromLogits,
  Dense,
  Dropout,
  fit,
  GradientDescent,
  LayerNorm,
  LogSoftmax,
  Observe,
  Random,
  Residual,
  Sequential,
  Softmax,
  sigmoid,
  tanh,
} from "glassbox";
import { agree, compareCurves, compareGradients, type Tolerance, trainReference } from "glassbox/reference";
import { expect, test } from "vitest";
import { describeOnEachBackend } from "../support/backends";

/** Every kind of layer, with dropout and the order of the examples drawing from one generator. */
function everything(random: Random, drops: Random): Sequential {
  return new Sequential([
    new Dense(3, 6, { random, name: "1" }),
    new BatchNorm(6, { momentum: 0.8 }),
    new Observe(new Activation(tanh), {}),
    new Residual(
      new Sequential([new Dense(6, 6, { random, name: "2" }), new LayerNorm(6), new Activation(sigmoid)]),
    ),
    new Dropout(0.4, { random: drops }),
    new Dense(6, 4, { random, name: "3" }),
    new Softmax(),
    new LogSoftmax(),
    new Dense(4, 1, { random, name: "4" }),
  ]);
}

describeOnEachBackend("a network of every kind of layer", () => {
  for (const training of [false, true]) {
    test(`has the same gradients on both sides, ${training ? "training" : "at inference"}`, () => {
      const random = new Random(11);
      const drops = new Random(2);
      const network = everything(random, drops);
      const X = random.randnMatrix(3, 9);
      const Y = random.randMatrix(1, 9);
      const before = drops.clone().rand();
      const bias = {
        absolute: 1e-8,
        cause: "cancels",
        reason:
          "batch norm subtracts the mean, so a bias before it changes nothing: its slope is 0 on paper.",
      };
      const tolerances: Record<string, Partial<Tolerance>> = training ? { "1.bias": bias } : {};
      expect(() =>
        agree(compareGradients(network, X, Y, binaryCrossEntropyFromLogits, { training, tolerances })),
      ).not.toThrow();
      expect(drops.clone().rand()).toBe(before); // nothing but the gradients has changed
      expect(network.statistics?.[0].value.norm()).toBe(0);
    });
  }

  test("trains alike: the same units drop, the averages follow the same batches", () => {
    const random = new Random(12);
    const drops = new Random(5);
    const network = everything(random, drops);
    const options = {
      inputs: random.randnMatrix(3, 20),
      targets: random.randMatrix(1, 20),
      sampleWeights: random.randMatrix(1, 20),
      loss: binaryCrossEntropyFromLogits,
      optimizer: new GradientDescent(1),
      epochs: 12,
      batchSize: 6,
      random: drops,
      schedule: (step: number) => 0.5 / (1 + step),
      scheduleEvery: "step" as const,
      clip: { value: 0.05, norm: 0.2 },
    };
    const theirs = trainReference(network, options);
    const before = network.parameters.map((parameter) => parameter.value.clone());
    const ours = fit(network, options);
    expect(() => agree(compareCurves(ours.loss, theirs.loss, { tolerance: 1e-5 }))).not.toThrow();
    network.parameters.forEach((parameter, i) => {
      expect(theirs.parameters.get(parameter)?.equals(parameter.value, 1e-5)).toBe(true);
      if (parameter.name === "4.weights") expect(parameter.value.equals(before[i], 1e-3)).toBe(false);
    });
    const X = random.randnMatrix(3, 5);
    expect(theirs.predict(X).equals(network.forward(X)[0], 1e-5)).toBe(true);
  });
});
