/*
 * The list of layers: one line each, and with it everything is known. A layer's export, its saving and loading, its
 * letter in traces and its twin in TensorFlow.js all follow from its class's static `kind`; see docs/adding-a-layer.md.
 */
export { Activation } from "./activation";
export * from "./additive-attention";
export * from "./batch-norm";
export * from "./dense";
export * from "./dropout";
export * from "./embedding";
export * from "./gpt";
export * from "./gru";
export * from "./layer-norm";
export * from "./log-softmax";
export * from "./lstm";
export * from "./positions";
export * from "./recurrent";
export * from "./residual";
export * from "./rms-norm";
export * from "./self-attention";
export * from "./sequential";
export * from "./softmax";
export * from "./swiglu";
export * from "./tied-head";
export { TransformerBlock, type TransformerBlockOptions } from "./transformer-block";
