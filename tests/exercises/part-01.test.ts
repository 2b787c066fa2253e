// The exercises of notebook 1, answered as readers answer.
import { Matrix } from "glassbox";
import {
  checkAndGate,
  checkDistance,
  checkNeuronBatch,
  checkRescale,
  type GateWeights,
} from "glassbox/notebook";
import { describeAnswers } from "../support/answers";

const z = (w: Matrix, b: number, X: Matrix) => w.times(X).map((s) => s + b);
const step = (Z: Matrix) => Z.map((s) => (s > 0 ? 1 : 0));
const list = (n: number) => Array.from({ length: n }, (_, k) => k);
const dot = (w: Matrix, X: Matrix, j: number) =>
  list(X.rows).reduce((sum, i) => sum + w.at(0, i) * X.at(i, j), 0);

describeAnswers(
  checkNeuronBatch,
  {
    "as a product": (w, b, X) => step(z(w, b, X)),
    "in loops": (w, b, X) => Matrix.row(list(X.columns).map((j) => (dot(w, X, j) > -b ? 1 : 0))),
  },
  [
    ["no step", z, /The step is missing/],
    ["no bias", (w, _b, X) => step(w.times(X)), /The bias is missing/],
    ["minus b", (w, b, X) => step(z(w, -b, X)), /wrong sign/],
    ["≥ 0", (w, b, X) => z(w, b, X).map((s) => (s >= 0 ? 1 : 0)), /^Right everywhere but on the line itself/],
    ["opposite", (w, b, X) => step(z(w, b, X)).map((a) => 1 - a), /Every answer is the opposite/],
    [
      "bias in every term",
      (w, b, X) =>
        Matrix.row(
          list(X.columns).map((j) =>
            Number(list(X.rows).reduce((s, i) => s + w.at(0, i) * X.at(i, j) + b, 0) > 0),
          ),
        ),
      /once for every input/,
    ],
    [
      "first applicant",
      (w, b, X) => Matrix.row(list(X.columns).map(() => (dot(w, X, 0) + b > 0 ? 1 : 0))),
      /Every column has the first applicant's answer/,
    ],
    [
      "as a list",
      (w, b, X) => list(X.columns).map((j) => (dot(w, X, j) + b > 0 ? 1 : 0)),
      /returns a plain list of \d+ numbers?; expected a Matrix, 1 × \d+ \(`Matrix\.row` makes one of a list\)/,
    ],
    [
      "yes and no",
      (w, b, X) => list(X.columns).map((j) => dot(w, X, j) + b > 0),
      /returns a list with `(true|false)` in it; expected a Matrix/,
    ],
    ["standing", (w, b, X) => step(z(w, b, X)).transpose(), /rows and columns exchanged/],
    ["always yes", (_w, _b, X) => Matrix.filled(1, X.columns, 1), /^Your answer is 1 in every case/],
    [
      "b as a matrix",
      (w, b, X) => w.times(X).plus(Matrix.row([b])),
      /These are the scores z, and they are right/,
    ],
  ],
);

const lift = (w: Matrix, m: Matrix) => w.hadamard(m).sum();

describeAnswers(
  checkRescale,
  {
    "as products": (w, b, m, s) => ({ w: w.hadamard(s), b: b + lift(w, m) }),
    "in loops": (w, b, m, s) => ({
      w: Matrix.row(list(w.columns).map((i) => w.at(0, i) * s.at(0, i))),
      b: list(w.columns).reduce((sum, i) => sum + w.at(0, i) * m.at(0, i), b),
    }),
  },
  [
    [
      "divided",
      (w, b, m, s) => ({ w: w.map((x, _, i) => x / s.at(0, i)), b: b + lift(w, m) }),
      /weights are divided by the deviations.*\n`b` is right already/,
    ],
    ["old bias", (w, b, _m, s) => ({ w: w.hadamard(s), b }), /gains Σ w·μ.*\n`w` is right already/],
    ["bias down", (w, b, m, s) => ({ w: w.hadamard(s), b: b - lift(w, m) }), /bias moves the wrong way/],
    [
      "new weights",
      (w, b, m, s) => ({ w: w.hadamard(s), b: b + lift(w.hadamard(s), m) }),
      /you took the new ones/,
    ],
    [
      "divided, old bias",
      (w, b, _m, s) => ({ w: w.map((x, _, i) => x / s.at(0, i)), b }),
      /divided by the deviations.*\nYour bias is the old one/,
    ],
    [
      "nothing changed",
      (w, b) => ({ w, b }),
      /Your `w` is `w` as it came in, unchanged\.\nYour bias is the old one/,
    ],
    [
      "b as a list",
      (w, b, m, s) => ({ w: w.hadamard(s), b: [b + lift(w, m)] }),
      /`b` is a plain list of 1 number; expected a number/,
    ],
    ["return forgotten", () => undefined, /returns nothing/],
    [
      "means added",
      (w, b, m, s) => ({ w: w.hadamard(s).plus(m), b: b + lift(w, m) }),
      /^`b` is right already\.\nYour `w` differs from the right one in 6 of 7 cases\. The smallest, one fact/,
    ],
  ],
);

describeAnswers(
  checkDistance,
  {
    "norm()": (w, b, X) => z(w, b, X).scale(1 / w.norm()),
    "in loops": (w, b, X) =>
      Matrix.row(list(X.columns).map((j) => (dot(w, X, j) + b) / Math.hypot(w.at(0, 0), w.at(0, 1)))),
  },
  [
    ["z alone", z, /These are the scores z/],
    [
      "squared",
      (w, b, X) => z(w, b, X).scale(1 / (w.at(0, 0) ** 2 + w.at(0, 1) ** 2)),
      /square of the length/,
    ],
    ["no sign", (w, b, X) => z(w, b, X).map((s) => Math.abs(s) / w.norm()), /the sign is lost/],
    [
      "bias in the length",
      (w, b, X) => z(w, b, X).scale(1 / Math.hypot(w.norm(), b)),
      /slipped into the length/,
    ],
    ["sum of sizes", (w, b, X) => z(w, b, X).scale(1 / w.map(Math.abs).sum()), /sum of the sizes/],
    ["bias not divided", (w, b, X) => w.times(X).map((s) => s / w.norm() + b), /divided too/],
    ["other side", (w, b, X) => z(w, b, X).scale(-1 / w.norm()), /every sign wrong/],
    ["a list", (w, b, X) => list(X.columns).map((j) => dot(w, X, j) + b), /returns a plain list/],
    ["an error", (w, _b, X) => X.times(w), /stopped with an error/],
  ],
);

const gate = (a: number, b: number, bias: number) => (): GateWeights => ({ weights: [a, b], bias });

describeAnswers(
  checkAndGate,
  { "by halves": gate(1, 1, -1.5), "in whole numbers": gate(2, 3, -4), "z = 0 is a no": gate(1, 1, -1) },
  [
    ["OR", gate(1, 1, -0.5), /This is OR/],
    ["never", gate(1, 1, -2), /never says yes/],
    ["always", gate(1, 1, 1), /always says yes/],
    ["NAND", gate(-1, -1, 1.5), /NOT AND/],
    ["first only", gate(1, 0, -0.5), /Only the first/],
    ["second only", gate(0, 1, -0.5), /Only the second/],
    ["nor", gate(-1, -1, 0.5), /where no fact is good, and only there/],
    ["exclusive", gate(1, -1, 0), /differs from the right one in 2 of 4 cases/],
    ["NaN", gate(Number.NaN, 1, 0), /`weights` contains NaN/],
    [
      "three weights",
      () => ({ weights: [1, 1, 1], bias: -1.5 }) as unknown as GateWeights,
      /`weights` has 3 numbers and should have 2/,
    ],
    [
      "texts",
      () => ({ weights: ["1", "1"], bias: -1.5 }) as unknown as GateWeights,
      /`weights` is a list with a text, "1" in it/,
    ],
    ["w and b", () => ({ w: [1, 1], b: -1.5 }) as unknown as GateWeights, /`weights` and `bias` are missing/],
  ],
);
