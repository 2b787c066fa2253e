// The three recurrent layers: golden states and slopes, sequences of every length side by side, states handed on.
import fc from "fast-check";
import {
  type AnyLayer,
  columnsOf,
  Gru,
  Ids,
  type Layer,
  Lstm,
  Matrix,
  Pass,
  predict,
  Ragged,
  Random,
  Recurrent,
  Sequential,
  ShapeError,
  Snapshot,
  simd,
  ValueError,
  zeroGradients,
} from "glassbox";
import { describe, expect, test } from "vitest";
import { expectClose, goldenSequences } from "../library/golden";
import { entries, expectGradients } from "../library/witness";

const rows = (matrix: Matrix) => matrix.toRows().flat();
const flat = (list: number[][]) => list.flat();

/** Gates in the golden file's order, stacked in ours. */
function stacked(parts: Record<string, Matrix>): Matrix {
  const { f, i, g, o } = parts as Record<"f" | "i" | "g" | "o", Matrix>;
  return Matrix.from([i, f, g, o].flatMap((part) => part.toRows()));
}

/** One gate of a stacked matrix. */
const gate = (matrix: Matrix, k: number, units: number) => matrix.toRows().slice(k * units, (k + 1) * units);

describe("the golden recurrent layer", () => {
  const { rnn } = goldenSequences;
  const make = () =>
    new Recurrent(4, 3, { inputWeights: Matrix.from(rnn.Wx), stateWeights: Matrix.from(rnn.Wh) });
  const input = Ragged.of([Matrix.from(rnn.sequence).transpose()]);

  test("has its three states, and its 24 numbers", () => {
    const layer = make();
    const [states] = layer.forward(input);
    expectClose(rows(states.columns.transpose()), flat(rnn.states), 1e-12);
    const numbers = layer.parameters.reduce((sum, { value }) => sum + value.size, 0);
    expect(numbers).toBe(rnn.parameters);
  });

  test("has the slopes of the sum of its last state", () => {
    const layer = make();
    const [, backward] = layer.forward(input);
    const dX = backward(new Matrix(3, 3).map((_, _i, t) => (t === 2 ? 1 : 0)));
    const slopes = rnn.gradientsOfSumOfLastState;
    expectClose(rows(layer.inputWeights.gradient), flat(slopes.dWx), 1e-12);
    expectClose(rows(layer.stateWeights.gradient), flat(slopes.dWh), 1e-12);
    expectClose(rows(layer.bias.gradient), slopes.db, 1e-12);
    expectClose(rows(dX.transpose()), flat(slopes.dX), 1e-12);
  });

  test("is what its initializer draws with seed 42", () => {
    const layer = new Recurrent(4, 3, { random: new Random(42) });
    expectClose(rows(layer.inputWeights.value), flat(rnn.Wx), 1e-15);
    expectClose(rows(layer.stateWeights.value), flat(rnn.Wh), 1e-15);
  });
});

describe("the golden LSTM", () => {
  const { lstm } = goldenSequences.gradients;

  test("has its states, its cells and every slope", () => {
    const random = new Random(42);
    const [Wx, Wh]: Record<string, Matrix>[] = [{}, {}];
    for (const name of ["f", "i", "g", "o"]) {
      Wx[name] = random.randnMatrix(4, 3).scale(1 / Math.sqrt(3));
      Wh[name] = random.randnMatrix(4, 4).scale(1 / Math.sqrt(4));
    }
    const X = random.randnMatrix(3, 5);
    const U = random.randnMatrix(4, 5);
    const layer = new Lstm(3, 4, { inputWeights: stacked(Wx), stateWeights: stacked(Wh) });
    const [states, backward] = layer.forward(Ragged.of([X]));
    expectClose(rows(states.columns), flat(lstm.states), 1e-12);
    expectClose([states.columns.hadamard(U).sum()], [lstm.weightedSum], 1e-12);
    const state = layer.start();
    for (let t = 0; t < 5; t++) {
      layer.next(X.column(t), state);
      expectClose(
        state.cell.data,
        lstm.cells.map((row: number[]) => row[t]),
        1e-12,
      );
    }
    const dX = backward(U);
    for (const [k, name] of ["i", "f", "g", "o"].entries()) {
      expectClose(gate(layer.inputWeights.gradient, k, 4).flat(), flat(lstm.gradients[`Wx_${name}`]), 1e-12);
      expectClose(gate(layer.stateWeights.gradient, k, 4).flat(), flat(lstm.gradients[`Wh_${name}`]), 1e-12);
      expectClose(gate(layer.bias.gradient, k, 4).flat(), flat(lstm.gradients[`b_${name}`]), 1e-12);
    }
    expectClose(rows(dX), flat(lstm.dX), 1e-12);
  });
});

/** Layers of each kind, with biases that are not 0. */
const kinds: [string, (random: Random, carry?: number) => Recurrent | Lstm | Gru][] = [
  ["Recurrent", (random, carry) => new Recurrent(3, 4, { random, bias: random.randnMatrix(4, 1), carry })],
  ["Lstm", (random, carry) => new Lstm(3, 4, { random, bias: random.randnMatrix(16, 1), carry })],
  ["Gru", (random, carry) => new Gru(3, 4, { random, bias: random.randnMatrix(12, 1), carry })],
];

const sequences = (random: Random, lengths: readonly number[]) =>
  Ragged.of(lengths.map((length) => random.randnMatrix(3, length)));

describe.each(kinds)("%s", (_name, make) => {
  test("sees each sequence alone, whatever lies beside it, forwards and backwards", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 6 }),
        fc.nat(1000),
        (lengths, seed) => {
          const random = new Random(seed);
          const layer = make(random);
          const all = sequences(random, lengths);
          const U = entries(random, 4, all.tokens);
          zeroGradients(layer.parameters);
          const [together, backward] = layer.forward(all);
          const dAll = all.with(backward(U));
          const sums = layer.parameters.map(({ gradient }) => gradient.clone());
          zeroGradients(layer.parameters);
          for (let s = 0; s < all.length; s++) {
            const [alone, back] = layer.forward(Ragged.of([all.sequence(s)]));
            expectClose(alone.columns.data, together.sequence(s).data, 1e-13);
            const dAlone = back(all.with(U).sequence(s));
            expect(dAlone.equals(dAll.sequence(s), 1e-12 * Math.max(1, dAlone.norm()))).toBe(true);
          }
          // gradients of several sequences add up
          layer.parameters.forEach(({ gradient }, i) => {
            expect(gradient.equals(sums[i], 1e-11 * Math.max(1, gradient.norm()))).toBe(true);
          });
        },
      ),
      { numRuns: 30 },
    );
  });

  test.each([[[1]], [[1, 1, 1]], [[7]], [[3, 1, 5]], [[2, 6, 6, 1]]])(
    "has the slopes that a nudge measures, for lengths %j",
    (lengths) => {
      const random = new Random(8);
      expectGradients<Ragged, Ragged>(make(random), sequences(random, lengths), random);
    },
  );

  test("token by token says what it says of the whole, and a state is the caller's", () => {
    const random = new Random(5);
    const layer = make(random);
    const all = sequences(random, [6, 6]);
    const whole = predict(layer, all);
    const states = [layer.start(), layer.start()];
    for (const [from, size] of [
      [0, 1],
      [1, 3],
      [4, 2],
    ]) {
      states.forEach((state, s) => {
        const columns = Array.from({ length: size }, (_, k) => from + k);
        const part = layer.next(all.sequence(s).pickColumns(columns), state);
        expectClose(part.data, whole.sequence(s).pickColumns(columns).data, 1e-13);
      });
    }
  });

  test("hands its state on in training, and the gradient stops there", () => {
    const random = new Random(6);
    const carrying = make(random, 2);
    const plain = make(new Random(6));
    const all = sequences(random, [9, 9]);
    const whole = plain.forward(all)[0];
    const pass = new Pass({ training: true });
    // the second is longer, so that it is walked through first; both go on where they were
    for (const places of [
      [columnsFrom(0, 2), columnsFrom(0, 4)],
      [columnsFrom(2, 3), columnsFrom(4, 6)],
      [columnsFrom(3, 9), columnsFrom(6, 9)],
    ]) {
      const before = new Snapshot(carrying, { parameters: false });
      const input = Ragged.of(places.map((columns, s) => all.sequence(s).pickColumns(columns)));
      const [output] = carrying.forward(input, pass);
      places.forEach((columns, s) => {
        expectClose(output.sequence(s).data, whole.sequence(s).pickColumns(columns).data, 1e-13);
      });
      const after = new Snapshot(carrying, { parameters: false });
      // the slopes of a part are those of the part alone, with the state that it began with held still
      expectGradients<Ragged, Ragged>(carrying, input, random, {
        training: true,
        redraw: () => before.restore(),
      });
      after.restore();
    }
    carrying.forget();
    const [again] = carrying.forward(
      Ragged.of([0, 1].map((s) => all.sequence(s).pickColumns(columnsFrom(0, 4)))),
      pass,
    );
    expectClose(again.sequence(1).data, whole.sequence(1).pickColumns(columnsFrom(0, 4)).data, 1e-13);
    // in inference a sequence begins anew
    const [fresh] = carrying.forward(all);
    expectClose(fresh.columns.data, whole.columns.data, 1e-13);
    expect(() => carrying.forward(Ragged.of([all.sequence(0)]), pass)).toThrow(ShapeError);
  });

  test("computes the same bits on the SIMD engine, forwards and backwards", async () => {
    const engine = await simd();
    const random = new Random(9);
    const layer = make(random);
    const all = sequences(random, [5, 9, 1, 9]);
    const U = entries(random, 4, all.tokens);
    const run = (pass: Pass) => {
      zeroGradients(layer.parameters);
      const [output, backward] = layer.forward(all, pass);
      const dX = backward(U);
      return [output.columns, dX, ...layer.parameters.map(({ gradient }) => gradient)].map((m) => [
        ...m.data,
      ]);
    };
    expect(run(new Pass({ engine }))).toEqual(run(new Pass()));
    engine.close();
  });

  test("takes its buffers from the pass: a second step of the same lengths asks for no memory", () => {
    const random = new Random(10);
    const layer = make(random);
    const all = sequences(random, [5, 3, 5]);
    const pass = new Pass({ training: true });
    const seen = [0, 1, 2].map(() => {
      pass.restart();
      const [output, backward] = layer.forward(all, pass);
      const both = [output.columns, backward(output.columns)];
      return { both, numbers: both.map((matrix) => [...matrix.data]) };
    });
    expect(seen[1].numbers).toEqual(seen[0].numbers);
    expect(seen[2].numbers).toEqual(seen[0].numbers);
    expect(seen[2].both[0]).toBe(seen[1].both[0]);
    expect(seen[2].both[1]).toBe(seen[1].both[1]);
  });

  test("skips the slope of its input when nobody asks for it", () => {
    const layer = make(new Random(11));
    const [output, backward] = layer.forward(
      sequences(new Random(1), [3]),
      new Pass({ inputGradient: false }),
    );
    expect(backward(output.columns).size).toBe(0);
    expect(layer.inputWeights.gradient.norm()).toBeGreaterThan(0);
  });

  test("refuses what is no sequence, no state, or not its own size", () => {
    const layer = make(new Random(12));
    const title = `${_name} "${_name.toLowerCase()}"`;
    expect(() => layer.forward(new Matrix(3, 2) as unknown as Ragged)).toThrow(
      `${title}: expected sequences, as Ragged.of([…]), got a Matrix of 3 × 2.`,
    );
    expect(() => layer.forward(Ragged.of([new Ids([1])]) as unknown as Ragged)).toThrow(ValueError);
    expect(() => layer.forward(Ragged.of([new Matrix(2, 2)]))).toThrow(
      `${title}: expected 3 features (rows), got 2.`,
    );
    expect(() => layer.forward(Ragged.of([Matrix.filled(3, 1, Number.NaN)]))).toThrow(ValueError);
    expect(() => layer.next(new Matrix(3, 1), { hidden: new Matrix(3, 1) })).toThrow(
      `${title}: expected the state that start() gave`,
    );
    expect(() => new (layer.constructor as typeof Recurrent)(0, 2)).toThrow(ValueError);
    expect(() => new (layer.constructor as typeof Recurrent)(2, 2)).toThrow(/expected a seeded generator/);
    const wrong = { inputWeights: new Matrix(1, 1), random: new Random(1) };
    expect(() => new (layer.constructor as typeof Recurrent)(2, 2, wrong)).toThrow(ShapeError);
    expect(() => new Sequential<Ragged, Ragged>([layer, layer] as AnyLayer[])).toThrow(ShapeError);
  });
});

const columnsFrom = (from: number, to: number) => Array.from({ length: to - from }, (_, k) => from + k);

describe("an LSTM's first numbers", () => {
  test("the forget gate's bias is 1, or what is asked for; the others are 0", () => {
    for (const [options, expected] of [
      [{}, 1],
      [{ forgetBias: 0 }, 0],
      [{ forgetBias: 3 }, 3],
    ] as const) {
      const { bias } = new Lstm(2, 3, { random: new Random(1), ...options });
      expect([...bias.value.data]).toEqual([0, 0, 0, expected, expected, expected, 0, 0, 0, 0, 0, 0]);
      expect(bias.decays).toBe(false);
    }
  });

  test("each gate's weights are drawn as a small layer's, one after the other", () => {
    const { inputWeights, stateWeights } = new Lstm(2, 3, { random: new Random(4) });
    const random = new Random(4);
    for (const [parameter, columns] of [
      [inputWeights, 2],
      [stateWeights, 3],
    ] as const) {
      for (let k = 0; k < 4; k++) {
        const drawn = random.randnMatrix(3, columns).scale(1 / Math.sqrt(columns));
        expectClose(gate(parameter.value, k, 3).flat(), rows(drawn), 1e-15);
      }
    }
  });
});

describe("how far a slope comes back", () => {
  /** The size of the slope of the last state along the state so many steps before it. */
  const reach = (layer: Layer<Ragged, Ragged>, steps: number) => {
    const input = Ragged.of([new Random(2).randnMatrix(3, steps + 1).scale(0.1)]);
    const [output, backward] = layer.forward(input);
    const last = new Matrix(columnsOf(output).rows, steps + 1).map((_, _i, t) => (t === steps ? 1 : 0));
    return backward(last).column(0).norm();
  };

  test("an open forget gate carries it further, gate by gate", () => {
    const measured = [0, 1, 3].map((forgetBias) =>
      reach(new Lstm(3, 8, { forgetBias, random: new Random(1) }), 20),
    );
    expect(measured[1]).toBeGreaterThan(50 * measured[0]);
    expect(measured[2]).toBeGreaterThan(5 * measured[1]);
  });
});
