/*
 * Walks through a network one layer at a time and gives every matrix on the way the name it has in a formula: X goes
 * in; the first dense layer makes Z1 of it, with W1 and b1; its activation makes A1; and so on.
 */
import { askLayer, requireLayer } from "../../core/answers";
import type { Backward, Layer, Pass } from "../../core/core";
import { kindOf } from "../../core/kind";
import { Dense } from "../../layers/dense";
import { Sequential } from "../../layers/sequential";
import { StateError } from "../../numbers/errors";
import { type Matrix, requireFinite, requireMatrix } from "../../numbers/matrix";
import { type OptionTable, requireOptions, whole } from "../../numbers/options";
import { Observe } from "../observe";
import { Narrative } from "./narrative";

export interface TraceOptions {
  /** Decimals of every number; 4 when left out. */
  readonly digits?: number;
}

export const TRACE_OPTIONS: OptionTable<TraceOptions> = { digits: whole(0, 20) };

/** One layer on the way, with the names of what goes in and comes out. */
export interface Stage {
  readonly layer: Layer;
  /** Which number its letters carry: that of the last dense layer. */
  readonly number: number;
  /** "layer 1" where a dense layer begins, else "". */
  readonly section: string;
  readonly inputName: string;
  readonly outputName: string;
  readonly input: Matrix;
  readonly output: Matrix;
  readonly backward: Backward;
}

/** Runs the layers of a network one by one, nested sequences laid flat. */
export function walk(network: Layer, input: Matrix, pass: Pass): Stage[] {
  const stages: Stage[] = [];
  let number = 0;
  let current = { name: "X", value: input };
  for (const layer of flatten(network)) {
    if (layer instanceof Dense) number += 1;
    const [output, backward] = askLayer(layer, current.value, pass);
    const outputName = `${kindOf(layer)?.letter ?? "H"}${number}`;
    const section = layer instanceof Dense ? `layer ${number}` : "";
    stages.push({
      layer,
      number,
      section,
      inputName: current.name,
      outputName: outputName === current.name ? `${outputName}′` : outputName,
      input: current.value,
      output,
      backward,
    });
    current = { name: stages[stages.length - 1].outputName, value: output };
  }
  return stages;
}

/** Checks what every trace is given, and returns an empty narrative. */
export function beginTrace<Options extends TraceOptions>(
  owner: string,
  network: Layer,
  input: Matrix,
  options: Options,
  table: OptionTable<Options>,
): Narrative {
  requireLayer(owner, "a network", network);
  requireMatrix(owner, input, "the input as a Matrix");
  requireOptions(owner, options, table);
  requireFinite(owner, "the input", input);
  if (flatten(network).length === 0) {
    throw new StateError(`${owner}: expected at least one layer in "${network.name}", got none.`);
  }
  return new Narrative(options.digits ?? 4, input.columns === 1);
}

function flatten(network: Layer): Layer[] {
  if (network instanceof Sequential) return network.layers.flatMap(flatten);
  if (network instanceof Observe) return flatten(network.inner);
  return [network];
}
