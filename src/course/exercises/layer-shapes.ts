/** The shapes around one dense layer. */

import { exercise } from "../exercise";

/** A shape as two numbers: rows, columns. */
type Shape = readonly [rows: number, columns: number];

/** The shapes around one dense layer, by the names of notation. */
export interface LayerShapes {
  readonly W: Shape;
  readonly b: Shape;
  readonly Z: Shape;
  readonly dW: Shape;
  readonly dX: Shape;
}

/** (inputs, units, m) → { W, b, Z, dW, dX }, each [rows, columns]. */
export const checkLayerShapes = exercise<[inputs: number, units: number, m: number]>({
  name: "layerShapes",
  given: ["inputs", "units", "m"],
  sizes: [1, 2, 3, 4],
  drawn: (random) => [2 + random.randint(0, 4), 7 + random.randint(0, 4), 12 + random.randint(0, 8)],
  edges: {
    "three inputs, two units, five examples": [3, 2, 5],
    "the first layer of the digits network": [784, 128, 32],
  },
  reference: (inputs, units, m): LayerShapes => ({
    W: [units, inputs],
    b: [units, 1],
    Z: [units, m],
    dW: [units, inputs],
    dX: [inputs, m],
  }),
  slips: [
    {
      name: "W and dW turned",
      gives: (inputs, units) => ({ W: [inputs, units], dW: [inputs, units] }),
      words:
        "`W` and `dW` are the wrong way round. A row of W is one neuron, so it has as many columns as there are inputs: units × inputs. (TensorFlow.js keeps it the other way.)",
    },
    {
      name: "W turned",
      gives: (inputs, units) => ({ W: [inputs, units] }),
      words:
        "`W` is the wrong way round. A row of W is one neuron, so it has as many columns as there are inputs: units × inputs. (TensorFlow.js keeps it the other way.)",
    },
    {
      name: "dW turned",
      gives: (inputs, units) => ({ dW: [inputs, units] }),
      words: "`dW` is the wrong way round: it has the shape of W, units × inputs.",
    },
    {
      name: "b a column an example",
      gives: (_inputs, units, m) => ({ b: [units, m] }),
      words: "`b` has one entry for each unit, whatever the batch: units × 1. It is added to every column.",
    },
    {
      name: "b a row",
      gives: (_inputs, units) => ({ b: [1, units] }),
      words: "`b` lies on its side: it is a column, units × 1, since a column is an example.",
    },
    {
      name: "dW with the batch",
      gives: (_inputs, units, m) => ({ dW: [units, m] }),
      words: "`dW` belongs to W, so it has the shape of W. The examples have been summed up in dZ·Xᵀ.",
    },
    {
      name: "Z turned",
      gives: (_inputs, units, m) => ({ Z: [m, units] }),
      words: "`Z` is the wrong way round: a column is an example here, so it has m columns.",
    },
    {
      name: "dX with the units",
      gives: (_inputs, units, m) => ({ dX: [units, m] }),
      words:
        "`dX` belongs to X, so it has the shape of X: inputs × m. Wᵀ brings the blame back to the inputs.",
    },
    {
      name: "dX turned",
      gives: (inputs, _units, m) => ({ dX: [m, inputs] }),
      words: "`dX` is the wrong way round: it has the shape of X, inputs × m.",
    },
  ],
  hints: [
    "A column is an example. What is a row of X, and what is a row of Z?",
    "Z = W·X + b: the inner sizes of W·X must meet at the inputs, and units × m remains.",
    "A gradient has the shape of what it is the gradient of: dW that of W, dX that of X.",
  ],
  praise: "A gradient always has the shape of what it is the gradient of.",
});
