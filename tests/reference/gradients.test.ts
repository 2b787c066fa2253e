import {
  Activation,
  Adam,
  binaryCrossEntropy,
  binaryCrossEntropyFromLogits,
  Dense,
  Matrix,
  Random,
  relu,
  Sequential,
  sigmoid,
  step,
} from "glassbox";
import {
  agree,
  compareGradients,
  compareTensors,
  DisagreementError,
  mirror,
  reference,
  toLayersModel,
  toMatrix,
  toTensor,
  trainReference,
} from "glassbox/reference";
import { describe, expect, test } from "vitest";
import golden from "../golden/part-0a.json";
import { describeOnEachBackend } from "../support/backends";

const g = golden.backprop;
const worked = () =>
  new Sequential([
    new Dense(2, 2, { name: "1", weights: Matrix.from(g.W1), bias: Matrix.from(g.b1) }),
    new Activation(relu),
    new Dense(2, 1, { name: "2", weights: Matrix.from(g.W2), bias: Matrix.from(g.b2) }),
    new Activation(sigmoid),
  ]);

describeOnEachBackend("a network and its twin in TensorFlow.js", () => {
  test("agree on the worked example to 1e-6, tensor by tensor", () => {
    const report = compareGradients(worked(), Matrix.from(g.X), Matrix.from(g.Y), binaryCrossEntropy, {
      tolerance: 1e-6,
      names: { "1.weights": "dW1", "1.bias": "db1", "2.weights": "dW2", "2.bias": "db2", input: "dX" },
    });
    expect(report.rows.map((row) => row.name)).toEqual([
      "loss",
      "prediction",
      "dW1",
      "db1",
      "dW2",
      "db2",
      "dX",
    ]);
    expect(() => agree(report)).not.toThrow();
    expect(report.text).toContain("7 of 7 tensors agree");
  });

  test("agree with sample weights, from logits, on a deeper network", () => {
    const random = new Random(5);
    const network = new Sequential([
      new Dense(3, 7, { random }),
      new Activation(sigmoid),
      new Dense(7, 5, { random }),
      new Activation(relu),
      new Dense(5, 2, { random }),
    ]);
    const X = random.randnMatrix(3, 11);
    const Y = random.randMatrix(2, 11);
    const weights = random.randMatrix(1, 11);
    expect(() =>
      agree(compareGradients(network, X, Y, binaryCrossEntropyFromLogits, { weights })),
    ).not.toThrow();
  });

  test("a wrong gradient is called wrong, by name", () => {
    const network = worked();
    const original = network.layers[2].forward;
    network.layers[2].forward = function (input, pass) {
      const [output, backward] = original.call(this, input, pass);
      return [output, (d) => backward(d.scale(2))];
    };
    const report = compareGradients(network, Matrix.from(g.X), Matrix.from(g.Y), binaryCrossEntropy);
    expect(() => agree(report)).toThrow(DisagreementError);
    expect(() => agree(report)).toThrow(/d 2\.weights/);
  });

  test("leave no tensor behind when something fails on the way", () => {
    const before = reference().tf.memory().numTensors;
    const compare = (referenceLoss: () => never) =>
      compareGradients(worked(), Matrix.from(g.X), Matrix.from(g.Y), binaryCrossEntropy, { referenceLoss });
    const failing = () => {
      throw new Error("a loss that fails");
    };
    expect(() => compare(failing)).toThrow("a loss that fails");
    expect(() => compare(() => 5 as never)).toThrow("to return a scalar");
    const options = {
      inputs: Matrix.from(g.X),
      targets: Matrix.from(g.Y),
      epochs: 1,
      loss: binaryCrossEntropy,
    };
    const stranger = { learningRate: 1, step() {} };
    expect(() => trainReference(worked(), { ...options, optimizer: stranger })).toThrow("counterpart");
    expect(() =>
      trainReference(worked(), { ...options, optimizer: new Adam(), referenceLoss: failing }),
    ).toThrow("a loss that fails");
    expect(() => toLayersModel(new Sequential([worked(), new Activation(step)]))).toThrow("step");
    expect(reference().tf.memory().numTensors).toBe(before);
  });

  test("leave no tensor behind", () => {
    const before = reference().tf.memory().numTensors;
    compareGradients(worked(), Matrix.from(g.X), Matrix.from(g.Y), binaryCrossEntropy);
    const twin = mirror(worked());
    twin.predict(Matrix.from(g.X));
    twin.dispose();
    expect(reference().tf.memory().numTensors).toBe(before);
  });
});

describeOnEachBackend("the border", () => {
  test("a matrix that crosses and comes back is the same, and is transposed over there", () => {
    const matrix = Matrix.from([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    const tensor = toTensor(matrix);
    expect(tensor.shape).toEqual([3, 2]);
    expect(toMatrix(tensor).equals(matrix)).toBe(true);
    tensor.dispose();
  });
});

describe("a comparison", () => {
  const byHand = { against: "a friend" };

  test("NaN on either side disagrees, and so does one beside infinity", () => {
    for (const [ours, theirs] of [
      [Number.NaN, 1],
      [1, Number.NaN],
      [Number.NaN, Number.NaN],
      [Infinity, Infinity],
    ]) {
      expect(compareTensors([{ name: "x", ours: [1, ours], theirs: [1, theirs] }], byHand).agrees).toBe(
        false,
      );
    }
  });

  test("is relative to the tensor's largest entry", () => {
    const [row] = compareTensors([{ name: "x", ours: [1000, 1e-3], theirs: [1000, 2e-3] }], byHand).rows;
    expect(row.maxAbsolute).toBeCloseTo(1e-3, 12);
    expect(row.maxRelative).toBeCloseTo(1e-6, 12);
    expect(row.agrees).toBe(true);
  });

  test("shapes must be the same", () => {
    expect(() =>
      compareTensors([{ name: "W", ours: Matrix.zeros(2, 3), theirs: Matrix.zeros(3, 2) }]),
    ).toThrow("W is 2 × 3 here and 3 × 2 there");
  });
});
