// The exercises of notebook 17, answered as readers answer.
import { Matrix, RmsNorm, SwiGlu } from "glassbox";
import { checkRmsNormBackward, checkSwiGlu, checkTextCost } from "glassbox/notebook";
import { describeAnswers } from "../support/answers";

type Size = (width: number, blocks: number, tokens: number) => unknown;

const token = (w: number, k: number): number => 12 * w * w + 2 * w * k;
const each = (tokens: number, of: (k: number) => number): number =>
  Array.from({ length: tokens }, (_, t) => of(t + 1)).reduce((x, y) => x + y, 0);

describeAnswers<Size>(
  checkTextCost,
  {
    "token by token": (w, b, t) => b * each(t, (k) => token(w, k)),
    "taken out": (w, b, t) => b * w * t * (12 * w + t + 1),
  },
  [
    ["as in the notebook", (w, b, t) => b * token(w, t), /the last token alone/],
    ["a square", (w, b, t) => b * t * token(w, t), /looks at the whole text/],
    ["from none on", (w, b, t) => b * each(t, (k) => token(w, k - 1)), /looks at itself as well/],
    ["no cache", (w, b, t) => b * each(t, (n) => each(n, (k) => token(w, k))), /what a cache saves/],
    ["matrices alone", (w, b, t) => 12 * w * w * b * t, /^The matrices are right/],
    ["looking alone", (w, b, t) => b * w * t * (t + 1), /12 · width² multiplications/],
    ["matrices once", (w, b, t) => b * (12 * w * w + w * t * (t + 1)), /in it once/],
    ["scores alone", (w, b, t) => b * each(t, (k) => 12 * w * w + w * k), /costs as much again/],
    ["one block", (w, _b, t) => each(t, (k) => token(w, k)), /^That is one block/],
    ["another", (w, b, t) => w * b * t, /differs from the right one/],
    ["a text", (w, b, t) => `${w * b * t}`, /expected a number/],
  ],
);

type Back = (X: Matrix, dY: Matrix) => unknown;
const meanOf = (M: Matrix): Matrix => Matrix.filled(1, M.rows, 1 / M.rows).times(M);
const parts = (X: Matrix, dY: Matrix, epsilon = 1e-5) => {
  const r = meanOf(X.hadamard(X)).map((square) => Math.sqrt(square + epsilon));
  const Y = X.map((x, _i, t) => x / r.at(0, t));
  return { r, Y, along: meanOf(dY.hadamard(Y)) };
};

describeAnswers<Back>(
  checkRmsNormBackward,
  {
    "the library's": (X, dY) => new RmsNorm(X.rows, { epsilon: 1e-5 }).forward(X)[1](dY),
    "entry by entry": (X, dY) => {
      const { r, Y, along } = parts(X, dY);
      return dY.map((d, i, t) => (d - Y.at(i, t) * along.at(0, t)) / r.at(0, t));
    },
  },
  [
    ["r a constant", (X, dY) => dY.map((d, _i, t) => d / parts(X, dY).r.at(0, t)), /treat r as a constant/],
    [
      "layer norm's",
      (X, dY) => {
        const { r, Y, along } = parts(X, dY);
        const mean = meanOf(dY);
        return dY.map((d, i, t) => (d - mean.at(0, t) - Y.at(i, t) * along.at(0, t)) / r.at(0, t));
      },
      /belongs to layer norm/,
    ],
    [
      "a sum",
      (X, dY) => {
        const { r, Y, along } = parts(X, dY);
        return dY.map((d, i, t) => (d - Y.at(i, t) * along.at(0, t) * X.rows) / r.at(0, t));
      },
      /a sum in the place of a mean/,
    ],
    [
      "no 1/r",
      (X, dY) => {
        const { Y, along } = parts(X, dY);
        return dY.map((d, i, t) => d - Y.at(i, t) * along.at(0, t));
      },
      /the 1\/r in front of it is missing/,
    ],
    [
      "no ε",
      (X, dY) => {
        const { r, Y, along } = parts(X, dY, 0);
        return dY.map((d, i, t) => (d - Y.at(i, t) * along.at(0, t)) / r.at(0, t));
      },
      /^ε is missing/,
    ],
    [
      "plus",
      (X, dY) => {
        const { r, Y, along } = parts(X, dY);
        return dY.map((d, i, t) => (d + Y.at(i, t) * along.at(0, t)) / r.at(0, t));
      },
      /taken off, not put on/,
    ],
    ["a number", (X) => X.sum(), /expected a Matrix/],
  ],
);

type Gated = (Wg: Matrix, Wu: Matrix, Wd: Matrix, X: Matrix) => unknown;
const silu = (z: number): number => z / (1 + Math.exp(-z));

describeAnswers<Gated>(
  checkSwiGlu,
  {
    "three products": (Wg, Wu, Wd, X) => Wd.times(Wg.times(X).map(silu).hadamard(Wu.times(X))),
    "the library's": (gate, up, down, X) => new SwiGlu(X.rows, up.rows, { gate, up, down }).forward(X)[0],
  },
  [
    [
      "the sigmoid",
      (Wg, Wu, Wd, X) =>
        Wd.times(
          Wg.times(X)
            .map((z) => silu(z) / z)
            .hadamard(Wu.times(X)),
        ),
      /gate is the sigmoid/,
    ],
    ["no silu", (Wg, Wu, Wd, X) => Wd.times(Wg.times(X).hadamard(Wu.times(X))), /Nothing bends the gate/],
    ["exchanged", (Wg, Wu, Wd, X) => Wd.times(Wu.times(X).map(silu).hadamard(Wg.times(X))), /are exchanged/],
    ["no units", (Wg, _Wu, Wd, X) => Wd.times(Wg.times(X).map(silu)), /ordinary feed-forward layer/],
    ["added", (Wg, Wu, Wd, X) => Wd.times(Wg.times(X).map(silu).plus(Wu.times(X))), /A gate multiplies/],
    [
      "both",
      (Wg, Wu, Wd, X) => Wd.times(Wg.times(X).map(silu).hadamard(Wu.times(X).map(silu))),
      /You bend both/,
    ],
    [
      "no way back to the width",
      (Wg, Wu, _Wd, X) => Wg.times(X).map(silu).hadamard(Wu.times(X)),
      /5 × |shape/,
    ],
  ],
);
