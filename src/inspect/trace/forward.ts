/*
 * The way forward, told layer by layer: each formula with the shapes that make it possible, and every intermediate
 * number.
 */
import { activationKind } from "../../activations/kinds";
import { type Layer, Pass } from "../../core/core";
import { Activation } from "../../layers/activation";
import { Dense } from "../../layers/dense";
import { Dropout } from "../../layers/dropout";
import { Softmax } from "../../layers/softmax";
import type { Matrix } from "../../numbers/matrix";
import { count, type Narrative, shapeOf } from "./narrative";
import { beginTrace, type Stage, TRACE_OPTIONS, type TraceOptions, walk } from "./walk";

/**
 * A forward pass as text: W·X, the bias, Z and A of every layer, with shapes. A single example lies on one line; of
 * matrices with more than 8 rows or columns the first 8 are shown. The network is not changed.
 * @param input X, (features × m)
 */
export function traceForward(network: Layer, input: Matrix, options: TraceOptions = {}): string {
  const narrative = beginTrace("traceForward", network, input, options, TRACE_OPTIONS);
  narrateForward(narrative, walk(network, input, new Pass()));
  return narrative.toString();
}

/** Tells the way forward, from X to the prediction. */
export function narrateForward(narrative: Narrative, stages: readonly Stage[]): void {
  const first = stages[0];
  narrative.begin("input");
  narrative.row(first.inputName, first.input, describeInput(first.input));
  for (const stage of stages) {
    if (stage.section !== "") narrative.begin(stage.section);
    if (stage.layer instanceof Dense) narrateDense(narrative, stage, stage.layer);
    else narrateOther(narrative, stage);
  }
}

function narrateDense(narrative: Narrative, stage: Stage, layer: Dense): void {
  const { number: k, inputName, outputName, input, output } = stage;
  const W = layer.weights.value;
  const b = layer.bias.value;
  narrative.note(
    `${outputName} = W${k}·${inputName} + b${k}`,
    `${shapeOf(W)}·${shapeOf(input)} + ${shapeOf(b)} → ${shapeOf(output)}`,
  );
  narrative.row(`W${k}`, W);
  narrative.row(`W${k}·${inputName}`, W.times(input));
  narrative.row(`+ b${k}`, b);
  narrative.row(outputName, output);
}

function narrateOther(narrative: Narrative, stage: Stage): void {
  const { layer, inputName, outputName, output } = stage;
  const f = layer instanceof Activation ? layer.activation.name : layer.name;
  narrative.row(`${outputName} = ${f}(${inputName})`, output, remarkOn(stage));
}

/** What an activation did, in words, where there is something to say. */
function remarkOn({ layer, input, output }: Stage): string {
  if (layer instanceof Dropout) {
    const dropped = output.data.reduce((n, y, k) => n + (y === 0 && input.data[k] !== 0 ? 1 : 0), 0);
    return dropped === 0 ? "nothing was dropped" : `${count(dropped, "value")} of ${output.size} dropped`;
  }
  if (layer instanceof Softmax) return "one probability a class; each column sums to 1";
  if (!(layer instanceof Activation)) return "";
  switch (activationKind(layer.activation)) {
    case "relu": {
      const blocked = input.data.filter((z) => z < 0).length;
      if (blocked === 0) return "nothing was negative, so ReLU changed nothing";
      return blocked === input.size
        ? "everything was negative: no signal comes through"
        : `${blocked} of ${input.size} ${blocked === 1 ? "was" : "were"} negative, and ReLU made 0 of ${blocked === 1 ? "it" : "them"}`;
    }
    case "sigmoid":
      return "each squeezed into (0, 1): a probability";
    case "linear":
      return "the identity: nothing changes";
    default:
      return "";
  }
}

function describeInput({ rows, columns }: Matrix): string {
  return `${count(columns, "example")} of ${count(rows, "feature")}`;
}
