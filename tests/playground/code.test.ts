// biome-ignore-all lint/suspicious/noTemplateCurlyInString: cells, as texts
// The playground's setting as a cell: it trains the same network on the same data, to the last bit.
import * as library from "glassbox";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { settingAsCell } from "../../src/notebook/playground/code";
import { Engine } from "../../src/notebook/playground/engine";
import { completeSetting, type Setting } from "../../src/notebook/playground/setting";

/** Runs the cell: what it prints, what it opens in the playground, and the network it has trained. */
function run(cell: string) {
  const script = ts.transpileModule(cell, {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
  });
  expect(script.diagnostics).toEqual([]);
  const seen: { printed: string; opened: unknown; network: library.Sequential | undefined } = {
    printed: "",
    opened: undefined,
    network: undefined,
  };
  const watched = {
    ...library,
    Sequential: class extends library.Sequential {
      constructor(layers: library.Layer[]) {
        super(layers);
        seen.network = this;
      }
    },
  };
  const book = {
    print: (text: string) => {
      seen.printed += text;
    },
    playground: (setting = {}) => {
      seen.opened = setting;
    },
  };
  const modules: Record<string, unknown> = { glassbox: watched, "glassbox/notebook": book };
  new Function("require", "exports", script.outputText)((name: string) => modules[name], {});
  return seen;
}

const settings: [name: string, given: Partial<Setting>, steps: number][] = [
  ["as it comes", {}, 20],
  ["not trained yet", { points: 100 }, 0],
  ["moons in batches, without a bend", { data: "moons", points: 90, activation: "linear", batch: 32 }, 25],
  [
    "XOR by squared error, nothing held back",
    { data: "xor", loss: "squaredError", heldBack: 0, hidden: [3, 2], activation: "tanh" },
    30,
  ],
  [
    "circles by the hinge, with l2",
    { data: "circles", loss: "hinge", regularizer: "l2", strength: 0.01, optimizer: "momentum" },
    15,
  ],
  [
    "own points only",
    {
      data: "own",
      own: [
        [0.5, 0.25, 1],
        [-1, 0.125, 0],
        [0.3, -0.7, 1],
      ],
      hidden: [],
      heldBack: 0.2,
    },
    10,
  ],
  [
    "own points beside the published spirals",
    {
      data: "overlappingSpirals",
      points: 40,
      own: [[0.1, 0.2, 1]],
      activation: "leakyRelu",
      optimizer: "adamW",
      regularizer: "l1",
    },
    12,
  ],
  [
    "a batch of everything",
    { data: "spirals", points: 40, batch: 2000, activation: "gelu", optimizer: "nesterov", seed: 7 },
    8,
  ],
];

describe.each(settings)("%s", (_, given, steps) => {
  const setting = completeSetting(given);
  const engine = new Engine(setting);
  engine.steps(steps);
  const cell = settingAsCell(setting, steps);

  test("the cell trains the same network, to the last bit, and says the same", () => {
    const { printed, network } = run(cell);
    const weights = (of: library.Sequential) => of.parameters.map(({ value }) => Array.from(value.data));
    expect(weights(network as library.Sequential)).toEqual(weights(engine.network));
    const view = engine.view(4);
    expect(printed).toContain(
      `Step ${steps}. Training: loss ${view.trainingLoss.toFixed(4)}, ${(100 * view.trainingAccuracy).toFixed(1)} % right`,
    );
    if (view.validationLoss !== undefined)
      expect(printed).toContain(`held back: loss ${view.validationLoss.toFixed(4)}`);
  });

  test("and opens the playground with the setting again", () => {
    expect(completeSetting(run(cell).opened as Partial<Setting>)).toEqual(setting);
  });
});
