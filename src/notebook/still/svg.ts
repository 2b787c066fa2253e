/** Small pieces of SVG. */

import { escapeHtml } from "../markup";

/** A tenth of a pixel is enough for anybody. */
export function px(value: number): string {
  return String(Math.round(value * 10) / 10);
}

export interface TextStyle {
  readonly size?: number;
  readonly colour?: string;
  readonly anchor?: "start" | "middle" | "end";
  readonly turned?: boolean;
  readonly bold?: boolean;
}

/**
 * Text at a place, its middle line at y. plotly's simple markup is understood: `<br>` breaks the line, `<b>` makes the
 * line bold, other tags are dropped.
 */
export function textAt(x: number, y: number, text: string, style: TextStyle = {}): string {
  const { size = 12, colour, anchor = "middle", turned, bold } = style;
  const lines = text.split(/<br\s*\/?>/i);
  const spans = lines.map((line, i) => {
    const dy = i === 0 ? -0.6 * (lines.length - 1) + 0.35 : 1.2;
    const weight = bold || /<b>/i.test(line) ? ' font-weight="bold"' : "";
    const plain = escapeHtml(line.replace(/<\/?(b|i|sub|sup|span|em|strong)\b[^>]*>/gi, ""));
    return `<tspan x="${px(x)}" dy="${dy.toFixed(2)}em"${weight}>${plain}</tspan>`;
  });
  const rotation = turned ? ` transform="rotate(-90 ${px(x)} ${px(y)})"` : "";
  const fill = colour ? ` fill="${escapeHtml(colour)}"` : "";
  return `<text y="${px(y)}" font-size="${size}" text-anchor="${anchor}"${fill}${rotation}>${spans.join("")}</text>`;
}

/** A path through points; what is not finite interrupts it, and points closer than a third of a pixel are left out. */
export function pathThrough(points: readonly (readonly [number, number])[]): string {
  let path = "";
  let last: readonly [number, number] | undefined;
  for (const point of points) {
    if (!Number.isFinite(point[0]) || !Number.isFinite(point[1])) {
      last = undefined;
      continue;
    }
    if (last && Math.hypot(point[0] - last[0], point[1] - last[1]) < 0.33) continue;
    path += `${last ? "L" : "M"}${px(point[0])} ${px(point[1])}`;
    last = point;
  }
  return path;
}

const DASHES: Readonly<Record<string, string>> = { dash: "7 5", dot: "2 4", dashdot: "7 4 2 4" };

export function stroke(colour: string, width: number, dash?: string): string {
  const dashes = dash && DASHES[dash] ? ` stroke-dasharray="${DASHES[dash]}"` : "";
  return ` fill="none" stroke="${escapeHtml(colour)}" stroke-width="${px(width)}"${dashes}`;
}
