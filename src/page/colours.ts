/** The colours of the course on a dark page. */

/** On a dark page the darker colours of the palette give way to lighter ones of the same hue. */
const LIGHTER = new Map([
  ["#0072B2", "#4BA6E3"],
  ["#D55E00", "#F5833C"],
  ["#009E73", "#2BC795"],
  ["#666", "#A0A0A0"],
  ["#808080", "#A0A0A0"],
]);

/** Replaces colours wherever they stand; long lists of numbers, which hold none, are passed through. */
export function lighter(value: unknown): unknown {
  if (typeof value === "string") return LIGHTER.get(value) ?? value;
  if (Array.isArray(value))
    return value.every((item) => typeof item === "number") ? value : value.map(lighter);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, lighter(item)]));
}

const known = new Map<string, boolean>();

/** Whether a computed colour, `rgb(…)` or the like, is nearer to white than to black. */
export function isLight(color: string): boolean {
  const answer = known.get(color);
  if (answer !== undefined) return answer;
  const canvas = document.createElement("canvas").getContext("2d");
  if (!canvas) return false;
  canvas.fillStyle = color;
  canvas.fillRect(0, 0, 1, 1);
  const [r = 0, g = 0, b = 0] = canvas.getImageData(0, 0, 1, 1).data;
  const light = 0.3 * r + 0.59 * g + 0.11 * b > 128;
  known.set(color, light);
  return light;
}
