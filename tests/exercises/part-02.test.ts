// The exercises of notebook 2, answered as readers answer.
import { Matrix, sigmoid, softmax } from "glassbox";
import {
  checkAbsolute,
  checkSoftmax,
  checkStableSigmoid,
  checkTanhBackward,
  type TwoReluNetwork,
} from "glassbox/notebook";
import { describeAnswers } from "../support/answers";

const net = (W1: number[], b1: number[], W2: number[], b2: number) => (): TwoReluNetwork => ({
  W1: Matrix.column(W1),
  b1: Matrix.column(b1),
  W2: Matrix.row(W2),
  b2: Matrix.column([b2]),
});
const fine = net([1, -1], [0, 0], [1, 1], 0);
const odd = (build: () => unknown) => build as () => TwoReluNetwork;

describeAnswers(
  checkAbsolute,
  {
    ones: fine,
    "the other way round": net([-1, 1], [0, 0], [1, 1], 0),
    "other sizes": net([0.5, -4], [0, 0], [2, 0.25], 0),
    "b2 as a number": () => ({ ...fine(), b2: 0 }),
  },
  [
    ["one side", net([1, 1], [0, 0], [0.5, 0.5], 0), /This is ReLU\(x\)/],
    ["the other side", net([-1, -1], [0, 0], [0.5, 0.5], 0), /This is ReLU\(−x\)/],
    ["a line", net([1, -1], [0, 0], [1, -1], 0), /straight line x: right where x is positive/],
    ["a falling line", net([1, -1], [0, 0], [-1, 1], 0), /straight line −x/],
    ["upside down", net([1, -1], [0, 0], [-1, -1], 0), /This is −\|x\|/],
    ["too steep", net([2, -1], [0, 0], [1, 1], 0), /slopes are −1 on the left and 2 on the right/],
    ["too high", net([1, -1], [0, 0], [1, 1], 3), /This is \|x\| \+ 3/],
    ["too low", net([1, -1], [0, 0], [1, 1], -3), /This is \|x\| − 3/],
    ["aside", net([1, -1], [-2, 2], [1, 1], 0), /corner at 2 instead of 0/],
    [
      "corners apart",
      net([1, -1], [1, 1], [1, 1], 0),
      /^Your answer differs from the right one in 9 of 9 cases\. The smallest:$/,
    ],
    ["NaN", net([Number.NaN, 1], [0, 0], [1, 1], 0), /`W1` contains NaN/],
    ["lying down", () => ({ ...fine(), W1: Matrix.row([1, -1]) }), /^`W1` is 1 × 2 and should be 2 × 1\.$/],
    [
      "a plain list",
      odd(() => ({ ...fine(), W2: [1, 1] })),
      /^`W2` is a plain list of 2 numbers; expected a Matrix, 1 × 2 \(`Matrix\.row` makes one of a list\)\.$/,
    ],
    [
      "empty",
      odd(() => ({})),
      /`W1` and `b1` and `W2` and `b2` are missing: `absoluteNetwork` returns an empty object/,
    ],
    [
      "an error",
      odd(() => {
        throw new Error("a slip of the pen");
      }),
      /stopped with an error:\na slip of the pen/,
    ],
  ],
);

const naive = (z: number) => 1 / (1 + Math.exp(-z));
const other = (z: number) => Math.exp(z) / (1 + Math.exp(z));
const both = (value: (z: number) => number, slope: (z: number) => number) => (Z: Matrix) => ({
  value: Z.map(value),
  slope: Z.map(slope),
});

describeAnswers(
  checkStableSigmoid,
  {
    "the library's": both(sigmoid.apply, sigmoid.derivative),
    "one exponential": (Z) => {
      const value = Z.map((z) => {
        const e = Math.exp(-Math.abs(z));
        return z >= 0 ? 1 / (1 + e) : e / (1 + e);
      });
      return { value, slope: value.map((a) => a * (1 - a)) };
    },
  },
  [
    [
      "eᶻ/(1 + eᶻ)",
      both(other, sigmoid.derivative),
      /^Your `value` is right, except far on the right: at z = 1000 it is NaN/,
    ],
    [
      "eᶻ/(1 + eᶻ), and its slope",
      both(other, (z) => other(z) * (1 - other(z))),
      /^Your `value` is right, except far on the right: at z = 1000 it is NaN/,
    ],
    [
      "1/(1 + e⁻ᶻ)",
      both(naive, (z) => naive(z) * (1 - naive(z))),
      /^Your `value` is right, except far on the left: at z = −720 it is exactly 0/,
    ],
    [
      "naive in the slope only",
      both(sigmoid.apply, (z) => naive(z) * (1 - naive(z))),
      /`value` is right already\.\nYour `slope` differs from the right one in 1 of 10 cases. The smallest, z = −720/,
    ],
    [
      "e⁻ᶻ/(1 + e⁻ᶻ)²",
      both(sigmoid.apply, (z) => Math.exp(-z) / (1 + Math.exp(-z)) ** 2),
      /Your `slope` is NaN for z = −1000\. On the way, `Math\.exp\(1000\)` was ∞/,
    ],
    [
      "1 − σ(−z)",
      both((z) => (z < 0 ? 1 - naive(-z) : naive(z)), sigmoid.derivative),
      /At −40 that is exactly 0/,
    ],
    [
      "cut off at 1e-15",
      both((z) => Math.max(1e-15, sigmoid.apply(z)), sigmoid.derivative),
      /Your `value` differs.*z = −/,
    ],
    [
      "clipped at ±500",
      both((z) => naive(Math.max(-500, Math.min(500, z))), sigmoid.derivative),
      /clipped to ±500/,
    ],
    ["σ(−z)", both((z) => naive(-z), sigmoid.derivative), /^Your value is σ\(−z\): it falls/],
    ["z(1 − z)", both(sigmoid.apply, (z) => z * (1 - z)), /the a is the sigmoid's output; you took z/],
    ["tanh's slope", both(naive, (z) => 1 - naive(z) ** 2), /far on the left.*\n1 − a² is the slope of tanh/],
    [
      "value alone",
      (Z) => Z.map(sigmoid.apply),
      /returns a Matrix, .*; expected an object `{ value, slope }`/,
    ],
    ["a number", () => 0.5, /returns the number 0\.5; expected an object/],
  ],
);

const perColumn = (scores: Matrix) => {
  const powers = scores.map(Math.exp);
  return powers.map((p, _i, j) => p / powers.pickColumns([j]).sum());
};

describeAnswers(
  checkSoftmax,
  {
    "the library's": (scores) => softmax(scores),
    "in loops": (scores) => {
      const out = Matrix.zeros(scores.rows, scores.columns);
      for (let j = 0; j < scores.columns; j++) {
        const z = Array.from({ length: scores.rows }, (_, i) => scores.at(i, j));
        const e = z.map((score) => Math.exp(score - Math.max(...z)));
        const sum = e.reduce((a, b) => a + b, 0);
        for (const [i, power] of e.entries()) out.set(i, j, power / sum);
      }
      return out;
    },
  },
  [
    ["no sum", (s) => s.map(Math.exp), /nothing sums to 1/],
    [
      "one sum",
      (s) => s.map(Math.exp).scale(1 / s.map(Math.exp).sum()),
      /^Together, all entries sum to 1.*\nSo much from the ordinary cases\. Once they are right, these come next: scores of 1000/,
    ],
    ["rows", (s) => perColumn(s.transpose()).transpose(), /^Every row sums to 1/],
    ["no exponential", (s) => s.map((z, _i, j) => z / s.pickColumns([j]).sum()), /exponentials first/],
    ["no shift", perColumn, /^Right for ordinary scores\. At 1000 it is NaN/],
    [
      "one shift for all",
      (s) => perColumn(s.map((z) => z - Math.max(...s.data))),
      /^Right, except where columns lie far apart/,
    ],
    ["log-softmax", (s) => softmax(s).map(Math.log), /logarithms of the probabilities/],
    [
      "first example only",
      (s) => s.map((_, i) => softmax(s).at(i, 0)),
      /^Your answer differs from the right one in \d of \d cases/,
    ],
    ["a list", (s) => Array.from(softmax(s).data), /returns a plain list of \d+ numbers; expected a Matrix/],
    ["transposed", (s) => softmax(s).transpose(), /rows and columns exchanged/],
  ],
);

describeAnswers(
  checkTanhBackward,
  {
    hadamard: (A, dA) => A.map((a) => 1 - a * a).hadamard(dA),
    factored: (A, dA) => dA.map((d, i, j) => d * (1 - A.at(i, j)) * (1 + A.at(i, j))),
  },
  [
    ["slope only", (A) => A.map((a) => 1 - a * a), /multiplies it with what arrives/],
    ["sigmoid's", (A, dA) => A.map((a) => a * (1 - a)).hadamard(dA), /slope of the sigmoid/],
    ["tanh again", (A, dA) => A.map((a) => 1 - Math.tanh(a) ** 2).hadamard(dA), /tanh once more/],
    ["no square", (A, dA) => A.map((a) => 1 - a).hadamard(dA), /You multiplied by 1 − a\./],
    ["sign", (A, dA) => A.map((a) => a * a - 1).hadamard(dA), /every sign wrong/],
    ["value", (A, dA) => A.hadamard(dA), /with the output A/],
    ["dA passed on", (_A, dA) => dA, /^Your answer is `dA` as it came in, unchanged/],
    ["a matrix product", (A, dA) => A.map((a) => 1 - a * a).times(dA), /stopped with an error/],
    [
      "slope of z",
      (A, dA) => A.map((a) => 1 - Math.atanh(a) ** 2).hadamard(dA),
      /Your answer is −?∞|Your answer is NaN|differs from the right one/,
    ],
  ],
);
