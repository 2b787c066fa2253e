/*
 * All of the golden file: the numbers of Part 0A as NumPy computes them in float64. Tolerances are relative to the
 * largest number of each list.
 */
import {
  Activation,
  Adam,
  binaryAccuracy,
  binaryCrossEntropy,
  Dense,
  Dropout,
  fit,
  GradientDescent,
  heNormal,
  Matrix,
  meanSquaredError,
  normal,
  type Optimizer,
  overlappingSpirals,
  Pass,
  parameter,
  Random,
  relu,
  Sequential,
  sigmoid,
  softmax,
  step,
  zeroGradients,
} from "glassbox";
import golden from "../golden/part-0a.json";
import { type CrossCheck, difference, record } from "./record";

type Numbers = Matrix | ArrayLike<number>;

const EXACT = "whole numbers and exact arithmetic: every bit must be NumPy's";
const ROUNDING =
  "float64 on both sides; libraries round exp, log and pow differently in the last bit, and sums in order";
const PATH = "float64 on both sides; every step builds on the roundings of all steps before";

function golds(
  name: string,
  ours: Numbers,
  expected: Numbers,
  tolerance: number,
  reason: string,
): CrossCheck {
  return record(
    { name: `golden ${name}`, kind: "golden", against: "numpy", tolerance, reason },
    difference(ours, expected),
  );
}

const exact = (name: string, ours: Numbers, expected: Numbers): CrossCheck =>
  golds(name, ours, expected, 0, EXACT);
const close = (name: string, ours: Numbers, expected: Numbers, tolerance = 1e-14): CrossCheck =>
  golds(name, ours, expected, tolerance, ROUNDING);

const many = (n: number, next: () => number): number[] => Array.from({ length: n }, next);

/** A copy of a JSON table of numbers as a matrix. */
const table = (rows: readonly (readonly number[])[]): Matrix => Matrix.from(rows);

export function checkGolden(): CrossCheck[] {
  return [
    ...generator(),
    ...neuron(),
    ...activations(),
    ...forwardPass(),
    ...losses(),
    ...backpropagation(),
    ...descent(),
    ...initialisation(),
    ...dropout(),
    ...spiral(),
  ];
}

function generator(): CrossCheck[] {
  return Object.entries(golden.numpy_random_state).flatMap(([seed, expected]) => {
    const start = (): Random => new Random(Number(seed));
    const of = (name: string): string => `RandomState(${seed}), ${name}`;
    const [bits, rand, randn, mixed, uniform, whole] = Array.from({ length: 6 }, start);
    const order = Array.from({ length: 12 }, (_, i) => i);
    return [
      exact(
        of("random bits"),
        many(5, () => bits.uint32()),
        expected.random_uint32,
      ),
      exact(
        of("rand"),
        many(6, () => rand.rand()),
        expected.rand,
      ),
      golds(
        of("randn"),
        many(7, () => randn.randn()),
        expected.randn,
        1e-15,
        ROUNDING,
      ),
      golds(
        of("rand and randn in turn"),
        [mixed.rand(), mixed.randn(), mixed.rand(), mixed.randn(), mixed.randn()],
        expected.rand_then_randn_then_rand,
        1e-15,
        ROUNDING,
      ),
      exact(of("permutation"), start().permutation(10), expected.permutation_10),
      exact(of("shuffle"), start().shuffle(order), expected.shuffle_12),
      exact(
        of("uniform"),
        many(4, () => uniform.uniform(-2, 3)),
        expected["uniform_-2_3"],
      ),
      exact(
        of("randint"),
        many(8, () => whole.randint(0, 100)),
        expected.randint_0_100,
      ),
    ];
  });
}

function neuron(): CrossCheck[] {
  const g = golden.neuron;
  const layer = new Dense(4, 1, { weights: table([g.weights]), bias: table([[g.bias]]) });
  const x = Matrix.column(g.inputs);
  const z = layer.forward(x)[0].at(0, 0);
  const contributions = layer.weights.value.transpose().hadamard(x);
  return [
    close("neuron, contributions", contributions, g.contributions),
    close("neuron, weighted sum", [contributions.sum()], [g.weighted_sum]),
    close("neuron, z", [z], [g.z]),
    exact("neuron, decision", [step.apply(z)], [g.decision]),
  ];
}

function activations(): CrossCheck[] {
  const values = (of: Record<string, number>): [number[], number[]] => [
    Object.keys(of).map(Number),
    Object.values(of),
  ];
  const [at, sigmoids] = values(golden.sigmoid);
  const [, relus] = values(golden.relu);
  const { scores, probabilities, argmax } = golden.softmax;
  const p = softmax(Matrix.column(scores));
  return [
    close("sigmoid", at.map(sigmoid.apply), sigmoids),
    exact("ReLU", at.map(relu.apply), relus),
    close("softmax", p, probabilities),
    exact("softmax, the largest", [p.data.indexOf(Math.max(...p.data))], [argmax]),
    exact(
      "vanishing sigmoid, 0.25 to the power of the layer",
      golden.vanishing_sigmoid.map((_, layer) => sigmoid.derivative(0) ** (layer + 1)),
      golden.vanishing_sigmoid,
    ),
  ];
}

function forwardPass(): CrossCheck[] {
  const g = golden.forward_pass;
  const random = new Random(g.seed);
  const network = new Sequential([
    new Dense(2, 4, { random, initializer: heNormal }),
    new Activation(relu),
    new Dense(4, 1, { random, initializer: heNormal }),
    new Activation(sigmoid),
  ]);
  const found: Matrix[] = [];
  network.layers.reduce((input, layer) => {
    const [output] = layer.forward(input);
    found.push(output);
    return output;
  }, table(g.X));
  const [first, , second] = network.layers as Dense[];
  return [
    close("forward pass, W1", first.weights.value, table(g.W1), 1e-15),
    close("forward pass, W2", second.weights.value, table(g.W2), 1e-15),
    ...(["Z1", "A1", "Z2", "A2"] as const).map((name, i) =>
      close(`forward pass, ${name}`, found[i], table(g[name])),
    ),
    exact(
      "forward pass, parameters",
      [network.parameters.reduce((sum, { value }) => sum + value.size, 0)],
      [g.parameters],
    ),
  ];
}

function losses(): CrossCheck[] {
  const { mse, bce_true_1, bce_true_0 } = golden.losses;
  const [value] = meanSquaredError(Matrix.row(mse.pred), Matrix.row(mse.true));
  const surprise = (of: Record<string, number>, label: number): [number[], number[]] => [
    Object.keys(of).map((p) => binaryCrossEntropy(table([[Number(p)]]), table([[label]]))[0]),
    Object.values(of),
  ];
  return [
    close("mean squared error", [value], [mse.mse]),
    exact(
      "typical error in dollars",
      [Math.round((Math.sqrt(value) * 100000) / 10) * 10],
      [mse.typical_error_dollars],
    ),
    close("binary cross-entropy, true 1", ...surprise(bce_true_1, 1)),
    close("binary cross-entropy, true 0", ...surprise(bce_true_0, 0)),
  ];
}

function backpropagation(): CrossCheck[] {
  const g = golden.backprop;
  const dense1 = new Dense(2, 2, { weights: table(g.W1), bias: table(g.b1), name: "1" });
  const dense2 = new Dense(2, 1, { weights: table(g.W2), bias: table(g.b2), name: "2" });
  const [X, Y] = [table(g.X), table(g.Y)];
  const [Z1, back1] = dense1.forward(X);
  const [A1, backA1] = new Activation(relu).forward(Z1);
  const [Z2, back2] = dense2.forward(A1);
  const [A2, backA2] = new Activation(sigmoid).forward(Z2);
  const [loss, dA2] = binaryCrossEntropy(A2, Y);
  const dZ2 = backA2(dA2);
  const dA1 = back2(dZ2);
  const dZ1 = backA1(dA1);
  back1(dZ1);
  const found: Record<string, Numbers> = {
    Z1,
    A1,
    Z2,
    A2,
    dA2,
    dZ2,
    dW2: dense2.weights.gradient,
    db2: dense2.bias.gradient,
    dA1,
    dZ1,
    dW1: dense1.weights.gradient,
    db1: dense1.bias.gradient,
    loss: [loss],
    sigmoid_derivative: Z2.map(sigmoid.derivative),
  };
  const expected = g as unknown as Record<string, number | number[][]>;
  const asNumbers = (value: number | number[][]): Numbers =>
    typeof value === "number" ? [value] : table(value);
  const before = Object.entries(found).map(([name, ours]) =>
    close(`backpropagation, ${name}`, ours, asNumbers(expected[name]), 1e-12),
  );

  const network = new Sequential([dense1, new Activation(relu), dense2, new Activation(sigmoid)]);
  new GradientDescent(g.learning_rate).step(network.parameters);
  const [prediction] = network.forward(X);
  const after: Record<string, Numbers> = {
    W1_new: dense1.weights.value,
    b1_new: dense1.bias.value,
    W2_new: dense2.weights.value,
    b2_new: dense2.bias.value,
    A2_new: prediction,
    loss_new: [binaryCrossEntropy(prediction, Y)[0]],
  };
  return [
    ...before,
    ...Object.entries(after).map(([name, ours]) =>
      close(`backpropagation, ${name}`, ours, asNumbers(expected[name]), 1e-12),
    ),
  ];
}

/** Descends x² from 10, and notes where it stands. */
function bowl(optimizer: Optimizer, steps: number): number[] {
  const x = parameter("x", table([[10]]));
  const path = [10];
  for (let i = 0; i < steps; i++) {
    zeroGradients([x]);
    x.gradient.set(0, 0, 2 * x.value.at(0, 0));
    optimizer.step([x]);
    path.push(x.value.at(0, 0));
  }
  return path;
}

function descent(): CrossCheck[] {
  const adam = golden.adam_x_squared;
  return [
    ...Object.entries(golden.learning_rate).map(([rate, path]) =>
      exact(
        `gradient descent on x², rate ${rate}`,
        bowl(new GradientDescent(Number(rate)), path.length - 1),
        path,
      ),
    ),
    golds(
      "Adam on x²",
      bowl(new Adam(adam.learning_rate), adam.history.length - 1),
      adam.history,
      1e-14,
      PATH,
    ),
  ];
}

function initialisation(): CrossCheck[] {
  const { seed, cases } = golden.initialisation;
  const random = new Random(seed);
  return cases.flatMap(({ name, scale, initial_std, std_after_each_layer }) => {
    let A = random.randnMatrix(256, 1);
    const first = deviation(A);
    const found = std_after_each_layer.map(() => {
      const initializer = name === "He" ? heNormal : normal(scale);
      const layer = new Dense(256, 256, { random, initializer });
      A = new Activation(relu).forward(layer.forward(A)[0])[0];
      return deviation(A);
    });
    // Relative layer by layer, because they span up to twenty orders of magnitude.
    return [
      close(`initialisation ${name}, first`, [first], [initial_std]),
      golds(
        `initialisation ${name}, ten layers, each relative to its own`,
        found.map((value, i) => value / std_after_each_layer[i]),
        found.map(() => 1),
        1e-12,
        PATH,
      ),
    ];
  });
}

function deviation(matrix: Matrix): number {
  const mean = matrix.sum() / matrix.size;
  return Math.sqrt(matrix.map((x) => (x - mean) ** 2).sum() / matrix.size);
}

function dropout(): CrossCheck[] {
  const g = golden.dropout;
  const layer = new Dropout(g.p, { random: new Random(g.seed) });
  const [after] = layer.forward(Matrix.column(g.activations), new Pass({ training: true }));
  const uniforms = new Random(g.seed);
  return [
    exact(
      "dropout, uniform numbers",
      many(5, () => uniforms.rand()),
      g.uniforms,
    ),
    exact(
      "dropout, mask",
      after.map((x) => (x === 0 ? 0 : 1)),
      g.mask,
    ),
    close("dropout, result", after, g.after, 1e-15),
  ];
}

function spiral(): CrossCheck[] {
  const g = golden.spiral;
  const random = new Random(g.seed);
  const { inputs, targets } = overlappingSpirals({ points: g.points, noise: g.noise, random });
  const network = new Sequential([
    new Dense(2, g.hidden, { random }),
    new Activation(relu),
    new Dense(g.hidden, 1, { random }),
    new Activation(sigmoid),
  ]);
  const points = [
    inputs.pickColumns([0, 1, 2]),
    inputs.pickColumns([g.points - 3, g.points - 2, g.points - 1]),
  ];
  const history = fit(network, {
    inputs,
    targets,
    loss: binaryCrossEntropy,
    optimizer: new Adam(g.learning_rate),
    epochs: g.epochs,
    metrics: { accuracy: binaryAccuracy },
  });
  const epochs = Object.keys(g.loss_every_50).map(Number);
  const hundreds = Object.keys(g.accuracy_percent_every_100).map(Number);
  const percent = (share: number): number => Math.round(share * 1e4) / 100;
  return [
    close("spiral, first points", points[0], table(g.first_points), 1e-13),
    close("spiral, last points", points[1], table(g.last_points), 1e-13),
    golds("spiral, sum of all coordinates", [inputs.sum()], [g.x_checksum_sum], 1e-11, ROUNDING),
    close("spiral, sum of their squares", [inputs.hadamard(inputs).sum()], [g.x_checksum_sumsq], 1e-13),
    golds(
      "spiral, loss of 1000 epochs",
      epochs.map((epoch) => history.loss[epoch - 1]),
      Object.values(g.loss_every_50),
      1e-6,
      "float64 on both sides; a thousand steps of Adam at a rate of 0.1 magnify the order of additions, yet no printed digit changes",
    ),
    exact(
      "spiral, accuracy in percent",
      hundreds.map((epoch) => percent(history.epochs[epoch - 1].metrics.accuracy)),
      Object.values(g.accuracy_percent_every_100),
    ),
    exact(
      "spiral, final accuracy in percent",
      [percent(binaryAccuracy(network.forward(inputs)[0], targets))],
      [g.final_accuracy_percent_after_last_update],
    ),
  ];
}
