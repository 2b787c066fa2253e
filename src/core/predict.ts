/*
 * A network that is asked, not taught.
 */
import { describe, ValueError } from "../numbers/errors";
import type { Matrix } from "../numbers/matrix";
import { Ragged } from "../numbers/ragged";
import { askLayer } from "./answers";
import type { Layer } from "./core";

/**
 * The output of a network for an input, in inference mode: (features × m) → (outputs × m), yours to keep. For sequences,
 * sequences.
 */
export function predict<In = Matrix, Out extends Matrix | Ragged<Matrix> = Matrix>(
  network: Layer<In, Out>,
  input: In,
): Out {
  if (typeof network?.forward !== "function" || !Array.isArray(network.parameters)) {
    throw new ValueError(`predict: expected a network, got ${describe(network)}.`);
  }
  const [output]: readonly [Matrix | Ragged<Matrix>, unknown] = askLayer(network, input);
  return (output instanceof Ragged ? output.with(output.columns.clone()) : output.clone()) as Out;
}
