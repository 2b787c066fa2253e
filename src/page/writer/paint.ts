/** The pictures of the writer: where its heads look, and the loss while it trains on. */
import type { Look } from "../../notebook/writer/model";
import { visible } from "../../notebook/writer/visible";
import { brush, isDark, onPage } from "../canvas";

/** Height of a head's row, in pixels. */
const ROW = 15;

/** Letters stand above cells as wide as this; narrower ones would lie on each other. */
const LEGIBLE = 6;

/** One row a head, one cell a character that it sees: the darker, the more it looks there. */
export function paintAttention(canvas: HTMLCanvasElement, { seen, attention }: Look, context: number): void {
  canvas.style.height = `${ROW * (attention.length + 1) + 4 * Math.max(0, (attention.at(-1)?.block ?? 1) - 1) + 4}px`;
  const { c, width } = brush(canvas);
  const ink = getComputedStyle(canvas).color;
  const dark = isDark(canvas);
  const start = width < 500 ? 46 : 100;
  const cell = (width - start) / context;
  const left = width - cell * seen.length; // the place it looks from is always at the right
  const gap = cell > 4 ? 1 : 0;
  c.textBaseline = "middle";
  c.fillStyle = ink;
  if (cell >= LEGIBLE) {
    seen.forEach((character, k) => {
      paintSign(c, visible(character), left + (k + 0.5) * cell, ROW / 2, cell);
    });
  }
  c.textAlign = "left";
  c.font = "11px system-ui, sans-serif";
  let y = ROW;
  for (const { block, head, weights } of attention) {
    if (head === 1 && block > 1) y += 4;
    c.fillStyle = ink;
    c.globalAlpha = 1;
    c.fillText(width < 500 ? `b${block} h${head}` : `block ${block}, head ${head}`, 0, y + ROW / 2);
    weights.forEach((weight, k) => {
      c.fillStyle = "rgba(128,128,128,0.14)";
      c.globalAlpha = 1;
      c.fillRect(left + k * cell, y + 0.5, cell - gap, ROW - 1);
      c.fillStyle = onPage("#0072B2", dark);
      c.globalAlpha = Math.min(1, weight);
      c.fillRect(left + k * cell, y + 0.5, cell - gap, ROW - 1);
    });
    y += ROW;
  }
  c.globalAlpha = 1;
}

/**
 * The map of one head over what it sees: a column is a place that looks, a row what it looks at, as in the notebooks. The
 * newest place is at the right and at the bottom.
 */
export function paintMap(canvas: HTMLCanvasElement, { seen, map }: Look, context: number): void {
  const room = canvas.getBoundingClientRect().width;
  const side = Math.min(room - ROW, 26 * context, 400);
  canvas.style.height = `${side + ROW}px`;
  const { c } = brush(canvas);
  const cell = side / context;
  const gap = cell > 4 ? 1 : 0;
  const dark = isDark(canvas);
  c.textBaseline = "middle";
  c.fillStyle = getComputedStyle(canvas).color;
  if (cell >= LEGIBLE) {
    seen.forEach((character, k) => {
      paintSign(c, visible(character), ROW + (k + 0.5) * cell, ROW / 2, cell);
      paintSign(c, visible(character), ROW / 2, ROW + (k + 0.5) * cell, cell);
    });
  }
  map.forEach((weights, t) => {
    for (let u = 0; u <= t; u++) {
      c.globalAlpha = 1;
      c.fillStyle = "rgba(128,128,128,0.14)";
      c.fillRect(ROW + t * cell, ROW + u * cell, cell - gap, cell - gap);
      c.globalAlpha = Math.min(1, weights[u]);
      c.fillStyle = onPage("#0072B2", dark);
      c.fillRect(ROW + t * cell, ROW + u * cell, cell - gap, cell - gap);
    }
  });
  c.globalAlpha = 1;
}

/** A character over a cell; one that is named ("U+200F") as small as it must be. */
function paintSign(c: CanvasRenderingContext2D, sign: string, x: number, y: number, cell: number): void {
  c.textAlign = "center";
  c.font = `${Math.min(12, Math.max(8, cell * 0.95))}px ui-monospace, monospace`;
  c.fillText(sign, x, y, sign.length > 2 ? cell : undefined);
}

export interface Past {
  readonly training: { readonly step: number; readonly loss: number }[];
  readonly kept: { readonly step: number; readonly loss: number }[];
}

/** Losses over the steps, in nats, and the floor as a line across. */
export function paintLosses(canvas: HTMLCanvasElement, past: Past, floor: number | undefined): void {
  const { c, width, height } = brush(canvas);
  const ink = getComputedStyle(canvas).color;
  const dark = isDark(canvas);
  const all = [...past.training, ...past.kept].map(({ loss }) => loss);
  if (floor !== undefined) all.push(floor);
  if (all.length === 0) return;
  const [top, bottom] = [Math.max(...all) + 0.1, Math.min(...all) - 0.1];
  const [left, room] = [44, height - 22];
  const last = Math.max(1, past.training.at(-1)?.step ?? 1);
  const x = (step: number) => left + ((width - left - 8) * step) / last;
  const y = (loss: number) => 8 + ((room - 8) * (top - loss)) / (top - bottom);
  c.font = "11px system-ui, sans-serif";
  c.textBaseline = "middle";
  const unit = [0.05, 0.1, 0.2, 0.5, 1].find((each) => (top - bottom) / each <= 6) ?? 2;
  for (let k = Math.ceil(bottom / unit); k * unit <= top; k++) {
    c.fillStyle = ink;
    c.textAlign = "right";
    c.fillText((k * unit).toFixed(2), left - 6, y(k * unit));
    c.fillStyle = "rgba(128,128,128,0.25)";
    c.fillRect(left, y(k * unit), width - left - 8, 1);
  }
  c.fillStyle = ink;
  c.textBaseline = "alphabetic";
  c.textAlign = "left";
  c.fillText("loss, nats a character", left, height - 6);
  c.textAlign = "right";
  c.fillText(`step ${last}`, width - 8, height - 6);
  const line = (points: readonly { step: number; loss: number }[], colour: string, dash: number[]): void => {
    c.beginPath();
    for (const { step, loss } of points) c.lineTo(x(step), y(loss));
    c.setLineDash(dash);
    c.strokeStyle = onPage(colour, dark);
    c.lineWidth = 2;
    c.stroke();
    c.setLineDash([]);
  };
  if (floor !== undefined)
    line(
      [
        { step: 0, loss: floor },
        { step: last, loss: floor },
      ],
      "#D55E00",
      [2, 3],
    );
  line(past.training, "#0072B2", []);
  line(past.kept, "#009E73", [6, 4]);
}
