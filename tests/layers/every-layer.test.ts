// What holds for every layer of the list, the newest included: it says its kind, its slopes are right, and it survives a file.
import * as glassbox from "glassbox";
import {
  type AnyLayer,
  type Columns,
  columnsOf,
  kindOf,
  layerKinds,
  Matrix,
  networkFromJson,
  networkToJson,
  Pass,
  Random,
  Sequential,
  traceForward,
} from "glassbox";
import { describe, expect, test } from "vitest";
import { expectGradients } from "../library/witness";
import { exampleInput, layerExamples, makeExample } from "./examples";

/** The classes of layers among the exports. Observe only looks on: it is written and traced as what it looks at. */
const classes = Object.entries(glassbox).filter(
  ([name, value]) =>
    typeof value === "function" && typeof value.prototype?.forward === "function" && name !== "Observe",
);

describe("the list of layers", () => {
  test.each(classes)("%s says its kind, under its own name", (name, value) => {
    const { kind } = value as unknown as glassbox.LayerClass;
    expect(kind?.title).toBe(name);
    expect(layerKinds()).toContain(kind);
    expect(kind.twin, "its twin in TensorFlow.js").toBeTypeOf("function");
  });

  test("a layer of a class of one's own that says no kind has none", () => {
    const own: AnyLayer = { name: "own", parameters: [], forward: (x) => [x, (d: unknown) => d] };
    expect(kindOf(own)).toBe(undefined);
    class Wide extends glassbox.Dense {}
    expect(kindOf(new Wide(1, 1, { random: new Random(1) }))?.title).toBe("Dense");
  });
});

describe.each(layerExamples)("$name", (example) => {
  test.each([1, 2, 5])("has the slopes that a nudge measures, with %i columns", (m) => {
    const random = new Random(m);
    const layer = makeExample(example, random);
    for (const training of [false, true]) {
      expectGradients(layer, exampleInput(example, random, m) as Columns, random, { training });
    }
  });

  test("comes back from a file as it was, to the bit", () => {
    const random = new Random(3);
    const layer = makeExample(example, random);
    const again = networkFromJson<Columns>(JSON.parse(JSON.stringify(networkToJson(layer))));
    expect(again.constructor).toBe(layer.constructor);
    expect(again.name).toBe(layer.name);
    const input = exampleInput(example, random, 4);
    const output = (network: AnyLayer) => columnsOf(network.forward(input)[0] as glassbox.Matrix);
    expect(output(again as AnyLayer).equals(output(layer))).toBe(true);
    expect(again.parameters.map(({ name, decays }) => [name, decays])).toEqual(
      layer.parameters.map(({ name, decays }) => [name, decays]),
    );
  });

  test("says how many rows come out, and refuses an option that it does not have", () => {
    const random = new Random(4);
    const layer = makeExample(example, random);
    expect(layer.outputRows?.(example.features)).toBe(
      columnsOf(layer.forward(exampleInput(example, random, 2))[0] as Columns & glassbox.Matrix).rows,
    );
    const options = { ...(example.arguments(random).at(-1) as object), epsilom: 1 };
    const wrong = { ...example, arguments: () => [...example.arguments(random).slice(0, -1), options] };
    expect(() => makeExample(wrong, random)).toThrow(/expected no options but .*, got "epsilom"/);
  });

  test("of finite numbers that have no finite answer says so", () => {
    const random = new Random(5);
    const layer = makeExample(example, random);
    for (const { value } of layer.parameters) value.data.fill(1e200);
    const input = exampleInput(example, random, 2);
    const columns: Matrix | glassbox.Ids = columnsOf(input);
    if (columns instanceof Matrix) columns.data.fill(1e200);
    let output: glassbox.Matrix | undefined;
    try {
      output = columnsOf(layer.forward(input)[0] as glassbox.Matrix);
    } catch (error) {
      expect((error as Error).message).toMatch(/overflowed/);
    }
    expect(output?.data.every(Number.isFinite) ?? true, "finite, or an error").toBe(true);
  });

  test("says which of its numbers is broken, before it computes with it", () => {
    const random = new Random(9);
    const layer = makeExample(example, random);
    expect(layer.parameters.length > 0).toBe(example.learnsNothing !== true);
    for (const { name, value } of layer.parameters) {
      const right = value.at(0, 0);
      value.set(0, 0, Number.NaN);
      expect(() => layer.forward(exampleInput(example, random, 2))).toThrow(
        `expected finite numbers in ${name}, got NaN`,
      );
      value.set(0, 0, right);
    }
  });

  test("has its letter in a trace", () => {
    const layer = makeExample(example, new Random(5));
    expect(kindOf(layer)?.letter).toMatch(/^\S+$/);
    if (example.features === undefined || example.sequences === true) return; // traces begin with features
    const text = traceForward(
      new Sequential([layer]),
      exampleInput(example, new Random(6), 1) as glassbox.Matrix,
    );
    expect(text).toMatch(new RegExp(`^ *${kindOf(layer)?.letter}0 = `, "m"));
  });

  test("works with buffers that are used again", () => {
    const random = new Random(7);
    const layer = makeExample(example, random);
    const input = exampleInput(example, random, 3);
    const pass = new Pass({ training: true });
    const outputs = [0, 1, 2].map(() => {
      pass.restart();
      const [output, backward] = layer.forward(input, pass);
      const kept = columnsOf(output as glassbox.Matrix).clone();
      const slope = backward(columnsOf(output as glassbox.Matrix))?.clone();
      return [kept, slope].map((matrix) => matrix && [...matrix.data]);
    });
    expect(outputs[1]).toEqual(outputs[0]);
    expect(outputs[2]).toEqual(outputs[0]);
  });
});
