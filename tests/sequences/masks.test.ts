// A mask does not dilute the mean: what is masked is not there, in the loss, in its slope, in a step and in an epoch.
import {
  Adam,
  categoricalCrossEntropyFromLogits,
  Dense,
  Embedding,
  fit,
  GradientDescent,
  Ids,
  Matrix,
  meanSquaredError,
  Ragged,
  Random,
  Sequential,
  trainingStep,
} from "glassbox";
import { describe, expect, test } from "vitest";

const network = (): Sequential<Ragged<Ids>, Ragged> =>
  new Sequential<Ragged<Ids>, Ragged>([
    new Embedding(4, 3, { random: new Random(1) }),
    new Dense(3, 4, { random: new Random(2) }),
  ]);
const inputs = Ragged.of([new Ids([0, 1, 2]), new Ids([3, 1])]);
const targets = Ragged.of([new Ids([1, 2, 3]), new Ids([1, 0])]);
const mask = Ragged.of([Matrix.row([1, 0, 1]), Matrix.row([0, 1])]);
const loss = categoricalCrossEntropyFromLogits;

describe("a mask", () => {
  test("leaves the mean of what it does not hide", () => {
    const kept = [0, 2, 4];
    const logits = new Random(3).randnMatrix(4, 5);
    const [value, slope] = loss(logits, targets.columns, { weights: mask.columns });
    const [alone, aloneSlope] = loss(logits.pickColumns(kept), new Ids([1, 3, 0]));
    expect(value).toBe(alone);
    expect(slope.pickColumns(kept).equals(aloneSlope)).toBe(true);
    expect(slope.pickColumns([1, 3]).equals(new Matrix(4, 2))).toBe(true);
  });

  test("makes the step that the tokens it does not hide make alone", () => {
    const [masked, short] = [network(), network()];
    const options = () => ({ loss, optimizer: new GradientDescent(0.5) });
    trainingStep(masked, inputs, targets, { ...options(), weights: mask.columns });
    const alone = Ragged.of([new Ids([0, 2, 1])]);
    trainingStep(short, alone, new Ids([1, 3, 0]), options());
    masked.parameters.forEach(({ value }, i) => {
      expect(value.equals(short.parameters[i].value, 1e-15)).toBe(true);
    });
  });

  test("counts in an epoch as it counts in a batch, so the loss does not depend on how the epoch is cut", () => {
    const still = () => new GradientDescent(1e-300); // moves nothing
    const run = (batchSize: number): number =>
      fit(network(), { inputs, targets, sampleWeights: mask, loss, optimizer: still(), epochs: 1, batchSize })
        .loss[0];
    expect(run(1)).toBeCloseTo(run(2), 14);
  });

  test("that hides a whole batch makes no step, and one that hides all is refused", () => {
    const none = Ragged.of([new Matrix(1, 3), Matrix.row([1, 1])]);
    const [masked, short] = [network(), network()];
    const options = { loss, epochs: 3, batchSize: 1 };
    fit(masked, { ...options, inputs, targets, sampleWeights: none, optimizer: new Adam(0.1) });
    const second = { inputs: Ragged.of([inputs.sequence(1)]), targets: Ragged.of([targets.sequence(1)]) };
    fit(short, { ...options, ...second, optimizer: new Adam(0.1) });
    masked.parameters.forEach(({ value }, i) => {
      expect(value.equals(short.parameters[i].value)).toBe(true);
    });
    expect(() =>
      fit(network(), {
        ...options,
        inputs,
        targets,
        sampleWeights: mask.with(new Matrix(1, 5)),
        optimizer: new Adam(),
      }),
    ).toThrow("fit: expected at least one sample weight above 0, got 5 that are 0.");
    expect(() => loss(new Matrix(4, 2), new Ids([0, 1]), { weights: new Matrix(1, 2) })).toThrow(
      /expected at least one sample weight above 0, got 2 that sum to 0/,
    );
  });

  test("must have the lengths of the targets, and their kind", () => {
    const task = { inputs, targets, loss, optimizer: new Adam(), epochs: 1 };
    expect(() => fit(network(), { ...task, sampleWeights: mask.columns })).toThrow(
      /expected sample weights as sequences, one weight a token/,
    );
    const turned = Ragged.of([Matrix.row([1, 1]), Matrix.row([1, 1, 1])]);
    expect(() => fit(network(), { ...task, sampleWeights: turned })).toThrow(
      /in sequences of the same lengths/,
    );
    expect(() =>
      fit(new Dense(1, 1, { random: new Random(1) }), {
        inputs: new Matrix(1, 2),
        targets: new Matrix(1, 2),
        sampleWeights: Ragged.of([new Matrix(1, 2)]),
        loss: meanSquaredError,
        optimizer: new Adam(),
        epochs: 1,
      }),
    ).toThrow(/expected sample weights as a Matrix, one weight an example/);
  });
});
