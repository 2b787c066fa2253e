// Positions: the published table, places that begin anew in every sequence, and what each layer refuses.
import {
  LearnedPositions,
  Matrix,
  predict,
  Ragged,
  Random,
  ShapeError,
  SinusoidalPositions,
  sinusoidalPositions,
  ValueError,
} from "glassbox";
import { describe, expect, test } from "vitest";
import { expectClose, goldenSequences } from "../library/golden";

const golden = goldenSequences.positionalEncoding;
const sequences = (layer: LearnedPositions | SinusoidalPositions, X: Ragged): Ragged =>
  predict<Ragged, Ragged>(layer, X);

describe("sinusoidal positions", () => {
  const table = sinusoidalPositions(golden.T, golden.d);

  test("are the published table, to 1e-12", () => {
    golden.first8.forEach((row: number[], t: number) => {
      row.forEach((entry, i) => {
        expect(Math.abs(table.at(i, t) - entry)).toBeLessThanOrEqual(1e-12); // of numbers up to 1
      });
    });
    const dots = golden.dotOfNeighbours.map((_: number, t: number) =>
      table
        .column(t)
        .hadamard(table.column(t + 1))
        .sum(),
    );
    expectClose(dots, golden.dotOfNeighbours, 1e-12);
  });

  test("have as many places as are asked for, the same for every length, and an odd width ends with a sine", () => {
    expect(
      sinusoidalPositions(7, 5).equals(
        new Matrix(5, 7).map((_, i, t) => sinusoidalPositions(40, 5).at(i, t)),
      ),
    ).toBe(true);
    expect(sinusoidalPositions(2, 1).at(0, 1)).toBe(Math.sin(1));
    expect(sinusoidalPositions(3, 4, 100).at(3, 2)).toBe(Math.cos(2 / 10));
  });

  test("are added to every sequence from its beginning", () => {
    const layer = new SinusoidalPositions(64);
    const X = Ragged.of([new Matrix(64, 3), new Matrix(64, 40), new Matrix(64, 1)]);
    const Y = sequences(layer, X);
    expect(Y.sequence(1).equals(new Matrix(64, 40).map((_, i, t) => table.at(i, t)))).toBe(true);
    expect(Y.sequence(0).equals(Y.sequence(1).pickColumns([0, 1, 2]))).toBe(true);
    expect(Y.sequence(2).equals(table.column(0))).toBe(true);
  });
});

describe("learned positions", () => {
  const weights = new Random(1).randnMatrix(2, 4);
  const layer = new LearnedPositions(4, 2, { weights });

  test("add column t to token t, and each column is blamed by all sequences that reach it", () => {
    const X = Ragged.of([new Random(2).randnMatrix(2, 3), new Random(3).randnMatrix(2, 2)]);
    const [Y, backward] = layer.forward(X);
    for (const [token, place] of [0, 1, 2, 0, 1].entries()) {
      expect(Y.columns.column(token).equals(X.columns.column(token).plus(weights.column(place)))).toBe(true);
    }
    backward(Matrix.filled(2, 5, 1));
    expect(layer.weights.gradient.toRows()).toEqual([
      [2, 2, 1, 0],
      [2, 2, 1, 0],
    ]);
  });

  test("end where the table ends", () => {
    expect(() => layer.forward(Ragged.of([new Matrix(2, 2), new Matrix(2, 5)]))).toThrow(
      'LearnedPositions "learned-positions": expected sequences of at most 4 tokens, one a learned place, got one of 5.',
    );
    const state = layer.start();
    layer.next(new Matrix(2, 4), state);
    expect(() => layer.next(new Matrix(2, 1), state)).toThrow(ShapeError);
    expect(state.tokens).toBe(4);
  });

  test("say what is wrong with what they are given", () => {
    expect(() => new LearnedPositions(4, 2)).toThrow(/expected a seeded generator/);
    expect(() => new LearnedPositions(4, 2, { weights: new Matrix(2, 3) })).toThrow(ShapeError);
    expect(() => new LearnedPositions(0, 2, { random: new Random(1) })).toThrow(ValueError);
    expect(() => layer.forward(new Matrix(2, 2) as never)).toThrow(/expected sequences, as Ragged/);
    expect(() => layer.next(new Matrix(2, 1), undefined as never)).toThrow(/the state that start\(\) gave/);
    expect(() => new SinusoidalPositions(2, { base: 0 })).toThrow(ValueError);
    expect(() => sinusoidalPositions(0, 2)).toThrow(ValueError);
    expect(() => sinusoidalPositions(2, 2, Number.NaN)).toThrow(ValueError);
  });
});

test("token by token, both give what they give of the whole", () => {
  const X = new Random(4).randnMatrix(4, 12);
  for (const layer of [new LearnedPositions(12, 4, { random: new Random(5) }), new SinusoidalPositions(4)]) {
    const whole = sequences(layer, Ragged.of([X])).columns;
    const state = layer.start();
    for (const places of [[0], [1, 2, 3], [4, 5, 6, 7, 8, 9, 10, 11]]) {
      expect(layer.next(X.pickColumns(places), state).equals(whole.pickColumns(places))).toBe(true);
    }
  }
});
