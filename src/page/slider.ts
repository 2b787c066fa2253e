/**
 * Steps through a figure's frames. Plotly has a slider of its own, drawn in SVG and deaf to the keyboard; this one
 * is the browser's range input, which arrow keys, screen readers and thumbs know already.
 */

import { ownKeys } from "./keys";
import type { FigureData } from "./types";

type State = Pick<FigureData, "data" | "layout">;

export function addSlider(plot: HTMLElement, figure: FigureData, show: (state: State) => void): void {
  const frames = figure.frames ?? [];
  const { label, start = 0, play } = figure.slider ?? { label: "step" };

  const bar = plot.parentElement?.querySelector<HTMLElement>(".gb-slider");
  if (!bar) return;
  const input = ownKeys(document.createElement("input"));
  Object.assign(input, {
    type: "range",
    min: "0",
    max: String(frames.length - 1),
    step: "1",
    value: String(start),
  });
  input.setAttribute("aria-label", label);
  const value = document.createElement("output");
  // As wide as the longest text, so that the slider keeps its length while it moves.
  const longest = Math.max(...frames.map(({ name }) => name.length));
  value.style.minWidth = `min(100%, ${label.length + 1 + longest}ch)`;
  bar.replaceChildren(input, value);

  let timer = 0;
  const button = play ? ownKeys(document.createElement("button")) : undefined;
  const stop = () => {
    clearInterval(timer);
    timer = 0;
    if (button) setPlayButton(button, false, label);
  };
  const go = (index: number) => {
    input.value = String(index);
    const text = `${label} ${frames[index]?.name ?? ""}`;
    value.textContent = text;
    input.setAttribute("aria-valuetext", text);
    show(applied(figure, index));
  };
  input.addEventListener("input", () => {
    stop();
    go(Number(input.value));
  });
  if (button && play) {
    button.type = "button";
    bar.prepend(button);
    setPlayButton(button, false, label);
    button.addEventListener("click", () => {
      if (timer) return stop();
      let index = Number(input.value) >= frames.length - 1 ? 0 : Number(input.value);
      setPlayButton(button, true, label);
      go(index);
      timer = window.setInterval(() => {
        index += 1;
        if (index >= frames.length || !plot.isConnected) return stop();
        go(index);
      }, play);
    });
  }
  go(start);
}

function setPlayButton(button: HTMLButtonElement, playing: boolean, label: string): void {
  button.textContent = playing ? "❚❚" : "▶";
  button.setAttribute("aria-label", playing ? "Pause" : `Play through every ${label}`);
}

/** The figure as it is at one frame: each frame says what differs from the start, so any frame can follow any other. */
function applied(figure: FigureData, index: number): State {
  const frame = figure.frames?.[index];
  if (!frame) return figure;
  const data = figure.data.map((trace) => ({ ...trace }));
  frame.data.forEach((change, position) => {
    const target = data[frame.traces?.[position] ?? position];
    if (target) Object.assign(target, change);
  });
  return { data, layout: { ...figure.layout, ...frame.layout } };
}
