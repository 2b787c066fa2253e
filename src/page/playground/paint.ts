/** Drawing on canvases: regions, points, curves and bars, in the colours of the course. */

import { EXTENT } from "../../notebook/playground/engine";
import { brush, isDark, onPage } from "../canvas";
import { isLight } from "../colours";
import type { Place } from "./cursor";
import { decades } from "./decades";
import type { Point } from "./messages";

const BLUE = [0, 114, 178] as const;
const ORANGE = [230, 159, 0] as const;
const VERMILION = [213, 94, 0] as const;

const small = document.createElement("canvas");

/** A square grid of values, bottom row first, as a smooth picture over the whole canvas. */
export function paintGrid(
  canvas: HTMLCanvasElement,
  values: Float32Array,
  colour: (value: number) => readonly [r: number, g: number, b: number, a: number],
): void {
  const side = Math.round(Math.sqrt(values.length));
  small.width = side;
  small.height = side;
  const pen = small.getContext("2d") as CanvasRenderingContext2D;
  const image = pen.createImageData(side, side);
  for (let i = 0; i < side; i++) {
    for (let j = 0; j < side; j++) {
      image.data.set(colour(values[(side - 1 - i) * side + j] ?? 0), 4 * (i * side + j));
    }
  }
  pen.putImageData(image, 0, 0);
  const { c, width, height } = brush(canvas);
  c.imageSmoothingEnabled = true;
  c.drawImage(small, 0, 0, width, height);
}

/** P(class 1) as colour: blue towards 0, orange towards 1, nothing at a half. */
export function probabilityColour(p: number): readonly [number, number, number, number] {
  const [r, g, b] = p < 0.5 ? BLUE : ORANGE;
  return [r, g, b, Math.round(300 * Math.abs(p - 0.5))];
}

/** A unit's output as colour, relative to the largest of its map: vermilion above 0, blue below. */
export function signedColour(largest: number): (value: number) => readonly [number, number, number, number] {
  return (value) => {
    const [r, g, b] = value < 0 ? BLUE : VERMILION;
    return [r, g, b, largest === 0 ? 0 : Math.round((230 * Math.abs(value)) / largest)];
  };
}

/** Points over a region: class 0 round, class 1 square, those held back hollow. */
export function paintPoints(canvas: HTMLCanvasElement, points: readonly Point[], hollow: boolean): void {
  const { width, height } = canvas.getBoundingClientRect();
  const c = canvas.getContext("2d") as CanvasRenderingContext2D;
  const size = Math.max(2, width / 150);
  const dark = isDark(canvas);
  const paper = dark ? "#15171b" : "#ffffff";
  const fills = ["#0072B2", "#E69F00"].map((colour) => onPage(colour, dark));
  // A thin orange line is too pale for a light page.
  const outlines = [fills[0], dark ? fills[1] : "#B87F00"];
  for (const [x, y, label] of points) {
    const [px, py] = [((x + EXTENT) / (2 * EXTENT)) * width, ((EXTENT - y) / (2 * EXTENT)) * height];
    c.beginPath();
    if (label === 0) c.arc(px, py, size, 0, 2 * Math.PI);
    else c.rect(px - size * 0.9, py - size * 0.9, size * 1.8, size * 1.8);
    const kind = label === 0 ? 0 : 1;
    c.fillStyle = hollow ? paper : fills[kind];
    c.strokeStyle = hollow ? outlines[kind] : paper;
    c.lineWidth = hollow ? 1.4 : 0.8;
    c.fill();
    c.stroke();
  }
}

export interface Curve {
  readonly values: readonly number[];
  readonly colour: string;
  readonly dashed: boolean;
}

/** A cross where the keyboard has moved to. */
export function paintCross(canvas: HTMLCanvasElement, { across, down }: Place): void {
  const { width, height } = canvas.getBoundingClientRect();
  const c = canvas.getContext("2d") as CanvasRenderingContext2D;
  const [x, y] = [across * width, down * height];
  c.beginPath();
  for (const [dx, dy] of [
    [12, 0],
    [0, 12],
  ] as const) {
    c.moveTo(x - dx, y - dy);
    c.lineTo(x + dx, y + dy);
  }
  c.strokeStyle = getComputedStyle(canvas).color;
  c.lineWidth = 2;
  c.stroke();
}

/**
 * Curves over the steps, on a logarithmic scale, with the decades they span.
 * @param across where the reader points, from 0 at the left to 1 at the right
 * @returns the entry of `steps` that is pointed at
 */
export function paintCurves(
  canvas: HTMLCanvasElement,
  steps: readonly number[],
  curves: readonly Curve[],
  across?: number,
): number | undefined {
  const { c, width, height } = brush(canvas);
  const ink = getComputedStyle(canvas).color;
  const dark = isLight(ink);
  const all = curves.flatMap(({ values }) => values).filter((value) => value > 0);
  if (all.length === 0) return undefined;
  const top = all.reduce((most, value) => Math.max(most, value), 1);
  const bottom = all.reduce((least, value) => Math.min(least, value), 0.1);
  const [left, room] = [38, height - 22];
  const last = Math.max(1, steps[steps.length - 1] ?? 1);
  const x = (step: number) => left + ((width - left - 6) * step) / last;
  const y = (value: number) => 6 + (room - 6) * (Math.log(top / value) / Math.log(top / bottom));
  c.font = "11px system-ui, sans-serif";
  c.fillStyle = ink;
  c.textAlign = "right";
  c.textBaseline = "middle";
  for (const decade of decades(bottom, top, Math.floor(room / 18))) {
    const at = y(10 ** decade);
    c.fillText(decade >= -3 && decade <= 3 ? String(10 ** decade) : `1e${decade}`, left - 5, at);
    c.strokeStyle = "rgba(128,128,128,0.25)";
    c.lineWidth = 1;
    c.strokeRect(left, at, width - left - 6, 0);
  }
  c.textBaseline = "alphabetic";
  c.fillText(`step ${last}`, width - 6, height - 6);
  for (const { values, colour, dashed } of curves) {
    c.beginPath();
    values.forEach((value, i) => {
      c.lineTo(x(steps[i] ?? 0), y(Math.max(value, bottom)));
    });
    c.setLineDash(dashed ? [5, 4] : []);
    c.strokeStyle = onPage(colour, dark);
    c.lineWidth = 2;
    c.stroke();
  }
  c.setLineDash([]);
  if (across === undefined) return undefined;
  const distance = (step: number) => Math.abs(x(step) - across * width);
  const nearest = steps.reduce(
    (best, step, i) => (distance(step) < distance(steps[best] ?? 0) ? i : best),
    0,
  );
  c.strokeStyle = ink;
  c.lineWidth = 1;
  c.strokeRect(x(steps[nearest] ?? 0), 6, 0, room - 6);
  return nearest;
}

/** One bar a layer, logarithmic from 1e-8 to 10, with its number beside it. */
export function paintBars(
  canvas: HTMLCanvasElement,
  names: readonly string[],
  values: readonly number[],
): void {
  const { c, width, height } = brush(canvas);
  const ink = getComputedStyle(canvas).color;
  const room = height / Math.max(1, names.length);
  const [left, right] = [66, 58];
  c.font = "11px system-ui, sans-serif";
  c.textBaseline = "middle";
  names.forEach((name, i) => {
    const value = values[i] ?? 0;
    const middle = (i + 0.5) * room;
    const share = value > 0 ? Math.min(1, Math.max(0.01, (Math.log10(value) + 8) / 9)) : 0;
    c.fillStyle = ink;
    c.textAlign = "left";
    c.fillText(name, 0, middle);
    c.fillText(value > 0 ? value.toExponential(1) : "–", width - right + 8, middle);
    c.fillStyle = "#009E73";
    c.fillRect(
      left,
      middle - Math.min(8, room * 0.32),
      (width - left - right) * share,
      Math.min(16, room * 0.64),
    );
  });
}
