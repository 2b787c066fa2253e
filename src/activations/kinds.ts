/*
 * Which of the library's functions an activation is. It is told by identity: a function of the reader's own may have any
 * name, also one of ours, and is still its own.
 */
import type { ActivationFunction } from "./activation-function";

/** The library's activation functions. */
export type ActivationKind =
  | "elu"
  | "gelu"
  | "geluTanh"
  | "leakyRelu"
  | "linear"
  | "relu"
  | "sigmoid"
  | "softplus"
  | "step"
  | "tanh";

const kinds = new WeakMap<ActivationFunction, ActivationKind>();

/** Registers a function of the library's. @returns the same function */
export function ofKind(kind: ActivationKind, activation: ActivationFunction): ActivationFunction {
  kinds.set(activation, kind);
  return activation;
}

/** Which of the library's functions this is, with whatever setting; undefined for every other, whatever its name. */
export function activationKind(activation: ActivationFunction): ActivationKind | undefined {
  return kinds.get(activation);
}
