/*
 * Glassbox: a neural network with nothing hidden. The only entry point; everything here is written by hand and
 * imports nothing.
 */
export type { ActivationFunction } from "./activations/activation-function";
export { linear } from "./activations/linear";
export { relu } from "./activations/relu";
export { sigmoid } from "./activations/sigmoid";
export * from "./core";
export * from "./datasets/spirals";
export { DivergenceError, GlassboxError, ShapeError, StateError, ValueError } from "./errors";
export * from "./gradient-check";
export * from "./initializers";
export * from "./layers/activation";
export * from "./layers/dense";
export * from "./layers/sequential";
export * from "./losses";
export { Matrix } from "./matrix";
export * from "./metrics";
export * from "./optimizers/ada-grad";
export * from "./optimizers/adam";
export * from "./optimizers/adam-w";
export * from "./optimizers/clipping";
export * from "./optimizers/gradient-descent";
export * from "./optimizers/momentum";
export * from "./optimizers/nesterov";
export * from "./optimizers/rms-prop";
export { Random } from "./random";
export * from "./regularizers";
export * from "./schedules";
export * from "./training";
