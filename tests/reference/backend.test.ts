import { createRequire } from "node:module";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

/** The module as a fresh program sees it: nothing loaded yet. */
async function fresh() {
  vi.resetModules();
  return await import("glassbox/reference");
}

const kept = process.env.GLASSBOX_REFERENCE;
beforeEach(() => {
  delete process.env.GLASSBOX_REFERENCE;
});
afterEach(() => {
  if (kept === undefined) delete process.env.GLASSBOX_REFERENCE;
  else process.env.GLASSBOX_REFERENCE = kept;
});

describe("the reference", () => {
  test("gives tfjs-node back the function that Node 23 removed", async () => {
    const util = createRequire(import.meta.url)("node:util");
    delete util.isNullOrUndefined;
    const { loadReference } = await fresh();
    await loadReference({ backend: "node" }).catch(() => undefined); // where it is not there to be loaded
    expect([null, undefined, 0].map((value) => util.isNullOrUndefined(value))).toEqual([true, true, false]);
  });

  test("asks for its loading before its first use", async () => {
    const { reference } = await fresh();
    expect(() => reference()).toThrow(/not loaded yet.*loadReference/);
  });

  test("chooses a backend by itself, says which and why, and stays with it", async () => {
    const { loadReference, reference } = await fresh();
    const first = await loadReference();
    expect(["node", "wasm", "cpu"]).toContain(first.backend);
    expect(first.label).toMatch(/^TensorFlow\.js 4\.22\.0, (native|WebAssembly|plain JavaScript), float32$/);
    expect(first.why).not.toBe("");
    expect(await loadReference()).toBe(first);
    expect(reference()).toBe(first);
  });

  test.each([
    ["wasm", "wasm", "WebAssembly"],
    ["cpu", "cpu", "plain JavaScript"],
  ] as const)("can be forced to %s, by option and by environment", async (backend, registered, words) => {
    const { loadReference } = await fresh();
    const byOption = await loadReference({ backend });
    expect(byOption.backend).toBe(backend);
    expect(byOption.tf.getBackend()).toBe(registered);
    expect(byOption.label).toContain(words);
    expect(byOption.tf.matMul([[1, 2]], [[3], [4]]).dataSync()[0]).toBe(11);
    process.env.GLASSBOX_REFERENCE = backend;
    const byEnvironment = await loadReference();
    expect(byEnvironment.backend).toBe(backend);
    expect(byEnvironment.why).toBe(`forced by GLASSBOX_REFERENCE=${backend}`);
  });

  test("a forced choice that does not exist is an error, never a fallback", async () => {
    const { loadReference } = await fresh();
    process.env.GLASSBOX_REFERENCE = "webgpu";
    await expect(loadReference()).rejects.toThrow(/expected "node", "wasm" or "cpu", got "webgpu"/);
    await expect(loadReference({ backend: "native" as never })).rejects.toThrow(/loadReference: expected/);
  });

  test("prints nothing while it loads and computes", async () => {
    const { loadReference } = await fresh();
    const out = vi.spyOn(console, "log");
    const warn = vi.spyOn(console, "warn");
    const { tf } = await loadReference({ backend: "cpu" });
    tf.tensor([1]).add(1).dispose();
    expect(out).not.toHaveBeenCalled();
    expect(warn).not.toHaveBeenCalled();
    vi.restoreAllMocks();
  });

  test("every backend agrees with the library on a gradient, table and all", async () => {
    const { loadReference, compareGradients, agree } = await fresh();
    const { Activation, binaryCrossEntropy, Dense, Matrix, relu, Sequential, sigmoid } = await import(
      "glassbox"
    );
    for (const backend of ["node", "wasm", "cpu"] as const) {
      try {
        await loadReference({ backend });
      } catch {
        expect(backend).toBe("node"); // the only one that may be missing
        continue;
      }
      const network = new Sequential([
        new Dense(2, 2, {
          name: "1",
          weights: Matrix.from([
            [0.1, 0.2],
            [0.3, 0.4],
          ]),
          bias: Matrix.column([0.1, 0.2]),
        }),
        new Activation(relu),
        new Dense(2, 1, { name: "2", weights: Matrix.from([[0.5, 0.6]]), bias: Matrix.column([0.3]) }),
        new Activation(sigmoid),
      ]);
      const names = { "1.weights": "dW1", "1.bias": "db1", "2.weights": "dW2", "2.bias": "db2", input: "dX" };
      const report = compareGradients(
        network,
        Matrix.column([0.5, 0.8]),
        Matrix.column([1]),
        binaryCrossEntropy,
        {
          names,
          tolerance: 1e-6,
        },
      );
      expect(() => agree(report)).not.toThrow();
      const lines = report.text.split("\n");
      expect(lines[0]).toMatch(/^against TensorFlow\.js 4\.22\.0, .*, float32$/);
      expect(lines[1]).toMatch(
        /^tensor +verdict +shape +largest difference +relative +allowed \(relative\)$/,
      );
      expect(lines[4]).toMatch(/^dW1 +agrees +2 × 2 +\S+ +\S+ +1e-6 float32$/);
      expect(lines[9]).toBe("7 of 7 tensors agree");
      expect(lines[10]).toMatch(/^float32: /);
    }
  });
});
