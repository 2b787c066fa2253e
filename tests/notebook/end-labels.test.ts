import fc from "fast-check";
import { lines } from "glassbox/notebook";
import { describe, expect, test } from "vitest";
import { spread } from "../../src/notebook/figures/end-labels";

const GAP = 16;
/** Sums of up to eight numbers below 1000: far from the last bits. */
const ROUNDING = 1e-9;
const somePlaces = fc.array(fc.double({ min: -1000, max: 1000, noNaN: true }), { maxLength: 8 });

describe("places spread apart", () => {
  test("stand a gap from each other, in the order they came in", () => {
    fc.assert(
      fc.property(somePlaces, (places) => {
        const apart = spread(places, GAP);
        const order = places.map((_, i) => i).sort((a, b) => places[a] - places[b] || a - b);
        for (let k = 1; k < order.length; k++) {
          expect(apart[order[k]] - apart[order[k - 1]]).toBeGreaterThanOrEqual(GAP - ROUNDING);
        }
      }),
    );
  });

  test("keep their middle, and stay where they are when none is too close", () => {
    fc.assert(
      fc.property(somePlaces, (places) => {
        const sum = (list: readonly number[]) => list.reduce((a, b) => a + b, 0);
        expect(Math.abs(sum(spread(places, GAP)) - sum(places))).toBeLessThan(1e-6);
        const apart = places.map((_, i) => places.length * i * GAP);
        expect(spread(apart, GAP)).toEqual(apart);
      }),
    );
  });

  test("move no further than they must", () => {
    expect(spread([0, 0], 16)).toEqual([-8, 8]);
    expect(spread([0, 15, 200], 16)).toEqual([-0.5, 15.5, 200]);
    // the third is pushed into by the first two, and joins them
    expect(spread([0, 0, 18], 16)).toEqual([-10, 6, 22]);
  });
});

test("names of curves that end together stand one above the other, whatever the axis", () => {
  for (const type of ["linear", "log"] as const) {
    const { annotations = [] } = lines({
      title: "three runs",
      x: "epoch",
      y: { title: "loss", type },
      series: [
        { name: "a", x: [0, 1], y: [1, 0.1] },
        { name: "b", x: [0, 1], y: [1, 0.1001] },
        { name: "c", x: [0, 1], y: [1, 0.9] },
      ],
    }).layout;
    expect(annotations.map(({ yshift }) => yshift)).toEqual([-8, 8, 0]);
  }
});
