import { Matrix } from "glassbox";
import { attentionMaps, figureHtml } from "glassbox/notebook";
import { expect, test } from "vitest";

const tokens = ["a", "b", "c"];
const weights = Matrix.from([
  [1, 0.5, 0.2],
  [0, 0.5, 0.3],
  [0, 0, 0.5],
]);
const slopes = weights.map((a, u, t) => (u <= t ? a - 1 / (t + 1) : 0));
const keys = Matrix.from([
  [1, 2, 3],
  [4, 5, 6],
]);
const shares = [1, 2, 3].map((k) => keys.scale(k));
const pairs = [
  { name: "A", slope: "dA", forward: weights, backward: slopes },
  { name: "K", slope: "dK", forward: keys, backward: keys.scale(6), shares },
];
const figure = attentionMaps({ title: "One head", tokens, pairs });
const frames = figure.frames ?? [];

/** The colours of one map at one position of the slider. */
function shown(frame: number, map: number): unknown {
  const { traces = [], data } = frames[frame];
  const at = traces.indexOf(map);
  return (at >= 0 ? data[at] : figure.data[map]).z;
}

test("a row a pair: what was computed on the left, what is blamed for it on the right", () => {
  expect(figure.data.map(({ name }) => name)).toEqual(["A", "dA", "K", "dK"]);
  expect(figure.data.map(({ z }) => z)).toEqual(
    [weights, slopes, keys, keys.scale(6)].map((m) => m.toRows()),
  );
  const [left, right] = [figure.layout.xaxis, figure.layout.xaxis2].map(
    (axis) => (axis as { domain: number[] }).domain,
  );
  expect(left[1]).toBeLessThan(right[0]);
});

test("the slider starts with all tokens and goes through each of them", () => {
  expect(frames.map(({ name }) => name)).toEqual(["all tokens", "1, a", "2, b", "3, c"]);
  expect(shown(0, 0)).toEqual(weights.toRows());
});

test("a token leaves the column of its query, forward and back", () => {
  const only = (M: Matrix, t: number) => M.toRows().map((row) => row.map((x, j) => (j === t ? x : NaN)));
  for (const t of [0, 1, 2]) {
    expect(shown(t + 1, 0)).toEqual(only(weights, t));
    expect(shown(t + 1, 1)).toEqual(only(slopes, t));
  }
});

test("what all queries use stays whole forward, and shows the token's share on the way back", () => {
  for (const t of [0, 1, 2]) {
    expect(shown(t + 1, 2)).toEqual(keys.toRows());
    expect(shown(t + 1, 3)).toEqual(shares[t].toRows());
  }
});

test("a map keeps its scale while the slider moves, symmetric around zero", () => {
  expect(figure.data.map(({ zmin, zmax }) => [zmin, zmax])).toEqual(
    [1, 1 / 6, 6, 36].map((most) => [expect.closeTo(-most, 12), expect.closeTo(most, 12)]),
  );
  for (const { data } of frames) for (const change of data) expect(change).not.toHaveProperty("zmax");
});

test("queries are columns, and rows are keys where there are as many as tokens", () => {
  expect(figure.data[0].y).toEqual(tokens);
  expect(figure.data[2].y).toEqual(["1", "2"]);
  expect(figure.data.every(({ x }) => x === tokens)).toBe(true);
});

test("has a still picture for paper", () => {
  expect(figureHtml(figure, { alt: "Two pairs of maps." })).toMatch(/<svg class="gb-still".*<image/s);
});

test("refuses what does not fit together, by name", () => {
  const draw = (pair: Partial<(typeof pairs)[number]>) => () =>
    attentionMaps({ title: "t", tokens, pairs: [{ ...pairs[0], ...pair }] });
  expect(draw({ forward: Matrix.zeros(3, 2) })).toThrow(/"A": expected 3 columns, one a token, got 3 × 2/);
  expect(draw({ backward: Matrix.zeros(2, 3) })).toThrow(/expected the way back as 3 × 3, got 2 × 3/);
  expect(draw({ shares: [weights] })).toThrow(/expected 3 shares, one a token, got 1/);
});
