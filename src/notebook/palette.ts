/**
 * One colour per meaning, from the first notebook to the last (Okabe and Ito's palette, which readers with any of
 * the common colour-vision deficiencies can tell apart). Each works on a white and on a dark page.
 */
export const palette = {
  /** Class 0; also "ours" wherever we are compared with someone else. */
  blue: "#0072B2",
  /** Class 1; also TensorFlow.js, then drawn dashed. */
  orange: "#E69F00",
  /** An error, a slope, the thing the text is talking about. */
  vermilion: "#D55E00",
  /** Validation, agreement, a target reached. */
  green: "#009E73",
  /** A fourth series. */
  purple: "#CC79A7",
  /** A fifth series. */
  sky: "#56B4E9",
  /** Context: what is compared against, thresholds, what happened before. */
  grey: "#808080",
} as const;

export const meaning = {
  class0: palette.blue,
  class1: palette.orange,
  ours: palette.blue,
  tensorflow: palette.orange,
  emphasis: palette.vermilion,
  error: palette.vermilion,
  validation: palette.green,
  context: palette.grey,
} as const;

/** Series without a meaning of their own, in the order they are told apart best. */
export const series: readonly string[] = [
  palette.blue,
  palette.vermilion,
  palette.green,
  palette.purple,
  palette.orange,
  palette.sky,
  palette.grey,
];

/** The decision region: blue where class 0 is likely, orange where class 1 is, nothing where it is undecided. */
export const regionScale: readonly (readonly [number, string])[] = [
  [0, "rgba(0, 114, 178, 0.55)"],
  [0.5, "rgba(128, 128, 128, 0.06)"],
  [1, "rgba(230, 159, 0, 0.55)"],
];

/** Signed quantities around zero: blue below, vermilion above, nothing at zero. */
export const signedScale: readonly (readonly [number, string])[] = [
  [0, "#0072B2"],
  [0.5, "rgba(128, 128, 128, 0.08)"],
  [1, "#D55E00"],
];

/** Counts, from few to many. */
export const countScale: readonly (readonly [number, string])[] = [
  [0, "rgba(0, 114, 178, 0.1)"],
  [1, "rgba(0, 114, 178, 0.5)"],
];

/** Unsigned quantities, dark to light: viridis, which stays ordered in greyscale print. */
export const heightScale: readonly (readonly [number, string])[] = [
  [0, "#440154"],
  [0.25, "#3b528b"],
  [0.5, "#21918c"],
  [0.75, "#5ec962"],
  [1, "#fde725"],
];

/** `colour` with an opacity; `colour` is #rrggbb. */
export function translucent(colour: string, opacity: number): string {
  const channel = (start: number) => Number.parseInt(colour.slice(start, start + 2), 16);
  return `rgba(${channel(1)}, ${channel(3)}, ${channel(5)}, ${opacity})`;
}
