// Mini-batches of sequences: an example is a whole sequence, and stays with its targets and weights.
import {
  Adam,
  accuracy,
  categoricalCrossEntropyFromLogits,
  Dense,
  Embedding,
  findLearningRate,
  fit,
  GradientDescent,
  Ids,
  type Layer,
  Matrix,
  meanSquaredError,
  Ragged,
  Random,
  SelfAttention,
  Sequential,
  ShapeError,
  simd,
} from "glassbox";
import { describe, expect, test } from "vitest";

/** Sequences of 1 to 6 tokens that count upwards in steps of one; the target of each token is its successor. */
function counting(many: number): { inputs: Ragged<Ids>; targets: Ragged<Ids> } {
  const random = new Random(11);
  const sequences = Array.from({ length: many }, () => {
    const [first, length] = [random.randint(0, 8), random.randint(1, 7)];
    return Array.from({ length }, (_, t) => (first + t) % 8);
  });
  return {
    inputs: Ragged.of(sequences.map((one) => new Ids(one))),
    targets: Ragged.of(sequences.map((one) => new Ids(one.map((id) => (id + 1) % 8)))),
  };
}

function network(): Sequential<Ragged<Ids>, Ragged> {
  const random = new Random(12);
  const draw = (): Matrix => random.randnMatrix(4, 4).scale(0.5);
  return new Sequential<Ragged<Ids>, Ragged>([
    new Embedding(8, 4, { weights: random.randnMatrix(4, 8) }),
    new SelfAttention(4, {
      heads: 2,
      bias: "none",
      weights: { query: draw(), key: draw(), value: draw(), output: draw() },
    }),
    new Dense(4, 8, { random }),
  ]);
}

const settings = () => ({ loss: categoricalCrossEntropyFromLogits, optimizer: new Adam(0.02) });

describe("mini-batches of sequences", () => {
  test("keep every sequence whole, with its own targets and weights, each once an epoch", () => {
    const seen: [starts: number[], ids: number[]][] = [];
    const inner = new Embedding(8, 1, { weights: Matrix.row([0, 1, 2, 3, 4, 5, 6, 7]) });
    const spy: Layer<Ragged<Ids>, Ragged> = {
      name: "spy",
      takesSequences: true,
      parameters: inner.parameters,
      forward(input, pass) {
        if (pass?.training) seen.push([[...input.starts], [...input.columns.data]]);
        const [output, backward] = inner.forward(input.columns, pass);
        return [input.with(output), backward];
      },
    };
    const data = counting(7);
    const weights = data.inputs.with(
      new Matrix(1, data.inputs.tokens).map((_, _i, j) => 1 + data.inputs.columns.data[j]),
    );
    fit(spy, {
      inputs: data.inputs,
      targets: data.targets,
      sampleWeights: weights,
      loss: (prediction, target, options) => {
        const successors = (target as unknown as Ids).data;
        prediction.data.forEach((id, j) => {
          expect(successors[j]).toBe((id + 1) % 8);
          expect(options?.weights?.data[j]).toBe(1 + id);
        });
        return [0, prediction.scale(0)];
      },
      optimizer: new GradientDescent(1e-9),
      epochs: 2,
      batchSize: 3,
      random: new Random(5),
    });
    expect(seen.map(([starts]) => starts.length - 1)).toEqual([3, 3, 1, 3, 3, 1]);
    const all = (batches: typeof seen): string[] =>
      batches
        .flatMap(([starts, ids]) => starts.slice(1).map((end, s) => ids.slice(starts[s], end).join()))
        .sort();
    const expected = Array.from({ length: 7 }, (_, s) => [...data.inputs.sequence(s).data].join()).sort();
    expect(all(seen.slice(0, 3))).toEqual(expected);
    expect(all(seen.slice(3))).toEqual(expected);
  });

  test("learn to count, with validation and accuracy on class numbers", () => {
    const data = counting(60);
    const history = fit(network(), {
      ...settings(),
      ...data,
      validation: counting(9),
      metrics: { accuracy },
      epochs: 40,
      batchSize: 16,
      random: new Random(1),
    });
    expect(history.loss[0]).toBeGreaterThan(1);
    expect(history.epochs[39].metrics.accuracy).toBe(1);
    expect(history.epochs[39].validationMetrics?.accuracy).toBe(1);
  });

  test("one target a sequence: the targets are no sequences then", () => {
    const data = counting(6);
    const firstToken: Layer<Ragged<Ids>, Matrix> = {
      name: "first token",
      takesSequences: true,
      parameters: new Embedding(8, 2, { random: new Random(1) }).parameters,
      forward(input) {
        const [weights] = this.parameters;
        const firsts = [...input.starts].slice(0, -1).map((start) => input.columns.data[start]);
        const backward = (dOutput: Matrix): undefined => {
          firsts.forEach((id, j) => {
            for (let i = 0; i < 2; i++) weights.gradient.data[2 * id + i] += dOutput.at(i, j);
          });
          return undefined;
        };
        return [weights.value.pickColumns(firsts), backward];
      },
    };
    const classes = new Ids(Array.from({ length: 6 }, (_, s) => data.inputs.sequence(s).data[0] % 2));
    const history = fit(firstToken, {
      ...settings(),
      inputs: data.inputs,
      targets: classes,
      epochs: 200,
      batchSize: 4,
      random: new Random(2),
    });
    expect(history.loss.at(-1)).toBeLessThan(0.1);
  });

  test("the same numbers on every engine of float64, to the bit", async () => {
    const engine = await simd();
    const data = counting(12);
    const run = (chosen?: typeof engine) => {
      const one = network();
      const history = fit(one, {
        ...settings(),
        ...data,
        epochs: 3,
        batchSize: 5,
        random: new Random(3),
        engine: chosen,
      });
      return [history.loss, one.parameters.map(({ value }) => [...value.data])];
    };
    expect(run(engine)).toEqual(run());
    engine.close();
  });

  test("plain columns of ids are examples by themselves", () => {
    const model = new Sequential<Ids>([
      new Embedding(4, 3, { random: new Random(1) }),
      new Dense(3, 4, { random: new Random(2) }),
    ]);
    const inputs = new Ids([0, 1, 2, 3, 0, 1]);
    const targets = new Ids([1, 2, 3, 0, 1, 2]);
    const { trials } = findLearningRate(model, {
      inputs,
      targets,
      loss: categoricalCrossEntropyFromLogits,
      batchSize: 2,
    });
    expect(trials.length).toBeGreaterThan(10);
    const history = fit(model, {
      ...settings(),
      inputs,
      targets,
      epochs: 300,
      batchSize: 4,
      random: new Random(3),
    });
    expect(history.loss.at(-1)).toBeLessThan(0.05);
  });

  test("data that do not fit together are refused before the first step", () => {
    const { inputs, targets } = counting(4);
    const refuse = (wrong: object, kind: new (message: string) => Error, message: RegExp): void => {
      const call = () => fit(network(), { ...settings(), inputs, targets, epochs: 1, ...wrong });
      expect(call).toThrow(kind);
      expect(call).toThrow(message);
    };
    refuse({ targets: counting(5).targets }, ShapeError, /expected one target a token of the inputs/);
    refuse(
      { targets: new Ids([1, 2]) },
      ShapeError,
      /expected one target a sequence of the inputs; .* in 4 sequences, the targets 2 ids/,
    );
    refuse({ inputs: new Ids([1]), targets }, ShapeError, /expected sequences as inputs, as the targets are/);
    refuse(
      { validation: { inputs: new Ids([1]), targets: new Ids([1]) } },
      ShapeError,
      /of the kind that they have for training/,
    );
    refuse(
      { targets: targets.with(new Ids([...targets.columns.data].map(() => 8))) },
      Error,
      /class numbers from 0 to 7/,
    );
    refuse({ targets: [1] }, Error, /the targets as a Matrix/);
    refuse({ loss: meanSquaredError }, Error, /Class numbers are names, not amounts/);
  });
});
