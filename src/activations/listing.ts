import type { ActivationFunction } from "./activation-function";
import { elu } from "./elu";
import { gelu } from "./gelu";
import { geluTanh } from "./gelu-tanh";
import { leakyRelu } from "./leaky-relu";
import { linear } from "./linear";
import { relu } from "./relu";
import { sigmoid } from "./sigmoid";
import { softplus } from "./softplus";
import { step } from "./step";
import { tanh } from "./tanh";

/** Every element-wise activation of the library, in the order in which a course would meet them. */
export const activations: readonly ActivationFunction[] = [
  step,
  linear,
  sigmoid,
  tanh,
  relu,
  leakyRelu(),
  elu(),
  gelu,
  geluTanh,
  softplus,
];
