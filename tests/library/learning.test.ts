// Does it learn? Every data set of the course, with the network that a reader would take for it.
import {
  Activation,
  Adam,
  accuracy,
  binaryAccuracy,
  binaryCrossEntropyFromLogits,
  categoricalCrossEntropyFromLogits,
  circles,
  type Dataset,
  Dense,
  fit,
  fraud,
  handwrittenDigits,
  iris,
  type Layer,
  type Loss,
  loans,
  Matrix,
  type Metric,
  meanSquaredError,
  moons,
  networkFromJson,
  networkToJson,
  noisySine,
  predict,
  Random,
  relu,
  rings,
  rSquared,
  Sequential,
  Standardizer,
  tanh,
  validationSplit,
  xor,
} from "glassbox";
import { describe, expect, test } from "vitest";

const random = () => new Random(1);

/** Dense layers of the given widths with a function between them; logits come out. */
function layers(widths: readonly number[], activation = relu): Sequential {
  const generator = new Random(42);
  return new Sequential(
    widths.slice(1).flatMap((width, i): Layer[] => {
      const dense = new Dense(widths[i], width, { random: generator });
      return i === widths.length - 2 ? [dense] : [dense, new Activation(activation)];
    }),
  );
}

/** A logit above 0 is a probability above one half. */
const logitAccuracy: Metric = (prediction, target) => binaryAccuracy(prediction, target, 0);

/** Trains on one part, measures on the other. */
function score(data: Dataset, network: Layer, loss: Loss, metric: Metric, epochs: number): number {
  const { training, validation } = validationSplit(data, 0.25, random());
  fit(network, { ...training, loss, optimizer: new Adam(0.01), epochs, batchSize: 32, random: random() });
  return metric(predict(network, validation.inputs), validation.targets);
}

describe("one neuron", () => {
  test("finds the loan rule behind the noise, and decides (55000, 670, 4)", () => {
    const data = loans({ applicants: 1000, random: random() });
    const scaler = new Standardizer(data.inputs);
    const neuron = layers([3, 1]);
    const share = score(
      { ...data, inputs: scaler.apply(data.inputs) },
      neuron,
      binaryCrossEntropyFromLogits,
      logitAccuracy,
      60,
    );
    expect(share).toBeGreaterThan(0.85);
    expect(predict(neuron, scaler.apply(Matrix.column([55_000, 670, 4]))).at(0, 0)).toBeGreaterThan(0);
  });

  test.each([
    ["XOR", xor({ random: random() }), 0.75],
    ["circles", circles({ random: random() }), 0.7],
    ["fraud", fraud({ random: random() }), 0.75],
  ])("cannot separate %s, and one hidden layer can", (_, data, limit) => {
    expect(score(data, layers([2, 1]), binaryCrossEntropyFromLogits, logitAccuracy, 100)).toBeLessThan(limit);
    expect(score(data, layers([2, 16, 1]), binaryCrossEntropyFromLogits, logitAccuracy, 100)).toBeGreaterThan(
      0.95,
    );
  });
});

describe("a hidden layer", () => {
  test("separates the moons", () => {
    expect(
      score(
        moons({ random: random() }),
        layers([2, 16, 1]),
        binaryCrossEntropyFromLogits,
        logitAccuracy,
        400,
      ),
    ).toBeGreaterThan(0.97);
  });

  test("tells three rings apart", () => {
    expect(
      score(
        rings({ random: random() }),
        layers([2, 32, 3]),
        categoricalCrossEntropyFromLogits,
        accuracy,
        150,
      ),
    ).toBeGreaterThan(0.95);
  });

  test("follows the sine", () => {
    expect(
      score(noisySine({ random: random() }), layers([1, 16, 1], tanh), meanSquaredError, rSquared, 300),
    ).toBeGreaterThan(0.9);
  });

  test("knows the irises", () => {
    const data = iris();
    const scaled = { ...data, inputs: new Standardizer(data.inputs).apply(data.inputs) };
    expect(
      score(scaled, layers([4, 16, 3]), categoricalCrossEntropyFromLogits, accuracy, 100),
    ).toBeGreaterThan(0.92);
  });

  test("reads handwriting: 96 % of digits it has never seen, and no less after a journey through JSON", () => {
    const data = handwrittenDigits();
    const network = layers([64, 32, 10]);
    const share = score(data, network, categoricalCrossEntropyFromLogits, accuracy, 15);
    expect(share).toBeGreaterThan(0.96);
    const again = networkFromJson(JSON.parse(JSON.stringify(networkToJson(network))));
    expect(predict(again, data.inputs)).toEqual(predict(network, data.inputs));
  });
});
