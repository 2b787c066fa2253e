/** Figures that differ in their numbers, as one figure with a slider. */

import { ValueError } from "../../index";
import {
  anObject,
  inside,
  listOf,
  numberIn,
  type OptionTable,
  requireOptions,
  text,
  whole,
} from "../options";
import type { Figure, Frame, Slider, Trace } from "./figure";

const STEP: OptionTable<{ name: string; figure: Figure }> = { name: text, figure: anObject("a figure") };

/**
 * @param label what the slider moves: "learning rate"
 * @param steps what it says at each step, and the figure there. All figures have the same traces in the same order;
 * whatever differs from the first figure becomes part of the frame.
 * @param options which step is shown first (the first when left out), and milliseconds a frame for a play button
 */
export function film(
  label: string,
  steps: readonly { readonly name: string; readonly figure: Figure }[],
  options: Pick<Slider, "start" | "play"> = {},
): Figure {
  text("film", "the label", label);
  const owner = `film "${label}"`;
  listOf("steps", inside<{ name: string; figure: Figure }>(STEP, ["name", "figure"]), 1)(
    owner,
    "steps",
    steps,
  );
  requireOptions(owner, options, { start: whole(0, steps.length - 1), play: numberIn({ from: 0 }) });
  const start = steps[options.start ?? 0].figure;
  const odd = steps.find(({ figure }) => figure.data.length !== start.data.length);
  if (odd !== undefined) {
    throw new ValueError(
      `film "${label}": step "${odd.name}" has ${odd.figure.data.length} traces, others have ${start.data.length}.`,
    );
  }
  const frames = steps.map(({ name, figure }): Frame => {
    const changed = figure.data.map((trace, i) => [i, differing(trace, start, i, steps)] as const);
    const kept = changed.filter(([, change]) => Object.keys(change).length > 0);
    return {
      name,
      traces: kept.map(([i]) => i),
      data: kept.map(([, change]) => change),
      layout: differingLayout(figure, steps),
    };
  });
  return { data: start.data, layout: start.layout, frames, slider: { label, ...options } };
}

/** The properties of trace `i` that are not the same at every step. */
function differing(
  trace: Trace,
  start: Figure,
  i: number,
  steps: readonly { readonly figure: Figure }[],
): Partial<Trace> {
  const keys = new Set([...Object.keys(trace), ...Object.keys(start.data[i])]);
  return Object.fromEntries(
    [...keys]
      .filter((key) => new Set(steps.map(({ figure }) => written(figure.data[i][key]))).size > 1)
      .map((key) => [key, trace[key] ?? null]),
  );
}

function differingLayout(
  { layout }: Figure,
  steps: readonly { readonly figure: Figure }[],
): Figure["layout"] {
  const keys = new Set(steps.flatMap(({ figure }) => Object.keys(figure.layout)));
  return Object.fromEntries(
    [...keys]
      .filter((key) => new Set(steps.map(({ figure }) => written(figure.layout[key]))).size > 1)
      .map((key) => [key, layout[key] ?? null]),
  );
}

function written(value: unknown): string {
  return (
    JSON.stringify(value, (_key, item: unknown) =>
      ArrayBuffer.isView(item) ? Array.from(item as unknown as ArrayLike<number>) : item,
    ) ?? ""
  );
}
