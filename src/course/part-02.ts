/** The exercises of notebook 2: |x| from two ReLUs, a stable sigmoid, softmax, the way back through tanh. */

import { Matrix } from "../index";
import { formatNumber } from "../notebook/table";
import { type Checker, checker, checkMatrixFunction, NotWrittenError } from "./check";
import { close, quantities } from "./compare";
import type { Finding } from "./diagnose";

/** A hidden layer of two ReLUs and a linear output, for one input. */
export interface TwoReluNetwork {
  /** 2 × 1 */
  readonly W1: Matrix;
  /** 2 × 1 */
  readonly b1: Matrix;
  /** 1 × 2 */
  readonly W2: Matrix;
  /** 1 × 1 */
  readonly b2: Matrix | number;
}

/** Weights with which W2·ReLU(W1·x + b1) + b2 = |x|; any such weights are right. */
export const checkAbsolute: Checker<() => TwoReluNetwork> = checker("absoluteNetwork", examineAbsolute);

const SHAPES = { W1: "2 × 1", b1: "2 × 1", W2: "1 × 2", b2: "1 × 1" } as const;

// Two ReLUs have two corners at most. Whoever is right at all these points is right between and beyond them.
const POINTS = Matrix.row([-100, -3, -1, -0.5, 0, 0.25, 1, 2, 100]);

function examineAbsolute(build: () => TwoReluNetwork): Finding {
  let network: unknown;
  try {
    network = build();
  } catch (error) {
    if (error instanceof NotWrittenError) return waiting();
    const what = error instanceof Error ? error.message : String(error);
    return { kind: "throws", message: `absoluteNetwork stopped with an error:\n${what}` };
  }
  if (network === undefined || network === null) return waiting();
  const given = quantities(network) ?? new Map<string, Matrix>();
  for (const [name, shape] of Object.entries(SHAPES)) {
    const matrix = given.get(name);
    if (matrix === undefined) {
      return {
        kind: "shape",
        message: `${name} is missing from what you return; expected { W1, b1, W2, b2 }.`,
      };
    }
    if (matrix.shape !== shape) {
      return { kind: "shape", message: `${name} is ${matrix.shape}; it should be ${shape}.` };
    }
    if (!matrix.data.every(Number.isFinite)) {
      return { kind: "not a number", message: `${name} contains NaN or ∞.` };
    }
  }
  const [W1, b1, W2, b2] = Object.keys(SHAPES).map((name) => given.get(name) as Matrix);
  const output = W2.times(
    W1.times(POINTS)
      .plus(b1)
      .map((z) => Math.max(0, z)),
  ).plus(b2);
  return judgeAbsolute(output);
}

function judgeAbsolute(output: Matrix): Finding {
  const is = (f: (x: number) => number): boolean => close(output, POINTS.map(f), 1e-9);
  if (is(Math.abs)) {
    return {
      kind: "right",
      message:
        "Right: |x| at every point tried, from −100 to 100. One unit answers on each side of 0, and the corner " +
        "stands where both begin.",
    };
  }
  const at = (x: number): number => output.data[POINTS.data.indexOf(x)];
  const [left, corner, right] = [at(-1), at(0), at(1)];
  const known: readonly (readonly [boolean, string])[] = [
    [
      is((x) => Math.max(0, x)),
      "This is ReLU(x): right for positive x, and 0 for negative. The other unit must answer there. Which sign must " +
        "its weight in W1 have, so that its z is positive when x is negative?",
    ],
    [
      is((x) => Math.max(0, -x)),
      "This is ReLU(−x): right for negative x, and 0 for positive. The other unit must answer there, with a positive " +
        "weight in W1.",
    ],
    [
      is((x) => x) || is((x) => -x),
      "Your output is a straight line: right on one side of 0, with the wrong sign on the other. Each unit is right; " +
        "one of them enters the output with the wrong sign. Look at W2.",
    ],
    [
      is((x) => -Math.abs(x)),
      "This is −|x|: the corner is in the right place and points the wrong way. Turn the signs in W2.",
    ],
    [
      is((x) => left * Math.max(0, -x) + right * Math.max(0, x)),
      `The corner is at 0, as it should be, but the slopes are ${formatNumber(-left)} on the left and ${formatNumber(right)} on ` +
        "the right; they should be −1 and 1. On either side the slope is a weight of W1 times a weight of W2.",
    ],
    [
      is((x) => Math.abs(x) + corner),
      `This is |x| ${corner < 0 ? "−" : "+"} ${formatNumber(Math.abs(corner))}: the right shape, at the wrong height. Which of the biases moves it up and down?`,
    ],
  ];
  const found = known.find(([holds]) => holds);
  if (found) return { kind: "known mistake", message: found[1] };
  const wrong = POINTS.data.findIndex(
    (x, i) => Math.abs(output.data[i] - Math.abs(x)) > 1e-9 * (1 + Math.abs(x)),
  );
  const [x, y] = [POINTS.data[wrong], output.data[wrong]];
  return {
    kind: "wrong",
    message: `Not yet: at x = ${formatNumber(x)} your network gives ${formatNumber(y)}; |x| is ${formatNumber(Math.abs(x))}. Each ReLU has one corner, where its z is 0. Where is that for each of yours?`,
  };
}

function waiting(): Finding {
  return {
    kind: "not written",
    message: "Your turn: two units, one bend each. Where should each of them be silent?",
  };
}

const sigmoidOf = (z: number): number => (z >= 0 ? 1 / (1 + Math.exp(-z)) : Math.exp(z) / (1 + Math.exp(z)));

/** The sigmoid and its slope at any z, without overflow, and with its small values: z → { value, slope }. */
export const checkStableSigmoid: Checker<(Z: Matrix) => unknown> = checker("stableSigmoid", (readers) => {
  const finding = checkOrdinarySigmoid.examine(readers);
  return finding.kind === "right" ? (smallNumberLost(readers) ?? finding) : finding;
});

const checkOrdinarySigmoid = checkMatrixFunction<[Matrix], { value: Matrix; slope: Matrix }>({
  name: "stableSigmoid",
  arguments: ["Z"],
  cases: (random, examples) => [random.randnMatrix(3, examples).scale(3)],
  reference: (Z) => ({
    value: Z.map(sigmoidOf),
    slope: Z.map((z) => sigmoidOf(z) * sigmoidOf(-z)), // σ(−z) = 1 − σ(z), without the cancellation
  }),
  extremes: [
    { name: "z = −1000", inputs: [Matrix.from([[-1000, 0.5]])] },
    { name: "z = 1000", inputs: [Matrix.from([[1000, -0.5]])] },
  ],
  mistakes: [
    {
      variant: (Z) => ({
        value: Z.map((z) => sigmoidOf(-z)),
        slope: Z.map((z) => sigmoidOf(z) * sigmoidOf(-z)),
      }),
      message: "Your value is σ(−z): it falls where it should rise. Check the sign in the exponent.",
    },
    {
      variant: (Z) => ({ value: Z.map(sigmoidOf), slope: Z.map((z) => z * (1 - z)) }),
      message: "The value is right. In the slope, a(1 − a), the a is the sigmoid's output, not z.",
    },
    {
      variant: (Z) => ({
        value: Z.map(sigmoidOf),
        slope: Z.map((z) => 1 - sigmoidOf(z) ** 2),
      }),
      message: "The value is right. 1 − a² is the slope of tanh; that of the sigmoid is a(1 − a).",
    },
  ],
  praise: "It stands at ±1000, and at −720 it keeps the small number.",
});

/** Far on the left the sigmoid is tiny and not 0. Beside other numbers that would not show, so it is asked alone. */
function smallNumberLost(readers: (Z: Matrix) => unknown): Finding | undefined {
  for (const z of [-40, -720]) {
    const { value, slope } = readers(Matrix.from([[z]])) as { value: Matrix; slope: Matrix };
    const [got, steepness, expected] = [value.at(0, 0), slope.at(0, 0), sigmoidOf(z)];
    const lost = (it: number) => !(Math.abs(it - expected) <= 1e-6 * expected);
    if (!lost(got) && !lost(steepness)) continue;
    const which = lost(got) ? "value" : "slope";
    const yours = lost(got) ? got : steepness;
    const where = `At z = ${formatNumber(z)} your ${which} is ${yours === 0 ? "exactly 0" : formatNumber(yours)}. It should be ${expected.toExponential(1).replace("-", "−")}`;
    if (yours !== 0) return { kind: "extreme", message: `${where}: tiny, and never cut off.` };
    if (z === -720) {
      return {
        kind: "known mistake",
        message: `${where}: exp(720) overflowed to ∞, and 1/∞ is 0. For negative z, take the form with e to the power z.`,
      };
    }
    return {
      kind: "extreme",
      message: `${where}: in a sum with 1, a number this small is rounded away.`,
    };
  }
  return undefined;
}

function columnwise(scores: Matrix, share: (scores: readonly number[]) => readonly number[]): Matrix {
  const columns = Array.from({ length: scores.columns }, (_, j) =>
    share(Array.from({ length: scores.rows }, (_, i) => scores.at(i, j))),
  );
  return scores.map((_, i, j) => columns[j][i]);
}

function normalised(values: readonly number[]): number[] {
  const sum = values.reduce((total, value) => total + value, 0);
  return values.map((value) => value / sum);
}

/** Softmax of each column: scores (classes × m) → probabilities (classes × m). */
export const checkSoftmax = checkMatrixFunction<[Matrix], Matrix>({
  name: "softmaxColumns",
  arguments: ["scores"],
  result: "probabilities",
  cases: (random, examples) => [random.randnMatrix(5, examples).scale(2)],
  reference: (scores) =>
    columnwise(scores, (z) => {
      const largest = Math.max(...z);
      return normalised(z.map((score) => Math.exp(score - largest)));
    }),
  extremes: [
    { name: "scores of 1000 and more", inputs: [Matrix.column([1000, 1001, 999])] },
    { name: "scores of −1000 and less", inputs: [Matrix.column([-1000, -1001, -999])] },
    {
      name: "a batch whose columns lie far apart (the largest score of each column, not of all)",
      inputs: [
        Matrix.from([
          [1000, -1000],
          [1001, -1001],
        ]),
      ],
    },
  ],
  mistakes: [
    {
      variant: (scores) => scores.map(Math.exp),
      message: "All positive now, but nothing sums to 1: divide each column by its sum.",
    },
    {
      variant: (scores) => {
        const powers = scores.map(Math.exp);
        return powers.scale(1 / powers.sum());
      },
      message:
        "Together, all entries sum to 1. It should be every column: one example's classes compete with each other, and " +
        "not with other examples.",
    },
    {
      variant: (scores) => columnwise(scores.transpose(), (z) => normalised(z.map(Math.exp))).transpose(),
      message: "Every row sums to 1. The classes of one example stand in a column.",
    },
    {
      variant: (scores) => columnwise(scores, normalised),
      message: "You divided the scores themselves by their sum. Softmax takes their exponentials first.",
    },
  ],
  praise: "Every column sums to 1, whatever the scores.",
});

/** Back through tanh, from its output alone: (A, dA) → dZ, (units × m). */
export const checkTanhBackward = checkMatrixFunction<[Matrix, Matrix], Matrix>({
  name: "tanhBackward",
  arguments: ["A", "dA"],
  result: "dZ",
  cases: (random, examples) => [
    random.randnMatrix(4, examples).map(Math.tanh),
    random.randnMatrix(4, examples),
  ],
  reference: (A, dA) => A.map((a, i, j) => (1 - a * a) * dA.at(i, j)),
  mistakes: [
    {
      variant: (A) => A.map((a) => 1 - a * a),
      message:
        "This is the slope of tanh, and it is right. The chain rule multiplies it with what arrives, dA.",
    },
    {
      variant: (A, dA) => A.map((a, i, j) => a * (1 - a) * dA.at(i, j)),
      message: "a(1 − a) is the slope of the sigmoid. That of tanh is 1 − a².",
    },
    {
      variant: (A, dA) => A.map((a, i, j) => (1 - Math.tanh(a) ** 2) * dA.at(i, j)),
      message:
        "You took tanh once more. A is its output already, so the slope is 1 − A², without another tanh.",
    },
    {
      variant: (A, dA) => A.map((a, i, j) => (1 - a) * dA.at(i, j)),
      message: "The slope is 1 − a², with a square: (1 − a)(1 + a).",
    },
  ],
  praise: "The way back needs nothing that the way forward has not computed already.",
});
