/** The exercises of the appendix: the shapes of a layer, and the price of a forward pass. */

import { checkMatrixFunction, checkNumber } from "./check";

/** A shape as two numbers: rows, columns. */
type Shape = readonly [rows: number, columns: number];

/** The shapes around one dense layer, by the names of notation. */
export interface LayerShapes {
  readonly [name: string]: readonly number[];
  readonly W: Shape;
  readonly b: Shape;
  readonly Z: Shape;
  readonly dW: Shape;
  readonly dX: Shape;
}

const shapes = (inputs: number, units: number, m: number): LayerShapes => ({
  W: [units, inputs],
  b: [units, 1],
  Z: [units, m],
  dW: [units, inputs],
  dX: [inputs, m],
});

/** (inputs, units, m) → { W, b, Z, dW, dX }, each [rows, columns]. */
export const checkLayerShapes = checkMatrixFunction<[number, number, number], LayerShapes>({
  name: "layerShapes",
  arguments: ["inputs", "units", "m"],
  examples: [1, 1, 1, 1, 1],
  cases: (random) => [2 + random.randint(0, 4), 7 + random.randint(0, 4), 12 + random.randint(0, 8)],
  reference: shapes,
  mistakes: [
    {
      variant: (inputs, units, m) => ({
        ...shapes(inputs, units, m),
        W: [inputs, units],
        dW: [inputs, units],
      }),
      message:
        "W is the wrong way round. A row of W is one neuron, so it has as many columns as there are inputs: units × inputs. (TensorFlow.js keeps it the other way.)",
    },
    {
      variant: (inputs, units, m) => ({ ...shapes(inputs, units, m), b: [units, m] }),
      message: "b has one entry for each unit, whatever the batch: units × 1. It is added to every column.",
    },
    {
      variant: (inputs, units, m) => ({ ...shapes(inputs, units, m), dW: [units, m] }),
      message: "dW belongs to W, so it has the shape of W. The examples have been summed up in dZ·Xᵀ.",
    },
    {
      variant: (inputs, units, m) => ({ ...shapes(inputs, units, m), Z: [m, units] }),
      message: "Z is the wrong way round: a column is an example here, so it has m columns.",
    },
    {
      variant: (inputs, units, m) => ({ ...shapes(inputs, units, m), dX: [units, m] }),
      message:
        "dX belongs to X, so it has the shape of X: inputs × m. Wᵀ brings the blame back to the inputs.",
    },
  ],
  praise: "A gradient always has the shape of what it is the gradient of.",
});

/** Multiplications in the forward pass of 784 → 128 → 10 for a batch of 32. */
export const checkMultiplications = checkNumber({
  name: "the number of multiplications",
  answer: 32 * (784 * 128 + 128 * 10),
  tolerance: 0.5,
  mistakes: [
    {
      value: 784 * 128 + 128 * 10,
      message: "That is one example. A batch of 32 does it 32 times, in one product a layer.",
    },
    {
      value: 32 * (785 * 128 + 129 * 10),
      message: "You have counted the biases. They are added, not multiplied.",
    },
    {
      value: 785 * 128 + 129 * 10,
      message: "That is the number of parameters. Every weight is used once for each of the 32 examples.",
    },
    {
      value: 32 * (784 + 128 + 10),
      message: "You have added the sizes. Every unit has a weight for every input: multiply neighbours.",
    },
    {
      value: 32 * 784 * 128 * 10,
      message: "The layers come one after the other: their costs add up, they do not multiply.",
    },
  ],
  praise: "The first layer does 99 % of the work.",
});
