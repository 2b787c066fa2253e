import { Matrix } from "glassbox";
import { checkMatrixFunction, checkNumber, recordOutputs, todo } from "glassbox/notebook";
import { describe, expect, it } from "vitest";

/** Backward of Z = W·X + b under a mean loss: the exercise with most ways to go wrong. */
const backward = checkMatrixFunction({
  name: "denseBackward",
  arguments: ["dA", "X"],
  cases: (random, examples) => [random.randnMatrix(3, examples), random.randnMatrix(2, examples)],
  reference: (dA: Matrix, X: Matrix) => ({
    dW: dA.times(X.transpose()).scale(1 / X.columns),
    db: dA.sumColumns().scale(1 / X.columns),
  }),
});

const square = checkMatrixFunction({
  name: "gram",
  result: "G",
  cases: (random) => [random.randnMatrix(3, 3)],
  reference: (A: Matrix) => A,
});

const sigmoid = checkMatrixFunction({
  name: "sigmoid",
  result: "A",
  cases: (random, examples) => [random.randnMatrix(4, examples)],
  reference: (Z: Matrix) => Z.map((z) => (z >= 0 ? 1 / (1 + Math.exp(-z)) : Math.exp(z) / (1 + Math.exp(z)))),
  extremes: [{ name: "z = −1000", inputs: [Matrix.from([[-1000], [0], [1], [2]])] }],
  mistakes: [
    {
      variant: (Z) => Z.map((z) => 1 / (1 + Math.exp(z))),
      message: "You have σ(−z): check the sign in the exponent.",
    },
  ],
});

const dW = (dA: Matrix, X: Matrix) => dA.times(X.transpose()).scale(1 / X.columns);
const db = (dA: Matrix) => dA.sumColumns().scale(1 / dA.columns);

describe("a checker's answer", () => {
  it("is a friendly prompt for a stub that was not touched", () => {
    const finding = backward.examine(() => todo("dW and db"));
    expect(finding.kind).toBe("not written");
    expect(finding.message).toContain("Your turn");
    expect(backward.examine(() => undefined).kind).toBe("not written");
  });

  it("says that it is right, and in how many cases", () => {
    const finding = backward.examine((dA, X) => ({ dW: dW(dA, X), db: db(dA) }));
    expect(finding.kind).toBe("right");
    expect(finding.message).toContain("to the last bit in 5 random cases of different sizes");
  });

  it("names the missing 1/m", () => {
    const finding = backward.examine((dA, X) => ({ dW: dA.times(X.transpose()), db: db(dA) }));
    expect(finding.kind).toBe("factor");
    expect(finding.message).toContain(
      "Your dW has the right direction, and every entry is 4 times too large",
    );
    expect(finding.message).toContain("the batch has 4 columns");
    expect(finding.message).toContain("carries a 1/m");
    expect(finding.message).toContain("db is right already");
  });

  it("names a 1/m too many", () => {
    const finding = backward.examine((dA, X) => ({ dW: dW(dA, X).scale(1 / X.columns), db: db(dA) }));
    expect(finding.kind).toBe("factor");
    expect(finding.message).toContain("4 times too small; the batch has 4 columns");
  });

  it("names a constant factor", () => {
    const finding = backward.examine((dA, X) => ({ dW: dW(dA, X).scale(2), db: db(dA) }));
    expect(finding.kind).toBe("factor");
    expect(finding.message).toContain("2 times too large, in every case");
    const half = backward.examine((dA, X) => ({ dW: dW(dA, X).scale(-0.5), db: db(dA) }));
    expect(half.message).toContain("points the wrong way, and every entry is 2 times too small");
  });

  it("names a wrong sign", () => {
    const finding = backward.examine((dA, X) => ({ dW: dW(dA, X).scale(-1), db: db(dA) }));
    expect(finding.kind).toBe("sign");
    expect(finding.message).toContain("every sign wrong");
  });

  it("tells a wrong sign together with a missing 1/m", () => {
    const finding = backward.examine((dA, X) => ({ dW: dA.times(X.transpose()).scale(-1), db: db(dA) }));
    expect(finding.message).toContain("points the wrong way");
    expect(finding.message).toContain("4 times too large");
  });

  it("sees a transpose, also where the shape cannot tell", () => {
    const finding = backward.examine((dA, X) => ({ dW: dW(dA, X).transpose(), db: db(dA) }));
    expect(finding.kind).toBe("transposed");
    expect(finding.message).toContain("it is 2 × 3 and should be 3 × 2");
    const hidden = square.examine((A) => A.transpose());
    expect(hidden.kind).toBe("transposed");
    expect(hidden.message).toContain("changed places");
  });

  it("sees a gradient that was not summed over the examples", () => {
    const finding = backward.examine((dA, X) => ({ dW: dW(dA, X), db: dA.scale(1 / X.columns) }));
    expect(finding.kind).toBe("shape");
    expect(finding.message).toContain("Your db is 3 × 4 and should be 3 × 1");
    expect(finding.message).toContain("summed over the examples they are exactly right");
  });

  it("names both shapes when a shape is wrong", () => {
    const finding = backward.examine((dA, X) => ({ dW: X.times(X.transpose()), db: db(dA) }));
    expect(finding.kind).toBe("shape");
    expect(finding.message).toContain("Your dW is 2 × 2 and should be 3 × 2");
  });

  it("sees what is right for one example and wrong for a batch", () => {
    const finding = backward.examine((dA, X) => ({
      dW: dA.pickColumns([0]).times(X.pickColumns([0]).transpose()),
      db: db(dA),
    }));
    expect(finding.kind).toBe("batch");
    expect(finding.message).toContain("right for one example and wrong for a batch of 4");
  });

  it("sees a constant that was added", () => {
    const finding = square.examine((A) => A.map((entry) => entry + 1));
    expect(finding.kind).toBe("offset");
    expect(finding.message).toContain("each entry is 1 too large");
  });

  it("passes on an error, with the shapes it happened for", () => {
    const finding = backward.examine((dA, X) => ({ dW: dA.times(X), db: db(dA) }));
    expect(finding.kind).toBe("throws");
    expect(finding.message).toContain("for dA (3 × 1), X (2 × 1)");
    expect(finding.message).toContain("cannot multiply");
  });

  it("sees NaN on ordinary numbers", () => {
    const finding = square.examine((A) => A.map((entry) => Math.log(entry)));
    expect(finding.kind).toBe("not a number");
    expect(finding.message).toContain("NaN");
  });

  it("sees a formula that overflows at an extreme", () => {
    const naive = checkMatrixFunction({
      name: "sigmoid",
      result: "A",
      cases: (random, examples) => [random.randnMatrix(4, examples)],
      reference: (Z: Matrix) => Z.map((z) => 1 / (1 + Math.exp(-z))),
      extremes: [{ name: "z = 1000", inputs: [Matrix.from([[1000]])] }],
    }).examine((Z) => Z.map((z) => Math.exp(z) / (1 + Math.exp(z))));
    expect(naive.kind).toBe("extreme");
    expect(naive.message).toContain("A is right for ordinary numbers, and NaN for z = 1000");
  });

  it("knows the mistakes an exercise foresaw", () => {
    const finding = sigmoid.examine((Z) => Z.map((z) => 1 / (1 + Math.exp(z))));
    expect(finding).toEqual({
      kind: "known mistake",
      message: "You have σ(−z): check the sign in the exponent.",
    });
  });

  it("sees an argument that was written into", () => {
    const finding = backward.examine((dA, X) => {
      const result = { dW: dW(dA, X), db: db(dA) };
      dA.fill(0);
      return result;
    });
    expect(finding.kind).toBe("changes its argument");
    expect(finding.message).toContain("writes into its argument dA");
  });

  it("says which quantity is missing, or that the answer is nothing to compare", () => {
    expect(backward.examine((dA, X) => ({ dW: dW(dA, X) })).message).toContain(
      "db is missing from what you return",
    );
    expect(square.examine(() => "soon").message).toContain("returned a string; expected G, a 3 × 3 matrix");
  });

  it("points at the first entry that differs when nothing else explains it", () => {
    const finding = square.examine((A) =>
      A.map((entry, row, column) => (row === 1 && column === 2 ? entry + 1 : entry)),
    );
    expect(finding.kind).toBe("wrong");
    expect(finding.message).toContain("8 of 9 entries agree; the first that differs is row 1, column 2");
  });
});

describe("a checker", () => {
  it("shows one output and never throws", () => {
    const outputs = recordOutputs(() => backward(() => todo()));
    expect(outputs).toHaveLength(1);
    expect(outputs[0].content).toContain("○ denseBackward");
  });

  it("gives the same answer each time", () => {
    const once = backward.examine((dA, X) => ({ dW: dA.times(X.transpose()), db: db(dA) }));
    const twice = backward.examine((dA, X) => ({ dW: dA.times(X.transpose()), db: db(dA) }));
    expect(twice).toEqual(once);
  });

  it("does not let an error message become markup", () => {
    const outputs = recordOutputs(() =>
      square(() => {
        throw new Error("<img src=x onerror=alert(1)>");
      }),
    );
    expect(outputs[0].content).not.toContain("<img");
  });
});

describe("a number to predict", () => {
  const check = checkNumber({
    name: "x after one step",
    answer: -8,
    mistakes: [{ value: 28, message: "You stepped uphill: the slope points up, the step goes down." }],
  });
  it("answers each kind of try", () => {
    expect(check.examine(undefined).kind).toBe("not written");
    expect(check.examine(Number.NaN).kind).toBe("not written");
    expect(check.examine(-8).kind).toBe("right");
    expect(check.examine(8).kind).toBe("sign");
    expect(check.examine(28).message).toContain("uphill");
    expect(check.examine(-7).message).toContain("too large");
  });
});
