/** The network of nine numbers, 2 → 2 → 1 with ReLU and a sigmoid, on one example: what the sliders turn. */

import {
  Activation,
  binaryCrossEntropy,
  Dense,
  Matrix,
  type Parameter,
  relu,
  Sequential,
  sigmoid,
  zeroGradients,
} from "../../index";

/** What the nine are called, unit by unit. */
export const NAMES = [
  "W1[0,0]",
  "W1[0,1]",
  "b1[0]",
  "W1[1,0]",
  "W1[1,1]",
  "b1[1]",
  "W2[0]",
  "W2[1]",
  "b2",
] as const;

/** The example, and where the sliders begin. */
export interface NineSetting {
  /** The nine, in the order of {@link NAMES}. */
  readonly weights: readonly number[];
  readonly input: readonly [number, number];
  /** 0 or 1. */
  readonly label: number;
}

/** What there is to see at one setting of the sliders. */
export interface NineView {
  /** The network's answer, the probability of label 1. */
  readonly answer: number;
  /** Binary cross-entropy, in nats. */
  readonly loss: number;
  /** The slope of the loss along each of the nine. */
  readonly gradient: readonly number[];
}

export function lookAt({ weights, input, label }: NineSetting): NineView {
  const hidden = new Dense(2, 2, { weights: Matrix.zeros(2, 2), bias: Matrix.zeros(2, 1) });
  const output = new Dense(2, 1, { weights: Matrix.zeros(1, 2), bias: Matrix.zeros(1, 1) });
  const network = new Sequential([hidden, new Activation(relu), output, new Activation(sigmoid)]);
  const places: readonly (readonly [Parameter, number, number])[] = [
    [hidden.weights, 0, 0],
    [hidden.weights, 0, 1],
    [hidden.bias, 0, 0],
    [hidden.weights, 1, 0],
    [hidden.weights, 1, 1],
    [hidden.bias, 1, 0],
    [output.weights, 0, 0],
    [output.weights, 0, 1],
    [output.bias, 0, 0],
  ];
  places.forEach(([{ value }, i, j], k) => {
    value.set(i, j, weights[k]);
  });
  zeroGradients(network.parameters);
  const [prediction, backward] = network.forward(Matrix.column(input));
  const [loss, slope] = binaryCrossEntropy(prediction, Matrix.column([label]));
  backward(slope);
  return {
    answer: prediction.at(0, 0),
    loss,
    gradient: places.map(([{ gradient }, i, j]) => gradient.at(i, j)),
  };
}
