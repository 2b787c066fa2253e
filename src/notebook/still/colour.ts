/** Colours as four numbers, so that a scale of colours can be mixed. */

export type Rgba = readonly [red: number, green: number, blue: number, opacity: number];

/** Reads #rgb, #rrggbb, rgb(…) and rgba(…); anything else is grey. */
export function parseColour(text: string): Rgba {
  const hex = /^#([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(text.trim())?.[1];
  if (hex) {
    const wide = hex.length === 3 ? [...hex].map((c) => c + c).join("") : hex;
    return [0, 2, 4].map((i) => Number.parseInt(wide.slice(i, i + 2), 16)).concat(1) as unknown as Rgba;
  }
  const parts = /^rgba?\(([^)]+)\)$/i
    .exec(text.trim())?.[1]
    .split(/[\s,/]+/)
    .map(Number);
  if (parts && parts.length >= 3 && parts.every(Number.isFinite)) {
    return [parts[0], parts[1], parts[2], parts[3] ?? 1];
  }
  return [128, 128, 128, 1];
}

export type ColourScale = readonly (readonly [number, string])[];

const VIRIDIS: ColourScale = [
  [0, "#440154"],
  [0.25, "#3b528b"],
  [0.5, "#21918c"],
  [0.75, "#5ec962"],
  [1, "#fde725"],
];

/** A function from 0…1 to a colour. */
export function colourScale(scale: unknown): (share: number) => Rgba {
  const stops = (Array.isArray(scale) ? (scale as ColourScale) : VIRIDIS).map(
    ([at, text]) => [at, parseColour(text)] as const,
  );
  return (share) => {
    const bounded = Math.min(1, Math.max(0, share));
    const next = Math.max(
      1,
      stops.findIndex(([at]) => at >= bounded),
    );
    const [low, a] = stops[next - 1];
    const [high, b] = stops[Math.min(next, stops.length - 1)];
    const part = high === low ? 0 : (bounded - low) / (high - low);
    return a.map((channel, i) => channel + part * (b[i] - channel)) as unknown as Rgba;
  };
}

export function cssColour([red, green, blue, opacity]: Rgba): string {
  const channels = [red, green, blue].map(Math.round).join(",");
  return opacity >= 1 ? `rgb(${channels})` : `rgba(${channels},${Number(opacity.toFixed(3))})`;
}
