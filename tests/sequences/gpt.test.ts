// The block and the GPT against numbers from another automatic differentiation, numerical slopes and TensorFlow.js.
import {
  AdamW,
  categoricalCrossEntropyFromLogits,
  cosineDecay,
  countParameters,
  fit,
  geluTanh,
  gpt,
  Ids,
  type LayerNorm,
  Matrix,
  networkFromJson,
  networkToJson,
  normal,
  type Parameter,
  predict,
  Ragged,
  Random,
  RmsNorm,
  relu,
  SelfAttention,
  ShapeError,
  SwiGlu,
  TransformerBlock,
  ValueError,
  zeroGradients,
} from "glassbox";
import { compareCurves, compareGradients, trainReference } from "glassbox/reference";
import { describe, expect, test } from "vitest";
import { expectClose, goldenSequences } from "../library/golden";
import { expectGradients } from "../library/witness";
import { describeOnEachBackend } from "../support/backends";

const golden = goldenSequences.gradients.gpt;
const loss = categoricalCrossEntropyFromLogits;

/** The golden GPT, with weights drawn as the file says. */
function goldenGpt(tied: boolean) {
  const random = new Random(42);
  const draw = (rows: number, columns: number, size: number): Matrix =>
    random.randnMatrix(rows, columns).scale(size);
  const network = gpt({
    vocabulary: 11,
    width: 8,
    blocks: 2,
    heads: 2,
    context: 6,
    tied,
    epsilon: golden.eps,
    activation: relu,
    random: new Random(1),
  });
  const byName = new Map(network.parameters.map((one) => [one.name, one]));
  const names: Record<string, Parameter> = {};
  const put = (short: string, name: string, value: Matrix): void => {
    const parameter = byName.get(name) as Parameter;
    parameter.value.copyFrom(value);
    names[short] = parameter;
  };
  put("E", "tokens.weights", draw(8, 11, 0.1));
  put("P", "positions.weights", draw(8, 6, 0.1));
  for (const i of [0, 1]) {
    const block = `block${i + 1}`;
    for (const [short, role] of [
      ["q", "query"],
      ["k", "key"],
      ["v", "value"],
      ["o", "output"],
    ]) {
      put(`W${short}${i}`, `${block}.attention.${role}`, draw(8, 8, 0.2));
    }
    put(`W1_${i}`, `${block}.up.weights`, draw(32, 8, 0.2));
    put(`W2_${i}`, `${block}.down.weights`, draw(8, 32, 0.2));
    put(`b1_${i}`, `${block}.up.bias`, draw(32, 1, 0.1));
    put(`b2_${i}`, `${block}.down.bias`, draw(8, 1, 0.1));
    for (const n of [1, 2]) {
      put(
        `n${n}g${i}`,
        `${block}.norm${n}.gamma`,
        draw(8, 1, 0.1).map((x) => 1 + x),
      );
      put(`n${n}b${i}`, `${block}.norm${n}.beta`, draw(8, 1, 0.1));
    }
  }
  put(
    "ng",
    "norm.gamma",
    draw(8, 1, 0.1).map((x) => 1 + x),
  );
  put("nb", "norm.beta", draw(8, 1, 0.1));
  const Wout = draw(11, 8, 0.2);
  if (!tied) put("Wout", "head.weights", Wout);
  put("bout", "head.bias", draw(11, 1, 0.1));
  return { network, names, ids: golden.ids as number[][] };
}

/** Each sequence predicts its own next ids. */
function task(rows: number[][]): { inputs: Ragged<Ids>; targets: Ids } {
  return {
    inputs: Ragged.of(rows.map((row) => new Ids(row.slice(0, -1)))),
    targets: new Ids(rows.flatMap((row) => row.slice(1))),
  };
}

describe("a GPT", () => {
  test.each([
    ["untied", false],
    ["tied", true],
  ] as const)("%s: the golden loss and gradients, to 1e-12", (kind, tied) => {
    const { network, names, ids } = goldenGpt(tied);
    const { inputs, targets } = task(ids);
    zeroGradients(network.parameters);
    const [output, backward] = network.forward(inputs);
    const [value, slope] = loss(output.columns, targets);
    backward(slope);
    const expected = golden[kind];
    expectClose([value], [expected.loss], 1e-12);
    if (!tied) {
      const logits = Matrix.from(golden.logitsFirstSequence);
      expect(output.sequence(0).equals(logits, 1e-12), "logits").toBe(true);
    }
    for (const [name, norm] of Object.entries(expected.gradientNorms as Record<string, number>)) {
      if (names[name] === undefined) continue; // the tied network has no Wout
      expectClose([names[name].gradient.norm()], [norm], 1e-11); // a root of sums of squares, each good to 1e-12
    }
    expect(Object.keys(names)).toHaveLength(Object.keys(expected.gradientNorms).length - (tied ? 1 : 0));
    expect(names.E.gradient.equals(Matrix.from(expected.gradientE), 1e-12)).toBe(true);
    expect(names.Wq0.gradient.equals(Matrix.from(expected.gradientWq0), 1e-12)).toBe(true);
    const first = names.W1_1.gradient.toRows()[0];
    expect(Matrix.row(first).equals(Matrix.row(expected.gradientW1_1FirstRow), 1e-12)).toBe(true);
  });

  test("has as many parameters as the published one, and as the small ones of the course", () => {
    const count = (vocabulary: number, width: number, blocks: number, context: number): number =>
      countParameters(
        gpt({ vocabulary, width, blocks, heads: 4, context, tied: false, random: new Random(1) }),
      );
    expect(count(65, 64, 4, 64)).toBe(goldenSequences.miniGpt.parameters);
    expect(count(80, 32, 2, 32)).toBe(31_504);
  });

  test("knows nothing at first: its loss is ln V, to 1 %", () => {
    const random = new Random(3);
    for (const tied of [true, false]) {
      const network = gpt({ vocabulary: 27, width: 16, blocks: 1, heads: 4, context: 16, tied, random });
      const ids = Array.from({ length: 40 }, () => Array.from({ length: 17 }, () => random.randint(0, 27)));
      const { inputs, targets } = task(ids);
      expect(Math.abs(loss(predict(network, inputs).columns, targets)[0] / Math.log(27) - 1)).toBeLessThan(
        0.01,
      );
    }
  });

  test("comes back from a file as it was, tied as it was", () => {
    const { network, ids } = goldenGpt(true);
    const again = networkFromJson<Ragged<Ids>, Ragged>(JSON.parse(JSON.stringify(networkToJson(network))));
    const { inputs } = task(ids);
    expect(predict(again, inputs).columns.equals(predict(network, inputs).columns)).toBe(true);
    expect(countParameters(again)).toBe(countParameters(network));
  });

  test("refuses what it cannot be, and ids, sequences and places that it does not have", () => {
    const options = { vocabulary: 5, width: 8, blocks: 1, heads: 2, context: 4, random: new Random(1) };
    const network = gpt(options);
    expect(() => gpt({ ...options, heads: 3 })).toThrow(/expected heads that divide the width, 8, got 3/);
    expect(() => gpt({ ...options, random: undefined as never })).toThrow(/gpt: expected a seeded generator/);
    expect(() => gpt({ ...options, blocks: 0 })).toThrow(/gpt: expected blocks to be a whole number/);
    expect(() => gpt({ ...options, layers: 3 } as never)).toThrow(
      /gpt: expected no options but .*got "layers"/,
    );
    const run = (ids: number[]): unknown => network.forward(Ragged.of([new Ids(ids)]));
    expect(() => run([1, 5])).toThrow(/expected ids from 0 to 4, got 5 at token 1/);
    expect(() => run([1, 1, 1, 1, 1])).toThrow(/expected sequences of at most 4 tokens/);
    expect(() => run([])).toThrow(ShapeError);
  });
});

describe("a block", () => {
  test.each(["before", "after"] as const)("with norms %s has the slopes that a nudge measures", (norm) => {
    const random = new Random(4);
    const block = new TransformerBlock(4, { heads: 2, norm, random, initializer: normal(0.5), epsilon: 0.1 });
    for (const { value, decays } of block.parameters) {
      if (decays === false) value.copyFrom(random.randnMatrix(value.rows, value.columns));
    }
    expectGradients(block, Ragged.of([random.randnMatrix(4, 3), random.randnMatrix(4, 1)]), random);
  });

  test("is the composition that it says it is", () => {
    const random = new Random(5);
    const X = Ragged.of([random.randnMatrix(4, 5)]);
    for (const norm of ["before", "after"] as const) {
      const block = new TransformerBlock(4, { heads: 2, norm, random, initializer: normal(0.5) });
      const [n1, n2] = block.norms as [LayerNorm, LayerNorm];
      const attend = (x: Matrix): Matrix => predict<Ragged, Ragged>(block.attention, X.with(x)).columns;
      const think = (x: Matrix): Matrix => predict(block.feedForward, x);
      const x = X.columns;
      const before = (): Matrix => {
        const seen = x.plus(attend(predict(n1, x)));
        return seen.plus(think(predict(n2, seen)));
      };
      const after = (): Matrix => {
        const seen = predict(n1, x.plus(attend(x)));
        return predict(n2, seen.plus(think(seen)));
      };
      const expected = norm === "before" ? before() : after();
      expect(predict<Ragged, Ragged>(block, X).columns.equals(expected, 1e-13)).toBe(true);
    }
  });

  test("takes other parts: RMS norm, SwiGLU, attention with a scale of its own", () => {
    const random = new Random(6);
    const block = new TransformerBlock(4, {
      attention: new SelfAttention(4, { scale: 0.1, random }),
      feedForward: new SwiGlu(4, 6, { random }),
      norms: [new RmsNorm(4), new RmsNorm(4)],
    });
    expectGradients(block, Ragged.of([random.randnMatrix(4, 3)]), random);
    expect(() => new TransformerBlock(4, { random, feedForward: new SwiGlu(3, 6, { random }) })).toThrow(
      ShapeError,
    );
    expect(() => new TransformerBlock(4, { random, norms: [new RmsNorm(4)] as never })).toThrow(
      /expected two layers as norms, got an array of 1/,
    );
    expect(() => new TransformerBlock(4, { random, attention: geluTanh as never })).toThrow(ValueError);
    expect(() => new TransformerBlock(4, { random, norm: "inside" as never })).toThrow(
      /expected norm to be "before"/,
    );
    expect(() => new TransformerBlock(4, {})).toThrow(/expected a seeded generator/);
    expect(() => new SwiGlu(4, 6)).toThrow(/expected a seeded generator/);
  });

  test("of a published layer that never splits its heads: one head, as large as the width", () => {
    const random = new Random(7);
    const X = Ragged.of([random.randnMatrix(8, 5)]);
    const one = new SelfAttention(8, { heads: 1, random, initializer: normal(0.5) });
    const { query, key, value, output } = one;
    const eight = new SelfAttention(8, { heads: 4, weights: { query, key, value, output } });
    const [a, b] = [one, eight].map((layer) => predict<Ragged, Ragged>(layer, X).columns);
    expect(a.equals(b, 1e-3)).toBe(false);
  });
});

describe("SwiGLU", () => {
  test("by hand: one unit, gate 1, up 2, down 3", () => {
    const [gate, up, down] = [1, 2, 3].map((w) => Matrix.filled(1, 1, w));
    const y = predict(new SwiGlu(1, 1, { gate, up, down }), Matrix.row([1, 0, -1]));
    const silu = (z: number): number => z / (1 + Math.exp(-z));
    expectClose(y.data, [3 * 2 * silu(1), 0, 3 * -2 * silu(-1)], 1e-14);
  });
});

describe("decay", () => {
  const drop = (decays?: (parameter: Parameter) => boolean): Record<string, boolean> => {
    const network = gpt({ vocabulary: 5, width: 4, blocks: 1, heads: 2, context: 4, random: new Random(1) });
    for (const { value } of network.parameters) value.fill(1);
    zeroGradients(network.parameters);
    new AdamW(0.1, { weightDecay: 0.5, ...(decays && { decays }) }).step(network.parameters);
    return Object.fromEntries(network.parameters.map(({ name, value }) => [name, value.at(0, 0) < 1]));
  };

  test("shrinks matrices, and no bias, scale or shift", () => {
    expect(
      Object.entries(drop())
        .filter(([, shrank]) => !shrank)
        .map(([name]) => name),
    ).toEqual([
      "block1.norm1.gamma",
      "block1.norm1.beta",
      "block1.attention.outputBias",
      "block1.norm2.gamma",
      "block1.norm2.beta",
      "block1.up.bias",
      "block1.down.bias",
      "norm.gamma",
      "norm.beta",
      "head.bias",
    ]);
  });

  test("is a choice: tables of tokens and positions may be spared, or all shrink; an answer must be yes or no", () => {
    const spared = drop(({ name, decays }) => decays !== false && !/^(tokens|positions)\./.test(name));
    expect([spared["tokens.weights"], spared["positions.weights"], spared["block1.up.weights"]]).toEqual([
      false,
      false,
      true,
    ]);
    expect(Object.values(drop(() => true)).every((shrank) => shrank)).toBe(true);
    expect(() => drop(() => 1 as never)).toThrow(
      /AdamW: expected the answer of decays for tokens.weights to be true or false/,
    );
    expect(() => new AdamW(0.1, { decays: "all" as never })).toThrow(ValueError);
  });
});

describeOnEachBackend("a small GPT against TensorFlow.js", () => {
  const random = new Random(9);
  const made = gpt({ vocabulary: 11, width: 8, blocks: 2, heads: 2, context: 6, random });
  const rows = Array.from({ length: 8 }, () => {
    const first = random.randint(0, 3);
    return Array.from({ length: 7 }, (_, t) => (first + 2 * t) % 11);
  });
  const { inputs } = task(rows);
  const targets = inputs.with(task(rows).targets);

  test("has the same gradients, tensor by tensor", () => {
    expect(compareGradients(made, inputs, targets, loss).agrees).toBe(true);
  });

  test("takes the same 20 steps, with decay, a schedule and clipping", () => {
    const network = networkFromJson<Ragged<Ids>, Ragged>(networkToJson(made));
    const options = {
      inputs,
      targets,
      loss,
      optimizer: new AdamW(0.01, {
        weightDecay: 0.1,
        epsilon: 1e-4,
        decays: ({ name }: Parameter) => name !== "tokens.weights",
      }),
      epochs: 10,
      batchSize: 4,
      random: new Random(4),
      schedule: cosineDecay(0.01, { steps: 20 }),
      scheduleEvery: "step" as const,
      clip: { norm: 1 },
    };
    const theirs = trainReference(network, options);
    const { loss: ours } = fit(network, options);
    expect(ours[9]).toBeLessThan(ours[0] - 0.1);
    const report = compareCurves(ours, theirs.loss, {
      tolerance: 1e-5,
      cause: "float32",
      reason: "20 steps of a network whose losses are near 2; each step adds some 1e-7",
    });
    expect(report.agrees).toBe(true);
    expect(theirs.predict(inputs).equals(predict(network, inputs).columns, 1e-3)).toBe(true);
  });
});
