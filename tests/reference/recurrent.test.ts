// Recurrent layers against TensorFlow.js's own, whose gates were written by somebody else: states, slopes, a training curve.
import type { LayersModel, Scalar, Tensor, Variable } from "@tensorflow/tfjs";
import {
  Adam,
  categoricalCrossEntropyFromLogits,
  compare,
  Dense,
  Embedding,
  Gru,
  Ids,
  Lstm,
  type Matrix,
  predict,
  Ragged,
  Random,
  Recurrent,
  Sequential,
  trainingStep,
  zeroGradients,
} from "glassbox";
import {
  ConversionError,
  fromLayersModel,
  reference,
  scoped,
  toLayersModel,
  toMatrix,
} from "glassbox/reference";
import { expect, test } from "vitest";
import { describeOnEachBackend } from "../support/backends";

const [SEQUENCES, TOKENS, INPUTS, UNITS] = [3, 7, 4, 5];

/** Float32 on their side: seven steps of some products each. */
const FLOAT32 = 2e-6;

const kinds: [string, (random: Random) => Recurrent | Lstm | Gru][] = [
  ["Recurrent", (random) => new Recurrent(INPUTS, UNITS, { random, bias: random.randnMatrix(UNITS, 1) })],
  ["Lstm", (random) => new Lstm(INPUTS, UNITS, { random, bias: random.randnMatrix(4 * UNITS, 1) })],
  ["Gru", (random) => new Gru(INPUTS, UNITS, { random, bias: random.randnMatrix(3 * UNITS, 1) })],
];

/** Sequences of one length, [sequences, tokens, features] there: our columns as they lie. */
function cube(columns: Matrix): Tensor {
  return reference().tf.tensor3d(Float32Array.from(columns.data), [SEQUENCES, TOKENS, columns.rows]);
}

/** And back. */
function columnsOfCube(tensor: Tensor): Matrix {
  const [s, t, f] = tensor.shape as [number, number, number];
  return toMatrix(tensor.reshape([s * t, f]));
}

function sideBySide(columns: Matrix): Ragged {
  return new Ragged(
    columns,
    Int32Array.from({ length: SEQUENCES + 1 }, (_, s) => s * TOKENS),
  );
}

const variablesOf = (model: LayersModel): Variable[] =>
  model.trainableWeights.map((weight) => (weight as unknown as { val: Variable }).val);

describeOnEachBackend("TensorFlow.js's own recurrent layers", () => {
  test.each(kinds)(
    "%s: the same states and the same slopes, of inputs and of every weight",
    (_name, make) => {
      const { tf } = reference();
      const random = new Random(3);
      const layer = make(random);
      const input = sideBySide(random.randnMatrix(INPUTS, SEQUENCES * TOKENS));
      const upstream = random.randnMatrix(UNITS, SEQUENCES * TOKENS);
      zeroGradients(layer.parameters);
      const [states, backward] = layer.forward(input);
      const dInput = backward(upstream);
      const model = toLayersModel(layer);
      scoped(() => {
        const theirs = columnsOfCube(model.predict(cube(input.columns)) as Tensor);
        expect(compare("states", states.columns, theirs).maxAbsolute).toBeLessThan(FLOAT32);
        const value = (x: Tensor): Scalar => tf.sum(tf.mul(model.apply(x) as Tensor, cube(upstream)));
        const dX = columnsOfCube(tf.grad(value)(cube(input.columns)));
        expect(compare("input", dInput, dX).maxAbsolute).toBeLessThan(10 * FLOAT32);
        const variables = variablesOf(model);
        const { grads } = tf.variableGrads(() => value(cube(input.columns)), variables);
        const [W, U, b] = variables.map(({ name }) => grads[name] as Tensor);
        const pairs: [string, Matrix, Matrix][] = [
          ["W", layer.inputWeights.gradient, toMatrix(W)],
          ["b", layer.bias.gradient, toMatrix(b.reshape([1, -1]))],
        ];
        const theirU = toMatrix(U);
        if (layer instanceof Gru) {
          const part = (like: Matrix, from: number): Matrix => like.map((_, i, j) => theirU.at(from + i, j));
          pairs.push(["U of the gates", layer.gateWeights.gradient, part(layer.gateWeights.value, 0)]);
          pairs.push(["U", layer.candidateWeights.gradient, part(layer.candidateWeights.value, 2 * UNITS)]);
        } else pairs.push(["U", layer.stateWeights.gradient, theirU]);
        for (const [name, ours, other] of pairs) {
          // slopes add up over 21 tokens
          expect(compare(name, ours, other).maxAbsolute, name).toBeLessThan(20 * FLOAT32);
        }
      });
      model.dispose();
    },
  );

  test.each(kinds)("%s: there and back keeps its weights to 24 bits", (_name, make) => {
    const random = new Random(4);
    const layer = make(random);
    const model = toLayersModel(layer);
    const [again] = fromLayersModel<Ragged, Ragged>(model).layers;
    expect(again.constructor).toBe(layer.constructor);
    again.parameters.forEach(({ value }, i) => {
      expect(value.equals(layer.parameters[i].value.map(Math.fround))).toBe(true);
    });
    model.dispose();
  });

  test("a whole network from ids, with an embedding in front and a dense layer behind, predicts the same", () => {
    const { tf } = reference();
    const random = new Random(5);
    const network = new Sequential<Ragged<Ids>, Ragged>([
      new Embedding(6, INPUTS, { random }),
      new Lstm(INPUTS, UNITS, { random }),
      new Dense(UNITS, 6, { random }),
    ]);
    const ids = Array.from({ length: SEQUENCES * TOKENS }, () => random.randint(0, 6));
    const ours = predict(
      network,
      new Ragged(new Ids(ids), sideBySide(random.randMatrix(1, 21)).starts),
    ).columns;
    const model = toLayersModel(network);
    scoped(() => {
      const theirs = columnsOfCube(model.predict(tf.tensor2d(ids, [SEQUENCES, TOKENS])) as Tensor);
      expect(compare("logits", ours, theirs).maxAbsolute).toBeLessThan(FLOAT32);
    });
    const again = fromLayersModel<Ragged<Ids>, Ragged>(model);
    expect(again.layers.map((layer) => layer.constructor)).toEqual(
      network.layers.map((layer) => layer.constructor),
    );
    model.dispose();
  });

  test("twenty steps of training an LSTM: the same losses", () => {
    const { tf } = reference();
    const random = new Random(6);
    const network = new Sequential<Ragged, Ragged>([
      new Lstm(INPUTS, UNITS, { random }),
      new Dense(UNITS, INPUTS, { random }),
    ]);
    // the token of two steps before is to be said
    const ids = Array.from({ length: SEQUENCES * TOKENS }, () => random.randint(0, INPUTS));
    const targets = new Ids(ids.map((_, at) => (at % TOKENS < 2 ? 0 : ids[at - 2])));
    const columns = random.randMatrix(INPUTS, ids.length).map((_, i, j) => (ids[j] === i ? 1 : 0));
    const model = toLayersModel(network);
    const theirs: number[] = [];
    const optimizer = tf.train.adam(0.03, 0.9, 0.999, 1e-7);
    for (let step = 0; step < 20; step++) {
      scoped(() => {
        const oneHot = tf.oneHot(tf.tensor1d([...targets.data], "int32"), INPUTS);
        const { value, grads } = tf.variableGrads(() => {
          const logits = (model.apply(cube(columns)) as Tensor).reshape([-1, INPUTS]);
          return tf.neg(tf.mean(tf.sum(tf.mul(oneHot, tf.logSoftmax(logits)), 1))) as Scalar;
        }, variablesOf(model));
        theirs.push(value.dataSync()[0]);
        optimizer.applyGradients(grads as never);
      });
    }
    optimizer.dispose();
    model.dispose();
    const options = {
      loss: categoricalCrossEntropyFromLogits,
      optimizer: new Adam(0.03, { epsilon: 1e-7 }),
    };
    const ours = theirs.map(() => trainingStep(network, sideBySide(columns), targets, options).loss);
    expect(ours[19]).toBeLessThan(0.8 * ours[0]);
    // float32, and Adam's powers of β in float32: about 1e-5 after twenty steps
    ours.forEach((loss, step) => {
      expect(Math.abs(loss - theirs[step]), `step ${step}`).toBeLessThan(1e-4);
    });
  });

  test("what has no counterpart is named", () => {
    const { tf } = reference();
    const model = (layer: unknown) => tf.sequential({ layers: [layer as never] });
    const inputShape: [null, number] = [null, 3];
    for (const [layer, message] of [
      [tf.layers.lstm({ units: 2, returnSequences: true, inputShape }), /gates of "hardSigmoid"/],
      [tf.layers.lstm({ units: 2, recurrentActivation: "sigmoid", inputShape }), /its last state only/],
      [tf.layers.simpleRNN({ units: 2, activation: "relu", returnSequences: true, inputShape }), /"relu"/],
      [
        tf.layers.simpleRNN({ units: 2, goBackwards: true, returnSequences: true, inputShape }),
        /goBackwards/,
      ],
    ] as const) {
      const made = model(layer);
      expect(() => fromLayersModel(made)).toThrow(ConversionError);
      expect(() => fromLayersModel(made)).toThrow(message);
      made.dispose();
    }
  });
});
