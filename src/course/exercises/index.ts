/** Every exercise of the course, one a file, by the notebook that asks it. */

// 2, why activation functions
export { checkAbsolute, type TwoReluNetwork } from "./absolute";
// 8, the complete picture
export { checkAccuracy } from "./accuracy";
// 6, optimization
export { checkAdamStep } from "./adam-step";

// 1, the artificial neuron
export { checkAndGate, type GateWeights } from "./and-gate";
export { checkBestPossible } from "./best-possible";
export { checkBitsPerCharacter } from "./bits-per-character";
// 17, what the heads learned
export { checkCacheSize } from "./cache-size";
// 13, attention by hand
export { checkCausalWeights } from "./causal-weights";
// 7, practical training
export { checkClipByNorm } from "./clip-by-norm";
// 4, loss functions
export { checkCrossEntropySlope } from "./cross-entropy-slope";
// 5, backpropagation
export { checkDenseBackward } from "./dense-backward";
export { checkDistance } from "./distance";
export { checkEmbeddingBackward } from "./embedding-backward";
// 3, stacking layers
export { checkFence, type FenceWeights } from "./fence";
// 14, the block
export { checkGptParameters } from "./gpt-parameters";
// 11, recurrence
export { checkGruStep } from "./gru-step";
export { checkHeScale } from "./he-scale";
export { checkHuber } from "./huber";
export { checkInvertedDropout } from "./inverted-dropout";
export { checkLargestRate } from "./largest-rate";
export { checkLayerNormBackward } from "./layer-norm-backward";
// the appendix
export { checkLayerShapes, type LayerShapes } from "./layer-shapes";
export { checkLeakyReluBackward } from "./leaky-relu-backward";
// 0, rules versus learning
export { checkLearnStep } from "./learn-step";
export { checkLstmBack } from "./lstm-back";
// 12, a memory that learns
export { checkLstmParameters } from "./lstm-parameters";
export { checkMomentumStep } from "./momentum-step";
export { checkMultiHead } from "./multi-head";
export { checkMultiplications } from "./multiplications";
export { checkNeuronBatch } from "./neuron-batch";
export { checkNextWindow } from "./next-window";
export { checkOtherLabel } from "./other-label";
export { checkOutputBlame } from "./output-blame";
export { checkParameterCount } from "./parameter-count";
export { checkRescale } from "./rescale";
export { checkResidualPaths } from "./residual-paths";
export { checkRmsNormBackward } from "./rms-norm-backward";
export { checkRotary } from "./rotary";
export { checkScoreSlopes } from "./score-slopes";
export { checkSmoothedPerplexity } from "./smoothed-perplexity";
export { checkSoftmax } from "./softmax";
export { checkStableSigmoid } from "./stable-sigmoid";
export { checkStackForward } from "./stack-forward";
export { checkStandardise } from "./standardise";
export { checkStateWeightSlopes } from "./state-weight-slopes";
export { checkSurpriseOfClass } from "./surprise-of-class";
export { checkSwiGlu } from "./swi-glu";
export { checkTanhBackward } from "./tanh-backward";
export { checkTemperature } from "./temperature";
export { checkTextCost } from "./text-cost";
export { checkTiedGradient } from "./tied-gradient";
export { checkTopK } from "./top-k";
export { checkTopP } from "./top-p";
// 10, text as numbers
export { checkTrigramCounts } from "./trigram-counts";
export { checkTurnedSpiral } from "./turned-spiral";
export { checkUnmovedTokens } from "./unmoved-tokens";
export { checkWarmCosine } from "./warm-cosine";
export { checkWholePerplexity } from "./whole-perplexity";
export { checkYearInPoints } from "./year-in-points";
