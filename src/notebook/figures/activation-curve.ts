/** An activation function and its slope, with the stretches shaded where the slope is close to nothing. */

import { aFunction, anObject, finite, numberIn, type OptionTable, requireOptions } from "../options";
import { meaning, palette, translucent } from "../palette";
import type { Figure } from "./figure";
import { lines } from "./lines";

/** What is needed of an activation function to draw it: one of the library's, or one written in a cell. */
export interface Drawable {
  readonly name: string;
  readonly kinks?: readonly number[];
  apply(z: number): number;
  derivative(z: number): number;
}

export interface ActivationCurveOptions {
  readonly from?: number;
  readonly to?: number;
  /** A slope smaller than this counts as flat. */
  readonly flat?: number;
}

const OPTIONS: OptionTable<ActivationCurveOptions> = {
  from: finite,
  to: finite,
  flat: numberIn({ from: 0 }),
};

/** Value and slope over z. Where the slope jumps, both curves are interrupted rather than joined by an upright line. */
export function activationCurve(f: Drawable, options: ActivationCurveOptions = {}): Figure {
  anObject("an activation function with apply and derivative")("activationCurve", "f", f);
  for (const part of ["apply", "derivative"] as const)
    aFunction("a function")("activationCurve", part, f[part]);
  requireOptions("activationCurve", options, OPTIONS);
  const { from = -6, to = 6, flat = 0.01 } = options;
  const z = gridWithGaps(from, to, f.kinks ?? []);
  const base = lines({
    title: `${f.name} and its slope`,
    x: { title: "pre-activation z", range: [from, to] },
    y: "value, slope",
    series: [
      {
        name: "value",
        x: z,
        y: z.map((at) => (isGap(at, f) ? Number.NaN : f.apply(at))),
        color: meaning.ours,
      },
      {
        name: "slope",
        x: z,
        y: z.map((at) => (isGap(at, f) ? Number.NaN : f.derivative(at))),
        color: meaning.emphasis,
        dash: "dash",
      },
    ],
  });
  const stretches = flatStretches(f, from, to, flat);
  return {
    ...base,
    layout: {
      ...base.layout,
      height: 320,
      shapes: stretches.map(([start, end]) => ({
        type: "rect",
        xref: "x",
        yref: "paper",
        x0: start,
        x1: end,
        y0: 0,
        y1: 1,
        layer: "below",
        line: { width: 0 },
        fillcolor: translucent(palette.grey, 0.16),
      })),
      annotations: [
        ...(base.layout.annotations ?? []),
        ...stretches.map(([start, end]) => ({
          text: "flat",
          x: (start + end) / 2,
          y: 0.75, // beside the curves, which are near the top, the middle or the bottom where they are flat
          yref: "paper",
          showarrow: false,
          font: { color: palette.grey },
        })),
      ],
    },
  };
}

/** Where |slope| < `flat` between `from` and `to`, as [start, end], to the nearest hundredth. */
export function flatStretches(f: Drawable, from = -6, to = 6, flat = 0.01): [start: number, end: number][] {
  const stretches: [number, number][] = [];
  const count = Math.round((to - from) * 100);
  for (let i = 0; i <= count; i++) {
    const z = Number((from + ((to - from) * i) / count).toPrecision(6));
    if (!(Math.abs(f.derivative(z)) < flat)) continue;
    const last = stretches[stretches.length - 1];
    if (last !== undefined && z - last[1] < 0.015) last[1] = z;
    else stretches.push([z, z]);
  }
  // A single point is where a curve turns from rising to falling, not a stretch.
  return stretches.filter(([start, end]) => end - start > 0.1);
}

function gridWithGaps(from: number, to: number, kinks: readonly number[]): number[] {
  const count = 120;
  const even = Array.from({ length: count + 1 }, (_, i) =>
    Number((from + ((to - from) * i) / count).toPrecision(6)),
  );
  const edges = kinks.flatMap((kink) => [kink - 1e-6, kink, kink + 1e-6]);
  return [...new Set([...even, ...edges])].sort((a, b) => a - b);
}

function isGap(z: number, f: Drawable): boolean {
  return f.kinks?.includes(z) ?? false;
}
