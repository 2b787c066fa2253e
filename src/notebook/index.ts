/** The notebook side of Glassbox: show text, tables, figures and progress in a cell, and check the reader's exercises. */

export * from "./comparison";
export * from "./exercises";
export type { FigureOptions } from "./figure";
export { figure, figureHtml, setup } from "./figure";
export * from "./figures/activation-curve";
export * from "./figures/bars";
export * from "./figures/categories";
export * from "./figures/classes";
export type * from "./figures/figure";
export * from "./figures/graph";
export * from "./figures/lines";
export * from "./figures/neuron-line";
export * from "./figures/waterfall";
export { hasScreen, recordOutputs } from "./kernel";
export { escapeHtml } from "./markup";
export { html, markdown, print } from "./output";
export * from "./palette";
export type { Progress } from "./progress";
export { progress } from "./progress";
export type { TraceRow } from "./rows";
export { fixed, rows } from "./rows";
export * from "./table";
