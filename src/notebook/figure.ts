/**
 * Showing a figure: one HTML output that holds the figure as data, a still picture and a description for where
 * scripts do not run, and a line of script that hands the data to the drawing code.
 *
 * The drawing code and plotly (two thirds of a megabyte, compressed) travel once a notebook, in the output of
 * `setup()`. Front ends may render outputs in any order, or create them anew, so a figure never asks whether plotly
 * is there: it waits for one promise, which whoever comes first creates and `setup()`'s output fulfils.
 */

import { asset } from "./assets";
import type { Figure } from "./figures/figure";
import { screen } from "./kernel";
import { escapeHtml, scriptJson } from "./markup";
import { anObject, inside, listOf, numberIn, type OptionTable, requireOptions, text } from "./options";
import { stillSvg } from "./still/still";

export interface FigureOptions {
  /** What the figure shows, for a reader who cannot see it: the content, not "a plot of". */
  alt: string;
  /** One or two sentences below the figure. */
  caption?: string;
  /** Height in pixels; 420 without it, or the layout's own. */
  height?: number;
}

/** The promise every figure waits for. `fulfil` is kept on it, so that whichever output comes first may create it. */
const PROMISE =
  "(window.__glassboxPlotly??=(()=>{let f;const p=new Promise(r=>{f=r});p.fulfil=f;return p})())";

const HAND_OVER = `{const f=document.currentScript.closest(".gb-figure");${PROMISE}.then(g=>g.show(f))}`;

let setupDone = false;
let firstCarrier: string | undefined;

/**
 * Prepares the notebook for figures: its output carries plotly, the script that draws, and the styles of figures
 * and tables. Call it in the cell with the imports. Running that cell again sends the same output again, so the
 * library can never get lost from a saved notebook.
 */
export function setup(): void {
  setupDone = true;
  screen().show("text/html", `<div class="gb-setup">${carrier()}</div>`);
}

/** Shows a figure. `options.alt` says in words what the picture shows; it is read aloud, and printed without scripts. */
export function figure(figure: Figure, options: FigureOptions): void {
  const markup = markupOf("figure", figure, options);
  // Without setup(), the first figure carries the library. Should its cell run again, it must do so again: the new
  // output replaces the old one, and the library in it.
  const carries = !setupDone && (firstCarrier === undefined || firstCarrier === markup);
  if (carries) firstCarrier = markup;
  screen().show("text/html", carries ? `<div class="gb-setup">${carrier()}</div>${markup}` : markup);
}

/** The output of `figure` as a string, without the library. */
export function figureHtml(figure: Figure, options: FigureOptions): string {
  return markupOf("figureHtml", figure, options);
}

const FIGURE: OptionTable<Figure> = {
  data: listOf("traces", anObject("a trace")),
  layout: anObject("a layout"),
  frames: listOf("frames", anObject("a frame")),
  slider: anObject("a slider"),
};

const OPTIONS: OptionTable<FigureOptions> = {
  alt: text,
  caption: text,
  height: numberIn({ from: 0, openFrom: true }),
};

function markupOf(owner: string, figure: Figure, options: FigureOptions): string {
  inside(FIGURE, ["data", "layout"], "a figure, such as lines({ … })")(owner, "the figure", figure);
  requireOptions(owner, options, OPTIONS, ["alt"]);
  const height = options.height ?? figure.layout.height ?? 420;
  const still = stillSvg(figure, height);
  const title = figure.layout.title?.text;
  const caption = options.caption ? `<figcaption>${escapeHtml(options.caption)}</figcaption>` : "";
  return [
    `<figure class="gb-figure" style="--gb-height:${height}px">`,
    // The title is text of the page, not of the plot: it wraps, can be selected, and is found.
    title ? `<p class="gb-title">${escapeHtml(plainTitle(title))}</p>` : "",
    `<div class="gb-plot">${still ?? ""}</div>`,
    // Keeps the slider's place, so that the page does not move under the reader when it appears.
    figure.frames?.length ? '<div class="gb-slider"></div>' : "",
    `<p class="gb-alt${still ? " gb-beside" : ""}">${escapeHtml(options.alt)}</p>`,
    caption,
    `<script type="application/json" class="gb-data">${scriptJson(figure)}</script>`,
    `<script>${HAND_OVER}</script>`,
    "</figure>",
  ]
    .filter(Boolean)
    .join("\n");
}

/** Without plotly's simple markup: the title is plain text. */
function plainTitle(title: string): string {
  return title.replace(/<br\s*\/?>/gi, " ").replace(/<\/?(b|i|sub|sup)>/gi, "");
}

function carrier(): string {
  return [
    `<style>${asset("outputs.css")}</style>`,
    `<script type="text/plain" class="gb-library">${asset("plotly.js.gz.b64")}</script>`,
    `<script>{const promise=${PROMISE};${asset("figures.js")}}</script>`,
  ].join("\n");
}
