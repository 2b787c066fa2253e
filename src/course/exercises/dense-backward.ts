/** The way back through a dense layer. */

import { Matrix } from "../../index";
import { exercise } from "../exercise";

/** The whole way back through Z = W·X + b: (W, X, dZ) → { dW, db, dX }. */
export const checkDenseBackward = exercise<[W: Matrix, X: Matrix, dZ: Matrix]>({
  name: "denseBackward",
  given: ["W", "X", "dZ"],
  // W is square, so that a missing transpose does not stop with an error: it gives numbers, and wrong ones.
  drawn: (random, m) => [random.randnMatrix(3, 3), random.randnMatrix(3, m), random.randnMatrix(3, m)],
  sizes: [1, 3, 4, 2, 7],
  edges: {
    "one weight, one example": [Matrix.row([2]), Matrix.row([5]), Matrix.row([-3])],
    "one weight, two examples": [Matrix.row([2]), Matrix.row([5, 1]), Matrix.row([-3, 4])],
    "no blame": [
      Matrix.from([
        [1, 2],
        [0, 1],
      ]),
      Matrix.column([3, 4]),
      Matrix.column([0, 0]),
    ],
  },
  reference: (W, X, dZ) => ({
    dW: dZ.times(X.transpose()),
    db: dZ.sumColumns(),
    dX: W.transpose().times(dZ),
  }),
  examples: (_W, X) => X.columns,
  slips: [
    {
      name: "1/m twice",
      gives: (_W, X, dZ) => ({
        dW: dZ.times(X.transpose()).scale(1 / X.columns),
        db: dZ.sumColumns().scale(1 / X.columns),
      }),
      words:
        "`dW` and `db` are divided by m once more. The blame dZ comes from a mean loss and carries its 1/m already: here it is a sum.",
    },
    {
      name: "1/m twice in dW",
      gives: (_W, X, dZ) => ({ dW: dZ.times(X.transpose()).scale(1 / X.columns) }),
      words:
        "`dW` is divided by m once more. The blame dZ comes from a mean loss and carries its 1/m already.",
    },
    {
      name: "1/m twice in db",
      gives: (_W, X, dZ) => ({ db: dZ.sumColumns().scale(1 / X.columns) }),
      words:
        "`db` is divided by m once more. The blame dZ comes from a mean loss and carries its 1/m already: here it is a sum.",
    },
    {
      name: "dW transposed",
      gives: (_W, X, dZ) => ({ dW: X.times(dZ.transpose()) }),
      words: "`dW` is the transpose of the right one: X·dZᵀ. A row of W is one unit, so it is dZ·Xᵀ.",
    },
    {
      name: "db not summed",
      gives: (_W, _X, dZ) => ({ db: dZ }),
      words:
        "`db` is dZ as it came in, one column an example. The same bias served all of them, so it collects from each: sum over the columns.",
    },
    {
      name: "dX without transpose",
      gives: (W, _X, dZ) => ({ dX: W.times(dZ) }),
      words:
        "`dX` misses a transpose: W carried values from inputs to outputs, and blame goes the other way, through Wᵀ. Here W is square, so the shapes could not warn you.",
    },
    {
      name: "dX by way of X",
      gives: (W, X, dZ) => ({ dX: W.transpose().times(dZ).hadamard(X) }),
      words: "`dX` is multiplied by X once more. Z is linear in X: its slope is W alone, and Wᵀ·dZ is all.",
    },
    {
      name: "dW of one example",
      gives: (_W, X, dZ) => ({ dW: dZ.pickColumns([0]).times(X.pickColumns([0]).transpose()) }),
      words: "`dW` comes from the first example alone. The product dZ·Xᵀ sums over all columns.",
    },
  ],
  hints: [
    "Write the shapes beside each matrix: only one arrangement of the factors fits.",
    "dW = dZ·Xᵀ, db sums dZ over the examples, and dX goes back through Wᵀ.",
    "`dZ.times(X.transpose())`, `dZ.sumColumns()`, `W.transpose().times(dZ)`.",
  ],
  praise: "That is the whole backward pass of the layer that most networks are made of.",
});
