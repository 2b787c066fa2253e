// The exercises of the appendix: every usual slip gets an answer of its own.
import { checkLayerShapes, checkMultiplications, type LayerShapes, todo } from "glassbox/notebook";
import { describe, expect, test } from "vitest";

describe("the shapes of a layer", () => {
  const right = (inputs: number, units: number, m: number): LayerShapes => ({
    W: [units, inputs],
    b: [units, 1],
    Z: [units, m],
    dW: [units, inputs],
    dX: [inputs, m],
  });

  test("accepts the right ones, and waits for a stub", () => {
    expect(checkLayerShapes.examine(right).kind).toBe("right");
    expect(checkLayerShapes.examine(() => todo()).kind).toBe("not written");
  });

  test.each<[string, (inputs: number, units: number, m: number) => Partial<LayerShapes>, RegExp]>([
    ["W as TensorFlow.js has it", (i, u) => ({ W: [i, u], dW: [i, u] }), /units × inputs/],
    ["a bias an example", (_i, u, m) => ({ b: [u, m] }), /whatever the batch/],
    ["dW with the batch", (_i, u, m) => ({ dW: [u, m] }), /shape of W/],
    ["Z turned", (_i, u, m) => ({ Z: [m, u] }), /a column is an example/],
    ["dX with the units", (_i, u, m) => ({ dX: [u, m] }), /shape of X/],
  ])("names the slip: %s", (_name, slip, message) => {
    const wrong = (i: number, u: number, m: number) => ({ ...right(i, u, m), ...slip(i, u, m) });
    expect(checkLayerShapes.examine(wrong as typeof right).message).toMatch(message);
  });
});

test("the price of a forward pass", () => {
  expect(checkMultiplications.examine(undefined).kind).toBe("not written");
  expect(checkMultiplications.examine(3_252_224).kind).toBe("right");
  expect(checkMultiplications.examine(101_632).message).toMatch(/one example/);
  expect(checkMultiplications.examine(101_770).message).toMatch(/number of parameters/);
  expect(checkMultiplications.examine(32 * 101_770).message).toMatch(/biases/);
  expect(checkMultiplications.examine(32 * 922).message).toMatch(/added the sizes/);
  expect(checkMultiplications.examine(32 * 784 * 1280).message).toMatch(/costs add up/);
});
