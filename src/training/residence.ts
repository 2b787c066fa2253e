/*
 * While a network learns on an engine, what it learns lies in the engine's memory: parameters, gradients, statistics,
 * and what the optimizer keeps beside them. Nothing is copied in a step; it is copied once on the way in, and once home.
 */
import type { AnyLayer, Optimizer } from "../core/core";
import type { Engine } from "../numbers/engine";

/** Moves all of it into the engine's memory; what is there already stays. */
export function moveIn(engine: Engine, network: AnyLayer): void {
  for (const { value, gradient } of network.parameters) {
    engine.adopt(value);
    engine.adopt(gradient);
  }
  for (const { value } of network.statistics ?? []) engine.adopt(value);
}

/** Moves all of it back into ordinary float64 memory. */
export function moveHome(engine: Engine, network: AnyLayer, optimizer: Optimizer): void {
  for (const parameter of network.parameters) {
    engine.release(parameter.value);
    engine.release(parameter.gradient);
    for (const matrix of optimizer.memoryOf?.(parameter) ?? []) engine.release(matrix);
  }
  for (const { value } of network.statistics ?? []) engine.release(value);
}
