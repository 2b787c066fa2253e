/**
 * A figure brings its own colours for what it shows; the page decides about everything around it. Paper is
 * transparent, text takes the page's colour and typeface, and grids are a grey that shows on white and on black.
 */

import { INK } from "../notebook/figures/figure";
import { isLight, lighter } from "./colours";
import type { FigureData } from "./types";

type Plain = Record<string, unknown>;

const GRID = "rgba(128, 128, 128, 0.22)";
const ZERO = "rgba(128, 128, 128, 0.55)";
const AXIS = /^[xyz]axis\d*$/;

/** The figure with the page's look filled in, wherever the figure does not say otherwise. */
export function themed(
  figure: Pick<FigureData, "data" | "layout">,
  element: HTMLElement,
  width: number,
  height: number,
): { data: Plain[]; layout: Plain } {
  const page = getComputedStyle(element);
  const ink = page.color;
  const narrow = width < 520;
  const family = page.getPropertyValue("--gb-plot-font").trim() || page.fontFamily;
  const dark = isLight(ink);
  const given = narrow ? withLegend(figure.layout) : figure.layout;
  const size = narrow ? 11 : 13;
  const layout: Plain = {
    colorway: ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#808080"],
    hovermode: "closest",
    ...given,
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    width: width || undefined,
    height,
    dragmode: given.dragmode ?? (isTouch() ? false : "zoom"),
    font: { size, ...(given.font as Plain), color: ink, family },
    margin: {
      l: narrow ? 46 : 62,
      r: narrow ? 12 : 24,
      t: 14,
      b: 52,
      ...(given.margin as Plain),
    },
    hoverlabel: { font: { family, size: 12 }, ...(given.hoverlabel as Plain) },
  };
  // The page shows the title itself.
  delete layout.title;
  layout.legend = { orientation: "h", x: 0, y: 1, yanchor: "bottom", ...(layout.legend as Plain) };
  layout.xaxis = axis(layout.xaxis as Plain | undefined);
  layout.yaxis = axis(layout.yaxis as Plain | undefined);
  for (const key of Object.keys(layout)) if (AXIS.test(key)) layout[key] = axis(layout[key] as Plain);
  if (layout.scene) layout.scene = scene(layout.scene as Plain, ink);
  const data = figure.data.map((trace) =>
    (trace.textfont as Plain | undefined)?.color === INK
      ? { ...trace, textfont: { ...(trace.textfont as Plain), color: ink } }
      : { ...trace },
  );
  return dark ? { data: lighter(data) as Plain[], layout: lighter(layout) as Plain } : { data, layout };
}

function axis(given: Plain | undefined): Plain {
  return {
    gridcolor: GRID,
    zerolinecolor: ZERO,
    zerolinewidth: 1,
    automargin: true,
    ...given,
    ...(given?.title ? { title: { standoff: 10, ...(given.title as Plain) } } : {}),
  };
}

function scene(given: Plain, ink: string): Plain {
  const filled = { ...given };
  for (const key of ["xaxis", "yaxis", "zaxis"]) {
    filled[key] = { backgroundcolor: "rgba(0,0,0,0)", ...axis(given[key] as Plain | undefined), color: ink };
  }
  return filled;
}

/** Names at the ends of curves need room that a phone does not have: there they become a legend. */
function withLegend(layout: Plain): Plain {
  const annotations = (layout.annotations ?? []) as Plain[];
  const others = annotations.filter((annotation) => annotation.name !== "end-label");
  if (others.length === annotations.length) return layout;
  const { r: _, ...margin } = (layout.margin ?? {}) as Plain;
  return { ...layout, annotations: others, margin, showlegend: true };
}

function isTouch(): boolean {
  return matchMedia("(pointer: coarse)").matches;
}

/**
 * Calls back when the page changes between light and dark: by the system, our own switch, or JupyterLab's theme.
 * @returns what ends it
 */
export function followTheme(changed: () => void): () => void {
  const later = () => requestAnimationFrame(() => requestAnimationFrame(changed));
  const dark = matchMedia("(prefers-color-scheme: dark)");
  dark.addEventListener("change", later);
  const observer = new MutationObserver(later);
  const attributeFilter = ["data-theme", "data-jp-theme-light", "data-jp-theme-name"];
  observer.observe(document.documentElement, { attributes: true, attributeFilter });
  if (document.body) observer.observe(document.body, { attributes: true, attributeFilter });
  return () => {
    dark.removeEventListener("change", later);
    observer.disconnect();
  };
}
