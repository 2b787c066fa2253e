/*
 * Glassbox: a neural network with nothing hidden. The only entry point; everything here is written by hand and
 * imports nothing.
 */
export type { ActivationFunction } from "./activations/activation-function";
export * from "./activations/elu";
export * from "./activations/erf";
export * from "./activations/gelu";
export * from "./activations/gelu-tanh";
export { type ActivationKind, activationKind } from "./activations/kinds";
export * from "./activations/leaky-relu";
export * from "./activations/linear";
export * from "./activations/listing";
export { logSoftmax } from "./activations/log-softmax";
export * from "./activations/relu";
export * from "./activations/sigmoid";
export { softmax } from "./activations/softmax";
export * from "./activations/softplus";
export * from "./activations/step";
export * from "./activations/tanh";
export * from "./core/core";
export { InterruptedError } from "./core/interrupts";
export type {
  LayerClass,
  LayerContents,
  LayerEntry,
  LayerKind,
  Tensor as TwinTensor,
  TensorOperations,
  TwinTools,
  WriteInside,
} from "./core/kind";
export { kindOf } from "./core/kind";
export * from "./core/predict";
export * from "./datasets/circles";
export type { Dataset } from "./datasets/dataset";
export * from "./datasets/fraud";
export * from "./datasets/handwritten-digits";
export * from "./datasets/iris";
export * from "./datasets/loans";
export * from "./datasets/moons";
export * from "./datasets/noisy-sine";
export * from "./datasets/preparation";
export * from "./datasets/rings";
export * from "./datasets/spirals";
export * from "./datasets/xor";
export * from "./initializers/initializers";
export * from "./inspect/gradient-check";
export * from "./inspect/metrics";
export * from "./inspect/observe";
export * from "./inspect/recorder";
export { type LossTraceOptions, traceBackward } from "./inspect/trace/backward";
export { traceForward } from "./inspect/trace/forward";
export { type NeuronTraceOptions, traceNeuron } from "./inspect/trace/neuron";
export { traceStep } from "./inspect/trace/step";
export type { TraceOptions } from "./inspect/trace/walk";
export * from "./layers/index";
export { layerKinds } from "./layers/kinds";
export * from "./losses/binary-cross-entropy";
export * from "./losses/categorical-cross-entropy";
export * from "./losses/hinge";
export * from "./losses/huber";
export * from "./losses/mean-absolute-error";
export * from "./losses/mean-squared-error";
export type { AdamNumbers, AttentionOptions, Engine, ProductOptions } from "./numbers/engine";
export { DivergenceError, GlassboxError, ShapeError, StateError, ValueError } from "./numbers/errors";
export type { Floats } from "./numbers/floats";
export { formatExact, formatFixed, formatMatrix } from "./numbers/format";
export { Ids } from "./numbers/ids";
export { plain } from "./numbers/kernels/plain-engine";
export { type SimdEngineOptions, simd } from "./numbers/kernels/simd/simd";
export { Matrix } from "./numbers/matrix";
export { type Columns, columnsOf, Ragged } from "./numbers/ragged";
export { Random } from "./numbers/random";
export * from "./optimizers/ada-grad";
export { Adam, type AdamOptions } from "./optimizers/adam";
export * from "./optimizers/adam-w";
export * from "./optimizers/clipping";
export * from "./optimizers/gradient-descent";
export * from "./optimizers/momentum";
export * from "./optimizers/nesterov";
export * from "./optimizers/regularizers";
export * from "./optimizers/rms-prop";
export * from "./optimizers/schedules";
export * from "./serialization/serialization";
export * from "./text/byte-pairs";
export * from "./text/characters";
export * from "./text/counts";
export * from "./text/generate";
export { type DistributionOptions, distribution, type SampleOptions, sample } from "./text/sampling";
export * from "./text/windows";
export * from "./training/contract";
export { fit, training } from "./training/fit";
export * from "./training/learning-rate-finder";
export { Snapshot, type SnapshotOptions } from "./training/snapshot";
export {
  type Clipping,
  type StepOptions,
  type StepReport,
  trainingStep,
} from "./training/step";
