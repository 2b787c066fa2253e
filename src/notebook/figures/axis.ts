/** An axis: its title (with the unit), and, where that is not all, its type and range. */

import type { Axis } from "./figure";

export type AxisOption =
  | string
  | {
      readonly title: string;
      readonly type?: "linear" | "log";
      /** In the axis's own units, also on a logarithmic one. */
      readonly range?: readonly [number, number];
      /** Where ticks stand, in the axis's own units; chosen by the axis when left out. */
      readonly ticks?: readonly number[];
    };

/**
 * "epoch", or { title: "step size h", type: "log" }, as plotly wants it.
 * @param values what will be drawn along it: a logarithmic axis takes from them how far apart its ticks stand
 */
export function axisOf(option: AxisOption, values?: Iterable<number>): Axis {
  if (typeof option === "string") return { title: { text: option } };
  const { title, type, range } = option;
  const log = type === "log";
  const span = range ?? (log ? extent(values, (value) => value > 0) : undefined);
  const ticks = option.ticks ?? (log && span ? logTicks(span) : undefined);
  return {
    title: { text: title },
    ...(log && { type }),
    ...(range && { range: log ? (range.map(Math.log10) as [number, number]) : range }),
    // plotly writes powers of ten in two sizes, and the 2 and the 5 between them without their power.
    ...(ticks && { tickvals: ticks, ticktext: tickTexts(ticks, span) }),
  };
}

/** Smallest and largest of the finite values that count. */
export function extent(
  values: Iterable<number> = [],
  counts: (value: number) => boolean = () => true,
): [number, number] | undefined {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (!Number.isFinite(value) || !counts(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return low <= high ? [low, high] : undefined;
}

/** Every second decade, every decade, or 1, 2, 5 within one: about as many ticks as there is room for. */
function logTicks([low, high]: readonly [number, number]): number[] {
  const decades = Math.log10(high / low);
  // One more on each side: the axis reaches a little beyond its values.
  const [first, last] = [Math.floor(Math.log10(low)) - 1, Math.ceil(Math.log10(high)) + 1];
  const powers = Array.from({ length: last - first + 1 }, (_, i) => first + i);
  if (decades <= 2.5) return powers.flatMap((power) => [1, 2, 5].map((m) => Number(`${m}e${power}`)));
  const every = Math.ceil(decades / 8);
  return powers.filter((power) => power % every === 0).map((power) => Number(`1e${power}`));
}

const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** All ticks of an axis in one way: as powers of ten where one that is seen needs it. */
function tickTexts(ticks: readonly number[], span?: readonly [number, number]): string[] {
  const seen = ticks.filter((tick) => !span || (tick >= span[0] && tick <= span[1]));
  const powers = !seen.every(isPlain);
  return ticks.map((tick) => tickText(tick, powers && tick !== 1));
}

function isPlain(value: number): boolean {
  const size = Math.abs(value);
  return size === 0 || (size >= 1e-3 && size < 1e5);
}

/** "0.001", "5,000", "10⁻⁵", "2·10⁶" */
export function tickText(value: number, power = !isPlain(value)): string {
  if (!power) return value.toLocaleString("en", { maximumSignificantDigits: 6 }).replace("-", "−");
  const [factor, exponent] = value.toExponential().split("e").map(Number);
  const digits = [...String(Math.abs(exponent))].map((digit) => SUPERSCRIPTS[Number(digit)]).join("");
  const ten = `10${exponent < 0 ? "⁻" : ""}${digits}`;
  return factor === 1 ? ten : `${String(factor).replace("-", "−")}·${ten}`;
}
