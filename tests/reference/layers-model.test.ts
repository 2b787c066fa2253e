import type { LayersModel, Tensor } from "@tensorflow/tfjs";
import {
  Activation,
  activations,
  BatchNorm,
  Dense,
  Dropout,
  elu,
  type Layer,
  LayerNorm,
  LogSoftmax,
  leakyRelu,
  Matrix,
  Observe,
  Random,
  Residual,
  relu,
  Sequential,
  Softmax,
  step,
} from "glassbox";
import {
  ConversionError,
  fromLayersModel,
  reference,
  scoped,
  toLayersModel,
  toMatrix,
  toTensor,
} from "glassbox/reference";
import { expect, test } from "vitest";
import { describeOnEachBackend } from "../support/backends";

const predict = (model: LayersModel, X: Matrix): Matrix =>
  scoped(() => toMatrix(model.predict(toTensor(X)) as never));

function everything(random: Random): Sequential {
  const shared = new Dense(6, 6, { random, name: "shared" });
  const statistics = { runningMean: random.randnMatrix(6, 1), runningVariance: random.randMatrix(6, 1) };
  return new Sequential([
    new Dense(3, 6, { random }),
    new BatchNorm(6, { ...statistics, gamma: random.randnMatrix(6, 1), beta: random.randnMatrix(6, 1) }),
    ...activations
      .filter((activation) => activation !== step)
      .map((activation) => new Activation(activation)),
    new Activation(leakyRelu(0.3)),
    new Residual(
      new Sequential([shared, new LayerNorm(6, { gamma: random.randnMatrix(6, 1) }), new Residual(shared)]),
    ),
    new Dropout(0.5, { random: new Random(1) }),
    new Observe(new Dense(6, 4, { random, bias: random.randnMatrix(4, 1) }), {}),
    new Softmax(),
    new LogSoftmax(),
  ]);
}

describeOnEachBackend("a network as a LayersModel", () => {
  test("predicts by TensorFlow.js's own path, with its bias fused into the product", () => {
    const { tf } = reference();
    const bias = Matrix.column([1, 2, 3]);
    const model = toLayersModel(new Dense(2, 3, { weights: Matrix.filled(3, 2, 0.5), bias }));
    const prediction = scoped(() => (model.predict(tf.ones([2, 2])) as Tensor).arraySync());
    expect(prediction).toEqual([
      [2, 3, 4],
      [2, 3, 4],
    ]);
    model.dispose();
  });

  test("predicts the same, and so does the network made from it again", () => {
    const { tf } = reference();
    const random = new Random(4);
    const network = everything(random);
    const X = random.randnMatrix(3, 8);
    const before = tf.memory().numTensors;
    const model = toLayersModel(network);
    const [expected] = network.forward(X);
    expect(predict(model, X).equals(expected, 1e-5)).toBe(true);
    expect(model.countParams()).toBe(
      [...network.parameters, ...(network.statistics ?? [])].reduce((sum, { value }) => sum + value.size, 0),
    );

    const back = fromLayersModel(model, { random: new Random(1) });
    expect(back.forward(X)[0].equals(expected, 1e-5)).toBe(true);
    // float32 keeps 24 bits; a shared layer is shared again, so there are as many parameters
    expect(back.parameters.map(({ value }) => value.shape)).toEqual(
      network.parameters.map(({ value }) => value.shape),
    );
    back.parameters.forEach(({ value }, i) => {
      expect(value.equals(network.parameters[i].value, 1e-6)).toBe(true);
    });
    model.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  test("survives being saved and loaded by TensorFlow.js", async () => {
    const { tf } = reference();
    const random = new Random(6);
    const network = new Sequential([
      new Dense(2, 5, { random }),
      new Activation(relu),
      new Dense(5, 1, { random }),
    ]);
    const model = toLayersModel(network);
    let saved: unknown;
    await model.save(
      tf.io.withSaveHandler(async (artifacts) => {
        saved = artifacts;
        return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: "JSON" } };
      }),
    );
    const loaded = await tf.loadLayersModel(tf.io.fromMemory(saved as never));
    const X = random.randnMatrix(2, 4);
    expect(fromLayersModel(loaded).forward(X)[0].equals(network.forward(X)[0], 1e-6)).toBe(true);
    model.dispose();
    loaded.dispose();
  });

  test("has no step, no layer of your own, and must know its features", () => {
    expect(() =>
      toLayersModel(new Sequential([new Dense(2, 1, { random: new Random(1) }), new Activation(step)])),
    ).toThrow(/no counterpart for the activation "step"/);
    expect(() => toLayersModel(new Activation(elu(0.4)), { inputs: 2 })).toThrow(/"ELU" with alpha 0.4/);
    const own: Layer = { name: "mine", parameters: [], forward: (x) => [x, (d) => d] };
    expect(() => toLayersModel(own, { inputs: 2 })).toThrow(ConversionError);
    expect(() => toLayersModel(new Activation(relu))).toThrow(/Give { inputs }/);
    const model = toLayersModel(new Activation(relu), { inputs: 2 });
    expect(predict(model, new Random(1).randnMatrix(2, 3)).data.every((x) => x >= 0)).toBe(true);
  });
});

describeOnEachBackend("a LayersModel of theirs", () => {
  test("with activations inside its dense layers becomes a network", () => {
    const { tf } = reference();
    const model = tf.sequential({
      layers: [
        tf.layers.dense({ inputShape: [4], units: 7, activation: "tanh" }),
        tf.layers.dropout({ rate: 0.2 }),
        tf.layers.reLU(),
        tf.layers.dense({ units: 5, useBias: false }),
        tf.layers.batchNormalization({ scale: false }),
        tf.layers.layerNormalization(),
        tf.layers.dense({ units: 3, activation: "softmax" }),
      ],
    });
    const X = new Random(2).randnMatrix(4, 6);
    const network = fromLayersModel(model, { random: new Random(3), name: "theirs" });
    expect(network.name).toBe("theirs");
    expect(network.forward(X)[0].equals(predict(model, X), 1e-5)).toBe(true);
    expect(() => fromLayersModel(model)).toThrow(/needs a seeded generator/);
    model.dispose();
  });

  test("with layers we do not have is refused, by the layer's name", () => {
    const { tf } = reference();
    const image = tf.sequential({
      layers: [tf.layers.conv2d({ inputShape: [8, 8, 1], filters: 2, kernelSize: 3 })],
    });
    expect(() => fromLayersModel(image)).toThrow(/\[examples, features\]/);
    const odd = tf.sequential({
      layers: [tf.layers.dense({ inputShape: [2], units: 2, activation: "swish" as never, name: "odd" })],
    });
    expect(() => fromLayersModel(odd)).toThrow(/"odd" \(Dense\) with the activation "swish"/);
    const input = tf.input({ shape: [2] });
    const [a, b] = [1, 2].map(() => tf.layers.dense({ units: 2 }).apply(input));
    const sum = tf.layers.add().apply([a, b] as never);
    expect(() => fromLayersModel(tf.model({ inputs: input, outputs: sum as never }))).toThrow(
      /neither comes from the other/,
    );
  });
});
