// Notebook 7 shows a few of these numbers; here the library is held to all of them.
import { Dropout, Matrix, Pass, Random, summarize } from "glassbox";
import { expect, test } from "vitest";
import { golden } from "../library/golden";

test("the spread after every one of ten layers, for all three scales, from one stream", () => {
  const stream = new Random(golden.initialisation.seed);
  for (const { scale, initial_std, std_after_each_layer } of golden.initialisation.cases) {
    let a = stream.randnMatrix(256, 1);
    expect(summarize(a).standardDeviation / initial_std).toBeCloseTo(1, 12);
    for (const std of std_after_each_layer) {
      a = stream
        .randnMatrix(256, 256)
        .scale(scale)
        .times(a)
        .map((z) => Math.max(0, z));
      expect(summarize(a).standardDeviation / std).toBeCloseTo(1, 10);
    }
  }
});

test("the five activations, their mask, and what dropout leaves of them", () => {
  const { activations, p, seed, uniforms, mask, after } = golden.dropout;
  expect([...new Random(seed).randMatrix(5, 1).data]).toEqual(uniforms);
  const layer = new Dropout(p, { random: new Random(seed) });
  const [output] = layer.forward(Matrix.column(activations), new Pass({ training: true }));
  expect([...output.data].map((value) => (value > 0 ? 1 : 0))).toEqual(mask);
  output.data.forEach((value, i) => {
    expect(value).toBeCloseTo(after[i], 14);
  });
});

test("a quarter to the tenth, layer by layer", () => {
  expect(golden.vanishing_sigmoid).toEqual(Array.from({ length: 10 }, (_, k) => 0.25 ** (k + 1)));
});
