// A pass: buffers that every step meets again, in one block of memory, and ways back that know their generation.
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import {
  Activation,
  Adam,
  BatchNorm,
  binaryCrossEntropyFromLogits,
  Dense,
  Dropout,
  fit,
  Ids,
  type Layer,
  LayerNorm,
  LogSoftmax,
  Matrix,
  Observe,
  Pass,
  Random,
  Residual,
  relu,
  Sequential,
  Softmax,
  StateError,
  spirals,
  ValueError,
} from "glassbox";
import { describe, expect, test, vi } from "vitest";

const random = (): Random => new Random(5);
const dense = (): Dense => new Dense(3, 3, { random: random() });
const layers: Layer[] = [
  dense(),
  new Activation(relu),
  new Softmax(),
  new LogSoftmax(),
  new Dropout(0.5, { random: random() }),
  new BatchNorm(3),
  new LayerNorm(3),
  new Residual(dense()),
  new Sequential([dense(), new Activation(relu)]),
  new Observe(dense(), {}),
];

describe("a way back belongs to one generation of buffers", () => {
  for (const trained of [true, false]) {
    test.each(layers)(`$name, ${trained ? "training" : "inference"}: throws after a restart`, (layer) => {
      const pass = new Pass({ training: trained });
      const [X, dY] = [random().randnMatrix(3, 4), random().randnMatrix(3, 4)];
      const [, early] = layer.forward(X, pass);
      expect(early(dY).shape).toBe("3 × 4");
      pass.restart();
      expect(() => early(dY)).toThrow(StateError);
      const before = layer.parameters.map(({ gradient }) => gradient.clone());
      const [, late] = layer.forward(X, pass);
      expect(() => early(dY)).toThrow("belongs to an earlier step");
      expect(layer.parameters.map(({ gradient }) => gradient)).toEqual(before); // nothing was added
      expect(late(dY).shape).toBe("3 × 4");
    });
  }

  test("a layer of the reader's own is covered by the network around it", () => {
    const own: Layer = {
      name: "twice",
      parameters: [],
      forward: (input) => [input.scale(2), (dOutput) => dOutput.scale(2)],
    };
    const pass = new Pass();
    const [, back] = new Sequential([own]).forward(Matrix.row([1]), pass);
    pass.restart();
    expect(() => back(Matrix.row([1]))).toThrow(StateError);
  });
});

describe("buffers", () => {
  const step = (pass: Pass, shapes: readonly (readonly [number, number])[]): Matrix[] => {
    pass.restart();
    return shapes.map(([rows, columns]) => pass.take(rows, columns));
  };

  test("are the same matrices in every step after the first, and never overlap", () => {
    const pass = new Pass();
    const shapes = [
      [3, 5],
      [1, 1],
      [2, 7],
      [3, 5],
    ] as const;
    step(pass, shapes);
    const second = step(pass, shapes);
    second.forEach((matrix, i) => {
      matrix.fill(i);
    });
    expect(second.map((matrix) => matrix.sum())).toEqual([0, 1, 28, 45]);
    step(pass, shapes).forEach((matrix, i) => {
      expect(matrix).toBe(second[i]);
    });
    expect(new Set(second.map(({ data }) => data.buffer)).size).toBe(1); // one block
  });

  test("a smaller last batch does not cost the others their matrices", () => {
    const pass = new Pass();
    const [full, last] = [
      [
        [4, 64],
        [2, 64],
      ] as const,
      [
        [4, 10],
        [2, 10],
      ] as const,
    ];
    for (const shapes of [full, full, last]) step(pass, shapes);
    const [a, b] = [step(pass, full), step(pass, last)];
    expect([step(pass, full), step(pass, last)]).toEqual([a, b]);
    expect(step(pass, full)[1]).toBe(a[1]);
    expect(step(pass, last)[1]).toBe(b[1]);
  });

  test("of two hundred lengths keep one block, as large as the largest, and four views a place", () => {
    const pass = new Pass();
    const views = new Set<Matrix>();
    const order = random().permutation(200);
    for (let turn = 0; turn < 3; turn++) {
      for (const length of order) {
        for (const matrix of step(pass, [
          [8, length + 1],
          [8, length + 1],
        ]))
          if (turn === 2) views.add(matrix);
      }
    }
    expect(new Set([...views].map(({ data }) => data.buffer)).size).toBe(1);
    const again = step(pass, [[8, order[0] + 1]]);
    expect(views.has(again[0])).toBe(false); // long forgotten
    const [{ data }] = views;
    expect(data.buffer.byteLength).toBe(2 * 8 * 200 * 8);
  });

  test("a step that asks for more than the block holds gets matrices all the same", () => {
    const pass = new Pass();
    step(pass, [[2, 2]]);
    const large = step(pass, [
      [2, 2],
      [50, 50],
    ]);
    large[1].fill(1);
    large[0].fill(0);
    expect(large[1].sum()).toBe(2500);
  });
});

describe("training", () => {
  const network = (): Sequential => {
    const weights = random();
    return new Sequential([
      new Dense(2, 8, { random: weights }),
      new Activation(relu),
      new LayerNorm(8),
      new Dense(8, 1, { random: weights }),
    ]);
  };
  const options = {
    ...spirals({ points: 30, random: random() }),
    loss: binaryCrossEntropyFromLogits,
    batchSize: 16,
  };

  test("makes no typed array, and so no matrix, in a step: 50 epochs make as many as 500", () => {
    const made = (epochs: number): number => {
      let count = 0;
      const original = globalThis.Float64Array;
      const subarray = vi.spyOn(original.prototype, "subarray");
      globalThis.Float64Array = new Proxy(original, {
        construct(target, args, self) {
          count++;
          return Reflect.construct(target, args, self === globalThis.Float64Array ? target : self);
        },
      });
      try {
        fit(network(), { ...options, optimizer: new Adam(0.01), epochs });
        return count + subarray.mock.calls.length;
      } finally {
        globalThis.Float64Array = original;
        subarray.mockRestore();
      }
    };
    const few = made(50);
    expect(few).toBeGreaterThan(0);
    expect(made(500)).toBe(few);
  });

  test("the heap is as large after 10,000 steps as after 1,000", () => {
    setFlagsFromString("--expose-gc");
    const collect = runInNewContext("gc") as () => void;
    const sizes: number[] = [];
    fit(network(), {
      ...options,
      optimizer: new Adam(0.01),
      epochs: 5000, // of two steps
      onEpoch({ epoch }) {
        if (epoch !== 500 && epoch !== 5000) return;
        collect();
        collect();
        const { heapUsed, arrayBuffers } = process.memoryUsage();
        sizes.push(heapUsed + arrayBuffers);
      },
    });
    const reports = 4500 * 400; // the history keeps a report an epoch, a few hundred bytes each
    expect(sizes[1] - sizes[0]).toBeLessThan(reports);
  });
});

describe("Ids", () => {
  test("are copied whole numbers", () => {
    const from = [3, 0, 7];
    const ids = new Ids(from);
    from[0] = 1;
    expect([[...ids.data], ids.length]).toEqual([[3, 0, 7], 3]);
  });

  test("refuse what names nothing", () => {
    for (const bad of [[-1], [0.5], [Number.NaN], ["1"], [2 ** 31], 7, null]) {
      expect(() => new Ids(bad as never)).toThrow(ValueError);
    }
  });
});
