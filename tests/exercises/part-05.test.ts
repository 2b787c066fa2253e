// The exercises of notebook 5, answered as readers answer.
import { leakyRelu, Matrix } from "glassbox";
import {
  checkDenseBackward,
  checkLeakyReluBackward,
  checkOtherLabel,
  checkOutputBlame,
} from "glassbox/notebook";
import { describeAnswers } from "../support/answers";

type Backward = (Z: Matrix, dA: Matrix, alpha: number) => Matrix;
const factor =
  (of: (z: number, alpha: number) => number): Backward =>
  (Z, dA, alpha) =>
    dA.hadamard(Z.map((z) => of(z, alpha)));

describeAnswers(
  checkLeakyReluBackward,
  {
    "slope times blame": factor((z, alpha) => (z > 0 ? 1 : alpha)),
    "the library's slope": (Z, dA, alpha) => dA.hadamard(Z.map(leakyRelu(alpha).derivative)),
    "entry by entry": (Z, dA, alpha) => dA.map((d, i, j) => (Z.at(i, j) > 0 ? d : alpha * d)),
  },
  [
    ["plain ReLU", factor((z) => (z > 0 ? 1 : 0)), /plain ReLU/],
    ["sides exchanged", factor((z, alpha) => (z > 0 ? alpha : 1)), /exchanged/],
    ["the gate set by dA", (_Z, dA, alpha) => dA.map((d) => (d > 0 ? d : alpha * d)), /set by Z/],
    ["the slope alone", (Z, _dA, alpha) => Z.map((z) => (z > 0 ? 1 : alpha)), /the blame that arrives/],
    [
      "alpha alone on the left",
      (Z, dA, alpha) => Z.map((z, i, j) => (z > 0 ? dA.at(i, j) : alpha)),
      /alpha stands alone/,
    ],
    ["the value for the slope", factor((z, alpha) => (z > 0 ? z : alpha * z)), /its value/],
    ["alpha·z on the left", factor((z, alpha) => (z > 0 ? 1 : alpha * z)), /the same for every z/],
    [
      "an alpha of one's own",
      factor((z) => (z > 0 ? 1 : 0.01)),
      /^You let 0\.01 of the blame through, whatever alpha is/,
    ],
    ["open at 0", factor((z, alpha) => (z >= 0 ? 1 : alpha)), /^Right everywhere but at z = 0 itself/],
    [
      "a matrix product",
      (Z, dA, alpha) => Z.map((z) => (z > 0 ? 1 : alpha)).times(dA),
      /stopped with an error/,
    ],
    ["into dA", (Z, dA) => dA.copyFrom(Z), /writes into its argument `dA`/],
    ["a list", (Z) => Array.from(Z.data), /returns a plain list of \d+ numbers?; expected a Matrix/],
  ],
);

const slopeOfSigmoid = (A: Matrix) => A.map((a) => a * (1 - a));
const mean = (M: Matrix) => M.scale(1 / M.columns);

describeAnswers(
  checkOutputBlame,
  {
    "minus and scale": (A, Y) => mean(A.minus(Y)),
    "entry by entry": (A, Y) => A.map((a, i, j) => (a - Y.at(i, j)) / Y.columns),
  },
  [
    ["no 1/m", (A, Y) => A.minus(Y), /m times too large for a batch of m/],
    ["the wrong way round", (A, Y) => mean(Y.minus(A)), /^Every sign is turned: this is Y − A/],
    ["both", (A, Y) => Y.minus(A), /^Every sign is turned.*1\/m of the mean loss is missing/],
    ["slope kept", (A, Y) => mean(A.minus(Y).hadamard(slopeOfSigmoid(A))), /already cancelled/],
    [
      "slope kept, no 1/m",
      (A, Y) => A.minus(Y).hadamard(slopeOfSigmoid(A)),
      /already cancelled\. And the 1\/m/,
    ],
    [
      "dL/dA",
      (A, Y) => mean(A.map((a, i, j) => -Y.at(i, j) / a + (1 - Y.at(i, j)) / (1 - a))),
      /blame of the outputs A/,
    ],
    [
      "not cancelled",
      (A, Y) => mean(A.map((a, i, j) => (-Y.at(i, j) / a + (1 - Y.at(i, j)) / (1 - a)) * a * (1 - a))),
      /^Right, but not cancelled on paper/,
    ],
    ["twice", (A, Y) => mean(A.minus(Y).scale(2)), /the 2 belongs to the slope of a squared error/],
    ["÷ m twice", (A, Y) => mean(mean(A.minus(Y))), /m times too small/],
    ["the mean of it", (A, Y) => mean(A.minus(Y)).sumColumns(), /Your answer is 1 × 1 and should be 1 × 2/],
    ["a number", (A, Y) => A.minus(Y).sum(), /returns the number .*; expected a Matrix/],
  ],
);

const parts = (W: Matrix, X: Matrix, dZ: Matrix) => ({
  dW: dZ.times(X.transpose()),
  db: dZ.sumColumns(),
  dX: W.transpose().times(dZ),
});
const passing =
  (change: (W: Matrix, X: Matrix, dZ: Matrix) => object) => (W: Matrix, X: Matrix, dZ: Matrix) => ({
    ...parts(W, X, dZ),
    ...change(W, X, dZ),
  });

describeAnswers(
  checkDenseBackward,
  {
    products: parts,
    "in loops": (W, X, dZ) => {
      const [dW, db, dX] = [
        Matrix.zeros(W.rows, W.columns),
        Matrix.zeros(W.rows, 1),
        Matrix.zeros(X.rows, X.columns),
      ];
      for (let j = 0; j < X.columns; j++) {
        for (let i = 0; i < W.rows; i++) {
          db.set(i, 0, db.at(i, 0) + dZ.at(i, j));
          for (let k = 0; k < W.columns; k++) {
            dW.set(i, k, dW.at(i, k) + dZ.at(i, j) * X.at(k, j));
            dX.set(k, j, dX.at(k, j) + W.at(i, k) * dZ.at(i, j));
          }
        }
      }
      return { dW, db, dX };
    },
  },
  [
    [
      "dX without transpose",
      passing((W, _X, dZ) => ({ dX: W.times(dZ) })),
      /`dX` misses a transpose.*\n`dW` and `db` are right already/,
    ],
    [
      "1/m once more",
      passing((_W, X, dZ) => ({ dW: mean(dZ).times(X.transpose()), db: mean(dZ).sumColumns() })),
      /`dW` and `db` are divided by m once more/,
    ],
    [
      "dW turned",
      passing((_W, X, dZ) => ({ dW: X.times(dZ.transpose()) })),
      /`dW` is the transpose of the right one/,
    ],
    ["db not summed", passing((_W, _X, dZ) => ({ db: dZ })), /`db` is dZ as it came in/],
    [
      "two slips",
      passing((W, _X, dZ) => ({ db: dZ, dX: W.times(dZ) })),
      /`db` is dZ as it came in.*\n`dX` misses a transpose.*\n`dW` is right already/,
    ],
    [
      "db averaged",
      passing((_W, _X, dZ) => ({ db: mean(dZ).sumColumns() })),
      /`db` is divided by m once more/,
    ],
    [
      "db as a number",
      passing((_W, _X, dZ) => ({ db: dZ.sum() })),
      /`db` is the number .*; expected a Matrix, 3 × 1/,
    ],
    ["no transpose of X", passing((_W, X, dZ) => ({ dW: dZ.times(X) })), /stopped with an error/],
    ["dX forgotten", (W, X, dZ) => ({ dW: parts(W, X, dZ).dW, db: parts(W, X, dZ).db }), /`dX` is missing/],
    [
      "dX with the sign",
      passing((W, _X, dZ) => ({ dX: W.transpose().times(dZ).scale(-1) })),
      /Your `dX` has every number right and every sign wrong/,
    ],
    ["dW from W", passing((W) => ({ dW: W })), /Your `dW` is `W` as it came in, unchanged/],
  ],
);

describeAnswers(checkOtherLabel, { computed: 1 / (1 + Math.exp(-0.857)), "as printed": 0.702 }, [
  ["the label 1", -0.298, /blame for the label 1/],
  ["the sign", -0.702, /The size is right, the sign is not/],
  ["z", 0.857, /before the sigmoid/],
  ["slope kept", 0.702 * 0.702 * 0.298, /already cancelled/],
  ["the loss", -Math.log(0.298), /That is the loss for the label 0/],
  ["two digits", 0.7, /right number, rounded to one decimal/],
  ["per cent", 70.2, /100 times too large: that is the answer in per cent/],
  ["a half", 0.5, /^Not yet: 0\.5 is too small\.$/],
]);
