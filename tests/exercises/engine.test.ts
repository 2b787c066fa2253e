// What every checker says, whatever the exercise: causes are named where they are proved, and nowhere else.
import { Matrix } from "glassbox";
import { construction, exercise, numberExercise, recordOutputs, todo, verdictText } from "glassbox/notebook";
import { describe, expect, it } from "vitest";

const hints = ["A first nudge.", "Then what.", "Then where."] as const;

/** Backward of Z = W·X under a mean loss: the exercise with most ways to go wrong. */
const backward = exercise<[dA: Matrix, X: Matrix]>({
  name: "denseBackward",
  given: ["dA", "X"],
  drawn: (random, m) => [random.randnMatrix(3, m), random.randnMatrix(2, m)],
  edges: { "one of each": [Matrix.row([2]), Matrix.row([3])] },
  reference: (dA, X) => ({
    dW: dA.times(X.transpose()).scale(1 / X.columns),
    db: dA.sumColumns().scale(1 / X.columns),
  }),
  examples: (_dA, X) => X.columns,
  slips: [],
  hints,
});
const dW = (dA: Matrix, X: Matrix) => dA.times(X.transpose()).scale(1 / X.columns);
const db = (dA: Matrix) => dA.sumColumns().scale(1 / dA.columns);

const squares = exercise<[A: Matrix]>({
  name: "gram",
  given: ["A"],
  drawn: (random) => [random.randnMatrix(3, 3)],
  edges: {
    "zeros and ones": [
      Matrix.from([
        [0, 1],
        [-1, 0],
      ]),
    ],
  },
  reference: (A) => A.map((a) => a + 10),
  slips: [
    { name: "minus", gives: (A) => A.map((a) => a - 10), words: "You took 10 off." },
    {
      name: "doubled, then squared",
      undo: (answer: Matrix) => answer.map((x) => Math.sqrt(x) / 2),
      words: "Doubled, then squared.",
    },
    {
      name: "another number",
      fit: (answer) => {
        const own = (answer(Matrix.row([0])) as Matrix).at(0, 0);
        return { gives: (A) => A.map((a) => a * a + own), words: `You square, and add ${own}.` };
      },
    },
  ],
  hints,
});

const stable = exercise<[z: number]>({
  name: "sigmoid",
  given: ["z"],
  sizes: [1, 2, 3],
  drawn: (random) => [random.randn()],
  extremes: { "z = −1000": [-1000], "z = 1000": [1000] },
  reference: (z) => (z >= 0 ? 1 / (1 + Math.exp(-z)) : Math.exp(z) / (1 + Math.exp(z))),
  slips: [{ name: "falls", gives: (z) => 1 / (1 + Math.exp(z)), words: "It falls." }],
  hints,
});

describe("what is said of a function", () => {
  it("that nothing is written yet: only of a stub", () => {
    expect(backward.examine(() => todo("dW and db")).message).toMatch(
      /^Your turn: nothing is written here yet\./,
    );
    const finding = stable.examine((z) => (z > 0 ? 1 / (1 + Math.exp(-z)) : todo()));
    expect(finding.message).toMatch(/^A part of `sigmoid` is not written yet: `todo` is reached/);
  });

  it("that a return is missing, everywhere or on one way", () => {
    expect(backward.examine(() => undefined)).toEqual({
      kind: "returns nothing",
      message: "`denseBackward` returns nothing (`undefined`). Is a `return` missing?",
    });
    const half = stable.examine((z) => (z > -500 ? 1 / (1 + Math.exp(-z)) : undefined));
    expect(half.message).toBe(
      "`sigmoid` returns nothing (`undefined`) for z = −1000. One way through it ends without a `return`.",
    );
  });

  it("that it is right, and in how many cases", () => {
    expect(backward.examine((dA, X) => ({ dW: dW(dA, X), db: db(dA) })).message).toBe(
      "Right: it agrees with the reference to the last bit in all 6 cases.",
    );
  });

  it.each<[string, (dA: Matrix, X: Matrix) => unknown, RegExp]>([
    [
      "1/m missing",
      (dA, X) => ({ dW: dA.times(X.transpose()), db: db(dA) }),
      /^Your `dW` has every entry m times too large, m being the number of columns.*\n`db` is right already\.$/,
    ],
    [
      "1/m twice",
      (dA, X) => ({ dW: dW(dA, X).scale(1 / X.columns), db: db(dA) }),
      /^Your `dW` has every entry m times too small/,
    ],
    [
      "1/m missing, sign",
      (dA, X) => ({ dW: dA.times(X.transpose()).scale(-1), db: db(dA) }),
      /m times too large.*opposite sign/,
    ],
    [
      "doubled",
      (dA, X) => ({ dW: dW(dA, X).scale(2), db: db(dA) }),
      /every number is 2 times too large, in every case/,
    ],
    [
      "halved, sign",
      (dA, X) => ({ dW: dW(dA, X).scale(-0.5), db: db(dA) }),
      /every number is 2 times too small, with the opposite sign/,
    ],
    ["sign", (dA, X) => ({ dW: dW(dA, X).scale(-1), db: db(dA) }), /every sign wrong/],
    [
      "transposed",
      (dA, X) => ({ dW: dW(dA, X).transpose(), db: db(dA) }),
      /rows and columns exchanged: it is 2 × 3 and should be 3 × 2/,
    ],
    [
      "not summed",
      (dA, X) => ({ dW: dW(dA, X), db: dA.scale(1 / X.columns) }),
      /Your `db` is 3 × 2 and should be 3 × 1: you have one column for each example/,
    ],
    [
      "two causes",
      (dA, X) => ({ dW: dW(dA, X).scale(-1), db: db(dA).scale(3) }),
      /Your `dW`.*every sign wrong.*\nYour `db`.*3 times too large/,
    ],
    [
      "one cause, one not",
      (dA, X) => ({ dW: dW(dA, X).scale(-1), db: db(dA).map((x) => x * x) }),
      /every sign wrong.*\nYour `db` differs from the right one in 6 of 6 cases\. The smallest, one of each:/,
    ],
  ])("a cause that undoing proves: %s", (_name, wrong, message) => {
    expect(backward.examine(wrong).message).toMatch(message);
  });

  it.each<[string, (A: Matrix) => unknown, RegExp]>([
    ["as it came", (A) => A.clone(), /^Your answer is `A` as it came in, unchanged/],
    ["a constant", (A) => A.map(() => 3), /^Your answer is 3 in every case, whatever comes in/],
    [
      "a transpose that no shape betrays",
      (A) => A.transpose().map((a) => a + 10),
      /^Your answer has the right numbers with rows and columns exchanged\. Transposed/,
    ],
    ["off by a constant", (A) => A.map((a) => a + 11), /every number is 1 too large/],
    ["upside down", (A) => A.map((a) => 1 / (a + 10)), /upside down/],
    ["squared", (A) => A.map((a) => (a + 10) ** 2), /a root is missing/],
    ["a root", (A) => A.map((a) => Math.sqrt(a + 10)), /is the root of the right one/],
    ["1 minus", (A) => A.map((a) => -9 - a), /is 1 minus the right one/],
    ["a slip, imitated", (A) => A.map((a) => a - 10), /^You took 10 off\.$/],
    ["a slip, undone", (A) => A.map((a) => (2 * (a + 10)) ** 2), /^Doubled, then squared\.$/],
    ["a slip with a number of the reader's", (A) => A.map((a) => a * a + 4), /^You square, and add 4\.$/],
  ])("of one answer: %s", (_name, wrong, message) => {
    const finding = squares.examine(wrong);
    expect(finding.kind).toBe("slip");
    expect(finding.message).toMatch(message);
  });

  it("no cause, where it holds in most cases and not in all", () => {
    const most = (A: Matrix) => A.map((a) => (A.rows === 3 ? -1 : 2) * (a + 10));
    expect(squares.examine(most)).toEqual({
      kind: "differs",
      slips: [],
      message: "Your answer differs from the right one in 6 of 6 cases. The smallest, zeros and ones:",
      shown:
        "A              0    1\n              −1    0\nyour answer   20   22\n              18   20\nexpected      10   11\n               9   10",
    });
  });

  it("as many digits as it takes to see a difference", () => {
    const { message, shown } = squares.examine((A) => A.map((a) => a + 10 + 1e-7 * a * a));
    expect(message).toContain("differs from the right one in 6 of 6 cases");
    expect(shown).toContain("11.0000001 in row 0, column 1 (counted from 0)");
  });

  it("names both shapes", () => {
    const { kind, message, shown } = backward.examine((dA, X) => ({
      dW: X.times(X.transpose()),
      db: db(dA),
    }));
    expect(kind).toBe("shape");
    expect(message).toContain("Your `dW` is 2 × 2 and should be 3 × 2, in the case below:");
    expect(shown).toContain("expected");
  });

  it.each<[string, unknown, string]>([
    ["a list", [1, 2, 3], "returns a plain list of 3 numbers; expected a Matrix, 3 × 3."],
    [
      "lists",
      [
        [1, 2],
        [3, 4],
      ],
      "returns a list of 2 lists; expected a Matrix",
    ],
    [
      "a list with a hole",
      [1, undefined],
      "returns a list with nothing (`undefined`) in it; expected a Matrix",
    ],
    ["a text", "soon", 'returns a text, "soon"; expected a Matrix'],
    ["null", null, "returns `null`; expected a Matrix"],
    ["a promise", Promise.resolve(1), "returns a Promise (is the function `async`?); expected a Matrix"],
    ["an object", { G: Matrix.row([1]) }, "returns an object `{ G }`; expected a Matrix"],
    ["a number", 4, "returns the number 4; expected a Matrix"],
    ["a yes", true, "returns `true`; expected a Matrix"],
  ])("what was returned in the place of a matrix: %s", (_name, answer, message) => {
    const finding = squares.examine(() => answer);
    expect(finding.kind).toBe("type");
    expect(finding.message).toContain(message);
  });

  it("which part is missing, and of what kind another is", () => {
    expect(backward.examine((dA, X) => ({ dW: dW(dA, X) })).message).toBe(
      "`db` is missing: `denseBackward` returns an object `{ dW }`; expected an object `{ dW, db }`.",
    );
    expect(backward.examine((dA, X) => ({ dW: dW(dA, X), db: [1, 2, 3] })).message).toBe(
      "`db` is a plain list of 3 numbers; expected a Matrix, 3 × 1 (`Matrix.column` makes one of a list).",
    );
    expect(backward.examine(dW).message).toContain(
      "returns a Matrix, 3 × 2; expected an object `{ dW, db }`",
    );
  });

  it("what an error said, and where", () => {
    const finding = backward.examine((dA, X) => ({ dW: dA.times(X), db: db(dA) }));
    expect(finding.kind).toBe("throws");
    expect(finding.message).toMatch(
      /^`denseBackward` stopped with an error in the case below:\n.*cannot multiply/,
    );
    const always = squares.examine(() => {
      throw new TypeError("x is not a function");
    });
    expect(always.message).toBe("`gram` stopped with an error:\nx is not a function");
  });

  it("of NaN only what was seen", () => {
    const zero = squares.examine((A) => A.map((a) => (a / a) * (a + 10)));
    expect(zero.kind).toBe("not a number");
    expect(zero.message).toBe(
      "Your answer contains NaN for zeros and ones. NaN is what 0/0, ∞ − ∞, 0·∞ and arithmetic with `undefined` give.",
    );
    const log = squares.examine((A) => A.map((a) => Math.log(a) + 10));
    expect(log.message).toContain("On the way, `Math.log(0)` was −∞.");
    const naive = stable.examine((z) => Math.exp(z) / (1 + Math.exp(z)));
    expect(naive.message).toBe("Your answer is NaN for z = 1000. On the way, `Math.exp(1000)` was ∞.");
    expect(Math.exp.name).toBe("exp");
    const hole = squares.examine((A) => A.map((a) => 1 / (a - a)));
    expect(hole.message).toContain("∞ is what a division by 0 gives");
  });

  it("two mistakes at once: the ordinary one first", () => {
    const finding = stable.examine((z) => Math.exp(-z) / (1 + Math.exp(-z)));
    expect(finding.slips).toEqual(["falls"]);
    expect(finding.message).toBe(
      "It falls.\nSo much from the ordinary cases. Once they are right, these come next: z = −1000; z = 1000.",
    );
  });

  it("that an argument was written into", () => {
    const finding = backward.examine((dA, X) => {
      const result = { dW: dW(dA, X), db: db(dA) };
      dA.fill(0);
      return result;
    });
    expect(finding.kind).toBe("changes its argument");
    expect(finding.message).toContain("writes into its argument `dA`");
  });

  it("that it keeps something from one call to the next", () => {
    let calls = 0;
    const finding = stable.examine((z) => 1 / (1 + Math.exp(-z)) + calls++);
    expect(finding.kind).toBe("unsteady");
    expect(finding.message).toContain("asked the same twice, answers differently");
  });

  it("that two parts have changed places", () => {
    const pair = exercise<[x: number]>({
      name: "pair",
      given: ["x"],
      drawn: (random) => [random.randn()],
      reference: (x) => ({ double: 2 * x, half: x / 2 }),
      slips: [],
      hints,
    });
    expect(pair.examine((x) => ({ double: x / 2, half: 2 * x })).message).toBe(
      "`double` and `half` have changed places: each is the other's right answer.",
    );
  });
});

describe("what is said of a number", () => {
  const check = numberExercise({
    name: "x after one step",
    answer: -8,
    slips: [{ name: "uphill", value: 28, words: "You stepped uphill." }],
    hints,
  });
  const share = numberExercise({ name: "the share", answer: 0.6652, tolerance: 1e-4, slips: [], hints });
  const percent = numberExercise({ name: "the share", answer: 75, unit: "per cent", slips: [], hints });
  const many = numberExercise({ name: "the count", answer: 3252224, tolerance: 0.5, slips: [], hints });

  it.each<[typeof check, unknown, string, RegExp]>([
    [check, undefined, "not written", /in the place of `undefined`/],
    [check, Number.NaN, "not a number", /Your calculation gave NaN/],
    [check, Number.POSITIVE_INFINITY, "not a number", /gave ∞/],
    [check, "-8", "type", /got a text, "-8"/],
    [check, null, "type", /got `null`/],
    [check, -8, "right", /^Right: x after one step is −8\.$/],
    [check, 8, "slip", /The size is right, the sign is not/],
    [check, 28, "slip", /uphill/],
    [check, -7, "differs", /^Not yet: −7 is too large\.$/],
    [check, -0.125, "slip", /upside down/],
    [share, 66.52, "slip", /100 times too large: that is the answer in per cent/],
    [share, 0.67, "slip", /0\.67 is the right number, rounded to 2 decimals/],
    [share, 0.7, "slip", /rounded to one decimal/],
    [share, 0.5, "differs", /too small/],
    [percent, 0.75, "slip", /^As a fraction it is right\. Per cent are asked for: 100 times yours\.$/],
    [percent, 0.7, "differs", /too small/],
    [many, 3252220, "differs", /too small/],
  ])("%#: %s", (checker, value, kind, message) => {
    const finding = checker.examine(value as number);
    expect(finding.kind).toBe(kind);
    expect(finding.message).toMatch(message);
  });

  it("what it calls right is right when it is typed again", () => {
    for (const [checker, answer] of [
      [share, 0.6652],
      [percent, 75],
      [many, 3252224],
      [check, -8],
    ] as const) {
      const text = /is (−?[\d.]+)\./.exec(checker.examine(answer).message)?.[1].replace(/\.$/, "");
      expect(checker.examine(Number(text?.replace("−", "-"))).kind).toBe("right");
    }
  });
});

describe("what is said of a thing that is built", () => {
  const line = construction<{ W: Matrix; b: number }, readonly [number]>({
    name: "line",
    like: { W: Matrix.row([1]), b: 0 },
    coordinates: ["x"],
    points: [[0], [1], [-2]],
    does: ({ W, b }, x) => W.at(0, 0) * x + b,
    reference: (x) => 2 * x + 1,
    slips: [{ name: "no b", gives: (x) => 2 * x, words: "The 1 is missing." }],
    hints,
  });

  it.each<[string, () => unknown, string, RegExp]>([
    ["right", () => ({ W: Matrix.row([2]), b: 1 }), "right", /in all 3 cases/],
    ["a slip", () => ({ W: Matrix.row([2]), b: 0 }), "slip", /The 1 is missing/],
    ["another", () => ({ W: Matrix.row([3]), b: 1 }), "differs", /in 2 of 3 cases/],
    ["a list", () => ({ W: [2], b: 1 }), "type", /`W` is a plain list of 1 number; expected a Matrix, 1 × 1/],
    ["a shape", () => ({ W: Matrix.row([2, 1]), b: 1 }), "shape", /`W` is 1 × 2 and should be 1 × 1/],
    ["NaN", () => ({ W: Matrix.row([2]), b: Number.NaN }), "not a number", /`b` contains NaN/],
    ["a part missing", () => ({ W: Matrix.row([2]) }), "type", /`b` is missing/],
    ["nothing", () => undefined, "returns nothing", /Is a `return` missing/],
    ["a stub", () => todo(), "not written", /^Your turn/],
  ])("%s", (_name, build, kind, message) => {
    const finding = line.examine(build as () => { W: Matrix; b: number });
    expect(finding.kind).toBe(kind);
    expect(finding.message).toMatch(message);
  });
});

describe("a checker", () => {
  it("shows one output and never throws, with its code typeset and its hints one inside the other", () => {
    const outputs = recordOutputs(() => backward(() => todo()));
    expect(outputs).toHaveLength(1);
    expect(outputs[0].content).toContain("○ denseBackward");
    expect(outputs[0].content).toMatch(
      /<details class="gb-hint"><summary>a hint<\/summary><p>A first nudge\.<\/p><details[^>]*><summary>more<.*Then what.*<details.*Then where/,
    );
  });

  it("shows no hints with what is right", () => {
    const [output] = recordOutputs(() => squares((A) => A.map((a) => a + 10)));
    expect(output.content).not.toContain("details");
  });

  it("typesets code, and leaves it plain in text", () => {
    const [output] = recordOutputs(() => backward(() => undefined));
    expect(output.content).toContain("<code>denseBackward</code> returns nothing");
    expect(
      verdictText(
        "denseBackward",
        backward.examine(() => undefined),
      ),
    ).toBe("✗ denseBackward. denseBackward returns nothing (undefined). Is a return missing?");
  });

  it("gives the same answer each time", () => {
    const wrong = (dA: Matrix, X: Matrix) => ({ dW: dA.times(X.transpose()), db: db(dA) });
    expect(backward.examine(wrong)).toEqual(backward.examine(wrong));
  });

  it("does not let an error message become markup", () => {
    const outputs = recordOutputs(() =>
      squares(() => {
        throw new Error("<img src=x onerror=alert(1)>");
      }),
    );
    expect(outputs[0].content).not.toContain("<img");
  });
});
