// The exercises of notebook 0, answered as readers answer.
import { loanScore, loans, Matrix, Random, Standardizer, sigmoid } from "glassbox";
import { checkLearnStep, checkStandardise, checkYearInPoints } from "glassbox/notebook";
import { expect, test } from "vitest";
import { describeAnswers } from "../support/answers";

const list = (n: number) => Array.from({ length: n }, (_, k) => k);

/** Row by row, in loops. */
function byLoops(X: Matrix, divisor = (m: number) => m, guard = true): Matrix {
  const out = Matrix.zeros(X.rows, X.columns);
  for (let i = 0; i < X.rows; i++) {
    const row = list(X.columns).map((j) => X.at(i, j));
    const mean = row.reduce((a, b) => a + b, 0) / row.length;
    const variance = row.reduce((a, b) => a + (b - mean) ** 2, 0) / divisor(row.length);
    const s = Math.sqrt(variance);
    for (let j = 0; j < X.columns; j++) out.set(i, j, (row[j] - mean) / (guard && s === 0 ? 1 : s));
  }
  return out;
}
const mean = (X: Matrix) => X.sumColumns().scale(1 / X.columns);
const centred = (X: Matrix) => X.minus(mean(X));
const variance = (X: Matrix) => mean(centred(X).map((d) => d * d));

describeAnswers(
  checkStandardise,
  { "in loops": (X) => byLoops(X), "the library's": (X) => new Standardizer(X).apply(X) },
  [
    [
      "guard forgotten",
      (X) => byLoops(X, (m) => m, false),
      /^Right, except for a feature that never changes.*0\/0 is NaN/,
    ],
    ["m − 1", (X) => byLoops(X, (m) => m - 1), /m − 1\. Statisticians/],
    ["m − 1, guard forgotten", (X) => byLoops(X, (m) => m - 1, false), /m − 1\. Statisticians/],
    ["only centred", centred, /means are 0 now/],
    [
      "only divided",
      (X) => X.map((x, i) => x / Math.sqrt(variance(X).at(i, 0))),
      /averages are still there\.\nSo much from the ordinary cases/,
    ],
    ["variance", (X) => centred(X).map((d, i) => d / variance(X).at(i, 0)), /Its square root is missing/],
    ["sum of squares", (X) => byLoops(X, () => 1), /root of their mean/],
    [
      "by columns",
      (X) => new Standardizer(X.transpose()).apply(X.transpose()).transpose(),
      /You standardised the columns/,
    ],
    ["transposed", (X) => byLoops(X).transpose(), /rows and columns exchanged: it is \d+ × \d and should be/],
    [
      "one row too few",
      (X) => Matrix.from(byLoops(X).toRows().slice(0, 1)),
      /Your answer is 1 × \d and should be 3 × \d, in the case below/,
    ],
    ["lists of lists", (X) => byLoops(X).toRows(), /returns a list of 3 lists; expected a Matrix/],
    ["return forgotten", (X) => void byLoops(X), /returns nothing/],
    ["shapes that do not meet", (X) => X.minus(mean(X).transpose()), /stopped with an error/],
    ["minus the maximum", (X) => X.map((x) => x / 52_000), /differs from the right one in \d of \d cases/],
  ],
);

type Step = (w: Matrix, b: number, X: Matrix, Y: Matrix, rate: number) => { w: Matrix; b: number };
const step =
  (
    answer: (z: number) => number,
    factor: (p: number) => number = () => 1,
    share = (m: number) => 1 / m,
  ): Step =>
  (w, b, X, Y, rate) => {
    const p = w.times(X).map((z) => answer(z + b));
    const miss = p.minus(Y).hadamard(p.map(factor));
    const size = rate * share(X.columns);
    return { w: w.minus(miss.times(X.transpose()).scale(size)), b: b - size * miss.sum() };
  };
const right = step(sigmoid.apply);
const inLoops: Step = (w, b, X, Y, rate) => {
  const slopes = list(w.columns).map(() => 0);
  let slopeOfB = 0;
  for (let j = 0; j < X.columns; j++) {
    let z = b;
    for (let i = 0; i < X.rows; i++) z += w.at(0, i) * X.at(i, j);
    const miss = 1 / (1 + Math.exp(-z)) - Y.at(0, j);
    for (let i = 0; i < X.rows; i++) slopes[i] += (miss * X.at(i, j)) / X.columns;
    slopeOfB += miss / X.columns;
  }
  return { w: w.map((weight, _, i) => weight - rate * slopes[i]), b: b - rate * slopeOfB };
};

describeAnswers(checkLearnStep, { "as a product": right, "in loops": inLoops }, [
  ["uphill", (w, b, X, Y, rate) => right(w, b, X, Y, -rate), /the wrong way round/],
  [
    "no 1/m",
    step(
      sigmoid.apply,
      () => 1,
      () => 1,
    ),
    /m times too long/,
  ],
  [
    "a fixed bias",
    (w, b, X, Y, rate) => ({ ...right(w, b, X, Y, rate), b }),
    /bias stays as it was.*\n`w` is right already/,
  ],
  ["no sigmoid", step((z) => z), /compared z with the labels/],
  ["slope kept", step(sigmoid.apply, (p) => p * (1 - p)), /multiplied the misses by p\(1 − p\)/],
  [
    "bias summed",
    (w, b, X, Y, rate) => ({
      ...right(w, b, X, Y, rate),
      b:
        b -
        rate *
          w
            .times(X)
            .map((z) => sigmoid.apply(z + b))
            .minus(Y)
            .sum(),
    }),
    /follows the sum of p − y/,
  ],
  ["no rate", (w, b, X, Y) => right(w, b, X, Y, 1), /The learning rate says how far/],
  [
    "w as a list",
    (w, b, X, Y, rate) => ({ ...right(w, b, X, Y, rate), w: right(w, b, X, Y, rate).w.toRows()[0] }),
    /`w` is a plain list of \d numbers; expected a Matrix, 1 × \d \(`Matrix\.row` makes one/,
  ],
  [
    "w standing",
    (w, b, X, Y, rate) => ({ ...right(w, b, X, Y, rate), w: right(w, b, X, Y, rate).w.transpose() }),
    /Your `w` has the right numbers with rows and columns exchanged/,
  ],
  [
    "only w",
    (w, b, X, Y, rate) => right(w, b, X, Y, rate).w,
    /returns a Matrix, 1 × \d; expected an object `{ w, b }`/,
  ],
  [
    "other names",
    (w, b, X, Y, rate) => ({ weights: right(w, b, X, Y, rate).w, bias: 0 }),
    /`w` and `b` are missing: `learnStep` returns an object `{ weights, bias }`/,
  ],
  [
    "writes into w",
    (w, b, X, Y, rate) => ({ w: w.copyFrom(right(w, b, X, Y, rate).w), b: 0 }),
    /writes into its argument `w`/,
  ],
]);

/** The neuron of notebook 0, trained again in plain loops. */
function trained(): { w: Matrix; deviation: Matrix } {
  const data = loans({ applicants: 500, random: new Random(42) });
  const standard = new Standardizer(data.inputs);
  const X = standard.apply(data.inputs);
  let [w, b] = [Matrix.zeros(1, 3), 0];
  for (let epoch = 0; epoch < 300; epoch++) ({ w, b } = right(w, b, X, data.targets, 1));
  return { w, deviation: standard.deviation };
}
const { w, deviation } = trained();
const raw = (i: number) => w.at(0, i) / deviation.at(i, 0);
const stretched = (i: number) => w.at(0, i) * deviation.at(i, 0);

describeAnswers(
  checkYearInPoints,
  {
    "from the printed figures": 2.8138 / 6.04 / (4.549 / 77.7),
    "from the neuron, trained again": raw(2) / raw(1),
  },
  [
    ["turned over", raw(1) / raw(2), /Turn the fraction over/],
    ["in euros", raw(2) / raw(0), /worth of one year in euros/],
    ["standard units", w.at(0, 2) / w.at(0, 1), /ratio of the two weights in standard units/],
    ["multiplied", stretched(2) / stretched(1), /multiplies each weight by its deviation/],
    ["minus", -raw(2) / raw(1), /The size is right, the sign is not/],
    ["rounded", 8, /^8 is the right number, rounded to a whole one/],
    ["the hidden rule", 8.75, /^Not yet: 8\.75 is too large\.$/],
    ["NaN", Number.NaN, /Your calculation gave NaN/],
    ["a text", "7.96" as unknown as number, /got a text, "7\.96"/],
  ],
);

test("what the praise says of the hidden rule", () => {
  const worth = (i: number) => {
    const more = [50_000, 650, 4];
    more[i] += 1;
    return loanScore(more) - loanScore([50_000, 650, 4]);
  };
  expect(worth(2) / worth(1)).toBeCloseTo(8.75, 9);
});
