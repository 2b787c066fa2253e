/** A canvas as sharp as the screen, in the colours of the page. */
import { isLight, lighter } from "./colours";

/** Whether the page around an element is dark: its text is light then. */
export function isDark(element: Element): boolean {
  return isLight(getComputedStyle(element).color);
}

/** A colour of the course, as a dark page or a light one shows it. */
export function onPage(colour: string, dark: boolean): string {
  return dark ? String(lighter(colour)) : colour;
}

/** A canvas's brush, with the canvas sized for the screen's pixels. Coordinates are CSS pixels. */
export function brush(canvas: HTMLCanvasElement): {
  c: CanvasRenderingContext2D;
  width: number;
  height: number;
} {
  const { width, height } = canvas.getBoundingClientRect();
  const scale = window.devicePixelRatio || 1;
  const [w, h] = [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))];
  if (canvas.width !== w || canvas.height !== h) {
    canvas.width = w;
    canvas.height = h;
  }
  const c = canvas.getContext("2d") as CanvasRenderingContext2D;
  c.setTransform(scale, 0, 0, scale, 0, 0);
  c.clearRect(0, 0, width, height);
  return { c, width, height };
}
