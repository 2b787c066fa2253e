// A shared parameter: one matrix that two layers use. Two gradients are added into it; it is stepped once and counted once.
import {
  AdamW,
  categoricalCrossEntropyFromLogits,
  checkGradients,
  countParameters,
  Dense,
  Embedding,
  GradientDescent,
  Ids,
  l2,
  Matrix,
  networkFromJson,
  networkToJson,
  Random,
  Sequential,
  TiedHead,
  trainingStep,
  ValueError,
  zeroGradients,
} from "glassbox";
import { describe, expect, test } from "vitest";
import { expectGradients } from "../library/witness";

/** Ids → E's columns → a dense layer → scores by E's columns. */
function tied() {
  const random = new Random(1);
  const embedding = new Embedding(5, 3, { weights: random.randnMatrix(3, 5) });
  const middle = new Dense(3, 3, { random });
  const head = new TiedHead(embedding, { bias: random.randnMatrix(5, 1) });
  return { embedding, middle, head, network: new Sequential<Ids>([embedding, middle, head]) };
}

const ids = new Ids([4, 1, 1, 0]);
const next = new Ids([1, 1, 0, 2]);
const loss = categoricalCrossEntropyFromLogits;

describe("a tied head", () => {
  test("scores each token by its own column, and has the slopes that a nudge measures", () => {
    const { head, embedding } = tied();
    const H = new Random(2).randnMatrix(3, 4);
    const [Z] = head.forward(H);
    expect(Z.equals(embedding.weights.value.transpose().times(H).plus(head.bias.value))).toBe(true);
    expectGradients(head, H, new Random(3));
  });

  test("adds its gradient to the embedding's: the two of the untied network, summed", () => {
    const { network, embedding, middle, head } = tied();
    zeroGradients(network.parameters);
    const [Z, backward] = network.forward(ids);
    backward(loss(Z, next)[1]);

    const alone = new Embedding(5, 3, { weights: embedding.weights.value });
    const out = new Dense(3, 5, { weights: embedding.weights.value.transpose(), bias: head.bias.value });
    const untied = new Sequential<Ids>([alone, new Dense(3, 3, { weights: middle.weights.value }), out]);
    const [scores, back] = untied.forward(ids);
    back(loss(scores, next)[1]);
    expect(Z.equals(scores, 1e-14)).toBe(true);
    const sum = alone.weights.gradient.plus(out.weights.gradient.transpose());
    expect(embedding.weights.gradient.equals(sum, 1e-15)).toBe(true);
    for (const { maxRelative } of checkGradients(network, ids, next, loss))
      expect(maxRelative).toBeLessThan(1e-7);
  });

  test("is counted once, stepped once, decayed once and priced once", () => {
    const { network, embedding } = tied();
    expect(network.parameters.filter((one) => one === embedding.weights)).toHaveLength(1);
    expect(countParameters(network)).toBe(15 + 9 + 3 + 5);
    const before = embedding.weights.value.clone();
    expect(l2(1).penalty(network.parameters)).toBeCloseTo(
      before.norm() ** 2 + network.parameters[1].value.norm() ** 2,
      12,
    );
    trainingStep(network, ids, next, { loss, optimizer: new GradientDescent(0.1) });
    expect(embedding.weights.value.equals(before.minus(embedding.weights.gradient.scale(0.1)))).toBe(true);
    const still = embedding.weights.value.clone();
    zeroGradients(network.parameters);
    new AdamW(0.1, { weightDecay: 0.5 }).step([...network.parameters, embedding.weights]);
    expect(embedding.weights.value.equals(still.scale(1 - 0.1 * 0.5), 1e-15)).toBe(true);
  });
});

describe("a file", () => {
  const through = (network: Sequential<Ids>): Sequential<Ids> =>
    networkFromJson<Ids>(JSON.parse(JSON.stringify(networkToJson(network)))) as Sequential<Ids>;

  test("holds the table of a tied head once, and what is read is tied again", () => {
    const { network, embedding } = tied();
    const text = JSON.stringify(networkToJson(network));
    expect(text.split(String(embedding.weights.value.data[0]))).toHaveLength(2);
    const again = through(network);
    expect((again.layers[2] as TiedHead).embedding).toBe(again.layers[0]);
    expect(countParameters(again)).toBe(countParameters(network));
    expect(again.forward(ids)[0].equals(network.forward(ids)[0])).toBe(true);
  });

  test("holds a shared parameter once, by the layer that has it first and its name there", () => {
    const first = new Dense(3, 3, { random: new Random(1), name: "first" });
    const second = new Dense(3, 3, { weights: first.weights, name: "second" });
    const json = networkToJson(new Sequential([first, second]));
    expect(json.network.layers?.[1].weights?.weights).toEqual({ layer: 1, weights: "weights" });
    const [one, two] = (networkFromJson(json) as Sequential).layers as Dense[];
    expect(two.weights).toBe(one.weights);
    expect(two.bias).not.toBe(one.bias);
    expect(one.weights.value.equals(first.weights.value)).toBe(true);
  });

  test("that names a parameter which is not there, or does not fit, is refused", () => {
    const first = new Dense(3, 2, { random: new Random(1) });
    const json = JSON.parse(
      JSON.stringify(networkToJson(new Sequential([first, new Dense(2, 2, { random: new Random(2) })]))),
    );
    const shared = (value: unknown) => () => {
      json.network.layers[1].weights.weights = value;
      return networkFromJson(json);
    };
    expect(shared({ layer: 7, weights: "weights" })).toThrow(
      /network\.layers\[1\]\.weights\.weights\.layer, got 7/,
    );
    expect(shared({ layer: 1, weights: "forward" })).toThrow(
      /the name of a parameter of "dense" .*, got "forward"/,
    );
    expect(shared({ layer: 1, weights: "weights" })).toThrow(
      /expected a parameter of 2 × 2 .*, got a Matrix of 2 × 3/,
    );
    expect(shared({ layer: 1 })).toThrow(ValueError);
  });
});

describe("a shared parameter of a dense layer", () => {
  test("is the very one of the other layer; a matrix is copied", () => {
    const first = new Dense(3, 3, { random: new Random(1), name: "first" });
    const second = new Dense(3, 3, { weights: first.weights, bias: first.bias, name: "second" });
    const copy = new Dense(3, 3, { weights: first.weights.value });
    expect(second.weights).toBe(first.weights);
    expect(second.bias).toBe(first.bias);
    expect(copy.weights.value).not.toBe(first.weights.value);
    const network = new Sequential([first, second]);
    expect(countParameters(network)).toBe(12);
    expectGradients(network, new Random(4).randnMatrix(3, 2), new Random(5));
  });

  test("must have the shape of the layer", () => {
    const first = new Dense(3, 2, { random: new Random(1) });
    expect(() => new Dense(2, 3, { weights: first.weights })).toThrow(
      "expected weights (outputs × inputs) of 3 × 2, got 2 × 3 to share",
    );
    expect(() => new TiedHead(first as never)).toThrow(ValueError);
    expect(() => tied().head.forward(new Matrix(2, 2))).toThrow("expected 3 features (rows), got 2");
  });
});
