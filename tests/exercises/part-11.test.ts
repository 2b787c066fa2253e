// The exercises of notebook 11, answered as readers answer.
import { Matrix } from "glassbox";
import { checkGruStep, checkLstmBack, checkStateWeightSlopes } from "glassbox/notebook";
import { describeAnswers } from "../support/answers";

type Slopes = (H: Matrix, dZ: Matrix) => Matrix;
const pairs =
  (state: (t: number) => number, steps = (T: number) => [...Array(T).keys()]): Slopes =>
  (H, dZ) => {
    let sum = new Matrix(H.rows, H.rows);
    for (const t of steps(H.columns)) {
      const at = state(t);
      if (at >= 0 && at < H.columns) sum = sum.plus(dZ.column(t).times(H.column(at).transpose()));
    }
    return sum;
  };

describeAnswers(
  checkStateWeightSlopes,
  {
    "a loop": pairs((t) => t - 1),
    "one product of moved columns": (H, dZ) => {
      const T = H.columns;
      const moved = H.map((_, i, t) => (t === 0 ? 0 : H.at(i, t - 1)));
      return T === 0 ? H : dZ.times(moved.transpose());
    },
  },
  [
    ["the same column", pairs((t) => t), /paired with its own state/],
    ["dZ·Hᵀ", (H, dZ) => dZ.times(H.transpose()), /paired with its own state/],
    [
      "the last step",
      pairs(
        (t) => t - 1,
        (T) => [T - 1],
      ),
      /Only the last step/,
    ],
    ["the state after", pairs((t) => t + 1), /the state after it/],
    ["turned", (H, dZ) => pairs((t) => t - 1)(H, dZ).transpose(), /transpose/],
    ["the mean", (H, dZ) => pairs((t) => t - 1)(H, dZ).scale(1 / H.columns), /number of steps/],
    [
      "one short",
      pairs(
        (t) => t - 1,
        (T) => [...Array(T - 1).keys()],
      ),
      /last step is missing/,
    ],
  ],
);

type Back = (f: Matrix, o: Matrix, c0: Matrix, c: Matrix, dh: Matrix, later: Matrix) => unknown;
const back =
  (dc: (o: number, c: number, dh: number, later: number) => number): Back =>
  (f, o, c0, c, dh, later) => {
    const all = c.map((x, i) => dc(o.at(i, 0), x, dh.at(i, 0), later.at(i, 0)));
    return { dc0: all.hadamard(f), df: all.hadamard(c0) };
  };
const right: Back = back((o, c, dh, later) => later + dh * o * (1 - Math.tanh(c) ** 2));
const dcOf = (f: Matrix, o: Matrix, c: Matrix, dh: Matrix, later: Matrix): Matrix =>
  (right(f, o, Matrix.filled(c.rows, 1, 1), c, dh, later) as { df: Matrix }).df;

describeAnswers(
  checkLstmBack,
  {
    "entry by entry": right,
    "with matrices": (f, o, c0, c, dh, later) => {
      const t = c.map(Math.tanh);
      const dc = dh
        .hadamard(o)
        .hadamard(t.map((x) => (1 - x) * (1 + x)))
        .plus(later);
      return { df: c0.hadamard(dc), dc0: f.hadamard(dc) };
    },
  },
  [
    ["without the next step", back((o, c, dh) => dh * o * (1 - Math.tanh(c) ** 2)), /`dcLater` is missing/],
    ["the next step alone", back((_o, _c, _dh, later) => later), /Only the next cell/],
    ["no tanh′", back((o, _c, dh, later) => later + dh * o), /slope of tanh is missing/],
    ["no o", back((_o, c, dh, later) => later + dh * (1 - Math.tanh(c) ** 2)), /output gate is missing/],
    ["1 − c²", back((o, c, dh, later) => later + dh * o * (1 - c * c)), /squared c itself/],
    [
      "df from the new cell",
      (f, o, c0, c, dh, later) => ({
        ...(right(f, o, c0, c, dh, later) as object),
        df: dcOf(f, o, c, dh, later).hadamard(c),
      }),
      /multiplied by the new cell/,
    ],
    [
      "dc0 not gated",
      (f, o, c0, c, dh, later) => ({
        ...(right(f, o, c0, c, dh, later) as object),
        dc0: dcOf(f, o, c, dh, later),
      }),
      /whole blame of the cell/,
    ],
  ],
);

type Gru = (x: Matrix, h: Matrix, W: Matrix[], U: Matrix[]) => Matrix;
const sigma = (a: number) => 1 / (1 + Math.exp(-a));
const gru =
  (mix: (z: number, h: number, n: number) => number, order = [0, 1], bend = Math.tanh): Gru =>
  (x, h, W, U) => {
    const [z, r] = order.map((k) => W[k].times(x).plus(U[k].times(h)).map(sigma));
    const n = W[2]
      .times(x)
      .plus(U[2].times(r.hadamard(h)))
      .map(bend);
    return h.map((old, i) => mix(z.at(i, 0), old, n.at(i, 0)));
  };
const mean = (z: number, h: number, n: number) => z * h + (1 - z) * n;

describeAnswers(
  checkGruStep,
  { "entry by entry": gru(mean), "n + z(h − n)": gru((z, h, n) => n + z * (h - n)) },
  [
    ["z the other way", gru((z, h, n) => (1 - z) * h + z * n), /turned round/],
    ["r and z exchanged", gru(mean, [1, 0]), /exchanged/],
    ["the candidate", gru((_z, _h, n) => n), /This is the candidate/],
    ["added", gru((z, h, n) => z * h + n), /added in full/],
    ["a sigmoid", gru(mean, [0, 1], sigma), /went through a sigmoid/],
    [
      "no reset",
      (x, h, W, U) => {
        const z = W[0].times(x).plus(U[0].times(h)).map(sigma);
        const n = W[2].times(x).plus(U[2].times(h)).map(Math.tanh);
        return h.map((old, i) => mean(z.at(i, 0), old, n.at(i, 0)));
      },
      /reset gate is missing/,
    ],
    [
      "reset behind",
      (x, h, W, U) => {
        const [z, r] = [0, 1].map((k) => W[k].times(x).plus(U[k].times(h)).map(sigma));
        const n = W[2]
          .times(x)
          .plus(r.hadamard(U[2].times(h)))
          .map(Math.tanh);
        return h.map((old, i) => mean(z.at(i, 0), old, n.at(i, 0)));
      },
      /behind the product/,
    ],
  ],
);
