/*
 * The referee's bench: TensorFlow.js beside our library, to compare values, gradients and whole training runs.
 * The library itself never imports this; nothing here is needed to train a network.
 */
export { mirrorActivation } from "./activations";
export * from "./backend";
export {
  agree,
  type CompareOptions,
  compareTensors,
  DisagreementError,
  FLOAT32,
  FLOAT32_ROUNDOFF,
  judge,
  makeReport,
  type Numbers,
  type Pair,
  type Report,
  type Row,
  type Tolerance,
} from "./compare";
export * from "./gradients";
export * from "./layers-model";
export { mirrorLoss, type TensorLoss } from "./losses";
export {
  type Mirror,
  type MirrorApplication,
  type MirrorGradients,
  type MirrorMode,
  type MirrorWeights,
  mirror,
} from "./mirror";
export { type MirrorOptimizer, type MirrorOptimizerOptions, mirrorOptimizer } from "./optimizers";
export * from "./tensors";
export * from "./training";
