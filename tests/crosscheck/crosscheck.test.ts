import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import * as glassbox from "glassbox";
import { loadReference } from "glassbox/reference";
import { beforeAll, describe, expect, test } from "vitest";
import { initializerSubjects } from "./initializers";
import { layerSubjects } from "./layers";
import { lossSubjects } from "./losses";
import { chapters } from "./main";
import { optimizerSubjects, scheduleSubjects } from "./optimizers";
import { type CrossCheck, difference, overCases, record, setEffort } from "./record";

beforeAll(async () => {
  // plain JavaScript is the quickest for tensors as small as these; CI runs the whole of it on all three backends
  await loadReference({ backend: "cpu" });
  setEffort(0.15);
});

describe("the cross-check", () => {
  for (const { title, check } of chapters) {
    test(`agrees: ${title}, a few cases of each`, () => {
      const records = check();
      expect(records.length).toBeGreaterThan(0);
      expect(records.filter(({ pass }) => !pass)).toEqual([]);
    }, 180_000);
  }

  test("leaves out no layer, loss, optimizer, schedule or initializer of the library", () => {
    const names = (subjects: readonly { readonly name: string }[]): string =>
      subjects.map(({ name }) => name).join("\n");
    const checked = [layerSubjects, lossSubjects, optimizerSubjects, scheduleSubjects, initializerSubjects]
      .map(names)
      .join("\n");
    const isLayer = (name: string, value: unknown): boolean =>
      typeof value === "function" && typeof value.prototype?.forward === "function" && name !== "Activation";
    const isOptimizer = (value: unknown): boolean =>
      typeof value === "function" && typeof value.prototype?.step === "function";
    const missing = Object.entries(glassbox)
      .filter(
        ([name, value]) =>
          isLayer(name, value) ||
          isOptimizer(value) ||
          /(Normal|Uniform|Decay|CrossEntropy|Error|FromLogits)$/.test(name) ||
          [
            "huber",
            "hinge",
            "constantRate",
            "warmUp",
            "oneCycle",
            "zeros",
            "constant",
            "normal",
            "uniform",
          ].includes(name),
      )
      .map(([name]) => name)
      .filter((name) => !/^(Glassbox|Shape|Value|State|Divergence|Interrupted)Error$|^Stepper$/.test(name))
      .filter((name) => !new RegExp(`^${name}\\b`, "m").test(checked));
    expect(missing).toEqual([]);
  });
});

describe("its judgement", () => {
  const about = { name: "x", kind: "value", against: "numerical", tolerance: 1e-3, reason: "why" } as const;

  test("NaN, infinity and lists of different length differ", () => {
    expect(record(about, difference([Number.NaN], [1])).pass).toBe(false);
    expect(record(about, difference([Infinity], [Infinity])).pass).toBe(false);
    expect(record(about, difference([1], [1, 2])).pass).toBe(false);
    expect(record(about, difference([1], [1.0005])).pass).toBe(true);
  });

  test("one bad case among many is found, and shown small", () => {
    const found = overCases(about, fc.integer({ min: 0, max: 1000 }), (n) =>
      difference([n], [n > 500 ? n + 9 : n]),
    );
    expect(found.pass).toBe(false);
    expect(found.reason).toContain("[501]");
  });

  test("cases that cannot be used are no agreement", () => {
    expect(overCases(about, fc.integer(), () => undefined).pass).toBe(false);
  });
});

test("npm run crosscheck prints one JSON object a line, and exits with 0 when all agree", () => {
  const root = fileURLToPath(new URL("../..", import.meta.url));
  const { status, stdout } = spawnSync(
    process.execPath,
    ["tools/glassbox.cjs", "crosscheck", "--json", "--only", "initializers", "--reference", "cpu"],
    { cwd: root, encoding: "utf8" },
  );
  const lines = stdout.trimEnd().split("\n");
  const records = lines.map((line) => JSON.parse(line) as CrossCheck);
  expect(records.length).toBe(initializerSubjects.length);
  for (const one of records) {
    expect(Object.keys(one)).toEqual([
      "name",
      "kind",
      "against",
      "maxAbs",
      "maxRel",
      "tolerance",
      "reason",
      "pass",
    ]);
    expect(one.pass).toBe(true);
  }
  expect(status).toBe(0);
}, 60_000);
