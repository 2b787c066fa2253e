// Landscapes and walks: what is drawn is what was walked, and the numbers stay short.
import { film, groundOf, landscape, terrain } from "glassbox/notebook";
import { expect, test } from "vitest";

const bowl = (x: number, y: number) => (x * x + y * y) / 3;
const ground = groundOf(bowl, [-1, 0, 1], [0, 1]);
const walk = {
  name: "descent",
  color: "#0072B2",
  points: [
    [1, 1],
    [0.5, 1 / 3],
  ],
};
const options = { title: "A bowl", x: "x", y: "y", height: "loss", ground, walks: [walk] };

test("the ground has one row for each y, one column for each x, and five digits", () => {
  expect(ground.z).toEqual([
    [0.33333, 0, 0.33333],
    [0.66667, 0.33333, 0.66667],
  ]);
});

test("a walk is drawn point for point, and its start is marked", () => {
  const { data } = landscape(options);
  expect(data.map(({ type }) => type)).toEqual(["contour", "scatter", "scatter"]);
  expect(data[1]).toMatchObject({ name: "descent", x: [1, 0.5], y: [1, 0.33333] });
  expect(data[2]).toMatchObject({ x: [1], y: [1], showlegend: false });
});

test("on the surface a walk has the height of the ground, and a hair more", () => {
  const grid = { x: [-1, 0, 1], y: [0, 1] };
  const { data } = terrain({ title: "A bowl", x: "x", y: "y", z: "loss", height: bowl, grid, walks: [walk] });
  expect(data[1]).toMatchObject({ type: "scatter3d", z: [0.67667, 0.13037] });
});

test("in a film only what differs is stored: the walk, not the ground", () => {
  const other = landscape({ ...options, walks: [{ ...walk, points: [[0, 0]] }], note: "2 steps" });
  const { frames } = film("rate", [
    { name: "0.1", figure: landscape(options) },
    { name: "0.9", figure: other },
  ]);
  expect(frames?.[1].traces).toEqual([1, 2]);
  expect(frames?.[1].layout?.annotations?.[0].text).toBe("2 steps");
});
