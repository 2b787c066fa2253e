/*
 * A network that is asked, not taught.
 */
import { describe, ValueError } from "../numbers/errors";
import type { Matrix } from "../numbers/matrix";
import { askLayer } from "./answers";
import type { Layer } from "./core";

/** The output of a network for an input, in inference mode: (features × m) → (outputs × m), yours to keep. */
export function predict(network: Layer, input: Matrix): Matrix {
  if (typeof network?.forward !== "function" || !Array.isArray(network.parameters)) {
    throw new ValueError(`predict: expected a network, got ${describe(network)}.`);
  }
  return askLayer(network, input)[0].clone();
}
