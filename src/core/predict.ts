/*
 * A network that is asked, not taught.
 */
import type { Engine } from "../numbers/engine";
import { describe, ValueError } from "../numbers/errors";
import type { Matrix } from "../numbers/matrix";
import { anEngine, type OptionTable, requireOptions } from "../numbers/options";
import { Ragged } from "../numbers/ragged";
import { askLayer } from "./answers";
import type { Layer } from "./core";
import { always } from "./interrupts";
import { Pass } from "./pass";

export interface PredictOptions {
  /** What computes; plain loops when left out. The network and the input stay where they lie. */
  readonly engine?: Engine;
}

const OPTIONS: OptionTable<PredictOptions> = { engine: anEngine };

/**
 * The output of a network for an input, in inference mode: (features × m) → (outputs × m), in ordinary float64 memory, yours
 * to keep. For sequences, sequences.
 */
export function predict<In = Matrix, Out extends Matrix | Ragged<Matrix> = Matrix>(
  network: Layer<In, Out>,
  input: In,
  options: PredictOptions = {},
): Out {
  if (typeof network?.forward !== "function" || !Array.isArray(network.parameters)) {
    throw new ValueError(`predict: expected a network, got ${describe(network)}.`);
  }
  requireOptions("predict", options, OPTIONS);
  const answer = (pass?: Pass): Out => {
    const [output]: readonly [Matrix | Ragged<Matrix>, unknown] = askLayer(network, input, pass);
    return (output instanceof Ragged ? output.with(output.columns.clone()) : output.clone()) as Out;
  };
  if (options.engine === undefined) return answer();
  const pass = new Pass(options);
  return always(
    () => answer(pass),
    () => pass.free(),
  );
}
