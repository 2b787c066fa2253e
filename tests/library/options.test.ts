// Options are refused by name: what is misspelt is an error, not a silent default.
import * as glassbox from "glassbox";
import {
  auc,
  binaryAccuracy,
  binaryCrossEntropyFromLogits,
  checkGradients,
  Dense,
  DivergenceError,
  type FitOptions,
  findLearningRate,
  fit,
  GradientDescent,
  l2,
  Matrix,
  meanSquaredError,
  Random,
  traceBackward,
  traceStep,
  training,
  trainingStep,
  ValueError,
} from "glassbox";
import { describe, expect, test } from "vitest";

const inputs = Matrix.from([[1, -2, 3, 4, -5, 6]]);
const targets = Matrix.from([[0, 0, 0, 1, 1, 1]]);
const line = () => new Dense(1, 1, { weights: Matrix.from([[0.5]]) });
const task = () => ({
  inputs,
  targets,
  loss: binaryCrossEntropyFromLogits,
  optimizer: new GradientDescent(0.1),
  epochs: 2,
});

describe("fit refuses", () => {
  const cases: Record<string, [options: object, message: RegExp]> = {
    "a misspelt option": [
      { batchsize: 1 },
      /^fit: expected no options but loss, .* got "batchsize"\. Did you mean batchSize\?$/,
    ],
    "a word that is none": [
      { scheduleEvery: "stap" },
      /^fit: expected scheduleEvery to be "epoch" or "step", got "stap"\.$/,
    ],
    "metrics that are no object": [{ metrics: 5 }, /metrics .*got 5/],
    "a metric that is no function": [{ metrics: { right: 0.5 } }, /metric "right", got 0\.5/],
    "clipping that is no object": [{ clip: 5 }, /clip .*got 5/],
    "a misspelt bound": [
      { clip: { nrom: 1 } },
      /^fit, clip: expected no options but value, norm, got "nrom"\. Did you mean norm\?$/,
    ],
    "a misspelt patience": [
      { earlyStopping: { patient: 3 } },
      /^fit, earlyStopping: .*got "patient"\. Did you mean patience\?/,
    ],
    "a flag that is none": [{ earlyStopping: { patience: 3, restoreBest: 1 } }, /restoreBest .*got 1/],
    "validation that is no data": [{ validation: 5 }, /validation .*got 5/],
    "a signal that is none": [{ signal: true }, /signal .*got true/],
    "no options at all where some should be": [{ clip: null }, /for clip, .*got null/],
  };
  test.each(Object.entries(cases))("%s", (_, [wrong, message]) => {
    const network = line();
    const options = { ...task(), ...wrong } as FitOptions;
    expect(() => fit(network, options)).toThrow(ValueError);
    expect(() => fit(network, options)).toThrow(message);
    expect(network.weights.value).toEqual(line().weights.value);
  });

  test("but takes what a data set says about itself", () => {
    const data = { inputs, targets, features: ["x"], classes: ["no", "yes"] };
    expect(fit(line(), { ...task(), ...data }).epochs).toHaveLength(2);
  });
});

describe("an error names the function that was called", () => {
  const bad = { loss: () => 5 as never, optimizer: new GradientDescent(0.1) };
  const calls: Record<string, () => unknown> = {
    fit: () => fit(line(), { ...task(), ...bad }),
    training: () => training(line(), { ...task(), ...bad }).next(),
    trainingStep: () => trainingStep(line(), inputs, targets, bad),
    findLearningRate: () => findLearningRate(line(), { inputs, targets, loss: bad.loss }),
    checkGradients: () => checkGradients(line(), inputs, targets, bad.loss),
    traceBackward: () => traceBackward(line(), inputs, targets, bad.loss),
    traceStep: () => traceStep(line(), inputs, targets, bad.loss, bad.optimizer),
  };
  test.each(Object.entries(calls))("%s", (name, call) => {
    expect(call).toThrow(new RegExp(`^${name}: expected the loss`));
  });

  test("when it diverges, too", () => {
    const step = () => {
      const network = line();
      const options = { loss: meanSquaredError, optimizer: new GradientDescent(1e3) };
      for (let i = 0; i < 1000; i++) trainingStep(network, inputs, targets, options);
    };
    expect(step).toThrow(DivergenceError);
    expect(step).toThrow(/^trainingStep: /);
  });
});

describe("a metric", () => {
  test("of all examples is computed over the epoch, however the batches fall", () => {
    const asked = { ...task(), batchSize: 3, metrics: { auc }, epochs: 3 };
    const history = fit(line(), { ...asked, optimizer: new GradientDescent(1e-9) });
    // each batch holds one class only; the scores hardly move
    const whole = auc(line().forward(inputs)[0], targets);
    for (const { metrics } of history.epochs) expect(metrics.auc).toBe(whole);
  });

  test("sees each example once, shuffled with its target", () => {
    const seen: Matrix[] = [];
    const keep = (prediction: Matrix, target: Matrix) => {
      expect(prediction.shape).toBe("1 × 5");
      seen.push(target);
      return 0;
    };
    const five = { inputs: Matrix.from([[1, 2, 3, 4, 5]]), targets: Matrix.from([[1, 2, 3, 4, 5]]) };
    fit(line(), {
      ...five,
      loss: meanSquaredError,
      optimizer: new GradientDescent(1e-3),
      epochs: 2,
      batchSize: 2,
      random: new Random(3),
      metrics: { keep },
    });
    expect(seen.map((target) => [...target.data].sort())).toEqual([
      [1, 2, 3, 4, 5],
      [1, 2, 3, 4, 5],
    ]);
    expect([...seen[0].data]).not.toEqual([1, 2, 3, 4, 5]);
  });

  test("may have any name", () => {
    for (const batchSize of [2, 6]) {
      const metrics = { constructor: binaryAccuracy, toString: binaryAccuracy };
      const { epochs } = fit(line(), { ...task(), batchSize, metrics, validation: { inputs, targets } });
      for (const report of [epochs[0].metrics, epochs[0].validationMetrics]) {
        expect(Object.keys(report ?? {})).toEqual(["constructor", "toString"]);
        for (const value of Object.values(report ?? {})) expect(value).toBeCloseTo(0.5, 0);
      }
    }
  });

  test("that is not a number is an error, in training and in validation", () => {
    const metrics = { odd: () => Number.NaN };
    expect(() => fit(line(), { ...task(), metrics })).toThrow(/the metric "odd" to return a number, got NaN/);
    let calls = 0;
    const later = { odd: () => (++calls === 1 ? 1 : Number.NaN) };
    expect(() => fit(line(), { ...task(), metrics: later, validation: { inputs, targets } })).toThrow(
      /the metric "odd" to return a number, got NaN/,
    );
  });

  test("that fails on the full batch leaves the network as it was", () => {
    const network = line();
    const one = Matrix.from([[1, 1, 1, 1, 1, 1]]);
    expect(() => fit(network, { ...task(), targets: one, metrics: { auc }, regularizer: l2(0.1) })).toThrow(
      /both classes/,
    );
    expect(network.weights.value).toEqual(line().weights.value);
  });
});

describe("the rule of docs/api.md", () => {
  const exported = Object.entries(glassbox) as [string, { prototype?: Record<string, unknown> }][];
  const made = (member: string): [string, new (...args: unknown[]) => unknown][] =>
    exported.filter(([, value]) => typeof value.prototype?.[member] === "function") as never;

  test.each(made("step"))("optimizers take their rate, and the rest by name: %s", (name, Optimizer) => {
    expect(new Optimizer(0.1)).toMatchObject({ learningRate: 0.1 });
    if (Optimizer.length > 0 || name === "GradientDescent") return; // it has no options
    expect(() => new Optimizer(0.1, 0.9)).toThrow(/expected an object with options, got 0\.9/);
  });

  test("a loss, an activation or an initializer with a setting is made, one without is used as it is", () => {
    for (const make of [
      glassbox.huber,
      glassbox.leakyRelu,
      glassbox.elu,
      glassbox.l1,
      glassbox.l2,
      glassbox.normal,
    ]) {
      expect(["function", "object"]).toContain(typeof (make as () => unknown)());
    }
    for (const value of [glassbox.relu, glassbox.heNormal, glassbox.hinge]) expect(value).toBeDefined();
    expect(glassbox.huber()(inputs, inputs)[0]).toBe(0);
    expect(glassbox.hinge(inputs, inputs.map(Math.sign))[0]).toBe(0);
  });
});
