// The nine sliders of notebook 5: what stands beside them is what the notebook derives by hand.
import { weightsByHandHtml } from "glassbox/notebook";
import { expect, test } from "vitest";
import { lookAt, NAMES } from "../../src/notebook/weights-by-hand/nine";
import { ensureAssets } from "../site/sample";

const start = {
  weights: [0.1, 0.2, 0.1, 0.3, 0.4, 0.2, 0.5, 0.6, 0.3],
  input: [0.5, 0.8],
  label: 1,
} as const;

test("answer, loss and slopes of the example", () => {
  const { answer, loss, gradient } = lookAt(start);
  expect(answer).toBeCloseTo(0.70203349, 8);
  expect(loss).toBeCloseTo(0.353774, 6);
  expect(gradient[NAMES.indexOf("W2[0]")]).toBeCloseTo(-0.09236962, 8);
  expect(gradient[NAMES.indexOf("W2[1]")]).toBeCloseTo(-0.19963756, 8);
  expect(gradient[NAMES.indexOf("b2")]).toBeCloseTo(-0.29796651, 8);
});

test("every slope is what a nudge of its weight measures", () => {
  const lossAt = (k: number, by: number) =>
    lookAt({ ...start, weights: start.weights.map((w, i) => (i === k ? w + by : w)) }).loss;
  lookAt(start).gradient.forEach((slope, k) => {
    expect(slope).toBeCloseTo((lossAt(k, 1e-5) - lossAt(k, -1e-5)) / 2e-5, 9);
  });
});

test("the output holds nine named sliders, and refuses another number of weights", async () => {
  await ensureAssets();
  const html = weightsByHandHtml(start);
  for (const name of NAMES) expect(html).toContain(`aria-label="${name}"`);
  expect(() => weightsByHandHtml({ ...start, weights: [1, 2] })).toThrow(/nine weights.*got 2/);
});
