// Matrix: entries in rows and columns, the arithmetic of linear algebra, and errors that say what did not fit.
import fc from "fast-check";
import { GlassboxError, Matrix, Random, ShapeError, ValueError } from "glassbox";
import { describe, expect, test } from "vitest";
import { pickColumnsInto, requireFinite } from "../../src/numbers/matrix";
import { entries } from "./witness";

const sizes = fc.integer({ min: 1, max: 7 });
const seeds = fc.integer({ min: 0, max: 1e6 });
const A = Matrix.from([
  [1, 2, 3],
  [4, 5, 6],
]);

describe("making one", () => {
  test("from rows, with a shape to read", () => {
    expect([A.rows, A.columns, A.size, A.shape]).toEqual([2, 3, 6, "2 × 3"]);
    expect([...A.data]).toEqual([1, 4, 2, 5, 3, 6]); // column after column
    expect(A.toRows()).toEqual([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    expect(Matrix.from([]).shape).toBe("0 × 0");
  });

  test("from numbers that lie column after column, and from numbers that lie row after row", () => {
    expect(new Matrix(2, 3, Float64Array.of(1, 4, 2, 5, 3, 6)).equals(A)).toBe(true);
    expect(Matrix.fromRows(2, 3, [1, 2, 3, 4, 5, 6]).equals(A)).toBe(true);
    expect(Matrix.fromRows(0, 3, []).shape).toBe("0 × 3");
  });

  test("of zeros, of one number, with ones on the diagonal, a column, a row", () => {
    expect(Matrix.zeros(1, 2).toRows()).toEqual([[0, 0]]);
    expect(Matrix.filled(1, 2, 7).toRows()).toEqual([[7, 7]]);
    expect(Matrix.identity(2).toRows()).toEqual([
      [1, 0],
      [0, 1],
    ]);
    expect(Matrix.column([1, 2]).toRows()).toEqual([[1], [2]]);
    expect(Matrix.row([1, 2]).toRows()).toEqual([[1, 2]]);
    expect(Matrix.column(new Float32Array([1, 2])).shape).toBe("2 × 1");
  });

  test("keeps the numbers it is given, and copies only when asked", () => {
    const data = Float64Array.of(1, 2);
    const kept = new Matrix(1, 2, data);
    const copy = kept.clone();
    data[0] = 9;
    expect([kept.at(0, 0), copy.at(0, 0)]).toEqual([9, 1]);
  });

  test("refuses sizes that make no matrix, and numbers that do not fill it", () => {
    for (const size of [-1, 1.5, Number.NaN, Infinity, "2", undefined, null]) {
      expect(() => new Matrix(size as never, 2)).toThrow(ValueError);
      expect(() => new Matrix(2, size as never)).toThrow(ValueError);
    }
    expect(() => new Matrix(1e6, 1e6)).toThrow("Matrix: 1000000 × 1000000 numbers do not fit in memory.");
    expect(() => new Matrix(2, 2, new Float64Array(3))).toThrow("expected 4 entries for 2 × 2, got 3");
    expect(() => new Matrix(1, 2, [1, 2] as never)).toThrow(ValueError);
    expect(() => new Matrix(1, 2, new Int32Array(2) as never)).toThrow(ValueError);
    expect(() => Matrix.fromRows(2, 2, [1, 2, 3])).toThrow("expected 4 entries for 2 × 2, got 3");
    expect(() => Matrix.fromRows(1, 1, 7 as never)).toThrow(ValueError);
    expect(() => Matrix.from([[1, 2], [3]])).toThrow("row 0 has 2 entries, but row 1 has 1");
    expect(() => Matrix.from([[1, "2"]] as never)).toThrow('expected a number at row 0, column 1, got "2"');
    for (const rows of [undefined, null, 7, "x", [1, 2], [[1], 2]]) {
      expect(() => Matrix.from(rows as never)).toThrow(ValueError);
    }
    for (const values of [undefined, null, 7, {}, ["a"], [undefined]]) {
      expect(() => Matrix.column(values as never)).toThrow(ValueError);
      expect(() => Matrix.row(values as never)).toThrow(ValueError);
    }
  });
});

describe("reading and writing", () => {
  test("one entry, counted from 0", () => {
    const B = A.clone();
    B.set(1, 2, 60);
    expect([A.at(1, 2), B.at(1, 2), B.at(0, 1)]).toEqual([6, 60, 2]);
  });

  test("a column is a view of its slice of memory", () => {
    const B = A.clone();
    const second = B.column(1);
    expect(second.toRows()).toEqual([[2], [5]]);
    second.set(1, 0, 50);
    expect(B.at(1, 1)).toBe(50);
    for (const j of [3, -1, 0.5, Number.NaN]) expect(() => A.column(j)).toThrow(ShapeError);
  });

  test("a matrix can move to other memory, and takes its numbers along", () => {
    const B = A.clone();
    const memory = new Float32Array(8).subarray(1, 7);
    B.moveTo(memory);
    expect([B.data, B.equals(A), B.clone().data]).toEqual([memory, true, A.data]);
    expect(() => B.moveTo(new Float64Array(5))).toThrow("expected 6 entries for 2 × 3, got 5");
  });

  test("nothing outside", () => {
    for (const [i, j] of [
      [2, 0],
      [0, 3],
      [-1, 0],
      [0, -1],
      [0.5, 0],
      [Number.NaN, 0],
    ]) {
      expect(() => A.at(i, j)).toThrow(ShapeError);
      expect(() => A.clone().set(i, j, 1)).toThrow(ShapeError);
    }
    expect(() => A.at(2, 0)).toThrow("no entry at row 2, column 0; the matrix is 2 × 3");
  });

  test("all entries: filled, copied from another of the same shape", () => {
    expect(A.clone().fill(2).sum()).toBe(12);
    expect(new Matrix(2, 3).copyFrom(A).equals(A)).toBe(true);
    expect(() => new Matrix(3, 2).copyFrom(A)).toThrow(ShapeError);
    expect(() => new Matrix(3, 2).copyFrom([1] as never)).toThrow(ValueError);
  });

  test("columns by index, in any order, again and again", () => {
    expect(A.pickColumns([2, 0, 2]).toRows()).toEqual([
      [3, 1, 3],
      [6, 4, 6],
    ]);
    expect(A.pickColumns([]).shape).toBe("2 × 0");
    for (const index of [3, -1, 0.5, Number.NaN]) expect(() => A.pickColumns([index])).toThrow(ShapeError);
    const into = new Matrix(2, 2);
    pickColumnsInto(A, [0, 2, 1], 1, 3, into);
    expect(into.toRows()).toEqual([
      [3, 2],
      [6, 5],
    ]);
  });
});

describe("arithmetic", () => {
  test("products, on numbers one can follow", () => {
    expect(A.times(A.transpose()).toRows()).toEqual([
      [14, 32],
      [32, 77],
    ]);
    expect(() => A.times(A)).toThrow(
      "cannot multiply 2 × 3 by 2 × 3; the left has 3 columns, the right 2 rows",
    );
  });

  test("keeps the laws of linear algebra", () => {
    fc.assert(
      fc.property(seeds, sizes, sizes, sizes, sizes, (seed, r, k, c, d) => {
        const random = new Random(seed);
        const X = entries(random, r, k);
        const Y = entries(random, k, c);
        const Z = entries(random, c, d);
        expect(
          X.times(Y)
            .times(Z)
            .equals(X.times(Y.times(Z)), 1e-10),
        ).toBe(true);
        expect(X.times(Y).transpose().equals(Y.transpose().times(X.transpose()), 1e-12)).toBe(true);
        expect(X.transpose().transpose().equals(X)).toBe(true);
        expect(X.times(Matrix.identity(k)).equals(X)).toBe(true);
        const U = entries(random, r, k);
        expect(
          X.plus(U)
            .times(Y)
            .equals(X.times(Y).plus(U.times(Y)), 1e-11),
        ).toBe(true);
        expect(X.plus(U).minus(U).equals(X, 1e-15)).toBe(true);
        expect(X.scale(-2).equals(X.plus(X).map((x) => -x))).toBe(true);
        expect(X.sumColumns().equals(X.times(Matrix.filled(k, 1, 1)), 1e-13)).toBe(true);
        expect(Math.abs(X.norm() ** 2 - X.hadamard(X).sum())).toBeLessThan(1e-11);
      }),
    );
  });

  test("entry by entry, with a column spread over all columns", () => {
    const b = Matrix.column([10, 20]);
    expect(A.plus(b).toRows()).toEqual([
      [11, 12, 13],
      [24, 25, 26],
    ]);
    expect(A.minus(b).at(1, 0)).toBe(-16);
    expect(A.hadamard(b).at(1, 2)).toBe(120);
    expect(A.hadamard(A).at(1, 1)).toBe(25);
    for (const f of ["plus", "minus", "hadamard"] as const) {
      expect(() => A[f](A.transpose())).toThrow(ShapeError);
      expect(() => A[f](Matrix.row([1, 2, 3]))).toThrow(`Matrix.${f}: expected 2 × 3, got 1 × 3.`);
      expect(() => A[f](2 as never)).toThrow(ValueError);
    }
    expect(() => A.times([[1]] as never)).toThrow(ValueError);
  });

  test("maps with row and column, and notices a function that returns nothing", () => {
    expect(() => A.map((() => undefined) as never)).toThrow(
      "Matrix.map: expected a number at row 0, column 0, got undefined.",
    );
    expect(A.map((x, i, j) => x * 100 + i * 10 + j).toRows()).toEqual([
      [100, 201, 302],
      [410, 511, 612],
    ]);
  });

  test("leaves its operands alone", () => {
    const before = A.clone();
    A.plus(A).fill(0);
    A.scale(2).fill(0);
    A.transpose().fill(0);
    A.pickColumns([0, 1, 2]).fill(0);
    expect(A.equals(before)).toBe(true);
  });

  test("equality has a tolerance, and NaN equals nothing", () => {
    expect(
      A.equals(
        A.map((x) => x + 1e-9),
        1e-8,
      ),
    ).toBe(true);
    expect(A.equals(A.map((x) => x + 1e-9))).toBe(false);
    expect(A.equals(A.transpose(), Infinity)).toBe(false);
    const nan = Matrix.from([[Number.NaN]]);
    expect(nan.equals(nan, 1)).toBe(false);
    expect(Matrix.from([[Infinity]]).equals(Matrix.from([[Infinity]]))).toBe(true);
  });
});

test("equality refuses a tolerance that is none, wherever the first difference is", () => {
  for (const tolerance of [{}, "1", Number.NaN, -1]) {
    expect(() => A.equals(A.scale(2), tolerance as never)).toThrow(ValueError);
  }
});

test("the check for finite numbers finds a broken one anywhere, and names its place", () => {
  fc.assert(
    fc.property(
      seeds,
      sizes,
      sizes,
      fc.nat(),
      fc.constantFrom(Number.NaN, Infinity, -Infinity),
      (seed, r, c, at, bad) => {
        const X = entries(new Random(seed), r, c).scale(1e300);
        requireFinite("test", "X", X);
        const k = at % X.size;
        X.data[k] = bad;
        const place = `row ${k % r}, column ${Math.floor(k / r)} of ${r} × ${c}`;
        expect(() => requireFinite("test", "X", X)).toThrow(
          `test: expected finite numbers in X, got ${bad} at ${place}.`,
        );
      },
    ),
  );
});

test("thousands of malformed calls throw a GlassboxError, or give a matrix", () => {
  const junk = fc.oneof(fc.anything(), fc.constant(A), fc.double(), fc.constantFrom(-1, 0, 1, 2, 3));
  const calls: ((x: never, y: never) => unknown)[] = [
    (x, y) => new Matrix(x, y),
    (x) => Matrix.from(x),
    (x, y) => Matrix.zeros(x, y),
    (x) => Matrix.column(x),
    (x) => Matrix.row(x),
    (x) => Matrix.identity(x),
    (x, y) => A.at(x, y),
    (x) => A.times(x),
    (x) => A.plus(x),
    (x) => A.minus(x),
    (x) => A.hadamard(x),
    (x) => A.clone().copyFrom(x),
    (x) => A.pickColumns(x),
    (x) => A.map(x),
    (x) => A.scale(x),
    (x) => A.clone().fill(x),
    (x, y) => A.clone().set(0, 0, x ?? y),
    (x, y) => A.equals(x, y),
  ];
  fc.assert(
    fc.property(fc.constantFrom(...calls), junk, junk, (call, x, y) => {
      try {
        call(x as never, y as never);
      } catch (error) {
        expect(error).toBeInstanceOf(GlassboxError);
      }
    }),
    { numRuns: 10_000 },
  );
});
