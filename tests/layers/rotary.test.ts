// The rotation itself, held to complex multiplication: a pair (x, y) at place p is (x + iy)·e^(iθp), θ = 10000^(−2i/size).
import { Matrix, Random } from "glassbox";
import { expect, test } from "vitest";
import { rotate } from "../../src/layers/rotary";

/** Two heads of four rows, and sequences of three and two tokens. */
const SIZE = 4;
const starts = Int32Array.of(0, 3, 5);
const places = [0, 1, 2, 0, 1];

function turned(X: Matrix, direction: 1 | -1, before = 0): Matrix {
  return X.map((_, row, t) => {
    const pair = Math.floor((row % SIZE) / 2);
    const angle = direction * (before + places[t]) * 10_000 ** ((-2 * pair) / SIZE);
    const [x, y] = row % 2 === 0 ? [row, row + 1] : [row - 1, row];
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    return row % 2 === 0 ? X.at(x, t) * cos - X.at(y, t) * sin : X.at(x, t) * sin + X.at(y, t) * cos;
  });
}

test.each([
  ["forward", 1, 0],
  ["back", -1, 0],
  ["forward, behind seven tokens", 1, 7],
] as const)(
  "pairs turn by their own angle, places begin anew in each sequence: %s",
  (_, direction, before) => {
    const X = new Random(1).randnMatrix(2 * SIZE, 5);
    const expected = turned(X, direction, before);
    rotate(X, SIZE, starts, direction, before);
    expect(X.equals(expected, 1e-14)).toBe(true); // the same products and sums, once each
  },
);

test("the second pair of a head of four turns a hundred times more slowly than the first", () => {
  const X = Matrix.from([[1], [0], [1], [0]]);
  rotate(X, SIZE, Int32Array.of(0, 1), 1, 1); // place 1
  expect(X.toRows().flat()).toEqual([Math.cos(1), Math.sin(1), Math.cos(0.01), Math.sin(0.01)]);
});
