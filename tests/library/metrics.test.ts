// Metrics are counted by hand on examples small enough to check with a finger.
import fc from "fast-check";
import {
  accuracy,
  argmax,
  auc,
  binaryAccuracy,
  confusionMatrix,
  f1,
  Matrix,
  oneHot,
  precision,
  recall,
  rocCurve,
  rSquared,
  ShapeError,
  ValueError,
} from "glassbox";
import { describe, expect, test } from "vitest";

// Seven applicants; scores above ½: four. Right among them: three. Missed: one.
const scores = Matrix.row([0.9, 0.8, 0.7, 0.6, 0.4, 0.2, 0.1]);
const labels = Matrix.row([1, 1, 0, 1, 1, 0, 0]);

// Three classes, five examples; the last two are taken for others.
const chosen = Matrix.from([
  [5, 0, 1, 9, 0],
  [1, 3, 2, 0, 1],
  [2, 1, 4, 1, 4],
]);
const right = oneHot([0, 1, 2, 1, 0], 3);

describe("accuracy", () => {
  test("counts examples on the right side of the threshold", () => {
    expect(binaryAccuracy(scores, labels)).toBe(5 / 7);
    expect(binaryAccuracy(scores, labels, 0.75)).toBe(5 / 7);
    expect(binaryAccuracy(scores, labels, 0.3)).toBe(6 / 7);
  });

  test("a score of exactly the threshold is a no", () => {
    expect(binaryAccuracy(Matrix.row([0.5]), Matrix.row([0]))).toBe(1);
  });

  test("with several outputs an example is right when all of them are", () => {
    const prediction = Matrix.from([
      [0.9, 0.9],
      [0.9, 0.1],
    ]);
    expect(
      binaryAccuracy(
        prediction,
        Matrix.from([
          [1, 1],
          [1, 1],
        ]),
      ),
    ).toBe(0.5);
  });

  test("with classes the largest score wins, and the first of equals", () => {
    expect(accuracy(chosen, right)).toBe(3 / 5);
    expect(Array.from(argmax(chosen))).toEqual([0, 1, 2, 0, 2]);
    expect(Array.from(argmax(Matrix.from([[1], [1]])))).toEqual([0]);
    expect(() => accuracy(scores, labels)).toThrow(
      "accuracy: expected a row a class, two or more, got 1 × 7. Try binaryAccuracy.",
    );
  });
});

describe("the confusion matrix", () => {
  test("counts who is taken for whom", () => {
    expect(confusionMatrix(scores, labels).toRows()).toEqual([
      [2, 1],
      [1, 3],
    ]);
    expect(confusionMatrix(chosen, right).toRows()).toEqual([
      [1, 0, 1],
      [1, 1, 0],
      [0, 0, 1],
    ]);
  });

  test("its diagonal is the accuracy, its sum the number of examples", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(3), fc.nat(3)), { minLength: 1, maxLength: 50 }), (pairs) => {
        const prediction = oneHot(
          pairs.map(([p]) => p),
          4,
        );
        const target = oneHot(
          pairs.map(([, t]) => t),
          4,
        );
        const confusion = confusionMatrix(prediction, target);
        const diagonal = [0, 1, 2, 3].reduce((sum, k) => sum + confusion.at(k, k), 0);
        expect(confusion.sum()).toBe(pairs.length);
        expect(accuracy(prediction, target)).toBe(diagonal / pairs.length);
      }),
    );
  });
});

describe("precision, recall, F1", () => {
  test("of those called positive, of those that are, and both", () => {
    expect(precision(scores, labels)).toBe(3 / 4);
    expect(recall(scores, labels)).toBe(3 / 4);
    expect(f1(scores, labels)).toBe(3 / 4);
    const strict = { threshold: 0.75 };
    expect(precision(scores, labels, strict)).toBe(1);
    expect(recall(scores, labels, strict)).toBe(2 / 4);
    expect(f1(scores, labels, strict)).toBe((2 * 1 * 0.5) / 1.5);
  });

  test("either class may be the one that is looked for", () => {
    expect(precision(scores, labels, { positive: 0 })).toBe(2 / 3);
    expect(recall(scores, labels, { positive: 0 })).toBe(2 / 3);
    expect(precision(chosen, right, { positive: 0 })).toBe(1 / 2);
    expect(recall(chosen, right, { positive: 1 })).toBe(1 / 2);
  });

  test("with K classes they are plain means over the classes", () => {
    expect(precision(chosen, right)).toBeCloseTo((1 / 2 + 1 + 1 / 2) / 3, 15);
    expect(recall(chosen, right)).toBeCloseTo((1 / 2 + 1 / 2 + 1) / 3, 15);
    expect(f1(chosen, right)).toBeCloseTo((1 / 2 + 2 / 3 + 2 / 3) / 3, 15);
  });

  test("with nothing to count they are 0", () => {
    const none = Matrix.row([0, 0]);
    for (const metric of [precision, recall, f1]) expect(metric(none, none)).toBe(0);
  });
});

describe("the ROC curve", () => {
  test("goes through every threshold that makes a difference", () => {
    const points = rocCurve(scores, labels);
    expect(points[0]).toEqual({ threshold: Infinity, falsePositiveRate: 0, truePositiveRate: 0 });
    expect(points.at(-1)).toEqual({ threshold: 0.1, falsePositiveRate: 1, truePositiveRate: 1 });
    expect(points.find(({ threshold }) => threshold === 0.7)).toEqual({
      threshold: 0.7,
      falsePositiveRate: 1 / 3,
      truePositiveRate: 2 / 4,
    });
  });

  test("equal scores cross together", () => {
    expect(rocCurve(Matrix.row([1, 1, 1, 1]), Matrix.row([1, 0, 1, 0]))).toHaveLength(2);
    expect(auc(Matrix.row([1, 1, 1, 1]), Matrix.row([1, 0, 1, 0]))).toBe(0.5);
  });

  test("the area is the chance that a positive scores higher than a negative", () => {
    expect(auc(scores, labels)).toBeCloseTo(10 / 12, 15); // 12 pairs, two of them in the wrong order
    const score = fc.integer({ min: 0, max: 8 });
    fc.assert(
      fc.property(
        fc.array(score, { minLength: 1 }),
        fc.array(score, { minLength: 1 }),
        (positives, negatives) => {
          const wins = positives.flatMap((p) =>
            negatives.map((n): number => (p > n ? 1 : p === n ? 0.5 : 0)),
          );
          const expected = wins.reduce((a, b) => a + b, 0) / wins.length;
          const target = Matrix.row([...positives.map(() => 1), ...negatives.map(() => 0)]);
          expect(auc(Matrix.row([...positives, ...negatives]), target)).toBeCloseTo(expected, 12);
        },
      ),
    );
  });

  test("needs both classes, and one score an example", () => {
    expect(() => rocCurve(scores, Matrix.filled(1, 7, 1))).toThrow("got only 1");
    expect(() => auc(scores, Matrix.filled(1, 7, 0))).toThrow("got only 0");
    expect(() => rocCurve(chosen, right)).toThrow(ShapeError);
  });
});

describe("R²", () => {
  test("is 1 for a perfect prediction, 0 for the mean, and negative for worse", () => {
    const y = Matrix.row([1, 2, 3, 6]);
    expect(rSquared(y, y)).toBe(1);
    expect(rSquared(Matrix.filled(1, 4, 3), y)).toBe(0);
    expect(rSquared(Matrix.row([6, 3, 2, 1]), y)).toBeLessThan(0);
    expect(rSquared(Matrix.row([1, 2, 3, 5]), y)).toBeCloseTo(1 - 1 / 14, 15);
  });

  test("is a mean over the rows; a row that never changes is all or nothing", () => {
    const y = Matrix.from([
      [1, 2, 3],
      [0.1, 0.1, 0.1],
    ]);
    expect(rSquared(y, y)).toBe(1);
    expect(
      rSquared(
        Matrix.from([
          [1, 2, 3],
          [0, 0, 0],
        ]),
        y,
      ),
    ).toBe(0.5);
    expect(() => rSquared(Matrix.row([1e200, 0]), Matrix.row([0, 1e200]))).toThrow(/overflow/);
  });
});

test("every metric refuses shapes that differ, empty batches, NaN, and things that are no matrices", () => {
  for (const metric of [
    binaryAccuracy,
    accuracy,
    precision,
    recall,
    f1,
    auc,
    rSquared,
    confusionMatrix,
    rocCurve,
  ]) {
    expect(() => metric(new Matrix(3, 2), new Matrix(3, 3))).toThrow(ShapeError);
    expect(() => metric(new Matrix(3, 0), new Matrix(3, 0))).toThrow(ShapeError);
    expect(() => metric(Matrix.filled(2, 2, Number.NaN), new Matrix(2, 2))).toThrow(ValueError);
    expect(() => metric([[1]] as never, new Matrix(1, 1))).toThrow(ValueError);
    expect(() => metric(new Matrix(1, 1), undefined as never)).toThrow(ValueError);
  }
  expect(() => binaryAccuracy(scores, labels, Number.NaN)).toThrow(/threshold/);
  expect(() => precision(scores, labels, { positive: 2 })).toThrow(/positive to be a class below 2, got 2/);
  expect(() => argmax(new Matrix(0, 3))).toThrow(ShapeError);
});
