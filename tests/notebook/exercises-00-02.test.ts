// The exercises of notebooks 0 to 2: the solution passes, the stub waits, and every usual slip gets its own answer.
import { loanScore, loans, Matrix, Random, Standardizer, sigmoid, softmax } from "glassbox";
import {
  checkAbsolute,
  checkAndGate,
  checkDistance,
  checkLearnStep,
  checkNeuronBatch,
  checkRescale,
  checkSoftmax,
  checkStableSigmoid,
  checkStandardise,
  checkTanhBackward,
  checkYearInPoints,
  todo,
} from "glassbox/notebook";
import { describe, expect, test } from "vitest";

const all = [
  checkStandardise,
  checkLearnStep,
  checkNeuronBatch,
  checkRescale,
  checkDistance,
  checkAndGate,
  checkAbsolute,
  checkStableSigmoid,
  checkSoftmax,
  checkTanhBackward,
];

test("every stub waits", () => {
  for (const check of all) {
    expect(check.examine(() => todo()).kind).toBe("not written");
  }
  expect(checkYearInPoints.examine(undefined).kind).toBe("not written");
});

const columns = (X: Matrix) => X.scale(1 / X.columns).sumColumns();

describe("standardise", () => {
  const centred = (X: Matrix) => X.minus(columns(X));
  const over = (X: Matrix, s: Matrix) => X.map((x, i) => x / s.at(i, 0));
  const sum2 = (X: Matrix) =>
    centred(X)
      .map((d) => d * d)
      .sumColumns();

  test("accepts the library's Standardizer", () => {
    expect(checkStandardise.examine((X) => new Standardizer(X).apply(X)).kind).toBe("right");
  });

  test.each<[string, (X: Matrix) => Matrix, RegExp]>([
    ["only centred", centred, /spreads are still/],
    [
      "only divided",
      (X) =>
        over(
          X,
          sum2(X).map((s) => Math.sqrt(s / X.columns)),
        ),
      /averages are still/,
    ],
    ["variance", (X) => over(centred(X), sum2(X).scale(1 / X.columns)), /square root is missing/],
    [
      "m − 1",
      (X) =>
        over(
          centred(X),
          sum2(X).map((s) => Math.sqrt(s / (X.columns - 1))),
        ),
      /m − 1/,
    ],
    ["by columns", (X) => new Standardizer(X.transpose()).apply(X.transpose()).transpose(), /the rows/],
    [
      "a constant feature",
      (X) =>
        over(
          centred(X),
          sum2(X).map((s) => Math.sqrt(s / X.columns)),
        ),
      /NaN for a feature that never changes/,
    ],
    ["transposed", (X) => new Standardizer(X).apply(X).transpose(), /transposed/],
  ])("names the slip: %s", (_name, wrong, message) => {
    expect(checkStandardise.examine(wrong).message).toMatch(message);
  });
});

describe("one learning step", () => {
  const misses = (w: Matrix, b: number, X: Matrix, Y: Matrix) =>
    w
      .times(X)
      .map((z) => sigmoid.apply(z + b))
      .minus(Y);
  const right = (w: Matrix, b: number, X: Matrix, Y: Matrix, rate: number) => {
    const miss = misses(w, b, X, Y);
    return {
      w: w.minus(miss.times(X.transpose()).scale(rate / X.columns)),
      b: b - (rate * miss.sum()) / X.columns,
    };
  };

  test("accepts w − rate·mean((p − y)·x)", () => {
    expect(checkLearnStep.examine(right).kind).toBe("right");
  });

  test.each<[string, typeof right, RegExp]>([
    ["uphill", (w, b, X, Y, rate) => right(w, b, X, Y, -rate), /wrong way round/],
    ["no 1/m", (w, b, X, Y, rate) => right(w, b, X, Y, rate * X.columns), /m times too long/],
    ["a fixed bias", (w, b, X, Y, rate) => ({ ...right(w, b, X, Y, rate), b }), /bias learns too/],
    ["no rate", (w, b, X, Y) => right(w, b, X, Y, 1), /rate/],
    [
      "no sigmoid",
      (w, b, X, Y, rate) => {
        const miss = w
          .times(X)
          .map((z) => z + b)
          .minus(Y);
        return {
          w: w.minus(miss.times(X.transpose()).scale(rate / X.columns)),
          b: b - (rate * miss.sum()) / X.columns,
        };
      },
      /sigmoid of z/,
    ],
  ])("names the slip: %s", (_name, wrong, message) => {
    expect(checkLearnStep.examine(wrong).message).toMatch(message);
  });
});

test("the worth of a year is what the neuron of notebook 0 has learned", () => {
  // The same training as in the notebook, in plain loops.
  const data = loans({ applicants: 500, random: new Random(42) });
  const standard = new Standardizer(data.inputs);
  const X = standard.apply(data.inputs);
  let w = new Matrix(1, 3);
  let b = 0;
  for (let epoch = 0; epoch < 300; epoch++) {
    const miss = w
      .times(X)
      .map((z) => sigmoid.apply(z + b))
      .minus(data.targets);
    w = w.minus(miss.times(X.transpose()).scale(1 / X.columns));
    b -= miss.sum() / X.columns;
  }
  const raw = (i: number) => w.at(0, i) / standard.deviation.at(i, 0);
  const stretched = (i: number) => w.at(0, i) * standard.deviation.at(i, 0);
  expect(checkYearInPoints.examine(raw(2) / raw(1)).kind).toBe("right");
  expect(checkYearInPoints.examine(raw(1) / raw(2)).message).toMatch(/Turn the fraction/);
  expect(checkYearInPoints.examine(raw(2) / raw(0)).message).toMatch(/asks for points/);
  expect(checkYearInPoints.examine(w.at(0, 2) / w.at(0, 1)).message).toMatch(/ratio of the two weights/);
  expect(checkYearInPoints.examine(stretched(2) / stretched(1)).message).toMatch(/deviation divides/);
  expect(checkYearInPoints.examine(9).message).toMatch(/too large/);
  // What its praise says of the hidden rule.
  const worth = (i: number) => {
    const [base, more] = [
      [50_000, 650, 4],
      [50_000, 650, 4],
    ];
    more[i] += 1;
    return loanScore(more) - loanScore(base);
  };
  expect(worth(2) / worth(1)).toBeCloseTo(8.75, 9);
});

describe("a neuron for a batch", () => {
  const z = (w: Matrix, b: number, X: Matrix) => w.times(X).map((s) => s + b);
  const step = (Z: Matrix) => Z.map((s) => (s > 0 ? 1 : 0));

  test("accepts step(w·X + b)", () => {
    expect(checkNeuronBatch.examine((w, b, X) => step(z(w, b, X))).kind).toBe("right");
  });

  test.each<[string, (w: Matrix, b: number, X: Matrix) => Matrix, RegExp]>([
    ["no step", z, /step is missing/],
    ["no bias", (w, _b, X) => step(w.times(X)), /bias is missing/],
    ["minus b", (w, b, X) => step(z(w, -b, X)), /wrong sign/],
    ["opposite", (w, b, X) => step(z(w, b, X)).map((a) => 1 - a), /opposite/],
    ["bias once an input", (w, b, X) => step(z(w, 4 * b, X)), /once for every input/],
    ["first applicant", (w, b, X) => step(z(w, b, X)).map((_, _i, _j) => step(z(w, b, X)).at(0, 0)), /first/],
    ["≥ 0", (w, b, X) => z(w, b, X).map((s) => (s >= 0 ? 1 : 0)), /exactly on the line/],
    ["transposed", (w, b, X) => step(z(w, b, X)).transpose(), /transposed/],
  ])("names the slip: %s", (_name, wrong, message) => {
    expect(checkNeuronBatch.examine(wrong).message).toMatch(message);
  });
});

describe("weights in other units", () => {
  const times = (w: Matrix, s: Matrix) => w.hadamard(s);
  const lift = (w: Matrix, m: Matrix) => w.hadamard(m).sum();

  test("accepts w·s and b + Σ w·μ", () => {
    expect(checkRescale.examine((w, b, m, s) => ({ w: times(w, s), b: b + lift(w, m) })).kind).toBe("right");
  });

  test.each<[string, (w: Matrix, b: number, m: Matrix, s: Matrix) => { w: Matrix; b: number }, RegExp]>([
    ["divided", (w, b, m, s) => ({ w: w.map((x, _, i) => x / s.at(0, i)), b: b + lift(w, m) }), /larger too/],
    ["old bias", (w, b, _m, s) => ({ w: times(w, s), b }), /gains Σ w·μ/],
    ["bias down", (w, b, m, s) => ({ w: times(w, s), b: b - lift(w, m) }), /wrong way/],
    ["new weights", (w, b, m, s) => ({ w: times(w, s), b: b + lift(times(w, s), m) }), /took the new ones/],
  ])("names the slip: %s", (_name, wrong, message) => {
    expect(checkRescale.examine(wrong).message).toMatch(message);
  });
});

describe("the distance from the line", () => {
  const z = (w: Matrix, b: number, X: Matrix) => w.times(X).map((s) => s + b);

  test("accepts z/‖w‖", () => {
    expect(checkDistance.examine((w, b, X) => z(w, b, X).scale(1 / w.norm())).kind).toBe("right");
  });

  test.each<[string, (w: Matrix, b: number, X: Matrix) => Matrix, RegExp]>([
    ["z alone", z, /divide by the length/],
    ["squared", (w, b, X) => z(w, b, X).scale(1 / w.norm() ** 2), /root is missing/],
    ["no sign", (w, b, X) => z(w, b, X).map((s) => Math.abs(s) / w.norm()), /sign is lost/],
    ["bias in the length", (w, b, X) => z(w, b, X).scale(1 / Math.hypot(w.norm(), b)), /slipped/],
    ["sum of sizes", (w, b, X) => z(w, b, X).scale(1 / w.map(Math.abs).sum()), /sum of the sizes/],
    ["other side", (w, b, X) => z(w, b, X).scale(-1 / w.norm()), /sign/],
  ])("names the slip: %s", (_name, wrong, message) => {
    expect(checkDistance.examine(wrong).message).toMatch(message);
  });
});

describe("an AND gate", () => {
  const gate = (a: number, b: number, bias: number) => () => ({ weights: [a, b] as [number, number], bias });

  test("accepts any weights that need both facts", () => {
    for (const [a, b, c] of [
      [1, 1, -1.5],
      [2, 3, -4],
      [1, 1, -1],
    ]) {
      expect(checkAndGate.examine(gate(a, b, c)).kind).toBe("right");
    }
  });

  test.each<[string, () => { weights: [number, number]; bias: number }, RegExp]>([
    ["OR", gate(1, 1, -0.5), /This is OR/],
    ["never", gate(1, 1, -2), /never says yes/],
    ["always", gate(1, 1, 1), /always says yes/],
    ["NAND", gate(-1, -1, 1.5), /NOT AND/],
    ["first only", gate(1, 0, -0.5), /Only the first/],
    ["second only", gate(0, 1, -0.5), /Only the second/],
    ["NaN", gate(Number.NaN, 1, 0), /three finite numbers/],
    ["something else", gate(-1, -1, 0.5), /Only \(1, 1\)/],
  ])("names the slip: %s", (_name, wrong, message) => {
    expect(checkAndGate.examine(wrong).message).toMatch(message);
  });
});

describe("the absolute value from two ReLUs", () => {
  const net = (W1: number[], b1: number[], W2: number[], b2: number) => () => ({
    W1: Matrix.column(W1),
    b1: Matrix.column(b1),
    W2: Matrix.row(W2),
    b2: Matrix.column([b2]),
  });

  test("accepts any weights that give |x|", () => {
    for (const right of [
      net([1, -1], [0, 0], [1, 1], 0),
      net([-1, 1], [0, 0], [1, 1], 0),
      net([0.5, -4], [0, 0], [2, 0.25], 0),
    ]) {
      expect(checkAbsolute.examine(right).kind).toBe("right");
    }
    const plain = { ...net([1, -1], [0, 0], [1, 1], 0)(), b2: 0 };
    expect(checkAbsolute.examine(() => plain).kind).toBe("right");
  });

  test.each<[string, ReturnType<typeof net>, RegExp]>([
    ["one side", net([1, 1], [0, 0], [0.5, 0.5], 0), /This is ReLU\(x\)/],
    ["the other side", net([-1, -1], [0, 0], [0.5, 0.5], 0), /ReLU\(−x\)/],
    ["a line", net([1, -1], [0, 0], [1, -1], 0), /straight line.*Look at W2/],
    ["upside down", net([1, -1], [0, 0], [-1, -1], 0), /−\|x\|/],
    ["too steep", net([2, -1], [0, 0], [1, 1], 0), /−1 on the left and 2 on the right/],
    ["too high", net([1, -1], [0, 0], [1, 1], 3), /\|x\| \+ 3/],
    ["too low", net([1, -1], [0, 0], [1, 1], -3), /\|x\| − 3/],
    ["corners apart", net([1, -1], [1, 1], [1, 1], 0), /at x = −100 your network gives 101; \|x\| is 100/],
    ["NaN", net([Number.NaN, 1], [0, 0], [1, 1], 0), /W1 contains NaN/],
    ["lying down", () => ({ ...net([1, -1], [0, 0], [1, 1], 0)(), W1: Matrix.row([1, -1]) }), /W1 is 1 × 2/],
    [
      "nothing to compare",
      () => ({}) as ReturnType<ReturnType<typeof net>>,
      /W1 is missing from what you return/,
    ],
  ])("names the slip: %s", (_name, wrong, message) => {
    expect(checkAbsolute.examine(wrong).message).toMatch(message);
  });

  test("says what an error said", () => {
    const broken = () => {
      throw new Error("a slip of the pen");
    };
    expect(checkAbsolute.examine(broken).message).toMatch(/slip of the pen/);
  });
});

describe("a stable sigmoid", () => {
  const naive = (z: number) => 1 / (1 + Math.exp(-z));
  const other = (z: number) => Math.exp(z) / (1 + Math.exp(z));

  test("accepts the library's", () => {
    const answer = (Z: Matrix) => ({ value: Z.map(sigmoid.apply), slope: Z.map(sigmoid.derivative) });
    expect(checkStableSigmoid.examine(answer).kind).toBe("right");
  });

  test.each<[string, (Z: Matrix) => { value: Matrix; slope: Matrix }, RegExp]>([
    ["eᶻ/(1 + eᶻ)", (Z) => ({ value: Z.map(other), slope: Z.map(sigmoid.derivative) }), /NaN for z = 1000/],
    [
      "e⁻ᶻ/(1 + e⁻ᶻ)²",
      (Z) => ({ value: Z.map(sigmoid.apply), slope: Z.map((z) => Math.exp(-z) / (1 + Math.exp(-z)) ** 2) }),
      /NaN for z = −1000/,
    ],
    [
      "1/(1 + e⁻ᶻ)",
      (Z) => ({ value: Z.map(naive), slope: Z.map((z) => naive(z) * (1 - naive(z))) }),
      /At z = −720 your value is exactly 0\. It should be 2\.0e−313: exp\(720\) overflowed to ∞/,
    ],
    [
      "naive in the slope only",
      (Z) => ({ value: Z.map(sigmoid.apply), slope: Z.map((z) => naive(z) * (1 - naive(z))) }),
      /At z = −720 your slope is exactly 0/,
    ],
    [
      "1 − σ(−z)",
      (Z) => ({ value: Z.map((z) => 1 - sigmoid.apply(-z)), slope: Z.map(sigmoid.derivative) }),
      /At z = −40 your value is exactly 0.*rounded away/,
    ],
    [
      "cut off at 1e-15",
      (Z) => ({ value: Z.map((z) => Math.max(1e-15, naive(z))), slope: Z.map(sigmoid.derivative) }),
      /It should be 4\.2e−18: tiny, and never cut off/,
    ],
    ["σ(−z)", (Z) => ({ value: Z.map((z) => naive(-z)), slope: Z.map(sigmoid.derivative) }), /σ\(−z\)/],
    ["z(1 − z)", (Z) => ({ value: Z.map(naive), slope: Z.map((z) => z * (1 - z)) }), /not z/],
    [
      "tanh's slope",
      (Z) => ({ value: Z.map(naive), slope: Z.map((z) => 1 - naive(z) ** 2) }),
      /slope of tanh/,
    ],
  ])("names the slip: %s", (_name, wrong, message) => {
    expect(checkStableSigmoid.examine(wrong).message).toMatch(message);
  });
});

describe("softmax by columns", () => {
  const perColumn = (scores: Matrix) => {
    const powers = scores.map(Math.exp);
    return powers.map((p, _i, j) => p / powers.pickColumns([j]).sum());
  };

  test("accepts the library's", () => {
    expect(checkSoftmax.examine((scores) => softmax(scores)).kind).toBe("right");
  });

  test.each<[string, (scores: Matrix) => Matrix, RegExp]>([
    ["no sum", (s) => s.map(Math.exp), /nothing sums to 1/],
    ["one sum", (s) => s.map(Math.exp).scale(1 / s.map(Math.exp).sum()), /Together/],
    ["rows", (s) => perColumn(s.transpose()).transpose(), /Every row/],
    ["no exponential", (s) => s.map((z, _i, j) => z / s.pickColumns([j]).sum()), /exponentials first/],
    ["no shift", perColumn, /NaN for scores of 1000/],
    [
      "one shift for all",
      (s) => perColumn(s.map((z) => z - Math.max(...s.data))),
      /NaN for a batch whose columns lie far apart/,
    ],
    ["one example only", (s) => s.map((_, i) => perColumn(s).at(i, 0)), /right for one example/],
  ])("names the slip: %s", (_name, wrong, message) => {
    expect(checkSoftmax.examine(wrong).message).toMatch(message);
  });
});

describe("back through tanh", () => {
  test("accepts (1 − A²) ⊙ dA", () => {
    expect(checkTanhBackward.examine((A, dA) => A.map((a) => 1 - a * a).hadamard(dA)).kind).toBe("right");
  });

  test.each<[string, (A: Matrix, dA: Matrix) => Matrix, RegExp]>([
    ["slope only", (A) => A.map((a) => 1 - a * a), /what arrives/],
    ["sigmoid's", (A, dA) => A.map((a) => a * (1 - a)).hadamard(dA), /slope of the sigmoid/],
    ["tanh again", (A, dA) => A.map((a) => 1 - Math.tanh(a) ** 2).hadamard(dA), /once more/],
    ["no square", (A, dA) => A.map((a) => 1 - a).hadamard(dA), /with a square/],
    ["sign", (A, dA) => A.map((a) => a * a - 1).hadamard(dA), /sign/],
  ])("names the slip: %s", (_name, wrong, message) => {
    expect(checkTanhBackward.examine(wrong).message).toMatch(message);
  });
});
