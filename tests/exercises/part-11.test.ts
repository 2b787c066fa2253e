// The exercises of notebook 11, answered as readers answer.
import { Matrix } from "glassbox";
import { checkGruStep, checkLstmBack, checkStateWeightSlopes } from "glassbox/notebook";
import { describeAnswers } from "../support/answers";

type Slopes = (H: Matrix, dZ: Matrix, starts: number[]) => Matrix;
/** Pairs step t with the state `state(t)` where `counts` says so. */
const pairs =
  (
    state: (t: number) => number,
    counts: (t: number, starts: number[]) => boolean = (t, starts) => !starts.includes(t),
  ): Slopes =>
  (H, dZ, starts) => {
    let sum = new Matrix(H.rows, H.rows);
    for (let t = 0; t < H.columns; t++) {
      const at = state(t);
      if (counts(t, starts) && at >= 0 && at < H.columns)
        sum = sum.plus(dZ.column(t).times(H.column(at).transpose()));
    }
    return sum;
  };
const before = pairs((t) => t - 1);

describeAnswers(
  checkStateWeightSlopes,
  {
    "a loop": before,
    "one product of moved columns": (H, dZ, starts) => {
      const moved = H.map((_, i, t) => (starts.includes(t) ? 0 : H.at(i, t - 1)));
      return dZ.times(moved.transpose());
    },
  },
  [
    [
      "across the border",
      pairs(
        (t) => t - 1,
        () => true,
      ),
      /the sequence before it/,
    ],
    [
      "the same column",
      pairs(
        (t) => t,
        () => true,
      ),
      /paired with its own state/,
    ],
    ["dZ·Hᵀ", (H, dZ) => dZ.times(H.transpose()), /paired with its own state/],
    [
      "the last step",
      pairs(
        (t) => t - 1,
        (t, starts) => starts.includes(t + 1) && !starts.includes(t),
      ),
      /Only the last step/,
    ],
    [
      "the state after",
      pairs(
        (t) => t + 1,
        (t, starts) => !starts.includes(t + 1),
      ),
      /the state after it/,
    ],
    ["turned", (H, dZ, starts) => before(H, dZ, starts).transpose(), /transpose/],
    [
      "the mean over tokens",
      (H, dZ, starts) => before(H, dZ, starts).scale(1 / H.columns),
      /number of tokens/,
    ],
    [
      "the mean over sequences",
      (H, dZ, starts) => before(H, dZ, starts).scale(1 / (starts.length - 1)),
      /number of sequences/,
    ],
    [
      "one short",
      pairs(
        (t) => t - 1,
        (t, starts) => !starts.includes(t) && !starts.includes(t + 1),
      ),
      /last step of each sequence is missing/,
    ],
    ["twice as much", (H, dZ, starts) => before(H, dZ, starts).scale(2), /twice|2 times|factor/],
  ],
);

type Given = [f: Matrix, o: Matrix, g: Matrix, c0: Matrix, c: Matrix, dh: Matrix, later: Matrix];
type Back = (...given: Given) => unknown;
const back =
  (dc: (o: number, c: number, dh: number, later: number) => number): Back =>
  (f, o, g, c0, c, dh, later) => {
    const all = c.map((x, i) => dc(o.at(i, 0), x, dh.at(i, 0), later.at(i, 0)));
    return {
      dc0: all.hadamard(f),
      df: all.hadamard(c0).minus(all.hadamard(g)),
      dg: all.minus(all.hadamard(f)),
    };
  };
const right: Back = back((o, c, dh, later) => later + dh * o * (1 - Math.tanh(c) ** 2));
/** The right answer, with one part made otherwise out of the blame of the cell. */
const except =
  (part: (dc: Matrix, ...given: Given) => object): Back =>
  (...given) => {
    const [, o, , , c, dh, later] = given;
    const dc = c.map((x, i) => later.at(i, 0) + dh.at(i, 0) * o.at(i, 0) * (1 - Math.tanh(x) ** 2));
    return { ...(right(...given) as object), ...part(dc, ...given) };
  };

describeAnswers(
  checkLstmBack,
  {
    "entry by entry": right,
    "with matrices": (f, o, g, c0, c, dh, later) => {
      const t = c.map(Math.tanh);
      const dc = dh
        .hadamard(o)
        .hadamard(t.map((x) => (1 - x) * (1 + x)))
        .plus(later);
      return { df: c0.minus(g).hadamard(dc), dc0: f.hadamard(dc), dg: dc.hadamard(f.map((x) => 1 - x)) };
    },
  },
  [
    ["without the next step", back((o, c, dh) => dh * o * (1 - Math.tanh(c) ** 2)), /`dcLater` is missing/],
    ["the next step alone", back((_o, _c, _dh, later) => later), /Only the next cell/],
    ["no tanh′", back((o, _c, dh, later) => later + dh * o), /slope of tanh is missing/],
    ["no o", back((_o, c, dh, later) => later + dh * (1 - Math.tanh(c) ** 2)), /output gate is missing/],
    ["1 − c²", back((o, c, dh, later) => later + dh * o * (1 - c * c)), /squared c itself/],
    [
      "as with two gates",
      except((dc, _f, _o, _g, c0) => ({ df: dc.hadamard(c0) })),
      /stands in the sum twice/,
    ],
    [
      "the second use added",
      except((dc, _f, _o, g, c0) => ({ df: dc.hadamard(c0.plus(g)) })),
      /one sign is turned/,
    ],
    [
      "df from the new cell",
      except((dc, _f, _o, g, _c0, c) => ({ df: dc.hadamard(c.minus(g)) })),
      /made with the new cell/,
    ],
    [
      "through the sigmoid",
      except((dc, f, _o, g, c0) => ({
        df: dc.hadamard(c0.minus(g)).hadamard(f.map((x) => x * (1 - x))),
      })),
      /through the sigmoid/,
    ],
    ["dg by f", except((dc, f) => ({ dg: dc.hadamard(f) })), /with the rest, 1 − f/],
    ["dc0 not gated", except((dc) => ({ dc0: dc })), /whole blame of the cell/],
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
