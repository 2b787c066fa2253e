/**
 * Runs in the page: unpacks plotly once, then draws each figure when it comes near the screen.
 *
 * Built into dist/notebook/assets/figures.js and sent by `setup()`, wrapped so that `promise` is the one every
 * figure waits for.
 */

import { unpack, unpackFigures } from "./packed";
import { addSlider } from "./slider";
import { followTheme, themed } from "./theme";
import type { Drawing, FigureData, Plotly, SharedPromise } from "./types";

declare const promise: SharedPromise;

const NEAR = "600px 0px";
/** The pixels that legend, ticks and axis names take above and below a plot. */
const ROOM_FOR_WORDS = 70;
const drawings = new Set<Drawing>();

// JupyterLab creates the scripts of an output anew whenever it renders it; the first run wins.
if (!promise.started) {
  promise.started = true;
  const library = document.currentScript?.parentElement?.querySelector(".gb-library")?.textContent ?? "";
  const plotly = lazily(() => libraryOf(library));
  const observer = new IntersectionObserver(
    (entries) => {
      for (const entry of entries) {
        if (!entry.isIntersecting) continue;
        observer.unobserve(entry.target);
        void plotly().then((library) => draw(library, entry.target as HTMLElement));
      }
    },
    { rootMargin: NEAR },
  );
  followTheme(() => {
    for (const drawing of drawings) drawing.redraw();
  });
  promise.fulfil({
    show(figure) {
      if (!figure || figure.dataset.gb) return;
      figure.dataset.gb = "waiting";
      observer.observe(figure);
    },
  });
}

function lazily<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

/** Packed source → library. A script element runs it: that needs no `eval`, and the page's policy knows it. */
async function libraryOf(packed: string): Promise<Plotly> {
  const script = document.createElement("script");
  script.textContent = await unpack(packed);
  document.head.append(script);
  script.remove();
  return (window as unknown as { GlassboxPlotly: Plotly }).GlassboxPlotly;
}

/** A square picture on a narrow screen would leave the height of a wide one empty. */
function fitHeight(plot: HTMLElement, layout: FigureData["layout"]): void {
  const anchored = (layout.yaxis as { scaleanchor?: string } | undefined)?.scaleanchor !== undefined;
  if (!anchored || layout.xaxis2 !== undefined) return;
  const least = plot.clientWidth + ROOM_FOR_WORDS;
  plot.style.height = `min(var(--gb-height, 420px), ${least}px)`;
  plot.style.minHeight = plot.style.height;
}

async function draw(plotly: Plotly, element: HTMLElement): Promise<void> {
  await unpackFigures(element);
  const plot = element.querySelector<HTMLElement>(".gb-plot");
  const json = element.querySelector(".gb-data")?.textContent;
  if (!plot || !json) return;
  const figure = JSON.parse(json) as FigureData;
  const canvas = document.createElement("div");
  canvas.className = "gb-canvas";
  let current: Pick<FigureData, "data" | "layout"> = figure;

  // Some figures are illegible below a certain width (a graph with labelled boxes): those scroll sideways.
  const { minWidth } = (figure.layout.meta ?? {}) as { minWidth?: number };
  if (minWidth) canvas.style.minWidth = `${minWidth}px`;

  const title = element.querySelector(".gb-title");
  const redraw = () => {
    if (!canvas.isConnected) return void drawings.delete(drawing);
    fitHeight(plot, current.layout);
    const height = plot.clientHeight || 420;
    const { data, layout } = themed(current, element, canvas.clientWidth || plot.clientWidth, height);
    const text = (current.layout.title as { text?: string } | undefined)?.text;
    if (title && text)
      title.textContent = text.replace(/<br\s*\/?>/gi, " ").replace(/<\/?(b|i|sub|sup)>/gi, "");
    plot.tabIndex = plot.scrollWidth > plot.clientWidth + 1 ? 0 : -1;
    void plotly.react(canvas, data, layout, { displayModeBar: false, displaylogo: false, scrollZoom: false });
  };
  const drawing: Drawing = { redraw };

  // The still picture stays, hidden: on paper it is the better one.
  plot.append(canvas);
  element.dataset.gb = "drawn";
  drawings.add(drawing);
  if (figure.frames?.length) {
    addSlider(plot, figure, (next) => {
      current = next;
      redraw();
    });
  } else redraw();

  // Covers a resized window, a folded cell that opens, and a tab that was hidden while it was drawn.
  let width = canvas.clientWidth;
  new ResizeObserver(() => {
    if (canvas.clientWidth === width || canvas.clientWidth === 0) return;
    width = canvas.clientWidth;
    redraw();
  }).observe(canvas);
}
