import { describe, expect, test } from "vitest";
import { Engine, MAP_SIDE } from "../../src/notebook/playground/engine";
import {
  completeSetting,
  DEFAULTS,
  fromLink,
  OPTIMIZERS,
  type Setting,
  toLink,
} from "../../src/notebook/playground/setting";

describe("the engine", () => {
  test("trains the mended spirals past 97 %", () => {
    const engine = new Engine({ data: "spirals" });
    engine.steps(1000);
    expect(engine.view().trainingAccuracy).toBeGreaterThan(0.97);
    expect(engine.view().validationAccuracy).toBeGreaterThan(0.93);
  });

  test("stays near 66 % on the spirals that share one curve", () => {
    const engine = new Engine({ data: "overlappingSpirals", heldBack: 0 });
    engine.steps(500);
    expect(engine.view().trainingAccuracy).toBeGreaterThan(0.6);
    expect(engine.view().trainingAccuracy).toBeLessThan(0.73);
  });

  test("finds XOR with two hidden units for some of the seeds, and with eight for all, as notebook 3 says", () => {
    const solved = (units: number) =>
      [42, 1, 2, 3, 4, 5, 6, 7].filter((seed) => {
        const xor = { data: "xor", noise: 0.15, points: 200, rate: 0.1 } as const;
        const engine = new Engine({ ...xor, hidden: [units], seed });
        engine.steps(500);
        return engine.view().trainingAccuracy > 0.98;
      });
    expect(solved(2)).toEqual([6, 7]);
    expect(solved(8)).toHaveLength(8);
  });

  test("shows the same run twice for one setting", () => {
    const [first, second] = [0, 1].map(() => {
      const engine = new Engine({ batch: 32, hidden: [8, 8], seed: 3 });
      engine.steps(40);
      return engine.view(10);
    });
    expect(second).toEqual(first);
  });

  test.each(OPTIMIZERS)("lowers the loss with %s", (optimizer) => {
    const rate = optimizer === "gradientDescent" ? 0.3 : 0.03;
    const engine = new Engine({ data: "circles", optimizer, rate, hidden: [16] });
    const before = engine.view(5).trainingLoss;
    engine.steps(100);
    expect(engine.view(5).trainingLoss).toBeLessThan(0.8 * before);
  });

  test.each(["crossEntropy", "squaredError", "hinge"] as const)(
    "learns and shows probabilities with %s",
    (loss) => {
      const engine = new Engine({ data: "moons", loss, hidden: [16], regularizer: "l2", strength: 1e-4 });
      engine.steps(300);
      const { region, trainingAccuracy } = engine.view(20);
      expect(trainingAccuracy).toBeGreaterThan(0.9);
      expect(Math.min(...region)).toBeGreaterThanOrEqual(0);
      expect(Math.max(...region)).toBeLessThanOrEqual(1);
    },
  );

  test("shows up to eight units of each hidden layer, and a gradient for each layer of weights", () => {
    const engine = new Engine({ hidden: [12, 3] });
    engine.steps(1);
    const { units, gradientNorms } = engine.view(5);
    expect(units.map((layer) => layer.map((map) => map.length))).toEqual([
      new Array(8).fill(MAP_SIDE ** 2),
      new Array(3).fill(MAP_SIDE ** 2),
    ]);
    expect(gradientNorms).toHaveLength(3);
    expect(gradientNorms.every((norm) => norm > 0)).toBe(true);
  });

  test("learns from the reader's own points alone, and says when there are none", () => {
    const own = [
      [-1, -1, 0],
      [1, 1, 1],
    ] as const;
    const engine = new Engine({ data: "own", own, hidden: [] });
    engine.steps(200);
    expect(engine.view(5).trainingAccuracy).toBe(1);
    expect(() => new Engine({ data: "own" })).toThrow(/at least two points/);
  });

  test("keeps the weights of the step before when a run diverges", () => {
    // L2's slope at this rate turns every weight into −1999 times itself
    const engine = new Engine({ optimizer: "gradientDescent", rate: 100, regularizer: "l2", strength: 10 });
    expect(() => engine.steps(500)).toThrow(/learning rate/);
    const numbers = engine.network.parameters.flatMap(({ value }) => [...value.data]);
    expect(numbers.every(Number.isFinite)).toBe(true);
  });
});

describe("a link", () => {
  const setting: Setting = completeSetting({
    data: "own",
    hidden: [4, 2],
    own: [
      [0.5, -0.25, 1],
      [0, 0, 0],
    ],
    rate: 0.5,
  });

  test("restores the setting", () => {
    expect(fromLink(`#${toLink(setting)}`)).toEqual(setting);
    expect(fromLink(encodeURI(toLink(setting)))).toEqual(setting);
    expect(fromLink(toLink(DEFAULTS))).toEqual(DEFAULTS);
  });

  test("that nobody could have made is no link", () => {
    for (const hash of [
      "",
      "#chapter",
      "#playground:rate=-1",
      "#playground:data=<script>",
      "#playground:x=1",
      "#%",
    ]) {
      expect(fromLink(hash), hash).toBeUndefined();
    }
  });

  test("to one neuron keeps that there are no hidden layers", () => {
    expect(fromLink(toLink(completeSetting({ hidden: [] })))?.hidden).toEqual([]);
  });
});

test("a setting out of range is refused by name", () => {
  expect(() => completeSetting({ rate: 0 })).toThrow(
    "playground: expected rate to be a number from 0.000001 to 100, got 0.",
  );
  expect(() => completeSetting({ hidden: [2.5] })).toThrow(/whole numbers of units/);
  expect(() => completeSetting({ points: 7 })).toThrow(/even/);
});
