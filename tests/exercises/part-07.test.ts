// The exercises of notebook 7, answered as readers answer; the right ones agree with the library.
import {
  clipGradientsByNorm,
  cosineDecay,
  heNormal,
  LayerNorm,
  Matrix,
  parameter,
  Random,
  warmUp,
} from "glassbox";
import {
  checkClipByNorm,
  checkHeScale,
  checkInvertedDropout,
  checkLayerNormBackward,
  checkWarmCosine,
} from "glassbox/notebook";
import { expect, test } from "vitest";
import { describeAnswers } from "../support/answers";

describeAnswers(checkHeScale, { "√(2/n)": Math.sqrt(2 / 512), "a sixteenth": 1 / 16 }, [
  ["√(1/n)", Math.sqrt(1 / 512), /right for tanh/],
  ["the variance", 2 / 512, /the variance, 2\/n/],
  ["both sides", Math.sqrt(2 / 640), /as Xavier's rule does/],
  ["the units", Math.sqrt(2 / 128), /You counted the units/],
  ["upside down", 16, /upside down/],
  ["rounded", 0.06, /right number, rounded to 2 decimals/],
  ["per cent", 6.25, /100 times too large/],
  ["a tenth", 0.1, /^Not yet: 0\.1 is too large/],
]);

test("the scale for 512 inputs is the library's", () => {
  const weights = heNormal(400, 512, new Random(1));
  expect(weights.norm() / Math.sqrt(weights.size)).toBeCloseTo(0.0625, 3);
});

const clip = (G: Matrix, limit: number) => (G.norm() > limit ? G.scale(limit / G.norm()) : G.clone());
const entries = (G: Matrix) => G.toRows().flat();

describeAnswers<(G: Matrix, limit: number) => unknown>(
  checkClipByNorm,
  {
    "if longer": clip,
    "a smallest factor": (G, limit) => G.scale(Math.min(1, limit / G.norm())),
    "in loops": (G, limit) => {
      const length = Math.sqrt(entries(G).reduce((sum, g) => sum + g * g, 0));
      return G.map((g) => (length <= limit ? g : (g / length) * limit));
    },
  },
  [
    ["always", (G, limit) => G.map((g) => (g * limit) / G.norm()), /Clipping only ever shortens/],
    [
      "always, by scale",
      (G, limit) => G.scale(limit / G.norm()),
      /Clipping only ever shortens\.\nSo much from the ordinary cases.*zeros/,
    ],
    ["by value", (G, limit) => G.map((g) => Math.min(Math.max(g, -limit), limit)), /clipping by value/],
    [
      "no root",
      (G, limit) => (G.norm() ** 2 > limit ? G.scale(limit / G.norm() ** 2) : G),
      /A root is missing/,
    ],
    ["to length 1", (G, limit) => (G.norm() > limit ? G.scale(1 / G.norm()) : G), /shorten it to length 1/],
    [
      "sum of sizes",
      (G, limit) => {
        const n = G.map(Math.abs).sum();
        return n > limit ? G.scale(limit / n) : G;
      },
      /sum of the sizes/,
    ],
    [
      "largest entry",
      (G, limit) => {
        const n = Math.max(...entries(G).map(Math.abs));
        return n > limit ? G.scale(limit / n) : G;
      },
      /by the largest entry/,
    ],
    [
      "upside down",
      (G, limit) => (G.norm() > limit ? G.scale(G.norm() / limit) : G),
      /it gets longer: the factor is upside down/,
    ],
    ["nothing", (G) => G, /^Your answer is `G` as it came in, unchanged/],
    ["uphill", (G, limit) => clip(G, limit).scale(-1), /every sign wrong/],
    ["the length", (G, limit) => Math.min(G.norm(), limit), /returns the number .*; expected a Matrix/],
    [
      "no return for short ones",
      (G, limit) => {
        if (G.norm() > limit) return G.scale(limit / G.norm());
        return undefined;
      },
      /returns nothing \(`undefined`\) for .*One way through/,
    ],
  ],
);

test("clipping is the library's", () => {
  const w = parameter("w", Matrix.zeros(2, 1));
  w.gradient.copyFrom(Matrix.column([3, 4]));
  clipGradientsByNorm([w], 1);
  expect(w.gradient.equals(clip(Matrix.column([3, 4]), 1), 1e-15)).toBe(true);
});

type Drop = (A: Matrix, U: Matrix, p: number) => Matrix;
const keep =
  (scale: (p: number) => number, stays = (u: number, p: number) => u > p): Drop =>
  (A, U, p) =>
    A.map((a, i, j) => (stays(U.at(i, j), p) ? a * scale(p) : 0));
const inverted = (p: number) => 1 / (1 - p);

describeAnswers<(A: Matrix, U: Matrix, p: number) => unknown>(
  checkInvertedDropout,
  {
    "entry by entry": keep(inverted),
    "a mask": (A, U, p) => A.hadamard(U.map((u) => Number(u > p))).scale(1 / (1 - p)),
  },
  [
    ["not scaled", keep(() => 1), /not scaled up/],
    ["mask inverted", keep(inverted, (u, p) => u < p), /^The mask is inverted: you keep what should go/],
    [
      "mask inverted, not scaled",
      keep(
        () => 1,
        (u, p) => u < p,
      ),
      /^The mask is inverted: a unit stays where U > p\. And those/,
    ],
    ["divided by p", (A, U, p) => A.map((a, i, j) => (U.at(i, j) > p ? a / p : 0)), /You divide by p/],
    ["scaled down", keep((p) => 1 - p), /multiply by 1 − p/],
    ["the mask alone", (_A, U, p) => U.map((u) => (u > p ? 1 / (1 - p) : 0)), /This is the mask, scaled/],
    ["stays above 1 − p", keep(inverted, (u, p) => u > 1 - p), /stay where U > 1 − p/],
    ["everybody softer", (A, _U, p) => A.scale(1 - p), /as the older form does at inference/],
    [
      "at random",
      (A, _U, p) => A.map((a) => (Math.random() > p ? a / (1 - p) : 0)),
      /asked the same twice, answers differently/,
    ],
    [
      "a list of rows",
      (A, U, p) => keep(inverted)(A, U, p).toRows(),
      /returns a list of \d lists?; expected a Matrix/,
    ],
    ["into A", (A, U, p) => A.copyFrom(keep(inverted)(A, U, p)), /writes into its argument `A`/],
    ["all silent", (A) => A.scale(0), /^Your answer is 0 in every case/],
  ],
);

const average = (M: Matrix) =>
  M.transpose()
    .sumColumns()
    .transpose()
    .scale(1 / M.rows); // (1 × m)
const back =
  (
    mean: boolean,
    variance: boolean,
    form: { n?: (n: number) => number; sums?: boolean; s?: boolean; epsilon?: number } = {},
  ) =>
  (X: Matrix, dY: Matrix) => {
    const { n = (rows) => rows, sums = false, s = true, epsilon = 1e-5 } = form;
    const centred = X.map((x, _i, j) => x - average(X).at(0, j));
    const squares = average(centred.hadamard(centred)).scale(X.rows / n(X.rows));
    const width = squares.map((v) => Math.sqrt(v + epsilon));
    const normal = centred.map((x, _i, j) => x / width.at(0, j));
    const times = sums ? X.rows : 1;
    const [first, second] = [average(dY).scale(times), average(dY.hadamard(normal)).scale(times)];
    return dY.map(
      (d, i, j) =>
        (d - (mean ? first.at(0, j) : 0) - (variance ? normal.at(i, j) * second.at(0, j) : 0)) /
        (s ? width.at(0, j) : 1),
    );
  };

describeAnswers<(X: Matrix, dY: Matrix) => unknown>(
  checkLayerNormBackward,
  {
    "means over the columns": back(true, true),
    "the library's": (X, dY) => new LayerNorm(X.rows, { epsilon: 1e-5 }).forward(X)[1](dY),
  },
  [
    ["constants", back(false, false), /as constants/],
    ["no variance term", back(true, false), /variance not yet/],
    ["no mean term", back(false, true), /mean not yet/],
    ["sums", back(true, true, { sums: true }), /sums in the place of means/],
    ["n − 1", back(true, true, { n: (n) => n - 1 }), /divides by n − 1/],
    ["no 1/s", back(true, true, { s: false }), /1\/s in front of it is missing/],
    [
      "ε of 1e-8",
      back(true, true, { epsilon: 1e-8 }),
      /^Your answer differs from the right one in \d+ of 10 cases/,
    ],
    ["no ε", back(true, true, { epsilon: 0 }), /^ε is missing/],
    [
      "along the rows",
      (X, dY) => back(true, true)(X.transpose(), dY.transpose()).transpose(),
      /along the rows/,
    ],
    ["uphill", (X, dY) => back(true, true)(X, dY).scale(-1), /every sign wrong/],
    ["dY alone", (_X, dY) => dY, /^Your answer is `dY` as it came in, unchanged/],
    [
      "a list",
      (X, dY) => entries(back(true, true)(X, dY)),
      /returns a plain list of \d+ numbers; expected a Matrix/,
    ],
  ],
);

type Rate = (step: number, climb: number, steps: number, peak: number) => number;
const wave = (progress: number) => (1 + Math.cos(Math.PI * progress)) / 2;
const climbThen =
  (down: (step: number, climb: number, steps: number) => number, first = 1): Rate =>
  (step, climb, steps, peak) =>
    step < climb ? (peak * (step + first)) / climb : peak * down(step, climb, steps);
const schedule = climbThen((step, climb, steps) => wave(Math.min(1, (step - climb) / (steps - climb))));

describeAnswers<(...inputs: Parameters<Rate>) => unknown>(
  checkWarmCosine,
  {
    "two pieces": schedule,
    "the library's": (step, climb, steps, peak) => {
      const down = cosineDecay(peak, { steps: steps - climb });
      return climb === 0 ? down(step) : warmUp(down, { steps: climb })(step);
    },
    "returned early": (step, climb, steps, peak) => {
      if (step >= steps) return 0;
      if (step < climb) return peak * ((step + 1) / climb);
      return 0.5 * peak + 0.5 * peak * Math.cos((Math.PI * (step - climb)) / (steps - climb));
    },
  },
  [
    [
      "from zero",
      climbThen((step, climb, steps) => wave(Math.min(1, (step - climb) / (steps - climb))), 0),
      /rate of exactly 0/,
    ],
    [
      "cosine under way",
      climbThen((step, _climb, steps) => wave(Math.min(1, step / steps))),
      /already under way/,
    ],
    [
      "cosine under way, rises again",
      climbThen((step, _climb, steps) => wave(step / steps)),
      /already under way.*rises again/,
    ],
    [
      "rises again",
      climbThen((step, climb, steps) => wave((step - climb) / (steps - climb))),
      /^Right up to the end\. Beyond it the cosine rises again/,
    ],
    [
      "n − c − 1",
      climbThen((step, climb, steps) => wave(Math.min(1, (step - climb) / (steps - climb - 1)))),
      /one step short/,
    ],
    [
      "over all steps",
      climbThen((step, climb, steps) => wave(Math.min(1, (step - climb) / steps))),
      /stretched over all/,
    ],
    [
      "straight down",
      climbThen((step, climb, steps) => 1 - Math.min(1, (step - climb) / (steps - climb))),
      /straight line; half a cosine/,
    ],
    [
      "a whole wave",
      climbThen((step, climb, steps) => wave(2 * Math.min(1, (step - climb) / (steps - climb)))),
      /a whole wave, down and up again/,
    ],
    [
      "degrees",
      climbThen((step, climb, steps) => (1 + Math.cos((180 * (step - climb)) / (steps - climb))) / 2),
      /^Your answer differs from the right one in \d+ of 13 cases/,
    ],
    [
      "no return on the way down",
      (step, climb, _steps, peak) => (step < climb ? (peak * (step + 1)) / climb : undefined),
      /returns nothing \(`undefined`\).*One way through it ends without a `return`/,
    ],
    ["doubled", (...inputs) => 2 * schedule(...inputs), /every number is 2 times too large/],
    ["a text", (...inputs) => schedule(...inputs).toFixed(3), /returns a text, ".*"; expected a number/],
  ],
);

test("warm-up and cosine are the library's", () => {
  const theirs = warmUp(cosineDecay(0.5, { steps: 26 }), { steps: 4 });
  for (let t = 0; t < 35; t++) expect(schedule(t, 4, 30, 0.5)).toBeCloseTo(theirs(t), 12);
});
