/**
 * What each hidden unit answers over the plane: a small picture a unit, a row a layer. The one that is pointed at is
 * named, with its range.
 */

import type { View } from "../../notebook/playground/engine";
import { paintGrid, signedColour } from "./paint";

/** The pictures, in `host`, and words about the one that is pointed at. */
export class UnitMaps {
  /** Of the pictures in reading order. */
  private picked: number | undefined;
  private rows: readonly { readonly layer: number; readonly unit: number }[] = [];
  private canvases: readonly HTMLCanvasElement[] = [];
  private layout = "";
  private view: View | undefined;

  constructor(
    private readonly host: HTMLElement,
    private readonly words: HTMLElement,
  ) {
    host.tabIndex = 0;
    host.addEventListener("pointerover", ({ target }) => this.pick(this.canvases.indexOf(target as never)));
    host.addEventListener("pointerleave", () => this.pick(-1));
    host.addEventListener("blur", () => this.pick(-1));
    host.addEventListener("keydown", (event) => {
      const way = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[event.key];
      if (way === undefined || this.rows.length === 0) return;
      const last = this.rows.length - 1;
      this.pick(this.picked === undefined ? 0 : Math.min(last, Math.max(0, this.picked + way)));
      event.preventDefault();
    });
  }

  draw(view: View, hidden: readonly number[]): void {
    this.view = view;
    this.lay(hidden);
    for (const [i, map] of view.units.flat().entries()) {
      const canvas = this.canvases[i];
      if (canvas) paintGrid(canvas, map, signedColour(largest(map)));
    }
    this.say();
  }

  /** Shows no units: there is no network. */
  clear(): void {
    this.view = undefined;
    this.layout = "";
    this.rows = [];
    this.canvases = [];
    this.host.replaceChildren();
    const section = this.host.parentElement;
    if (section) section.hidden = true;
  }

  private lay(hidden: readonly number[]): void {
    const { units } = this.view as View;
    const layout = `${units.map((layer) => layer.length)} of ${hidden}`;
    if (this.layout === layout) return;
    this.layout = layout;
    this.picked = undefined;
    this.rows = units.flatMap((layer, k) => layer.map((_, unit) => ({ layer: k, unit })));
    this.host.replaceChildren(
      ...units.map((layer, k) => {
        const row = document.createElement("div");
        const name = document.createElement("span");
        const shown = layer.length < hidden[k] ? `${layer.length} of ${hidden[k]} units` : "";
        name.textContent = [`hidden ${k + 1}`, shown].filter(Boolean).join(", ");
        row.append(name, ...layer.map(() => document.createElement("canvas")));
        return row;
      }),
    );
    this.canvases = [...this.host.querySelectorAll("canvas")];
    const rows = units.map((layer, k) => `hidden ${k + 1}: ${layer.length}`).join("; ");
    this.host.setAttribute(
      "aria-label",
      `What single units answer over the plane. ${rows}. Arrow keys choose.`,
    );
    const section = this.host.parentElement;
    if (section) section.hidden = units.length === 0;
  }

  private pick(index: number): void {
    const picked = index < 0 ? undefined : index;
    if (picked === this.picked) return;
    this.picked = picked;
    for (const [i, canvas] of this.canvases.entries()) canvas.classList.toggle("gb-picked", i === picked);
    this.say();
  }

  private say(): void {
    const row = this.rows[this.picked ?? -1];
    const map = row && this.view?.units[row.layer]?.[row.unit];
    this.words.textContent = map
      ? `hidden ${row.layer + 1}, unit ${row.unit + 1}: from ${Math.min(...map).toFixed(3)} to ${Math.max(...map).toFixed(3)}`
      : "Vermilion above 0, blue below; stronger is further from 0.";
  }
}

function largest(map: Float32Array): number {
  return map.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}
